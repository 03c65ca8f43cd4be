"""Errors carried through an iteration that ends by a rule: how far off it is, and where it ends.

Errors are sums of signed parts, as in affine arithmetic: what an iteration shrinks is seen to
shrink, to first order. A row whose end is in doubt has all the ends that are possible in its bound.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from codegen.ir import Bools, Floats, Ints

ROUNDING = 2.0**-51
"""What a step of double arithmetic loses, in C and in Python."""

ROOM = 16
"""How many rounds of an iteration keep parts of their own for their roundings."""

SAFETY = 1 + 2.0**-4
"""What the parts leave out, being of the first order alone."""

ROWS = 64


@dataclass(slots=True, eq=False)
class Iterate:
    """Values (n_rows, n) with the parts of their errors (n_rows, n, n_parts), changed in place.

    The first n_given parts are errors of the inputs, all others of roundings. measure: where it is
    not above 0 the iteration ends; doubt: its error.
    """

    value: Floats
    parts: Floats
    n_given: int
    used: int
    measure: Floats
    doubt: Floats

    @property
    def bound(self) -> Floats:
        """The bound of each value's error (n_rows, n)."""
        return np.asarray(SAFETY * np.abs(self.parts).sum(axis=2))

    def add(self, place: int, size: Floats) -> None:
        """A part of its own for the value at a place."""
        if self.used == self.parts.shape[2]:
            boxed = np.abs(self.parts[:, :, self.n_given :]).sum(axis=2)
            self.parts[:, :, self.n_given :] = 0
            for i in range(self.value.shape[1]):
                self.parts[:, i, self.n_given + i] = boxed[:, i]
            self.used = self.n_given + self.value.shape[1]
        self.parts[:, place, self.used] += size
        self.used += 1

    def keep(self, rows: Bools) -> None:
        """Leave out the rows that have ended."""
        self.value, self.parts = self.value[rows], self.parts[rows]
        self.measure, self.doubt = self.measure[rows], self.doubt[rows]


def started(value: Floats, n_given: int) -> Iterate:
    """An exact start."""
    n_rows, n = value.shape
    parts = np.zeros((n_rows, n, n_given + (ROOM + 1) * n))
    none = np.zeros(n_rows)
    return Iterate(value, parts, n_given, n_given, none, none.copy())


Shown = Callable[[Iterate], tuple[Floats, Floats]]
Advance = Callable[[Iterate, Ints, int], None]


def as_it_is(now: Iterate) -> tuple[Floats, Floats]:
    """The values themselves, with their bounds."""
    return now.value, now.bound


def ended(
    start: Iterate, advance: Advance, count: int, shown: Shown = as_it_is
) -> tuple[Floats, Floats]:
    """The least and the largest that each value may be that is shown, wherever it ends."""
    low, high = np.full(start.value.shape, np.inf), np.full(start.value.shape, -np.inf)
    now, still = start, np.arange(len(start.value))
    for k in range(count):
        advance(now, still, k)
        last, doubt = k == count - 1, SAFETY * now.doubt
        may = ~(now.measure - doubt > 0) | last
        rows, (value, bound) = still[may], (known[may] for known in shown(now))
        low[rows] = np.minimum(low[rows], value - bound)
        high[rows] = np.maximum(high[rows], value + bound)
        on = ~(now.measure + doubt <= 0)
        still = still[on]
        now.keep(on)
        if not still.size:
            break
    return low, high


def around(low: Floats, high: Floats, value: Floats, unit: float) -> Floats:
    """The bound of a value from its range, and from the rounding at the end."""
    return np.asarray(np.maximum(high - value, value - low) + 2 * unit * np.abs(value))


def in_batches(n_rows: int) -> list[slice]:
    """The rows, some at a time."""
    return [slice(i, i + ROWS) for i in range(0, n_rows, ROWS)]
