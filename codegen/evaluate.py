"""What each node means, in numpy and float64: the definition that importers and C are held to."""

from typing import assert_never

import numpy as np

from codegen import ir
from codegen.ir import Floats, Node
from codegen.meanings.barycentres import barycentre
from codegen.meanings.categories import bucket, looked_up
from codegen.meanings.codes import codes
from codegen.meanings.curves import interpolate, weighted_median
from codegen.meanings.descent import descent
from codegen.meanings.donors import donated
from codegen.meanings.factors import factorized
from codegen.meanings.features import (
    ELEMENTWISE,
    is_missing,
    monomials,
    nonzero,
    norm,
    one_hot,
    scale,
)
from codegen.meanings.geodesics import geodesic
from codegen.meanings.leaves import linear_leaves
from codegen.meanings.neighbors import chosen, neighbor_mean, radius_mean, smallest
from codegen.meanings.pairwise import coupling, pairwise_weight, signs, votes
from codegen.meanings.pieces import piecewise
from codegen.meanings.texts import term_counts
from codegen.meanings.topics import topic_shares
from codegen.meanings.trees import leaf_rows, ordered, tree_sum
from codegen.meanings.vectors import distance, kernel, log_sum_exp, logistic_mean, weighted_squares


def evaluate(methods: dict[str, Node], X: Floats) -> dict[str, Floats]:
    """Every method on the rows of X (n_rows, n_features); each answer is (n_rows, size)."""
    values: dict[int, Floats] = {}
    with np.errstate(all="ignore"):
        for node in ir.walk(methods.values()):
            values[id(node)] = meaning(node, [values[id(n)] for n in ir.inputs(node)] or [X])
    return {name: values[id(node)] for name, node in methods.items()}


def meaning(node: Node, given: list[Floats]) -> Floats:  # noqa: C901, PLR0911, PLR0912, PLR0915 one case a node
    """The values of one node (n_rows, size) from those of its inputs."""
    x = given[0]
    match node:
        case ir.Input():
            return x
        case ir.Gather():
            return x[:, node.index]
        case ir.Concat():
            return np.hstack(given)
        case ir.Round32():
            return x.astype(np.float32).astype(np.float64)
        case ir.Scale():
            return scale(node, x)
        case ir.Clip():
            return np.clip(x, node.low, node.high)
        case ir.Impute():
            fill = node.fill if node.by is None else given[1]
            return np.where(is_missing(node, x), fill, x)
        case ir.Normalize(norm="sum"):
            total = x.sum(axis=1, keepdims=True)
            return np.where(total == 0, node.none, x / nonzero(total))
        case ir.Normalize():
            length = norm(node.norm, x)
            return x / np.where(length < ir.LEAST_NORM, 1.0, length)
        case ir.Elementwise():
            return ELEMENTWISE[node.function](x)
        case ir.Softmax():
            e = np.exp(x - x.max(axis=1, keepdims=True))
            return np.asarray(e / e.sum(axis=1, keepdims=True))
        case ir.LogSumExp():
            return log_sum_exp(x)
        case ir.LogisticMean():
            return logistic_mean(x)
        case ir.Monomials():
            return monomials(x, node.powers)
        case ir.Affine():
            return x @ node.weight.T + node.bias
        case ir.Kernel():
            return kernel(node, x)
        case ir.Distance(weight=np.ndarray() as weight):
            return weighted_squares(x, node.centres, weight)
        case ir.Distance():
            return distance(x, node.centres, node.power)
        case ir.TreeEnsemble():
            return tree_sum(node, leaf_rows(node, x)) / node.divisor
        case ir.Keys():
            return ordered(node, x)
        case ir.LinearLeaves():
            return linear_leaves(node, x, given[1])
        case ir.PairwiseAffine():
            return x @ pairwise_weight(node).T + node.bias
        case ir.Pairwise(rule="votes"):
            return votes(x > 0, node.n_classes)
        case ir.Pairwise(rule="scores"):
            s = (x @ signs(node.n_classes)).astype(np.float64)
            return votes(x >= 0, node.n_classes) + s / (3 * (np.abs(s) + 1))
        case ir.Pairwise():
            return np.array([coupling(row, node.n_classes) for row in x])
        case ir.ArgMax():
            return x.argmax(axis=1)[:, None].astype(np.float64)
        case ir.Threshold():
            above = x >= node.cut if node.inclusive else x > node.cut
            return above.astype(np.float64)
        case ir.OneHot():
            return one_hot(node, x)
        case ir.Interpolate():
            return interpolate(node, x)
        case ir.WeightedMedian():
            return weighted_median(node, x)
        case ir.Bucketize():
            return bucket(node, x)
        case ir.Values():
            return looked_up(node, x)
        case ir.Piecewise():
            return piecewise(node, x, given[1])
        case ir.Lookup(table=np.ndarray() as table):
            return table[x.astype(np.int64)].astype(np.float64)
        case ir.Lookup():
            return chosen(given[1], x)
        case ir.Neighbors():
            return smallest(x, node.count)
        case ir.NeighborMean():
            return neighbor_mean(node, given)
        case ir.RadiusMean():
            return radius_mean(node, x)
        case ir.Donate():
            return donated(node, x)
        case ir.Geodesic():
            return geodesic(node, given)
        case ir.Barycentre():
            return barycentre(node, x, given[1])
        case ir.Encode():
            return codes(node, x) if node.solver == "omp" else descent(node, x)
        case ir.Factorize():
            return factorized(node, x)
        case ir.LatentDirichlet():
            return topic_shares(node, x)
        case ir.TermCounts():
            return term_counts(node, x)
        case _:
            assert_never(node)  # type: ignore[arg-type]
