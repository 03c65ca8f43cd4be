"""What single nodes lose: the errors of values, and rules that bounds are carried by."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from codegen import ir
from codegen.evaluate import meaning, signs
from codegen.ir import Floats
from codegen.plan.program import Dtype
from codegen.plan.quadratic import half_squares, moved
from codegen.plan.quadratic import lost as lost_in_squares
from codegen.plan.trees import leaves_of, votes_exactly

UNIT = {"float32": 2.0**-24, "float64": 2.0**-53}
LEAST = {2.0**-24: 2.0**-148, 2.0**-53: 2.0**-1073}
COEFFICIENT = {"float32": 2.0**-31, "float64": 2.0**-53}
REFERENCE = 2.0**-53
FAR_OFF = 2.0**-8
SINGLE_UNDERFLOW = 2.0**-125
ULPS = {"exp": 2, "log": 2, "logistic": 4, "relu": 0, "sqrt": 1, "tanh": 4}


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Values of a node (n_rows, size) and the bounds of their errors."""

    value: Floats
    bound: Floats


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


def tree_loss(node: ir.TreeEnsemble, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """Exact inputs take the exact path; then only leaf values in fixed point are rounded.

    Sums that the estimator rounds to float32 at each step are off by as much as they are here.
    """
    e = given.bound
    own: Floats = np.zeros_like(value)
    if dtype == "float32":
        step = leaves_of(node).error * (node.n_summed + 1) / node.divisor
        own = own + step + 3 * UNIT[dtype] * np.abs(value)
    if dtype == "float32" and node.single:
        exact = replace(node, single=False)
        own = own + np.abs(meaning(exact, [given.value]) - value)
    used = np.unique(node.feature)
    sure = (e[:, used] == 0).all(axis=1) if used.size else np.ones(len(e), bool)
    return np.asarray(np.where(sure[:, None], own, np.inf))


def vote_loss(forest: ir.TreeEnsemble, blur: float, given: Known, dtype: Dtype) -> Floats:
    """Votes are counted exactly; where they are not, as any other largest value."""
    if dtype == "float32" and votes_exactly(forest):
        return np.any(np.isinf(given.bound), axis=1)[:, None].astype(np.float64)
    return rivals(given.value, given.bound + blur / 2)


def rivals(x: Floats, e: Floats) -> Floats:
    """1 where another value could be the largest within the bounds, else 0."""
    rows = np.arange(len(x))
    best = x.argmax(axis=1)
    other = x + e
    other[rows, best] = -np.inf
    floor = x[rows, best] - e[rows, best]
    unsure = (other.max(axis=1) >= floor) & (e.max(axis=1) > 0)
    return unsure[:, None].astype(np.float64)


def open_pairs(node: ir.Pairwise, given: Known) -> Floats:
    """How many votes of each class hang on pair values within their bounds."""
    is_open = (np.abs(given.value) <= given.bound) & (given.bound > 0)
    return is_open.astype(np.float64) @ np.abs(signs(node.n_classes)).astype(np.float64)
