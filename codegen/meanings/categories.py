"""Buckets and tables in numpy: what discretisers and encoders of categories are made of."""

import numpy as np

from codegen import ir
from codegen.ir import Floats


def bucket(node: ir.Bucketize, x: Floats) -> Floats:
    """The place of every column's bucket; NaN has the last one."""
    found = np.empty(x.shape)
    for j, (edges, places) in enumerate(zip(node.edges_of, node.places_of, strict=True)):
        number = np.searchsorted(edges, x[:, j], side="right")
        found[:, j] = places[np.where(np.isnan(x[:, j]), len(edges) + 1, number)]
    return found


def looked_up(node: ir.Values, x: Floats) -> Floats:
    """The rows that the indices name, side by side; `other` where there is none."""
    first = np.cumsum(node.counts) - node.counts
    inside = (x >= 0) & (x < node.counts)
    rows = node.values[first + np.where(inside, x, 0).astype(np.int64)]
    return np.where(inside[:, :, None], rows, node.other).reshape(len(x), -1)
