"""Coefficients of a linear map as whole numbers: weight * 2^power, 31 bits each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codegen.errors import UnsupportedModel
from codegen.ir import Floats

LEAST_POWER = -128
MOST_POWER = 127
WEIGHT_BITS = 31


@dataclass(frozen=True, slots=True, eq=False)
class Coefficients:
    """weight (n_out, n_in + 1) int32 and power, of the same shape, int8; the last column is b."""

    weight: NDArray[np.int32]
    power: NDArray[np.int8]

    @property
    def spare(self) -> int:
        """By how many bits products are shortened so that a row of them fits 63 bits."""
        return spare_bits(self.weight.shape[1])

    @property
    def value(self) -> Floats:
        """What the whole numbers stand for."""
        return np.ldexp(self.weight.astype(np.float64), self.power.astype(np.int64))


def spare_bits(terms: int) -> int:
    """By how many bits products of 55 bits are shortened so that so many fit 63 bits."""
    return max(0, int(np.ceil(np.log2(terms / 255))))


def coefficients(weight: Floats, bias: Floats) -> Coefficients:
    """The nearest whole numbers: within 2^-31 of each coefficient, or 2^-129 if it is tiny."""
    both = np.hstack([weight, bias[:, None]])
    exponent = np.frexp(both)[1].astype(np.int64)
    power = np.maximum(exponent - WEIGHT_BITS, LEAST_POWER)
    whole = np.rint(np.ldexp(both, -power))
    over = np.abs(whole) >= 2.0**WEIGHT_BITS
    power = power + over
    whole = np.rint(np.ldexp(both, -power))
    if (power > MOST_POWER).any():
        raise UnsupportedModel(
            "a coefficient of a linear map is beyond float32's range; export with --dtype float64"
        )
    power = np.where(whole == 0, LEAST_POWER, power)
    return Coefficients(whole.astype(np.int32), power.astype(np.int8))


def representable(weight: Floats, bias: Floats) -> tuple[Floats, Floats]:
    """Weight and bias as the whole numbers hold them."""
    value = coefficients(weight, bias).value
    return value[:, :-1], value[:, -1]
