"""Naive Bayes: the class whose distributions of single columns make the row most likely."""

import numpy as np

from codegen.importers.attributes import floats, scored_classifier
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Concat,
    Floats,
    Gather,
    Node,
    OneHot,
    Outputs,
    Quadratic,
    Softmax,
    Threshold,
    require,
)
from codegen.load import Record

NAIVE = "sklearn.naive_bayes."


@importer(NAIVE + "GaussianNB")
def gaussian_nb(est: Record, x: Node) -> Outputs:
    """log prior - sum log(2 pi var) / 2 - sum (x - theta)^2 / (2 var); its softmax.

    var_ holds what was added against variances of zero.
    """
    variance, prior = floats(est.var_), floats(est.class_prior_)
    require((variance > 0).all() and (prior > 0).all(), "variances and priors above 0")
    constant = np.log(prior) - np.log(2 * np.pi * variance).sum(axis=1) / 2
    density = Quadratic(x, floats(est.theta_), 1 / variance, constant)
    return scored_classifier(est.classes_, predict=ArgMax(density), proba=Softmax(density))


@importer(NAIVE + "MultinomialNB")
def multinomial_nb(est: Record, x: Node) -> Outputs:
    """log prior + log probabilities . counts."""
    return linear_nb(est, x, floats(est.feature_log_prob_), floats(est.class_log_prior_))


@importer(NAIVE + "ComplementNB")
def complement_nb(est: Record, x: Node) -> Outputs:
    """Weights made from the counts of all other classes; the prior counts for one class alone."""
    weight, prior = floats(est.feature_log_prob_), floats(est.class_log_prior_)
    return linear_nb(est, x, weight, prior if len(prior) == 1 else 0 * prior)


@importer(NAIVE + "BernoulliNB")
def bernoulli_nb(est: Record, x: Node) -> Outputs:
    """Where x is above the cut the log probability of a one, else that of a zero."""
    one, prior = floats(est.feature_log_prob_), floats(est.class_log_prior_)
    zero = np.log(1 - np.exp(one))
    if est.binarize is None:
        return linear_nb(est, x, one - zero, prior + zero.sum(axis=1))
    zeros = at_most(x, float(est.binarize))
    return linear_nb(est, zeros, zero - one, prior + one.sum(axis=1))


def at_most(x: Node, cut: float) -> Node:
    """1 where x <= cut, else 0: the only place of an indicator belongs to the index 0."""
    columns = (Gather(x, np.array([i])) for i in range(x.size))
    above = tuple(Threshold(column, cut, inclusive=False) for column in columns)
    return OneHot(Concat(above), np.ones(x.size, np.int64))


def linear_nb(est: Record, x: Node, weight: Floats, constant: Floats) -> Outputs:
    """The largest of linear scores, and their softmax."""
    score = Affine(x, weight, constant)
    return scored_classifier(est.classes_, predict=ArgMax(score), proba=Softmax(score))
