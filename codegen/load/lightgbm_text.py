"""The text of a LightGBM model: a header of names and values, then one block for each tree."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.load.limits import exceeded
from codegen.load.refusal import damaged

TREES = 100_000
VALUES = 8_000_000

INTEGERS = (
    "split_feature",
    "decision_type",
    "left_child",
    "right_child",
    "cat_boundaries",
    "cat_threshold",
    "num_features",
    "leaf_features",
)
REALS = ("threshold", "leaf_value", "leaf_const", "leaf_coeff")
NUMBERS = ("num_leaves", "num_cat", "is_linear")


def read_lightgbm(text: str) -> dict[str, object]:
    """header: names and values as text; trees: for each the columns that predicting needs;
    pandas_categorical: whether the columns of a frame were categories.

    Raises UnsafeModel for what is cut off, no number, or larger than a model may be.
    """
    body, end, rest = text.replace("\r\n", "\n").partition("\nend of trees")
    lines = body.splitlines()
    if not end or not lines or lines[0] != "tree":
        raise damaged("the text of a LightGBM model without beginning or end")
    starts = [i for i, line in enumerate(lines) if line.startswith("Tree=")]
    if len(starts) > TREES:
        raise exceeded("trees", TREES)
    blocks = [lines[start:stop] for start, stop in pairwise([*starts, len(lines)])]
    budget = [VALUES]
    return {
        "header": fields(lines[: starts[0] if starts else len(lines)]),
        "trees": [tree(fields(block), budget) for block in blocks],
        "pandas_categorical": has_pandas_categories(rest),
    }


def has_pandas_categories(rest: str) -> bool:
    """Whether columns of a frame were categories: their values stand behind the trees."""
    _, told, values = rest.rpartition("\npandas_categorical:")
    return bool(told) and values.strip() not in ("null", "[]")


def fields(lines: list[str]) -> dict[str, str]:
    """Names and values; a line without a value names a switch that is on."""
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition("=")
        if name and name in found:
            raise damaged("a name that comes twice in a part of a LightGBM model")
        found[name] = value
    return found


def tree(known: dict[str, str], budget: list[int]) -> dict[str, object]:
    """The numbers of one tree; a tree of one leaf has no splits."""
    found: dict[str, object] = {}
    for name in (*INTEGERS, *REALS):
        words = known.get(name, "").split()
        budget[0] -= len(words)
        if budget[0] < 0:
            raise exceeded("numbers in the trees", VALUES)
        found[name] = column(words, "int64" if name in INTEGERS else "float64")
    for name in NUMBERS:
        found[name] = int(column([known.get(name, "0")], "int64")[0])
    return found


def column(words: list[str], kind: str) -> NDArray[Any]:
    """Words as numbers."""
    try:
        return np.array([int(w) if kind == "int64" else float(w) for w in words], kind)
    except (ValueError, OverflowError) as error:
        raise damaged("a word in the place of a number in a LightGBM model") from error
