"""Neighbours and means over them in numpy."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def smallest(values: Floats, count: int) -> Floats:
    """Of each row the indices of its least values, NaN before all numbers as in np.argmin."""
    order = np.argsort(np.where(np.isnan(values), -np.inf, values), axis=1, kind="stable")
    return order[:, :count].astype(np.float64)


def chosen(values: Floats, index: Floats) -> Floats:
    """Of each row the values at its indices."""
    return np.take_along_axis(values, index.astype(np.int64), axis=1)


def weights(distance: Floats) -> Floats:
    """1 / distance; where some are 0, 1 for these and 0 for the others. They sum to 1."""
    zero = distance == 0
    plain = 1 / np.where(zero, 1.0, distance)
    weight = np.where(zero.any(axis=1, keepdims=True), zero, plain)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def weights_within(node: ir.RadiusMean, distance: Floats) -> Floats:
    """The weight of every row of the table: 0 beyond the reach, else 1 or 1 / distance."""
    near = distance <= np.float64(node.reach)
    if not node.weighted:
        return near.astype(np.float64)
    length = np.sqrt(distance) if is_square(node.x) else distance
    zero = (length == 0) & near
    plain = near / np.where(length == 0, 1.0, length)
    return np.where(zero.any(axis=1, keepdims=True), zero, plain)


def is_square(distance: ir.Node) -> bool:
    """Whether distances are squares."""
    return isinstance(distance, ir.Distance) and distance.power == 2


def radius_mean(node: ir.RadiusMean, distance: Floats) -> Floats:
    """Means of the rows within the reach."""
    weight = weights_within(node, distance)
    total = weight.sum(axis=1, keepdims=True)
    none = np.nan if node.none is None else node.none
    return np.where(total == 0, none, weight @ node.table / np.where(total == 0, 1.0, total))


def neighbor_mean(node: ir.NeighborMean, given: list[Floats]) -> Floats:
    """Means of the rows that the indices name."""
    rows = node.table[given[0].astype(np.int64)]
    if node.by is None:
        return np.asarray(rows.mean(axis=1))
    return np.asarray((rows * weights(given[1])[:, :, None]).sum(axis=1))
