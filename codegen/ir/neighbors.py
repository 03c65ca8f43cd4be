"""The rows of a training set that are near."""

from dataclasses import dataclass

import numpy as np

from codegen.ir.node import Floats, Node, SameSize, finite, require
from codegen.ir.sums import Distance, is_streamed


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
