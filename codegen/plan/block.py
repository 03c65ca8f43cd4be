"""Linear maps whose columns share one exponent: a row is then a plain sum of integer products.

y_i = sum over j of W_ij x_j, the constant b being the column of x = 1. Column j is scaled by the
largest of its coefficients: W_ij = 2^power_j u_ij with |u_ij| <= 1, and v_j = 2^power_j x_j. The
C rounds u to weight_bits and v, together, to value_bits behind the largest |v|; products and sums
are exact. With V = max |v_j| and n columns the error of a row before its last rounding is at most

    2^-value_bits V sum_j |u_ij|  +  2^-(weight_bits + 1) sum_j |v_j|
    <= n V (2^-value_bits + 2^-(weight_bits + 1)).

Some row l has |u_lk| >= 1/2 in the column k of the largest v, so V <= 2 T with
T = max over rows l of sum_j |W_lj x_j|, and with value_bits >= 26, weight_bits >= 25 the error is
below n 2^-24 T: what a float32 sum of the row with the largest terms may lose. With one row that
is the row itself; with several it is said only of values that are compared with one another.
(Where b is below 2^-94 of the largest coefficient, V counts it as that large: zeros need it.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Affine, Floats, Kernel

SUM_BITS = 62
MOST_BITS = 30
LEAST_BITS = 26
LEAST_POWER, MOST_POWER = -128, 127
FLOAT_BIAS = 157
MOST_ABOVE_ONE = 94


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """weight (n_out, n_in + 1) int32 and power (n_in + 1,) int8; the last column is b."""

    weight: NDArray[np.int32]
    power: NDArray[np.int8]
    weight_bits: int
    value_bits: int

    @property
    def spare(self) -> int:
        """How many of 31 bits a scaled column leaves free."""
        return 31 - self.value_bits

    @property
    def scale(self) -> int:
        """The power of two of a sum, but for the exponent found at run time."""
        return -FLOAT_BIAS - self.weight_bits

    @property
    def size(self) -> Floats:
        """|u|: the sizes of the coefficients beside the largest of their column."""
        return np.ldexp(np.abs(self.weight).astype(np.float64), -self.weight_bits)

    @property
    def value(self) -> Floats:
        """The coefficients that the whole numbers stand for."""
        power = self.power.astype(np.int64) - self.weight_bits
        return np.ldexp(self.weight.astype(np.float64), power)


def bits_for(n_columns: int) -> tuple[int, int]:
    """(weight bits, value bits): sums of n_columns products stay within 62 bits and a sign.

    The weights get the odd bit: all of them are rounded, values only where they are small.
    """
    both = SUM_BITS - int(np.ceil(np.log2(n_columns)))
    weight_bits = min(MOST_BITS, both // 2 + 1, both - LEAST_BITS)
    return weight_bits, min(MOST_BITS, both - weight_bits)


def is_block(node: Affine) -> bool:
    """Whether one exponent for all columns keeps the outputs as close as float32 sums are."""
    return (node.compared or node.size == 1) and fits(joined(node.weight, node.bias))


def fits(both: Floats) -> bool:
    """Whether the bits suffice, and the powers of the columns are those of floats."""
    powers = np.frexp(both)[1]
    return min(bits_for(both.shape[1])) >= LEAST_BITS and bool((powers < MOST_POWER).all())


def joined(weight: Floats, bias: Floats) -> Floats:
    """Coefficients and constants as one table (n_out, n_in + 1)."""
    return np.hstack([weight, bias[:, None]])


def block(weight: Floats, bias: Floats) -> Block:
    """The nearest whole numbers; those of a rounded map are the same numbers again."""
    both = joined(weight, bias)
    weight_bits, value_bits = bits_for(both.shape[1])
    for _ in range(2):  # rounding may carry the largest of a column to the next power of two
        largest = np.abs(both).max(axis=0)
        power = np.where(largest > 0, np.frexp(largest)[1], LEAST_POWER).astype(np.int64)
        power = np.maximum(power, LEAST_POWER)
        power[-1] = max(power[-1], power.max() - MOST_ABOVE_ONE)
        whole = np.rint(np.ldexp(both, weight_bits - power))
        both = np.ldexp(whole, power - weight_bits)
    return Block(whole.astype(np.int32), power.astype(np.int8), weight_bits, value_bits)


def base_of(kernel: Kernel) -> Affine | None:
    """gamma x.v + coef0 for every vector v, of a polynomial or sigmoid kernel.

    Its values are summed with one another, so they count as compared.
    """
    if kernel.function not in ("poly", "sigmoid"):
        return None
    constants = np.full(kernel.size, kernel.coef0)
    return Affine(kernel.x, kernel.gamma * kernel.vectors, constants, compared=True)


def dotted(kernel: Kernel) -> Block | None:
    """gamma x.v + coef0 in whole numbers, where these are close enough."""
    base = base_of(kernel)
    return block(base.weight, base.bias) if base is not None and is_block(base) else None


def lost(node: Affine, x: Floats, e: Floats) -> Floats:
    """The bound above for each row of x (n_rows, n_in) that is within e of the true values.

    Columns within 2^(value_bits - 24) of the largest keep all bits of a float, if x is sure.
    """
    form = block(node.weight, node.bias)
    ones = np.ones((len(x), 1))
    v = np.hstack([np.abs(x) + e, ones]) * np.ldexp(1.0, form.power.astype(np.int64))
    exponent = np.where(v > 0, np.frexp(v)[1], -1100)
    top = exponent.max(axis=1, keepdims=True)
    unsure = np.hstack([e > 0, ones < 0])
    rounded = (v > 0) & ((top - exponent > form.value_bits - 24) | unsure)
    half = np.ldexp(0.5, (top - form.value_bits).astype(np.int64))
    used = (form.weight != 0).astype(np.float64)
    of_weights = 2.0 ** -(form.weight_bits + 1) * (v @ used.T)
    of_values = half * (rounded.astype(np.float64) @ form.size.T)
    return np.asarray(of_values + of_weights)
