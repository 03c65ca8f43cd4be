"""Drop what a decision does not need: an argmax of a softmax is an argmax of the scores."""

import numpy as np

from codegen import ir
from codegen.ir import Node
from codegen.meanings.pairwise import pairwise_weight
from codegen.passes.fold_scale import product


def decide_early(node: Node) -> Node:
    """Increasing functions before an argmax, and roots before an argmin, are left out.

    Keeps: the index, but for values so close that the function rounds them to the same number.
    """
    match node:
        case (
            ir.ArgMax(x=ir.Elementwise(function="cos"))
            | ir.ArgMin(x=ir.Elementwise(function="cos"))
        ):
            return node
        case ir.ArgMax(x=ir.Softmax(x=score) | ir.Elementwise(x=score)):
            return ir.ArgMax(score)
        case ir.ArgMin(x=ir.Elementwise(x=score)):
            return ir.ArgMin(score)
        case _:
            return node


def collapse_linear_kernel(node: Node) -> Node:
    """Sums over a linear kernel are linear in x; no support vector is kept.

    Keeps: values within the stated bound.
    """
    match node:
        case ir.Affine(x=ir.Kernel(function="linear") as kernel):
            return ir.Affine(kernel.x, product(node.weight, kernel.vectors), node.bias)
        case ir.PairwiseAffine(x=ir.Affine() as linear) if not linear.bias.any():
            weight = product(pairwise_weight(node), linear.weight)
            return ir.Affine(linear.x, weight, node.bias)
        case ir.Affine(x=ir.Affine() as linear) if (
            linear.size > node.size and not linear.bias.any()
        ):
            return ir.Affine(linear.x, product(node.weight, linear.weight), node.bias)
        case ir.Kernel(function="linear"):
            return ir.Affine(node.x, node.vectors, np.zeros(node.size))
        case _:
            return node
