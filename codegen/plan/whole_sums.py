"""Linear maps of a declared input: sums of whole numbers times coefficients that share an exponent.

W_ij = 2^power_i w_ij, b_i = 2^power_i c_i with whole w below 2^31 and c below 2^62; values that are
only compared share one power. Products with x and their sums are exact, so a row is off by at most

    2^(power - 1) (1 + sum over j with w_ij != 0 of |x_j|)

before its last rounding. Of 8-bit numbers that is below n 2^-23 of what one count of the column
with the largest coefficient makes. 16-bit columns may be of very different sizes, with coefficients
that undo it: there the sums are taken only where the error is below n 2^-24 T, whatever x, with
T = |b_i| + sum_j |W_ij x_j| of the row (of the largest row, where values are compared). Let u_j be
the size of the coefficient of column j and v that of the constant (the largest ones, where values
are compared), and |x_j| <= m: T >= u_j |x_j| and T >= v >= v |x_j| / m, so that
2^(power - 1) sum over j of min(1 / u_j, m / v) <= n 2^-24 is enough.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codegen.declared import span
from codegen.ir import Affine, Floats, Ints
from codegen.plan.whole import is_byte, whole_columns

WEIGHT_BITS, BIAS_BITS = 31, 61
LEAST_POWER = -160
MOST_COLUMNS = 1 << 14
UNIT = 2.0**-24


@dataclass(frozen=True, slots=True, eq=False)
class WholeSums:
    """weight (n_out, n_in) int32, bias (n_out,) int64, and the power of two of each row."""

    weight: NDArray[np.int32]
    bias: Ints
    power: Ints

    @property
    def values(self) -> tuple[Floats, Floats]:
        """The coefficients and constants that the whole numbers stand for."""
        weight = np.ldexp(self.weight.astype(np.float64), self.power[:, None])
        return weight, np.ldexp(self.bias.astype(np.float64), self.power)


def whole_sums(node: Affine) -> WholeSums:
    """The nearest whole numbers; those of a rounded map are the same numbers again."""
    weight, bias = node.weight, node.bias
    for _ in range(2):  # rounding may carry the largest to the next power of two
        form = rounded(weight, bias, one_power=node.compared)
        weight, bias = form.values
    return form


def rounded(weight: Floats, bias: Floats, *, one_power: bool) -> WholeSums:
    """The nearest whole numbers under the exponents of these coefficients."""
    of_weights = exponent(np.abs(weight).max(axis=1)) - WEIGHT_BITS
    power = np.maximum(of_weights, exponent(np.abs(bias)) - BIAS_BITS)
    power = np.maximum(np.full_like(power, power.max()) if one_power else power, LEAST_POWER)
    whole = np.rint(np.ldexp(weight, -power[:, None]))
    carried = np.abs(whole).max(axis=1) >= 2.0**WEIGHT_BITS
    power = power + (carried.any() if one_power else carried)
    whole = np.rint(np.ldexp(weight, -power[:, None]))
    constants = np.rint(np.ldexp(bias, -power))
    return WholeSums(whole.astype(np.int32), constants.astype(np.int64), power)


def exponent(size: Floats) -> Ints:
    """The least power of two above each; very small for 0."""
    return np.where(size > 0, np.frexp(size)[1], -2000).astype(np.int64)


def close_enough(node: Affine) -> bool:
    """Whether a linear map of a declared input, or of a selection of it, is summed like this."""
    source = whole_columns(node.x)
    if source is None or node.x.size > MOST_COLUMNS:
        return False
    if is_byte(source):
        return True
    size, constant = np.abs(node.weight), np.abs(node.bias)[:, None]
    if node.compared:
        size, constant = size.max(axis=0, keepdims=True), constant.max(axis=0, keepdims=True)
    most = float(max(abs(end) for end in span(source.declared)))
    with np.errstate(over="ignore", divide="ignore"):
        parts = np.minimum(1 / size, most / constant)
        parts = np.ldexp(np.where(size > 0, parts, 0), whole_sums(node).power[:, None] - 1)
    return bool((parts.sum(axis=1) <= node.x.size * UNIT).all())


def lost(node: Affine, x: Floats) -> Floats:
    """The bound above for each row of x (n_rows, n_in)."""
    form = whole_sums(node)
    used = (form.weight != 0).astype(np.float64)
    return np.asarray(np.ldexp(1 + np.abs(x) @ used.T, form.power - 1))
