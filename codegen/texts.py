"""Texts as rows of numbers: one byte a column, and -1 behind the end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.errors import InvalidInput

Codes = NDArray[np.int16]


def codes(texts: Any) -> Codes:
    """The UTF-8 bytes of texts (n_rows, longest); rows of codes stay as they are.

    Raises:
        InvalidInput: something else than texts, or than rows of codes.
    """
    given = np.asarray(texts, dtype=None if isinstance(texts, np.ndarray) else object)
    if given.ndim == 2 and given.dtype.kind in "fi":
        return np.ascontiguousarray(np.where(given >= 0, given, -1), np.int16)
    if given.ndim != 1 or not all(isinstance(text, str) for text in given):
        raise InvalidInput(f"rows of shape {given.shape}, expected texts: a list of str")
    return of_bytes([str(text).encode("utf-8", "surrogatepass") for text in given])


def of_bytes(rows: Sequence[bytes]) -> Codes:
    """Rows of bytes, filled up with -1."""
    found = np.full((len(rows), max(map(len, rows), default=0) + 1), -1, np.int16)
    for row, text in zip(found, rows, strict=True):
        row[: len(text)] = np.frombuffer(text, np.uint8)
    return found


def bytes_of(row: NDArray[Any]) -> bytes:
    """The text of one row."""
    return bytes(row[: length(row)].astype(np.uint8))


def length(row: NDArray[Any]) -> int:
    """How many bytes the text of a row has."""
    ends = np.flatnonzero(~(row >= 0))
    return int(ends[0]) if ends.size else len(row)


def text_of(row: NDArray[Any]) -> str:
    """The text of one row of ASCII."""
    return bytes_of(row).decode("utf-8", "surrogateescape")


def stacked(*blocks: NDArray[Any]) -> NDArray[Any]:
    """Blocks of rows one below the other, filled up with -1 to the same width."""
    width = max(block.shape[1] for block in blocks)
    return np.vstack(
        [np.pad(b, ((0, 0), (0, width - b.shape[1])), constant_values=-1) for b in blocks]
    )


def packed(rows: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All texts in one array, and where each begins; the end of the last behind."""
    lengths = [length(row) for row in rows]
    joined = b"".join(bytes_of(row) for row in rows) or b"\0"
    return np.frombuffer(joined, np.uint8), np.cumsum([0, *lengths], dtype=np.int64)


def require_ascii(rows: NDArray[Any]) -> None:
    """Refuse texts in which Python's rules for Unicode are not those for ASCII.

    Raises:
        InvalidInput: it says in which row.
    """
    wrong = (rows > 127).any(axis=1)
    if wrong.any():
        raise InvalidInput(
            f"row {int(np.flatnonzero(wrong)[0]) + 1}: the text holds letters beyond ASCII; the C "
            "promises answers for ASCII alone: leave such rows out, or write them in ASCII"
        )
