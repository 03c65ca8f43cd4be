"""Branches: each tree as a function of nested tests, flattened into lines."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Bools, TreeEnsemble
from codegen.plan.program import Code
from codegen.plan.trees.thresholds import float_bits

INDENT = "    "
DEEPEST_INDENT = 12
EITHER = 2
"""Where NaN may go if the estimator refuses it."""
INTEGERS, FLOATS = Code("cg_splits_left"), Code("cg_float_splits_left")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line of a tree: a test that opens a block, an answer, or the end of a block.

    kind: left or right (the block is for rows that go there), leaf, end; of the choice between
    trees also below, and tree. code: the answer, or the number of a tree. split: the function that
    compares, none where whole numbers are compared.
    """

    kind: str
    indent: Code
    feature: int = 0
    threshold: np.number[Any] | None = None
    missing_left: int = 0
    code: int = 0
    split: Code | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """How each node compares: by what function (None: as whole numbers), with what; NaN's side."""

    by: list[Code | None]
    at_most: list[np.number[Any]]
    missing_left: list[int]


def float_splits(node: TreeEnsemble, *, floats: bool) -> Splits:
    """Comparisons of float inputs, by their bits or, where that is shorter, as floats."""
    bits = float_bits(node.threshold)
    number = bits.view(np.float32)
    side = np.where(node.refuses_nan, EITHER, node.missing_left.astype(np.int64))
    as_float = np.full(bits.size, floats) & (side < EITHER)
    as_float &= node.missing_left | (number < 0) | in_instruction(number)
    return Splits(
        by=[FLOATS if f else INTEGERS for f in as_float],
        at_most=[number[i] if f else bits[i] for i, f in enumerate(as_float)],
        missing_left=side.tolist(),
    )


def whole_splits(node: TreeEnsemble) -> Splits:
    """Comparisons of whole numbers, which are never missing."""
    n = node.feature.size
    return Splits([None] * n, list(node.threshold.astype(np.int32)), [EITHER] * n)


def trees_of(node: TreeEnsemble, code: list[int], splits: Splits) -> list[list[Line]]:
    """The lines of every tree; code: what a leaf of each row of values answers."""
    left, right = node.left.tolist(), node.right.tolist()
    weight = sizes(left, right)
    found = []
    for root in node.roots.tolist():
        lines: list[Line] = []
        waiting: list[tuple[int | None, int]] = [(root, 1)]
        while waiting:
            at, depth = waiting.pop()
            indent = Code(INDENT * min(depth, DEEPEST_INDENT))
            if at is None:
                lines.append(Line("end", indent))
            elif at < 0:
                lines.append(Line("leaf", indent, code=code[~at]))
            else:
                first = weight_of(left[at], weight) <= weight_of(right[at], weight)
                inside, after = (left[at], right[at]) if first else (right[at], left[at])
                lines.append(
                    Line(
                        kind="left" if first else "right",
                        indent=indent,
                        feature=int(node.feature[at]),
                        threshold=splits.at_most[at],
                        missing_left=splits.missing_left[at],
                        split=splits.by[at],
                    )
                )
                waiting += [(after, depth), (None, depth), (inside, depth + 1)]
        found.append(lines)
    return found


def halves(n_trees: int) -> list[Line]:
    """The choice of a tree by its number, in halves: a jump table would hide the stack's bound."""
    lines: list[Line] = []
    waiting: list[tuple[int, int, int]] = [(0, n_trees, 1)]
    while waiting:
        first, end, depth = waiting.pop()
        indent = Code(INDENT * depth)
        if end <= first:
            lines.append(Line("end", indent))
        elif end == first + 1:
            lines.append(Line("tree", indent, code=first))
        else:
            middle = (first + end) // 2
            lines.append(Line("below", indent, code=middle))
            waiting += [(middle, end, depth), (0, 0, depth), (first, middle, depth + 1)]
    return lines


def in_instruction(number: NDArray[np.float32]) -> Bools:
    """Whether Arm float instructions hold the number: four bits behind the point, 2^-3 to 2^4."""
    fraction, exponent = np.frexp(number)
    short = np.ldexp(fraction, 5) == np.rint(np.ldexp(fraction, 5))
    return np.asarray(short & (exponent >= -2) & (exponent <= 5) & (number != 0))


def weight_of(link: int, weight: list[int]) -> int:
    """How many inner nodes hang on a link."""
    return weight[link] if link >= 0 else 0


def sizes(left: list[int], right: list[int]) -> list[int]:
    """How many inner nodes each node has below it, itself counted; children stand behind."""
    weight = [1] * len(left)
    for i in range(len(left) - 1, -1, -1):
        weight[i] += weight_of(left[i], weight) + weight_of(right[i], weight)
    return weight
