"""How far the C may be from the model: error bounds, carried from node to node on given rows.

Each rule adds what the node's own arithmetic can lose to what its inputs have lost, to first order
with a factor of safety (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3). A bound
of an index is 0 (sure) or 1 (another index is within the bounds). Infinity: no bound is known,
since a step function stands behind inexact values, or an iteration with a stop rule.
"""

from typing import assert_never

import numpy as np

from codegen import ir
from codegen.evaluate import meaning, pairwise_weight, signs, squared_distance
from codegen.ir import Floats, Node
from codegen.losses import (
    COEFFICIENT,
    LEAST,
    REFERENCE,
    SINGLE_UNDERFLOW,
    ULPS,
    UNIT,
    Known,
    open_pairs,
    quadratic_loss,
    rivals,
    softmax_loss,
    tree_loss,
    vote_loss,
)
from codegen.plan.block import base_of, is_block
from codegen.plan.block import lost as lost_in_block
from codegen.plan.distance import off, whole_distance
from codegen.plan.program import Dtype
from codegen.plan.radial import lost as lost_in_radial
from codegen.plan.radial import lost_in_sums, over_radial
from codegen.plan.whole import whole_columns
from codegen.plan.whole_sums import lost as lost_in_whole

__all__ = ["Known", "bounds"]


def bounds(methods: dict[str, Node], X: Floats, dtype: Dtype) -> dict[str, Known]:
    """For each method of a lowered model: its values on X, and how far the C may be from them."""
    known: dict[int, Known] = {}
    rounded, single = rounded_next(methods), behind_single(methods)
    with np.errstate(all="ignore"):
        for node in ir.walk(methods.values()):
            given = [known[id(n)] for n in ir.inputs(node)] or [Known(X, np.zeros_like(X))]
            value = meaning(node, [k.value for k in given])
            own = lost(node, given, value, "float32" if id(node) in single else dtype)
            if id(node) in single and not node.is_index:
                own = own + SINGLE_UNDERFLOW
            if id(node) in rounded:
                own = np.where(value == given[0].value, given[0].bound, 0)
            bound = np.broadcast_to(own, value.shape)
            known[id(node)] = Known(value, np.where(np.isnan(bound), np.inf, bound))
    return {name: known[id(node)] for name, node in methods.items()}


def behind_single(methods: dict[str, Node]) -> set[int]:
    """What is computed from float32 sums: the reference computes it in float32 as well."""
    found: set[int] = set()
    for node in ir.walk(methods.values()):
        read = ir.inputs(node)
        if any(id(n) in found or (isinstance(n, ir.TreeEnsemble) and n.single) for n in read):
            found.add(id(node))
    return found


def rounded_next(methods: dict[str, Node]) -> set[int]:
    """Fillers that are only read to be rounded to float32: what they fill in is exact then."""
    readers: dict[int, list[Node]] = {}
    for node in ir.walk(methods.values()):
        for read in ir.inputs(node):
            readers.setdefault(id(read), []).append(node)
    rounded: set[int] = set()
    for node in reversed(list(ir.walk(methods.values()))):
        if isinstance(node, ir.Gather | ir.Concat | ir.Impute) and all(
            isinstance(r, ir.Round32) or (id(r) in rounded and not isinstance(r, ir.Impute))
            for r in readers.get(id(node), [node])
        ):
            rounded.add(id(node))
    return {
        id(n) for n in ir.walk(methods.values()) if id(n) in rounded and isinstance(n, ir.Impute)
    }


