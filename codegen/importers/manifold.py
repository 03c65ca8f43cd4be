"""Embeddings: maps for a row that they have not seen, where there is one."""

from math import fsum

import numpy as np

from codegen.exact import product
from codegen.importers.attributes import floats, refuse, transformer
from codegen.importers.fitted_rows import BY_NETWORK, fitted_rows
from codegen.importers.kernels import centred_components
from codegen.importers.neighbors import POWER_OF, neighbors, power_of
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Barycentre,
    Distance,
    Geodesic,
    Kernel,
    NeighborMean,
    Neighbors,
    Node,
    Normalize,
    Outputs,
    require,
)
from codegen.load import Record

MANIFOLD = "sklearn.manifold."
LEAST_RIDGE = 1e-10
MDS_RULE = (
    "scikit-learn has no transform here. The rule is Gower's: the place of x in the fitted axes, a "
    "linear map for Euclidean distances. It gives the rows that the model was fitted on their "
    "fitted positions."
)
PLACE_RULE = (
    "scikit-learn has no transform here. The rule: the fitted position of the nearest row that the "
    "model was fitted on. It gives these rows their own; of equal rows all get that of the first."
)
NYSTROM_RULE = (
    "scikit-learn has no transform here. The rule is Nystroem's: the mean of the fitted positions, "
    "weighted by the kernel, over the eigenvalue. Rows that the model was fitted on are moved: a "
    "row counts for itself here, and does not in the fit."
)


@importer(MANIFOLD + "ClassicalMDS")
def classical_mds(est: Record, x: Node) -> Outputs:
    """y = E^T (row . x - mean of row . row) / eigenvalue: of Euclidean distances a linear map."""
    if est.metric != "euclidean" or est.metric_params:
        raise refuse(est, "this metric", "fit with metric='euclidean'")
    rows = fitted_rows(est, "embedding_", BY_NETWORK)
    position, value = floats(est.embedding_), floats(est.eigenvalues_)
    require(value.shape == position.shape[1:], "an eigenvalue for each dimension")
    if not (value > 1e-9 * value.max()).all():
        raise refuse(est, "a dimension without extent", "lower n_components")
    mean = rows.mean(axis=0)
    weight = product((position / value).T, rows - mean)
    bias = -product(weight, mean[:, None])[:, 0]
    return Outputs("transformer", {"transform": Affine(x, weight, bias)}, rule=MDS_RULE)


@importer(MANIFOLD + "Isomap")
def isomap(est: Record, x: Node) -> Outputs:
    """The components of -G^2 / 2, G the shortest ways to the rows of the fit over neighbours."""
    length, known = floats(est.dist_matrix_), est.nbrs_
    near = Distance(x, floats(known._fit_X), power_of(known), streamed=True)
    require(length.shape == (near.size, near.size), "the length of a way for each pair of rows")
    apart = np.abs(length - length.T).max(initial=0)
    require(apart <= 1e-9 * length.max(initial=0) and not length.diagonal().any(), "ways back")
    lengths = length[np.tril_indices(near.size, -1)]
    if est.n_neighbors is None:
        reach = float(known.radius) ** (2 if near.power == 2 else 1)
        ways = Geodesic(near, lengths, reach=reach)
    else:
        ways = Geodesic(near, lengths, by=Neighbors(near, int(known.n_neighbors)))
    weight, bias, sizes = centred_components(est.kernel_pca_)
    sizes[:, :-1] *= 0.5
    return transformer(Affine(ways, -0.5 * weight, bias, multiplied=sizes))


@importer(MANIFOLD + "LocallyLinearEmbedding")
def locally_linear_embedding(est: Record, x: Node) -> Outputs:
    """The mean of the neighbours' positions, by the weights that make x of the neighbours."""
    known, reg = est.nbrs_, float(est.reg)
    if not reg >= LEAST_RIDGE:
        raise refuse(est, f"reg={reg}", "fit with a reg above 1e-10, or the weights are not sure")
    near = neighbors(known, x, int(est.n_neighbors))
    rows, position = floats(known._fit_X), floats(est.embedding_)
    return transformer(Barycentre(x, near, rows, position, reg))


@importer(MANIFOLD + "MDS")
def mds(est: Record, x: Node) -> Outputs:
    """The position of the row of the fit that is nearest in the metric of the fit."""
    metric = est.get("_metric", est.get("dissimilarity"))
    if not isinstance(metric, str) or metric not in POWER_OF or est.get("metric_params"):
        advice = "fit with metric 'euclidean', 'manhattan' or 'chebyshev', without metric_params"
        raise refuse(est, "this metric", advice)
    rows = fitted_rows(est, "embedding_", BY_NETWORK)
    nearest = Neighbors(Distance(x, rows, POWER_OF[metric], streamed=True), 1)
    place = NeighborMean(nearest, floats(est.embedding_))
    return Outputs("transformer", {"transform": place}, rule=PLACE_RULE)


@importer(MANIFOLD + "SpectralEmbedding")
def spectral_embedding(est: Record, x: Node) -> Outputs:
    """sum of k(x, row) E / sum of k(x, row), over mu = e.A e / e.D e, A without its diagonal."""
    if est.affinity != "rbf":
        advice = "fit with affinity='rbf', or MLPRegressor on the rows and embedding_"
        raise refuse(est, f"affinity={est.affinity!r}", advice)
    rows = fitted_rows(est, "embedding_", BY_NETWORK)
    position, affinity = floats(est.embedding_), floats(est.affinity_matrix_)
    require(affinity.shape == (len(rows), len(rows)), "an affinity for each pair of rows")
    np.fill_diagonal(affinity, 0)
    pairs = zip(position.T, product(affinity, position).T, strict=True)
    degree = affinity.sum(axis=1)
    value = np.array([fsum(e * a) / fsum(e * degree * e) for e, a in pairs])
    if not (np.abs(value) > 1e-6).all():
        raise refuse(est, "an eigenvalue of 1 of the Laplacian", "lower n_components")
    near = Normalize(Kernel(x, rows, "rbf", float(est.gamma_), 0.0, 0), "sum")
    y = Affine(near, (position / value).T.copy(), np.zeros(len(value)))
    return Outputs("transformer", {"transform": y}, rule=NYSTROM_RULE)
