"""Support vector machines as libsvm keeps them: kernel values, then a sum for each pair."""

import numpy as np

from codegen.importers.attributes import (
    floats,
    integers,
    labels,
    refuse,
    regressor,
    scored_classifier,
)
from codegen.importers.registry import importer
from codegen.ir import (
    KERNELS,
    Affine,
    ArgMax,
    Clip,
    Elementwise,
    Floats,
    Kernel,
    Lookup,
    Node,
    Outputs,
    Pairwise,
    PairwiseAffine,
    Scale,
    Threshold,
    require,
)
from codegen.load import Record

SVM = "sklearn.svm."

LEAST_RATE = 1e-7


@importer(SVM + "SVC", SVM + "NuSVC")
def support_vector_classifier(est: Record, x: Node) -> Outputs:
    """The votes of the pairs of classes; for two classes a sign."""
    binary = len(labels(est.classes_)) == 2
    return binary_classifier(est, x) if binary else one_against_one(est, x)


def binary_classifier(est: Record, x: Node) -> Outputs:
    """One score, the negative of libsvm's, whose vote goes to the second class at 0."""
    score = Affine(kernel(est, x), -floats(est._dual_coef_), -floats(est._intercept_))
    predict = Threshold(score, 0.0, inclusive=True)
    proba = probabilities(est, score, sign=1.0) if has_probabilities(est) else None
    return scored_classifier(est.classes_, predict=predict, score=score, proba=proba)


def one_against_one(est: Record, x: Node) -> Outputs:
    """A sum for each pair of classes, and the most votes; equal votes go to the first class."""
    n_classes = len(labels(est.classes_))
    pairs = pairwise(est, x)
    scores = Pairwise(pairs, n_classes, "scores")
    one_for_each_pair = est.decision_function_shape == "ovo"
    if est.break_ties and one_for_each_pair:
        what = "break_ties=True, decision_function_shape='ovo'"
        raise refuse(est, what, "scikit-learn cannot predict with it either: set one of the two")
    predict = ArgMax(scores if est.break_ties else Pairwise(pairs, n_classes, "votes"))
    return scored_classifier(
        est.classes_,
        predict=predict,
        score=pairs if one_for_each_pair else scores,
        proba=probabilities(est, pairs, sign=-1.0) if has_probabilities(est) else None,
    )


@importer(SVM + "SVR", SVM + "NuSVR")
def support_vector_regressor(est: Record, x: Node) -> Outputs:
    """The weighted sum of kernel values, plus the intercept."""
    return regressor(weighted(est, x, floats(est._intercept_)))


@importer(SVM + "OneClassSVM")
def one_class(est: Record, x: Node) -> Outputs:
    """+1 where the weighted sum of kernel values is above the offset, else -1."""
    score = weighted(est, x, floats(est._intercept_))
    label = Lookup(Threshold(score, 0.0, inclusive=False), np.array([-1, 1]))
    samples = Scale(score, add=np.atleast_1d(floats(est.offset_)))
    methods: dict[str, Node] = {
        "predict": label,
        "decision_function": score,
        "score_samples": samples,
    }
    return Outputs("outlier detector", methods)


def weighted(est: Record, x: Node, bias: Floats) -> Affine:
    """The sum over the support vectors; a machine may have none, and is constant then."""
    dual = floats(est._dual_coef_)
    if dual.size == 0:
        return Affine(x, np.zeros((1, x.size)), bias)
    return Affine(kernel(est, x), dual, bias)


def pairwise(est: Record, x: Node) -> PairwiseAffine:
    """libsvm's sum for each pair of classes; above 0 it speaks for the first of the two."""
    dual, counts = floats(est._dual_coef_), integers(est._n_support)
    return PairwiseAffine(kernel(est, x), dual, counts, floats(est._intercept_))


def kernel(est: Record, x: Node) -> Kernel:
    """The kernel between x and the support vectors; parameters it does not use are neutral."""
    function = est.kernel
    if function not in KERNELS:
        shown = f"kernel={function!r}" if isinstance(function, str) else "kernel=<callable>"
        raise refuse(est, shown, "fit with kernel 'linear', 'poly', 'rbf' or 'sigmoid'")
    degree = float(est.degree)
    require(function != "poly" or degree.is_integer(), f"degree {degree}")
    return Kernel(
        x,
        floats(est.support_vectors_),
        function,
        gamma=1.0 if function == "linear" else float(est._gamma),
        coef0=float(est.coef0) if function in ("poly", "sigmoid") else 0.0,
        degree=int(degree) if function == "poly" else 0,
    )


def has_probabilities(est: Record) -> bool:
    """Whether predict_proba exists: asked for, and fitted."""
    return est.get("probability") is True and np.size(est._probA) > 0


def probabilities(est: Record, decision: Node, *, sign: float) -> Node:
    """Platt's 1 / (1 + exp(A D + B)) for each pair, coupled; libsvm couples one pair as well.

    D is libsvm's own decision value, -sign times the decision given.
    """
    slope, offset = sign * floats(est._probA), -floats(est._probB)
    rate = Elementwise(Scale(decision, multiply=slope, add=offset), "logistic")
    n_classes = len(labels(est.classes_))
    return Pairwise(Clip(rate, LEAST_RATE, 1 - LEAST_RATE), n_classes, "coupling")
