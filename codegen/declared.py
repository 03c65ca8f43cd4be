"""The types that x may be declared as: numbers with a point, or whole numbers of 8 or 16 bits."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from codegen.errors import InvalidInput

Declared = Literal["float", "int16", "uint16", "int8", "uint8"]

RowType = Declared | Literal["text"]
"""What a row holds: numbers of a declared type, or a text where the model reads one."""

WHOLE: tuple[Declared, ...] = ("uint8", "int8", "uint16", "int16")
"""Those of whole numbers, in the order in which they are suggested."""


def span(declared: RowType) -> tuple[int, int]:
    """The least and the largest number of a type of whole numbers."""
    info = np.iinfo(declared)
    return int(info.min), int(info.max)


def ctype_of_whole(declared: RowType) -> str:
    """The C type."""
    return f"{declared}_t"


def fits(X: NDArray[Any], declared: RowType) -> NDArray[np.bool_]:
    """Which values are whole numbers of the type; NaN is none."""
    low, high = span(declared)
    with np.errstate(invalid="ignore"):
        return np.asarray((low <= X) & (high >= X) & (np.floor(X) == X))


def require_whole(X: NDArray[Any], declared: RowType) -> None:
    """Refuse rows (n_rows, n_features) with a value that x cannot hold.

    Raises:
        InvalidInput: it says which value stands where.
    """
    wrong = ~fits(X, declared)
    if wrong.any():
        row, feature = np.argwhere(wrong)[0]
        low, high = span(declared)
        raise InvalidInput(
            f"row {row + 1}, feature {feature}: {X[row, feature]:g} is no whole number from {low} "
            f"to {high}, which is what x holds with --input {declared}; correct the rows, or "
            "choose another type for --input"
        )


def suggested(X: NDArray[Any]) -> Declared | None:
    """The first type that holds all values, if there is one."""
    held = (declared for declared in WHOLE if X.size and bool(fits(X, declared).all()))
    return next(held, None)


def nearest(X: NDArray[np.float64], declared: RowType) -> NDArray[np.float64]:
    """The nearest numbers of the type."""
    return np.clip(np.rint(X), *span(declared))
