"""Squared distances in whole numbers: |x|^2 + |c|^2 - 2 c.x without anything that cancels.

x and the centres are rounded to a common unit 2^unit, so that a distance d (not squared) is within
sqrt(n) 2^unit of the true one, however small it is; a point on a centre that float32 holds has
distance 0. A float32 sum of n squares may lose (n + 3) / 2 2^-24 d. With r half the least distance
between two centres, distances below r tell no more than that x is at the centre: `whole_distance`
declines where sqrt(n) 2^unit exceeds what float32 may lose at d = r.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Distance, Floats
from codegen.plan.radial import FLOAT_BIAS, MOST_BITS, SUM_BITS


@dataclass(frozen=True, slots=True, eq=False)
class WholeDistance:
    """centres (n_out, n_in) in units of 2^unit and their squares; |x| < 2^(unit + bits) is near."""

    centres: NDArray[np.int32]
    squares: NDArray[np.int64]
    unit: int
    bits: int

    @property
    def spare(self) -> int:
        """How many of 31 bits a value leaves free."""
        return 31 - self.bits

    @property
    def top(self) -> int:
        """The unit as cg_block_f32 counts it."""
        return self.unit + FLOAT_BIAS

    @property
    def value(self) -> Floats:
        """The centres that the whole numbers stand for."""
        return np.ldexp(self.centres.astype(np.float64), self.unit)


def whole_distance(node: Distance) -> WholeDistance | None:
    """The distances in whole numbers, where that is as close as float32 can be."""
    n_out, n_in = node.centres.shape
    if n_out < 2 or node.power != 2 or node.streamed or node.weight is not None:
        return None
    bits = min(MOST_BITS, (SUM_BITS - 2 - int(np.ceil(np.log2(n_in)))) // 2)
    largest = 2 * float(np.abs(node.centres).max()) * (1 + 2.0**-20) + 2.0**-60
    unit = int(np.ceil(np.log2(largest))) - bits
    own = np.sqrt(n_in) * np.ldexp(1.0, unit)
    if not own <= (n_in + 3) / 2 * 2.0**-24 * least_gap(node.centres) / 2 or abs(unit) > 90:
        return None
    size = np.floor(np.ldexp(np.abs(node.centres), -unit) + 0.5)
    centres = np.copysign(size, node.centres).astype(np.int32)
    return WholeDistance(centres, (centres.astype(np.int64) ** 2).sum(axis=1), unit, bits)


def least_gap(centres: Floats) -> float:
    """The least distance between two of the centres."""
    gaps = [np.linalg.norm(centres[i + 1 :] - c, axis=1) for i, c in enumerate(centres[:-1])]
    return float(np.concatenate(gaps).min())


def off(form: WholeDistance, x: Floats) -> Floats:
    """By how much a difference may be off, for each row of x: a unit, coarser for an x far off."""
    largest = np.abs(x).max(axis=1, keepdims=True)
    exponent = np.where(largest > 0, np.frexp(largest)[1], -1100)
    far = np.maximum(exponent - form.unit - form.bits, 0)
    return np.asarray(np.ldexp(1.0, (form.unit + far).astype(np.int64)))
