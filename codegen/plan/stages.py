"""Which stage a node becomes: its template, its kernels, its tables."""

from typing import Any, assert_never

import numpy as np

from codegen import ir
from codegen.ir import Node
from codegen.plan.affine import coefficients
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables
from codegen.plan.trees import sum_stage, vote_stage, votes_exactly


def stage_of(node: Node, tables: Tables) -> Stage:  # noqa: C901, PLR0911, PLR0912 one case a node
    """The stage that computes a node, fused with the input that it only reduces."""
    match node:
        case ir.Gather():
            index = tables.exact("index", node.index.astype(np.uint16))
            return simple("gather", node, tables, index=index)
        case ir.Round32():
            return simple("round32", node, tables, in_place=True)
        case ir.Scale():
            return scale(node, tables)
        case ir.Centre():
            high, low = tables.reals("centre", node.high), tables.reals("centre_low", node.low)
            return simple("centre", node, tables, in_place=True, high=high, low=low)
        case ir.Clip():
            low, high = real(node.low, tables), real(node.high, tables)
            return simple("clip", node, tables, in_place=True, low=low, high=high)
        case ir.Impute():
            return missing("impute", node, tables, fill=tables.reals("fill", node.fill))
        case ir.IsMissing():
            return missing("is", node, tables)
        case ir.Normalize():
            return simple(f"normalize_{node.norm}", node, tables, "normalize", in_place=True)
        case ir.Elementwise():
            kernel = Code(f"cg_{node.function}_{tables.suffix}")
            kernels = (f"{kernel}.h",)
            values = {"kernel": kernel}
            return Stage("nodes/elementwise.c.j2", kernels, (node.x,), values, in_place=True)
        case ir.Softmax():
            return simple("softmax", node, tables, in_place=True)
        case ir.Proportion():
            return simple("proportion", node, tables, in_place=True)
        case ir.Complement():
            return Stage("nodes/complement.c.j2", (), (node.x,), {"one": real(1.0, tables)})
        case ir.Monomials():
            powers = tables.exact("power", node.powers.astype(np.uint8))
            return simple("monomials", node, tables, powers=powers)
        case ir.Affine(x=ir.Kernel() as kernel):
            return kernel_affine(node, kernel, tables)
        case ir.Affine():
            return affine(node, tables)
        case ir.Kernel():
            return over_kernel("kernel", kernel=node, tables=tables)
        case ir.Distance():
            return simple("distance", node, tables, centres=tables.reals("centre", node.centres))
        case ir.TreeEnsemble():
            return sum_stage(node, tables)
        case ir.PairwiseAffine():
            return pairwise_affine(node, tables)
        case ir.PairwiseVotes():
            return simple("pairwise_votes", node, tables)
        case ir.PairwiseScores():
            return simple("pairwise_scores", node, tables)
        case ir.PairwiseCoupling():
            scratch = node.n_classes * (node.n_classes + 1)
            return simple("pairwise_coupling", node, tables, scratch=scratch)
        case ir.ArgMax(x=ir.TreeEnsemble() as forest) if exact_votes(forest, tables):
            return vote_stage(forest, tables)
        case ir.ArgMax():
            return simple("argmax", node, tables)
        case ir.ArgMin(x=ir.Distance() as distance):
            centres = tables.reals("centre", distance.centres)
            return simple("nearest", distance, tables, centres=centres, n_centres=distance.size)
        case ir.ArgMin():
            return simple("argmin", node, tables)
        case ir.Threshold():
            template = "above_or_at" if node.inclusive else "above"
            return Stage(f"nodes/{template}.c.j2", (), (node.x,), {"cut": real(node.cut, tables)})
        case ir.Lookup():
            table = tables.exact("label", node.table.astype(np.int32))
            return Stage("nodes/lookup.c.j2", (), (node.x,), {"table": table})
        case ir.Input() | ir.Concat():
            raise AssertionError("an input or a concatenation is a place, not a stage")
        case _:
            assert_never(node)  # type: ignore[arg-type]


def exact_votes(forest: ir.TreeEnsemble, tables: Tables) -> bool:
    """Whether a forest's label is counted in integers; in float64 the plain sum is exact."""
    return tables.dtype == "float32" and votes_exactly(forest)


def real(value: float, tables: Tables) -> Any:
    """A number in the program's format."""
    return np.dtype(tables.dtype).type(value)


