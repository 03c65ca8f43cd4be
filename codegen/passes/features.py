"""The way of one column through per-feature steps: scalers, clips, fillers, rounding, selection."""

from dataclasses import dataclass

import numpy as np

from codegen import ir
from codegen.ir import Floats, Ints, Node
from codegen.meanings.features import ELEMENTWISE, is_missing, scale

PER_FEATURE = (ir.Scale, ir.Clip, ir.Round32, ir.Impute)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Where a column comes from (a node and its column), and the steps it takes from there.

    columns: the column that is meant in each step.
    """

    source: Node
    column: int
    steps: tuple[Node, ...]
    columns: tuple[int, ...]

    @property
    def kind(self) -> tuple[int, ...]:
        """Equal for columns that take the same steps."""
        return tuple(id(step) for step in self.steps)


def per_feature(node: Node) -> bool:
    """Whether a node makes each value from one value and from constants."""
    marks = isinstance(node, ir.Elementwise) and node.function == "is_nan"
    return marks or (isinstance(node, PER_FEATURE) and len(ir.inputs(node)) == 1)


def way_of(node: Node, column: int) -> Way:
    """Follow one column of a node back through per-feature steps, selections, concatenations."""
    steps: list[Node] = []
    columns: list[int] = []
    while True:
        match node:
            case ir.Gather() as chosen:
                node, column = chosen.x, int(chosen.index[column])
            case ir.Concat() as whole:
                node, column = part_of(whole, column)
            case ir.SameSize() as step if per_feature(step):
                steps.append(step)
                columns.append(column)
                node = step.x
            case _:
                return Way(node, column, tuple(steps[::-1]), tuple(columns[::-1]))


def part_of(node: ir.Concat, column: int) -> tuple[Node, int]:
    """The part of a concatenation that holds a column, and the column in it."""
    for part in node.parts:
        if column < part.size:
            return part, column
        column -= part.size
    raise AssertionError("a column outside of its node")


def through(steps: tuple[Node, ...], columns: list[Ints], value: Floats) -> Floats:
    """Values sent through the steps as Python does it; columns: those meant in each step."""
    with np.errstate(all="ignore"):
        for step, column in zip(steps, columns, strict=True):
            value = stepped(step, column, value)
    return value


def stepped(step: Node, column: Ints, value: Floats) -> Floats:
    """One value for each of the named columns of a per-feature step."""
    match step:
        case ir.Scale():
            picked = [None if s is None else s[column] for s in step.steps]
            return scale(ir.Scale(ir.Input(value.size), *picked), value)
        case ir.Clip():
            return np.clip(value, step.low, step.high)
        case ir.Round32():
            return value.astype(np.float32).astype(np.float64)
        case ir.Impute():
            return np.where(is_missing(step, value), step.fill[column], value)
        case ir.Elementwise(function=function):
            return np.asarray(ELEMENTWISE[function](value))
        case _:
            raise AssertionError("no per-feature step")


def never_falls(way: Way) -> bool:
    """Whether every step keeps the order of numbers; a missing number would break it."""
    for step, column in zip(way.steps, way.columns, strict=True):
        match step:
            case ir.Scale():
                factors = [s[column] for s in (step.divide, step.multiply) if s is not None]
                if any(factor <= 0 for factor in factors):
                    return False
            case ir.Impute(fills_nan=False):
                return False
    return True


def chain_of(node: Node) -> tuple[Node, list[Node]]:
    """The node behind a run of per-feature steps on all columns, and the steps, first one first."""
    steps: list[Node] = []
    while per_feature(node):
        steps.append(node)
        node = ir.inputs(node)[0]
    return node, steps[::-1]
