"""Drop what a decision does not need: an argmax of a softmax is an argmax of the scores."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.exact import product
from codegen.ir import Node
from codegen.meanings.pairwise import pairwise_weight

INCREASING = ("exp", "expm1", "log", "log1p", "logistic", "ndtri", "softsign", "sqrt", "tanh")


def decide_early(node: Node) -> Node:
    """Increasing functions before the choice of the largest or the smallest are left out.

    Keeps: the index, but for values so close that the function rounds them to the same number.
    """
    match node:
        case ir.ArgMax(x=ir.Softmax(x=score)):
            return ir.ArgMax(score)
        case ir.ArgMax(x=ir.Elementwise(x=score, function=function)) if function in INCREASING:
            return ir.ArgMax(score)
        case ir.Neighbors(x=ir.Elementwise(x=score, function=function)) if function in INCREASING:
            return replace(node, x=score)
        case _:
            return node


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
