"""What a user gives as rows, as numbers: arrays as they are, texts as codes, names looked up."""

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen import ir
from codegen.errors import InvalidInput
from codegen.ir import Model
from codegen.texts import codes


def as_numbers(model: Model, X: Any) -> NDArray[Any]:
    """Rows (n_rows, n), in the form in which the model means them.

    Raises:
        InvalidInput: a row is no text, or a dictionary holds what has no number.
    """
    if model.is_text:
        in_tokens = of_lines(model) and isinstance(X, list | tuple)
        return codes([one_a_line(row) for row in X] if in_tokens else X)
    if model.separator is not None and isinstance(X, list) and X and isinstance(X[0], Mapping):
        return np.array([by_name(row, model.feature_names, model.separator) for row in X])
    return np.asarray(X)


def of_lines(model: Model) -> bool:
    """Whether the terms of a text are its lines."""
    nodes = ir.walk(model.methods.values())
    return any(isinstance(n, ir.TermCounts) and n.analyzer.unit == "lines" for n in nodes)


def one_a_line(row: Any) -> Any:
    """The tokens of a row as one text; a text stays as it is."""
    if isinstance(row, str):
        return row
    tokens = list(row)
    wrong = [token for token in tokens if not isinstance(token, str) or not token]
    if wrong or any("\n" in token for token in tokens):
        raise InvalidInput("tokens stand one a line: give texts that are not empty, in one line")
    return "\n".join(tokens)


def by_name(row: Mapping[str, Any], names: tuple[str, ...], separator: str) -> list[float]:
    """The values of the names, 0 where there is none; `name=value` is 1 for a value of text."""
    found: dict[str, float] = {}
    for name, value in row.items():
        if isinstance(value, str):
            found[f"{name}{separator}{value}"] = 1.0
        elif isinstance(value, Real):
            found[name] = float(value)
        else:
            raise InvalidInput(f"{name!r} holds {type(value).__name__}: give a number or a text")
    return [found.get(name, 0.0) for name in names]
