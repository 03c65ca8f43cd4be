"""Classifiers of two classes that are cut at a chosen threshold, not at a half or at zero."""

from typing import Any

import numpy as np

from codegen.importers.attributes import labels, refuse
from codegen.importers.registry import import_outputs, importer
from codegen.ir import Gather, Lookup, Node, Outputs, Scale, Threshold, require
from codegen.load import Record, Reference

SELECTION = "sklearn.model_selection."
METRICS = "sklearn.metrics."

DEFAULT_CUT = {"predict_proba": 0.5, "decision_function": 0.0}
ASSUMES_ONE = (
    "average_precision_score",
    "f1_score",
    "fbeta_score",
    "jaccard_score",
    "precision_score",
    "recall_score",
)
"""Metrics whose pos_label is 1 where nothing else is said; the others have none, or None."""


@importer(SELECTION + "FixedThresholdClassifier")
def fixed_threshold(est: Record, x: Node) -> Outputs:
    """The positive class from the threshold on, which the user gave."""
    inner = import_outputs(est.estimator_, x)
    response = response_method(est, inner)
    chosen = est.threshold
    cut = DEFAULT_CUT[response] if isinstance(chosen, str) and chosen == "auto" else float(chosen)
    return cut_at(inner, response, cut, positive_index(inner, est.pos_label))


@importer(SELECTION + "TunedThresholdClassifierCV")
def tuned_threshold(est: Record, x: Node) -> Outputs:
    """The positive class from the threshold on, which cross-validation found."""
    inner = import_outputs(est.estimator_, x)
    response = response_method(est, inner)
    positive = positive_index(inner, label_of_metric(est))
    return cut_at(inner, response, float(est.best_threshold_), positive)


def cut_at(inner: Outputs, response: str, cut: float, positive: int) -> Outputs:
    """The label by `score of the positive class >= cut`; the other answers stay what they were."""
    answer = inner.methods[response]
    if response == "predict_proba":
        score: Node = Gather(answer, np.array([positive]))
    else:
        score = answer if positive == 1 else Scale(answer, multiply=np.array([-1.0]))
    above = Threshold(score, cut, inclusive=True)
    predict: Node = above if positive == 1 else Lookup(above, np.array([1, 0]))
    return Outputs("classifier", {**inner.methods, "predict": predict}, inner.classes)


def response_method(est: Record, inner: Outputs) -> str:
    """The method whose answer is cut: the first that exists where none was chosen."""
    require(len(inner.classes) == 1 and len(inner.classes[0]) == 2, "a cut needs two classes")
    chosen = est.response_method
    names = tuple(DEFAULT_CUT) if chosen == "auto" else (chosen,)
    found = [name for name in names if name in inner.methods]
    require(len(found) > 0, f"the classifier has no {' and no '.join(map(str, names))}")
    return str(found[0])


def positive_index(inner: Outputs, label: Any) -> int:
    """Which of the two classes the score speaks for: the second where no label is given."""
    if label is None:
        return 1
    place = np.flatnonzero(labels(inner.classes[0]) == label)
    require(place.size == 1, f"the positive label {label!r} is none of the classes")
    return int(place[0])


def label_of_metric(est: Record) -> Any:
    """The positive label of the metric that was optimised, None where it has none."""
    scorer = est._curve_scorer
    if "pos_label" in scorer._kwargs:
        return scorer._kwargs["pos_label"]
    metric = scorer._score_func
    if not isinstance(metric, Reference) or not metric.path.startswith(METRICS):
        advice = "fit FixedThresholdClassifier with threshold=best_threshold_ and pos_label"
        raise refuse(est, "scoring=<callable>", advice)
    return 1 if metric.name in ASSUMES_ONE else None
