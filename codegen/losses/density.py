"""What log densities and the probabilities made from them lose."""

import numpy as np
from scipy.special import logsumexp

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import FAR_OFF, REFERENCE, UNIT, Known
from codegen.plan.program import Dtype
from codegen.plan.quadratic import half_squares, moved
from codegen.plan.quadratic import lost as lost_in_squares


def quadratic_loss(node: ir.Quadratic, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """What the sums of squares lose, in C and in the reference; the largest may be another."""
    x, e = given.value, given.bound
    half = half_squares(node, x)
    size = half + np.abs(node.constant)
    sides = [2 * REFERENCE * (np.abs(x) + np.abs(c)) for c in node.centre]
    fuzz = np.max(sides, axis=0)
    own = moved(node, x, e + fuzz) + (x.shape[1] + 6) * 2 * REFERENCE * size
    if dtype == "float32":
        own = own + lost_in_squares(node, x, e)
    up = (value + own).max(axis=1, keepdims=True)
    best = np.take_along_axis(own, value.argmax(axis=1)[:, None], axis=1)
    return own + np.maximum(up, best) + UNIT[dtype] * np.abs(value)


def softmax_loss(given: Known, value: Floats) -> Floats:
    """Errors of the exponents, and of the sum they are divided by.

    A class far below the others may be off by much without moving any probability.
    """
    x, e = given.value, given.bound
    plain = value * np.expm1(e + e.max(axis=1, keepdims=True))
    total = logsumexp(x, axis=1, keepdims=True)
    up = logsumexp(x + e, axis=1, keepdims=True) - total
    down = total - logsumexp(x - e, axis=1, keepdims=True)
    most = np.exp(np.minimum(x + e - total + np.maximum(up, down), 0))
    close = e.max(axis=1, keepdims=True) < FAR_OFF
    return np.where(close | ~np.isfinite(e), plain, most - value)


def log_sum_loss(given: Known, value: Floats, unit: float) -> Floats:
    """A mean of the errors with the shares as weights, or what moving all terms one way makes."""
    x, e = given.value, given.bound
    up = logsumexp(x + e, axis=1, keepdims=True) - value
    down = value - logsumexp(x - e, axis=1, keepdims=True)
    largest = np.abs(x.max(axis=1, keepdims=True))
    own = unit * (2 * np.abs(value) + 4 * largest + 2 * x.shape[1] + 8)
    return np.asarray(np.maximum(up, down) + own)
