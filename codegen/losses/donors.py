"""What is not sure of the nearest rows that have a value, and what that costs their mean."""

import numpy as np

from codegen import ir
from codegen.ir import Bools, Floats
from codegen.losses.common import REFERENCE, Known
from codegen.meanings.donors import donor_weights, gap_distance, mean_of_known


def donate_loss(node: ir.Donate, given: Known, value: Floats, unit: float) -> Floats:
    """Column by column, for the rows that want it; without a donor the constant is rounded."""
    x = given.value
    distance, off = gap_distance(x, node.rows), gap_loss(node, given, unit)
    lost = given.bound.copy()
    for j, column in enumerate(node.rows.T):
        wanting, donors = np.flatnonzero(np.isnan(x[:, j])), np.flatnonzero(~np.isnan(column))
        here = np.ix_(wanting, donors)
        near = Known(distance[here], off[here])
        lost[wanting, j] = mean_loss(node, near, column[donors], unit)
        lost[wanting, j] += 4 * unit * np.abs(value[wanting, j])
    unsure = (np.isnan(x) & (given.bound > 0)).any(axis=1, keepdims=True)
    return np.where(unsure, np.inf, lost)


def gap_loss(node: ir.Donate, given: Known, unit: float) -> Floats:
    """What the distances lose; the reference expands the squares over all columns of either row."""
    x, e = given.value, given.bound
    by_errors = []
    for row in node.rows:
        o = e + unit * np.abs(row)
        by_errors.append(mean_of_known(2 * np.abs(x - row) * o + o * o))
    terms = x.shape[1] + 6
    common = np.stack([(~np.isnan(x - row)).sum(axis=1) for row in node.rows], axis=1)
    squares = np.nansum(x**2, axis=1)[:, None] + np.nansum(node.rows**2, axis=1)
    expanded = 4 * terms * REFERENCE * squares / np.maximum(common, 1)
    return np.stack(by_errors, axis=1) + terms * unit * gap_distance(x, node.rows) + expanded


def mean_loss(node: ir.Donate, near: Known, column: Floats, unit: float) -> Floats:
    """Donors that are not sure may be others that are as near, weights are off by the distances."""
    order = np.argsort(near.value, axis=1, kind="stable")
    least, others = order[:, : node.count], order[:, node.count :]
    low = np.where(np.isnan(near.value), np.inf, near.value - near.bound)
    first = np.take_along_axis(low, others, axis=1).min(axis=1, initial=np.inf, keepdims=True)
    d, e = (np.take_along_axis(part, least, axis=1) for part in (near.value, near.bound))
    weight = donor_weights(node, d)
    lost = np.where((d + e >= first) & (weight > 0), 1.0, 0.0)
    if node.weighted:
        several = (~np.isnan(d)).sum(axis=1, keepdims=True) > 1
        off = np.where(e < d, e / np.maximum(d - e, 1e-300), np.inf) * several
        lost = np.where(lost > 0, np.inf, off)
    share = np.sum(np.where(weight > 0, weight * lost, 0), axis=1)
    moved = np.where(share < 0.5, share, 1) if node.weighted else share
    within = low <= np.nan_to_num(d + e, nan=-1.0).max(axis=1, initial=-1, keepdims=True)
    size = np.max(np.abs(column), initial=0.0)
    return np.asarray(moved * span(within, column) + (2 * node.count + 8) * unit * size)


def span(within: Bools, column: Floats) -> Floats:
    """How far the values of the donors within reach lie apart, for each row."""
    most = np.where(within, column, -np.inf).max(axis=1, initial=-np.inf)
    least = np.where(within, column, np.inf).min(axis=1, initial=np.inf)
    return np.maximum(most - least, 0.0)
