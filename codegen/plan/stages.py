"""Which stage a node becomes: its template, its kernels, its tables."""

from typing import assert_never

import numpy as np

from codegen import ir
from codegen.ir import Node
from codegen.plan.calls import real, simple
from codegen.plan.curves import interpolate, pieces, weighted_median
from codegen.plan.iterations import descent, factorize, latent_dirichlet
from codegen.plan.layers import in_block, in_relu, in_whole_numbers
from codegen.plan.leaves import linear_leaves
from codegen.plan.neighbors import (
    barycentre_stage,
    chosen_stage,
    donate_stage,
    geodesic_stage,
    least_stage,
    mean_stage,
    nearest_stage,
    radius_mean_stage,
)
from codegen.plan.places import alias
from codegen.plan.program import Code, Stage
from codegen.plan.quadratic import densities_stage, gaussians, least_sum_stage, shares_stage
from codegen.plan.sums import (
    affine,
    distances,
    over_kernel,
    pairwise_affine,
)
from codegen.plan.tables import Tables
from codegen.plan.texts import term_counts
from codegen.plan.trees import above_stage, largest_stage, sum_stage, vote_stage, votes_exactly
from codegen.plan.whole import whole_columns


def stage_of(node: Node, tables: Tables) -> Stage:  # noqa: C901, PLR0911, PLR0912, PLR0915 one case a node
    """The stage that computes a node, fused with the input that it only reduces."""
    match node:
        case ir.Gather():
            index = tables.exact("index", node.index.astype(np.uint16))
            return simple("gather", node, tables, index=index)
        case ir.Round32() if whole_columns(node.x) is not None:
            return widened(node, tables)
        case ir.Round32():
            return simple("round32", node, tables, in_place=True)
        case ir.Scale() if tables.dtype == "float64" and (found := gaussians(node)):
            return densities_stage(found, tables)
        case ir.Scale(is_centre=True, subtract=np.ndarray() as moved, add=np.ndarray() as rest):
            high, low = tables.reals("centre", moved), tables.reals("centre_low", -rest)
            return simple("centre", node, tables, in_place=True, high=high, low=low)
        case ir.Scale():
            return scale(node, tables)
        case ir.Clip():
            low, high = real(node.low, tables), real(node.high, tables)
            return simple("clip", node, tables, in_place=True, low=low, high=high)
        case ir.Impute(by=ir.Node() as other):
            kernel = Code(f"cg_impute_nan_{tables.suffix}")
            values = {"kernel": kernel}
            inputs = (node.x, other)
            return Stage("nodes/impute_by.c.j2", (f"{kernel}.h",), inputs, values)
        case ir.Impute(makes_nan=True):
            low, high = real(node.low, tables), real(node.high, tables)
            return simple("hole", node, tables, in_place=True, low=low, high=high)
        case ir.Impute():
            return impute(node, tables)
        case ir.Normalize(norm="sum"):
            none = real(node.none, tables)
            return simple("normalize_sum", node, tables, in_place=True, none=none)
        case ir.Normalize():
            return simple(f"normalize_{node.norm}", node, tables, "normalize", in_place=True)
        case ir.Elementwise(x=ir.Affine() as layer, function="relu") if in_relu(layer, tables):
            return in_whole_numbers("relu", layer, tables, template="affine")
        case ir.Elementwise():
            kernel = Code(f"cg_{node.function}_{tables.suffix}")
            kernels = (f"{kernel}.h",)
            values = {"kernel": kernel}
            return Stage("nodes/elementwise.c.j2", kernels, (node.x,), values, in_place=True)
        case ir.Softmax() if tables.dtype == "float32" and (found := gaussians(node.x)):
            return shares_stage(found, tables)
        case ir.Softmax():
            return simple("softmax", node, tables, in_place=True)
        case ir.LogSumExp():
            return simple("log_sum_exp", node, tables)
        case ir.LogisticMean():
            return simple("logistic_mean", node, tables)
        case ir.Monomials():
            powers = tables.exact("power", node.powers.astype(np.uint8))
            return simple("monomials", node, tables, powers=powers)
        case ir.Affine(is_complement=True):
            return Stage("nodes/complement.c.j2", (), (node.x,), {"one": real(1.0, tables)})
        case ir.Affine():
            return affine(node, tables)
        case ir.Kernel():
            return over_kernel("kernel", kernel=node, tables=tables)
        case ir.Distance():
            return distances(node, tables)
        case ir.TreeEnsemble():
            return sum_stage(node, tables)
        case ir.Keys():
            features = tables.exact("feature", node.feature.astype(np.uint16))
            return simple("keys", node, tables, features=features, count=node.feature.size)
        case ir.LinearLeaves():
            return linear_leaves(node, tables)
        case ir.PairwiseAffine():
            return pairwise_affine(node, tables)
        case ir.Pairwise():
            scratch = node.n_classes * (node.n_classes + 1) if node.rule == "coupling" else 0
            return simple(f"pairwise_{node.rule}", node, tables, scratch=scratch)
        case ir.ArgMax(x=ir.TreeEnsemble() as forest) if exact_votes(forest, tables):
            return vote_stage(forest, tables)
        case ir.ArgMax(x=ir.TreeEnsemble() as forest) if tables.dtype == "float32":
            return largest_stage(forest, tables)
        case ir.ArgMax(x=ir.Affine() as scores) if in_block(scores, tables):
            return in_whole_numbers("argmax", scores, tables)
        case ir.ArgMax() if tables.dtype == "float32" and (found := gaussians(node.x)):
            return least_sum_stage(found, tables)
        case ir.ArgMax():
            return simple("argmax", node, tables)
        case ir.Threshold(x=ir.Affine() as score, cut=0) if in_block(score, tables):
            return in_whole_numbers("sum", score, tables, compare=above(node))
        case ir.Threshold(x=ir.TreeEnsemble() as forest) if tables.dtype == "float32":
            return above_stage(forest, node.cut, inclusive=node.inclusive, tables=tables)
        case ir.Threshold():
            template = "above_or_at" if node.inclusive else "above"
            return Stage(f"nodes/{template}.c.j2", (), (node.x,), {"cut": real(node.cut, tables)})
        case ir.OneHot():
            counts = tables.exact("count", node.counts.astype(np.uint16))
            return simple("one_hot", node, tables, counts=counts)
        case ir.Interpolate():
            return interpolate(node, tables)
        case ir.WeightedMedian():
            return weighted_median(node, tables)
        case ir.Bucketize():
            return bucketize(node, tables)
        case ir.Values():
            return values_of(node, tables)
        case ir.Piecewise():
            return pieces(node, tables)
        case ir.Lookup(by=ir.Distance(streamed=True) as distance):
            return chosen_stage(node, distance, tables)
        case ir.Lookup(by=ir.Node() as values):
            return Stage("nodes/lookup_by.c.j2", (), (node.x, values), {})
        case ir.Lookup(table=np.ndarray() as table):
            return lookup(node, table, tables)
        case ir.Neighbors(x=ir.Distance(streamed=True) as distance):
            return nearest_stage(node, distance, tables)
        case ir.Neighbors(x=ir.Distance(power=2.0) as distance, count=1):
            centres = tables.reals("centre", distance.centres)
            return simple("nearest", distance, tables, centres=centres, n_centres=distance.size)
        case ir.Neighbors(count=1):
            return simple("argmin", node, tables)
        case ir.Neighbors():
            return least_stage(node, tables)
        case ir.NeighborMean():
            return mean_stage(node, tables)
        case ir.RadiusMean():
            return radius_mean_stage(node, tables)
        case ir.Donate():
            return donate_stage(node, tables)
        case ir.Geodesic():
            return geodesic_stage(node, tables)
        case ir.Barycentre():
            return barycentre_stage(node, tables)
        case ir.Encode(solver="omp"):
            return encode(node, tables)
        case ir.Encode():
            return descent(node, tables)
        case ir.Factorize():
            return factorize(node, tables)
        case ir.LatentDirichlet():
            return latent_dirichlet(node, tables)
        case ir.TermCounts():
            return term_counts(node, tables)
        case ir.Input() | ir.Concat():
            raise AssertionError("an input or a concatenation is a place, not a stage")
        case _:
            assert_never(node)  # type: ignore[arg-type]


