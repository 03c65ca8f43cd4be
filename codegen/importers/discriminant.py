"""Discriminants and cross decompositions: what separates classes, or goes along with targets."""

import numpy as np

from codegen.importers.attributes import classifier, complement, floats, labels, transformer
from codegen.importers.factors import squared_length, without_bias
from codegen.importers.linear import affine
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Concat,
    Elementwise,
    Floats,
    Node,
    Outputs,
    Scale,
    Softmax,
    require,
)
from codegen.load import Record

DISCRIMINANT = "sklearn.discriminant_analysis."
CROSS = "sklearn.cross_decomposition."


@importer(DISCRIMINANT + "LinearDiscriminantAnalysis")
def linear_discriminant(est: Record, x: Node) -> Outputs:
    """Linear scores, their softmax or sigmoid; the projection where the solver found one."""
    score = affine(est, x)
    outputs = classifier(est.classes_, score=score, proba=class_shares(score))
    if est.solver == "lsqr":
        return outputs
    weight = floats(est.scalings_)[:, : int(est._max_components)].T
    origin = floats(est.xbar_) if est.solver == "svd" else None
    projected = Affine(x if origin is None else Scale(x, subtract=origin), *without_bias(weight))
    return Outputs("classifier", {**outputs.methods, "transform": projected}, outputs.classes)


def class_shares(score: Node) -> Node:
    """Softmax of the scores; of one score alone the sigmoid and its complement."""
    return complement(Elementwise(score, "logistic")) if score.size == 1 else Softmax(score)


@importer(DISCRIMINANT + "QuadraticDiscriminantAnalysis")
def quadratic_discriminant(est: Record, x: Node) -> Outputs:
    """log prior - (|S^-1/2 R (x - mean)|^2 + sum log S) / 2; for two classes their difference."""
    priors, widths = floats(est.priors_), [floats(s) for s in est.scalings_]
    turned = [floats(r) for r in est.rotations_]
    known = len(labels(est.classes_))
    require(len(turned) == len(widths) == len(priors) == known, "one Gaussian for each class")
    require((priors > 0).all() and all((s > 0).all() for s in widths), "variances above 0")
    constant = np.log(priors) - np.array([np.log(s).sum() for s in widths]) / 2
    maps = [(r / np.sqrt(s)).T for r, s in zip(turned, widths, strict=True)]
    score = scores(gaussian_distances(x, floats(est.means_), maps), constant)
    return classifier(est.classes_, score=score, proba=class_shares(score))


def gaussian_distances(x: Node, means: Floats, maps: list[Floats]) -> Node:
    """|map (x - mean)|^2 for each Gaussian."""
    parts = [
        squared_length(Affine(Scale(x, subtract=mean), *without_bias(weight)))
        for mean, weight in zip(means, maps, strict=True)
    ]
    return Concat(tuple(parts))


def scores(squares: Node, constant: Floats) -> Node:
    """constant - squares / 2; of two the second less the first."""
    if squares.size == 2:
        return Affine(squares, np.array([[0.5, -0.5]]), np.diff(constant))
    return Scale(squares, multiply=np.full(squares.size, -0.5), add=constant)


@importer(CROSS + "PLSRegression", CROSS + "PLSCanonical", CROSS + "CCA")
def partial_least_squares(est: Record, x: Node) -> Outputs:
    """W (x - mean) + b, and the x scores."""
    centred = Scale(x, subtract=floats(est._x_mean))
    predicted = Affine(centred, np.atleast_2d(floats(est.coef_)), floats(est.intercept_))
    projected = x_scores(est, x, floats(est.x_rotations_))
    return Outputs("regressor", {"predict": predicted, "transform": projected})


@importer(CROSS + "PLSSVD")
def singular_values(est: Record, x: Node) -> Outputs:
    """The x scores."""
    return transformer(x_scores(est, x, floats(est.x_weights_)))


def x_scores(est: Record, x: Node, rotation: Floats) -> Node:
    """The standardised columns, rotated."""
    scaled = Scale(x, subtract=floats(est._x_mean), divide=floats(est._x_std))
    return Affine(scaled, *without_bias(rotation.T))
