"""Trees, one or many, that are summed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.ir.node import Bools, Floats, Ints, Node, finite, require

MOST_CATEGORIES = 1 << 16
MOST_FEATURES = 1 << 16
MOST_PLACES = 1 << 24
ROOM_OF_NAN = 0x7FFFFF
"""How many float32 of either sign are NaN."""
COLUMNS = ("feature", "threshold", "missing_left")


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
class Keys(Node):
    """Two whole numbers for each x[feature[i]], both in the order of the float32: in that of the
    first every NaN is above infinity, in that of the second below its opposite.

    The bits of a float32 are in that order, the low 31 inverted where it is negative, with NaN at
    both ends; ROOM_OF_NAN less, or more, in 32 bits carries the NaN of one end to the other.
    """

    x: Node
    feature: Ints

    def __post_init__(self) -> None:
        inside = (self.feature >= 0) & (self.feature < self.x.size)
        require(inside.all(), "a key of a feature that is not there")
        require(self.x.size <= MOST_FEATURES, "a key of a feature beyond 16 bits")

    @property
    def size(self) -> int:
        return 2 * int(self.feature.size)

    @property
    def is_index(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class LinearLeaves(Node):
    """The sum over trees of a linear map of `by`, that of the leaf in which the tree ends.

    x[t] is the place p in weight (n_places,) where the leaf of tree t starts: weight[p] is its
    value where one of its features is NaN, weight[p + 1] its constant, and weight[i] from p + 2 on
    the factors of by[feature[i]], up to where feature[i] is by.size. Trees stand in `groups` of
    equal numbers, one after the other, each with an output of its own.
    """

    x: Node
    by: Node
    feature: Ints
    weight: Floats
    groups: int = 1

    def __post_init__(self) -> None:
        n_in, n_places = self.by.size, self.weight.size
        require(self.feature.shape == self.weight.shape == (n_places,), "factors of leaves")
        require(((self.feature >= 0) & (self.feature <= n_in)).all(), "the feature of a factor")
        require(2 < n_places <= MOST_PLACES and n_in < MOST_CATEGORIES, "factors of leaves")
        require(bool(self.feature[-1] == n_in), "factors without an end")
        require(self.groups > 0 and self.x.size % self.groups == 0, "groups of trees")
        finite("factors of leaves", self.weight)

    @property
    def size(self) -> int:
        return self.groups