def bucketize(node: ir.Bucketize, tables: Tables) -> Stage:
    """One search for each column."""
    counts = tables.exact("n_edges", node.counts.astype(np.uint16))
    edges = tables.reals("edge", node.edges)
    places = tables.exact("place", node.places.astype(np.int16))
    return simple("bucketize", node, tables, counts=counts, edges=edges, places=places)


def encode(node: ir.Encode, tables: Tables) -> Stage:
    """One solver; picked atoms, coefficients and a triangle beside them."""
    return simple(
        f"encode_{node.solver}",
        node,
        tables,
        "encode",
        scratch=node.count * (node.count + 2),
        gram=tables.reals("gram", node.gram),
        count=node.count,
        least=real(node.least, tables),
    )


def values_of(node: ir.Values, tables: Tables) -> Stage:
    """One row of a table for each index."""
    counts, width = tables.exact("count", node.counts.astype(np.uint16)), node.values.shape[1]
    rows = tables.reals("value", node.values)
    return simple(
        "values",
        node,
        tables,
        counts=counts,
        rows=rows,
        width=width,
        other=real(node.other, tables),
    )


def widened(node: ir.Round32, tables: Tables) -> Stage:
    """A copy into the program's numbers; a selection of columns is read where they are."""
    if not isinstance(node.x, ir.Gather) or alias(node.x):
        return Stage("nodes/widen.c.j2", (), (node.x,), {"index": Code("")})
    index = tables.exact("index", node.x.index.astype(np.uint16))
    return Stage("nodes/widen.c.j2", (), (node.x.x,), {"index": index})


