"""The vocabulary: a fitted model is an expression over these few vector operations.

A node is frozen; its inputs come first, then numpy arrays and scalars, checked at birth. Every
node gives one vector of `size` values for one row of input. What a node means is written in
`evaluate.py`, in numpy; how it becomes C is the business of the plan and the templates.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.declared import WHOLE, RowType
from codegen.errors import InvalidModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

KERNELS = ("linear", "poly", "rbf", "sigmoid")
RADIAL = ("rbf", "exponential", "matern32", "matern52", "rational")
NORMS = ("l1", "l2", "max", "sum")
POWERS = (1.0, 2.0, np.inf)
LEAST_NORM = 10 * 2.0**-52
MOST_CATEGORIES = 1 << 16
MOST_ROUNDS = 1 << 20
COLUMNS = ("feature", "threshold", "missing_left")
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
LOSSES = ("frobenius", "kullback", "itakura")
PAIR_RULES = ("votes", "scores", "coupling")
RULES = ("divergence", "change")
LEAST_MIX = 2.0**-23
ROUNDS_TO_A_TEST = 10
COMPLEMENT = (np.array([[-1.0], [1.0]]), np.array([1.0, 0.0]))
"""Weight and bias of [1 - x, x]."""
SOLVERS = ("omp", "descent")
UNITS = ("words", "chars", "word_chars", "lines")
MOST_TERMS = 1 << 16
LONGEST_TERM = 64
"""Words or letters of a term at most."""


def require(condition: bool | np.bool_, what: str) -> None:
    """Raise InvalidModel with `what` unless the condition holds."""
    if not condition:
        raise InvalidModel(f"the model's values make no sense: {what}")


def finite(name: str, *arrays: Floats | None) -> None:
    """Require that all values are finite."""
    for array in arrays:
        require(array is None or bool(np.isfinite(array).all()), f"{name} holds NaN or infinity")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A vector of `size` values."""

    @property
    def size(self) -> int:
        """How many values the node gives for one row."""
        raise NotImplementedError

    @property
    def is_index(self) -> bool:
        """Whether the values are integers (class indices, labels), not real numbers."""
        return False

    @property
    def is_alone(self) -> bool:
        """Whether the estimator's answer for a row depends on those beside it: then the reference
        is what it says of the row alone."""
        return False

    @property
    def refuses_negative(self) -> bool:
        """Whether the estimator raises where it meets a number below 0."""
        return self.is_alone


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
class SameSize(Node):
    """Base of the nodes that give as many values as they take."""

    x: Node

    @property
    def size(self) -> int:
        return self.x.size


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


@dataclass(frozen=True, slots=True, eq=False)
class Softmax(SameSize):
    """exp(x - max x) / sum of the same."""


