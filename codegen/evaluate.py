"""What each node means, in numpy and float64: the definition that importers and C are held to."""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from codegen import ir
from codegen.ir import Floats, Node


def evaluate(methods: dict[str, Node], X: Floats) -> dict[str, Floats]:
    """Every method on the rows of X (n_rows, n_features); each answer is (n_rows, size)."""
    values: dict[int, Floats] = {}
    with np.errstate(all="ignore"):
        for node in ir.walk(methods.values()):
            values[id(node)] = meaning(node, [values[id(n)] for n in ir.inputs(node)] or [X])
    return {name: values[id(node)] for name, node in methods.items()}


def meaning(node: Node, given: list[Floats]) -> Floats:  # noqa: C901, PLR0911, PLR0912 one case a node
    """The values of one node (n_rows, size) from those of its inputs."""
    x = given[0]
    match node:
        case ir.Input() | ir.Widen():
            return x
        case ir.Gather():
            return x[:, node.index]
        case ir.Concat():
            return np.hstack(given)
        case ir.Round32():
            return x.astype(np.float32).astype(np.float64)
        case ir.Scale():
            return scale(node, x)
        case ir.Centre():
            return (x - node.high) - node.low
        case ir.Clip():
            return np.clip(x, node.low, node.high)
        case ir.Impute():
            return np.where(is_missing(x, node.missing), node.fill, x)
        case ir.IsMissing():
            return is_missing(x, node.missing).astype(np.float64)
        case ir.Hole():
            return np.where((x >= node.low) & (x <= node.high), np.nan, x)
        case ir.Normalize():
            length = norm(node.norm, x)
            return x / np.where(length < ir.LEAST_NORM, 1.0, length)
        case ir.Elementwise():
            return ELEMENTWISE[node.function](x)
        case ir.Softmax():
            e = np.exp(x - x.max(axis=1, keepdims=True))
            return np.asarray(e / e.sum(axis=1, keepdims=True))
        case ir.Proportion():
            total = x.sum(axis=1, keepdims=True)
            return np.where(total == 0, 1 / node.size, x / nonzero(total))
        case ir.Complement():
            return np.hstack([1 - x, x])
        case ir.Monomials():
            return np.prod(x[:, None, :] ** node.powers, axis=2)
        case ir.Affine():
            return x @ node.weight.T + node.bias
        case ir.Kernel():
            return kernel(node, x)
        case ir.Distance():
            return squared_distance(x, node.centres)
        case ir.Quadratic():
            return log_density(node, x)
        case ir.TreeEnsemble():
            return tree_sum(node, leaf_rows(node, x)) / node.divisor
        case ir.PairwiseAffine():
            return x @ pairwise_weight(node).T + node.bias
        case ir.PairwiseVotes():
            return votes(x > 0, node.n_classes)
        case ir.PairwiseScores():
            s = (x @ signs(node.n_classes)).astype(np.float64)
            return votes(x >= 0, node.n_classes) + s / (3 * (np.abs(s) + 1))
        case ir.PairwiseCoupling():
            return np.array([coupling(row, node.n_classes) for row in x])
        case ir.ArgMax():
            return x.argmax(axis=1)[:, None].astype(np.float64)
        case ir.ArgMin():
            return x.argmin(axis=1)[:, None].astype(np.float64)
        case ir.Threshold():
            above = x >= node.cut if node.inclusive else x > node.cut
            return above.astype(np.float64)
        case ir.Lookup():
            return node.table[x.astype(np.int64)].astype(np.float64)
        case _:
            assert_never(node)  # type: ignore[arg-type]


def relu(x: Floats) -> Floats:
    """The positive part; NaN stays NaN."""
    return np.maximum(x, 0.0)


ELEMENTWISE = {
    "exp": np.exp,
    "log": np.log,
    "logistic": expit,
    "relu": relu,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
}


def scale(node: ir.Scale, x: Floats) -> Floats:
    """The steps of a Scale, each rounded by itself."""
    if node.subtract is not None:
        x = x - node.subtract
    if node.divide is not None:
        x = x / node.divide
    if node.multiply is not None:
        x = x * node.multiply
    return x if node.add is None else x + node.add


def is_missing(x: Floats, missing: float) -> NDArray[np.bool_]:
    """Where x is the missing value, NaN or a number."""
    return np.isnan(x) if np.isnan(missing) else x == missing


def nonzero(x: Floats) -> Floats:
    """x with 1 in the place of 0, to divide by."""
    return np.where(x == 0, 1.0, x)


def norm(name: str, x: Floats) -> Floats:
    """The norm of each row, (n_rows, 1)."""
    order = {"l1": 1, "l2": 2, "max": np.inf}[name]
    return np.asarray(np.linalg.norm(x, ord=order, axis=1, keepdims=True))


