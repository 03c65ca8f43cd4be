"""Curves through points, and medians, in numpy."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def interpolate(node: ir.Interpolate, x: Floats) -> Floats:
    """Straight lines through the points, rounded as numpy's interp rounds them, and the ends."""
    knots, values = node.knots, node.values
    high = np.clip(np.searchsorted(knots, x, side="right"), min(1, knots.size - 1), knots.size - 1)
    low = np.maximum(high - 1, 0)
    width = knots[high] - knots[low]
    slope = (values[high] - values[low]) / np.where(width == 0, 1, width)
    y = slope * (x - knots[low]) + values[low]
    below, above = (np.nan, np.nan) if node.nan_outside else (values[0], values[-1])
    y = np.where((x == knots[low]) & (knots[low - 1] == x) & (low > 0), values[low - 1], y)
    y = np.where(x < knots[0], below, np.where(x > knots[-1], above, y))
    return np.where(x == knots[0], values[0], np.where(x == knots[-1], values[-1], y))


def weighted_median(node: ir.WeightedMedian, x: Floats) -> Floats:
    """The first value in order at which the running sum of weights is half of the whole."""
    order = np.argsort(x, axis=1)
    running = np.cumsum(node.weights[order], axis=1)
    first = (running >= 0.5 * running[:, -1:]).argmax(axis=1)[:, None]
    return np.take_along_axis(x, np.take_along_axis(order, first, axis=1), axis=1)
