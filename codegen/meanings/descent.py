"""Least squares with coefficients that are not negative, in numpy: all rows side by side."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def descent(node: ir.Encode, c: Floats) -> Floats:
    """The coefficients (n_rows, n_atoms); a row stays as it is from where it ended."""
    found = np.zeros(c.shape, c.dtype)
    first = np.zeros(len(c), c.dtype)
    still = np.arange(len(c))
    for k in range(node.count):
        w = found[still]
        violation = sweep(node.gram, c[still], w)
        found[still] = w
        if k == 0:
            first = violation
        still = still[~(violation <= node.least * first[still])]
        if not still.size:
            break
    return found


def sweep(gram: Floats, c: Floats, w: Floats) -> Floats:
    """One round over all coefficients, in place; the sizes of the gradients that count, summed."""
    violation = np.zeros(len(c), c.dtype)
    for i, row in enumerate(gram):
        slope = w @ row - c[:, i]
        violation += np.where(w[:, i] == 0, np.maximum(-slope, 0), np.abs(slope))
        if row[i] != 0:
            w[:, i] = np.maximum(w[:, i] - slope / row[i], 0)
    return violation
