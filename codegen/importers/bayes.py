"""Naive Bayes: the class whose Gaussians make the row most likely."""

import numpy as np

from codegen.importers.attributes import floats, scored_classifier
from codegen.importers.registry import importer
from codegen.ir import ArgMax, Node, Outputs, Quadratic, Softmax, require
from codegen.load import Record


@importer("sklearn.naive_bayes.GaussianNB")
def gaussian_nb(est: Record, x: Node) -> Outputs:
    """log prior - sum log(2 pi var) / 2 - sum (x - theta)^2 / (2 var); its softmax.

    var_ holds what was added against variances of zero.
    """
    variance, prior = floats(est.var_), floats(est.class_prior_)
    require((variance > 0).all() and (prior > 0).all(), "variances and priors above 0")
    constant = np.log(prior) - np.log(2 * np.pi * variance).sum(axis=1) / 2
    density = Quadratic(x, floats(est.theta_), 1 / variance, constant)
    return scored_classifier(est.classes_, predict=ArgMax(density), proba=Softmax(density))
