"""Shortest ways over the rows of a training set, in numpy."""

import numpy as np

from codegen import ir
from codegen.ir import Bools, Floats
from codegen.meanings.neighbors import is_square


def root_of(node: ir.Geodesic, distance: Floats) -> Floats:
    """Distances that are not squared."""
    return np.sqrt(distance) if is_square(node.x) else distance


def near_rows(node: ir.Geodesic, given: list[Floats]) -> Bools:
    """Over which rows the ways lead (n_rows, n_centres)."""
    if node.reach is not None:
        return np.asarray(given[0] <= node.reach)
    near = np.zeros(given[0].shape, np.bool_)
    np.put_along_axis(near, given[1].astype(np.int64), True, axis=1)
    return near


def shortest(start: Floats, through: Bools, length: Floats) -> Floats:
    """The shortest ways of one row to all others; infinity where none leads there."""
    ways = start[through, None] + length[through]
    return np.asarray(ways.min(axis=0, initial=np.inf))


def geodesic(node: ir.Geodesic, given: list[Floats]) -> Floats:
    """The squares of the shortest ways."""
    start, near, length = root_of(node, given[0]), near_rows(node, given), node.length
    rows = zip(start, near, strict=True)
    return np.array([shortest(*row, length) ** 2 for row in rows]).reshape(start.shape)
