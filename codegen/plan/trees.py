"""Tree ensembles as tables: links, integer keys, leaf values in fixed point, exact votes."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Floats, Ints, Node, Round32, TreeEnsemble
from codegen.plan.program import Helper, Stage
from codegen.plan.tables import Tables

FIXED_BITS = 31


def floor32(threshold: Floats) -> Floats:
    """The largest float32 at most as large: x <= t keeps its answer for every float32 x."""
    with np.errstate(over="ignore"):
        near = threshold.astype(np.float32)
    down = np.nextafter(near, np.float32(-np.inf))
    return np.where(near.astype(np.float64) > threshold, down, near).astype(np.float64)


def keys(threshold: Floats) -> NDArray[np.int32]:
    """Integers that order like floats: the bits, the low 31 inverted if negative; rounded down."""
    bits = (floor32(threshold).astype(np.float32) + np.float32(0)).view(np.int32)
    return np.where(bits < 0, bits ^ np.int32(0x7FFFFFFF), bits).astype(np.int32)


def links(child: Ints) -> Ints:
    """Distance to an inner child, or ~row of a leaf: small numbers whatever the tree's place."""
    return np.where(child >= 0, child - np.arange(child.size), child)


def walk(node: TreeEnsemble, tables: Tables) -> Helper:
    """The function that goes from a root to a leaf."""
    values = {
        "feature": tables.integers("feature", node.feature * 2 + node.missing_left),
        "key": tables.exact("threshold", keys(node.threshold)),
        "left": tables.integers("left", links(node.left)),
        "right": tables.integers("right", links(node.right)),
        "roots": tables.integers("root", node.roots),
        "n_trees": int(node.roots.size),
        "n_out": node.size,
        "leaf": tables.name("leaf"),
    }
    template = "nodes/trees_leaf.c.j2" if node.feature.size else "nodes/trees_stump.c.j2"
    return Helper(template, values)


def unwrapped(node: TreeEnsemble) -> Node:
    """The input of the walk, which rounds to float32 itself."""
    return node.x.x if isinstance(node.x, Round32) else node.x


@dataclass(frozen=True, slots=True, eq=False)
class FixedValues:
    """Leaf values in units of 2^-shift; sums of a whole ensemble stay below 2^31."""

    distinct: Floats
    index: Ints
    shift: int

    @property
    def fixed(self) -> NDArray[np.int32]:
        """The distinct values, rounded to whole units."""
        return np.rint(np.ldexp(self.distinct, self.shift)).astype(np.int32)

    def largest_spread(self, node: TreeEnsemble) -> int:
        """How far, in units, the integer sums of two classes can be from the true sums' lead.

        Sum over trees of the largest difference of two rounding errors in a leaf, and the slack
        of binary64 sums: below T^2 2^(shift - 52) + 1 units.
        """
        unit = Fraction(1, 1 << self.shift) if self.shift >= 0 else Fraction(1 << -self.shift)
        error = np.array(
            [
                float(Fraction(v) / unit - int(q))
                for v, q in zip(self.distinct, self.fixed, strict=True)
            ]
        )
        rows = error[self.index]
        spread = rows.max(axis=1) - rows.min(axis=1)
        n_trees = node.roots.size
        total = sum(float(spread[leaves].max()) for leaves in leaves_of_trees(node))
        slack = n_trees * n_trees * 2.0 ** (self.shift - 52)
        return int(np.ceil(total * (1 + 1e-9) + slack)) + 2


def fixed_values(node: TreeEnsemble) -> FixedValues:
    """The finest units in which the sum over all trees fits 31 bits and a sign."""
    distinct, index = np.unique(node.values, return_inverse=True)
    size = float(np.abs(distinct).max()) or 1.0
    # |sum| <= n_trees (size 2^shift + 1/2) must stay below 2^31
    room = (2.0**FIXED_BITS - node.roots.size) / (node.roots.size * size)
    shift = int(np.floor(np.log2(room)))
    while np.ldexp(size, shift) * node.roots.size + node.roots.size >= 2.0**FIXED_BITS:
        shift -= 1
    return FixedValues(distinct, index.reshape(node.values.shape), shift)


