"""Neighbours and means over them in numpy."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def chosen(values: Floats, index: Floats) -> Floats:
    """Of each row the values at its indices."""
    return np.take_along_axis(values, index.astype(np.int64), axis=1)


def weights(distance: Floats) -> Floats:
    """1 / distance; where some are 0, 1 for these and 0 for the others. They sum to 1."""
    zero = distance == 0
    plain = 1 / np.where(zero, 1.0, distance)
    weight = np.where(zero.any(axis=1, keepdims=True), zero, plain)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def neighbor_mean(node: ir.NeighborMean, given: list[Floats]) -> Floats:
    """Means of the rows that the indices name."""
    rows = node.table[given[0].astype(np.int64)]
    if node.by is None:
        return np.asarray(rows.mean(axis=1))
    return np.asarray((rows * weights(given[1])[:, :, None]).sum(axis=1))
