"""The label of a forest: shares of classes counted in whole numbers, ties settled exactly."""

from dataclasses import replace
from math import ceil, sqrt
from typing import Any

import numpy as np

from codegen.ir import TreeEnsemble
from codegen.plan.program import Code, Helper, Stage
from codegen.plan.tables import Tables
from codegen.plan.trees.leaves import lead_error
from codegen.plan.trees.sums import add_of, ordered
from codegen.plan.trees.walks import Walk, walk_of


def vote_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The first class whose mean share is the largest, exactly as binary64 sums decide it."""
    walk = walk_of(node, tables)
    if node.roots.size == 1:
        return one_label(walk, tables)
    added = add_of(walk, tables)
    exact = walk.leaves.kind == "label"
    error = 0 if exact else lead_error(node, walk.leaves)
    values = dict(added.values) | {
        "vote": tables.name("vote"),
        "leader": tables.name("leader"),
        "settle": Code("") if exact else tables.name("settle"),
        "open": (wide := walk.leaves.most * int(node.roots.size) + error),
        "open_type": Code("int32_t" if wide < 1 << 31 else "int64_t"),
        "most": walk.leaves.most,
        "lead": error,
        "divisor": int(node.divisor),
        **looks(node),
    }
    if walk.leaves.kind == "rows":
        values["bits"] = tables.exact("value_bits", values["distinct"].view(np.uint64))
    parts = ["leader", "vote"] if exact else ["leader", f"settle_{walk.leaves.kind}", "vote"]
    helpers = [Helper(f"nodes/trees_{part}.c.j2", values) for part in parts]
    stage = walk.stage("trees_call", values, added, *helpers)
    return stage if exact else replace(stage, kernels=(*stage.kernels, "cg_exact_f64.h"))


def one_label(walk: Walk, tables: Tables) -> Stage:
    """One tree: the first class with the largest value in its leaf."""
    label = ordered(walk, walk.node.values).argmax(axis=1)
    same = bool((label == np.arange(label.size)).all())
    values = walk.values | {"label": Code("") if same else tables.integers("label", label)}
    return walk.stage("trees_label", values)


def looks(node: TreeEnsemble) -> dict[str, Any]:
    """After how many trees the lead is looked at first, and then again; always after the last.

    A look costs about 8 instructions a class, a tree about 60; a lead can hold only from the half
    on, and a third of the trees are left then as a rule.
    """
    n_trees = int(node.roots.size)
    n_looks = sqrt(15 * n_trees / (8 * node.size))
    gain = 18 * n_trees - n_looks * 8 * node.size - 15 * n_trees / n_looks
    every = max(1, ceil(n_trees / 2 / n_looks)) if gain > 0 else n_trees
    return {"look_every": every, "look_first": n_trees - every * (n_trees // 2 // every)}
