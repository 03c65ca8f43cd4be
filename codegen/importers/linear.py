"""Linear models: y = W x + b, and what classifiers make of it."""

import numpy as np

from codegen.importers.attributes import classifier, floats, refuse, regressor
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Clip,
    Complement,
    Elementwise,
    Node,
    Outputs,
    Proportion,
    Scale,
    Softmax,
)
from codegen.load import Record

LINEAR = "sklearn.linear_model."


@importer(
    LINEAR + "LinearRegression",
    LINEAR + "Ridge",
    LINEAR + "RidgeCV",
    LINEAR + "Lasso",
    LINEAR + "LassoCV",
    LINEAR + "ElasticNet",
    LINEAR + "ElasticNetCV",
    LINEAR + "SGDRegressor",
    "sklearn.svm.LinearSVR",
)
def linear_regressor(est: Record, x: Node) -> Outputs:
    """W x + b; one row for each output."""
    return regressor(affine(est, x))


@importer(LINEAR + "LogisticRegression", LINEAR + "LogisticRegressionCV")
def logistic_regression(est: Record, x: Node) -> Outputs:
    """softmax(W x + b); for two classes the sigmoid of one row.

    Files before scikit-learn 1.8 may hold multi_class; with 'multinomial' two classes have the
    softmax of (-score, score), which is the sigmoid of twice the score.
    """
    score = affine(est, x)
    if score.size == 1:
        whole = est.get("multi_class") == "multinomial"
        logit = Scale(score, multiply=np.array([2.0])) if whole else score
        proba: Node = Complement(Elementwise(logit, "logistic"))
    elif est.get("multi_class") == "ovr" or est.get("solver") == "liblinear":
        proba = Proportion(Elementwise(score, "logistic"))
    else:
        proba = Softmax(score)
    return classifier(est.classes_, score=score, proba=proba)


@importer(
    LINEAR + "RidgeClassifier",
    LINEAR + "RidgeClassifierCV",
    LINEAR + "Perceptron",
    "sklearn.svm.LinearSVC",
)
def linear_classifier(est: Record, x: Node) -> Outputs:
    """The sign, or the first maximum, of W x + b; no probabilities."""
    binarizer = est.get("_label_binarizer")
    if binarizer is not None and str(binarizer.get("y_type_", "")).startswith("multilabel"):
        raise refuse(est, "multilabel targets", "fit one classifier for each label")
    return classifier(est.classes_, score=affine(est, x))


@importer(LINEAR + "SGDClassifier")
def sgd_classifier(est: Record, x: Node) -> Outputs:
    """One-against-rest scores; probabilities for two of the losses (sklearn: Zadrozny, Elkan)."""
    score = affine(est, x)
    match est.loss:
        case "log_loss" | "log":
            rate: Node | None = Elementwise(score, "logistic")
        case "modified_huber":
            ones = np.ones(score.size)
            rate = Scale(Clip(score, -1.0, 1.0), subtract=-ones, divide=2 * ones)
        case _:
            rate = None
    return classifier(est.classes_, score=score, proba=rate and one_against_rest(rate))


def one_against_rest(rate: Node) -> Node:
    """Probabilities from one rate for each class; from one alone for two classes."""
    return Complement(rate) if rate.size == 1 else Proportion(rate)


def affine(est: Record, x: Node) -> Affine:
    """coef_ and intercept_ as they are; RidgeClassifier's coef_ is 1-D since scikit-learn 1.9."""
    weight = np.atleast_2d(floats(est.coef_))
    bias = np.atleast_1d(floats(est.intercept_)).ravel()
    return Affine(x, weight, np.broadcast_to(bias, weight.shape[0]).copy())
