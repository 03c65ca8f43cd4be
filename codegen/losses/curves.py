"""What curves through points and weighted medians lose."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import Known
from codegen.meanings.curves import weighted_median
from codegen.plan.curves import whole_shares


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
    risen = np.abs(np.diff(node.values))
    steps = np.zeros_like(risen)
    if node.steps is not None:
        steps[node.steps], risen[node.steps] = risen[node.steps], 0.0
    moved = walked(node.knots, risen, x, reach) + walked(node.knots, steps, x, e)
    beside = np.abs(node.values[above]) + np.abs(node.values[above - min(1, last)])
    own = moved + 6 * unit * beside
    if not node.nan_outside:
        return own
    ends = np.minimum(np.abs(x - node.knots[0]), np.abs(x - node.knots[-1]))
    inside = np.isfinite(value)
    return np.where((e > 0) & (ends <= e), np.inf, np.where(inside, own, 0))


def walked(knots: Floats, risen: Floats, x: Floats, reach: Floats) -> Floats:
    """How much goes up and down between x - reach and x + reach, of what does from knot to knot."""
    so_far = np.concatenate([[0.0], np.cumsum(risen)])
    before, after = (np.interp(to, knots, so_far) for to in (x - reach, x + reach))
    return np.asarray(np.where(reach > 0, after - before, 0))


def median_loss(node: ir.WeightedMedian, given: Known, value: Floats) -> Floats:
    """The largest error of the values, and how far weights in whole numbers lead elsewhere.

    A median of moved values has moved no further than the furthest of them.
    """
    whole = replace(node, weights=whole_shares(node.weights).astype(np.float64))
    apart = np.abs(weighted_median(whole, given.value) - value)
    return np.asarray(given.bound.max(axis=1, keepdims=True) + apart)
