"""XGBoost: a margin summed in float32, the base margin first, and what the objective makes of it.

A tree asks whether x < t with both in float32, which is x <= the float before t.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import complement, integers, refuse, regressor, scored_classifier
from codegen.importers.category_sets import set_table
from codegen.importers.functions import filled, with_holes
from codegen.importers.registry import importer
from codegen.importers.trees import SET_NODE, in_one_table
from codegen.ir import (
    Affine,
    ArgMax,
    Elementwise,
    Floats,
    Ints,
    Node,
    Outputs,
    Round32,
    Softmax,
    Threshold,
    TreeEnsemble,
    Values,
    require,
)
from codegen.load import Record

WRAPPER = "xgboost.sklearn."
BOOSTER = "xgboost.core.Booster"
HINGE, LOGITRAW = "binary:hinge", "binary:logitraw"
LOGISTIC = ("binary:logistic", "reg:logistic")
MULTI = ("multi:softprob", "multi:softmax")
BINARY = ("binary:logistic", LOGITRAW, HINGE)
EXPONENTIAL = ("count:poisson", "reg:gamma", "reg:tweedie", "survival:aft", "survival:cox")
IDENTITY = (
    "reg:squarederror",
    "reg:squaredlogerror",
    "reg:absoluteerror",
    "reg:pseudohubererror",
    "reg:quantileerror",
    "rank:pairwise",
    "rank:ndcg",
    "rank:map",
)
NUMBERS = (*IDENTITY, *EXPONENTIAL, *LOGISTIC, LOGITRAW)

ABOVE_HALF = 1.5 * 2.0**-24
"""The largest margin whose float32 sigmoid is still a half."""

BLUR = 2.0**-22
"""Margins so close may have the same float32 softmax, of which the first maximum wins."""


@importer(WRAPPER + "XGBClassifier", WRAPPER + "XGBRFClassifier")
def xgb_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the margin, above a half; the softmax and its first maximum for more."""
    allowed(est, (*BINARY, "reg:logistic", *MULTI))
    return answer_classes(est, x, class_labels(est))


@importer(WRAPPER + "XGBRegressor", WRAPPER + "XGBRFRegressor", WRAPPER + "XGBRanker")
def xgb_regressor(est: Record, x: Node) -> Outputs:
    """The margin, one for each output, or its exponential or sigmoid, as the objective has it."""
    allowed(est, NUMBERS)
    return answer_numbers(est, x)


@importer(BOOSTER)
def xgb_booster(est: Record, x: Node) -> Outputs:
    """What XGBClassifier answers, with labels from 0 on, where the objective is of classes."""
    objective = allowed(est, (*NUMBERS, *BINARY, *MULTI))
    if objective in (*BINARY, *MULTI):
        number = int(learner_of(est)["learner_model_param"]["num_class"])
        return answer_classes(est, x, np.arange(max(number, 2)))
    return answer_numbers(est, x)


def answer_classes(est: Record, x: Node, known: Any) -> Outputs:
    """A classifier; what is no probability is told as XGBClassifier tells it: 1 - p and p."""
    objective = learner_of(est)["objective"]["name"]
    margin = boosted(est, x)
    if objective in MULTI:
        blur = BLUR if objective == "multi:softprob" else 0.0
        return scored_classifier(known, predict=ArgMax(margin, blur), proba=Softmax(margin))
    if margin.size > 1:
        raise refuse(est, "multilabel targets", "fit one classifier for each label")
    if objective == HINGE:
        above = Threshold(margin, 0.0, inclusive=False)
        return scored_classifier(
            known, predict=above, proba=Values(above, np.array([2]), np.eye(2))
        )
    if objective == LOGITRAW:
        predict = Threshold(margin, 0.5, inclusive=False)
        return scored_classifier(known, predict=predict, proba=complement(margin))
    predict = Threshold(margin, ABOVE_HALF, inclusive=False)
    return scored_classifier(
        known, predict=predict, proba=complement(Elementwise(margin, "logistic"))
    )


