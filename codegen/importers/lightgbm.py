"""LightGBM: raw scores summed in binary64 from zero, and what the objective makes of them.

Its trees compare the input as it is, in binary64, but take numbers of at most 1e-35 for zero.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import complement, refuse, regressor, scored_classifier
from codegen.importers.category_sets import set_table
from codegen.importers.functions import without
from codegen.importers.lightgbm_leaves import terms_of
from codegen.importers.registry import importer
from codegen.importers.trees import SET_NODE, in_one_table
from codegen.ir import (
    Affine,
    ArgMax,
    Bools,
    Choice,
    Elementwise,
    Floats,
    Ints,
    LinearLeaves,
    LogSumExp,
    Monomials,
    Node,
    Outputs,
    Scale,
    Softmax,
    Threshold,
    TreeEnsemble,
    require,
)
from codegen.load import Record

WRAPPER = "lightgbm.sklearn."
BOOSTER = "lightgbm.basic.Booster"
CLASSIFIES = ("binary", "multiclass", "multiclassova")
CUSTOM = "custom"
IDENTITY = (
    "regression",
    "regression_l1",
    "huber",
    "fair",
    "quantile",
    "mape",
    "lambdarank",
    "rank_xendcg",
    CUSTOM,
)
EXPONENTIAL = ("poisson", "gamma", "tweedie")
LOGISTIC = ("binary", "cross_entropy", "multiclassova")
NUMBERS = (*IDENTITY, *EXPONENTIAL, "cross_entropy", "cross_entropy_lambda", "binary")

ZERO = float(np.float32(1e-35))
CATEGORICAL, DEFAULT_LEFT, MISSING_SHIFT, MISSING_MASK = 1, 2, 2, 3
NOTHING, AS_ZERO, AS_NAN = 0, 1, 2
"""decision_type: bit 0 a category, bit 1 the way of a missing value, bits 2 and 3 what is one."""

LEAST_ABOVE_HALF = 1.40625 * 2.0**-53
"""The least number p of which 1 / (1 + exp(-p)) is above one less itself, in binary64."""


@importer(WRAPPER + "LGBMClassifier")
def lgbm_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the raw score, or the softmax, or a sigmoid for each class."""
    objective, options = allowed(est, CLASSIFIES)
    return answer_classes(est, x, est._classes, objective, options)


@importer(WRAPPER + "LGBMRegressor", WRAPPER + "LGBMRanker")
def lgbm_regressor(est: Record, x: Node) -> Outputs:
    """The raw score, or what the objective makes of it."""
    return answer_numbers(est, x, *allowed(est, NUMBERS))


@importer(BOOSTER)
def lgbm_booster(est: Record, x: Node) -> Outputs:
    """What LGBMClassifier answers, with labels from 0 on, where the objective is of classes."""
    objective, options = allowed(est, (*NUMBERS, *CLASSIFIES))
    if objective not in CLASSIFIES:
        return answer_numbers(est, x, objective, options)
    known = np.arange(max(2, int(model_of(est)["header"]["num_class"])))
    return answer_classes(est, x, known, objective, options)


def answer_classes(
    est: Record, x: Node, known: Any, objective: str, options: dict[str, str]
) -> Outputs:
    """A classifier: its label, its probabilities, its raw score."""
    score, averaged = boosted(est, x), divisor(est)
    if objective == "multiclass":
        proba: Node = Softmax(scaled(score, averaged, 1.0))
    else:
        proba = Elementwise(scaled(score, averaged, sigmoid_of(options)), "logistic")
    predict: Choice = ArgMax(proba)
    if objective == "binary":
        least = LEAST_ABOVE_HALF * averaged / sigmoid_of(options)
        predict, proba = Threshold(score, least, inclusive=True), complement(proba)
    return scored_classifier(known, predict=predict, score=score, proba=proba)


