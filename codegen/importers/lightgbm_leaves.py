"""LightGBM's leaves that are linear: constants and factors of all trees in one list."""

from typing import Any

import numpy as np

from codegen.ir import Floats, Ints, require

Tree = dict[str, Any]


def terms_of(trees: list[Tree], n_in: int) -> tuple[Ints, Floats, list[Ints]]:
    """feature and weight as LinearLeaves has them, and for each tree where its leaves start."""
    feature, weight, places = [], [], []
    start = 0
    for tree in trees:
        here, factors, place = terms(tree, n_in)
        feature.append(here)
        weight.append(factors)
        places.append(place + start)
        start += here.size
    return np.append(np.concatenate(feature), n_in), np.append(np.concatenate(weight), 0.0), places


def terms(tree: Tree, n_in: int) -> tuple[Ints, Floats, Ints]:
    """The same of one tree: for each leaf its value for NaN, its constant, its factors."""
    value = tree["leaf_value"]
    constant, counts = value, np.zeros(value.size, np.int64)
    if tree["is_linear"]:
        constant, counts = tree["leaf_const"], tree["num_features"]
    asked, factors = tree["leaf_features"], tree["leaf_coeff"]
    require(constant.shape == counts.shape == value.shape, "the constants of linear leaves")
    require((counts >= 0).all() and counts.sum() == asked.size, "the features of linear leaves")
    require(asked.shape == factors.shape, "the factors of linear leaves")
    require(((asked >= 0) & (asked < n_in)).all(), "the features of linear leaves")
    place = np.cumsum(counts + 2) - counts - 2
    n_terms = int((counts + 2).sum())
    feature, weight = np.full(n_terms, n_in), np.zeros(n_terms)
    weight[place], weight[place + 1] = value, constant
    others = np.setdiff1d(np.arange(n_terms), np.concatenate([place, place + 1]))
    feature[others], weight[others] = asked, factors
    return feature, weight, place