def answer_numbers(est: Record, x: Node) -> Outputs:
    """A regressor, the ranks among them."""
    objective = learner_of(est)["objective"]["name"]
    margin = boosted(est, x)
    if objective in EXPONENTIAL:
        return regressor(Elementwise(margin, "exp"))
    return regressor(Elementwise(margin, "logistic") if objective in LOGISTIC else margin)


def learner_of(est: Record) -> dict[str, Any]:
    """The learner in a wrapper or in a booster."""
    learner: dict[str, Any] = (est._Booster if "_Booster" in est else est).model["learner"]
    return learner


def allowed(est: Record, known: tuple[str, ...]) -> str:
    """The objective, if it has a C form."""
    name = str(learner_of(est)["objective"]["name"])
    if name not in known:
        raise refuse(est, f"objective={name!r}", f"use one of {', '.join(known)}")
    return name


def class_labels(est: Record) -> Any:
    """The labels: numbers from 0 on, unless an old version encoded others."""
    encoder = est.get("_le")
    known = encoder.get("classes_") if isinstance(encoder, Record) else est.get("classes_")
    return np.arange(int(est.n_classes_)) if known is None else known


def boosted(est: Record, x: Node) -> Node:
    """The margins before the objective makes something of them."""
    learner = learner_of(est)
    missing = float(np.float32(est.get("missing", np.nan)))
    booster, x = learner["gradient_booster"], with_holes(Round32(x), missing)
    if booster["name"] == "gblinear":
        return linear(learner, x)
    if booster["name"] == "dart":
        model = booster["gbtree"]["model"]
        weights = np.asarray(booster["weight_drop"], np.float32)
        require(weights.size == len(model["trees"]), "a weight for each tree")
        return summed(est, x, model, weights)
    if booster["name"] != "gbtree":
        raise refuse(est, f"booster={str(booster['name'])!r}", "use booster='gbtree'")
    model = booster["model"]
    return summed(est, x, model)


def linear(learner: dict[str, Any], x: Node) -> Affine:
    """W x + b, the base margin in b; what is missing counts as 0."""
    start = base_margin(learner)
    weight = np.asarray(learner["gradient_booster"]["model"]["weights"], np.float32)
    require(weight.size == (x.size + 1) * start.size, "weights of a linear booster")
    table = weight.reshape(x.size + 1, start.size).astype(np.float64)
    known = filled(x, np.nan, np.zeros(x.size))
    return Affine(known, table[:-1].T.copy(), table[-1] + start)


def summed(est: Record, x: Node, model: dict[str, Any], weights: Any = None) -> TreeEnsemble:
    """Trees of one class after those of another, each in its own order; weights: those of DART."""
    if len(model.get("cats", {}).get("enc", ())):
        raise refuse(est, "pandas categories", "fit on their codes with feature_types")
    learner = learner_of(est)
    used = used_trees(est, learner, model)
    trees, group = one_number_each(est, model["trees"][:used]), integers(model["tree_info"][:used])
    start = base_margin(learner)
    counts = np.bincount(group, minlength=start.size)
    require(len(trees) == group.size == used, "as many trees as it tells of")
    require(counts.size == start.size and np.ptp(counts) == 0, "as many trees for each class")
    order = np.argsort(group, kind="stable")
    sets: list[Ints] = []
    leaves = [np.asarray(tree["split_conditions"], np.float32) for tree in trees]
    if weights is not None:
        margins = start.astype(np.float32)[group] * is_wrapped(est, learner)
        leaves = [dropped(*each) for each in zip(leaves, weights[:used], margins, strict=True)]
    return in_one_table(
        x,
        [nodes(trees[i], sets) for i in order],
        [leaves[i].astype(np.float64)[:, None] for i in order],
        divisor=1.0,
        groups=start.size,
        start=start,
        single=True,
        **({"sets": set_table(sets, inside=False)} if sets else {}),
    )


def dropped(leaves: Any, weight: Any, margin: Any) -> Any:
    """What a tree of DART adds, in float32: its sum with the base margin, less that, weighted.

    So says the prediction in place, which the wrappers ask for; Booster.predict has no such margin.
    """
    return ((margin + leaves) - margin) * weight


