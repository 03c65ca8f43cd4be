"""Estimators that answer the same for every row."""

from typing import Any

import numpy as np

from codegen.importers.attributes import floats, labels, refuse
from codegen.importers.members import constant
from codegen.importers.registry import importer
from codegen.ir import ArgMax, Concat, Floats, Node, Outputs, require
from codegen.load import Record


@importer("sklearn.dummy.DummyClassifier")
def dummy_classifier(est: Record, x: Node) -> Outputs:
    """The classes' shares, or all for one of them; the first of the largest."""
    if int(est.n_outputs_) == 1:
        known, priors, constants = [est.classes_], [est.class_prior_], [est.constant]
    else:
        known, priors, constants = est.classes_, est.class_prior_, est.constant
        constants = [None] * len(known) if constants is None else list(np.ravel(constants))
    classes = tuple(labels(of_output) for of_output in known)
    pairs = zip(classes, priors, constants, strict=True)
    shares = [constant(x, shares_of(est, c, floats(p), value)) for c, p, value in pairs]
    for of_output, share in zip(classes, shares, strict=True):
        require(share.size == len(of_output), "shares of the classes")
    choices = [ArgMax(share) for share in shares]
    predict = choices[0] if len(choices) == 1 else Concat(tuple(choices))
    proba = shares[0] if len(shares) == 1 else Concat(tuple(shares))
    return Outputs("classifier", {"predict": predict, "predict_proba": proba}, classes)


def shares_of(est: Record, classes: Any, prior: Floats, value: Any) -> Floats:
    """The probabilities of the classes of one output."""
    match est.get("_strategy", est.strategy):
        case "prior":
            return prior
        case "most_frequent":
            return floats(np.arange(len(classes)) == prior.argmax())
        case "constant":
            return floats(classes == np.ravel(value)[0])
        case other:
            raise refuse(est, f"strategy={other!r}", "it is random; use 'prior' or 'most_frequent'")


@importer("sklearn.dummy.DummyRegressor")
def dummy_regressor(est: Record, x: Node) -> Outputs:
    """The number that was fitted, for each output; it says of itself that it does not vary."""
    y = constant(x, np.ravel(floats(est.constant_)))
    return Outputs("regressor", {"predict": y, "predict_std": constant(x, np.zeros(y.size))})
