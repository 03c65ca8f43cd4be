"""Passes: a Model becomes a simpler Model with the same answers, step by named step."""

from collections.abc import Callable

from codegen.ir import Model, Node
from codegen.passes.columns import drop_unused, select_early, tree_columns
from codegen.passes.compared import mark_compared, nearest_by_dot
from codegen.passes.decisions import collapse_linear_kernel, decide_early
from codegen.passes.fold_scale import fold_scale, merge_affine
from codegen.passes.fold_thresholds import floor_thresholds, fold_thresholds
from codegen.passes.lower import lower
from codegen.passes.recentre import recentre
from codegen.passes.trees import merge_leaves
from codegen.passes.whole_input import declare, fill_nothing, nearest_of_bytes, settle_splits, widen
from codegen.plan.program import Dtype

__all__ = ["declare", "prepare"]

Rule = Callable[[Node], Node]

SHARED: tuple[Rule, ...] = (
    select_early,
    fill_nothing,
    decide_early,
    collapse_linear_kernel,
    fold_scale,
    merge_affine,
    drop_unused,
    floor_thresholds,
    tree_columns,
    settle_splits,
    merge_leaves,
)
"""For every number format, in this order; each says what it keeps."""

FLOAT32: tuple[Rule, ...] = (
    *SHARED[:-1],
    fold_thresholds,
    tree_columns,
    merge_leaves,
    nearest_of_bytes,
    recentre,
    nearest_by_dot,
)
"""For float32 inputs: their order is that of 32-bit keys, so steps fold into thresholds."""


def prepare(model: Model, dtype: Dtype) -> Model:
    """The model in the form that is planned and written."""
    for rule in FLOAT32 if dtype == "float32" else SHARED:
        model = model.rewritten(rule)
    if dtype == "float64":
        return widen(model, sums=False)
    return widen(mark_compared(model), sums=True).rewritten(lower)
