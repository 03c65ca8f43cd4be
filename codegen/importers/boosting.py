"""Gradient boosting: an initial score, and the leaf values of all stages times the learning rate.

The sums are scikit-learn's to the last bit: binary64, the initial score first, stage after stage,
each leaf value multiplied by the learning rate and rounded before it is added.
"""

from typing import Any

import numpy as np

from codegen.importers.attributes import (
    floats,
    name,
    refuse,
    regressor,
    scored_classifier,
)
from codegen.importers.registry import importer
from codegen.importers.trees import in_one_table, nodes_of
from codegen.ir import (
    ArgMax,
    Choice,
    Complement,
    Elementwise,
    Floats,
    Node,
    Outputs,
    Round32,
    Scale,
    Softmax,
    Threshold,
    TreeEnsemble,
    require,
)
from codegen.load import Record

ENSEMBLE = "sklearn.ensemble."
LINKS = {"log_loss": 1.0, "deviance": 1.0, "exponential": 2.0}
"""By which number the raw score of two classes is multiplied before the sigmoid."""


@importer(ENSEMBLE + "GradientBoostingClassifier")
def gradient_boosting_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the raw score, class 1 from zero on; the softmax for more classes."""
    n_classes = len(est.classes_)
    if est.loss not in LINKS:
        raise refuse(est, f"loss={est.loss!r}", "use log_loss or exponential")
    scale = LINKS[est.loss]
    score = boosted(est, x, initial_score(est, n_classes) / scale)
    if score.size == 1:
        predict: Choice = Threshold(score, 0.0, inclusive=True)
        scaled = score if scale == 1 else Scale(score, multiply=np.array([scale]))
        proba: Node = Complement(Elementwise(scaled, "logistic"))
    else:
        predict, proba = ArgMax(score), Softmax(score)
    return scored_classifier(est.classes_, predict=predict, score=score, proba=proba)


@importer(ENSEMBLE + "GradientBoostingRegressor")
def gradient_boosting_regressor(est: Record, x: Node) -> Outputs:
    """The raw score; the links of all its losses are the identity."""
    init = est.init_
    if isinstance(init, Record):
        dummy(est, init, "DummyRegressor")
        start = floats(init.constant_).ravel()
    else:
        start = np.zeros(1)
    return regressor(boosted(est, x, start))


def boosted(est: Record, x: Node, start: Floats) -> TreeEnsemble:
    """start + the stages' leaf values times the learning rate; estimators_ (n_stages, n_out)."""
    stages = est.estimators_
    require(stages.ndim == 2 and stages.shape[1] == start.size, "stages and classes")
    trees = [regressor_tree.tree_ for regressor_tree in stages.T.ravel()]
    values = [float(est.learning_rate) * tree.values[:, :, 0] for tree in trees]
    return in_one_table(
        Round32(x),
        nodes_of(trees),
        values,
        divisor=1.0,
        groups=start.size,
        start=start,
        refuses_nan=True,
    )


def initial_score(est: Record, n_classes: int) -> Floats:
    """The link of the initial probabilities, as scikit-learn rounds it: logit, or centred logs."""
    if not isinstance(est.init_, Record):
        return np.zeros(1 if n_classes == 2 else n_classes)
    known = initial_probabilities(est, est.init_)
    require(known.shape == (n_classes,), "initial probabilities of the classes")
    eps = np.finfo(np.float64).eps
    if n_classes == 2:
        from scipy.special import logit

        return np.atleast_1d(logit(np.clip(known[1:], eps, 1 - eps)))
    clipped = np.clip(known[None], eps, 1 - eps)
    mean = np.exp(np.mean(np.log(clipped), axis=1))
    return np.asarray(np.log(clipped / mean[:, None])[0])


def initial_probabilities(est: Record, init: Record) -> Floats:
    """What a DummyClassifier answers on any row."""
    dummy(est, init, "DummyClassifier")
    classes, prior = floats(init.classes_), floats(init.class_prior_)
    match init.strategy:
        case "prior":
            return prior
        case "most_frequent":
            return floats(np.arange(classes.size) == prior.argmax())
        case "uniform":
            return np.full(classes.size, 1 / classes.size)
        case other:
            raise refuse(est, f"init=DummyClassifier(strategy={other!r})", "use 'prior' or 'zero'")


def dummy(est: Record, init: Any, kind: str) -> None:
    """Refuse an initial estimator that looks at the row."""
    if init.path != f"sklearn.dummy.{kind}":
        raise refuse(est, f"init={name(init)}", "leave init at None, or set it to 'zero'")
