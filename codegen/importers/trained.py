"""What this package's own trainers fit."""

import numpy as np

from codegen.importers.attributes import floats, transformer
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Clip,
    Distance,
    Elementwise,
    Lookup,
    NeighborMean,
    Neighbors,
    Node,
    Outputs,
    Scale,
    Softmax,
    require,
)
from codegen.load import Record

FARTHEST = 80.0


@importer("codegen.trainers.DiffusionMap")
def diffusion_map(est: Record, x: Node) -> Outputs:
    """sum of k(x, row) position / sum of k(x, row), over the nearest rows: Nystroem's rule."""
    rows, position = floats(est.X_fit_), floats(est.positions_)
    gamma, count = float(est.gamma_), int(est.n_neighbors_)
    require(position.ndim == 2 and len(position) == len(rows), "a position for each row")
    if count == len(rows):
        square = Scale(Distance(x, rows), multiply=np.full(count, -gamma))
        weight = position.T.copy()
        return transformer(Affine(Softmax(square), weight, np.zeros(len(weight))))
    distance = Distance(x, rows, streamed=True)
    nearest = Neighbors(distance, count)
    return transformer(NeighborMean(nearest, position, by=inverse(nearest, distance, gamma)))


def inverse(nearest: Neighbors, distance: Distance, gamma: float) -> Node:
    """k(x, nearest row) / k(x, row): a mean is weighted by 1 / this."""
    farther = gamma * np.eye(nearest.size)
    farther[:, 0] -= gamma
    far = Affine(Lookup(nearest, by=distance), farther, np.zeros(nearest.size))
    return Elementwise(Clip(far, 0.0, FARTHEST), "exp")
