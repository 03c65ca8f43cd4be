"""Curves through points, piecewise polynomials and weighted medians: their tables."""

import numpy as np

from codegen import ir
from codegen.ir import Floats, Ints
from codegen.plan.calls import real, simple
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables

WEIGHT_BITS = 30


def interpolate(node: ir.Interpolate, tables: Tables) -> Stage:
    """A search among the knots, and a step on the line between two of them."""
    kernel = "interpolate_within" if node.nan_outside else "interpolate"
    return simple(
        kernel,
        node,
        tables,
        "interpolate",
        in_place=True,
        knots=tables.reals("knot", node.knots),
        heights=tables.reals("curve", node.values),
        n_knots=node.knots.size,
    )


def pieces(node: ir.Piecewise, tables: Tables) -> Stage:
    """Polynomials, a row of them for each index."""
    kernel = Code(f"cg_pieces_{tables.suffix}")
    values = {
        "kernel": kernel,
        "counts": tables.exact("count", node.counts.astype(np.uint16)),
        "first": tables.exact("first", node.first.astype(np.uint16)),
        "rows": tables.reals("polynomial", node.values),
        "n_in": node.x.size,
        "n_pieces": node.n_pieces,
        "degree": node.degree,
        "n_out": node.n_out,
        "other": real(node.other, tables),
    }
    return Stage("nodes/pieces.c.j2", (f"{kernel}.h",), (node.x, node.by), values)


def weighted_median(node: ir.WeightedMedian, tables: Tables) -> Stage:
    """Weights as shares in whole numbers: which value is the median hangs on no float sum."""
    shares = whole_shares(node.weights)
    half = int((shares.sum() + 1) // 2)
    table = tables.exact("share", shares.astype(np.uint32))
    return simple("weighted_median", node, tables, weights=table, half=half)


def whole_shares(weights: Floats) -> Ints:
    """The weights in units of a 2^30th of their sum; equal ones stay equal, and so do halves."""
    return np.asarray(np.rint(np.ldexp(weights / weights.sum(), WEIGHT_BITS)), np.int64)
