"""Boosting over histograms: binary64 sums over trees that compare the input as it is.

Columns of categories are encoded first and moved to the front; then a split asks whether the number
of a category is in a set. What is unknown or missing goes where missing_go_to_left says.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import (
    classifier,
    complement,
    floats,
    integers,
    refuse,
    regressor,
)
from codegen.importers.registry import import_outputs, importer
from codegen.importers.trees import SET_NODE, in_one_table
from codegen.ir import (
    Bools,
    Concat,
    Elementwise,
    Floats,
    Gather,
    Ints,
    Node,
    Outputs,
    Softmax,
    TreeEnsemble,
    require,
)
from codegen.load import Record

ENSEMBLE = "sklearn.ensemble.HistGradientBoosting"
IDENTITY = ("squared_error", "absolute_error", "quantile")
EXPONENTIAL = ("poisson", "gamma")
SET_WORDS = 8

SPARE, SPARSE = 64, 2
"""Whole numbers are few enough for sets below so many, and so many for each that is in use."""


@importer(ENSEMBLE + "Classifier")
def hist_gradient_boosting_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the raw score, class 1 above zero; the softmax for more classes."""
    if est.loss != "log_loss":
        raise refuse(est, f"loss={est.loss!r}", "use log_loss")
    score = boosted(est, x)
    binary = score.size == 1
    proba = complement(Elementwise(score, "logistic")) if binary else Softmax(score)
    return classifier(est.classes_, score=score, proba=proba)


@importer(ENSEMBLE + "Regressor")
def hist_gradient_boosting_regressor(est: Record, x: Node) -> Outputs:
    """The raw score, or its exponential for losses with a logarithmic link."""
    if est.loss not in IDENTITY + EXPONENTIAL:
        raise refuse(est, f"loss={est.loss!r}", f"use one of {', '.join(IDENTITY + EXPONENTIAL)}")
    score = boosted(est, x)
    return regressor(Elementwise(score, "exp") if est.loss in EXPONENTIAL else score)


def boosted(est: Record, x: Node) -> TreeEnsemble:
    """The baseline and the leaf values of all iterations, the trees of one class together."""
    start = floats(est._baseline_prediction).ravel()
    iterations = est._predictors
    require(len(iterations) > 0, "boosting without iterations")
    require(all(len(trees) == start.size for trees in iterations), "as many trees for each class")
    trees = [iteration[k] for k in range(start.size) for iteration in iterations]
    read, known = as_read(est, x)
    sets = [sets_of(tree, known) for tree in trees]
    first_set = np.cumsum([0, *(len(own) for own in sets)])
    options = {"sets": np.concatenate(sets), "whole": True} if first_set[-1] else {}
    return in_one_table(
        read,
        [nodes(tree.nodes, int(first)) for tree, first in zip(trees, first_set, strict=False)],
        [floats(tree.nodes["value"])[:, None] for tree in trees],
        divisor=1.0,
        groups=start.size,
        start=start,
        **options,
    )


def asks(given: NDArray[Any]) -> Bools:
    """Which nodes of a tree ask for a category."""
    return np.asarray((given["is_leaf"] == 0) & (given["is_categorical"] != 0))


def sets_of(tree: Record, known: list[Ints]) -> Bools:
    """The numbers that go left at each node that asks for a category (n_sets, most + 2).

    known: for each column of categories its numbers. Others go where missing values go.
    """
    words = np.asarray(tree.raw_left_cat_bitsets)
    require(words.dtype == np.uint32 and words.shape[1:] == (SET_WORDS,), "sets of categories")
    bits = np.unpackbits(words.astype("<u4").view(np.uint8), axis=1, bitorder="little")
    asking = tree.nodes[asks(tree.nodes)]
    most = max((int(numbers.max(initial=0)) for numbers in known), default=0)
    found = np.repeat(asking["missing_go_to_left"][:, None] != 0, most + 2, axis=1)
    for members, node in zip(found, asking, strict=True):
        numbers = known[node["feature_idx"]]
        members[numbers] = bits[node["bitset_idx"], : len(numbers)]
    return found


def nodes(given: NDArray[Any], first_set: int) -> NDArray[Any]:
    """The nodes of one tree, as those of scikit-learn's other trees are written."""
    inner, asking = given["is_leaf"] == 0, asks(given)
    found = np.zeros(len(given), SET_NODE)
    found["left_child"] = np.where(inner, given["left"].astype(np.int64), -1)
    found["right_child"] = np.where(inner, given["right"].astype(np.int64), -1)
    found["feature"] = given["feature_idx"]
    found["threshold"] = given["num_threshold"]
    found["missing_go_to_left"] = given["missing_go_to_left"]
    found["set"] = np.where(asking, first_set + np.cumsum(asking) - 1, -1)
    return found


def as_read(est: Record, x: Node) -> tuple[Node, list[Ints]]:
    """The row as the trees read it, columns of categories first; their numbers there.

    Categories that are small whole numbers are their own numbers; others are encoded.
    """
    steps = est.get("_preprocessor")
    if steps is None:
        if est.get("is_categorical_") is not None:
            raise refuse(
                est, "categories of scikit-learn before 1.4", "fit it with a later version"
            )
        return x, []
    columns = steps._transformer_to_input_indices
    places = [columns[name] for name in ("encoder", "numerical") if len(columns[name])]
    encoder = next(step for name, step, _ in steps.transformers_ if name == "encoder")
    known = [categories(est, of_column) for of_column in encoder.categories_]
    if all(are_small(numbers) for numbers in known):
        order = np.concatenate([integers(place) for place in places])
        return Gather(x, order), [numbers.astype(np.int64) for numbers in known]
    parts = [Gather(x, integers(place)) for place in places]
    encoded = import_outputs(encoder, parts[0]).methods["transform"]
    return Concat((encoded, *parts[1:])), [np.arange(numbers.size) for numbers in known]


def categories(est: Record, of_column: Any) -> Floats:
    """The categories of a column, if they are numbers; missing values have none."""
    if np.asarray(of_column).dtype.kind not in "iufb":
        raise refuse(
            est,
            "categories that are text or objects",
            "encode them as numbers before fitting, with OrdinalEncoder on the frame",
        )
    known = floats(of_column)
    return known[~np.isnan(known)]


def are_small(numbers: Floats) -> bool:
    """Whether a bit for each number up to the largest takes less flash than a list of all."""
    whole = bool(((numbers >= 0) & (numbers == np.floor(numbers))).all())
    return whole and float(numbers.max(initial=0.0)) < SPARE + SPARSE * numbers.size
