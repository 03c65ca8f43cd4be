"""Functions that are polynomials piece by piece, in numpy."""

import numpy as np

from codegen import ir
from codegen.ir import Bools, Floats, Ints


def rows_of(node: ir.Piecewise, index: Floats) -> Ints:
    """The number of the row that each index names; of the first one where there is none."""
    inside = (index >= 0) & (index < node.counts)
    return np.asarray(np.cumsum(node.counts) - node.counts + np.where(inside, index, 0), np.int64)


def coefficients(node: ir.Piecewise, row: Ints) -> Floats:
    """Those of the polynomials in the rows (.., n_pieces, degree + 1), the highest power first."""
    return node.values[row][..., 2:].reshape(*row.shape, node.n_pieces, node.degree + 1)


def arguments(node: ir.Piecewise, row: Ints, x: Floats) -> Floats:
    """What the polynomials take."""
    return np.asarray((x - node.values[row, 0]) * node.values[row, 1])


def horner(c: Floats, t: Floats) -> Floats:
    """Values of polynomials c (.., n, degree + 1) at t (..)."""
    y = np.zeros_like(c[..., 0]) + 0 * t[..., None]
    for k in range(c.shape[-1]):
        y = y * t[..., None] + c[..., k]
    return y


def piecewise(node: ir.Piecewise, index: Floats, x: Floats) -> Floats:
    """The values of all functions of every column, side by side."""
    row = rows_of(node, index)
    inside = (index >= 0) & (index < node.counts)
    values = horner(coefficients(node, row), arguments(node, row, x))
    return spread(node, row, np.where(inside[..., None], values, np.nan), inside)


def spread(node: ir.Piecewise, row: Ints, values: Floats, inside: Bools) -> Floats:
    """The polynomials' values (n_rows, n_in, n_pieces) at the places of their functions."""
    place = (node.first[row][..., None] + np.arange(node.n_pieces)) % node.n_out
    y = np.zeros((*row.shape, node.n_out), values.dtype)
    at = np.indices(place.shape)
    np.add.at(y, (at[0], at[1], place), values)
    return np.where(inside[..., None], y, node.other).reshape(len(row), -1)
