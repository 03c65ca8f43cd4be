"""Boosting over histograms: binary64 sums over trees that compare the input as it is.

Columns of categories are encoded first and moved to the front; then a split asks whether the number
of a category is in a set. What is unknown or missing goes where missing_go_to_left says.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import (
    classifier,
    floats,
    integers,
    refuse,
    regressor,
)
from codegen.importers.registry import import_outputs, importer
from codegen.importers.trees import SET_NODE, in_one_table
from codegen.ir import (
    Bools,
    Complement,
    Concat,
    Elementwise,
    Gather,
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


@importer(ENSEMBLE + "Classifier")
def hist_gradient_boosting_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the raw score, class 1 above zero; the softmax for more classes."""
    if est.loss != "log_loss":
        raise refuse(est, f"loss={est.loss!r}", "use log_loss")
    score = boosted(est, x)
    binary = score.size == 1
    proba = Complement(Elementwise(score, "logistic")) if binary else Softmax(score)
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
    sets = [sets_of(tree) for tree in trees]
    first_set = np.cumsum([0, *(len(own) for own in sets)])
    options = {"sets": np.concatenate(sets)} if first_set[-1] else {}
    return in_one_table(
        encoded(est, x),
        [nodes(tree.nodes, int(first)) for tree, first in zip(trees, first_set, strict=False)],
        [floats(tree.nodes["value"])[:, None] for tree in trees],
        divisor=1.0,
        groups=start.size,
        start=start,
        **options,
    )


def sets_of(tree: Record) -> Bools:
    """The categories that go left, for each categorical split (n_splits, 256), and none other."""
    words = np.asarray(tree.raw_left_cat_bitsets)
    require(words.dtype == np.uint32 and words.shape[1:] == (SET_WORDS,), "sets of categories")
    bits = np.unpackbits(words.astype("<u4").view(np.uint8), axis=1, bitorder="little")
    return np.pad(bits.astype(np.bool_), ((0, 0), (0, 1)))


def nodes(given: NDArray[Any], first_set: int) -> NDArray[Any]:
    """The nodes of one tree, as those of scikit-learn's other trees are written."""
    inner = given["is_leaf"] == 0
    found = np.zeros(len(given), SET_NODE)
    found["left_child"] = np.where(inner, given["left"].astype(np.int64), -1)
    found["right_child"] = np.where(inner, given["right"].astype(np.int64), -1)
    found["feature"] = given["feature_idx"]
    found["threshold"] = given["num_threshold"]
    found["missing_go_to_left"] = given["missing_go_to_left"]
    asks = inner & (given["is_categorical"] != 0)
    found["set"] = np.where(asks, first_set + given["bitset_idx"].astype(np.int64), -1)
    return found


def encoded(est: Record, x: Node) -> Node:
    """The row as the trees read it: the numbers of the categories first, then the other columns."""
    steps = est.get("_preprocessor")
    if steps is None:
        if est.get("is_categorical_") is not None:
            raise refuse(
                est, "categories of scikit-learn before 1.4", "fit it with a later version"
            )
        return x
    columns = steps._transformer_to_input_indices
    encoder = next(step for name, step, _ in steps.transformers_ if name == "encoder")
    if any(np.asarray(known).dtype.kind not in "iufb" for known in encoder.categories_):
        raise refuse(
            est,
            "categories that are text or objects",
            "encode them as numbers before fitting, with OrdinalEncoder on the frame",
        )
    numbers = import_outputs(encoder, Gather(x, integers(columns["encoder"]))).methods["transform"]
    if len(columns["numerical"]) == 0:
        return numbers
    return Concat((numbers, Gather(x, integers(columns["numerical"]))))
