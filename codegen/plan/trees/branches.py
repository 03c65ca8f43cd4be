"""Branches: each tree as a function of nested tests, flattened into lines."""

from dataclasses import dataclass

import numpy as np

from codegen.ir import TreeEnsemble
from codegen.plan.program import Code
from codegen.plan.trees.thresholds import float_bits

INDENT = "    "
DEEPEST_INDENT = 12


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line of a tree: a test that opens a block, an answer, or the end of a block.

    kind: left or right (the block is for rows that go there), leaf, end. code: the answer.
    """

    kind: str
    indent: Code
    feature: int = 0
    threshold: np.uint32 | np.float32 | int = 0
    missing_left: int = 0
    code: int = 0
    number: np.float32 | int = 0


def trees_of(node: TreeEnsemble, code: list[int], *, floats: bool) -> list[list[Line]]:
    """The lines of every tree; code: what a leaf of each row of values answers."""
    bits = float_bits(node.threshold)
    threshold = bits.view(np.float32) if floats else bits
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
                feature, missing = int(node.feature[at]), int(node.missing_left[at])
                kind = "left" if first else "right"
                lines.append(Line(kind, indent, feature, threshold[at], missing))
                waiting += [(after, depth), (None, depth), (inside, depth + 1)]
        found.append(lines)
    return found


def weight_of(link: int, weight: list[int]) -> int:
    """How many inner nodes hang on a link."""
    return weight[link] if link >= 0 else 0


def sizes(left: list[int], right: list[int]) -> list[int]:
    """How many inner nodes each node has below it, itself counted; children stand behind."""
    weight = [1] * len(left)
    for i in range(len(left) - 1, -1, -1):
        weight[i] += weight_of(left[i], weight) + weight_of(right[i], weight)
    return weight