def is_wrapped(est: Record, learner: dict[str, Any]) -> bool:
    """Whether one of the wrappers holds the booster, or has saved it."""
    return "_Booster" in est or "scikit_learn" in learner.get("attributes", {})


def used_trees(est: Record, learner: dict[str, Any], model: dict[str, Any]) -> int:
    """Trees up to the best iteration, where early stopping found one; else all.

    Booster.predict takes all of them; so does a file, unless one of the wrappers saved it.
    """
    best, n_trees = learner.get("attributes", {}).get("best_iteration"), len(model["trees"])
    if best is None or not is_wrapped(est, learner):
        return n_trees
    if "iteration_indptr" in model:
        ends = integers(model["iteration_indptr"])
        require(0 <= int(best) < ends.size - 1, "the best iteration")
        return int(ends[int(best) + 1])
    forest = max(1, int(model["gbtree_model_param"].get("num_parallel_tree", "1")))
    used = (int(best) + 1) * forest * base_margin(learner).size
    require(0 < used <= n_trees, "the best iteration")
    return used


def base_margin(learner: dict[str, Any]) -> Floats:
    """The margin before the first tree, one for each class or output, in float32.

    base_score is what the objective predicts: behind a sigmoid XGBoost takes -log(1 / p - 1),
    of binary:logitraw nothing, behind an exponential log(p).
    """
    param, objective = learner["learner_model_param"], learner["objective"]["name"]
    size = max(1, int(param["num_class"]), int(param.get("num_target", "1")))
    words = str(param["base_score"]).strip("[]").split(",")
    score = np.array([float(word) for word in words]).astype(np.float32)
    if objective in LOGISTIC:
        odds = np.float32(1) / score - np.float32(1)
        require((odds > 0).all(), "base_score is a probability")
        score = (-np.log(odds.astype(np.float64))).astype(np.float32)
    if objective in EXPONENTIAL:
        require((score > 0).all(), "base_score is above 0")
        score = np.log(score.astype(np.float64)).astype(np.float32)
    require(score.size in (1, size), "one base_score for each class")
    return np.broadcast_to(score, size).astype(np.float64)


def one_number_each(est: Record, trees: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The trees, if each has leaves of one value."""
    for tree in trees:
        if int(tree["tree_param"].get("size_leaf_vector", "1")) > 1:
            raise refuse(est, "multi_strategy='multi_output_tree'", "use 'one_output_per_tree'")
    return trees


def nodes(tree: dict[str, Any], sets: list[Ints]) -> NDArray[Any]:
    """The nodes of one tree, as those of scikit-learn are written; its sets go behind the others.

    The categories of a set go right, all other numbers left.
    """
    left: Ints = integers(tree["left_children"])
    found = np.zeros(left.size, SET_NODE)
    found["left_child"] = left
    found["right_child"] = integers(tree["right_children"])
    found["feature"] = integers(tree["split_indices"])
    found["missing_go_to_left"] = integers(tree["default_left"])
    below = np.nextafter(np.asarray(tree["split_conditions"], np.float32), np.float32(-np.inf))
    categorical = np.asarray(tree["split_type"], np.int64) == 1
    found["threshold"] = np.where(categorical, 0, below)
    found["set"] = -1
    if categorical.any():
        asked = integers(tree["categories_nodes"])
        require(np.array_equal(np.flatnonzero(categorical), asked), "splits of categories")
        found["set"][asked] = np.arange(asked.size) + len(sets)
        sets += members(tree, asked.size)
    return found


def members(tree: dict[str, Any], n_sets: int) -> list[Ints]:
    """The categories of each set of a tree."""
    known = integers(tree["categories"])
    starts, sizes = integers(tree["categories_segments"]), integers(tree["categories_sizes"])
    require(starts.size == sizes.size == n_sets, "as many sets as splits of categories")
    require(((starts >= 0) & (sizes >= 0)).all(), "a set of categories")
    require((starts + sizes <= known.size).all(), "a set of categories")
    return [known[start : start + size] for start, size in zip(starts, sizes, strict=True)]
