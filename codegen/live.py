"""The answers of Python's own model: asked when it is alive, else read beside the data."""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from codegen.errors import InvalidInput
from codegen.ir import Model, walk
from codegen.texts import text_of

NEIGHBORS = {"kneighbors": 1, "kneighbors_distance": 0}
"""Which of the two results of kneighbors a method of the C is."""


def ask(estimator: Any, model: Model, X: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """The live estimator's answers on X (n_rows, n_features), as the C gives them: (n_rows, size).

    A model fitted on a frame is asked with a frame. Labels become indices into classes. A model
    whose answer for a row depends on those beside it is asked about one row after the other.
    """
    if len(X) > 1 and asked_alone(model):
        parts = [ask(estimator, model, row[None]) for row in X]
        return {method: np.vstack([part[method] for part in parts]) for method in model.methods}
    given = as_given(estimator, model, X)
    if model.estimator in BOOSTERS:
        known = BOOSTERS[model.estimator]
        return {m: as_columns(m, known(estimator, m, given, model), model) for m in model.methods}
    return {
        method: as_columns(method, answer(estimator, method, given), model)
        for method in model.methods
    }


def asked_alone(model: Model) -> bool:
    """Whether a row's answer depends on the rows beside it."""
    return any(node.is_alone for node in walk(model.methods.values()))


def takes(estimator: Any, model: Model, row: NDArray[np.float64]) -> bool:
    """Whether the live estimator answers for a row, and does not raise."""
    try:
        ask(estimator, model, row[None])
    except ValueError:
        return False
    return True


def as_given(estimator: Any, model: Model, X: NDArray[Any]) -> Any:
    """Rows in the form in which the live model takes them."""
    if model.is_text:
        texts = [text_of(row) for row in X]
        one_a_line = getattr(first_of(estimator), "input_type", "") == "string"
        return [list(filter(None, text.split("\n"))) for text in texts] if one_a_line else texts
    if hasattr(first_of(estimator), "feature_names_"):
        return [dict(zip(model.feature_names, row, strict=True)) for row in X.tolist()]
    given: Any = X.astype(np.float32) if model.float32_parameters else X
    if model.feature_names:
        from pandas import DataFrame

        given = DataFrame(given, columns=list(model.feature_names))
    return given


def first_of(estimator: Any) -> Any:
    """What sees a row first."""
    while True:
        if hasattr(estimator, "best_estimator_"):
            estimator = estimator.best_estimator_
        elif parts := getattr(estimator, "steps", None) or getattr(
            estimator, "transformer_list", None
        ):
            estimator = parts[0][1]
        elif len(getattr(estimator, "estimators_", ())):
            estimator = estimator.estimators_[0]
        else:
            return estimator


def answer(estimator: Any, method: str, X: Any) -> Any:
    """What the estimator answers; asks the last step or the best model where only that can tell."""
    if hasattr(estimator, "best_estimator_"):
        estimator = estimator.best_estimator_
    if method == "predict_std":
        return estimator.predict(X, return_std=True)[1]
    if hasattr(estimator, "steps") and not hasattr(estimator, method):
        return answer(estimator[-1], method, estimator[:-1].transform(X))
    if method in NEIGHBORS:
        return estimator.kneighbors(X)[NEIGHBORS[method]]
    return getattr(estimator, method)(X)


def xgboost_answer(booster: Any, method: str, X: Any, model: Model) -> Any:
    """What XGBClassifier makes of the answer of the booster inside, labels from 0 on."""
    rows = sys.modules["xgboost"].DMatrix(
        X, feature_names=booster.feature_names, feature_types=booster.feature_types
    )
    if model.kind == "classifier" and len(model.classes[0]) > 2 and method == "predict_proba":
        return softmax(booster.predict(rows, output_margin=True), axis=1)
    return of_classes(booster.predict(rows), method, model)


def lightgbm_answer(booster: Any, method: str, X: Any, model: Model) -> Any:
    """What LGBMClassifier makes of the answer of the booster inside, labels from 0 on."""
    if method == "decision_function":
        return booster.predict(X, raw_score=True)
    return of_classes(booster.predict(X), method, model)


def of_classes(found: Any, method: str, model: Model) -> Any:
    """A booster's answer as a classifier's; that of other kinds is the same."""
    if model.kind != "classifier":
        return found
    if method == "predict_proba":
        return found if found.ndim == 2 else np.column_stack([1 - found, found])
    if found.ndim == 2:
        return found.argmax(axis=1)
    return found.astype(np.int64) if len(model.classes[0]) > 2 else (found > 0.5).astype(np.int64)


BOOSTERS = {"xgboost.core.Booster": xgboost_answer, "lightgbm.basic.Booster": lightgbm_answer}


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