def leaves_of_trees(node: TreeEnsemble) -> list[Ints]:
    """The rows of `values` that each tree can give."""
    starts = node.roots[node.roots >= 0]
    owner = np.searchsorted(starts, np.arange(node.feature.size), side="right") - 1
    both = np.stack([node.left, node.right], axis=1)
    owners = np.broadcast_to(owner[:, None], both.shape)[both < 0]
    rows = ~both[both < 0]
    order = np.argsort(owners, kind="stable")
    cuts = np.searchsorted(owners[order], np.arange(1, starts.size))
    inner = iter(np.split(rows[order], cuts)) if starts.size else iter(())
    return [np.array([~root]) if root < 0 else next(inner) for root in node.roots]


def sum_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The mean of the leaf values, for every output."""
    leaf = tables.once("walk", node, lambda: walk(node, tables))
    if tables.dtype == "float64":
        values = {"value": tables.reals("value", node.values), "divisor": np.float64(node.divisor)}
        return forest_stage("trees_f64", node, {**leaf.values, **values}, leaf)
    total = tables.once("sum", node, lambda: fixed_sum(node, tables, leaf))
    step = np.float32(np.ldexp(1.0, -fixed_values(node).shift) / node.divisor)
    values = {**total.values, "step": step}
    stage = forest_stage("trees_f32", node, values, leaf, total)
    return replace(stage, scratch=node.size, scratch_ctype="int32_t")


def forest_stage(
    template: str, node: TreeEnsemble, values: dict[str, Any], *helpers: Helper
) -> Stage:
    """A stage that calls the functions made for an ensemble."""
    kernels = ("cg_goes_left.h",) if node.feature.size else ()
    return Stage(f"nodes/{template}.c.j2", kernels, (unwrapped(node),), values, helpers)


def fixed_sum(node: TreeEnsemble, tables: Tables, leaf: Helper) -> Helper:
    """The function that adds the leaf values of all trees, in fixed point."""
    fixed = fixed_values(node)
    values = {**leaf.values, "sum": tables.name("sum")}
    if node.size == 1:
        values["value"] = tables.exact("value", fixed.fixed[fixed.index])
        return Helper("nodes/trees_sum_one.c.j2", values)
    values["value"] = tables.exact("value", fixed.fixed)
    values["index"] = tables.integers("leaf_value", fixed.index)
    return Helper("nodes/trees_sum.c.j2", values)


def vote_stage(node: TreeEnsemble, tables: Tables) -> Stage:
    """The first class whose mean share is the largest, exactly as binary64 sums decide it."""
    leaf = tables.once("walk", node, lambda: walk(node, tables))
    if node.roots.size == 1 or one_hot(node.values):
        label = tables.integers("label", node.values.argmax(axis=1))
        values = {**leaf.values, "label": label, "vote": tables.name("vote")}
        one = "trees_label_one" if node.roots.size == 1 else "trees_label"
        return forest_stage("trees_vote", node, values, leaf, Helper(f"nodes/{one}.c.j2", values))
    total = tables.once("sum", node, lambda: fixed_sum(node, tables, leaf))
    fixed = fixed_values(node)
    values = {
        **total.values,
        "bits": tables.exact("value_bits", fixed.distinct.view(np.uint64)),
        "divisor": int(node.divisor),
        "lead": fixed.largest_spread(node),
        "settle": tables.name("settle"),
        "vote": tables.name("vote"),
    }
    stage = forest_stage(
        "trees_vote", node, values, leaf, total, Helper("nodes/trees_settle.c.j2", values)
    )
    return replace(stage, kernels=(*stage.kernels, "cg_exact_f64.h"))


def votes_exactly(node: TreeEnsemble) -> bool:
    """Whether the integer sums can settle ties: shares between 0 and 1, a whole divisor."""
    shares = (node.values == 0) | ((node.values >= 2.0**-1000) & (node.values <= 1))
    return bool(shares.all()) and node.divisor == node.roots.size


def one_hot(values: Floats) -> bool:
    """Whether every row is 1 for one class and 0 for the others."""
    return bool((((values == 0) | (values == 1)).all()) and (values.sum(axis=1) == 1).all())
