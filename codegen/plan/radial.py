"""Sums over a radial kernel in whole numbers: distances, exponentials and sums without floats.

x and the vectors v are rounded to a common unit 2^unit. |q|^2 + |v|^2 - 2 v.q is then exactly the
sum of squared differences of the rounded numbers, near and far alike: nothing cancels in whole
numbers. The unit is the finest for which the largest distance that counts fits 63 bits: an x that
is farther from every vector than `reach`, where the kernel is 2^-31, gives 0 for all of them.

Each difference is within 2^unit of the true one, so with s = gamma |x - v|^2 and n columns the
kernel k = e^-s moves by at most 2 k sqrt(s gamma n) 2^unit <= 0.86 sqrt(gamma n) 2^unit to first
order. A float32 sum of squares may lose (n + 3) 2^-24 k s <= 0.37 (n + 3) 2^-24. `radial` declines
where the first is not the smaller; k itself is then within 2^-25 of its size and 2^-29.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Affine, Floats, Kernel, PairwiseAffine

KERNEL_BITS = 30
FACTOR_BITS = 30
SUM_BITS = 62
MOST_BITS = 30
FLOAT_BIAS = 157
MOST_SUM_OF_BYTES = 65535
OWN_ERROR = (2.0**-25, 2.0**-29)


@dataclass(frozen=True, slots=True, eq=False)
class Radial:
    """vectors (n_vectors, n_in), whole numbers in units of 2^(unit + coarse), and their squares.

    bits: |x| < 2^(unit + bits). (d2 >> shift) factor / 2^32 is 2^26 gamma d2 / ln 2.
    """

    vectors: NDArray[np.integer[Any]]
    squares: NDArray[np.int64]
    unit: int
    coarse: int
    bits: int
    shift: int
    factor: np.uint32

    @property
    def spare(self) -> int:
        """How many of 31 bits a value leaves free."""
        return 31 - self.bits

    @property
    def top(self) -> int:
        """The unit as cg_fixed_f32 takes it."""
        return self.unit + FLOAT_BIAS

    @property
    def value(self) -> Floats:
        """The vectors that the whole numbers stand for."""
        return np.ldexp(self.vectors.astype(np.float64), self.unit + self.coarse)


def radial(node: Kernel) -> Radial | None:
    """The kernel in whole numbers, where that is closer than float32 can be."""
    if node.function != "rbf" or node.gamma <= 0:
        return None
    n_in = node.vectors.shape[1]
    reach = np.sqrt((KERNEL_BITS + 1) * np.log(2) / node.gamma)
    largest = (float(np.abs(node.vectors).max()) + reach) * (1 + 2.0**-20)
    bits = min(MOST_BITS, (SUM_BITS - 1 - int(np.ceil(np.log2(n_in)))) // 2)
    unit = int(np.ceil(np.log2(largest))) - bits
    own = 0.86 * np.sqrt(node.gamma * n_in) * np.ldexp(1.0, unit)
    if not own <= 0.37 * (n_in + 3) * 2.0**-24 or not -100 <= unit <= 90:
        return None
    small = bytes_of(node.vectors)
    coarse, whole = (
        (small[0] - unit, small[1])
        if small is not None and small[0] >= unit
        else (0, np.rint(np.ldexp(node.vectors, -unit)).astype(np.int32))
    )
    squares = (whole.astype(np.int64) ** 2).sum(axis=1)
    return Radial(whole, squares, unit, coarse, bits, *slope(node.gamma, unit))


def bytes_of(vectors: Floats) -> tuple[int, NDArray[np.uint8]] | None:
    """(power, whole) with vectors = whole 2^power exactly, in bytes; None if there is none."""
    largest = float(vectors.max())
    if largest <= 0 or vectors.min() < 0:
        return None
    power = int(np.frexp(largest)[1]) - 8
    scaled = np.ldexp(vectors, -power)
    if (scaled != np.floor(scaled)).any():
        return None
    while (np.ldexp(scaled, -1) == np.floor(np.ldexp(scaled, -1))).all():
        scaled, power = np.ldexp(scaled, -1), power + 1
    return (power, scaled.astype(np.uint8)) if scaled.sum(1).max() <= MOST_SUM_OF_BYTES else None


def slope(gamma: float, unit: int) -> tuple[int, np.uint32]:
    """(shift, factor): 2^26 gamma / ln 2 in units of 2^(2 unit) is factor 2^-(32 + shift)."""
    mantissa, exponent = np.frexp(gamma / np.log(2))
    factor = np.rint(np.ldexp(mantissa, 32))
    shift = -(int(exponent) + 2 * unit + 26)
    if factor == 2.0**32:
        factor, shift = 2.0**31, shift - 1
    return shift, np.uint32(factor)


@dataclass(frozen=True, slots=True, eq=False)
class Duals:
    """Coefficients of a kernel in units of 2^unit, and constants in units of 2^(unit - 30)."""

    weight: NDArray[np.int32]
    bias: NDArray[np.int64]
    unit: int

    @property
    def values(self) -> tuple[Floats, Floats]:
        """Weights and constants that the whole numbers stand for."""
        bias = np.ldexp(self.bias.astype(np.float64), self.unit - KERNEL_BITS)
        return np.ldexp(self.weight.astype(np.float64), self.unit), bias


def duals(node: Affine | PairwiseAffine) -> Duals:
    """The finest unit in which a coefficient fits 31 bits and no sum leaves 63."""
    weight = node.weight if isinstance(node, Affine) else node.dual
    most = np.abs(weight).sum(axis=1).max() * (1 if isinstance(node, Affine) else 2)
    total = np.log2((most + np.abs(node.bias).max()) * (1 + 2.0**-20) + 2.0**-100)
    one = np.log2(np.abs(weight).max() * (1 + 2.0**-20) + 2.0**-100)
    unit = max(int(np.ceil(total)) - (SUM_BITS - KERNEL_BITS), int(np.ceil(one)) - FACTOR_BITS)
    bias = np.rint(np.ldexp(node.bias, KERNEL_BITS - unit)).astype(np.int64)
    return Duals(np.rint(np.ldexp(weight, -unit)).astype(np.int32), bias, unit)


def over_radial(node: Affine | PairwiseAffine) -> Radial | None:
    """The kernel under a sum, where it is taken in whole numbers."""
    return radial(node.x) if isinstance(node.x, Kernel) else None


def lost(node: Kernel, x: Floats, e: Floats, value: Floats) -> Floats | None:
    """The bound of the kernel's error for x (n_rows, n_in) that is within e of the true values."""
    form = radial(node)
    if form is None:
        return None
    off = e + np.ldexp(1.0, form.unit)
    moved = np.stack([(2 * np.abs(x - v) * off + off**2).sum(axis=1) for v in node.vectors], axis=1)
    expanded = (x**2).sum(axis=1)[:, None] + (node.vectors**2).sum(axis=1)
    reference = 4 * (x.shape[1] + 3) * 2.0**-53 * expanded
    of_size, absolute = OWN_ERROR
    moved_value = value * np.expm1(node.gamma * (moved + reference))
    return np.asarray(moved_value + of_size * value + absolute)


def lost_in_sums(node: Affine | PairwiseAffine, weight: Floats, x: Floats) -> Floats:
    """The error that rounding coefficients makes in sums weight @ x + bias, x kernel values."""
    half = np.ldexp(0.5, duals(node).unit)
    return np.asarray(half * (np.abs(x) @ (weight != 0).T + 2.0**-KERNEL_BITS))