def lookup(node: ir.Lookup, table: ir.Ints | ir.Floats, tables: Tables) -> Stage:
    """One access to a table for each index."""
    whole = table.dtype.kind == "i"
    name = (
        tables.exact("label", table.astype(np.int32))
        if whole
        else tables.reals("answer", table.astype(np.float64))
    )
    template = "lookup" if whole and node.size == 1 else "lookup_each"
    return Stage(f"nodes/{template}.c.j2", (), (node.x,), {"table": name})


def above(node: ir.Threshold) -> Code:
    """How a value is compared with the cut."""
    return Code(">=" if node.inclusive else ">")


def exact_votes(forest: ir.TreeEnsemble, tables: Tables) -> bool:
    """Whether a forest's label is counted in integers; in float64 the plain sum is exact."""
    return tables.dtype == "float32" and votes_exactly(forest)


def impute(node: ir.Impute, tables: Tables) -> Stage:
    """Missing values are NaN, or one number."""
    fill = tables.reals("fill", node.fill)
    if node.fills_nan:
        return simple("impute_nan", node, tables, in_place=True, fill=fill)
    missing = real(node.low, tables)
    return simple("impute_value", node, tables, in_place=True, missing=missing, fill=fill)


def scale(node: ir.Scale, tables: Tables) -> Stage:
    """One kernel call for each step that is there."""
    steps = ("subtract", "divide", "multiply", "add")
    used = [(s, a) for s, a in zip(steps, node.steps, strict=True) if a is not None]
    calls = [(Code(f"cg_{s}_{tables.suffix}"), tables.reals(s, a)) for s, a in used]
    kernels = tuple(f"{kernel}.h" for kernel, _ in calls)
    return Stage("nodes/scale.c.j2", kernels, (node.x,), {"calls": calls}, in_place=True)
