"""Numbers told apart by edges and categories, and a value for each part."""

from dataclasses import dataclass

import numpy as np

from codegen.ir.node import Floats, Ints, Node, SameSize, finite, require


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
