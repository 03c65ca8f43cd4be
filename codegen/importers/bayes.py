"""Naive Bayes: the class whose distributions of single columns make the row most likely."""

import numpy as np

from codegen.importers.attributes import floats, scored_classifier
from codegen.importers.functions import log_densities
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Concat,
    Floats,
    Gather,
    Ints,
    Node,
    OneHot,
    Outputs,
    Softmax,
    Threshold,
    TreeEnsemble,
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
    density = log_densities(x, floats(est.theta_), 1 / variance, constant)
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


@importer(NAIVE + "CategoricalNB")
def categorical_nb(est: Record, x: Node) -> Outputs:
    """The log probability of each column's category + log prior: one tree of steps for a column.

    A number is cut to a whole one, so category c begins at c and ends below c + 1. The prior is a
    tree of one leaf, the last one, as scikit-learn adds it last.
    """
    tables = [floats(table).T for table in est.feature_log_prob_]
    require(len(tables) == x.size, "one table of probabilities for each column")
    ends = np.cumsum([len(table) for table in tables])
    score = staircases(x, np.vstack([*tables, floats(est.class_log_prior_)]), ends)
    return scored_classifier(est.classes_, predict=ArgMax(score), proba=Softmax(score))


def staircases(x: Node, values: Floats, ends: Ints) -> TreeEnsemble:
    """The sum of one row of values for each column, and of the last row.

    ends: where the rows of a column end.
    """
    counts = np.diff(ends, prepend=0)
    first = np.cumsum(counts - 1) - (counts - 1)
    feature = np.repeat(np.arange(x.size), counts - 1)
    step = np.arange(feature.size) - first[feature]
    last = step == counts[feature] - 2
    row = (ends - counts)[feature] + step
    return TreeEnsemble(
        x,
        feature=feature,
        threshold=np.nextafter(step + 1.0, 0.0),
        left=~row,
        right=np.where(last, ~(row + 1), np.arange(feature.size) + 1),
        missing_left=np.zeros(feature.size, np.bool_),
        roots=np.append(np.where(counts > 1, first, ~(ends - 1)), ~ends[-1]),
        values=values,
        divisor=1.0,
        refuses_nan=True,
    )
