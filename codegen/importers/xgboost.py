"""XGBoost: a margin summed in float32, the base margin first, and what the objective makes of it.

A tree asks whether x < t with both in float32, which is x <= the float before t.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import integers, refuse, regressor, scored_classifier
from codegen.importers.registry import importer
from codegen.importers.trees import NODE, in_one_table
from codegen.ir import (
    ArgMax,
    Complement,
    Elementwise,
    Floats,
    Hole,
    Ints,
    Node,
    Outputs,
    Round32,
    Softmax,
    Threshold,
    TreeEnsemble,
    require,
)
from codegen.load import Record

WRAPPER = "xgboost.sklearn."
BINARY = ("binary:logistic",)
MULTI = ("multi:softprob", "multi:softmax")
IDENTITY = ("reg:squarederror", "reg:absoluteerror", "reg:pseudohubererror")

ABOVE_HALF = 1.5 * 2.0**-24
"""The largest margin whose float32 sigmoid is still a half."""

BLUR = 2.0**-22
"""Margins so close may have the same float32 softmax, of which the first maximum wins."""


@importer(WRAPPER + "XGBClassifier", WRAPPER + "XGBRFClassifier")
def xgb_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the margin, above a half; the softmax and its first maximum for more."""
    learner = est._Booster.model["learner"]
    objective = allowed(est, learner, BINARY + MULTI)
    margin = boosted(est, learner, x)
    known = class_labels(est)
    if objective in BINARY:
        if margin.size > 1:
            raise refuse(est, "multilabel targets", "fit one classifier for each label")
        proba: Node = Complement(Elementwise(margin, "logistic"))
        predict = Threshold(margin, ABOVE_HALF, inclusive=False)
        return scored_classifier(known, predict=predict, proba=proba)
    blur = BLUR if objective == "multi:softprob" else 0.0
    return scored_classifier(known, predict=ArgMax(margin, blur), proba=Softmax(margin))


@importer(WRAPPER + "XGBRegressor", WRAPPER + "XGBRFRegressor")
def xgb_regressor(est: Record, x: Node) -> Outputs:
    """The margin itself, one for each output."""
    learner = est._Booster.model["learner"]
    allowed(est, learner, IDENTITY)
    return regressor(boosted(est, learner, x))


def allowed(est: Record, learner: dict[str, Any], known: tuple[str, ...]) -> str:
    """The objective, if it has a C form."""
    name = str(learner["objective"]["name"])
    if name not in known:
        raise refuse(est, f"objective={name!r}", f"use one of {', '.join(known)}")
    return name


def class_labels(est: Record) -> Any:
    """The labels: numbers from 0 on, unless an old version encoded others."""
    encoder = est.get("_le")
    known = encoder.get("classes_") if isinstance(encoder, Record) else est.get("classes_")
    return np.arange(int(est.n_classes_)) if known is None else known


def boosted(est: Record, learner: dict[str, Any], x: Node) -> TreeEnsemble:
    """The margins: trees of one class after those of another, each class in its own order."""
    booster = learner["gradient_booster"]
    if booster["name"] != "gbtree":
        raise refuse(est, f"booster={booster['name']!r}", "use booster='gbtree'")
    model = booster["model"]
    if model.get("cats", {}).get("enc"):
        raise refuse(est, "categorical features", "encode them as numbers before fitting")
    used = used_trees(learner, model)
    trees, group = plain_trees(est, model["trees"][:used]), integers(model["tree_info"][:used])
    start = base_margin(learner)
    counts = np.bincount(group, minlength=start.size)
    require(len(trees) == group.size == used, "as many trees as it tells of")
    require(counts.size == start.size and np.ptp(counts) == 0, "as many trees for each class")
    order = np.argsort(group, kind="stable")
    return in_one_table(
        with_holes(est, Round32(x)),
        [nodes(trees[i]) for i in order],
        [np.asarray(trees[i]["split_conditions"], np.float64)[:, None] for i in order],
        divisor=1.0,
        groups=start.size,
        start=start,
        single=True,
    )


def with_holes(est: Record, x: Node) -> Node:
    """x, in which the number that stands for a missing value is missing."""
    value = float(np.float32(est.get("missing", np.nan)))
    return x if np.isnan(value) else Hole(x, value, value)


def used_trees(learner: dict[str, Any], model: dict[str, Any]) -> int:
    """Trees up to the best iteration, where early stopping found one; else all."""
    best = learner.get("attributes", {}).get("best_iteration")
    if best is None:
        return len(model["trees"])
    ends = integers(model["iteration_indptr"])
    require(0 <= int(best) < ends.size - 1, "the best iteration")
    return int(ends[int(best) + 1])


def base_margin(learner: dict[str, Any]) -> Floats:
    """The margin before the first tree, one for each class or output, in float32.

    base_score is a probability for the logistic objective; XGBoost takes -log(1 / p - 1).
    """
    param = learner["learner_model_param"]
    size = max(1, int(param["num_class"]), int(param.get("num_target", "1")))
    words = str(param["base_score"]).strip("[]").split(",")
    score = np.array([float(word) for word in words]).astype(np.float32)
    if learner["objective"]["name"] in BINARY:
        odds = np.float32(1) / score - np.float32(1)
        require((odds > 0).all(), "base_score is a probability")
        score = (-np.log(odds.astype(np.float64))).astype(np.float32)
    require(score.size in (1, size), "one base_score for each class")
    return np.broadcast_to(score, size).astype(np.float64)


def plain_trees(est: Record, trees: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The trees, if each has numeric splits and leaves of one value."""
    for tree in trees:
        if int(tree["tree_param"].get("size_leaf_vector", "1")) > 1:
            raise refuse(est, "multi_strategy='multi_output_tree'", "use 'one_output_per_tree'")
        if np.any(tree["split_type"]):
            raise refuse(est, "categorical splits", "encode categories as numbers before fitting")
    return trees


def nodes(tree: dict[str, Any]) -> NDArray[Any]:
    """The nodes of one tree, as those of scikit-learn are written."""
    left: Ints = integers(tree["left_children"])
    found = np.zeros(left.size, NODE)
    found["left_child"] = left
    found["right_child"] = integers(tree["right_children"])
    found["feature"] = integers(tree["split_indices"])
    found["missing_go_to_left"] = integers(tree["default_left"])
    below = np.nextafter(np.asarray(tree["split_conditions"], np.float32), np.float32(-np.inf))
    found["threshold"] = below
    return found
