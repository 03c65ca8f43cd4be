"""The function that finds the leaf of a tree, in each of its forms."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from codegen.ir import Node, Round32, TreeEnsemble
from codegen.plan.program import Code, Helper, Stage, ctype_of, x_ctype
from codegen.plan.tables import Tables
from codegen.plan.trees.branches import float_splits, halves, trees_of, whole_splits
from codegen.plan.trees.leaves import (
    Leaves,
    count_bits,
    entries,
    in_leaves,
    in_rows,
    leaves_of,
    with_totals,
)
from codegen.plan.trees.sets import set_places, sets_of
from codegen.plan.trees.stream import rooted, stream_of
from codegen.plan.trees.thresholds import double_keys
from codegen.plan.whole import reads_whole, rounds

FROM_ZERO = 1
"""Of cg_category_left: fractions have no category, or those above 0, or those above -1."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A function from the name of a tree to that of its leaf, for templates that call it.

    values: `each`, the template of the loop over all trees; `tree`, how a tree is named in it.
    choice: what such a loop needs besides, where every tree is a function of its own.
    """

    node: TreeEnsemble
    leaves: Leaves
    helper: Helper
    choice: tuple[Helper, ...]
    values: dict[str, Any]
    kernels: tuple[str, ...]

    def stage(self, template: str, values: Mapping[str, Any], *helpers: Helper) -> Stage:
        """A stage that calls functions made for the ensemble, this one among them."""
        everything = (self.helper, *helpers)
        before = (unwrapped(self.node),)
        return Stage(f"nodes/{template}.c.j2", self.kernels, before, values, everything)


def walk_of(node: TreeEnsemble, tables: Tables) -> Walk:
    """The walk of an ensemble in the form that the program has, made once."""
    return tables.once("walk", node, lambda: walk(node, tables))


def walk(node: TreeEnsemble, tables: Tables) -> Walk:
    """The walk of an ensemble in the form that the program has."""
    leaves = leaves_of(node)
    if tables.dtype == "float64":
        leaves = in_rows(leaves, node)
    elif tables.form != "stream" and node.sets is None:
        leaves = in_leaves(leaves)
    made = stream
    if compares_doubles(node, tables):
        made = table
    elif tables.form != "stream" and node.sets is None:
        made = branches
    helper, kernels = made(node, leaves, tables)
    common = {
        "leaf": tables.name("leaf"),
        "leaf_kind": leaves.kind,
        "n_trees": int(node.roots.size),
        "n_out": node.size,
        "zero": "nodes/trees_zero.c.j2",
        "x": x_ctype(unwrapped(node), tables.dtype),
    }
    values = {**helper.values, **common}
    choice = (Helper("nodes/trees_choice.c.j2", values),) if "halves" in values else ()
    return Walk(node, leaves, replace(helper, values=values), choice, values, kernels)


def unwrapped(node: TreeEnsemble) -> Node:
    """The input of the walk, which rounds to float32 itself."""
    return node.x.x if rounds(node.x) else node.x


def compares_doubles(node: TreeEnsemble, tables: Tables) -> bool:
    """Whether the estimator compares its input as it is, not rounded to float32."""
    return tables.dtype == "float64" and not (isinstance(node.x, Round32) or reads_whole(node))


def stream(node: TreeEnsemble, leaves: Leaves, tables: Tables) -> tuple[Helper, tuple[str, ...]]:
    """A loop over the bytes of a tree."""
    counted = leaves.kind == "counts"
    if counted:
        texts, wide = entries(leaves.counts), 0
    else:
        texts, wide = numbers(leaves)
    made = stream_of(rooted(node), texts)
    content = tables.exact("stream", made.content)
    values = {
        "each": "nodes/trees_each_place.c.j2",
        "tree": Code("at"),
        "layout": made.layout,
        "leaf_bytes": wide,
        "stream": content,
        "entries": content,
        "told": False,
        "whole": reads_whole(node),
        "key_ctype": ctype_of(made.layout.table.distinct.dtype),
        "lengths": tables.integers("length", made.lengths),
        **categories(node, tables),
    }
    if made.layout.key:
        first = made.layout.table.first
        values["key"] = tables.exact("threshold", made.layout.table.distinct)
        values["first"] = tables.integers("first", first) if first.size else Code("")
    kernels = ["cg_bytes.h"] if values["whole"] else ["cg_bytes.h", "cg_goes_left.h"]
    kernels += ["cg_category_left.h"] if values["sets"] else []
    return Helper("nodes/trees_stream.c.j2", values), tuple(kernels)


def categories(node: TreeEnsemble, tables: Tables) -> dict[str, Any]:
    """The table of sets, where there are any, and which fractions have a category."""
    sets = Code("") if node.sets is None else tables.exact("set", sets_of(node)[0])
    return {"sets": sets, "fractions": FROM_ZERO + node.truncates - node.whole}


def numbers(leaves: Leaves) -> tuple[list[bytes], int]:
    """What leaves say as bytes, and how many: four where it may be negative."""
    code = leaves.code.tolist()
    wide = 4 if leaves.kind == "values" else max(1, -(-max(code).bit_length() // 8))
    return [c.to_bytes(wide, "little", signed=wide == 4) for c in code], wide


def branches(node: TreeEnsemble, leaves: Leaves, tables: Tables) -> tuple[Helper, tuple[str, ...]]:
    """Nested tests, a function for each tree."""
    code = leaves.code
    values: dict[str, Any] = {"each": "nodes/trees_each_number.c.j2", "tree": Code("t")}
    if leaves.kind == "counts":
        texts = with_totals(leaves.counts)
        code = np.cumsum([0, *(len(text) for text in texts[:-1])])
        values["entries"] = tables.exact("entry", np.frombuffer(b"".join(texts), np.uint8))
        values["told"] = True
    floats = tables.form == "float_branches" and bool(np.isfinite(node.threshold).all())
    splits = whole_splits(node) if reads_whole(node) else float_splits(node, floats=floats)
    values["trees"] = trees_of(node, code.tolist(), splits)
    if node.roots.size > 1:
        values["halves"] = halves(int(node.roots.size))
    used = {line.split for lines in values["trees"] for line in lines if line.split}
    kernels = ("cg_inline.h", *(f"{split}.h" for split in sorted(used)))
    return Helper("nodes/trees_branches.c.j2", values), kernels


def table(node: TreeEnsemble, leaves: Leaves, tables: Tables) -> tuple[Helper, tuple[str, ...]]:
    """A loop over nodes in tables, with thresholds of binary64."""
    split = rooted(node)
    here = np.arange(split.feature.size)
    sides = [
        np.where(link < 0, ~leaves.code[np.where(link < 0, ~link, 0)], link - here)
        for link in (split.left, split.right)
    ]
    roots = tables.integers("root", split.roots)
    feature = split.feature * 2 + split.missing_left
    key = double_keys(split.threshold)
    kernels = ["cg_goes_left_f64.h"]
    if node.sets is not None:
        feature = feature * 2 + split.asks_set
        key = np.where(split.asks_set, set_places(split), key)
        kernels.append("cg_category_left_f64.h")
    values = {
        "each": "nodes/trees_each_number.c.j2",
        "tree": Code(f"{roots}[t]"),
        "feature": tables.integers("feature", feature),
        "key": tables.exact("threshold", key),
        "left": tables.integers("left", sides[0]),
        "right": tables.integers("right", sides[1]),
        **categories(split, tables),
    }
    return Helper("nodes/trees_table_f64.c.j2", values), tuple(kernels)


def count_width(leaves: Leaves) -> int:
    """How many bits of an entry hold its count."""
    return count_bits(leaves.counts.shape[1])
