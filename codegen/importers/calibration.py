"""Calibrated classifiers: scores become probabilities by sigmoids, curves or a temperature."""

import numpy as np

from codegen.importers.attributes import (
    complement,
    floats,
    labels,
    refuse,
    scored_classifier,
    shares,
)
from codegen.importers.isotonic import isotonic
from codegen.importers.members import Member, answer, asked, known_classes, mean, places
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Concat,
    Elementwise,
    Gather,
    Ints,
    Node,
    Outputs,
    Scale,
    Softmax,
    require,
)
from codegen.load import Record

LEAST_PROBABILITY = 1e-12


@importer("sklearn.calibration.CalibratedClassifierCV")
def calibrated_classifier(est: Record, x: Node) -> Outputs:
    """The mean of the calibrated copies' probabilities, and its first maximum."""
    classes = labels(est.classes_)
    copies = [calibrated(copy, x) for copy in est.calibrated_classifiers_]
    require(all(copy.size == len(classes) for copy in copies), "probabilities of all classes")
    if len(copies) == 1:
        proba = copies[0]
    elif all(isinstance(copy, Affine) and copy.is_complement for copy in copies):
        second = [copy.x for copy in copies if isinstance(copy, Affine)]
        proba = complement(mean([Member(p, np.ones((1, 1))) for p in second], float(len(second))))
    else:
        eye = np.eye(len(classes))
        proba = mean([Member(copy, eye) for copy in copies], float(len(copies)))
    return scored_classifier(classes, predict=ArgMax(proba), proba=proba)


def calibrated(copy: Record, x: Node) -> Node:
    """The probabilities of one copy with its calibrators."""
    outputs = asked(copy, copy.estimator, x)
    from_score = "decision_function" in outputs.methods
    values = answer(copy, outputs, "decision_function" if from_score else "predict_proba")
    classes = labels(copy.classes)
    if copy.method == "temperature":
        return tempered(copy.calibrators[0], values, from_score=from_score)
    if copy.method not in ("sigmoid", "isotonic"):
        raise refuse(copy, f"method={copy.method!r}", "use sigmoid, isotonic or temperature")
    if len(classes) == 2 and not from_score:
        values = Gather(values, np.array([1]))
    curves = [
        curve(calibrator, Gather(values, np.array([i])) if values.size > 1 else values)
        for i, calibrator in enumerate(copy.calibrators)
    ]
    require(len(curves) == values.size, "one calibrator for each value")
    if len(classes) == 2:
        return complement(curves[0])
    place = places(known_classes(outputs), classes)
    return shares(in_order(Concat(tuple(curves)), place, len(classes)))


def in_order(values: Node, place: Ints, n: int) -> Node:
    """Values where their classes stand; 0 for a class that the copy does not know."""
    if place.size == n:
        return values if (place == np.arange(n)).all() else Gather(values, np.argsort(place))
    return Affine(values, np.eye(n)[:, place], np.zeros(n))


def curve(calibrator: Record, value: Node) -> Node:
    """A probability from one value: a sigmoid of a value + b, or a curve through points."""
    if "X_thresholds_" in calibrator:
        return isotonic(calibrator, value)
    a, b = float(calibrator.a_), float(calibrator.b_)
    return Elementwise(Affine(value, np.array([[-a]]), np.array([-b])), "logistic")


def tempered(calibrator: Record, values: Node, *, from_score: bool) -> Node:
    """softmax(beta * scores), or beta times the logarithms of probabilities.

    scikit-learn takes scores of many classes for probabilities where every row of a call looks so.
    """
    beta = float(floats(calibrator.beta_))
    if values.size == 1:
        return complement(Elementwise(Scale(values, multiply=np.array([2 * beta])), "logistic"))
    if not from_score:
        moved = Scale(values, add=np.full(values.size, LEAST_PROBABILITY))
        values = Elementwise(moved, "log")
    return Softmax(Scale(values, multiply=np.full(values.size, beta)))
