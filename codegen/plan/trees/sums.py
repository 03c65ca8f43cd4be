"""Sums of the leaf values of all trees, and what is made of them."""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np

from codegen.errors import UnsupportedModel
from codegen.ir import Floats, TreeEnsemble
from codegen.plan.program import Code, Helper, Stage
from codegen.plan.tables import Tables
from codegen.plan.trees.leaves import (
    FIXED_BITS,
    largest_sum,
    reciprocals,
    rows_of_trees,
    whole_start,
)
from codegen.plan.trees.walks import Walk, count_width, walk_of

LOOK_EVERY = 4
"""Trees between two looks at a sum: a look costs about a fourth of a small tree."""


def sum_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The mean of the leaf values, for every output."""
    if tables.dtype == "float64":
        return double_stage(node, tables)
    if largest_sum(node) / node.divisor > np.finfo(np.float32).max:
        raise UnsupportedModel(
            "sums of leaf values are beyond float32's range; export with --dtype float64"
        )
    walk = walk_of(node, tables)
    step = np.float32(np.ldexp(1.0, -walk.leaves.shift) / node.divisor)
    stage = over_sums("trees_f32", node, tables, {"step": step})
    return replace(stage, kernels=(*stage.kernels, "cg_scaled_f32.h"))


def largest_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The first of the largest sums, compared as whole numbers."""
    stage = over_sums("trees_largest", node, tables, {})
    return replace(stage, kernels=(*stage.kernels, "cg_argmax_i32.h"))


def above_stage(node: TreeEnsemble, cut: float, *, inclusive: bool, tables: Tables) -> Stage:
    """Whether the one sum is above the cut (inclusive: or at it), compared as a whole number."""
    walk = walk_of(node, tables)
    units = Fraction(cut) * Fraction(node.divisor) * Fraction(2) ** walk.leaves.shift
    least = within(ceil(units) if inclusive else floor(units) + 1)
    if not walk.choice:
        return over_sums("trees_above", node, tables, {"least": least})
    values = {**walk.values, "vote": tables.name("above"), "calls": above_calls(walk, least)}
    start = int(whole_start(node, walk.leaves.shift)[0])
    helper = Helper("nodes/trees_above_calls.c.j2", {**values, "start": start, "least": least})
    return walk.stage("trees_call", helper.values, helper)


def within(units: int) -> int:
    """The nearest number that a sum can be compared with."""
    most = (1 << FIXED_BITS) - 1
    return min(max(units, -most), most)


@dataclass(frozen=True, slots=True, eq=False)
class SumCall:
    """The call of a tree's own function; whether to look behind it, and what decides then.

    yes: the least sum that stays above the cut whatever follows; no: below it none gets there.
    """

    leaf: Code
    look: bool
    yes: int
    no: int


def above_calls(walk: Walk, least: int) -> list[SumCall]:
    """The trees one after the other; now and then it is seen whether the rest can matter."""
    units = walk.leaves.units[:, 0]
    low, high = (
        np.array([int(pick(units[rows])) for rows in rows_of_trees(walk.node)])
        for pick in (np.min, np.max)
    )
    down, up = (np.cumsum(a[::-1])[::-1] - a for a in (low, high))
    n_trees = walk.node.roots.size
    return [
        SumCall(
            leaf=Code(f"{walk.values['leaf']}_{t}"),
            look=t % LOOK_EVERY == LOOK_EVERY - 1 and t < n_trees - 1,
            yes=within(least - int(down[t])),
            no=within(least - int(up[t])),
        )
        for t in range(n_trees)
    ]


def over_sums(template: str, node: TreeEnsemble, tables: Tables, values: dict[str, Any]) -> Stage:
    """A stage that calls the function of the sums, into a buffer of its own."""
    walk = walk_of(node, tables)
    helpers = (*walk.choice, *sum_of(walk, tables))
    stage = walk.stage(template, {**helpers[-1].values, **values}, *helpers)
    return replace(stage, scratch=node.size, scratch_ctype="int32_t")


