"""What curves through points and weighted medians lose."""

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import Known
from codegen.plan.curves import LEAST_WEIGHT


def interpolate_loss(node: ir.Interpolate, given: Known, value: Floats, unit: float) -> Floats:
    """How much the curve goes up and down within reach, and the rounding of a step on a line.

    An argument is as far off as it was before, and as the rounding of the knots beside it makes
    it. Behind inexact values NaN beyond the ends is known only away from the ends.
    """
    x, e = given.value, given.bound
    last = node.knots.size - 1
    above = np.clip(np.searchsorted(node.knots, x, side="right"), min(1, last), last)
    near = np.maximum(np.abs(node.knots[above]), np.abs(node.knots[above - min(1, last)]))
    reach = e + 2 * unit * near
    walked = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(node.values)))])
    moved = np.interp(x + reach, node.knots, walked) - np.interp(x - reach, node.knots, walked)
    beside = np.abs(node.values[above]) + np.abs(node.values[above - min(1, last)])
    own = moved + 6 * unit * beside
    if not node.nan_outside:
        return own
    ends = np.minimum(np.abs(x - node.knots[0]), np.abs(x - node.knots[-1]))
    inside = np.isfinite(value)
    return np.where((e > 0) & (ends <= e), np.inf, np.where(inside, own, 0))


def median_loss(node: ir.WeightedMedian, given: Known, value: Floats) -> Floats:
    """The largest error of the values; and where weights are half to the last digits, a neighbour.

    A median of moved values has moved no further than the furthest of them.
    """
    x, e = given.value, given.bound
    slack = 2 * (node.weights.size + 1) * LEAST_WEIGHT
    order = np.argsort(x, axis=1)
    share = np.cumsum(node.weights[order], axis=1) / node.weights.sum()
    ordered = np.take_along_axis(x, order, axis=1)
    rows = np.arange(len(x))
    low = ordered[rows, (share >= 0.5 - slack).argmax(axis=1)]
    high = ordered[rows, (share >= 0.5 + slack).argmax(axis=1)]
    apart = np.maximum(np.abs(low - value[:, 0]), np.abs(high - value[:, 0]))
    return np.asarray((e.max(axis=1) + apart)[:, None])
