"""Where another index lies within the bounds of the values it is chosen from."""

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import Known
from codegen.meanings.pairwise import signs


def rivals(x: Floats, e: Floats) -> Floats:
    """1 where another value could be the largest within the bounds, else 0."""
    rows = np.arange(len(x))
    best = x.argmax(axis=1)
    other = x + e
    other[rows, best] = -np.inf
    floor = x[rows, best] - e[rows, best]
    unsure = (other.max(axis=1) >= floor) & (e.max(axis=1) > 0)
    return unsure[:, None].astype(np.float64)


def open_pairs(node: ir.Pairwise, given: Known) -> Floats:
    """How many votes of each class hang on pair values within their bounds."""
    is_open = (np.abs(given.value) <= given.bound) & (given.bound > 0)
    return is_open.astype(np.float64) @ np.abs(signs(node.n_classes)).astype(np.float64)
