"""Fold a scaler into the linear map or the distances that follow it, where that is safe."""

from dataclasses import replace
from math import fsum

import numpy as np

from codegen import ir
from codegen.exact import product
from codegen.ir import Floats, Node

QUARTER_OF_TOLERANCE = 0.25e-6


def as_affine(node: ir.Scale) -> tuple[Floats, Floats]:
    """The scaler as slope and offset: y = slope x + offset."""
    ones = np.ones(node.size)
    slope = ones if node.divide is None else 1 / node.divide
    slope = slope if node.multiply is None else slope * node.multiply
    zeros = np.zeros(node.size)
    centre = zeros if node.subtract is None else node.subtract
    added = zeros if node.add is None else node.add
    return slope, added - centre * slope


def safe(weight: Floats, bias: Floats, offset: Floats) -> bool:
    """Whether the folded constant cancels so little that no answer is lost.

    Coefficients of an Affine hold 31 bits: an error of 2^-31 of what cancels has to stay below a
    quarter of 1e-6 of what scaled inputs of size one make.
    """
    cancels = np.abs(weight * offset).sum(axis=1) + np.abs(bias)
    useful = np.abs(weight).sum(axis=1)
    return bool((cancels * 2.0**-31 * weight.shape[1] <= QUARTER_OF_TOLERANCE * useful).all())


def fold_scale(node: Node) -> Node:
    """W (s x + o) + b becomes (W s) x + (W o + b); a distance takes up a pure shift, a weighted
    one the whole scaler.

    Keeps: values within the stated bound of the node.
    """
    match node:
        case ir.Affine(x=ir.Scale() as scale, is_complement=False):
            return fold_affine(node, scale)
        case ir.Distance(x=ir.Scale() as scale, weight=np.ndarray() as weight):
            return fold_weighted(node, weight, scale)
        case ir.Distance(x=ir.Scale() as scale) if is_shift(scale):
            return replace(node, x=scale.x, centres=node.centres - as_affine(scale)[1])
        case ir.Kernel(x=ir.Scale() as scale) if node.function in ir.RADIAL and is_shift(scale):
            vectors = node.vectors - as_affine(scale)[1]
            return replace(node, x=scale.x, vectors=vectors)
        case _:
            return node


def is_shift(scale: ir.Scale) -> bool:
    """Whether a scaler only adds, by amounts that cost the differences no precision."""
    only_adds = scale.divide is None and scale.multiply is None
    return only_adds and bool((np.abs(as_affine(scale)[1]) <= 1).all())


def fold_weighted(node: ir.Distance, weight: Floats, scale: ir.Scale) -> Node:
    """Centres before the scaler, and weights that undo it; not where it loses a column."""
    slope, offset = as_affine(scale)
    if not slope.all():
        return node
    centres = (node.centres - offset) / slope
    return replace(node, x=scale.x, centres=centres, weight=weight * slope**2)


def fold_affine(node: ir.Affine, scale: ir.Scale) -> Node:
    """The whole scaler where that is safe; else all but the subtraction that comes first."""
    slope, offset = as_affine(scale)
    if safe(node.weight, node.bias, offset):
        bias = [fsum([b, *(w * offset)]) for w, b in zip(node.weight, node.bias, strict=True)]
        sizes = node.sizes * np.abs([*slope, 1.0])
        sizes[:, -1] += np.abs(node.weight * offset).sum(axis=1)
        folded = ir.Affine(scale.x, node.weight * slope, np.array(bias), multiplied=sizes)
        return fold_scale(folded)
    if scale.subtract is None:
        return node
    centred = ir.Scale(scale.x, subtract=scale.subtract)
    rest = ir.Scale(centred, None, scale.divide, scale.multiply, scale.add)
    if all(step is None for step in rest.steps):
        return node
    return fold_affine(replace(node, x=rest), rest)


def merge_affine(node: Node) -> Node:
    """W (V x + c) + b becomes (W V) x + (W c + b) where that has fewer coefficients.

    Keeps: values within the stated bound.
    """
    match node:
        case ir.Affine(x=ir.Affine(is_complement=False) as inner, is_complement=False) if (
            not isinstance(inner.x, ir.Kernel | ir.Monomials)
        ):
            merged = node.size * inner.x.size
            apart = inner.size * (inner.x.size + node.size)
            if merged > apart:
                return node
            bias = [
                fsum([b, *(w * inner.bias)]) for w, b in zip(node.weight, node.bias, strict=True)
            ]
            weight = product(node.weight, inner.weight)
            return fold_scale(ir.Affine(inner.x, weight, np.array(bias)))
        case _:
            return node
