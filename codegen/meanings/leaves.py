"""Trees whose leaves hold linear maps."""

import numpy as np

from codegen import ir
from codegen.ir import Floats, Ints


def linear_leaves(node: ir.LinearLeaves, places: Floats, x: Floats) -> Floats:
    """The maps of the leaves at `places`, tree by tree and term by term, as LightGBM adds them."""
    y = np.zeros((len(x), node.groups))
    per_group = node.x.size // node.groups
    for t, place in enumerate(places.T.astype(np.int64)):
        y[:, t // per_group] += leaf_values(node, place, x)
    return y


def leaf_values(node: ir.LinearLeaves, place: Ints, x: Floats) -> Floats:
    """The map of one leaf for each row, or its value where one of its features is NaN."""
    y, at, rows = node.weight[place + 1], place + 2, np.arange(len(x))
    missing = np.zeros(len(x), np.bool_)
    while (goes_on := node.feature[at] < node.by.size).any():
        read = x[rows, np.where(goes_on, node.feature[at], 0)]
        y = np.where(goes_on, y + node.weight[at] * read, y)
        missing |= goes_on & np.isnan(read)
        at += goes_on
    return np.asarray(np.where(missing, node.weight[place], y))
