"""What is not sure of a set of neighbours, and what that costs the means over them."""

import numpy as np

from codegen import ir
from codegen.ir import Floats, Ints
from codegen.losses.common import Known
from codegen.meanings.neighbors import chosen, is_square, smallest, weights, weights_within


def neighbors_loss(node: ir.Neighbors, given: Known, value: Floats) -> Floats:
    """1 for each index that another may stand in for, within the bounds of the values, else 0."""
    if node.ordered:
        return place_loss(given, value)
    if node.count == node.x.size:
        return np.zeros_like(value)
    low, high = given.value - given.bound, given.value + given.bound
    outside = low.copy()
    np.put_along_axis(outside, value.astype(np.int64), np.inf, axis=1)
    first = outside.min(axis=1, keepdims=True)
    unsure = (chosen(high, value) >= first) & (given.bound.max(axis=1, keepdims=True) > 0)
    return unsure.astype(np.float64)


def place_loss(given: Known, value: Floats) -> Floats:
    """1 for each place in the order that another index may take, within the bounds, else 0."""
    order = smallest(given.value, given.value.shape[1])
    low, high = (chosen(given.value + side * given.bound, order) for side in (-1, 1))
    before = np.maximum.accumulate(high, axis=1)[:, :-1]
    after = np.minimum.accumulate(low[:, ::-1], axis=1)[:, -2::-1]
    unsure = np.zeros(order.shape, np.bool_)
    unsure[:, 1:] |= before >= low[:, 1:]
    unsure[:, :-1] |= after <= high[:, :-1]
    return unsure[:, : value.shape[1]].astype(np.float64)


def chosen_loss(node: ir.Lookup, given: list[Known], value: Floats) -> Floats:
    """Where the index is not sure the value may be any of them.

    The i-th of the least lies between the i-th of the least bounds on either side.
    """
    index, (d, e) = given[0], (given[1].value, given[1].bound)
    if isinstance(node.x, ir.Neighbors) and node.x.x is node.by:
        low, high = (np.sort(side, axis=1)[:, : value.shape[1]] for side in (d - e, d + e))
    else:
        sure = index.bound == 0
        low = np.where(sure, value, (d - e).min(axis=1, keepdims=True))
        high = np.where(sure, value, (d + e).max(axis=1, keepdims=True))
    return np.maximum(chosen(e, index.value), np.maximum(value - low, high - value))


def lookup_loss(table: Ints | Floats, given: Known, value: Floats, unit: float) -> Floats:
    """Another index gives another entry; real entries are rounded."""
    if table.dtype.kind == "i":
        return given.bound
    unsure = np.where(given.bound > 0, np.ptp(table), 0)
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


def radius_mean_loss(node: ir.RadiusMean, given: Known, value: Floats, unit: float) -> Floats:
    """Where a distance lies on the reach within its bound, the mean may be that of other rows.

    Where then no row may be left, a mean that would be NaN has no bound.
    """
    d, e = given.value, given.bound
    cut = node.reach
    unsure = (np.abs(d - cut) <= e + 2 * unit * cut) & (e > 0)
    none = ~((d <= cut) & ~unsure).any(axis=1, keepdims=True)
    span = np.ptp(node.table, axis=0)
    size = np.abs(node.table).max(axis=0)
    if node.none is None:
        other = np.where(none, np.inf, span)
    else:
        other = np.where(none, size + np.abs(node.none), span)
    terms = (d <= cut).sum(axis=1, keepdims=True)
    own = np.where(is_whole(node) and not node.weighted, 0, (2 * terms + 8) * unit * size)
    if node.weighted:
        own = own + off_weights(node, given) * span
    jumps = np.where(unsure.any(axis=1, keepdims=True), other, 0)
    rounded = own + 2 * unit * np.abs(np.nan_to_num(value))
    return np.asarray(jumps + np.where(np.isnan(value), 0, rounded))


def off_weights(node: ir.RadiusMean, given: Known) -> Floats:
    """By which share of the whole the weights 1 / distance may be off."""
    d, e = given.value, given.bound
    weight = weights_within(node, d)
    share = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
    half = 0.5 if is_square(node.x) else 1.0
    off = np.where(e < d, half * e / np.maximum(d - e, 1e-300), np.inf)
    at_zero = ((d <= e) & (d <= node.reach)).any(axis=1, keepdims=True)
    lost = np.sum(np.where(share > 0, share * off, 0), axis=1, keepdims=True)
    return np.where(at_zero | ~(lost < 0.5), 1.0, 2 * lost)


def is_whole(node: ir.NeighborMean | ir.RadiusMean) -> bool:
    """Whether the rows hold whole numbers whose sums are exact."""
    table = node.table
    return bool((table == np.floor(table)).all() and np.abs(table).max() * node.x.size < 1 << 24)


def votes_loss(node: ir.NeighborMean | ir.RadiusMean, given: Known, unit: float) -> Floats:
    """Bounds of means that are only compared: equal counts stay equal when they are divided."""
    rounding = 4 * unit * np.abs(given.value)
    plain = node.by is None if isinstance(node, ir.NeighborMean) else not node.weighted
    exact = (given.bound <= rounding) & plain & is_whole(node)
    return np.where(exact, 0, given.bound)