def answer_numbers(est: Record, x: Node, objective: str, options: dict[str, str]) -> Outputs:
    """A regressor, the ranks among them."""
    factor = sigmoid_of(options) if objective == "binary" else 1.0
    score = scaled(boosted(est, x), divisor(est), factor)
    if objective in EXPONENTIAL:
        return regressor(Elementwise(score, "exp"))
    if objective in LOGISTIC:
        return regressor(Elementwise(score, "logistic"))
    if objective == "cross_entropy_lambda":
        require(score.size == 1, "one number for a cross entropy")
        return regressor(LogSumExp(Affine(score, np.array([[0.0], [1.0]]), np.zeros(2))))
    return regressor(signed_square(score) if "sqrt" in options else score)


def signed_square(x: Node) -> Node:
    """x |x|: relu(x) squared less relu(-x) squared."""
    one = np.eye(x.size)
    sides = Elementwise(Affine(x, np.vstack([one, -one]), np.zeros(2 * x.size)), "relu")
    squares = Monomials(sides, 2 * np.eye(2 * x.size, dtype=np.int64))
    return Affine(squares, np.hstack([one, -one]), np.zeros(x.size))


def sigmoid_of(options: dict[str, str]) -> float:
    """What the raw score is multiplied by before the sigmoid."""
    sigmoid = float(options.get("sigmoid", "1"))
    require(np.isfinite(sigmoid) and sigmoid > 0, "the sigmoid parameter")
    return sigmoid


def model_of(est: Record) -> dict[str, Any]:
    """The model in a wrapper or in a booster."""
    model: dict[str, Any] = booster_of(est).model
    return model


def booster_of(est: Record) -> Record:
    """The booster in a wrapper, or the booster itself."""
    booster: Record = est._Booster if "_Booster" in est else est
    return booster


def divisor(est: Record) -> float:
    """The number of iterations in boosting_type='rf', whose answer is a mean; else 1."""
    header = model_of(est)["header"]
    n_trees = len(used_trees(est, model_of(est)))
    averages = "average_output" in header
    return n_trees / int(header["num_tree_per_iteration"]) if averages else 1.0


def scaled(score: Node, divide: float, multiply: float) -> Node:
    """score / divide * multiply, where that is not the score itself."""
    if divide == multiply == 1:
        return score
    size = score.size
    return Scale(score, divide=np.full(size, divide), multiply=np.full(size, multiply))


