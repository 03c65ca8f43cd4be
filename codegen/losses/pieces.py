"""What functions lose that are polynomials piece by piece."""

import numpy as np

from codegen import ir
from codegen.ir import Floats, Ints
from codegen.losses.common import Known
from codegen.meanings.pieces import arguments, coefficients, horner, rows_of, spread

STEADY = 2.0**-12


def pieces_loss(node: ir.Piecewise, index: Known, given: Known, unit: float) -> Floats:
    """An error of the argument times the steepest slope near it, and the rounding of Horner's rule.

    Where another piece may be meant, the functions are steady there, or no bound is known.
    """
    inside = (index.value >= 0) & (index.value < node.counts)
    row = rows_of(node, index.value)
    scale = np.abs(node.values[row, 1])
    t = np.abs(arguments(node, row, given.value))
    off = scale * given.bound + 2 * unit * t
    steep = slopes(node, row, t + off)
    for beside in (-1, 1):
        near = rows_of(node, (index.value + beside) % node.counts)
        other = slopes(node, near, np.ones_like(t)) * np.abs(node.values[near, 1])
        steep = np.where(index.bound > 0, np.maximum(steep, other / scale), steep)
    size = horner(np.abs(coefficients(node, row)), t + off).max(axis=2)
    lost = steep * off + 2 * (node.degree + 2) * unit * size
    lost = np.where((index.bound > 0) & ~steady(node), np.inf, lost)
    return np.repeat(np.where(inside, lost, 0), node.n_out, axis=1)


def slopes(node: ir.Piecewise, row: Ints, t: Floats) -> Floats:
    """The steepest of the polynomials in each row, up to t on either side."""
    c = coefficients(node, row)[..., :-1] * np.arange(node.degree, 0, -1)
    return np.asarray(horner(np.abs(c), t).max(axis=2))


def steady(node: ir.Piecewise) -> bool:
    """Whether the functions go on without a jump from each piece to the next."""
    if node.degree == 0:
        return False
    row = np.arange(len(node.values))
    column = np.repeat(np.arange(node.counts.size), node.counts)
    origin = node.values[:, 0]
    follows = (column[1:] == column[:-1]) & (origin[1:] > origin[:-1])
    before, after = row[:-1][follows], row[1:][follows]
    jumps = functions(node, before, origin[after]) - functions(node, after, origin[after])
    return bool(np.abs(jumps).max(initial=0.0) < STEADY)


def functions(node: ir.Piecewise, row: Ints, x: Floats) -> Floats:
    """The values at x of the functions of a row (n_rows, n_out)."""
    values = horner(coefficients(node, row), arguments(node, row, x))
    known = np.ones((len(row), 1), np.bool_)
    return spread(node, row[:, None], values[:, None], known)
