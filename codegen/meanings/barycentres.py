"""Weights that make a row of its neighbours, in numpy and without LAPACK: also in 80 bits."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def differences(node: ir.Barycentre, x: Floats, index: Floats) -> Floats:
    """From x to its neighbours (n_rows, k, n_in)."""
    return np.asarray(node.rows[index.astype(np.int64)] - x[:, None, :])


def ridged(node: ir.Barycentre, c: Floats) -> Floats:
    """The products of the differences, and the ridge on their diagonal (n_rows, k, k)."""
    gram = (c[:, :, None, :] * c[:, None, :, :]).sum(axis=3)
    trace = np.trace(gram, axis1=1, axis2=2)
    ridge = np.where(trace > 0, node.reg * trace, node.reg)
    return np.asarray(gram + ridge[:, None, None] * np.eye(c.shape[1]))


def solved_for_ones(matrix: Floats) -> Floats:
    """matrix y = 1 by Cholesky's factor, for each of the matrices (n_rows, k, k)."""
    lower, y = np.zeros_like(matrix), np.ones_like(matrix[:, 0])
    k = y.shape[1]
    for i in range(k):
        for m in range(i + 1):
            rest = matrix[:, i, m] - (lower[:, i, :m] * lower[:, m, :m]).sum(axis=1)
            lower[:, i, m] = np.sqrt(rest) if i == m else rest / lower[:, m, m]
    for i in range(k):
        y[:, i] = (y[:, i] - (lower[:, i, :i] * y[:, :i]).sum(axis=1)) / lower[:, i, i]
    for i in reversed(range(k)):
        after = (lower[:, i + 1 :, i] * y[:, i + 1 :]).sum(axis=1)
        y[:, i] = (y[:, i] - after) / lower[:, i, i]
    return y


def barycentre(node: ir.Barycentre, x: Floats, index: Floats) -> Floats:
    """Means of the answers of the neighbours by their weights."""
    weight = solved_for_ones(ridged(node, differences(node, x, index)))
    share = weight / weight.sum(axis=1, keepdims=True)
    return np.asarray((share[:, :, None] * node.table[index.astype(np.int64)]).sum(axis=1))
