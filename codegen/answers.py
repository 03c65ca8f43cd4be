"""Writes rows and the live model's answers on them, for an export where Python is not at hand."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.data import answer_columns
from codegen.errors import InvalidInput
from codegen.given import as_numbers
from codegen.grid import arrow_modules
from codegen.importers import import_model
from codegen.ir import Floats, Model
from codegen.live import ask
from codegen.load import load
from codegen.plan.program import Dtype
from codegen.texts import require_ascii, text_of

Columns = dict[str, NDArray[Any]]


def answers(
    model: Any, X: Any, path: str | Path, *, target: Any = None, dtype: Dtype = "float32"
) -> Path:
    """Write rows and the model's answers on them to a .csv, .npz or .parquet file, for --data.

    The rows are first rounded to `dtype`, the type that the C will take, so that Python and C
    are asked about the same rows.

    Args:
        model: a live, fitted estimator.
        X: rows (n_rows, n_features), an array, or a frame with the model's columns.
        target: the truth (n_rows,), written beside them where it is known.

    Raises:
        CodegenError: the model has no C form, the rows have another width, the suffix is unknown.
    """
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise InvalidInput(f"{path}: answers are written as one of {', '.join(WRITERS)}")
    known = import_model(load(model))
    rows = rounded(X, known, dtype)
    columns: Columns = {} if target is None else {"target": truth(target, len(rows))}
    for method, values in ask(model, known, rows).items():
        named = labelled(values, known) if method == "predict" else list(values.T)
        columns |= dict(zip(answer_columns(known)[method], named, strict=True))
    names = known.feature_names or tuple(f"x{i}" for i in range(known.input.n_features))
    if clash := set(names) & set(columns):
        raise InvalidInput(f"a feature has the name of a reserved column: {', '.join(clash)}")
    WRITERS[path.suffix.lower()](path, as_written(rows, known), names, columns)
    return path


def as_written(rows: Floats, model: Model) -> NDArray[Any]:
    """The rows as a file holds them: numbers, or texts."""
    if not model.is_text:
        return rows
    return np.array([[text_of(row)] for row in rows], object)


def rounded(X: Any, model: Model, dtype: Dtype) -> Floats:
    """The rows (n_rows, n_features) in the model's order, rounded to the C input type."""
    if model.is_text:
        found = as_numbers(model, X).astype(np.float64)
        require_ascii(found)
        return found
    if model.feature_names and hasattr(X, "columns"):
        X = X[list(model.feature_names)]
    rows = np.asarray(as_numbers(model, X), dtype).astype(np.float64)
    if rows.ndim != 2 or rows.shape[1] != model.input.n_features:
        raise InvalidInput(f"rows of shape {rows.shape}, expected (n, {model.input.n_features})")
    return rows


def truth(target: Any, n_rows: int) -> NDArray[Any]:
    """The truth, one value for each row."""
    values = np.asarray(target)
    if values.shape != (n_rows,):
        raise InvalidInput(f"a target of shape {values.shape}, expected ({n_rows},)")
    return values


def labelled(values: NDArray[Any], model: Model) -> list[NDArray[Any]]:
    """The columns of predict, class indices as labels again."""
    if not model.classes:
        return list(values.T)
    pairs = zip(values.T, model.classes, strict=True)
    return [classes[index] for index, classes in pairs]


def write_csv(path: Path, rows: NDArray[Any], names: tuple[str, ...], columns: Columns) -> None:
    """Text that reads back equal; NaN is an empty cell."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*names, *columns])
    table = [*rows.T, *columns.values()]
    writer.writerows(
        zip(*([cell(value) for value in column.tolist()] for column in table), strict=True)
    )
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")


def cell(value: Any) -> str:
    """A value as text; repr of a float is the shortest that reads back equal."""
    return "" if value != value else str(value)


def write_npz(path: Path, rows: NDArray[Any], _: tuple[str, ...], columns: Columns) -> None:
    """X or text, predict, and the others as 2-d arrays; text without pickling."""
    of_text = rows.dtype == object
    arrays: dict[str, Any] = {"text": rows[:, 0].astype(str)} if of_text else {"X": rows}
    for key in ("proba", "decision", "out"):
        part = [values for name, values in columns.items() if name.startswith(f"{key}_")]
        if part:
            arrays[key] = np.column_stack(part)
    for key in ("target", "predict"):
        if key in columns:
            values = columns[key]
            arrays[key] = values.astype(str) if values.dtype == object else values
    np.savez_compressed(path, allow_pickle=False, **arrays)


def write_parquet(path: Path, rows: NDArray[Any], names: tuple[str, ...], columns: Columns) -> None:
    """One column for each feature and answer; it needs pyarrow."""
    parquet, arrow = arrow_modules()
    table = {**dict(zip(names, rows.T, strict=True)), **columns}
    parquet.write_table(
        arrow.table({name: np.ascontiguousarray(v) for name, v in table.items()}), path
    )


WRITERS: dict[str, Callable[[Path, NDArray[Any], tuple[str, ...], Columns], None]] = {
    ".csv": write_csv,
    ".npz": write_npz,
    ".parquet": write_parquet,
}
