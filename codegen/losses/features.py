"""What per-feature steps, norms and functions of one value lose."""

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import REFERENCE, Known
from codegen.meanings.features import ELEMENTWISE


def scale_loss(node: ir.Scale, given: Known, unit: float, *, exact: bool) -> Floats:
    """Each step rounds its parameter (not in double) and its result.

    Of a centre in two numbers the second is what rounding the first has left.
    """
    value, e = given.value, given.bound
    own = 2 * unit
    subtract, divide, multiply, add = node.steps
    if subtract is not None:
        rounded = 0 if node.is_centre else unit * np.abs(subtract)
        value, e = value - subtract, e + rounded + unit * np.abs(value - subtract)
    if divide is not None:
        value, e = value / divide, e / np.abs(divide) + own * np.abs(value / divide)
    if multiply is not None:
        value, e = value * multiply, e * np.abs(multiply) + own * np.abs(value * multiply)
    if add is not None:
        value, e = value + add, e + unit * np.abs(add) + unit * np.abs(value + add)
    return np.where(given.bound == 0, 0, e) if exact else e


def impute_loss(node: ir.Impute, given: Known, value: Floats, unit: float) -> Floats:
    """What is filled in is rounded; x may be on the other side of an end of what is missing."""
    x, e = given.value, given.bound
    near = np.minimum(np.abs(x - node.low), np.abs(x - node.high)) <= e
    kept = (value == x) | np.isnan(value)
    return np.where((e > 0) & near, np.inf, np.where(kept, e, unit * np.abs(value)))


def normalize_loss(node: ir.Normalize, given: Known, value: Floats, unit: float) -> Floats:
    """Errors of the values, and of the norm that divides them."""
    x, e = given.value, given.bound
    size = np.where(value != 0, np.abs(x / np.where(value == 0, 1, value)), np.inf)
    norm: Floats = np.min(size, axis=1, keepdims=True)
    of_norm: dict[str, Floats] = {
        "l1": e.sum(axis=1),
        "l2": np.linalg.norm(e, axis=1),
        "max": e.max(axis=1),
    }
    return (e + np.abs(value) * of_norm[node.norm][:, None]) / norm + (
        node.size + 6
    ) * unit * np.abs(value)


def share_loss(node: ir.Normalize, given: Known, value: Floats, unit: float) -> Floats:
    """Errors of the values, and of the sum that divides them; zeros that are sure stay zeros."""
    e = given.bound
    total = np.abs(given.value.sum(axis=1, keepdims=True))
    moved = e + value * e.sum(axis=1, keepdims=True)
    sure = (total == 0) & (e.sum(axis=1, keepdims=True) == 0)
    return np.where(sure, 0, moved / total) + (node.size + 2) * unit * value


def function_loss(function: str, given: Known, value: Floats) -> Floats:  # noqa: PLR0911 a case each
    """How much an error of the argument moves the value; of a fraction, around the circle."""
    x, e = given.value, given.bound
    match function:
        case "cos":
            return np.minimum(e * (np.sqrt(np.maximum(1 - value * value, 0)) + e / 2), 2)
        case "exp":
            return value * np.expm1(e)
        case "log":
            return np.where(e < x, -np.log1p(-np.minimum(e / x, 1)), np.inf)
        case "log_count":
            return np.where((x == 0) & (e == 0), 0, function_loss("log", given, value))
        case "expm1":
            return (value + 1) * np.expm1(e)
        case "log1p":
            return np.where(e < 1 + x, -np.log1p(-np.minimum(e / (1 + x), 1)), np.inf)
        case "ndtri":
            # the reference may have reckoned with 1 - x
            reach, quantile = e + 2 * REFERENCE, ELEMENTWISE["ndtri"]
            return np.maximum(quantile(x + reach) - value, value - quantile(x - reach))
        case "sqrt":
            return np.where(value * value > e, e / value, np.sqrt(e))
        case "logistic":
            return np.minimum(e / 4, value * (1 - value) * np.expm1(e) + e * e)
        case _:
            return e
