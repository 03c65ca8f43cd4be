"""What is not sure of a set of neighbours, and what that costs the means over them."""

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import Known
from codegen.meanings.neighbors import chosen, weights


def neighbors_loss(node: ir.Neighbors, given: Known, value: Floats) -> Floats:
    """1 for each neighbour that another point may stand in for, within the bounds, else 0."""
    if node.count == node.x.size:
        return np.zeros_like(value)
    low, high = given.value - given.bound, given.value + given.bound
    outside = low.copy()
    np.put_along_axis(outside, value.astype(np.int64), np.inf, axis=1)
    first = outside.min(axis=1, keepdims=True)
    return (chosen(high, value) >= first).astype(np.float64)


def lookup_loss(node: ir.Lookup, given: Known, value: Floats, unit: float) -> Floats:
    """Another index gives another entry; real entries are rounded."""
    if node.is_index:
        return given.bound
    unsure = np.where(given.bound > 0, np.ptp(node.table), 0)
    return np.asarray(unsure + unit * np.abs(value))


def neighbor_mean_loss(
    node: ir.NeighborMean, given: list[Known], value: Floats, unit: float
) -> Floats:
    """Unsure rows may be any others, weights are off by the errors of distances, sums round."""
    unsure = given[0].bound > 0
    rows = node.table[given[0].value.astype(np.int64)]
    span = np.ptp(node.table, axis=0)
    size = np.abs(rows).max(axis=1) + np.where(np.any(unsure, axis=1, keepdims=True), span, 0)
    if node.by is None:
        own = 0 if is_whole(node) else (node.x.size + 3) * unit * size
        return np.asarray(
            np.mean(unsure, axis=1, keepdims=True) * span + own + 2 * unit * np.abs(value)
        )
    d, e = given[1].value, given[1].bound
    weight: Floats = weights(d)
    off = np.where(e < d, e / np.maximum(d - e, 1e-300), np.inf)
    off = np.where((off < 1) & ~unsure, off, np.inf)
    lost = np.sum(np.where(weight > 0, weight * off, 0), axis=1, keepdims=True)
    moved = np.where(lost < 0.5, 2 * lost, 1) * span
    return np.asarray(moved + (2 * node.x.size + 8) * unit * size)


def is_whole(node: ir.NeighborMean) -> bool:
    """Whether the rows hold whole numbers whose sums are exact."""
    table = node.table
    return bool((table == np.floor(table)).all() and np.abs(table).max() * node.x.size < 1 << 24)


def votes_loss(node: ir.NeighborMean, given: Known, unit: float) -> Floats:
    """Bounds of means that are only compared: equal counts stay equal when they are divided."""
    rounding = 4 * unit * np.abs(given.value)
    exact = (given.bound <= rounding) & (node.by is None) & is_whole(node)
    return np.where(exact, 0, given.bound)
