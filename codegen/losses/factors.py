"""What factors by multiplication lose: derivatives of a round, carried to wherever it may end."""

import numpy as np

from codegen import ir
from codegen.ir import Floats, Ints
from codegen.losses.common import Known
from codegen.losses.iterations import ROUNDING, Iterate, around, ended, in_batches, started
from codegen.meanings.factors import (
    LEAST_FACTOR,
    above_and_below,
    divergence,
    length,
    mixed,
    start,
    step,
)


def factorize_loss(node: ir.Factorize, given: Known, value: Floats, unit: float) -> Floats:
    """The errors of the row, as the iteration carries them, and the end in doubt.

    No bound is known of rows with a number below 0, which are no sums of atoms.
    """
    found = []
    for rows in in_batches(len(value)):
        one = Factors(node, given.value[rows], given.bound[rows])
        low, high = ended(one.started(), one.round, node.count)
        found.append(around(low, high, value[rows], unit))
    bound = np.vstack(found) if found else np.zeros(value.shape)
    return np.where((given.value < 0).any(axis=1, keepdims=True), np.inf, bound)


class Factors:
    """The iteration on some rows x with errors e."""

    def __init__(self, node: ir.Factorize, x: Floats, e: Floats) -> None:
        self.node, self.x, self.e = node, x, e
        self.n_given = x.shape[1] if e.any() else 0
        w = start(node, x)
        self.first = divergence(node, x, w)
        self.last = self.first.copy()
        self.first_doubt = np.zeros(len(x))
        self.last_doubt = np.zeros(len(x))

    def started(self) -> Iterate:
        """The mean of the row, and what the row's errors make of it."""
        now = started(start(self.node, self.x), self.n_given)
        if self.n_given:
            slope = now.value[:, :1] / (2 * self.x.sum(axis=1, keepdims=True))
            now.parts[:, :, : self.n_given] = (slope * self.e)[:, None, :]
        for i in range(self.node.size):
            now.add(i, ROUNDING * self.x.shape[1] * now.value[:, i])
        self.first_doubt = self.doubt_of_divergence(now, np.arange(len(self.x)))
        self.last_doubt = self.first_doubt.copy()
        return now

    def round(self, now: Iterate, rows: Ints, k: int) -> None:
        """One round, and whether it is the last."""
        node, x, w = self.node, self.x[rows], now.value
        change = self.move(now, x, self.e[rows], k + 1)
        if node.least == 0 or (node.rule == "divergence" and (k + 1) % ir.ROUNDS_TO_A_TEST):
            now.measure, now.doubt = np.full(len(rows), np.inf), np.zeros(len(rows))
        elif node.rule == "change":
            size, off = length(now.value), length(now.bound)
            share = length(now.value - w) / size
            now.measure = share - node.least
            now.doubt = (length(change) + share * off) / np.maximum(size - off, 0)
            now.doubt += 8 * ROUNDING * share
        else:
            self.compare(now, rows)

    def compare(self, now: Iterate, rows: Ints) -> None:
        """How much less the divergence is than at the last test."""
        found = divergence(self.node, self.x[rows], now.value)
        doubt = self.doubt_of_divergence(now, rows)
        first, last = self.first[rows], self.last[rows]
        now.measure = (last - found) / first - self.node.least
        off = doubt + self.last_doubt[rows] + self.first_doubt[rows] * np.abs(last - found) / first
        now.doubt = off / np.maximum(first - self.first_doubt[rows], 0)
        self.last[rows], self.last_doubt[rows] = found, doubt

    def move(self, now: Iterate, x: Floats, e: Floats, k: int) -> Floats:
        """One round by its derivatives; the error of how far it moved each factor."""
        node, w, off = self.node, now.value, now.bound
        by_factor, by_row = derivatives(node, x, w, k)
        moved = np.einsum("rij,rjp->rip", by_factor, now.parts)
        if self.n_given:
            moved[:, :, : self.n_given] += by_row * e[:, None, :]
        now.value = step(node, x, w, k)
        own = ROUNDING * (2 * x.shape[1] + node.size + 16) * now.value + LEAST_FACTOR**2
        if node.loss == "itakura":
            own = own + LEAST_FACTOR
        near = np.abs(w @ node.atoms - ir.LEAST_MIX) <= off @ node.atoms
        own[(near & (off @ node.atoms > 0)).any(axis=1) & (node.loss != "frobenius")] = np.inf
        change = np.abs(moved - now.parts).sum(axis=2) + own
        now.parts = moved
        for i in range(node.size):
            now.add(i, own[:, i])
        return change

    def doubt_of_divergence(self, now: Iterate, rows: Ints) -> Floats:
        """The error of the root of twice the divergence."""
        node, x, w = self.node, self.x[rows], now.value
        found, y = divergence(node, x, w), mixed(node, w)
        if node.loss == "frobenius":
            rest = x - w @ node.atoms
            by_factor, by_row = -rest @ node.atoms.T, rest
            own = ROUNDING * (node.size + 4) * (length(x) + length(w @ node.atoms))
            spread = length(now.bound @ node.atoms + self.e[rows]) + own
            slope = self.along(now, by_factor, by_row, rows) / found
            return np.where(found > spread, slope + own, spread)
        if node.loss == "kullback":
            by_factor, by_row = node.atoms.sum(axis=1) - (x / y) @ node.atoms.T, np.log(x / y)
            size = np.abs(x * np.log(np.where(x > 0, x / y, 1))) + y + x
        else:
            by_factor, by_row = (1 / y - x / y**2) @ node.atoms.T, 1 / y - 1 / x
            size = np.abs(np.log(np.where(x > 0, x / y, 1))) + x / y + 1
        off = self.along(now, by_factor, by_row, rows)
        off = off + ROUNDING * (x.shape[1] + 8) * size.sum(axis=1)
        half = found * found / 2
        return np.sqrt(2 * (half + off)) - np.sqrt(2 * np.maximum(half - off, 0))

    def along(self, now: Iterate, by_factor: Floats, by_row: Floats, rows: Ints) -> Floats:
        """The error of what has these derivatives."""
        parts = np.einsum("ri,rip->rp", by_factor, now.parts)
        if self.n_given:
            parts[:, : self.n_given] += np.where(self.e[rows] > 0, by_row * self.e[rows], 0)
        return np.asarray(np.abs(parts).sum(axis=1))


