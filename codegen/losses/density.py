"""What log densities and the probabilities made from them lose."""

import numpy as np
from scipy.special import logsumexp

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import FAR_OFF, LEAST, REFERENCE, UNIT, Known
from codegen.meanings.vectors import SHARES
from codegen.plan.program import Dtype
from codegen.plan.quadratic import CONSTANT, RELATIVE, Gaussians, units


def weighted_loss(
    centres: Floats, weight: Floats, given: Known, value: Floats, dtype: Dtype
) -> Floats:
    """What sums of weighted squares lose: the differences, in C and in the reference, the sums."""
    x = given.value
    sides = [2 * REFERENCE * (np.abs(x) + np.abs(c)) for c in centres]
    e = given.bound + np.max(sides, axis=0)
    relative = sum_unit(x.shape[1])
    if dtype == "float32":
        e, relative = e + np.ldexp(1.0, units(centres, weight)), relative + RELATIVE
    both = zip(centres, weight, strict=True)
    moved = np.stack([(2 * e * np.abs(x - c) + e * e) @ w for c, w in both], axis=1)
    return np.asarray(moved + relative * value)


def densities_loss(node: Gaussians, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """Half of what the squares lose, and the constant; in float a difference from the largest."""
    own = given.bound / 2 + sum_unit(node.distance.x.size) * np.abs(node.constant)
    below = value.max(axis=1, keepdims=True) - value
    return np.asarray(own + CONSTANT * (dtype == "float32") + UNIT[dtype] * below)


def sum_unit(terms: int) -> float:
    """What a sum of squares, and the constant beside it, lose in double of their size."""
    return (terms + 6) * 2 * REFERENCE


def softmax_loss(given: Known, value: Floats, unit: float) -> Floats:
    """Errors of the exponents, and of the sum they are divided by; then those of its own steps.

    A class far below the others may be off by much without moving any probability. The reference
    may subtract the logarithm of the sum, which rounds where the values are large.
    """
    x, e = given.value, given.bound
    top = x.max(axis=1, keepdims=True)
    steps = unit * (x.shape[1] + 8 + top - x) + 2 * REFERENCE * (np.abs(x) + np.abs(top))
    own = steps * value + 2 * LEAST[unit]
    plain = value * np.expm1(e + e.max(axis=1, keepdims=True))
    total = logsumexp(x, axis=1, keepdims=True)
    up = logsumexp(x + e, axis=1, keepdims=True) - total
    down = total - logsumexp(x - e, axis=1, keepdims=True)
    moved = np.maximum(up, down)
    most = np.exp(np.minimum(x + e - total + moved, 0))
    least = np.exp(x - e - total - moved)
    close = e.max(axis=1, keepdims=True) < FAR_OFF
    far = np.maximum(most - value, value - least)
    return np.where(close | ~np.isfinite(e), plain, far) + own


def logistic_mean_loss(given: Known, value: Floats, unit: float) -> Floats:
    """A slope of 1/4 in the mean and 1/20 in the variance; large shares that cancel, in double."""
    mean, variance = given.bound[:, :1], given.bound[:, 1:]
    own = 16 * REFERENCE * np.abs(SHARES).sum()
    return 0.252 * mean + 0.05 * variance + own + unit * np.abs(value)


def log_sum_exp_loss(node: ir.LogSumExp, given: Known, value: Floats, unit: float) -> Floats:
    """Errors of the exponents, weighted as the sum weights them; a logarithm and an addition.

    An exponent far below the largest one is rounded by more, but counts for less: the losses of n
    exponents are below n / e units. What is lost in the estimator's sum counts as part of it.
    """
    x, e = given.value, given.bound
    up = logsumexp(x + e, axis=1, keepdims=True) - value
    down = value - logsumexp(x - e, axis=1, keepdims=True)
    reference = -np.log1p(-np.minimum(np.exp(node.rounding - value), 1))
    return np.maximum(up, down) + reference + unit * (x.shape[1] + 12 + 2 * np.abs(value))
