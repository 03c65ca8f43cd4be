"""Missing values from the nearest rows that have them, in numpy."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def gap_distance(x: Floats, rows: Floats) -> Floats:
    """Means of squared differences over the columns that both have; NaN where there is none."""
    squares = [(x - row) ** 2 for row in rows]
    return np.stack([mean_of_known(square) for square in squares], axis=1)


def mean_of_known(values: Floats) -> Floats:
    """The mean of what is not NaN of each row."""
    known = ~np.isnan(values)
    return np.asarray(np.where(known, values, 0).sum(axis=1) / known.sum(axis=1))


def donor_weights(node: ir.Donate, distance: Floats) -> Floats:
    """What each of the nearest counts, together 1; 0 at a distance of NaN."""
    known = ~np.isnan(distance)
    if node.weighted:
        zero = distance == 0
        plain = known / np.sqrt(np.where(known & ~zero, distance, 1.0))
        weight = np.where(zero.any(axis=1, keepdims=True), zero, plain)
    else:
        weight = known.astype(np.float64)
    return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300))


def donated(node: ir.Donate, x: Floats) -> Floats:
    """x without NaN."""
    y, distance = x.copy(), gap_distance(x, node.rows)
    for j, column in enumerate(node.rows.T):
        wanting, donors = np.flatnonzero(np.isnan(x[:, j])), np.flatnonzero(~np.isnan(column))
        near = distance[np.ix_(wanting, donors)]
        order = np.argsort(near, axis=1, kind="stable")[:, : node.count]
        weight = donor_weights(node, np.take_along_axis(near, order, axis=1))
        mean = (weight * column[donors][order]).sum(axis=1)
        y[wanting, j] = np.where((weight > 0).any(axis=1), mean, node.none[j])
    return y
