"""Fitted attributes as float64 and int64 arrays, and the answers that estimators share."""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.errors import UnsupportedModel
from codegen.ir import (
    COMPLEMENT,
    Affine,
    ArgMax,
    Choice,
    Floats,
    Ints,
    Lookup,
    Neighbors,
    Node,
    Normalize,
    Outputs,
    Threshold,
    require,
)
from codegen.load import Record

DENSE_VALUES = 1 << 26


def floats(value: Any) -> Floats:
    """A copy as float64."""
    if isinstance(value, Record):
        return dense(value)
    return np.array(value, dtype=np.float64)


def integers(value: Any) -> Ints:
    """A copy as int64; refuses what is not whole."""
    array = np.array(value)
    require(array.dtype.kind in "iub", f"whole numbers are expected, not {array.dtype}")
    return array.astype(np.int64)


def dense(matrix: Record) -> Floats:
    """A scipy.sparse matrix in CSR form, written out; of one or two dimensions."""
    require(matrix.path.startswith("scipy.sparse"), f"{matrix.path} in the place of an array")
    require(name(matrix).startswith("csr"), f"{matrix.path} in the place of a CSR matrix")
    shape = tuple(int(n) for n in matrix._shape)
    require(len(shape) in (1, 2) and min(shape) >= 0, "the shape of a sparse matrix")
    require(prod(shape) <= DENSE_VALUES, "a sparse matrix too large to write out")
    n_rows, n_columns = (1, *shape)[-2:]
    counts, columns = np.diff(integers(matrix.indptr)), integers(matrix.indices)
    require(len(counts) == n_rows and (counts >= 0).all(), "the rows of a sparse matrix")
    require(counts.sum() == len(columns), "the values of a sparse matrix")
    require(((columns >= 0) & (columns < n_columns)).all(), "the columns of a sparse matrix")
    full = np.zeros((n_rows, n_columns))
    np.add.at(full, (np.repeat(np.arange(n_rows), counts), columns), floats(matrix.data))
    return full.reshape(shape)


def labels(value: Any) -> NDArray[Any]:
    """Class labels: whole numbers, floats, bools or text, as one array."""
    array = np.asarray(value)
    if array.dtype.kind == "O":
        require(all(isinstance(v, str) for v in array), "class labels of mixed types")
        array = array.astype(str)
    require(array.ndim == 1 and array.size > 0, "class labels")
    if array.dtype.kind not in "iufbU":
        raise UnsupportedModel(f"class labels of type {array.dtype} have no C form; use int or str")
    return array


def name(est: Record) -> str:
    """The class's own name, for messages."""
    return est.path.rpartition(".")[2]


def refuse(est: Record, what: str, advice: str) -> UnsupportedModel:
    """The error for a setting that has no faithful C form."""
    return UnsupportedModel(f"{name(est)}({what}) has no C form; {advice}")


def classifier(classes: Any, *, score: Node, proba: Node | None = None) -> Outputs:
    """A classifier that decides by its score: a cut at 0 for one, the first maximum for more."""
    binary = score.size == 1
    predict = Threshold(score, 0.0, inclusive=False) if binary else ArgMax(score)
    return scored_classifier(classes, predict=predict, score=score, proba=proba)


def scored_classifier(
    classes: Any,
    *,
    predict: Choice | Neighbors,
    score: Node | None = None,
    proba: Node | None = None,
) -> Outputs:
    """A classifier with a rule of its own for the label."""
    known = labels(classes)
    n_classes = 2 if isinstance(predict, Threshold) else predict.x.size
    require(len(known) == n_classes, f"{len(known)} labels for {n_classes} classes")
    methods = {"predict": predict, "predict_proba": proba, "decision_function": score}
    return Outputs("classifier", {k: v for k, v in methods.items() if v is not None}, (known,))


def complement(p: Node) -> Affine:
    """[1 - p, p]: the two probabilities of a binary classifier."""
    return Affine(p, *COMPLEMENT)


def shares(x: Node) -> Node:
    """Each value over their sum; where that is 0 all are equal."""
    return Normalize(x, "sum", 1 / x.size)


def regressor(y: Node) -> Outputs:
    """A regressor: its one method."""
    return Outputs("regressor", {"predict": y})


def outlier_detector(*, score: Node, samples: Node) -> Outputs:
    """An outlier detector: +1 from a score of 0 on, else -1; samples: the score not yet shifted."""
    label = Lookup(Threshold(score, 0.0, inclusive=True), np.array([-1, 1]))
    methods = {"predict": label, "decision_function": score, "score_samples": samples}
    return Outputs("outlier detector", methods)


def transformer(y: Node) -> Outputs:
    """A transformer: its one method."""
    return Outputs("transformer", {"transform": y})
