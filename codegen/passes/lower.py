"""Lower the parameters to float32: what the C will hold, still evaluated in float64."""

from dataclasses import replace
from typing import Any

import numpy as np

from codegen import ir
from codegen.errors import UnsupportedModel
from codegen.ir import Floats, Ints, Node
from codegen.plan.affine import representable
from codegen.plan.block import block, dotted, is_block
from codegen.plan.distance import whole_distance
from codegen.plan.leaves import factors
from codegen.plan.powers import power, power_sums
from codegen.plan.quadratic import gaussians
from codegen.plan.radial import duals, over_radial, radial
from codegen.plan.trees import floor32
from codegen.plan.whole import whole_columns
from codegen.plan.whole_sums import whole_sums


def lower(node: Node) -> Node:  # noqa: C901, PLR0911, PLR0912, PLR0915 one case a node
    """Parameters become float32, thresholds by rounding down, coefficients 31-bit whole numbers.

    Keeps: the path through every tree, bit for bit; other values within the stated bound.
    """
    match node:
        case ir.TreeEnsemble():
            return replace(node, threshold=floor32(node.threshold))
        case ir.Affine(is_complement=True):
            return node
        case ir.Affine(x=ir.Kernel()) if over_radial(node):
            weight, bias = duals(node).values
            return replace(node, weight=weight, bias=bias)
        case ir.Affine(x=ir.Kernel() as kernel) if power(kernel):
            weight, bias = power_sums(node).values
            return replace(node, weight=weight, bias=bias)
        case ir.Affine(x=ir.Kernel()):
            return replace(node, weight=nearest32(node.weight), bias=nearest32(node.bias))
        case ir.Affine() if whole_columns(node.x) is not None:
            weight, bias = whole_sums(node).values
            return replace(node, weight=weight, bias=bias)
        case ir.Affine() if is_block(node):
            value = block(node.weight, node.bias).value
            return replace(node, weight=value[:, :-1], bias=value[:, -1])
        case ir.Affine():
            weight, bias = representable(node.weight, node.bias)
            return replace(node, weight=weight, bias=bias)
        case ir.Scale() if gaussians(node) is None:
            return ir.Scale(node.x, *(None if s is None else nearest32(s) for s in node.steps))
        case ir.Clip():
            return ir.Clip(node.x, number32(node.low), number32(node.high))
        case ir.Impute():
            low, high = within32(node.low, node.high)
            return replace(node, low=low, high=high, fill=nearest32(node.fill))
        case ir.Normalize():
            return replace(node, none=number32(node.none))
        case ir.Distance() if (whole := whole_distance(node)) is not None:
            return replace(node, centres=whole.value)
        case ir.Distance(weight=None):
            return replace(node, centres=nearest32(node.centres))
        case ir.Kernel() if (form := radial(node)) is not None:
            return replace(node, vectors=form.value)
        case ir.Kernel() if dotted(node) is not None:
            return node
        case ir.Kernel():
            gamma, coef0 = number32(node.gamma), number32(node.coef0)
            return replace(node, vectors=nearest32(node.vectors), gamma=gamma, coef0=coef0)
        case ir.LinearLeaves():
            return replace(node, weight=factors(node.weight).value.ravel())
        case ir.PairwiseAffine() if over_radial(node):
            dual, bias = duals(node).values
            return replace(node, dual=dual, bias=bias)
        case ir.PairwiseAffine() if power(node.x):
            dual, bias = power_sums(node).values
            return replace(node, dual=dual, bias=bias)
        case ir.PairwiseAffine():
            return replace(node, dual=nearest32(node.dual), bias=nearest32(node.bias))
        case ir.Interpolate(steps=np.ndarray() as steps):
            knots = around_steps32(node.knots, steps)
            return replace(node, knots=knots, values=nearest32(node.values))
        case ir.Interpolate():
            return replace(node, knots=inward32(node.knots), values=nearest32(node.values))
        case ir.Bucketize():
            return replace(node, edges=ceiling32(node.edges))
        case ir.Values():
            return lowered_values(node)
        case ir.Piecewise():
            return replace(node, values=nearest32(node.values), other=number32(node.other))
        case ir.Encode(solver="omp"):
            return replace(node, gram=nearest32(node.gram), least=number32(node.least))
        case ir.Threshold():
            cut = -floor_of(-node.cut) if node.inclusive else floor_of(node.cut)
            return replace(node, cut=cut)
        case ir.RadiusMean():
            none, reach = node.none, floor_of(node.reach)
            none = None if none is None else nearest32(none)
            return replace(node, table=table32(node.table), reach=reach, none=none)
        case ir.Donate():
            return replace(node, rows=nearest32(node.rows), none=nearest32(node.none))
        case ir.Geodesic():
            within = None if node.reach is None else floor_of(node.reach)
            return replace(node, lengths=nearest32(node.lengths), reach=within)
        case ir.Barycentre():
            rows, table = nearest32(node.rows), nearest32(node.table)
            return replace(node, rows=rows, table=table, reg=number32(node.reg))
        case ir.NeighborMean(table=table) | ir.Lookup(table=np.ndarray() as table):
            return replace(node, table=table32(table))
        case _:
            return node


def lowered_values(node: ir.Values) -> ir.Values:
    """The table as float32, and whether that holds all of it."""
    values, other = nearest32(node.values), number32(node.other)
    exact = other == node.other and bool((values == node.values).all())
    return replace(node, values=values, other=other, exact=exact)


def inward32(knots: Floats) -> Floats:
    """The nearest float32 of each knot, but none beyond the ends: a float32 x that lies between
    the ends, or on one, still does, and one outside stays outside."""
    least, most = -floor32(-knots[:1]), floor32(knots[-1:])
    return np.clip(nearest32(knots), least, np.maximum(least, most))


def around_steps32(knots: Floats, steps: Ints) -> Floats:
    """The nearest float32 of each knot; at a step the one below and the one above, so that every
    float32 x is on the side where it was."""
    rounded = nearest32(knots)
    rounded[steps + 1] = ceiling32(knots[steps + 1])
    rounded[steps] = floor32(knots[steps])
    return np.maximum.accumulate(rounded)


def within32(low: float, high: float) -> tuple[float, float]:
    """The first and the last float32 from low to high; the nearest where none is there."""
    first, last = -floor_of(-low), floor_of(high)
    return (number32(low), number32(high)) if first > last else (first, last)


def floor_of(value: float) -> float:
    """The largest float32 that is not above a number."""
    return float(floor32(np.array([value]))[0])


def nearest32(array: Floats) -> Floats:
    """The nearest float32, as float64; refuses what float32 cannot hold."""
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float32).astype(np.float64)
    if not (np.isfinite(rounded) | ~np.isfinite(array)).all():
        raise UnsupportedModel("a parameter is beyond float32's range; export with --dtype float64")
    return rounded


def table32(table: Any) -> Any:
    """A table of real numbers as float32; whole numbers as they are."""
    return nearest32(table) if table.dtype.kind == "f" else table


def ceiling32(edges: Floats) -> Floats:
    """The least float32 at least as large: edge <= x keeps its answer for every float32 x."""
    return nearest32(-floor32(-edges) + 0.0)


def number32(value: float) -> float:
    """The nearest float32 of one number."""
    return float(nearest32(np.array([value]))[0])
