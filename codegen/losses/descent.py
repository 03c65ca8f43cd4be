"""What coordinate descent over coefficients that are not negative loses."""

import numpy as np

from codegen import ir
from codegen.ir import Floats, Ints
from codegen.losses.common import Known
from codegen.losses.iterations import ROUNDING, Iterate, around, ended, in_batches, started


def descent_loss(node: ir.Encode, given: Known, value: Floats, unit: float) -> Floats:
    """The errors of the products, as the iteration carries them, and the end in doubt."""
    found = []
    for rows in in_batches(len(value)):
        one = Descent(node, given.value[rows], given.bound[rows])
        low, high = ended(started(np.zeros(value[rows].shape), node.size), one.round, node.count)
        found.append(around(low, high, value[rows], unit))
    return np.vstack(found) if found else np.zeros(value.shape)


class Descent:
    """Coordinate descent on some rows of products c with errors e."""

    def __init__(self, node: ir.Encode, c: Floats, e: Floats) -> None:
        self.gram, self.least, self.c, self.e = node.gram, node.least, c, e
        self.first = np.zeros(len(c))
        self.first_doubt = np.zeros(len(c))

    def round(self, now: Iterate, rows: Ints, k: int) -> None:
        """Each coefficient in its turn; the gradients that are met say whether it ends."""
        violation, doubt = np.zeros(len(rows)), np.zeros(len(rows))
        for i in range(len(self.gram)):
            size, off = self.turn(now, i, self.c[rows, i], self.e[rows, i])
            violation += size
            doubt += off
        if k == 0:
            self.first, self.first_doubt = violation, doubt
        limit = self.least * self.first[rows]
        now.measure = violation - limit
        now.doubt = doubt + self.least * self.first_doubt[rows] + 4 * ROUNDING * violation

    def turn(self, now: Iterate, i: int, c: Floats, e: Floats) -> tuple[Floats, Floats]:
        """Moves one coefficient to where its gradient is 0; the gradient's size and its error."""
        row, w = self.gram[i], now.value[:, i].copy()
        slope = now.value @ row - c
        parts = np.einsum("j,rjp->rp", row, now.parts)
        parts[:, i] -= e
        own = ROUNDING * (len(row) + 2) * (now.value @ np.abs(row) + np.abs(c))
        off = np.abs(parts).sum(axis=1) + own
        before = np.abs(now.parts[:, i]).sum(axis=1)
        size = np.where(w == 0, np.maximum(-slope, 0), np.abs(slope))
        doubt = np.where((w == 0) & (slope > off), 0, off)
        doubt += np.abs(slope) * np.where(w == 0, before > 0, w <= before)
        if row[i] != 0:
            self.move(now, i, w - slope / row[i], parts / row[i], own / row[i])
        return size, doubt

    def move(self, now: Iterate, i: int, to: Floats, parts: Floats, own: Floats) -> None:
        """The coefficient is `to`, or 0 if that is less; a new part where that is open."""
        moved = now.parts[:, i] - parts
        own = own + 2 * ROUNDING * np.abs(to)
        off = np.abs(moved).sum(axis=1) + own
        now.value[:, i] = np.maximum(to, 0)
        now.parts[:, i] = np.where((to > off)[:, None], moved, 0)
        now.add(i, np.where(to > off, own, np.where(to < -off, 0, off)))
