"""Linear maps in the leaves of trees: as whole numbers for float, as they are for double."""

from typing import Any

import numpy as np

from codegen import ir
from codegen.ir import Floats, Node
from codegen.plan.affine import Coefficients, coefficients, spare_bits
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables


def linear_leaves(node: ir.LinearLeaves, tables: Tables) -> Stage:
    """One call for all trees."""
    kernel = Code(f"cg_linear_leaves_{tables.suffix}")
    feature = tables.exact("feature", node.feature.astype(np.uint16))
    values: dict[str, Any] = {"kernel": kernel, "feature": feature, "n_in": node.by.size}
    values["n_trees"] = node.x.size // node.groups
    inputs: tuple[Node, ...] = (node.x, node.by)
    if tables.dtype == "float64":
        values["weight"] = tables.reals("weight", node.weight)
        return Stage("nodes/linear_leaves_f64.c.j2", (f"{kernel}.h",), inputs, values)
    whole = factors(node.weight)
    values["weight"] = tables.exact("weight", whole.weight.ravel())
    values["power"] = tables.exact("power", whole.power.ravel())
    values["spare"] = spare_bits(most_terms(node))
    return Stage("nodes/linear_leaves_f32.c.j2", (f"{kernel}.h",), inputs, values)


def factors(weight: Floats) -> Coefficients:
    """All factors as whole numbers, in one column."""
    return coefficients(weight[:, None][:, :0], weight)


def most_terms(node: ir.LinearLeaves) -> int:
    """No sum has more terms."""
    ends = np.flatnonzero(node.feature == node.by.size)
    return node.x.size // node.groups * (int(np.diff(ends).max(initial=1)) + 1)
