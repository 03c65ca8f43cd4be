"""The rows given with --data: features, Python's answers beside them, and the truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.declared import require_whole
from codegen.emit import takes_nan
from codegen.errors import InvalidInput
from codegen.grid import Column, Grid, quoted, read_grid
from codegen.ir import Floats, Model
from codegen.plan.program import Dtype
from codegen.texts import codes, require_ascii

TAKEN_APART = ("proba", "decision", "out")


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Rows X (n_rows, n_features), the model's own answers on them by method, and the truth.

    answers: labels (n_rows, n_outputs) for predict of a classifier, else numbers (n_rows, size).
    target: (n_rows,) as it stands in the file.
    """

    X: Floats
    answers: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    target: NDArray[Any] | None = None


def read_data(path: str | Path, model: Model) -> Data:
    """The rows of a .csv, .npy, .npz or .parquet file for a model.

    Features are found by name, in any order, where the model and the file have names, else by
    position. Empty cells are NaN.

    Raises:
        InvalidInput: the file cannot be read, a column is missing or unknown, a cell is no
            number; the message says where.
    """
    path = Path(path)
    grid = read_grid(path, model.feature_names)
    try:
        features, others = divided(grid, model)
        beside = reserved(others, model)
        X = values_of(features, model)
        if model.input.is_whole:
            require_whole(X, model.input.declared)
        require_domain(X, list(features), model)
        return Data(X, answers_of(beside, model), beside.get("target"))
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from error


def values_of(features: Mapping[str, Column], model: Model) -> Floats:
    """The rows as numbers (n_rows, n_features); of texts their codes."""
    if model.is_text:
        (column,) = features.values()
        if column.dtype.kind not in "UO":
            raise InvalidInput("the model takes texts: give them as the column, or array, `text`")
        return codes(["" if cell is None else str(cell) for cell in column]).astype(np.float64)
    return np.column_stack([numbers(column, name) for name, column in features.items()])


def read_fitted_rows(path: Path, names: tuple[str, ...]) -> Floats:
    """The rows that a model was fitted on: features by name where both have names, else in order.

    Raises:
        InvalidInput: as read_data.
    """
    grid = read_grid(path, names)
    found = grid.names or tuple(str(i) for i in range(len(grid.columns)))
    columns = dict(zip(found, grid.columns, strict=True))
    wanted = names if names and grid.names else found
    try:
        missing = [name for name in wanted if name not in columns]
        if missing or len(wanted) < len(columns):
            other = missing or [name for name in columns if name not in wanted]
            raise InvalidInput(f"the column {quoted(other)} is missing, or none of the model's")
        return np.column_stack([numbers(columns[name], name) for name in wanted])
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from error


def answer_columns(model: Model) -> dict[str, list[str]]:
    """For each method the reserved columns that hold its answers, in order.

    predict; proba_<label>; decision_<i>; out_<i> counts through all other values: those of
    predict where there are several, of transform, of score_samples.
    """
    columns: dict[str, list[str]] = {}
    others = 0
    for method, root in model.methods.items():
        if method == "predict" and root.size == 1:
            columns[method] = ["predict"]
        elif method == "predict_proba":
            columns[method] = proba_columns(model)
        elif method == "decision_function":
            columns[method] = [f"decision_{i}" for i in range(root.size)]
        else:
            columns[method] = [f"out_{i}" for i in range(others, others + root.size)]
            others += root.size
    return columns


def proba_columns(model: Model) -> list[str]:
    """proba_<label>; proba_<output>_<label> of several outputs, proba_<i> of a mixture."""
    if not model.classes:
        return [f"proba_{i}" for i in range(model.methods["predict_proba"].size)]
    if len(model.classes) == 1:
        return [f"proba_{label}" for label in model.classes[0]]
    pairs = zip(model.classes, model.proba_sizes, strict=True)
    return [
        f"proba_{output}_{label}"
        for output, (labels, size) in enumerate(pairs)
        for label in labels[-size:]
    ]


def reserved_names(model: Model) -> list[str]:
    """The truth and all answers of a model."""
    return ["target", *(name for names in answer_columns(model).values() for name in names)]


def divided(grid: Grid, model: Model) -> tuple[dict[str, Column], dict[str, Column]]:
    """The features by name, in the model's order, and all other columns."""
    if grid.names is None:
        return by_position(grid.columns, model), dict(grid.beside)
    columns = dict(zip(grid.names, grid.columns, strict=True))
    if not model.feature_names:
        known = [name for name in columns if name not in reserved_names(model)]
        features = {name: columns.pop(name) for name in known}
        by_position(tuple(features.values()), model, quoted(known))
        return features, columns
    missing = [name for name in model.feature_names if name not in columns]
    if missing:
        raise InvalidInput(f"there is no column {quoted(missing)}; the model was fitted with it")
    return {name: columns.pop(name) for name in model.feature_names}, columns


