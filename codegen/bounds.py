"""How far the C may be from the model: error bounds, carried from node to node on given rows.

Each rule adds what the node's own arithmetic can lose to what its inputs have lost, to first order
with a factor of safety (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3). A bound
of an index is 0 (sure) or 1 (another index is within the bounds). Infinity: no bound is known,
since a step function stands behind inexact values, or an iteration with a stop rule.
"""

from typing import assert_never

import numpy as np

from codegen import ir
from codegen.evaluate import meaning
from codegen.ir import Bools, Floats, Node
from codegen.losses.barycentres import barycentre_loss
from codegen.losses.categories import bucket_loss, values_loss
from codegen.losses.choices import open_pairs, rivals
from codegen.losses.codes import encode_loss
from codegen.losses.common import LEAST, SINGLE_UNDERFLOW, ULPS, UNDERFLOW, UNIT, Known
from codegen.losses.curves import interpolate_loss, median_loss
from codegen.losses.density import (
    densities_loss,
    log_sum_exp_loss,
    logistic_mean_loss,
    softmax_loss,
    weighted_loss,
)
from codegen.losses.descent import descent_loss
from codegen.losses.donors import donate_loss
from codegen.losses.factors import factorize_loss
from codegen.losses.features import (
    function_loss,
    impute_loss,
    normalize_loss,
    scale_loss,
    share_loss,
)
from codegen.losses.geodesics import geodesic_loss
from codegen.losses.leaves import leaves_loss
from codegen.losses.linear import (
    affine_loss,
    distance_loss,
    kernel_loss,
    moved_before,
    over_kernel_loss,
    single_sum_loss,
)
from codegen.losses.neighbors import (
    chosen_loss,
    lookup_loss,
    neighbor_mean_loss,
    neighbors_loss,
    radius_mean_loss,
    votes_loss,
)
from codegen.losses.pieces import pieces_loss
from codegen.losses.topics import topics_loss
from codegen.losses.trees import keys_loss, tree_loss, vote_loss
from codegen.meanings.features import monomials
from codegen.meanings.pairwise import pairwise_weight, signs
from codegen.plan.distance import off, whole_distance
from codegen.plan.program import Dtype
from codegen.plan.quadratic import gaussians

__all__ = ["Known", "bounds"]


FILLERS = ir.Impute | ir.Values
"""What gives the model's own constants."""


def bounds(
    methods: dict[str, Node], X: Floats, dtype: Dtype, *, float32_reference: bool = False
) -> dict[str, Known]:
    """For each method of a lowered model: its values on X, and how far the C may be from them.

    float32_reference: Python, which the C is compared with, computes all of it in float32.
    """
    known: dict[int, Known] = {}
    rounded, single = rounded_next(methods), behind_single(methods)
    throughout = rounded_throughout(methods, all_of_it=float32_reference)
    with np.errstate(all="ignore"):
        for node in ir.walk(methods.values()):
            given = [known[id(n)] for n in ir.inputs(node)] or [Known(X, np.zeros_like(X))]
            value = meaning(node, [k.value for k in given])
            own = lost(node, given, value, "float32" if id(node) in single else dtype)
            if id(node) in throughout and not node.is_index:
                own = lost(node, given, value, "float32") + single_loss(node, given, value)
            if id(node) in single and not node.is_index:
                own = own + SINGLE_UNDERFLOW
            if isinstance(node, ir.Values) and id(node) in rounded:
                own = values_loss(node, given[0].bound, value, 0.0)
            elif isinstance(node, ir.Impute) and id(node) in rounded:
                own = impute_loss(node, given[0], value, 0.0)
            bound = np.where(surely_nan(node, given), 0, np.broadcast_to(own, value.shape))
            known[id(node)] = Known(value, np.where(np.isnan(bound), np.inf, bound))
    return {name: known[id(node)] for name, node in methods.items()}


NAN_STAYS = ir.Scale | ir.Elementwise | ir.Clip | ir.Interpolate


