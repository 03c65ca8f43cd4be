"""Where an inexact value may lie in another bucket, and what a table of values loses then."""

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import Known


def bucket_loss(node: ir.Bucketize, given: Known) -> Floats:
    """1 where an edge lies within the bound of the value, else 0."""
    x, e = given.value, given.bound
    near = [
        np.searchsorted(edges, x[:, j] - e[:, j])
        != np.searchsorted(edges, x[:, j] + e[:, j], "right")
        for j, edges in enumerate(node.edges_of)
    ]
    return ((e > 0) & np.column_stack(near)).astype(np.float64)


def values_loss(node: ir.Values, e: Floats, value: Floats, unit: float) -> Floats:
    """The rounding of the table; no bound where another row may be meant."""
    moved = np.repeat(e > 0, node.values.shape[1], axis=1)
    return np.where(moved, np.inf, unit * np.abs(value))
