"""Drop what a decision does not need: an argmax of a softmax is an argmax of the scores."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.exact import product
from codegen.ir import Node
from codegen.meanings.pairwise import pairwise_weight
from codegen.plan.trees.leaves import largest_sum

INCREASING = ("exp", "expm1", "log", "log1p", "ndtri", "softsign", "sqrt", "tanh")

ROUNDED = 2.0**-51
"""Scores so close may have the same softmax in binary64; sigmoids grow flatter, by exp(score)."""

ALL_ZERO, ALL_ONE = -float(np.log(np.finfo(np.float64).max)), 53 * float(np.log(2))
"""1 / (1 + exp(-score)) is 0 below the one and 1 above the other, in binary64."""


def decide_early(node: Node) -> Node:
    """Increasing functions before the choice of the largest or the smallest are left out.

    Keeps: the index, but for values so close that the function rounds them to the same number.
    """
    match node:
        case ir.ArgMax(x=ir.Softmax(x=score)):
            return decide_early(ir.ArgMax(score, ROUNDED))
        case ir.ArgMax(x=ir.Elementwise(x=score, function="logistic")):
            return decide_early(ir.ArgMax(not_flat(score), ROUNDED, growth=1.0))
        case ir.ArgMax(x=ir.Scale(x=ir.TreeEnsemble() as forest) as scaled) if (
            factor := common_factor(scaled)
        ):
            blur = node.blur / factor + ROUNDED * largest(forest)
            return ir.ArgMax(forest, blur, node.growth * factor)
        case ir.ArgMax(x=ir.Elementwise(x=score, function=function)) if function in INCREASING:
            return ir.ArgMax(score)
        case ir.Neighbors(x=ir.Elementwise(x=score, function=function)) if function in INCREASING:
            return replace(node, x=score)
        case _:
            return node


def not_flat(score: Node) -> Node:
    """Scores within the range in which their sigmoids differ; trees that stay there as they are."""
    return score if largest(score) <= ALL_ONE else ir.Clip(score, ALL_ZERO, ALL_ONE)


def largest(score: Node) -> float:
    """A size that no score exceeds; infinity where nothing limits it."""
    match score:
        case ir.TreeEnsemble():
            return largest_sum(score) / score.divisor
        case ir.Scale(x=ir.TreeEnsemble() as forest) if factor := common_factor(score):
            return largest(forest) * factor
        case _:
            return np.inf


def common_factor(node: ir.Scale) -> float:
    """The positive number that all values are multiplied by; 0 if it is no such scaling."""
    if node.subtract is not None or node.add is not None:
        return 0.0
    ones = np.ones(node.size)
    factors = (ones if node.multiply is None else node.multiply) / (
        ones if node.divide is None else node.divide
    )
    return float(factors[0]) if (factors == factors[0]).all() and factors[0] > 0 else 0.0


def collapse_linear_kernel(node: Node) -> Node:
    """Sums over a linear kernel are linear in x; no support vector is kept.

    Keeps: values within the stated bound.
    """
    match node:
        case ir.PairwiseAffine(x=ir.Affine() as linear) if not linear.bias.any():
            weight = pairwise_weight(node)
            return multiplied_out(ir.Affine(linear, weight, node.bias), linear)
        case ir.Affine(x=ir.Affine() as linear) if (
            linear.size > node.size and not linear.bias.any()
        ):
            return multiplied_out(node, linear)
        case ir.Kernel(function="linear"):
            return ir.Affine(node.x, node.vectors, np.zeros(node.size))
        case _:
            return node


def multiplied_out(node: ir.Affine, linear: ir.Affine) -> ir.Affine:
    """W (V x) + b as one linear map, which knows what the two sums lose."""
    growth = 1 + linear.size / linear.x.size
    sizes = node.sizes[:, :-1] @ np.abs(linear.weight) * growth
    sizes = np.column_stack([sizes, node.sizes[:, -1]])
    weight = product(node.weight, linear.weight)
    return ir.Affine(linear.x, weight, node.bias, multiplied=sizes)
