"""Sparse codes over a dictionary, in numpy: one row after the other."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def pursuit(node: ir.Encode, c: Floats) -> tuple[list[int], Floats]:
    """Which atoms orthogonal matching pursuit picks, in order, and their coefficients."""
    picked: list[int] = []
    gamma: Floats = np.zeros(0)
    while len(picked) < node.count:
        rest = c - node.gram[:, picked] @ gamma
        best = int(np.abs(rest).argmax())
        if best in picked or rest[best] ** 2 < node.least:
            break
        if picked and independent(node.gram, picked, best) <= node.least:
            break
        picked.append(best)
        part, given = node.gram[np.ix_(picked, picked)], c[picked].astype(np.float64)
        gamma = np.asarray(np.linalg.solve(part, given), np.float64)
    return picked, gamma


def independent(gram: Floats, picked: list[int], atom: int) -> float:
    """The square of what an atom has beside its projection on the picked ones."""
    along = gram[picked, atom]
    return float(gram[atom, atom] - along @ np.linalg.solve(gram[np.ix_(picked, picked)], along))


def codes(node: ir.Encode, x: Floats) -> Floats:
    """The coefficients of all atoms, mostly 0, for each row of products with the atoms."""
    found = np.zeros(x.shape)
    for row, c in zip(found, x, strict=True):
        picked, gamma = pursuit(node, c)
        row[picked] = gamma
    return found
