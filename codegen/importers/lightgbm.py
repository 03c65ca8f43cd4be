"""LightGBM: raw scores summed in binary64 from zero, and what the objective makes of them.

Its trees compare the input as it is, in binary64, but take numbers of at most 1e-35 for zero.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import refuse, regressor, scored_classifier
from codegen.importers.registry import importer
from codegen.importers.trees import NODE, in_one_table
from codegen.ir import (
    ArgMax,
    Bools,
    Choice,
    Complement,
    Elementwise,
    Floats,
    Hole,
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
CLASSIFIES = ("binary", "multiclass", "multiclassova")
IDENTITY = ("regression", "regression_l1", "huber", "fair", "quantile", "mape")
EXPONENTIAL = ("poisson", "gamma", "tweedie")

ZERO = float(np.float32(1e-35))
CATEGORICAL, DEFAULT_LEFT, MISSING_SHIFT, MISSING_MASK = 1, 2, 2, 3
NOTHING, AS_ZERO, AS_NAN = 0, 1, 2
"""decision_type: bit 0 a category, bit 1 the way of a missing value, bits 2 and 3 what is one."""

LEAST_ABOVE_HALF = 1.40625 * 2.0**-53
"""The least number p of which 1 / (1 + exp(-p)) is above one less itself, in binary64."""

BLUR = 2.0**-51
"""Raw scores so close may have the same softmax, of which the first maximum wins."""


@importer(WRAPPER + "LGBMClassifier")
def lgbm_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the raw score, or the softmax, or a sigmoid for each class."""
    header = est._Booster.model["header"]
    objective, options = allowed(est, header, CLASSIFIES)
    score = boosted(est, x)
    sigmoid = float(options.get("sigmoid", "1"))
    require(np.isfinite(sigmoid) and sigmoid > 0, "the sigmoid parameter")
    averaged = divisor(est)
    predict: Choice = ArgMax(score, BLUR * averaged)
    if objective == "multiclass":
        proba: Node = Softmax(scaled(score, averaged, 1.0))
    else:
        proba = Elementwise(scaled(score, averaged, sigmoid), "logistic")
    if objective == "binary":
        predict = Threshold(score, LEAST_ABOVE_HALF * averaged / sigmoid, inclusive=True)
        proba = Complement(proba)
    return scored_classifier(est._classes, predict=predict, score=score, proba=proba)


@importer(WRAPPER + "LGBMRegressor")
def lgbm_regressor(est: Record, x: Node) -> Outputs:
    """The raw score, or its exponential for objectives with a logarithmic link."""
    objective, options = allowed(est, est._Booster.model["header"], IDENTITY + EXPONENTIAL)
    if "sqrt" in options:
        raise refuse(est, "reg_sqrt=True", "transform the target with TransformedTargetRegressor")
    score = scaled(boosted(est, x), divisor(est), 1.0)
    return regressor(Elementwise(score, "exp") if objective in EXPONENTIAL else score)


def divisor(est: Record) -> float:
    """The number of iterations in boosting_type='rf', whose answer is a mean; else 1."""
    header = est._Booster.model["header"]
    n_trees = len(used_trees(est, est._Booster.model))
    averages = "average_output" in header
    return n_trees / int(header["num_tree_per_iteration"]) if averages else 1.0


def scaled(score: Node, divide: float, multiply: float) -> Node:
    """score / divide * multiply, where that is not the score itself."""
    if divide == multiply == 1:
        return score
    size = score.size
    return Scale(score, divide=np.full(size, divide), multiply=np.full(size, multiply))


def allowed(
    est: Record, header: dict[str, str], known: tuple[str, ...]
) -> tuple[str, dict[str, str]]:
    """The objective, if it has a C form, and its options."""
    name, *words = header.get("objective", "custom").split()
    if name not in known:
        raise refuse(est, f"objective={name!r}", f"use one of {', '.join(known)}")
    return name, dict(word.partition(":")[::2] for word in words)


def boosted(est: Record, x: Node) -> TreeEnsemble:
    """The raw scores: trees of one class after those of another, each class in its own order."""
    model = est._Booster.model
    header, trees = model["header"], used_trees(est, model)
    n_groups = int(header["num_tree_per_iteration"])
    require(n_groups > 0 and len(trees) % n_groups == 0, "as many trees for each class")
    missing = {int(kind) for tree in trees for kind in np.unique(missing_types(tree))}
    if AS_ZERO in missing:
        if missing != {AS_ZERO}:
            raise refuse(est, "zeros missing in some splits", "fit with zero_as_missing=False")
        x = Hole(x, -ZERO, ZERO)
    in_order = [trees[i] for k in range(n_groups) for i in range(k, len(trees), n_groups)]
    return in_one_table(
        x,
        [nodes(est, tree) for tree in in_order],
        [node_values(tree) for tree in in_order],
        divisor=1.0,
        groups=n_groups,
    )


def used_trees(est: Record, model: dict[str, Any]) -> list[dict[str, Any]]:
    """Trees up to the best iteration, where early stopping found one; else all."""
    options = {**est._Booster.get("params", {}), **est.get("_other_params", {})}
    if options.get("pred_early_stop"):
        raise refuse(est, "pred_early_stop=True", "its answers depend on when it stops; leave it")
    best = int(est._Booster.get("best_iteration", 0))
    trees: list[dict[str, Any]] = model["trees"]
    return trees[: best * int(model["header"]["num_tree_per_iteration"])] if best > 0 else trees


def missing_types(tree: dict[str, Any]) -> NDArray[Any]:
    """For each split what counts as a missing value."""
    return np.asarray((tree["decision_type"] >> MISSING_SHIFT) & MISSING_MASK)


def nodes(est: Record, tree: dict[str, Any]) -> NDArray[Any]:
    """The splits of one tree and then its leaves, as scikit-learn's trees are written."""
    if tree["num_cat"] or (tree["decision_type"] & CATEGORICAL).any():
        raise refuse(est, "categorical splits", "encode categories as numbers before fitting")
    if tree["is_linear"]:
        raise refuse(est, "linear_tree=True", "fit with constant leaves")
    n_splits = tree["threshold"].size
    require(tree["leaf_value"].size == n_splits + 1 == tree["num_leaves"], "leaves of a tree")
    found = np.zeros(2 * n_splits + 1, NODE)
    for side in ("left_child", "right_child"):
        child = tree[side]
        require((~child <= n_splits).all() and (child < n_splits).all(), "children of a tree")
        found[side] = -1
        found[side][:n_splits] = np.where(child < 0, n_splits + ~child, child)
    found["feature"][:n_splits] = tree["split_feature"]
    found["threshold"][:n_splits], found["missing_go_to_left"][:n_splits] = split_rule(tree)
    return found


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


def node_values(tree: dict[str, Any]) -> Floats:
    """Leaf values behind the place of the splits (n_nodes, 1)."""
    return np.concatenate([np.zeros(tree["threshold"].size), tree["leaf_value"]])[:, None]