def simple(
    kernel: str,
    node: Node,
    tables: Tables,
    template: str = "",
    *,
    in_place: bool = False,
    scratch: int = 0,
    **values: Any,
) -> Stage:
    """A stage that is one call of one kernel, of its own name where no template is named."""
    name = Code(f"cg_{kernel}_{tables.suffix}")
    return Stage(
        f"nodes/{template or kernel}.c.j2",
        (f"{name}.h",),
        (ir.inputs(node)[0],),
        {"kernel": name, **values},
        in_place=in_place,
        scratch=scratch,
        scratch_ctype="real",
    )


def missing(kernel: str, node: ir.Impute | ir.IsMissing, tables: Tables, **values: Any) -> Stage:
    """Missing values are NaN, or one number."""
    if np.isnan(node.missing):
        template = f"{kernel}_nan"
        return simple(template, node, tables, in_place=True, **values)
    value = real(node.missing, tables)
    return simple(f"{kernel}_value", node, tables, in_place=True, missing=value, **values)


def scale(node: ir.Scale, tables: Tables) -> Stage:
    """One kernel call for each step that is there."""
    steps = ("subtract", "divide", "multiply", "add")
    used = [(s, a) for s, a in zip(steps, node.steps, strict=True) if a is not None]
    calls = [(Code(f"cg_{s}_{tables.suffix}"), tables.reals(s, a)) for s, a in used]
    kernels = tuple(f"{kernel}.h" for kernel, _ in calls)
    return Stage("nodes/scale.c.j2", kernels, (node.x,), {"calls": calls}, in_place=True)


def affine(node: ir.Affine, tables: Tables) -> Stage:
    """Block fixed point for float, plain sums for double."""
    if tables.dtype == "float64":
        weight, bias = tables.reals("weight", node.weight), tables.reals("bias", node.bias)
        return simple("affine", node, tables, "affine_f64", weight=weight, bias=bias)
    whole = coefficients(node.weight, node.bias)
    return simple(
        "affine",
        node,
        tables,
        "affine_f32",
        weight=tables.exact("weight", whole.weight),
        power=tables.exact("power", whole.power),
        spare=whole.spare,
    )


def over_kernel(template: str, *, kernel: ir.Kernel, tables: Tables, **values: Any) -> Stage:
    """A loop over support vectors that uses each kernel value at once."""
    assert kernel.function != "linear", "a pass turns linear kernels into an Affine"
    name = Code(f"cg_kernel_{kernel.function}_{tables.suffix}")
    values |= {
        "kernel": name,
        "value": f"nodes/kernel_{kernel.function}.c.j2",
        "vectors": tables.reals("vector", kernel.vectors),
        "n_vectors": kernel.size,
        "gamma": real(kernel.gamma, tables),
        "coef0": real(kernel.coef0, tables),
        "degree": kernel.degree,
    }
    add = {"kernel_affine": "cg_add_column", "pairwise_affine": "cg_add_pairs"}.get(template)
    kernels = (f"{name}.h", *([f"{add}_{tables.suffix}.h"] if add else []))
    scratch = int(values.get("n_sums", 0))
    return Stage(
        f"nodes/{template}.c.j2",
        kernels,
        (kernel.x,),
        values,
        scratch=scratch,
        scratch_ctype="real",
    )


def kernel_affine(node: ir.Affine, kernel: ir.Kernel, tables: Tables) -> Stage:
    """The sum over support vectors of their coefficients times the kernel."""
    return over_kernel(
        "kernel_affine",
        kernel=kernel,
        tables=tables,
        dual=tables.reals("dual", node.weight),
        bias=tables.reals("bias", node.bias),
        add=Code(f"cg_add_column_{tables.suffix}"),
        n_sums=node.size,
    )


def pairwise_affine(node: ir.PairwiseAffine, tables: Tables) -> Stage:
    """One kernel value serves all pairs of classes; each vector belongs to one class."""
    assert isinstance(node.x, ir.Kernel), "pairs of classes are sums over a kernel"
    own = np.repeat(np.arange(node.counts.size), node.counts)
    return over_kernel(
        "pairwise_affine",
        kernel=node.x,
        tables=tables,
        dual=tables.reals("dual", node.dual),
        bias=tables.reals("bias", node.bias),
        add=Code(f"cg_add_pairs_{tables.suffix}"),
        own=tables.integers("own", own),
        n_classes=int(node.counts.size),
        n_sums=node.size,
    )
