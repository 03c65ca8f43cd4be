"""Bagging and AdaBoost: many copies of one estimator, each on rows and columns of its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import (
    complement,
    floats,
    integers,
    labels,
    refuse,
    regressor,
    scored_classifier,
)
from codegen.importers.members import (
    Member,
    answer,
    asked,
    columns,
    known_classes,
    mean,
    places,
    refusing_nan,
    side_by_side,
    votes,
)
from codegen.importers.registry import importer
from codegen.ir import (
    ArgMax,
    Choice,
    Elementwise,
    Floats,
    Node,
    Outputs,
    Scale,
    Softmax,
    Threshold,
    WeightedMedian,
    require,
)
from codegen.load import Record

ENSEMBLE = "sklearn.ensemble."


@importer(ENSEMBLE + "BaggingClassifier")
def bagging_classifier(est: Record, x: Node) -> Outputs:
    """The mean of probabilities, or shares of votes where the members have none; its maximum.

    Members are fitted on the numbers of the classes, and may know only some of them. Sums are
    those of n_jobs=None: from the first member to the last.
    """
    classes = labels(est.classes_)
    inside = asked_on_columns(est, x)
    eye = np.eye(len(classes))
    rows = [eye[places(known_classes(outputs), np.arange(len(classes)))] for outputs in inside]
    soft = ["predict_proba" in outputs.methods for outputs in inside]
    require(len(set(soft)) == 1, "members of one kind")
    method, together = ("predict_proba", mean) if soft[0] else ("predict", votes)
    answers = [answer(est, outputs, method) for outputs in inside]
    members = [Member(a, r) for a, r in zip(answers, rows, strict=True)]
    proba = together(members, float(len(members)))
    answers_of_all = scored_classifier(classes, predict=ArgMax(proba), proba=proba)
    if "decision_function" not in inside[0].methods:
        return answers_of_all
    score = mean_score(inside, classes.size)
    methods = {**answers_of_all.methods, "decision_function": score}
    return Outputs("classifier", methods, answers_of_all.classes)


def mean_score(inside: list[Outputs], n_classes: int) -> Node:
    """The mean of the members' scores, which must be there for all classes."""
    scores = [outputs.methods["decision_function"] for outputs in inside]
    require(len({score.size for score in scores}) == 1, "members with unlike scores")
    same = all(len(known_classes(outputs)) == n_classes for outputs in inside)
    require(same, "a member that has no score for some class")
    return mean([Member(s, np.eye(s.size)) for s in scores], float(len(scores)))


@importer(ENSEMBLE + "BaggingRegressor")
def bagging_regressor(est: Record, x: Node) -> Outputs:
    """The mean of the members' answers."""
    values = [answer(est, outputs, "predict") for outputs in asked_on_columns(est, x)]
    require(len({value.size for value in values}) == 1, "members with unlike outputs")
    return regressor(mean([Member(v, np.eye(v.size)) for v in values], float(len(values))))


def asked_on_columns(est: Record, x: Node) -> list[Outputs]:
    """The members' answers, each on its own columns."""
    require(len(est.estimators_) > 0, "a bag without members")
    pairs = zip(est.estimators_, est.estimators_features_, strict=True)
    return [asked(est, inner, columns(x, integers(index))) for inner, index in pairs]


@importer(ENSEMBLE + "AdaBoostClassifier")
def ada_boost_classifier(est: Record, x: Node) -> Outputs:
    """Each member adds its weight to the class it names, and takes its share from the others.

    SAMME: score = sum over members of w (for their class) or -w / (n_classes - 1), over sum of w;
    for two classes their difference. Members are fitted on the labels themselves.
    """
    classes = labels(est.classes_)
    weights = floats(est.estimator_weights_)[: len(est.estimators_)]
    require(weights.shape == (len(est.estimators_),), "one weight for each member")
    require(len(classes) > 1, "classes of a vote")
    if est.get("algorithm") == "SAMME.R":
        raise refuse(est, "algorithm='SAMME.R'", "fit it again with algorithm='SAMME'")
    inside = [asked(est, inner, x) for inner in est.estimators_]
    tables = [rows_of(known_classes(o), classes, w) for o, w in zip(inside, weights, strict=True)]
    indices = [answer(est, outputs, "predict") for outputs in inside]
    total = float(floats(est.estimator_weights_).sum())
    if len(classes) == 2:
        second = [Member(i, t[:, 1:]) for i, t in zip(indices, tables, strict=True)]
        half = votes(second, total)
        score: Node = Scale(half, multiply=np.array([2.0]))
        predict: Choice = Threshold(half, 0.0, inclusive=False)
        proba: Node = complement(Elementwise(score, "logistic"))
    else:
        score = votes([Member(i, t) for i, t in zip(indices, tables, strict=True)], total)
        shares = np.full(len(classes), len(classes) - 1.0)
        predict, proba = ArgMax(score), Softmax(Scale(score, divide=shares))
    return refusing_nan(scored_classifier(classes, predict=predict, score=score, proba=proba))


def rows_of(inner: NDArray[Any], outer: NDArray[Any], weight: float) -> Floats:
    """What a vote for each class of a member gives to all classes (n_inner, n_outer)."""
    named = np.eye(len(outer))[places(inner, outer)] > 0
    return np.where(named, weight, -1 / (len(outer) - 1) * weight)


@importer(ENSEMBLE + "AdaBoostRegressor")
def ada_boost_regressor(est: Record, x: Node) -> Outputs:
    """The weighted median of the members' answers."""
    values = [answer(est, asked(est, inner, x), "predict") for inner in est.estimators_]
    weights = floats(est.estimator_weights_)[: len(values)]
    return refusing_nan(regressor(WeightedMedian(side_by_side(values), weights)))