def derivatives(node: ir.Factorize, x: Floats, w: Floats, k: int) -> tuple[Floats, Floats]:
    """Those of a round by the factors (n_rows, n, n), and by the row (n_rows, n, n_in)."""
    above, below = above_and_below(node, x, w, k)
    atoms, y = node.atoms, mixed(node, w)
    open_ = w @ atoms > ir.LEAST_MIX
    none = np.zeros((len(w), node.size, node.size))
    if node.loss == "frobenius":
        of_above, of_below, by_row = none, none + atoms @ atoms.T, atoms + 0 * x[:, None, :]
    elif node.loss == "kullback":
        of_above = -np.einsum("rj,ij,lj->ril", x / y**2 * open_, atoms, atoms)
        of_below, by_row = none, atoms / y[:, None, :]
    else:
        of_above = -2 * np.einsum("rj,ij,lj->ril", x / y**3 * open_, atoms, atoms)
        of_below = -np.einsum("rj,ij,lj->ril", open_ / y**2, atoms, atoms)
        by_row = atoms / (y**2)[:, None, :]
    of_below = of_below + node.l2 * np.eye(node.size)
    share = above / below
    of_share = (of_above - share[:, :, None] * of_below) / below[:, :, None]
    power, outer = (0.5, np.sqrt(share)) if node.loss == "itakura" else (1.0, share)
    inner = np.where(w > 0, w * power * outer / np.where(share > 0, share, 1), 0)[:, :, None]
    same = outer[:, :, None] * np.eye(node.size)
    return same + inner * of_share, inner * by_row / below[:, :, None]
