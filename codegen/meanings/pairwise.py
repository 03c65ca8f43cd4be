"""Values of pairs of classes in numpy: sums, votes, scores, probabilities."""

import numpy as np
from numpy.typing import NDArray

from codegen import ir
from codegen.ir import Floats


def pairs(n_classes: int) -> list[tuple[int, int]]:
    """(0, 1), (0, 2) .. (1, 2) .."""
    return [(i, j) for i in range(n_classes) for j in range(i + 1, n_classes)]


def pairwise_weight(node: ir.PairwiseAffine) -> Floats:
    """The dual coefficients written out as one row for each pair (n_pairs, n_vectors)."""
    end = np.cumsum(node.counts)
    own = [slice(e - c, e) for c, e in zip(node.counts, end, strict=True)]
    weight = np.zeros((node.size, node.x.size))
    for p, (i, j) in enumerate(pairs(node.counts.size)):
        weight[p, own[i]] = node.dual[j - 1, own[i]]
        weight[p, own[j]] = node.dual[i, own[j]]
    return weight


def signs(n_classes: int) -> NDArray[np.int64]:
    """(n_pairs, n_classes): +1 for the first class of a pair, -1 for the second."""
    table = np.zeros((n_classes * (n_classes - 1) // 2, n_classes), np.int64)
    for p, (i, j) in enumerate(pairs(n_classes)):
        table[p, i], table[p, j] = 1, -1
    return table


def votes(first: NDArray[np.bool_], n_classes: int) -> Floats:
    """Votes of each class (n_rows, n_classes); first: whether a pair votes its first class."""
    sign = signs(n_classes)
    return np.where(first, 1.0, 0.0) @ (sign > 0) + np.where(first, 0.0, 1.0) @ (sign < 0)


def coupling(r: Floats, k: int) -> Floats:
    """Probabilities of k classes from those of the pairs; libsvm's iteration, to its stop rule.

    Minimises sum (r_ji p_i - r_ij p_j)^2 over the simplex: Q_tt = sum r_jt^2, Q_tj = -r_jt r_tj.
    """
    rate = np.zeros((k, k))
    for value, (i, j) in zip(r, pairs(k), strict=True):
        rate[i, j], rate[j, i] = value, 1 - value
    Q = -rate.T * rate
    np.fill_diagonal(Q, (rate.T**2).sum(axis=1))
    p = np.full(k, 1 / k)
    for _ in range(max(100, k)):
        Qp = Q @ p
        pQp = p @ Qp
        if np.abs(Qp - pQp).max() < 0.005 / k:
            break
        for t in range(k):
            step = (pQp - Qp[t]) / Q[t, t]
            p[t] += step
            pQp = (pQp + step * (step * Q[t, t] + 2 * Qp[t])) / (1 + step) / (1 + step)
            Qp = (Qp + step * Q[t]) / (1 + step)
            p /= 1 + step
    return p
