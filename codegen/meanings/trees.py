"""Tree ensembles in numpy."""

import numpy as np
from numpy.typing import NDArray

from codegen import ir
from codegen.ir import ROOM_OF_NAN, Floats


def leaf_rows(node: ir.TreeEnsemble, x: Floats) -> NDArray[np.int64]:
    """The row of `values` that each tree gives (n_rows, n_trees)."""
    rows = np.arange(len(x))[:, None]
    at = np.broadcast_to(node.roots, (len(x), node.roots.size)).copy()
    while (inner := at >= 0).any():
        i = np.where(inner, at, 0)
        value = x[rows, node.feature[i]]
        left = np.where(np.isnan(value), node.missing_left[i], goes_left(node, i, value))
        at = np.where(inner, np.where(left, node.left[i], node.right[i]), at)
    return ~at


def goes_left(node: ir.TreeEnsemble, i: NDArray[np.int64], value: Floats) -> NDArray[np.bool_]:
    """Whether node i sends a number left: by its threshold, or by its set of categories."""
    below = value <= node.threshold[i]
    if node.sets is None or node.set_of is None:
        return below
    n_categories = node.sets.shape[1] - 1
    least = value > -1 if node.truncates else value >= 0
    known = least & (value < n_categories) & (~node.whole | (value == np.floor(value)))
    category = np.where(known, np.where(known, value, 0).astype(np.int64), n_categories)
    return np.where(node.set_of[i] < 0, below, node.sets[node.set_of[i], category])


def ordered(node: ir.Keys, x: Floats) -> Floats:
    """The keys of each row (n_rows, 2 n), NaN once above and once below all numbers."""
    bits = x[:, node.feature].astype(np.float32).view(np.int32)
    key = np.where(bits < 0, bits ^ np.int32(0x7FFFFFFF), bits)
    room = np.int32(ROOM_OF_NAN)
    with np.errstate(over="ignore"):
        both = np.stack([key - room, key + room], axis=2)
    return both.reshape(len(x), -1).astype(np.float64)


def tree_sum(node: ir.TreeEnsemble, leaves: NDArray[np.int64]) -> Floats:
    """The initial values and the leaf values, added in the order of the trees."""
    kind = np.float32 if node.single else np.float64
    total = np.tile(node.initial.astype(kind), (len(leaves), 1))
    values = node.values.astype(kind)
    if node.groups == 1:
        for column in leaves.T:
            total += values[column]
    else:
        for t in range(node.n_summed):
            total += values[leaves[:, t :: node.n_summed], 0]
    return total.astype(np.float64)
