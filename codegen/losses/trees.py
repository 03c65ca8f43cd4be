"""What sums over trees lose."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.choices import rivals
from codegen.losses.common import UNIT, Known
from codegen.meanings.trees import leaf_rows, tree_sum
from codegen.plan.program import Dtype
from codegen.plan.trees import leaves_of, votes_exactly


def tree_loss(node: ir.TreeEnsemble, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """Exact inputs take the exact path; then only leaf values in fixed point are rounded.

    Sums that the estimator rounds to float32 at each step are off by as much as they are here.
    """
    e = given.bound
    own: Floats = np.zeros_like(value)
    if dtype == "float32":
        step = leaves_of(node).error * (node.n_summed + 1) / node.divisor
        own = own + step + 3 * UNIT[dtype] * np.abs(value)
    if dtype == "float32" and node.single:
        exact = replace(node, single=False)
        mean = tree_sum(exact, leaf_rows(exact, given.value)) / node.divisor
        own = own + np.abs(mean - value)
    used = np.unique(node.feature)
    sure = (e[:, used] == 0).all(axis=1) if used.size else np.ones(len(e), bool)
    return np.asarray(np.where(sure[:, None], own, np.inf))


def keys_loss(node: ir.Keys, e: Floats) -> Floats:
    """Nothing; no bound where the number may be another one."""
    return np.repeat(np.where(e[:, node.feature] > 0, np.inf, 0.0), 2, axis=1)


def vote_loss(node: ir.ArgMax, forest: ir.TreeEnsemble, given: Known, dtype: Dtype) -> Floats:
    """Votes are counted exactly; where they are not, as any other largest value."""
    if dtype == "float32" and node.blur == 0 and votes_exactly(forest):
        return np.any(np.isinf(given.bound), axis=1)[:, None].astype(np.float64)
    return rivals(given.value, given.bound + node.blur_at(given.value) / 2)