def surely_nan(node: Node, given: list[Known]) -> Bools:
    """Where NaN is certain, since what is read there is NaN without a doubt."""
    if not isinstance(node, NAN_STAYS):
        return np.zeros((1, 1), np.bool_)
    return np.asarray(np.isnan(given[0].value) & (given[0].bound == 0))


def behind_single(methods: dict[str, Node]) -> set[int]:
    """What is computed from float32 sums: the reference computes it in float32 as well."""
    found: set[int] = set()
    for node in ir.walk(methods.values()):
        read = ir.inputs(node)
        if any(id(n) in found or (isinstance(n, ir.TreeEnsemble) and n.single) for n in read):
            found.add(id(node))
    return found


def rounded_throughout(methods: dict[str, Node], *, all_of_it: bool) -> set[int]:
    """What the reference computes in float32 all the way from the row."""
    found: set[int] = {id(node) for node in methods.values()} if all_of_it else set()
    for node in reversed(list(ir.walk(methods.values()))):
        if id(node) in found or (isinstance(node, ir.Round32) and node.throughout):
            found.update(id(read) for read in ir.inputs(node))
    return found


def single_loss(node: Node, given: list[Known], value: Floats) -> Floats:
    """What a reference loses itself that computes a node in float32."""
    if isinstance(node, ir.Affine) and not node.is_complement:
        return single_sum_loss(node, given[0])
    return lost(node, given, value, "float32")


def rounded_next(methods: dict[str, Node]) -> set[int]:
    """Fillers that are only read to be rounded to float32: what they fill in is exact then."""
    readers: dict[int, list[Node]] = {}
    for node in ir.walk(methods.values()):
        for read in ir.inputs(node):
            readers.setdefault(id(read), []).append(node)
    rounded: set[int] = set()
    for node in reversed(list(ir.walk(methods.values()))):
        if isinstance(node, ir.Gather | ir.Concat | FILLERS) and all(
            isinstance(r, ir.Round32) or (id(r) in rounded and not isinstance(r, FILLERS))
            for r in readers.get(id(node), [node])
        ):
            rounded.add(id(node))
    fillers = (n for n in ir.walk(methods.values()) if isinstance(n, FILLERS))
    return {id(n) for n in fillers if id(n) in rounded and len(ir.inputs(n)) == 1}


