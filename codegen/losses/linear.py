"""What linear maps, distances and kernels lose, and sums over them."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import COEFFICIENT, LEAST, REFERENCE, UNIT, Known
from codegen.meanings.features import scale
from codegen.meanings.vectors import distance, radial, squared_distance
from codegen.plan.block import base_of, is_block
from codegen.plan.block import lost as lost_in_block
from codegen.plan.powers import lost_in_power, lost_in_power_sums, power
from codegen.plan.program import Dtype
from codegen.plan.radial import lost as lost_in_radial
from codegen.plan.radial import lost_in_sums, over_radial
from codegen.plan.whole import whole_columns
from codegen.plan.whole_sums import lost as lost_in_whole

LARGEST_PICKED = 2.0**16


def affine_loss(node: ir.Affine, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """Whole-number sums lose half an ulp at the end; Kahan's and plain sums a few of every term."""
    if isinstance(node.x, ir.Kernel):
        return over_kernel_loss(node, node.weight, given, value, dtype)
    if picks_whole_number(node):
        return given.bound @ np.abs(node.weight).T
    size = np.abs(given.value) @ np.abs(node.weight).T + np.abs(node.bias)
    terms = node.x.size + 1
    if whole_columns(node.x) is not None:
        own = lost_in_whole(node, given.value)
    elif dtype == "float32" and is_block(node):
        own = lost_in_block(node, given.value, given.bound)
    else:
        own = (COEFFICIENT[dtype] + terms * 2.0**-52) * size
    rounded = own + terms * REFERENCE * summed(node, given) + UNIT[dtype] * np.abs(value)
    return given.bound @ np.abs(node.weight).T + rounded


def single_sum_loss(node: ir.Affine, given: Known) -> Floats:
    """What sums in float32 lose, in whatever order; coefficients are float32 numbers already."""
    return np.asarray((node.x.size + 1) * UNIT["float32"] * summed(node, given))


def summed(node: ir.Affine, given: Known) -> Floats:
    """How large the terms are together that the reference sums."""
    size = np.abs(given.value) @ node.sizes[:, :-1].T + node.sizes[:, -1]
    return np.asarray(size + 2 * moved_before(node.x) @ np.abs(node.weight).T)


def picks_whole_number(node: ir.Affine) -> bool:
    """Whether the value is one small whole number of a list: the label that an index stands for."""
    one = isinstance(node.x, ir.OneHot) and node.x.counts.size == 1 and not node.bias.any()
    small = (np.abs(node.weight) < LARGEST_PICKED) & (node.weight == np.rint(node.weight))
    return one and bool(small.all())


def moved_before(x: ir.Node) -> Floats:
    """How far columns are moved before they are read; the reference may do so after the sum."""
    match x:
        case ir.Scale(subtract=None, x=ir.Scale(is_centre=True, subtract=np.ndarray() as moved)):
            pass
        case ir.Scale(subtract=np.ndarray() as moved):
            pass
        case _:
            return np.zeros(x.size)
    return np.abs(scale(replace(x, x=ir.Input(x.size), subtract=None, add=None), moved))


def over_kernel_loss(
    node: ir.Affine | ir.PairwiseAffine, weight: Floats, given: Known, value: Floats, dtype: Dtype
) -> Floats:
    """In whole numbers only the coefficients are rounded, and the end; else a float sum."""
    if dtype == "float32" and power(node.x):
        return over_power_loss(node, weight, given, value)
    if dtype == "float64" or over_radial(node) is None:
        return summed_loss(weight, node.bias, given, value, UNIT[dtype])
    size = np.abs(given.value) @ np.abs(weight).T + np.abs(node.bias)
    own = lost_in_sums(node, weight, given.value) + weight.shape[1] * REFERENCE * size
    return given.bound @ np.abs(weight).T + own + UNIT[dtype] * np.abs(value)


def over_power_loss(
    node: ir.Affine | ir.PairwiseAffine, weight: Floats, given: Known, value: Floats
) -> Floats:
    """The kernel is not rounded to float on its way into a sum."""
    x, unit = given.value, UNIT["float32"]
    size = np.abs(x) @ np.abs(weight).T + np.abs(node.bias)
    own = lost_in_power_sums(node, weight, x) + weight.shape[1] * REFERENCE * size
    return (given.bound - unit * np.abs(x)) @ np.abs(weight).T + own + unit * np.abs(value)