def allowed(est: Record, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The objective, if it has a C form, and its options."""
    name, *words = model_of(est)["header"].get("objective", CUSTOM).split()
    if name not in known:
        raise refuse(est, f"objective={name!r}", f"use one of {', '.join(known)}")
    return name, dict(word.partition(":")[::2] for word in words)


def boosted(est: Record, given: Node) -> Node:
    """The raw scores: trees of one class after those of another, each class in its own order."""
    model = model_of(est)
    if model["pandas_categorical"]:
        raise refuse(est, "pandas categories", "fit on their codes, as categorical_feature")
    header, trees = model["header"], used_trees(est, model)
    n_groups = int(header["num_tree_per_iteration"])
    require(n_groups > 0 and len(trees) % n_groups == 0, "as many trees for each class")
    missing = {int(kind) for tree in trees for kind in np.unique(missing_types(tree))}
    x = given
    if AS_ZERO in missing:
        if missing != {AS_ZERO} or any(tree["num_cat"] for tree in trees):
            raise refuse(est, "zeros missing in some splits", "fit with zero_as_missing=False")
        x = without(given, -ZERO, ZERO)
    in_order = [trees[i] for k in range(n_groups) for i in range(k, len(trees), n_groups)]
    if any(tree["is_linear"] for tree in trees):
        feature, weight, places = terms_of(in_order, given.size)
        leaves = summed(x, in_order, places, len(trees))
        return LinearLeaves(leaves, given, feature, weight, n_groups)
    return summed(x, in_order, [tree["leaf_value"] for tree in in_order], n_groups)


def summed(x: Node, trees: list[dict[str, Any]], leaves: list[Any], groups: int) -> TreeEnsemble:
    """The sums of what stands in the leaves."""
    sets: list[Ints] = []
    return in_one_table(
        x,
        [nodes(tree, sets) for tree in trees],
        [node_values(tree, leaf) for tree, leaf in zip(trees, leaves, strict=True)],
        divisor=1.0,
        groups=groups,
        **({"sets": set_table(sets, inside=True), "truncates": True} if sets else {}),
    )


def used_trees(est: Record, model: dict[str, Any]) -> list[dict[str, Any]]:
    """Trees up to the best iteration, where early stopping found one; else all."""
    options = {**booster_of(est).get("params", {}), **est.get("_other_params", {})}
    if options.get("pred_early_stop"):
        raise refuse(est, "pred_early_stop=True", "its answers depend on when it stops; leave it")
    best = int(booster_of(est).get("best_iteration", 0))
    trees: list[dict[str, Any]] = model["trees"]
    return trees[: best * int(model["header"]["num_tree_per_iteration"])] if best > 0 else trees


def missing_types(tree: dict[str, Any]) -> NDArray[Any]:
    """For each split what counts as a missing value."""
    return np.asarray((tree["decision_type"] >> MISSING_SHIFT) & MISSING_MASK)


def nodes(tree: dict[str, Any], sets: list[Ints]) -> NDArray[Any]:
    """The splits of one tree and then its leaves, as scikit-learn's trees are written.

    The categories of a set go left; its sets go behind those of the other trees.
    """
    n_splits = tree["threshold"].size
    require(tree["leaf_value"].size == n_splits + 1 == tree["num_leaves"], "leaves of a tree")
    found = np.zeros(2 * n_splits + 1, SET_NODE)
    for side in ("left_child", "right_child"):
        child = tree[side]
        require((~child <= n_splits).all() and (child < n_splits).all(), "children of a tree")
        found[side] = -1
        found[side][:n_splits] = np.where(child < 0, n_splits + ~child, child)
    found["feature"][:n_splits] = tree["split_feature"]
    found["threshold"][:n_splits], found["missing_go_to_left"][:n_splits] = split_rule(tree)
    found["set"] = -1
    asked = np.flatnonzero(tree["decision_type"] & CATEGORICAL)
    if asked.size:
        found["set"][asked] = set_numbers(tree, asked) + len(sets)
        found["threshold"][asked], found["missing_go_to_left"][asked] = 0, 0
        sets += members(tree)
    return found


def set_numbers(tree: dict[str, Any], asked: Ints) -> Ints:
    """The numbers of the sets within a tree, which stand in the place of thresholds."""
    written = tree["threshold"][asked]
    require(np.isin(written, np.arange(tree["num_cat"])).all(), "the number of a set")
    return np.asarray(written, np.int64)


def members(tree: dict[str, Any]) -> list[Ints]:
    """The categories of each set of a tree: the bits of its words of 32."""
    ends, words = tree["cat_boundaries"], tree["cat_threshold"]
    require(ends.size == tree["num_cat"] + 1, "as many sets as a tree tells of")
    require((np.diff(ends) >= 0).all() and ends[0] == 0, "sets of categories")
    require(ends[-1] == words.size and ((words >= 0) & (words < 1 << 32)).all(), "sets")
    bits = (words[:, None] >> np.arange(32)) & 1
    return [np.flatnonzero(bits[start:end]) for start, end in pairwise(ends)]


def split_rule(tree: dict[str, Any]) -> tuple[Floats, Bools]:
    """The largest x that goes left, and whether a missing value does.

    Numbers up to 1e-35 in size are compared as zero, and NaN too, where it is not missing.
    """
    threshold, missing = tree["threshold"], missing_types(tree)
    require((missing <= AS_NAN).all(), "what counts as missing")
    near = np.where(threshold >= 0, ZERO, np.nextafter(-ZERO, -np.inf))
    tiny = (np.abs(threshold) <= ZERO) & (missing != AS_ZERO)
    default = (tree["decision_type"] & DEFAULT_LEFT) > 0
    return np.where(tiny, near, threshold), np.where(missing == NOTHING, threshold >= 0, default)


def node_values(tree: dict[str, Any], leaf: Any) -> Floats:
    """What stands in the leaves, behind the place of the splits (n_nodes, 1)."""
    return np.concatenate([np.zeros(tree["threshold"].size), leaf])[:, None]
