"""Factors of rows by multiplication, in numpy: all rows side by side, each to its own end."""

import numpy as np

from codegen import ir
from codegen.ir import Floats

LEAST_FACTOR = 2.0**-52


def factorized(node: ir.Factorize, x: Floats) -> Floats:
    """The coefficients (n_rows, n_atoms); a row stays as it is from where it ended."""
    found = start(node, x)
    still = np.arange(len(x))
    first = divergence(node, x, found)
    last = first.copy()
    for k in range(1, node.count + 1):
        rows, w = x[still], found[still]
        moved = step(node, rows, w, k)
        found[still] = moved
        if node.rule == "change":
            ended = length(moved - w) / length(moved) <= node.least
        elif k % ir.ROUNDS_TO_A_TEST:
            continue
        else:
            now = divergence(node, rows, moved)
            ended = (last[still] - now) / first[still] < node.least
            last[still] = now
        if node.least > 0:
            still = still[~ended]
        if not still.size:
            break
    return found


def start(node: ir.Factorize, x: Floats) -> Floats:
    """The same for all atoms."""
    return np.repeat(np.sqrt(x.mean(axis=1) / node.size)[:, None], node.size, axis=1)


def mixed(node: ir.Factorize, w: Floats) -> Floats:
    """w atoms, without what is too small to divide by."""
    return np.maximum(w @ node.atoms, ir.LEAST_MIX)


def above_and_below(node: ir.Factorize, x: Floats, w: Floats, k: int) -> tuple[Floats, Floats]:
    """What w is multiplied with in round k is the first divided by the second."""
    extra = node.l1 * (k if node.grows else 1) + node.l2 * w
    atoms = node.atoms
    if node.loss == "frobenius":
        above, below = x @ atoms.T, (w @ atoms) @ atoms.T + extra
    elif node.loss == "kullback":
        above, below = (x / mixed(node, w)) @ atoms.T, atoms.sum(axis=1) + extra
    else:
        part = 1 / mixed(node, w)
        above, below = (part**2 * x) @ atoms.T, part @ atoms.T + extra
    return above, np.where(below == 0, ir.LEAST_MIX, below)


def step(node: ir.Factorize, x: Floats, w: Floats, k: int) -> Floats:
    """One round."""
    above, below = above_and_below(node, x, w, k)
    share = above / below
    if node.loss != "itakura":
        return np.asarray(w * share)
    moved = w * np.sqrt(share)
    return np.where((moved < LEAST_FACTOR) & (node.rule == "divergence"), 0, moved)


def divergence(node: ir.Factorize, x: Floats, w: Floats) -> Floats:
    """The root of twice the divergence of x from what w mixes to."""
    if node.loss == "frobenius":
        return length(x - w @ node.atoms)
    y, counts = mixed(node, w), x > ir.LEAST_MIX
    share = np.where(counts, x / y, 1)
    if node.loss == "kullback":
        total = (x * np.log(share) - np.where(counts, x, 0)).sum(axis=1) + w @ node.atoms.sum(
            axis=1
        )
    else:
        total = np.where(counts, share - np.log(share), 0).sum(axis=1) - x.shape[1]
    return np.sqrt(2 * np.maximum(total, 0))


def length(rows: Floats) -> Floats:
    """The length of each row."""
    return np.sqrt((rows * rows).sum(axis=1))
