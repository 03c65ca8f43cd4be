"""The proof that whole-number sums alone give a forest's label, for forests that are small enough.

All pairs of sums that can be reached are followed tree after tree: those in binary64, as the
estimator adds them, and those in whole numbers. Pairs that both rules have decided alike, by more
than the trees to come can turn, are dropped.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Floats, Ints, TreeEnsemble
from codegen.plan.trees.leaves import Leaves, rows_of_trees

Number = TypeVar("Number", np.float64, np.int64)

MOST_STATES = 20_000
SLACK = 1e-6
"""Far above what the rounding of binary64 sums of at most MOST_TREES shares can be."""
MOST_TREES = 1000


def needs_no_settling(node: TreeEnsemble, leaves: Leaves) -> bool:
    """Whether the first largest whole-number sum is the estimator's label, whatever the input."""
    n_trees = int(node.roots.size)
    if n_trees > MOST_TREES:
        return False
    exact, whole = np.zeros((1, node.size)), np.zeros((1, node.size), np.int64)
    for t, rows in enumerate(rows_of_trees(node)):
        rows = np.unique(rows)
        if len(exact) * rows.size > MOST_STATES:
            return False
        exact, whole = joined(exact, node.values[rows]), joined(whole, leaves.units[rows])
        left = n_trees - t - 1
        open_ = ~alike(exact, whole, left + SLACK, left * leaves.most)
        exact, whole = distinct(exact[open_], whole[open_])
    label = (exact / node.divisor).argmax(axis=1)
    return bool((label == whole.argmax(axis=1)).all())


def joined(sums: NDArray[Number], values: NDArray[Number]) -> NDArray[Number]:
    """Every sum with every row added."""
    return np.asarray((sums[:, None, :] + values[None, :, :]).reshape(-1, sums.shape[1]))


def alike(exact: Floats, whole: Ints, turn: float, whole_turn: int) -> NDArray[np.bool_]:
    """Where both sums have the same leader, ahead by more than these."""
    first, whole_first = exact.argmax(axis=1), whole.argmax(axis=1)
    ordered, whole_ordered = np.sort(exact, axis=1), np.sort(whole, axis=1)
    ahead = ordered[:, -1] - ordered[:, -2] > turn
    whole_ahead = whole_ordered[:, -1] - whole_ordered[:, -2] > whole_turn
    return np.asarray((first == whole_first) & ahead & whole_ahead)


def distinct(exact: Floats, whole: Ints) -> tuple[Floats, Ints]:
    """Each pair of sums once."""
    both = np.hstack([exact.view(np.int64), whole])
    kept = np.unique(both, axis=0)
    n_out = exact.shape[1]
    return kept[:, :n_out].copy().view(np.float64), kept[:, n_out:]
