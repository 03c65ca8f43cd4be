"""Curves through points, and medians, in numpy."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def interpolate(node: ir.Interpolate, x: Floats) -> Floats:
    """Straight lines through the points, and what is said beyond them."""
    y = np.interp(x, node.knots, node.values)
    if not node.nan_outside:
        return y
    return np.where((x >= node.knots[0]) & (x <= node.knots[-1]), y, np.nan)


def weighted_median(node: ir.WeightedMedian, x: Floats) -> Floats:
    """The first value in order at which the running sum of weights is half of the whole."""
    order = np.argsort(x, axis=1)
    running = np.cumsum(node.weights[order], axis=1)
    first = (running >= 0.5 * running[:, -1:]).argmax(axis=1)[:, None]
    return np.take_along_axis(x, np.take_along_axis(order, first, axis=1), axis=1)
