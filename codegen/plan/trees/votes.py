"""The label of a forest: shares of classes counted in whole numbers, ties settled exactly."""

from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Any

import numpy as np

from codegen.ir import TreeEnsemble
from codegen.plan.program import Code, Helper, Stage
from codegen.plan.tables import Tables
from codegen.plan.trees.leaves import FIXED_BITS, lead_error
from codegen.plan.trees.proof import needs_no_settling
from codegen.plan.trees.sums import SumCall, add_of, ordered
from codegen.plan.trees.walks import Walk, walk_of


def vote_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The first class whose mean share is the largest, exactly as binary64 sums decide it."""
    walk = walk_of(node, tables)
    if node.roots.size == 1:
        return one_label(walk, tables)
    exact = walk.leaves.kind == "label" or needs_no_settling(node, walk.leaves)
    values: dict[str, Any] = {
        **walk.values,
        "vote": tables.name("vote"),
        "settle": Code("") if exact else tables.name("settle"),
        "lead": 0 if exact else lead_error(node, walk.leaves),
        "most": walk.leaves.most,
        "divisor": int(node.divisor),
        "leads": Code(""),
        **looks(node),
    }
    values["open"] = values["most"] * int(node.roots.size) + values["lead"]
    assert values["open"] < 1 << FIXED_BITS, "a forest of too many trees for its units"
    values["calls"] = calls(walk, values) if walk.choice else []
    two = node.size == 2 and walk.leaves.kind != "counts"
    helpers = vote_of_two(walk, tables, values) if two else vote_of_many(walk, tables, values)
    helpers = [*(() if exact else walk.choice), *helpers]
    stage = walk.stage("trees_call", helpers[-1].values, *helpers)
    return stage if exact else replace(stage, kernels=(*stage.kernels, "cg_exact_f64.h"))


def vote_of_two(walk: Walk, tables: Tables, values: dict[str, Any]) -> list[Helper]:
    """One sum: how many trees vote for the second class, or by how much it leads."""
    if walk.leaves.kind == "label" and values["calls"]:
        return [Helper("nodes/trees_above_calls.c.j2", values | majority(values["calls"]))]
    units = ordered(walk, walk.leaves.units)
    values |= {"leads": tables.integers("lead", units[:, 1] - units[:, 0]), "n_pure": 0}
    helpers = [Helper("nodes/trees_vote_two.c.j2", values)]
    if values["settle"]:
        distinct, place = np.unique(ordered(walk, walk.node.values), return_inverse=True)
        values["bits"] = tables.exact("value_bits", distinct.view(np.uint64))
        values["index"] = tables.integers("leaf_value", place)
        helpers.insert(0, Helper("nodes/trees_settle_rows.c.j2", values))
    return helpers


def majority(calls: list["Call"]) -> dict[str, Any]:
    """Leaves that are 0 or 1, added until more than half of the trees say 1, or cannot."""
    least, n_trees = len(calls) // 2 + 1, len(calls)
    sums = [
        SumCall(c.leaf, look=c.look and t < n_trees, yes=least, no=least - (n_trees - t))
        for t, c in enumerate(calls, start=1)
    ]
    return {"calls": sums, "start": 0, "least": least}


def vote_of_many(walk: Walk, tables: Tables, values: dict[str, Any]) -> list[Helper]:
    """A sum for each class, and a look at them now and then."""
    added = add_of(walk, tables)
    values = {**added.values, **values, "leader": tables.name("leader")}
    if walk.leaves.kind == "rows" and values["settle"]:
        values["bits"] = tables.exact("value_bits", values["distinct"].view(np.uint64))
    settle = [f"settle_{walk.leaves.kind}"] if values["settle"] else []
    parts = ["leader", *settle, "vote"]
    return [added, *(Helper(f"nodes/trees_{part}.c.j2", values) for part in parts)]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """The call of a tree's own function, and what stays open behind it; whether to look then."""

    leaf: Code
    open: int
    look: bool


def calls(walk: Walk, values: dict[str, Any]) -> list[Call]:
    """The trees one after the other, without a loop."""
    first, every = values["look_first"], values["look_every"]
    return [
        Call(
            leaf=Code(f"{values['leaf']}_{t}"),
            open=values["open"] - (t + 1) * values["most"],
            look=t + 1 >= first and (t + 1 - first) % every == 0,
        )
        for t in range(walk.node.roots.size)
    ]


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
