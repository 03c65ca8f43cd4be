"""The row, and its columns picked, put together and changed one by one."""

from dataclasses import dataclass

import numpy as np

from codegen.declared import WHOLE, RowType
from codegen.ir.node import Floats, Ints, Node, SameSize, finite, require

NORMS = ("l1", "l2", "max", "sum")
LEAST_NORM = 10 * 2.0**-52
FUNCTIONS = (
    "cos",
    "exp",
    "expm1",
    "fraction",
    "is_nan",
    "log",
    "log1p",
    "log_count",
    "logistic",
    "ndtri",
    "relu",
    "softsign",
    "sqrt",
    "tanh",
)


@dataclass(frozen=True, slots=True, eq=False)
class Input(Node):
    """The row itself: n_features real values, or whole numbers of a declared type, or one text.

    A text is ASCII. As numbers it is one byte a column, and -1 behind its end.
    """

    n_features: int
    declared: RowType = "float"

    def __post_init__(self) -> None:
        require(0 < self.n_features <= 1 << 16, f"{self.n_features} features")

    @property
    def is_whole(self) -> bool:
        """Whether the values are whole numbers of a declared type."""
        return self.declared in WHOLE

    @property
    def is_text(self) -> bool:
        """Whether the row is a text."""
        return self.declared == "text"

    @property
    def size(self) -> int:
        return self.n_features


@dataclass(frozen=True, slots=True, eq=False)
class Gather(Node):
    """y[i] = x[index[i]]."""

    x: Node
    index: Ints

    def __post_init__(self) -> None:
        require(self.index.ndim == 1 and self.index.size > 0, "no column is selected")
        inside = (self.index >= 0) & (self.index < self.x.size)
        require(inside.all(), f"a column index is outside 0..{self.x.size - 1}")

    @property
    def size(self) -> int:
        return int(self.index.size)

    @property
    def is_index(self) -> bool:
        return self.x.is_index


@dataclass(frozen=True, slots=True, eq=False)
class Concat(Node):
    """The parts, one after the other."""

    parts: tuple[Node, ...]

    def __post_init__(self) -> None:
        require(len(self.parts) > 0, "nothing to put together")
        require(len({part.is_index for part in self.parts}) == 1, "indices beside real numbers")

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def is_index(self) -> bool:
        return self.parts[0].is_index


@dataclass(frozen=True, slots=True, eq=False)
class Round32(SameSize):
    """x rounded to float32, to nearest even: what scikit-learn's trees do first.

    Whole numbers of a declared type become real numbers so, and keep their value.
    throughout: in Python so is what every step gives that x is computed by.
    """

    throughout: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scale(SameSize):
    """((x - subtract) / divide) * multiply + add, step by step; None leaves a step out.

    subtract and add alone: a centre in two numbers, for float32, where one would be too coarse.
    """

    subtract: Floats | None = None
    divide: Floats | None = None
    multiply: Floats | None = None
    add: Floats | None = None

    def __post_init__(self) -> None:
        for array in self.steps:
            require(array is None or array.shape == (self.size,), "a scaler of another width")
        finite("a scaler", *self.steps)
        require(self.divide is None or bool((self.divide != 0).all()), "a scaler divides by zero")

    @property
    def steps(self) -> tuple[Floats | None, ...]:
        """The four arrays in the order in which they apply."""
        return self.subtract, self.divide, self.multiply, self.add

    @property
    def is_centre(self) -> bool:
        """Whether it is a centre in two numbers."""
        return [step is None for step in self.steps] == [False, True, True, False]


@dataclass(frozen=True, slots=True, eq=False)
class Clip(SameSize):
    """min(max(x, low), high)."""

    low: float
    high: float

    def __post_init__(self) -> None:
        require(self.low <= self.high, "a clip range is empty")


@dataclass(frozen=True, slots=True, eq=False)
class Impute(SameSize):
    """fill[i] where low <= x[i] <= high, or where x[i] is NaN if both are NaN; else x[i].

    More numbers than one become NaN alone: they stand for a missing value. by: what NaN is filled
    with in the place of `fill`.
    """

    low: float
    high: float
    fill: Floats
    by: Node | None = None

    def __post_init__(self) -> None:
        require(self.fill.shape == (self.size,), "an imputer of another width")
        require(self.fills_nan or self.low <= self.high, "a range of missing values is empty")
        given = self.by is None or (self.by.size == self.size and self.fills_nan)
        require(given, "what NaN is filled with")
        if self.fills_nan or not self.makes_nan:
            finite("an imputer", self.fill)
        require(self.makes_nan or not self.low < self.high, "numbers in the place of a range")

    @property
    def fills_nan(self) -> bool:
        """Whether NaN is what is missing."""
        return bool(np.isnan(self.low) and np.isnan(self.high))

    @property
    def makes_nan(self) -> bool:
        """Whether all that is missing becomes NaN."""
        return bool(np.isnan(self.fill).all())


@dataclass(frozen=True, slots=True, eq=False)
class Normalize(SameSize):
    """x / norm(x); a norm below LEAST_NORM counts as 1, as scikit-learn has it.

    norm sum: the shares of the values in their sum; where that is 0 each share is `none`.
    """

    norm: str
    none: float = 0.0

    def __post_init__(self) -> None:
        require(self.norm in NORMS, f"unknown norm {self.norm!r}")
        require(self.none == 0 or self.norm == "sum", "a share of a norm")


@dataclass(frozen=True, slots=True, eq=False)
class Elementwise(SameSize):
    """function(x), one value at a time."""

    function: str

    def __post_init__(self) -> None:
        require(self.function in FUNCTIONS, f"unknown function {self.function!r}")
