"""Per-feature steps in numpy: scaling, missing values, norms, functions of one value."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from codegen import ir
from codegen.ir import Floats, Ints


def relu(x: Floats) -> Floats:
    """The positive part; NaN stays NaN."""
    return np.maximum(x, 0.0)


def softsign(x: Floats) -> Floats:
    """x / (|x| + 1): between -1 and 1."""
    return x / (np.abs(x) + 1)


def log_count(x: Floats) -> Floats:
    """log x; -1 for a count of 0."""
    return np.where(x == 0, -1.0, np.log(x))


def fraction(x: Floats) -> Floats:
    """How far x is above the whole number below it."""
    return np.asarray(x - np.floor(x))


def is_nan(x: Floats) -> Floats:
    """1 where x is NaN, else 0."""
    return np.isnan(x).astype(np.float64)


ELEMENTWISE = {
    "cos": np.cos,
    "exp": np.exp,
    "expm1": np.expm1,
    "fraction": fraction,
    "is_nan": is_nan,
    "log": np.log,
    "log_count": log_count,
    "log1p": np.log1p,
    "logistic": expit,
    "ndtri": ndtri,
    "relu": relu,
    "softsign": softsign,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
}


def scale(node: ir.Scale, x: Floats) -> Floats:
    """The steps of a Scale, each rounded by itself."""
    if node.subtract is not None:
        x = x - node.subtract
    if node.divide is not None:
        x = x / node.divide
    if node.multiply is not None:
        x = x * node.multiply
    return x if node.add is None else x + node.add


def monomials(x: Floats, powers: Ints) -> Floats:
    """Products of powers of the columns (n_rows, n_out), column by column to save memory."""
    y = np.ones((len(x), len(powers)))
    for column, power in zip(x.T, powers.T, strict=True):
        used = power > 0
        y[:, used] *= column[:, None] ** power[used]
    return y


def is_missing(node: ir.Impute, x: Floats) -> NDArray[np.bool_]:
    """Where x is NaN, or among the numbers that an imputer fills."""
    return np.isnan(x) if node.fills_nan else (x >= node.low) & (x <= node.high)


def nonzero(x: Floats) -> Floats:
    """x with 1 in the place of 0, to divide by."""
    return np.where(x == 0, 1.0, x)


def norm(name: str, x: Floats) -> Floats:
    """The norm of each row, (n_rows, 1)."""
    order = {"l1": 1, "l2": 2, "max": np.inf}[name]
    return np.asarray(np.linalg.norm(x, ord=order, axis=1, keepdims=True))


def one_hot(node: ir.OneHot, x: Floats) -> Floats:
    """Indicators of every column of indices, side by side."""
    columns = zip(x.T, node.counts.tolist(), strict=True)
    return np.hstack([(column[:, None] == np.arange(n)) * 1.0 for column, n in columns])