def lost(node: Node, given: list[Known], value: Floats, dtype: Dtype) -> Floats:  # noqa: C901, PLR0911, PLR0912, PLR0915 one case a node
    """The bound of a node's error from those of its inputs."""
    x, e = given[0].value, given[0].bound
    unit = UNIT[dtype]
    match node:
        case ir.Input() | ir.TermCounts():
            return np.zeros_like(value)
        case ir.Gather():
            return e[:, node.index]
        case ir.Concat():
            return np.hstack([k.bound for k in given])
        case ir.Round32():
            return np.where(e == 0, 0, e + 2.0**-24 * np.abs(x))
        case ir.Scale() if found := gaussians(node):
            return densities_loss(found, given[0], value, dtype)
        case ir.Scale():
            return scale_loss(node, given[0], unit, exact=dtype == "float64")
        case ir.Clip():
            return e + unit * np.abs(value) * (dtype == "float32")
        case ir.Impute(by=ir.Node()):
            return np.where(np.isnan(x), np.maximum(e, given[1].bound), e)
        case ir.Impute():
            return impute_loss(node, given[0], value, unit * (dtype == "float32"))
        case ir.Normalize(norm="sum"):
            return share_loss(node, given[0], value, unit)
        case ir.Normalize():
            return normalize_loss(node, given[0], value, unit)
        case ir.Elementwise():
            least = LEAST[unit] * (node.function in UNDERFLOW)
            rounding = np.maximum(2 * unit * np.abs(value), least)
            return function_loss(node.function, given[0], value) + ULPS[node.function] * rounding
        case ir.Softmax():
            return softmax_loss(given[0], value, unit)
        case ir.LogSumExp():
            return log_sum_exp_loss(node, given[0], value, unit)
        case ir.LogisticMean():
            return logistic_mean_loss(given[0], value, unit)
        case ir.Monomials():
            largest = monomials(np.abs(x) + e, node.powers)
            return largest - np.abs(value) + 2 * unit * (node.powers.sum(axis=1) + 1) * largest
        case ir.Affine(is_complement=True):
            return e + unit * np.fmax(np.abs(value), 1)
        case ir.Affine():
            return affine_loss(node, given[0], value, dtype)
        case ir.Kernel():
            return kernel_loss(node, given[0], value, dtype)
        case ir.Distance(weight=np.ndarray() as weight):
            return weighted_loss(node.centres, weight, given[0], value, dtype)
        case ir.Distance():
            whole = whole_distance(node) if dtype == "float32" else None
            less = None if whole is None else off(whole, x)
            return distance_loss(node, given[0], unit, off=less, moved=moved_before(node.x))
        case ir.TreeEnsemble():
            return tree_loss(node, given[0], value, dtype)
        case ir.Keys():
            return keys_loss(node, e)
        case ir.LinearLeaves():
            return leaves_loss(node, given, value, dtype)
        case ir.PairwiseAffine():
            weight = pairwise_weight(node)
            return over_kernel_loss(node, weight, given[0], value, dtype)
        case ir.Pairwise(rule="votes"):
            return open_pairs(node, given[0])
        case ir.Pairwise(rule="scores"):
            sums = e @ np.abs(signs(node.n_classes))
            return (
                open_pairs(node, given[0])
                + sums / 3
                + (node.n_classes + 6) * unit * (np.abs(value) + 1)
            )
        case ir.Pairwise():
            return np.full_like(value, np.inf)
        case ir.ArgMax(x=ir.TreeEnsemble() as forest):
            return vote_loss(node, forest, given[0], dtype)
        case ir.ArgMax(x=ir.NeighborMean() | ir.RadiusMean() as mean):
            return rivals(x, votes_loss(mean, given[0], unit))
        case ir.ArgMax():
            return rivals(x, e + node.blur_at(x) / 2)
        case ir.Threshold():
            near = np.abs(x - node.cut) <= e + 2 * unit * abs(node.cut)
            return ((e > 0) & near).astype(np.float64)
        case ir.OneHot():
            return np.repeat(e, node.counts, axis=1)
        case ir.Interpolate():
            return interpolate_loss(node, given[0], value, unit)
        case ir.WeightedMedian():
            return median_loss(node, given[0], value)
        case ir.Bucketize():
            return bucket_loss(node, given[0])
        case ir.Piecewise():
            return pieces_loss(node, given[0], given[1], unit)
        case ir.Values():
            return values_loss(node, e, value, unit * (dtype == "float32" and not node.exact))
        case ir.Lookup(table=np.ndarray() as table):
            return lookup_loss(table, given[0], value, unit)
        case ir.Lookup():
            return chosen_loss(node, given, value)
        case ir.Neighbors():
            return neighbors_loss(node, given[0], value)
        case ir.NeighborMean():
            return neighbor_mean_loss(node, given, value, unit)
        case ir.RadiusMean():
            return radius_mean_loss(node, given[0], value, unit)
        case ir.Donate():
            return donate_loss(node, given[0], value, unit)
        case ir.Geodesic():
            return geodesic_loss(node, given, value, unit)
        case ir.Barycentre():
            return barycentre_loss(node, given, value, unit)
        case ir.Encode(solver="omp"):
            return encode_loss(node, given[0], unit)
        case ir.Encode():
            return descent_loss(node, given[0], value, unit)
        case ir.Factorize():
            return factorize_loss(node, given[0], value, unit)
        case ir.LatentDirichlet():
            return topics_loss(node, given[0], value, unit)
        case _:
            assert_never(node)  # type: ignore[arg-type]
