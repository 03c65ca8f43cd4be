"""Linear models: y = W x + b, and what classifiers make of it."""

import numpy as np

from codegen.importers.attributes import (
    classifier,
    complement,
    floats,
    outlier_detector,
    refuse,
    regressor,
    shares,
)
from codegen.importers.factors import quadratic_form
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Clip,
    Elementwise,
    Gather,
    Node,
    Outputs,
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
    LINEAR + "Lars",
    LINEAR + "LarsCV",
    LINEAR + "LassoLars",
    LINEAR + "LassoLarsCV",
    LINEAR + "LassoLarsIC",
    LINEAR + "OrthogonalMatchingPursuit",
    LINEAR + "OrthogonalMatchingPursuitCV",
    LINEAR + "MultiTaskLasso",
    LINEAR + "MultiTaskLassoCV",
    LINEAR + "MultiTaskElasticNet",
    LINEAR + "MultiTaskElasticNetCV",
    LINEAR + "HuberRegressor",
    LINEAR + "TheilSenRegressor",
    LINEAR + "QuantileRegressor",
    LINEAR + "PassiveAggressiveRegressor",
    LINEAR + "SGDRegressor",
    "sklearn.svm.LinearSVR",
)
def linear_regressor(est: Record, x: Node) -> Outputs:
    """W x + b; one row for each output."""
    return regressor(affine(est, x))


@importer(
    LINEAR + "PoissonRegressor",
    LINEAR + "GammaRegressor",
    LINEAR + "TweedieRegressor",
)
def generalized_linear(est: Record, x: Node) -> Outputs:
    """exp(W x + b) under the log link, W x + b under the identity."""
    score = affine(est, x)
    return regressor(Elementwise(score, "exp") if has_log_link(est) else score)


def has_log_link(est: Record) -> bool:
    """Of a Tweedie distribution the log link is the automatic choice for positive powers."""
    link = est.get("link", "log")
    return bool(est.power > 0) if link == "auto" else link == "log"


@importer(LINEAR + "BayesianRidge")
def bayesian_ridge(est: Record, x: Node) -> Outputs:
    """W x + b, and the deviation of what is predicted."""
    centred = Scale(x, subtract=np.broadcast_to(floats(est.X_offset_), x.size).copy())
    return with_deviation(est, x, centred)


@importer(LINEAR + "ARDRegression")
def relevance_regression(est: Record, x: Node) -> Outputs:
    """The same; the columns whose precision grew beyond the threshold have no deviation."""
    kept = np.flatnonzero(floats(est.lambda_) < est.threshold_lambda)
    if kept.size == 0:
        raise refuse(est, "no relevant column", "raise threshold_lambda; it predicts a constant")
    offset = np.broadcast_to(floats(est.X_offset_), x.size)[kept]
    return with_deviation(est, x, Scale(Gather(x, kept), subtract=offset))


def with_deviation(est: Record, x: Node, centred: Node) -> Outputs:
    """predict, and predict_std: sqrt(z S z + 1 / alpha) of the centred columns z."""
    spread = quadratic_form(centred, floats(est.sigma_))
    noise = 1 / float(est.alpha_)
    deviation = Elementwise(Scale(spread, add=np.array([noise])), "sqrt")
    return Outputs("regressor", {"predict": affine(est, x), "predict_std": deviation})


@importer(LINEAR + "SGDOneClassSVM")
def linear_one_class(est: Record, x: Node) -> Outputs:
    """+1 from W x = offset on, else -1."""
    offset = floats(est.offset_).reshape(1)
    score = Affine(x, np.atleast_2d(floats(est.coef_)), -offset)
    return outlier_detector(score=score, samples=Scale(score, add=offset))


@importer(
    LINEAR + "LogisticRegression",
    LINEAR + "LogisticRegressionCV",
    "codegen.trainers.FTRLClassifier",
)
def logistic_regression(est: Record, x: Node) -> Outputs:
    """softmax(W x + b); for two classes the sigmoid of one row.

    Files before scikit-learn 1.8 may hold multi_class; with 'multinomial' two classes have the
    softmax of (-score, score), which is the sigmoid of twice the score.
    """
    score = affine(est, x)
    if score.size == 1:
        whole = est.get("multi_class") == "multinomial"
        logit = Scale(score, multiply=np.array([2.0])) if whole else score
        proba: Node = complement(Elementwise(logit, "logistic"))
    elif est.get("multi_class") == "ovr" or est.get("solver") == "liblinear":
        proba = shares(Elementwise(score, "logistic"))
    else:
        proba = Softmax(score)
    return classifier(est.classes_, score=score, proba=proba)


@importer(
    LINEAR + "RidgeClassifier",
    LINEAR + "RidgeClassifierCV",
    LINEAR + "Perceptron",
    LINEAR + "PassiveAggressiveClassifier",
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
    return complement(rate) if rate.size == 1 else shares(rate)


def affine(est: Record, x: Node) -> Affine:
    """coef_ and intercept_ as they are; RidgeClassifier's coef_ is 1-D since scikit-learn 1.9."""
    weight = np.atleast_2d(floats(est.coef_))
    bias = np.atleast_1d(floats(est.intercept_)).ravel()
    return Affine(x, weight, np.broadcast_to(bias, weight.shape[0]).copy())
