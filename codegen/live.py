"""The answers of Python's own model: asked when it is alive, else read beside the data."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.errors import InvalidInput
from codegen.ir import Model


def ask(estimator: Any, model: Model, X: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """The live estimator's answers on X (n_rows, n_features), as the C gives them: (n_rows, size).

    A model fitted on a frame is asked with a frame. Labels become indices into classes.
    """
    given: Any = X.astype(np.float32) if model.float32_parameters else X
    if model.feature_names:
        from pandas import DataFrame

        given = DataFrame(given, columns=list(model.feature_names))
    return {
        method: as_columns(method, answer_of(estimator, method, given), model)
        for method in model.methods
    }


def answer_of(estimator: Any, method: str, given: Any) -> Any:
    """One method's answer; the deviation is the second that predict gives when it is asked to."""
    if method == "predict_std":
        return estimator.predict(given, return_std=True)[1]
    return getattr(estimator, method)(given)


def as_columns(method: str, answer: Any, model: Model) -> NDArray[Any]:
    """One method's answers as (n_rows, size): indices for labels, lists put side by side."""
    if isinstance(answer, list):
        answer = np.hstack(answer)
    if hasattr(answer, "toarray"):
        answer = answer.toarray()
    columns = np.asarray(answer)
    columns = columns.reshape(len(columns), -1)
    if method == "predict" and model.classes:
        return label_indices(columns, model)
    return columns


def label_indices(columns: NDArray[Any], model: Model) -> NDArray[Any]:
    """Labels (n_rows, n_outputs) as indices into the classes of each output."""
    found = np.empty(columns.shape, np.int64)
    for i, (column, classes) in enumerate(zip(columns.T, model.classes, strict=True)):
        match = column[:, None] == classes[None, :]
        if not match.any(axis=1).all():
            unknown = column[~match.any(axis=1)][0]
            raise InvalidInput(f"the label {unknown!r} is none of the model's classes")
        found[:, i] = match.argmax(axis=1)
    return found


def given_answers(columns: Mapping[str, NDArray[Any]], model: Model) -> dict[str, NDArray[Any]]:
    """The answers that a data file holds in its reserved columns, by method."""
    return {method: as_columns(method, value, model) for method, value in columns.items()}
