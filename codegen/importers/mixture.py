"""Mixtures of Gaussians: the log density of each, which of them is likeliest, and their sum."""

import numpy as np
from scipy.special import digamma

from codegen.importers.attributes import floats
from codegen.importers.factors import squared_length, without_bias
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Concat,
    Distance,
    Floats,
    LogSumExp,
    Node,
    Outputs,
    Scale,
    Softmax,
    require,
)
from codegen.load import Record

MIXTURE = "sklearn.mixture."


@importer(MIXTURE + "GaussianMixture")
def gaussian_mixture(est: Record, x: Node) -> Outputs:
    """log weight + log |P| - (d log 2 pi + |P (x - mean)|^2) / 2 for each component."""
    weights = floats(est.weights_)
    require((weights > 0).all(), "weights of components above 0")
    return mixture(est, x, np.log(weights))


@importer(MIXTURE + "BayesianGaussianMixture")
def bayesian_mixture(est: Record, x: Node) -> Outputs:
    """The same, with the expectations of the weights and of the precisions in the constant."""
    d, freedom = x.size, floats(est.degrees_of_freedom_)
    halves = (freedom - np.arange(d)[:, None]) / 2
    scale = d * np.log(2) + digamma(halves).sum(axis=0)
    spread = (scale - d / floats(est.mean_precision_)) / 2 - d * np.log(freedom) / 2
    return mixture(est, x, log_weights(est) + spread)


def log_weights(est: Record) -> Floats:
    """The expected logarithms of the weights: of sticks broken one by one, or of a Dirichlet."""
    known = est.weight_concentration_
    if est.weight_concentration_prior_type != "dirichlet_process":
        each = floats(known)
        return np.asarray(digamma(each) - digamma(each.sum()))
    taken, left = (floats(part) for part in known)
    total = digamma(taken + left)
    rest = np.cumsum(digamma(left) - total)
    return np.asarray(digamma(taken) - total + np.concatenate([[0.0], rest[:-1]]))


def mixture(est: Record, x: Node, constant: Floats) -> Outputs:
    """The component, the shares of all, the logarithm of the density; constant: of each."""
    means, factor = floats(est.means_), floats(est.precisions_cholesky_)
    kind, d = str(est.covariance_type), x.size
    squares = {"full": full, "tied": tied, "diag": diagonal, "spherical": spherical}[kind]
    diagonals = {"full": (1, 2), "tied": (0, 1)}
    if kind in diagonals:
        factors = np.diagonal(factor, axis1=diagonals[kind][0], axis2=diagonals[kind][1])
    else:
        factors = factor if kind == "diag" else np.repeat(factor[:, None], d, axis=1)
    require(bool((factors > 0).all()), "roots of precisions above 0")
    each = constant + np.log(factors).sum(axis=-1) - d * np.log(2 * np.pi) / 2
    n = len(means)
    density = Scale(squares(x, means, factor), multiply=np.full(n, -0.5), add=each)
    methods: dict[str, Node] = {
        "predict": ArgMax(density),
        "predict_proba": Softmax(density),
        "score_samples": LogSumExp(density),
    }
    return Outputs("clusterer", methods)


def full(x: Node, means: Floats, factor: Floats) -> Node:
    """A matrix for each component."""
    parts = [
        squared_length(Affine(Scale(x, subtract=mean), *without_bias(p.T)))
        for mean, p in zip(means, factor, strict=True)
    ]
    return Concat(tuple(parts))


def tied(x: Node, means: Floats, factor: Floats) -> Node:
    """One matrix: all means are mapped by it once, seen from amid them."""
    middle = means.mean(axis=0)
    turned = Affine(Scale(x, subtract=middle), *without_bias(factor.T))
    away = means - middle
    return Distance(turned, np.array([(factor * a[:, None]).sum(axis=0) for a in away]))


def diagonal(x: Node, means: Floats, factor: Floats) -> Node:
    """A factor for each column of each component."""
    parts = [
        squared_length(Scale(x, subtract=mean, multiply=p))
        for mean, p in zip(means, factor, strict=True)
    ]
    return Concat(tuple(parts))


def spherical(x: Node, means: Floats, factor: Floats) -> Node:
    """One factor for each component."""
    return Scale(Distance(x, means), multiply=factor**2)