def squared_distance(x: Floats, centres: Floats) -> Floats:
    """Sums of squared differences (n_rows, n_centres)."""
    return np.stack([((x - c) ** 2).sum(axis=1) for c in centres], axis=1)


def kernel(node: ir.Kernel, x: Floats) -> Floats:
    """Kernel values (n_rows, n_vectors)."""
    if node.function == "rbf":
        return np.exp(-node.gamma * squared_distance(x, node.vectors))
    dot = x @ node.vectors.T
    if node.function == "linear":
        return dot
    dot = node.gamma * dot + node.coef0
    return np.tanh(dot) if node.function == "sigmoid" else dot**node.degree


def log_density(node: ir.Quadratic, x: Floats) -> Floats:
    """Constants less half the weighted squared distances, less the largest (n_rows, n_out)."""
    both = zip(node.centre, node.precision, strict=True)
    squares = np.stack([(p * (x - c) ** 2).sum(axis=1) for c, p in both], axis=1)
    value = node.constant - squares / 2
    return np.asarray(value - value.max(axis=1, keepdims=True))


def leaf_rows(node: ir.TreeEnsemble, x: Floats) -> NDArray[np.int64]:
    """The row of `values` that each tree gives (n_rows, n_trees)."""
    rows = np.arange(len(x))[:, None]
    at = np.broadcast_to(node.roots, (len(x), node.roots.size)).copy()
    while (inner := at >= 0).any():
        i = np.where(inner, at, 0)
        value = x[rows, node.feature[i]]
        left = np.where(np.isnan(value), node.missing_left[i], value <= node.threshold[i])
        at = np.where(inner, np.where(left, node.left[i], node.right[i]), at)
    return ~at


def tree_sum(node: ir.TreeEnsemble, leaves: NDArray[np.int64]) -> Floats:
    """The initial values and the leaf values, added in the order of the trees."""
    kind = np.float32 if node.single else np.float64
    total = np.tile(node.initial.astype(kind), (len(leaves), 1))
    values = node.values.astype(kind)
    if node.groups == 1:
        for column in leaves.T:
            total += values[column]
    else:
        for t in range(node.n_summed):
            total += values[leaves[:, t :: node.n_summed], 0]
    return total.astype(np.float64)


def pairs(n_classes: int) -> list[tuple[int, int]]:
    """(0, 1), (0, 2) .. (1, 2) .."""
    return [(i, j) for i in range(n_classes) for j in range(i + 1, n_classes)]


def pairwise_weight(node: ir.PairwiseAffine) -> Floats:
    """The dual coefficients written out as one row for each pair (n_pairs, n_vectors)."""
    end = np.cumsum(node.counts)
    own = [slice(e - c, e) for c, e in zip(node.counts, end, strict=True)]
    weight = np.zeros((node.size, node.x.size))
    for p, (i, j) in enumerate(pairs(node.counts.size)):
        weight[p, own[i]] = node.dual[j - 1, own[i]]
        weight[p, own[j]] = node.dual[i, own[j]]
    return weight


def signs(n_classes: int) -> NDArray[np.int64]:
    """(n_pairs, n_classes): +1 for the first class of a pair, -1 for the second."""
    table = np.zeros((n_classes * (n_classes - 1) // 2, n_classes), np.int64)
    for p, (i, j) in enumerate(pairs(n_classes)):
        table[p, i], table[p, j] = 1, -1
    return table


def votes(first: NDArray[np.bool_], n_classes: int) -> Floats:
    """Votes of each class (n_rows, n_classes); first: whether a pair votes its first class."""
    sign = signs(n_classes)
    return np.where(first, 1.0, 0.0) @ (sign > 0) + np.where(first, 0.0, 1.0) @ (sign < 0)


def coupling(r: Floats, k: int) -> Floats:
    """Probabilities of k classes from those of the pairs; libsvm's iteration, to its stop rule.

    Minimises sum (r_ji p_i - r_ij p_j)^2 over the simplex: Q_tt = sum r_jt^2, Q_tj = -r_jt r_tj.
    """
    rate = np.zeros((k, k))
    for value, (i, j) in zip(r, pairs(k), strict=True):
        rate[i, j], rate[j, i] = value, 1 - value
    Q = -rate.T * rate
    np.fill_diagonal(Q, (rate.T**2).sum(axis=1))
    p = np.full(k, 1 / k)
    for _ in range(max(100, k)):
        Qp = Q @ p
        pQp = p @ Qp
        if np.abs(Qp - pQp).max() < 0.005 / k:
            break
        for t in range(k):
            step = (pQp - Qp[t]) / Q[t, t]
            p[t] += step
            pQp = (pQp + step * (step * Q[t, t] + 2 * Qp[t])) / (1 + step) / (1 + step)
            Qp = (Qp + step * Q[t]) / (1 + step)
            p /= 1 + step
    return p