@dataclass(frozen=True, slots=True, eq=False)
class LogSumExp(Node):
    """log(sum over i of exp(x[i])): the logarithm of a sum of densities.

    rounding: the logarithm of what the estimator's own sum may lose, where it adds differences of
    large numbers.
    """

    x: Node
    rounding: float = -np.inf

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True, eq=False)
class LogisticMean(Node):
    """The mean of the logistic function over a normal distribution, x its mean and its variance.

    The logistic function is taken as a constant and five error functions (Williams, Barber 1998):
    constant + sum of share / 2 erf(rate x[0] / sqrt(1 + 2 rate^2 x[1])).
    """

    x: Node

    def __post_init__(self) -> None:
        require(self.x.size == 2, "a mean and a variance")

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True, eq=False)
class Monomials(Node):
    """y[i] = product over j of x[j] ** powers[i, j]; powers (n_out, n_in) integers >= 0."""

    x: Node
    powers: Ints

    def __post_init__(self) -> None:
        require(self.powers.ndim == 2 and self.powers.shape[1] == self.x.size, "powers of a width")
        require(((self.powers >= 0) & (self.powers <= 255)).all(), "a power outside 0..255")

    @property
    def size(self) -> int:
        return int(self.powers.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class Affine(Node):
    """weight @ x + bias; weight (n_out, n_in), bias (n_out,).

    compared: the values are only compared with one another, so an error may be measured against
    the largest of them. multiplied: where the estimator sums more terms than these, which are
    their product: the sizes of all its terms, (n_out, n_in + 1), those without x in the last
    column; its own rounding is measured against them.
    """

    x: Node
    weight: Floats
    bias: Floats
    compared: bool = False
    multiplied: Floats | None = None

    def __post_init__(self) -> None:
        shape = (self.bias.size, self.x.size)
        require(self.weight.shape == shape, f"weights {self.weight.shape}, expected {shape}")
        require(self.sizes.shape == (shape[0], shape[1] + 1), "sizes of terms")
        finite("a linear model", self.weight, self.bias)

    @property
    def sizes(self) -> Floats:
        """The sizes of the terms that the estimator sums (n_out, n_in + 1)."""
        if self.multiplied is not None:
            return self.multiplied
        return np.abs(np.column_stack([self.weight, self.bias]))

    @property
    def is_complement(self) -> bool:
        """Whether the values are [1 - x, x], the two probabilities of a binary classifier."""
        same = zip((self.weight, self.bias), COMPLEMENT, strict=True)
        return self.multiplied is None and all(np.array_equal(a, b) for a, b in same)

    @property
    def size(self) -> int:
        return int(self.bias.size)


@dataclass(frozen=True, slots=True, eq=False)
class Kernel(Node):
    """k(x, v) for each row v of vectors (n_vectors, n_in).

    linear x.v; poly (gamma x.v + coef0) ** degree; rbf exp(-gamma |x - v|^2);
    sigmoid tanh(gamma x.v + coef0). With t = sqrt(gamma) |x - v|: exponential exp(-t); matern32
    (1 + t) exp(-t); matern52 (1 + t + t^2 / 3) exp(-t); rational (1 + t^2) ** -coef0.
    """

    x: Node
    vectors: Floats
    function: str
    gamma: float
    coef0: float
    degree: int

    def __post_init__(self) -> None:
        require(self.vectors.ndim == 2 and self.vectors.shape[1] == self.x.size, "support vectors")
        require(self.vectors.shape[0] > 0, "no support vector")
        require(self.function in KERNELS + RADIAL, f"unknown kernel {self.function!r}")
        require(0 <= self.degree <= 255, f"degree {self.degree}")
        finite("a kernel", self.vectors, np.array([self.gamma, self.coef0]))

    @property
    def size(self) -> int:
        return int(self.vectors.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class Distance(Node):
    """sum |x - c|^power for each row c of centres (n_centres, n_in); of power inf the largest.

    streamed: the centres are the rows of a training set, which are compared one by one. weight
    (n_centres, n_in): of power 2, what each square is multiplied by.
    """

    x: Node
    centres: Floats
    power: float = 2.0
    streamed: bool = False
    weight: Floats | None = None

    def __post_init__(self) -> None:
        require(self.power in POWERS, f"a distance of power {self.power}")
        require(self.centres.ndim == 2 and self.centres.shape[1] == self.x.size, "centres")
        require(self.centres.shape[0] > 0, "no centre")
        finite("a set of centres", self.centres, self.weight)
        if self.weight is not None:
            require(self.power == 2 and not self.streamed, "weights of other than squares")
            require(self.weight.shape == self.centres.shape, "weights of other centres")
            require((self.weight > 0).all(), "a weight that is not positive")

    @property
    def size(self) -> int:
        return int(self.centres.shape[0])


def is_streamed(node: Node) -> bool:
    """Whether a node gives the distances to the rows of a training set."""
    return isinstance(node, Distance) and node.streamed


@dataclass(frozen=True, slots=True, eq=False)
class TreeEnsemble(Node):
    """(start + sum over trees, in order, of the row that the tree's leaf names) / divisor.

    With rows of one value the trees may stand in `groups` of equal numbers, one after the other,
    each with an output of its own; start: one number for each output, 0 where it is None; single:
    every partial sum is rounded to float32. refuses_nan: the estimator takes no missing values.

    Inner nodes of all trees stand in one table, each tree's in pre-order. A link >= 0 is an inner
    node further on, a link < 0 is the leaf with row ~link of values (n_rows, n_out). Node i sends
    x to left[i] when x[feature[i]] <= threshold[i], or when it is NaN and missing_left[i].

    A node with set_of[i] >= 0 asks for a category instead, and its threshold is not read: the whole
    part c of x[feature[i]] goes left when sets[set_of[i], c] (n_sets, n_categories + 1), whose last
    column is for what is no category: numbers from n_categories on, and below 0. truncates: what
    is between -1 and 0 has the whole part 0. whole: only whole numbers are categories.
    """

    x: Node
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    missing_left: Bools
    roots: Ints
    values: Floats
    divisor: float
    groups: int = 1
    start: Floats | None = None
    single: bool = False
    refuses_nan: bool = False
    sets: Bools | None = None
    set_of: Ints | None = None
    truncates: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        n = self.feature.size
        columns = (self.threshold, self.left, self.right, self.missing_left)
        require(all(c.shape == (n,) for c in columns), "tree columns of unequal length")
        inside = (self.feature >= 0) & (self.feature < self.x.size)
        require(inside.all(), "a tree asks for a feature that is not there")
        require(not np.isnan(self.threshold).any(), "a threshold is NaN")
        require(self.values.ndim == 2, "leaf values are no table")
        for links in (self.left, self.right, self.roots):
            require((links < n).all() and (~links < len(self.values)).all(), "a link leads outside")
        here = np.arange(n)
        for links in (self.left, self.right):
            require(((links < 0) | (links > here)).all(), "a tree is cyclic, or not in pre-order")
        require(self.groups > 0 and self.roots.size % self.groups == 0, "groups of trees")
        plain = self.groups == 1 and self.start is None and not self.single
        require(plain or self.values.shape[1] == 1, "groups of trees with rows of many values")
        require(self.roots.size > 0, "an ensemble without trees")
        require(self.initial.shape == (self.size,), "one initial value for each output")
        finite("leaf values", self.values, self.initial)
        require(np.isfinite(self.divisor) and self.divisor > 0, "the divisor of an ensemble")
        require((self.sets is None) == (self.set_of is None), "sets of categories without nodes")
        require(not (self.truncates and self.whole), "two rules for what is a category")
        if self.sets is not None and self.set_of is not None:
            require(self.sets.ndim == 2 and self.sets.size > 0, "sets of categories")
            require(self.sets.shape[1] <= MOST_CATEGORIES + 1, "a category of more than 16 bits")
            require(self.set_of.shape == (n,), "tree columns of unequal length")
            require(((self.set_of >= -1) & (self.set_of < len(self.sets))).all(), "a set's number")

    @property
    def size(self) -> int:
        return self.groups * int(self.values.shape[1])

    @property
    def initial(self) -> Floats:
        """What the sum of each output starts from."""
        return np.zeros(self.size) if self.start is None else self.start

    @property
    def asks_set(self) -> Bools:
        """Which nodes ask for a category."""
        none = np.zeros(self.feature.size, np.bool_)
        return none if self.set_of is None else np.asarray(self.set_of >= 0)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the table of nodes, links left aside."""
        found: dict[str, Any] = {name: getattr(self, name) for name in COLUMNS}
        return found if self.set_of is None else found | {"set_of": self.set_of}

    @property
    def n_summed(self) -> int:
        """How many trees count for one output."""
        return int(self.roots.size) // self.groups


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseAffine(Node):
    """One-against-one sums as libsvm stores them, one per pair (0,1), (0,2) .. (1,2) ..

    D[i, j] = sum over s of class i of dual[j - 1, s] x[s] + sum over s of class j of
    dual[i, s] x[s] + bias; x holds the kernel values, class by class; dual (n_classes - 1, n_in),
    counts (n_classes,) support vectors of each class, bias (n_pairs,).
    """

    x: Node
    dual: Floats
    counts: Ints
    bias: Floats

    def __post_init__(self) -> None:
        k = self.counts.size
        require(self.dual.shape == (k - 1, self.x.size), "dual coefficients")
        require(self.counts.sum() == self.x.size and (self.counts >= 0).all(), "support counts")
        require(self.bias.shape == (k * (k - 1) // 2,), "one intercept for each pair of classes")
        finite("dual coefficients", self.dual, self.bias)

    @property
    def size(self) -> int:
        return int(self.bias.size)


@dataclass(frozen=True, slots=True, eq=False)
class Pairwise(Node):
    """A value for each class from those of its n_classes (n_classes - 1) / 2 pairs (i, j).

    votes: pair (i, j) votes i where its value is > 0, else j (libsvm). scores: votes +
    s / (3 (|s| + 1)), s the sum of signed pair values; a value >= 0 votes i. coupling:
    probabilities from those of i in each pair (Wu, Lin, Weng 2004, second approach).
    """

    x: Node
    n_classes: int
    rule: str

    def __post_init__(self) -> None:
        require(self.rule in PAIR_RULES, f"unknown rule {self.rule!r}")
        pairs = self.n_classes * (self.n_classes - 1) // 2
        require(self.x.size == pairs, "one value for each pair of classes")

    @property
    def size(self) -> int:
        return self.n_classes


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

    blur: the estimator compares rounded functions of the values, in which two that are this close
    may be equal.
    """

    blur: float = 0.0


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
class Neighbors(Node):
    """The indices of the `count` smallest values, the smallest first, of equals the first.

    They are read as a set: the order of those that surely belong to it is not promised, unless it
    is `ordered`.
    """

    x: Node
    count: int
    ordered: bool = False

    def __post_init__(self) -> None:
        require(not self.x.is_index, "the smallest of indices")
        require(0 < self.count <= self.x.size, f"{self.count} neighbours of {self.x.size}")

    @property
    def size(self) -> int:
        return self.count

    @property
    def is_index(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class NeighborMean(Node):
    """The mean of the rows of table (n_centres, n_out) that the indices x name.

    by: distances, to weight each row by 1 / distance; where some are 0, these alone count.
    """

    x: Node
    table: Floats
    by: Node | None = None

    def __post_init__(self) -> None:
        require(self.x.is_index, "the mean of rows that no index names")
        require(self.table.ndim == 2, "a table of answers")
        require(self.by is None or self.by.size == self.x.size, "one weight for each neighbour")
        finite("a table of answers", self.table)

    @property
    def size(self) -> int:
        return int(self.table.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class RadiusMean(Node):
    """The mean of the rows of table (n_centres, n_out) whose distance x is at most `reach`.

    weighted: by 1 / distance, its root for squares; where some are 0, these alone count. Where
    there is no row the mean is `none`, or NaN.
    """

    x: Distance
    table: Floats
    reach: float
    weighted: bool = False
    none: Floats | None = None

    def __post_init__(self) -> None:
        require(is_streamed(self.x), "neighbours by something else than streamed distances")
        require(self.table.ndim == 2 and len(self.table) == self.x.size, "a table of answers")
        require(self.reach >= 0, "a radius below 0")
        require(self.none is None or self.none.shape == (self.size,), "an answer of another width")
        finite("a table of answers", self.table, self.none)

    @property
    def size(self) -> int:
        return int(self.table.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Donate(SameSize):
    """x, and where x[j] is NaN the mean of column j over the `count` nearest rows that have it.

    rows (n_rows, n_in) hold NaN where they have no value. The distance of a row is the mean of the
    squared differences over the columns that x has too; a row that shares none gives nothing. Where
    none does, the value is none[j]. weighted: by 1 / the root of the distance; where some are 0,
    these alone count.
    """

    rows: Floats
    count: int
    weighted: bool
    none: Floats

    def __post_init__(self) -> None:
        require(self.rows.ndim == 2 and self.rows.shape[1] == self.size, "rows of donors")
        require(self.rows.shape[0] > 0 and self.count > 0, "no donor")
        require(not np.isinf(self.rows).any(), "a donor holds infinity")
        require(self.none.shape == (self.size,), "an imputer of another width")
        finite("an imputer", self.none)


@dataclass(frozen=True, slots=True, eq=False)
class Geodesic(Node):
    """The square of the shortest way from x to each row c[i] over one of the rows near to x.

    min over near c[j] of |x - c[j]| + length[j, i], squared; near are those that the neighbours
    `by` name, or all whose distance (its square, for power 2) is within `reach`. lengths: those of
    i = 1, 2 .. with all j < i; length[i, i] = 0.
    """

    x: Distance
    lengths: Floats
    by: Neighbors | None = None
    reach: float | None = None

    def __post_init__(self) -> None:
        n = self.x.size
        require(is_streamed(self.x), "ways over something else than streamed distances")
        require((self.by is None) != (self.reach is None), "ways over neighbours, or within reach")
        require(self.by is None or isinstance(self.by, Neighbors), "ways over other neighbours")
        require(n < 1 << 15 and self.lengths.shape == (n * (n - 1) // 2,), "a length for each pair")
        finite("a table of lengths", self.lengths)
        require((self.lengths >= 0).all(), "a way with a length below 0")

    @property
    def length(self) -> Floats:
        """The table written out, (n_rows, n_rows)."""
        full = np.zeros((self.x.size, self.x.size))
        full[np.tril_indices(self.x.size, -1)] = self.lengths
        return full + full.T

    @property
    def size(self) -> int:
        return self.x.size


@dataclass(frozen=True, slots=True, eq=False)
class Barycentre(Node):
    """The mean of the rows of table by the weights that make x of the rows near to it.

    The k neighbours `by` name rows of rows (n_rows, n_in). With c = row - x for each of them and
    G = c c^T the weights w solve (G + ridge) w = 1, ridge = reg trace(G) or, where that is 0, reg;
    the mean is sum of w table / sum of w; table (n_rows, n_out).
    """

    x: Node
    by: Neighbors
    rows: Floats
    table: Floats
    reg: float

    def __post_init__(self) -> None:
        require(isinstance(self.by, Neighbors), "weights of something else than neighbours")
        require(isinstance(self.by.x, Distance), "neighbours by something else than distances")
        require(self.rows.shape == (self.by.x.size, self.x.size), "rows for other neighbours")
        require(self.table.ndim == 2 and len(self.table) == len(self.rows), "a table of answers")
        require(self.table.size > 0 and 0 < self.reg < np.inf, "weights without a ridge")
        finite("a table of answers", self.rows, self.table)

    @property
    def size(self) -> int:
        return int(self.table.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class OneHot(Node):
    """For each index x[j] its counts[j] indicators, one behind the other: 1 at the place x[j].

    An index outside 0..counts[j] - 1 has no place: all its indicators are 0.
    """

    x: Node
    counts: Ints

    def __post_init__(self) -> None:
        require(self.x.is_index and self.counts.shape == (self.x.size,), "indicators of indices")
        require(((self.counts > 0) & (self.counts < 1 << 16)).all(), "indicators of no index")

    @property
    def size(self) -> int:
        return int(self.counts.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Interpolate(SameSize):
    """Straight lines through the points (knots[i], values[i]); the end values beyond the ends.

    nan_outside: NaN beyond the ends. NaN stays NaN. knots (n_knots,) rise. steps: the places i
    where the curve jumps from values[i] to values[i + 1], knot i + 1 being equal to knot i or the
    next number. Of equal knots the last but one has the value there.
    """

    knots: Floats
    values: Floats
    nan_outside: bool = False
    steps: Ints | None = None

    def __post_init__(self) -> None:
        require(self.knots.ndim == 1 and 0 < self.knots.size < 1 << 16, "points of a curve")
        require(self.knots.shape == self.values.shape, "one value for each point of a curve")
        require((np.diff(self.knots) >= 0).all(), "points of a curve that are not in order")
        finite("a curve", self.knots, self.values)
        inside = (
            self.steps is None or ((self.steps >= 0) & (self.steps < self.knots.size - 1)).all()
        )
        require(inside, "a step outside a curve")


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


@dataclass(frozen=True, slots=True, eq=False)
class Bucketize(SameSize):
    """places[j][number of the edges of column j that are <= x[j]]: an index for each column.

    counts: how many edges each column has; edges: those of all columns, one behind the other, each
    column's in ascending order; places: counts[j] + 2 indices for each column, the last one for
    NaN; an index below 0 has no place. refuses_nan, strict: the estimator takes no missing value,
    and no number that has no place.
    """

    counts: Ints
    edges: Floats
    places: Ints
    refuses_nan: bool = True
    strict: bool = False

    def __post_init__(self) -> None:
        require(self.counts.shape == (self.size,), "edges for another number of columns")
        require(((self.counts >= 0) & (self.counts < 1 << 15)).all(), "a number of edges")
        require(self.edges.shape == (self.counts.sum(),) and self.edges.size > 0, "no edges")
        require(self.places.shape == (self.counts.sum() + 2 * self.size,), "a place for each part")
        require((np.abs(self.places) < 1 << 15).all(), "a place beyond 16 bits")
        finite("a set of edges", self.edges)
        require(all((np.diff(e) >= 0).all() for e in self.edges_of), "edges that do not ascend")

    @property
    def edges_of(self) -> list[Floats]:
        """The edges of each column."""
        return np.split(self.edges, np.cumsum(self.counts)[:-1])

    @property
    def places_of(self) -> list[Ints]:
        """The places of each column."""
        return np.split(self.places, np.cumsum(self.counts + 2)[:-1])

    @property
    def is_index(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Values(Node):
    """For each index x[j] the row x[j] of its counts[j] rows of values (sum of counts, width).

    An index outside 0..counts[j] - 1 has no row: it gives `other`. exact: rounding to float32 has
    changed none of them.
    """

    x: Node
    counts: Ints
    values: Floats
    other: float = 0.0
    exact: bool = False

    def __post_init__(self) -> None:
        check_rows(self.x, self.counts, self.values, self.other)

    @property
    def size(self) -> int:
        return self.x.size * int(self.values.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Piecewise(Node):
    """Of each index x[j], and the number by[j] beside it, the values of n_out functions.

    Row x[j] of its counts[j] rows of values (sum of counts, width) holds an origin, a scale and
    some polynomials of t = (by[j] - origin) * scale, each with its degree + 1 coefficients, the
    highest power first. The polynomials of row i add to the functions number first[i],
    first[i] + 1, .. modulo n_out; all others are 0. An index outside 0..counts[j] - 1 has no row:
    its functions are `other`.
    """

    x: Node
    by: Node
    counts: Ints
    values: Floats
    degree: int
    n_out: int
    first: Ints
    other: float = 0.0

    def __post_init__(self) -> None:
        check_rows(self.x, self.counts, self.values, self.other)
        require(self.by.size == self.x.size, "one argument for each index")
        require(0 <= self.degree < 1 << 8 and 0 < self.n_out < 1 << 15, "polynomials of a degree")
        require((self.values.shape[1] - 2) % (self.degree + 1) == 0, "coefficients of polynomials")
        require(self.n_pieces > 0, "rows without polynomials")
        require(self.first.shape == (len(self.values),), "a place for each row of polynomials")
        require(((self.first >= 0) & (self.first < self.n_out)).all(), "a place of polynomials")

    @property
    def n_pieces(self) -> int:
        """How many polynomials stand in a row."""
        return int(self.values.shape[1] - 2) // (self.degree + 1)

    @property
    def size(self) -> int:
        return self.x.size * self.n_out


def check_rows(x: Node, counts: Ints, values: Floats, other: float) -> None:
    """Require that each index has rows of a table, as many as are counted."""
    require(x.is_index and counts.shape == (x.size,), "values of indices")
    require(((counts > 0) & (counts < 1 << 16)).all(), "values of no index")
    require(values.ndim == 2 and len(values) == int(counts.sum()), "a row for each index")
    require(values.size > 0, "rows without values")
    finite("a table of values", values, np.array([other]))


@dataclass(frozen=True, slots=True, eq=False)
class Encode(SameSize):
    """Coefficients of a row over atoms, found by a solver; x: its products with the atoms.

    omp, orthogonal matching pursuit: up to `count` times the atom that has most in common with
    what is left of the row, and least squares over all that are picked; gram (n_atoms, n_atoms)
    are the products of the atoms. It ends where a square is not above `least`: nothing is left, or
    the atom depends on those before it.

    descent: least squares with no coefficient below 0, w' gram w / 2 - x' w, by coordinate descent
    from w = 0: up to `count` times each coefficient in its turn. It ends where the gradients met
    on the way, without those that point below 0, are together not above `least` times what they
    were the first time. scikit-learn adds them over all rows of a batch.
    """

    gram: Floats
    solver: str
    count: int
    least: float

    def __post_init__(self) -> None:
        require(self.solver in SOLVERS, f"unknown solver {self.solver!r}")
        require(self.gram.shape == (self.size, self.size), "products of other atoms")
        most = self.size if self.solver == "omp" else MOST_ROUNDS
        require(0 < self.count <= most, f"{self.count} rounds over {self.size} atoms")
        require(self.size < 1 << 15 and self.least >= 0, "a dictionary")
        require(self.least > 0 or self.solver != "omp", "a dictionary")
        finite("a dictionary", self.gram, np.array([self.least]))

    @property
    def is_alone(self) -> bool:
        return self.solver == "descent"


@dataclass(frozen=True, slots=True, eq=False)
class Factorize(Node):
    """Coefficients w >= 0 of a row x >= 0 over atoms (n_atoms, n_in) >= 0, by multiplication.

    From w = sqrt(mean(x) / n_atoms), up to `count` times w times (a / b) ** power, with y = w atoms
    (no y below LEAST_MIX): frobenius a = atoms x, b = atoms y; kullback a = atoms (x / y), b = the
    sum of each atom; itakura a = atoms (x / y^2), b = atoms (1 / y), power 1/2. b has l1 + l2 w
    more, in round k k l1 + l2 w if it `grows`.

    rule: divergence ends it where ten rounds make the root of twice the divergence of x from y
    less by less than `least` times what it was at first (and coefficients of itakura below 2^-52
    are 0); change where a round changes w by at most `least` times the length of w. 0: never.
    """

    x: Node
    atoms: Floats
    loss: str
    l1: float
    l2: float
    grows: bool
    rule: str
    count: int
    least: float

    def __post_init__(self) -> None:
        require(self.atoms.ndim == 2 and self.atoms.shape[1] == self.x.size, "atoms of a width")
        require(0 < len(self.atoms) < 1 << 15, "no atom")
        require(self.loss in LOSSES, f"unknown loss {self.loss!r}")
        require(self.rule in RULES, f"unknown rule {self.rule!r}")
        require(0 < self.count <= MOST_ROUNDS, f"{self.count} rounds")
        finite("a factorization", self.atoms, np.array([self.l1, self.l2, self.least]))
        positive = min(self.l1, self.l2, self.least) >= 0 and bool((self.atoms >= 0).all())
        require(positive, "a factorization with numbers below 0")

    @property
    def size(self) -> int:
        return len(self.atoms)

    @property
    def is_alone(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class LatentDirichlet(Node):
    """The shares of topics (n_topics, n_in) > 0 in a row x >= 0 of counts of words.

    From weights of 1, up to `count` times theta = exp(psi(weight) - psi(sum of weight)) and
    weight = prior + theta * topics (x / (theta topics + 2^-52)), until a round changes the weights
    by less than `least` on average; then divided by their sum.
    """

    x: Node
    topics: Floats
    prior: float
    count: int
    least: float

    def __post_init__(self) -> None:
        require(self.topics.ndim == 2 and self.topics.shape[1] == self.x.size, "topics of a width")
        require(0 < len(self.topics) < 1 << 15, "no topic")
        require(0 < self.count <= MOST_ROUNDS, f"{self.count} rounds")
        finite("a set of topics", self.topics, np.array([self.prior, self.least]))
        require(bool((self.topics >= 0).all()) and self.prior >= 0, "topics below 0")

    @property
    def size(self) -> int:
        return len(self.topics)

    @property
    def refuses_negative(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Analyzer:
    """How a text is taken apart into terms: sequences of `least` to `most` units.

    words: runs of letters, digits and _ of at least `shortest`, those in `stop` left out, a blank
    between two. chars: letters of the text, where a run of blanks counts as one. word_chars:
    letters of " word ", for what stands between blanks; one term that is shorter where a word is.
    lines: what stands between line ends. lower: the letters A to Z are read as a to z.
    """

    unit: str
    least: int
    most: int
    lower: bool
    shortest: int = 1
    stop: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        require(self.unit in UNITS, f"terms of {self.unit!r}")
        require(1 <= self.least <= self.most <= LONGEST_TERM, "the lengths of terms")
        require(self.shortest >= 1, "the length of words")
        require(is_sorted(self.stop), "stop words in another order than that of their bytes")


def is_sorted(terms: tuple[bytes, ...]) -> bool:
    """Whether terms stand in the order of their bytes, each once."""
    return all(a < b for a, b in pairwise(terms))


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """A column for each of the terms, which stand in the order of their bytes; none for others."""

    terms: tuple[bytes, ...]

    def __post_init__(self) -> None:
        require(0 < len(self.terms) <= MOST_TERMS, f"a vocabulary of {len(self.terms)} terms")
        require(is_sorted(self.terms), "terms in another order than that of their bytes")

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class Hashing:
    """The column |h| mod n_features for each term, h its MurmurHash3 of 32 bits under the seed 0.

    signed: a negative h counts as -1. binary: the count is 1 where there is any term. |h| of the
    least number is 2^31 - n_features.
    """

    n_features: int
    signed: bool
    binary: bool

    def __post_init__(self) -> None:
        require(0 < self.n_features <= MOST_TERMS, f"terms hashed to {self.n_features} columns")

    @property
    def size(self) -> int:
        """How many columns there are."""
        return self.n_features


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts(Node):
    """How often the terms of a text occur, each counted in its column."""

    x: Input
    analyzer: Analyzer
    columns: Vocabulary | Hashing

    def __post_init__(self) -> None:
        require(isinstance(self.x, Input) and self.x.is_text, "terms of what is no text")

    @property
    def size(self) -> int:
        return self.columns.size


def inputs(node: Node) -> tuple[Node, ...]:
    """The nodes that a node is computed from."""
    if isinstance(node, Concat):
        return node.parts
    given = (getattr(node, name, None) for name in ("x", "by"))
    return tuple(one for one in given if isinstance(one, Node))


def with_inputs(node: Node, new: tuple[Node, ...]) -> Node:
    """The same node over other inputs; the node itself where nothing changed."""
    if all(a is b for a, b in zip(inputs(node), new, strict=True)):
        return node
    if isinstance(node, Concat):
        return Concat(new)
    changed: Any = dict(zip(("x", "by"), new, strict=False))
    return replace(node, **changed)


def walk(roots: Iterable[Node]) -> Iterator[Node]:
    """Every node once, inputs before the nodes that use them; without recursion."""
    seen: set[int] = set()
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if id(node) in seen:
            continue
        if ready:
            seen.add(id(node))
            yield node
        else:
            stack.append((node, True))
            stack.extend((n, False) for n in reversed(inputs(node)) if id(n) not in seen)


def rewrite(roots: dict[str, Node], rule: Callable[[Node], Node]) -> dict[str, Node]:
    """Apply a rule to every node, inputs first; shared nodes stay shared."""
    new: dict[int, Node] = {}
    for node in walk(roots.values()):
        new[id(node)] = rule(with_inputs(node, tuple(new[id(n)] for n in inputs(node))))
    return {name: new[id(root)] for name, root in roots.items()}


def arrays(node: Node) -> dict[str, Any]:
    """The parameters of a node by name, its inputs left out."""
    return {
        f.name: getattr(node, f.name) for f in fields(node) if f.name not in ("x", "by", "parts")
    }


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a fitted estimator answers: methods by scikit-learn's names, each an expression.

    kind: classifier, regressor, clusterer, outlier detector, transformer, neighbors. classes: for
    a classifier, one array of labels for each output; predict gives the index into it. rule: where
    the estimator has no such method, the rule that stands for it and what it promises.
    """

    kind: str
    methods: dict[str, Node]
    classes: tuple[NDArray[Any], ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A fitted model: its input, its methods, its names.

    estimator: the public name of the class; feature_names: empty, or one for each feature.
    separator: for rows that Python takes as dictionaries, what stands between a name and a text.
    """

    estimator: str
    input: Input
    outputs: Outputs
    feature_names: tuple[str, ...] = ()
    float32_parameters: bool = False
    separator: str | None = None

    @property
    def kind(self) -> str:
        """Classifier, regressor, clusterer, outlier detector, transformer or neighbors."""
        return self.outputs.kind

    @property
    def methods(self) -> dict[str, Node]:
        """Methods by scikit-learn's names."""
        return self.outputs.methods

    @property
    def classes(self) -> tuple[NDArray[Any], ...]:
        """The labels of each output of a classifier."""
        return self.outputs.classes

    @property
    def proba_sizes(self) -> tuple[int, ...]:
        """How many probabilities each output has: of all classes, or of its last class alone."""
        sizes = tuple(len(known) for known in self.classes)
        proba = self.methods.get("predict_proba")
        alone = proba is not None and proba.size == len(sizes) < sum(sizes)
        return (1,) * len(sizes) if alone else sizes

    @property
    def is_text(self) -> bool:
        """Whether a row is a text."""
        return self.input.is_text

    def rewritten(self, rule: Callable[[Node], Node]) -> "Model":
        """The model with a rule applied to all of its expressions."""
        return self.with_methods(rewrite(self.methods, rule))

    def with_methods(self, methods: dict[str, Node]) -> "Model":
        """The model with other expressions for the same methods."""
        return replace(self, outputs=replace(self.outputs, methods=methods))
