"""What sparse codes lose: an atom is either surely the next one, or nothing is known."""

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import Known
from codegen.meanings.codes import independent, pursuit


def encode_loss(node: ir.Encode, given: Known, unit: float) -> Floats:
    """Row by row; infinity where another atom, or another end, is within the bounds."""
    rows = zip(given.value, given.bound, strict=True)
    return np.array([pursuit_loss(node, c, e, unit) for c, e in rows]).reshape(given.value.shape)


def pursuit_loss(node: ir.Encode, c: Floats, e: Floats, unit: float) -> Floats:
    """The error of the last least squares, if each pick on the way to it was sure."""
    picked, _ = pursuit(node, c)
    for k in range(min(len(picked) + 1, node.count)):
        if not is_sure(node, picked[:k], picked[k : k + 1], c, e, unit):
            return np.full(len(c), np.inf)
    lost = np.zeros(len(c))
    lost[picked] = solved(node, picked, c, e, unit)[1]
    return lost


def solved(
    node: ir.Encode, picked: list[int], c: Floats, e: Floats, unit: float
) -> tuple[Floats, Floats]:
    """Least squares by Cholesky (Higham, theorem 10.3), and its error.

    The factor's error, and the rounding of gram, is nowhere above the products of lengths.
    """
    gram, size = node.gram[np.ix_(picked, picked)], np.sqrt(np.diag(node.gram)[picked])
    gamma = np.asarray(np.linalg.solve(gram, c[picked]), np.float64)
    own = 4 * (len(picked) + 2) * unit * (size * (size @ np.abs(gamma)) + np.abs(c[picked]))
    return gamma, np.abs(np.linalg.inv(gram)) @ (e[picked] + own)


def is_sure(
    node: ir.Encode, picked: list[int], follows: list[int], c: Floats, e: Floats, unit: float
) -> bool:
    """Whether the atom that follows, or the end, is the same within the errors."""
    gamma, off = solved(node, picked, c, e, unit)
    part = np.abs(node.gram[:, picked])
    own = 2 * (len(picked) + 2) * unit * (part @ np.abs(gamma) + np.abs(c))
    rest, doubt = np.abs(c - node.gram[:, picked] @ gamma), e + part @ off + own
    if not follows:
        return bool((rest + doubt < np.sqrt(node.least)).all())
    least = rest[follows[0]] - doubt[follows[0]]
    square = independent(node.gram, picked, follows[0]) if picked else np.inf
    noise = 8 * (len(picked) + 2) * unit * node.gram[follows[0], follows[0]]
    others = np.delete(rest + doubt, follows[0])
    return bool((least > others).all() and least**2 > node.least and square > node.least + noise)
