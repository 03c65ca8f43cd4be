"""One index or value out of several, and what an index stands for."""

from dataclasses import dataclass

import numpy as np

from codegen.ir.node import Floats, Ints, Node, SameSize, finite, require


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Node):
    """Base of the nodes that give one index."""

    x: Node

    @property
    def size(self) -> int:
        return 1

    @property
    def is_index(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class ArgMax(Choice):
    """The first index of the largest value.

    blur, growth: the estimator compares rounded functions of the values, in which two that are
    blur exp(growth max(v, 0)) close to each other around v may be equal.
    """

    blur: float = 0.0
    growth: float = 0.0

    def blur_at(self, value: Floats) -> Floats:
        """How close to each value another may be, and equal in what the estimator compares."""
        return self.blur * np.exp(self.growth * np.clip(value, 0, np.finfo(np.float64).max))


@dataclass(frozen=True, slots=True, eq=False)
class Threshold(Choice):
    """1 where x > cut (inclusive: x >= cut), else 0."""

    cut: float
    inclusive: bool

    def __post_init__(self) -> None:
        require(self.x.size == 1, "a threshold cuts one number")


@dataclass(frozen=True, slots=True, eq=False)
class Lookup(SameSize):
    """table[x] for each index x; the table holds integers, or real numbers.

    by: what gives the real numbers in the place of a table.
    """

    table: Ints | Floats | None = None
    by: Node | None = None

    def __post_init__(self) -> None:
        require(self.x.is_index, "a lookup takes indices")
        require((self.table is None) != (self.by is None), "a lookup in a table, or in a node")
        if self.table is not None:
            require(self.table.ndim == 1 and self.table.size > 0, "an empty table")
            finite("a table", self.table.astype(np.float64))
        require(self.by is None or not self.by.is_index, "a lookup among indices")

    @property
    def is_index(self) -> bool:
        return self.table is not None and self.table.dtype.kind == "i"


@dataclass(frozen=True, slots=True, eq=False)
class WeightedMedian(Node):
    """The least x[i] such that the weights of all values up to it are half of all, or more."""

    x: Node
    weights: Floats

    def __post_init__(self) -> None:
        require(self.weights.shape == (self.x.size,), "one weight for each value of a median")
        finite("a weight", self.weights)
        require((self.weights >= 0).all() and self.weights.sum() > 0, "weights of a median")

    @property
    def size(self) -> int:
        return 1