def lost(node: Node, given: list[Known], value: Floats, dtype: Dtype) -> Floats:  # noqa: C901, PLR0911, PLR0912 one case a node
    """The bound of a node's error from those of its inputs."""
    x, e = given[0].value, given[0].bound
    unit = UNIT[dtype]
    match node:
        case ir.Input() | ir.IsMissing():
            return np.zeros_like(value)
        case ir.Gather():
            return e[:, node.index]
        case ir.Concat():
            return np.hstack([k.bound for k in given])
        case ir.Round32():
            return np.where(e == 0, 0, e + 2.0**-24 * np.abs(x))
        case ir.Scale():
            return scale_loss(node, given[0], unit, exact=dtype == "float64")
        case ir.Centre():
            rounding = np.abs(x - node.high) + np.abs(value)
            return e + unit * rounding + unit * unit * np.abs(node.high)
        case ir.Clip():
            return e + unit * np.abs(value) * (dtype == "float32")
        case ir.Impute():
            return np.where(value == x, e, unit * np.abs(value) * (dtype == "float32"))
        case ir.Hole():
            return np.where(e == 0, 0, np.inf)
        case ir.Normalize():
            return normalize_loss(node, given[0], value, unit)
        case ir.Elementwise():
            return function_loss(node.function, given[0], value) + ULPS[
                node.function
            ] * 2 * unit * np.abs(value)
        case ir.Softmax():
            behind = x.max(axis=1, keepdims=True) - x
            own = (node.size + 8 + behind) * unit * value + 2 * LEAST[unit]
            return softmax_loss(given[0], value) + own
        case ir.Proportion():
            total = np.abs(x.sum(axis=1, keepdims=True))
            return (e + value * e.sum(axis=1, keepdims=True)) / total + (
                node.size + 2
            ) * unit * value
        case ir.Complement():
            return e + unit
        case ir.Monomials():
            size = np.abs(x)[:, None, :] + e[:, None, :]
            largest = np.prod(size**node.powers, axis=2)
            return largest - np.abs(value) + 2 * unit * (node.powers.sum(axis=1) + 1) * largest
        case ir.Affine():
            return affine_loss(node, given[0], value, dtype)
        case ir.Kernel():
            return kernel_loss(node, given[0], value, dtype)
        case ir.Distance():
            whole = whole_distance(node) if dtype == "float32" else None
            less = None if whole is None else off(whole, x)
            return distance_loss(node.centres, given[0], unit, off=less)
        case ir.Quadratic():
            return quadratic_loss(node, given[0], value, dtype)
        case ir.TreeEnsemble():
            return tree_loss(node, given[0], value, dtype)
        case ir.PairwiseAffine():
            weight = pairwise_weight(node)
            return over_kernel_loss(node, weight, given[0], value, dtype)
        case ir.PairwiseVotes():
            return open_pairs(node, given[0])
        case ir.PairwiseScores():
            sums = e @ np.abs(signs(node.n_classes))
            return (
                open_pairs(node, given[0])
                + sums / 3
                + (node.n_classes + 6) * unit * (np.abs(value) + 1)
            )
        case ir.PairwiseCoupling():
            return np.full_like(value, np.inf)
        case ir.ArgMax(x=ir.TreeEnsemble() as forest):
            return vote_loss(forest, node.blur, given[0], dtype)
        case ir.ArgMax():
            return rivals(x, e + node.blur / 2)
        case ir.ArgMin():
            return rivals(-x, e)
        case ir.Threshold():
            near = np.abs(x - node.cut) <= e + unit * abs(node.cut)
            return ((e > 0) & near).astype(np.float64)
        case ir.Lookup() | ir.Widen():
            return e
        case _:
            assert_never(node)  # type: ignore[arg-type]


def scale_loss(node: ir.Scale, given: Known, unit: float, *, exact: bool) -> Floats:
    """Each step rounds its parameter (not in double) and its result."""
    value, e = given.value, given.bound
    own = 2 * unit
    subtract, divide, multiply, add = node.steps
    if subtract is not None:
        value, e = value - subtract, e + unit * np.abs(subtract) + unit * np.abs(value - subtract)
    if divide is not None:
        value, e = value / divide, e / np.abs(divide) + own * np.abs(value / divide)
    if multiply is not None:
        value, e = value * multiply, e * np.abs(multiply) + own * np.abs(value * multiply)
    if add is not None:
        value, e = value + add, e + unit * np.abs(add) + unit * np.abs(value + add)
    return np.where(given.bound == 0, 0, e) if exact else e


def normalize_loss(node: ir.Normalize, given: Known, value: Floats, unit: float) -> Floats:
    """Errors of the values, and of the norm that divides them."""
    x, e = given.value, given.bound
    size = np.where(value != 0, np.abs(x / np.where(value == 0, 1, value)), np.inf)
    norm: Floats = np.min(size, axis=1, keepdims=True)
    of_norm: dict[str, Floats] = {
        "l1": e.sum(axis=1),
        "l2": np.linalg.norm(e, axis=1),
        "max": e.max(axis=1),
    }
    return (e + np.abs(value) * of_norm[node.norm][:, None]) / norm + (
        node.size + 6
    ) * unit * np.abs(value)


