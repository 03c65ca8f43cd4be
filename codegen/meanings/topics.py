"""Shares of topics in counts of words, in numpy: all rows side by side, each to its own end."""

import numpy as np

from codegen import ir
from codegen.ir import Floats

EULER = 0.577215664901532860606512090082402431
SMALL = 1e-6
LARGE = 6
EPSILON = 2.0**-52


def psi(x: Floats) -> Floats:
    """The digamma function by scikit-learn's own series (Bernardo 1976)."""
    small = ~(x > SMALL)
    y = np.where(small, 1, x)
    found = np.zeros_like(y)
    while (low := y < LARGE).any():
        found = np.where(low, found - 1 / y, found)
        y = np.where(low, y + 1, y)
    r = 1 / y
    found = found + np.log(y) - 0.5 * r
    r = r * r
    found = found - r * (1 / 12 - r * (1 / 120 - r * (1 / 252)))
    return np.where(small, -EULER - 1 / np.where(small, x, 1), found)


def expected(weight: Floats) -> Floats:
    """exp of the expected logarithms of shares that are drawn with these weights."""
    return np.asarray(np.exp(psi(weight) - psi(weight.sum(axis=1))[:, None]))


def next_weight(node: ir.LatentDirichlet, x: Floats, weight: Floats) -> Floats:
    """One round."""
    theta = expected(weight)
    part = x / (theta @ node.topics + EPSILON)
    return theta * (part @ node.topics.T) + node.prior


def topic_shares(node: ir.LatentDirichlet, x: Floats) -> Floats:
    """The shares (n_rows, n_topics); a row stays as it is from where it ended."""
    found = np.ones((len(x), node.size), x.dtype)
    still = np.arange(len(x))
    for _ in range(node.count):
        before = found[still]
        found[still] = next_weight(node, x[still], before)
        change = np.abs(found[still] - before).mean(axis=1)
        still = still[~(change < node.least)]
        if not still.size:
            break
    return np.asarray(found / found.sum(axis=1, keepdims=True))
