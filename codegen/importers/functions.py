"""Functions of numpy and scipy as expressions of one value after the other."""

from collections.abc import Callable

import numpy as np

from codegen.ir import Distance, Elementwise, Floats, Impute, Monomials, Node, Scale

LEAST = float(np.finfo(np.float64).smallest_subnormal)
MOST = float(np.finfo(np.float64).max)


def absolute(x: Node) -> Node:
    """x, or -x where that is positive."""
    return either(not_negative(x), times(x, -1.0))


def not_negative(x: Node) -> Node:
    """x, with NaN in the place of what is below 0."""
    return without(x, -MOST, -LEAST)


def without(x: Node, low: float, high: float) -> Node:
    """x, with NaN in the place of the numbers from low to high: they stand for a missing value."""
    return Impute(x, low, high, np.full(x.size, np.nan))


def with_holes(x: Node, missing: float) -> Node:
    """x, with NaN in the place of the missing value, if that is a number."""
    return x if np.isnan(missing) else without(x, missing, missing)


def filled(x: Node, missing: float, fill: Floats) -> Node:
    """x, with fill[i] where x[i] is the missing value: NaN, or a number."""
    return Impute(x, missing, missing, fill)


def log_densities(x: Node, mean: Floats, precision: Floats, constant: Floats) -> Node:
    """constant - sum of precision (x - mean)^2 / 2: logarithms of diagonal Gaussians.

    mean, precision (n_out, n_in); constant (n_out,).
    """
    squares = Distance(x, mean, weight=precision)
    return Scale(squares, multiply=np.full(len(constant), -0.5), add=constant)


def either(x: Node, other: Node) -> Node:
    """x, and the other where x is NaN."""
    return Impute(x, np.nan, np.nan, np.zeros(x.size), by=other)


def times(x: Node, factor: float) -> Node:
    """Every value times a number."""
    return Scale(x, multiply=np.full(x.size, factor))


FUNCTIONS: dict[str, Callable[[Node], Node]] = {
    "numpy.absolute": absolute,
    "numpy.exp": lambda x: Elementwise(x, "exp"),
    "numpy.expm1": lambda x: Elementwise(x, "expm1"),
    "numpy.exp2": lambda x: Elementwise(times(x, float(np.log(2.0))), "exp"),
    "numpy.log": lambda x: Elementwise(x, "log"),
    "numpy.log1p": lambda x: Elementwise(x, "log1p"),
    "numpy.negative": lambda x: times(x, -1.0),
    "numpy.square": lambda x: Monomials(x, 2 * np.eye(x.size, dtype=np.int64)),
    "numpy.sqrt": lambda x: Elementwise(x, "sqrt"),
    "numpy.tanh": lambda x: Elementwise(x, "tanh"),
    "scipy.special.expit": lambda x: Elementwise(x, "logistic"),
}
"""What a transformer of columns or of a target may call, by the name that its file holds."""
