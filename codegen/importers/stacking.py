"""Stacking: what the members answer, side by side, is the row of a last estimator."""

import numpy as np

from codegen.importers.attributes import labels, refuse
from codegen.importers.members import answer, as_number, asked, known_classes, side_by_side
from codegen.importers.registry import importer
from codegen.importers.voting import with_transform
from codegen.ir import Concat, Gather, Node, Outputs, require
from codegen.load import Record

ENSEMBLE = "sklearn.ensemble."


@importer(ENSEMBLE + "StackingClassifier")
def stacking_classifier(est: Record, x: Node) -> Outputs:
    """The last estimator's answers; it knows the classes by their numbers.

    Of probabilities of two classes only the second is handed on.
    """
    if isinstance(est.classes_, list):
        raise refuse(est, "several outputs", "fit one stack for each output")
    classes = labels(est.classes_)
    handed = stacked(est, x, two_classes=len(classes) == 2)
    final = asked(est, est.final_estimator_, handed)
    require(final.kind == "classifier", "the last estimator of a StackingClassifier")
    numbers = known_classes(final)
    require(np.array_equal(numbers, np.arange(len(classes))), "classes of the last estimator")
    own = {m: y for m, y in final.methods.items() if m != "transform"}
    return with_transform(Outputs("classifier", own, (classes,)), handed)


@importer(ENSEMBLE + "StackingRegressor")
def stacking_regressor(est: Record, x: Node) -> Outputs:
    """The last estimator's answer."""
    handed = stacked(est, x, two_classes=False)
    final = asked(est, est.final_estimator_, handed)
    return with_transform(Outputs("regressor", {"predict": final.methods["predict"]}), handed)


def stacked(est: Record, x: Node, *, two_classes: bool) -> Node:
    """The members' answers one after the other, and the row itself behind them if passed on."""
    require(len(est.stack_method_) == len(est.estimators_) > 0, "one method for each member")
    pairs = zip(est.estimators_, est.stack_method_, strict=True)
    parts = [handed_on(est, inner, method, x, two_classes) for inner, method in pairs]
    together = side_by_side(parts)
    return Concat((together, x)) if est.passthrough else together


def handed_on(est: Record, inner: Record, method: str, x: Node, two_classes: bool) -> Node:
    """What one member gives; the label of a classifier as a number."""
    outputs = asked(est, inner, x)
    value = answer(est, outputs, method)
    if method == "predict" and outputs.kind == "classifier":
        return as_number(value, known_classes(outputs))
    if method == "predict_proba" and two_classes:
        return Gather(value, np.array([1]))
    require(not value.is_index, "a member that gives an index")
    return value
