"""What shares of topics lose: derivatives of a round, carried to wherever it may end."""

import numpy as np
from scipy.special import polygamma

from codegen import ir
from codegen.ir import Floats, Ints
from codegen.losses.common import Known
from codegen.losses.iterations import (
    ROUNDING,
    SAFETY,
    Iterate,
    around,
    ended,
    in_batches,
    started,
)
from codegen.meanings.topics import EPSILON, LARGE, expected, next_weight, psi

JUMP = 4e-9
"""How far the series of psi jumps where it takes one step more: at whole numbers up to LARGE."""


def topics_loss(node: ir.LatentDirichlet, given: Known, value: Floats, unit: float) -> Floats:
    """The errors of the counts, as the iteration carries them, and the end in doubt.

    No bound is known of rows with a number below 0, which are no counts.
    """
    found = []
    for rows in in_batches(len(value)):
        one = Topics(node, given.value[rows], given.bound[rows])
        low, high = ended(one.started(), one.round, node.count, shares)
        found.append(around(low, high, value[rows], unit))
    bound = np.vstack(found) if found else np.zeros(value.shape)
    return np.where((given.value < 0).any(axis=1, keepdims=True), np.inf, bound)


def shares(now: Iterate) -> tuple[Floats, Floats]:
    """The weights divided by their sum, and the bound of the error."""
    total = now.value.sum(axis=1)[:, None]
    share = now.value / total
    parts = now.parts - share[:, :, None] * now.parts.sum(axis=1)[:, None, :]
    own = ROUNDING * (now.value.shape[1] + 2) * share
    return share, SAFETY * np.abs(parts).sum(axis=2) / total + own


class Topics:
    """The iteration on some rows x with errors e."""

    def __init__(self, node: ir.LatentDirichlet, x: Floats, e: Floats) -> None:
        self.node, self.x, self.e = node, x, e

    def started(self) -> Iterate:
        """Weights of 1."""
        n_given = self.x.shape[1] if self.e.any() else 0
        return started(np.ones((len(self.x), self.node.size)), n_given)

    def round(self, now: Iterate, rows: Ints, _: int) -> None:
        """One round, and by how much it changed the weights on average."""
        node, x, before = self.node, self.x[rows], now.value
        moved, own = self.moved(now, x)
        if now.n_given:
            theta = expected(before)
            mixed = theta @ node.topics + EPSILON
            by_row = theta[:, :, None] * node.topics / mixed[:, None, :]
            moved[:, :, : now.n_given] += by_row * self.e[rows][:, None, :]
        change = np.abs(moved - now.parts).sum(axis=2) + own
        now.value, now.parts = next_weight(node, x, before), moved
        for i in range(node.size):
            now.add(i, own[:, i])
        now.measure = np.abs(now.value - before).mean(axis=1) - node.least
        now.doubt = change.mean(axis=1) + ROUNDING * now.value.sum(axis=1)

    def moved(self, now: Iterate, x: Floats) -> tuple[Floats, Floats]:
        """The parts after a round, by its derivatives, and its own rounding."""
        node, weight, off = self.node, now.value, now.bound
        theta, total = expected(weight), weight.sum(axis=1)[:, None]
        mixed = theta @ node.topics + EPSILON
        in_topics = (x / mixed) @ node.topics.T
        parts = polygamma(1, weight)[:, :, None] * now.parts
        parts -= polygamma(1, total)[:, :, None] * now.parts.sum(axis=1)[:, None, :]
        parts = np.where(theta[:, :, None] > 0, theta[:, :, None] * parts, 0)
        near = (off > 0) & (np.abs(weight - np.rint(weight)) <= off) & (weight < LARGE + 0.5)
        depth = np.abs(psi(weight)) + np.abs(psi(total)) + node.size + x.shape[1] + 16
        rough = np.where(theta > 0, theta * (ROUNDING * depth + JUMP * near), 0)
        curve = np.einsum("rj,ij,lj->ril", x / mixed**2, node.topics, node.topics)
        mix = np.eye(node.size) * in_topics[:, :, None] - theta[:, :, None] * curve
        own = np.einsum("ril,rl->ri", np.abs(mix), rough) + ROUNDING * weight
        own = own + ROUNDING * (x.shape[1] + node.size + 8) * theta * in_topics
        return np.einsum("ril,rlp->rip", mix, parts), own