def sum_of(walk: Walk, tables: Tables) -> tuple[Helper, ...]:
    """The function that adds the leaf values of all trees, behind what it calls; made once."""
    if walk.node.values.shape[1] == 1:
        return (tables.once("sum", walk.node, lambda: sum_of_groups(walk, tables)),)
    added = add_of(walk, tables)

    def made() -> Helper:
        return Helper("nodes/trees_sum.c.j2", {**added.values, "sum": tables.name("sum")})

    return added, tables.once("sum", walk.node, made)


def sum_of_groups(walk: Walk, tables: Tables) -> Helper:
    """The function that adds the one value of each leaf to the output of its tree."""
    node, leaves = walk.node, walk.leaves
    start = whole_start(node, leaves.shift).astype(np.int32)
    value = Code("")
    if leaves.kind != "values":
        units = np.zeros(int(leaves.code.max()) + 1, np.int32)
        units[leaves.code] = leaves.units[:, 0]
        value = tables.exact("value", units)
    values = {
        "sum": tables.name("sum"),
        "start": tables.exact("start", start) if start.any() else Code(""),
        "value": value,
        "n_summed": node.n_summed,
    }
    return Helper("nodes/trees_sum_groups.c.j2", walk.values | values)


def add_of(walk: Walk, tables: Tables) -> Helper:
    """The function that adds one leaf to the sums, in whole units; made once."""
    return tables.once("add", walk.node, lambda: add(walk, tables))


def add(walk: Walk, tables: Tables) -> Helper:
    """The function that adds one leaf to the sums, in whole units."""
    values = walk.values | {"add": tables.name("add"), "n_pure": 0}
    if walk.leaves.kind == "label":
        return Helper("nodes/trees_add_label.c.j2", values)
    values["one"] = 1 << walk.leaves.shift if walk.leaves.shift >= 0 else 0
    if walk.leaves.kind == "counts":
        return Helper("nodes/trees_add_counts.c.j2", values | counted(walk, tables))
    return Helper("nodes/trees_add_rows.c.j2", values | rows(walk, tables))


def counted(walk: Walk, tables: Tables) -> dict[str, Any]:
    """What the reading of counts needs."""
    bits, down = count_width(walk.leaves), FIXED_BITS - walk.leaves.shift
    unit = reciprocals(walk.leaves.counts).astype(np.uint32)
    return {
        "reciprocal": tables.exact("reciprocal", unit),
        "count_bits": bits,
        "count_mask": np.uint32((1 << bits) - 1),
        "class_mask": np.uint32((128 >> bits) - 1),
        "half": np.uint32(1 << (down - 1)),
        "down": down,
    }


def ordered(walk: Walk, rows: Any) -> Any:
    """Rows in the order of the numbers by which leaves name them."""
    found = np.zeros((int(walk.leaves.code.max()) + 1, rows.shape[1]), rows.dtype)
    found[walk.leaves.code] = rows
    return found


def rows(walk: Walk, tables: Tables) -> dict[str, Any]:
    """The table of rows; those of one class are left out where they come first, class by class."""
    value, n_out = ordered(walk, walk.node.values), walk.node.size
    pure = n_out if len(value) >= n_out and bool((value[:n_out] == np.eye(n_out)).all()) else 0
    distinct, place = np.unique(value[pure:], return_inverse=True)
    units = np.zeros(distinct.size, np.int32)
    units[place.ravel()] = ordered(walk, walk.leaves.units)[pure:].ravel()
    return {
        "n_pure": pure,
        "value": tables.exact("value", units),
        "index": tables.integers("leaf_value", place),
        "distinct": distinct,
    }


def double_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """Leaf values added as the estimator adds them."""
    walk = walk_of(node, tables)
    value: Floats = ordered(walk, node.values)
    values = walk.values | {
        "value": tables.reals("value", value),
        "divisor": np.float64(node.divisor),
    }
    if node.values.shape[1] > 1:
        return walk.stage("trees_f64", values)
    values |= {
        "start": tables.reals("start", node.initial) if node.initial.any() else Code(""),
        "n_summed": node.n_summed,
        "single": node.single,
    }
    return walk.stage("trees_f64_groups", values)
