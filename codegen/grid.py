"""Reads a table of rows from .csv, .npy, .npz or .parquet: columns by name or by position."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.errors import InvalidInput

Column = NDArray[Any]
TEXT = ("text",)
"""The one column of a model of texts."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Columns (n_rows,) as they stand in a file: text where the file has text.

    names: one for each column, or None where they have only a position. beside: further arrays
    by key, (n_rows,) or (n_rows, n).
    """

    columns: tuple[Column, ...]
    names: tuple[str, ...] | None = None
    beside: Mapping[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.names is not None and len(set(self.names)) < len(self.names):
            twice = sorted({n for n in self.names if self.names.count(n) > 1})
            raise InvalidInput(f"the data has two columns of the name {quoted(twice)}")
        if not self.columns or not len(self.columns[0]):
            raise InvalidInput("the data has no rows; give at least one")
        for key, array in self.beside.items():
            if len(array) != len(self.columns[0]):
                rows = len(self.columns[0])
                raise InvalidInput(f"{key!r} has {len(array)} rows, but X has {rows}")


def read_grid(path: Path, wanted: tuple[str, ...]) -> Grid:
    """The table in a file, by its suffix; wanted: column names, which tell a header from a row.

    Raises:
        InvalidInput: no such file, another format, or content that is no table.
    """
    if path.suffix.lower() not in READERS:
        raise InvalidInput(f"{path}: give data as one of {', '.join(READERS)}")
    if not path.is_file():
        raise InvalidInput(f"there is no file {path}; check the path of the data")
    try:
        return READERS[path.suffix.lower()](path, wanted)
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from error
    except (OSError, EOFError, ValueError, csv.Error) as error:
        raise InvalidInput(f"{path} cannot be read: {str(error)[:200]}") from error


def read_csv(path: Path, wanted: tuple[str, ...]) -> Grid:
    """Comma-separated text; the first line is a header unless it holds only numbers."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.reader(stream)
        lines = [(reader.line_num, line) for line in reader if line]
    if not lines:
        raise InvalidInput("the file is empty")
    width = len(lines[0][1])
    for number, line in lines:
        if len(line) != width:
            raise InvalidInput(f"line {number} has {len(line)} cells, the first line has {width}")
    has_header = is_header(lines[0][1], wanted)
    rows = lines[1:] if has_header else lines
    columns = np.array([line for _, line in rows], object).reshape(len(rows), width)
    names = tuple(name.strip() for name in lines[0][1]) if has_header else None
    return Grid(tuple(columns.T), names)


def is_header(cells: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether the first line names the columns."""
    named = bool(wanted) and set(wanted) <= {cell.strip() for cell in cells}
    return named or not all(is_number(cell) for cell in cells)


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number; an empty one is a missing number."""
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True


def read_npy(path: Path, wanted: tuple[str, ...]) -> Grid:
    """One array (n_rows, n_features); of texts (n_rows,)."""
    array = np.load(path, allow_pickle=False)
    if wanted == TEXT and array.dtype.kind == "U":
        return Grid((texts("the array", array),))
    return Grid(tuple(matrix("the array", array).T))


def read_npz(path: Path, wanted: tuple[str, ...]) -> Grid:
    """X (n_rows, n_features) or text (n_rows,), and what stands beside it by key."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files}
    of_text = wanted == TEXT and "X" not in arrays
    key = "text" if of_text else "X"
    if key not in arrays:
        raise InvalidInput(f"there is no array {key}, only {quoted(arrays)}")
    given = arrays.pop(key)
    columns = (texts(key, given),) if of_text else tuple(matrix(key, given).T)
    for key, array in arrays.items():
        if array.ndim not in (1, 2):
            raise InvalidInput(f"{key!r} has {array.ndim} dimensions; give 1 or 2")
    return Grid(columns, beside=arrays)


def texts(name: str, array: Column) -> Column:
    """An array that has to hold texts."""
    if array.ndim != 1 or array.dtype.kind != "U":
        raise InvalidInput(
            f"{name} has shape {array.shape} and type {array.dtype}; give texts of shape (n_rows,)"
        )
    return array


def matrix(name: str, array: Column) -> Column:
    """An array that has to have rows and columns."""
    if array.ndim != 2 or array.dtype.kind not in "fiub":
        raise InvalidInput(
            f"{name} has shape {array.shape} and type {array.dtype}; "
            "give numbers of shape (n_rows, n_features)"
        )
    return array


def read_parquet(path: Path, _: tuple[str, ...]) -> Grid:
    """The columns of a Parquet file; it needs pyarrow."""
    parquet, arrow = arrow_modules()
    try:
        table = parquet.read_table(path)
    except arrow.ArrowException as error:
        raise InvalidInput(f"not a Parquet file: {str(error)[:200]}") from error
    columns = tuple(column.to_numpy(zero_copy_only=False) for column in table.columns)
    return Grid(columns, tuple(table.column_names))


def arrow_modules() -> tuple[Any, Any]:
    """pyarrow.parquet and pyarrow, which are not installed with codegen."""
    try:
        return import_module("pyarrow.parquet"), import_module("pyarrow")
    except ImportError as error:
        raise InvalidInput(
            "Parquet files need pyarrow: pip install 'edge-codegen[parquet]', or give a .csv"
        ) from error


READERS = {".csv": read_csv, ".npy": read_npy, ".npz": read_npz, ".parquet": read_parquet}


def quoted(names: Any, limit: int = 8) -> str:
    """Names for a message: printable, and not too many."""
    shown = [ascii(str(name)[:60]) for name in names]
    more = f" and {len(shown) - limit} more" if len(shown) > limit else ""
    return ", ".join(shown[:limit]) + more