def by_position(columns: tuple[Column, ...], model: Model, named: str = "") -> dict[str, Column]:
    """The features in the order of the file; their number has to be the model's."""
    n_features = model.input.n_features
    if len(columns) != n_features:
        found = f"{len(columns)} feature columns" + (f" ({named})" if named else "")
        raise InvalidInput(
            f"{found}, but the model takes {n_features}; other columns need a header with the "
            f"names {quoted(reserved_names(model))}"
        )
    names = model.feature_names or tuple(str(i) for i in range(n_features))
    return dict(zip(names, columns, strict=True))


def reserved(columns: Mapping[str, Column], model: Model) -> dict[str, Column]:
    """The reserved columns, 2-d arrays taken apart; any other column is refused."""
    taken: dict[str, Column] = {}
    for name, column in columns.items():
        taken |= apart(name, column, model) if column.ndim == 2 else {name: column}
    known = reserved_names(model)
    extra = [name for name in taken if name not in known]
    if extra:
        raise InvalidInput(
            f"unknown column {quoted(extra)}: neither a feature of the model nor one of "
            f"{quoted(known)}; remove it"
        )
    return taken


def apart(key: str, values: Column, model: Model) -> dict[str, Column]:
    """The columns of a 2-d array `proba`, `decision` or `out`; one column counts as 1-d."""
    if key not in TAKEN_APART:
        if values.shape[1] != 1:
            raise InvalidInput(f"{key!r} has {values.shape[1]} columns; give one dimension")
        return {key: values[:, 0]}
    names = [name for name in reserved_names(model) if name.startswith(f"{key}_")]
    if len(names) != values.shape[1]:
        raise InvalidInput(f"{key!r} has {values.shape[1]} columns, the model gives {len(names)}")
    return dict(zip(names, values.T, strict=True))


def answers_of(beside: Mapping[str, Column], model: Model) -> dict[str, NDArray[Any]]:
    """The answers by method; a method with only some of its columns is refused."""
    found: dict[str, NDArray[Any]] = {}
    for method, names in answer_columns(model).items():
        missing = [name for name in names if name not in beside]
        if missing and len(missing) < len(names):
            raise InvalidInput(f"the answers of {method} lack the column {quoted(missing)}")
        if missing:
            continue
        if method == "predict" and model.classes:
            pairs = zip(names, model.classes, strict=True)
            parts = [labels(beside[name], classes, name) for name, classes in pairs]
        else:
            parts = [numbers(beside[name], name) for name in names]
        found[method] = np.column_stack(parts)
    return found


def numbers(column: Column, name: str) -> Floats:
    """A column as float64; an empty cell is NaN."""
    if column.dtype.kind in "fiub":
        return column.astype(np.float64)
    values = np.empty(len(column))
    for i, cell in enumerate(column):
        try:
            values[i] = np.nan if cell is None or cell == "" else float(cell)
        except (TypeError, ValueError) as error:
            raise InvalidInput(
                f"row {i + 1}, column {quoted([name])}: {quoted([cell])} is no number"
            ) from error
    return values


def labels(column: Column, classes: NDArray[Any], name: str) -> NDArray[Any]:
    """A column of labels in the type of the classes; an unknown label is refused."""
    known = {text: label for label in classes for text in spellings(label)}
    texts = [str(cell) for cell in column]
    for i, text in enumerate(texts):
        if text not in known:
            raise InvalidInput(
                f"row {i + 1}, column {quoted([name])}: {quoted([text])} is none of the model's "
                f"classes {quoted(classes)}"
            )
    return np.array([known[text] for text in texts], classes.dtype)


def spellings(label: Any) -> set[str]:
    """How files write a label: 1 may stand as 1.0, True as 1."""
    if isinstance(label, str):
        return {label}
    number = float(label)
    return {str(label), str(number)} | ({str(int(number))} if number.is_integer() else set())


def require_fits(data: Data, dtype: Dtype) -> None:
    """Refuse numbers that the C's input type cannot hold: they would become infinity."""
    wrong = np.abs(data.X) > np.finfo(dtype).max
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InvalidInput(
            f"row {row + 1}, feature {column}: {data.X[row, column]:g} is beyond {dtype}; scale "
            "the feature, or choose --dtype float64"
        )


def require_domain(X: Floats, names: list[str], model: Model) -> None:
    """Refuse what Python's model would refuse: infinity, and NaN where it has no meaning."""
    if model.is_text:
        require_ascii(X)
        return
    wrong = np.isinf(X) if takes_nan(model) else ~np.isfinite(X)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InvalidInput(
            f"row {row + 1}, column {quoted([names[column]])}: {X[row, column]} is outside of "
            "what the model takes"
        )
