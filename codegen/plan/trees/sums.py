"""Sums of the leaf values of all trees, and what is made of them."""

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np

from codegen.ir import Floats, TreeEnsemble
from codegen.plan.program import Code, Helper, Stage
from codegen.plan.tables import Tables
from codegen.plan.trees.leaves import FIXED_BITS, reciprocals, whole_start
from codegen.plan.trees.walks import Walk, count_width, walk_of


def sum_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The mean of the leaf values, for every output."""
    if tables.dtype == "float64":
        return double_stage(node, tables)
    walk = walk_of(node, tables)
    step = np.float32(np.ldexp(1.0, -walk.leaves.shift) / node.divisor)
    return over_sums("trees_f32", node, tables, {"step": step})


def largest_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The first of the largest sums, compared as whole numbers."""
    stage = over_sums("trees_largest", node, tables, {})
    return replace(stage, kernels=(*stage.kernels, "cg_argmax_i32.h"))


def above_stage(node: TreeEnsemble, cut: float, *, inclusive: bool, tables: Tables) -> Stage:
    """Whether the one sum is above the cut (inclusive: or at it), compared as a whole number."""
    shift = walk_of(node, tables).leaves.shift
    units = Fraction(cut) * Fraction(node.divisor) * Fraction(2) ** shift
    least = ceil(units) if inclusive else floor(units) + 1
    most = (1 << FIXED_BITS) - 1
    return over_sums("trees_above", node, tables, {"least": min(max(least, -most), most)})


def over_sums(template: str, node: TreeEnsemble, tables: Tables, values: dict[str, Any]) -> Stage:
    """A stage that calls the function of the sums, into a buffer of its own."""
    walk = walk_of(node, tables)
    if node.values.shape[1] == 1:
        helpers: tuple[Helper, ...] = (
            tables.once("sum", node, lambda: sum_of_groups(walk, tables)),
        )
    else:
        added = add_of(walk, tables)
        named = tables.once(
            "sum",
            node,
            lambda: Helper("nodes/trees_sum.c.j2", {**added.values, "sum": tables.name("sum")}),
        )
        helpers = (added, named)
    stage = walk.stage(template, {**helpers[-1].values, **values}, *helpers)
    return replace(stage, scratch=node.size, scratch_ctype="int32_t")


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