def summed_loss(weight: Floats, bias: Floats, given: Known, value: Floats, unit: float) -> Floats:
    """A compensated sum: coefficient, product and two roundings of every term, or an underflow."""
    size = np.abs(given.value) @ np.abs(weight).T + np.abs(bias)
    own = 5 * unit * size + unit * np.abs(value) + weight.shape[1] * LEAST[unit]
    return given.bound @ np.abs(weight).T + own


def distance_loss(
    node: ir.Distance,
    given: Known,
    unit: float,
    *,
    off: Floats | None = None,
    moved: Floats | float = 0,
) -> Floats:
    """What a distance of any power loses."""
    if node.power == 2:
        return square_loss(node.centres, given, unit, off=off, moved=moved)
    offs = [given.bound + unit * np.abs(c) for c in node.centres]
    by_errors = [o.max(axis=1) if np.isinf(node.power) else o.sum(axis=1) for o in offs]
    return np.stack(by_errors, 1) + (node.x.size + 3) * unit * distance(
        given.value, node.centres, node.power
    )


def square_loss(
    centres: Floats,
    given: Known,
    unit: float,
    *,
    off: Floats | None = None,
    moved: Floats | float = 0,
) -> Floats:
    """Differences of rounded centres (or of whole numbers, off by so much), their squares, the sum.

    The reference expands them; moved: by how much the columns were moved before, where it was not.
    A square of what is tiny may be 0.
    """
    x, e = given.value, given.bound
    square = squared_distance(x, centres)
    offs = [e + (unit * np.abs(c) if off is None else off) for c in centres]
    by_errors = [
        (2 * np.abs(x - c) * o + o * o).sum(axis=1) for c, o in zip(centres, offs, strict=True)
    ]
    expanded = ((np.abs(x) + moved) ** 2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    terms = x.shape[1] + 3
    own = terms * (unit * square + LEAST[unit] * (square > 0))
    return np.stack(by_errors, axis=1) + own + 4 * terms * REFERENCE * expanded


def radial_loss(node: ir.Kernel, given: Known, value: Floats, unit: float) -> Floats:
    """Convex functions that fall with the square of the distance change most towards a lesser one.

    Then the roundings: of the root, of the logarithm, of the exponential's argument.
    """
    square = squared_distance(given.value, node.vectors)
    s = node.gamma * square
    off = node.gamma * (square_loss(node.vectors, given, unit) + 3 * unit * square)
    nearer = radial(node, np.maximum(s - off, 0))
    size = node.coef0 * (1 + np.log1p(s)) if node.function == "rational" else np.sqrt(s)
    return nearer - value + unit * (6 * size + 12) * nearer


def kernel_loss(node: ir.Kernel, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """Errors of the distance or the dot product, through the kernel's function."""
    x, e, unit = given.value, given.bound, UNIT[dtype]
    if dtype == "float32" and (whole := lost_in_radial(node, x, e, value)) is not None:
        return whole
    if node.function in ir.RADIAL and node.function != "rbf":
        return radial_loss(node, given, value, unit)
    if node.function == "rbf":
        square = squared_distance(x, node.vectors)
        moved = node.gamma * (square_loss(node.vectors, given, unit) + 3 * unit * square)
        return value * np.expm1(moved) + 4 * unit * value
    dot = x @ node.vectors.T
    base = node.gamma * dot + node.coef0
    linear = base_of(node)
    if linear is None or dtype == "float64" or not is_block(linear):
        size = np.abs(x) @ np.abs(node.vectors).T
        of_dot = e @ np.abs(node.vectors).T + (x.shape[1] + 2) * unit * size
        if node.function == "linear":
            return of_dot
        of_base = abs(node.gamma) * (of_dot + 2 * unit * np.abs(dot)) + 2 * unit * (
            np.abs(base) + abs(node.coef0)
        )
    else:
        of_base = affine_loss(linear, given, base, dtype)
    if node.function == "sigmoid":
        return of_base + 4 * unit
    if dtype == "float32" and power(node):
        return lost_in_power(node, base, of_base - unit * np.abs(base)) + unit * np.abs(value)
    largest = (np.abs(base) + of_base) ** node.degree
    return largest - np.abs(base) ** node.degree + 2 * (node.degree + 1) * unit * largest
