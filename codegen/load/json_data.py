"""JSON as data: the standard library parses it, under limits of ours."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from codegen.errors import UnsafeModel
from codegen.load.limits import exceeded
from codegen.load.refusal import damaged

VALUES = 4_000_000


def read_json(content: bytes, as_value: Callable[[Any], Any] = lambda value: value) -> object:
    """The value that fills these bytes, those of objects as as_value makes them.

    Raises UnsafeModel for what is damaged, nested too deeply, or larger than a model may be.
    """
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > VALUES:
        raise exceeded("JSON values", VALUES)

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = {name: as_value(value) for name, value in pairs}
        if len(found) != len(pairs):
            raise damaged("a key that comes twice in a JSON object")
        return found

    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=distinct)
    except UnsafeModel:
        raise
    except RecursionError as error:
        raise damaged("JSON that is nested too deeply") from error
    except (ValueError, OverflowError) as error:
        raise damaged("a text that is no JSON") from error


def numbers_as_array(value: Any) -> Any:
    """A list of whole numbers, or of numbers, as an array; all else as it is."""
    kinds = set(map(type, value)) if isinstance(value, list) else set()
    if kinds == {int}:
        return np.array(value, np.int64)
    return np.array(value, np.float64) if kinds and kinds <= {int, float} else value