def function_loss(function: str, given: Known, value: Floats) -> Floats:
    """How much an error of the argument moves the value."""
    x, e = given.value, given.bound
    match function:
        case "exp":
            return value * np.expm1(e)
        case "log":
            return np.where(e < x, -np.log1p(-np.minimum(e / x, 1)), np.inf)
        case "sqrt":
            return np.where(value * value > e, e / value, np.sqrt(e))
        case "logistic":
            return np.minimum(e / 4, value * (1 - value) * np.expm1(e) + e * e)
        case _:
            return e


def affine_loss(node: ir.Affine, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """Whole-number sums lose half an ulp at the end; Kahan's and plain sums a few of every term."""
    if isinstance(node.x, ir.Kernel):
        return over_kernel_loss(node, node.weight, given, value, dtype)
    size = np.abs(given.value) @ np.abs(node.weight).T + np.abs(node.bias)
    terms = node.x.size + 1
    if whole_columns(node.x) is not None:
        own = lost_in_whole(node, given.value)
    elif dtype == "float32" and is_block(node):
        own = lost_in_block(node, given.value, given.bound)
    else:
        own = (COEFFICIENT[dtype] + terms * 2.0**-52) * size
    rounded = own + terms * REFERENCE * size + UNIT[dtype] * np.abs(value)
    return given.bound @ np.abs(node.weight).T + rounded


def over_kernel_loss(
    node: ir.Affine | ir.PairwiseAffine, weight: Floats, given: Known, value: Floats, dtype: Dtype
) -> Floats:
    """In whole numbers only the coefficients are rounded, and the end; else a float sum."""
    if dtype == "float64" or over_radial(node) is None:
        return summed_loss(weight, node.bias, given, value, UNIT[dtype])
    size = np.abs(given.value) @ np.abs(weight).T + np.abs(node.bias)
    own = lost_in_sums(node, weight, given.value) + weight.shape[1] * REFERENCE * size
    return given.bound @ np.abs(weight).T + own + UNIT[dtype] * np.abs(value)


def summed_loss(weight: Floats, bias: Floats, given: Known, value: Floats, unit: float) -> Floats:
    """A compensated sum: coefficient, product and two roundings of every term, or an underflow."""
    size = np.abs(given.value) @ np.abs(weight).T + np.abs(bias)
    own = 5 * unit * size + unit * np.abs(value) + weight.shape[1] * LEAST[unit]
    return given.bound @ np.abs(weight).T + own


def distance_loss(
    centres: Floats, given: Known, unit: float, *, off: Floats | None = None
) -> Floats:
    """Differences of rounded centres (or of whole numbers, off by so much), their squares, the sum.

    The reference expands them.
    """
    x, e = given.value, given.bound
    square = squared_distance(x, centres)
    offs = [e + (unit * np.abs(c) if off is None else off) for c in centres]
    moved = [
        (2 * np.abs(x - c) * o + o * o).sum(axis=1) for c, o in zip(centres, offs, strict=True)
    ]
    expanded = (x**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    terms = x.shape[1] + 3
    return np.stack(moved, axis=1) + terms * unit * square + 4 * terms * REFERENCE * expanded


def kernel_loss(node: ir.Kernel, given: Known, value: Floats, dtype: Dtype) -> Floats:
    """Errors of the distance or the dot product, through the kernel's function."""
    x, e, unit = given.value, given.bound, UNIT[dtype]
    if dtype == "float32" and (whole := lost_in_radial(node, x, e, value)) is not None:
        return whole
    if node.function == "rbf":
        square = squared_distance(x, node.vectors)
        moved = node.gamma * (distance_loss(node.vectors, given, unit) + 3 * unit * square)
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
    largest = (np.abs(base) + of_base) ** node.degree
    return largest - np.abs(base) ** node.degree + 2 * (node.degree + 1) * unit * largest
