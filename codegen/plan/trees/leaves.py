"""What leaves hold, as whole numbers: a class, counts of classes, or the row of a table."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from codegen.ir import Bools, Floats, Ints, TreeEnsemble

FIXED_BITS = 31
LARGEST_SHIFT = 126
VALUE_BYTES = 4
MOST_COUNTED = 1023
COUNTED_SAMPLE = 64

Kind = Literal["label", "counts", "rows", "values"]


@dataclass(frozen=True, slots=True, eq=False)
class Leaves:
    """Leaf and initial values in units of 2^-shift; sums of an ensemble stay below 2^31.

    units (n_rows, n_columns). code (n_rows,): what a leaf says: the class where every row is of
    one class (label), the row (rows), where that of class k alone is row k if all classes have
    one, or the value itself (values). counts (n_rows, n_columns): numbers whose shares are the
    values, where leaves hold these (counts).
    """

    kind: Kind
    shift: int
    units: Ints
    code: Ints
    counts: Ints

    @property
    def error(self) -> float:
        """By how much the rounding of one value may be off."""
        return 0.0 if self.kind == "label" else float(np.ldexp(self.rounding, -self.shift))

    @property
    def rounding(self) -> float:
        """The same in units."""
        return 1.0 if len(self.counts) else 0.5

    @property
    def most(self) -> int:
        """By how much one tree can move two classes against each other, in units."""
        return int((self.units.max(axis=1) - self.units.min(axis=1)).max())


@lru_cache(maxsize=8)
def leaves_of(node: TreeEnsemble) -> Leaves:
    """The form of an ensemble's leaves that takes the least flash, in whole numbers."""
    none = np.zeros((0, node.values.shape[1]), np.int64)
    if one_hot(node.values).all() and node.start is None and node.groups == 1:
        label = node.values.argmax(axis=1)
        return Leaves("label", 0, node.values.astype(np.int64), label, none)
    shift = finest_shift(node)
    units = whole_units(node.values, shift)
    if node.values.shape[1] == 1:
        return of_one_value(node, units, shift)
    counts = whole_counts(node.values) if node.roots.size > 1 else none
    if len(counts) and counted_bytes(node, counts) < row_bytes(node):
        own = np.arange(len(counts))
        return Leaves("counts", shift, counted_units(counts, shift), own, counts)
    return Leaves("rows", shift, units, pure_first(node.values), none)


def of_one_value(node: TreeEnsemble, units: Ints, shift: int) -> Leaves:
    """Values in the leaves, or in a table if that is shorter."""
    n_rows, none = len(node.values), np.zeros((0, 1), np.int64)
    wide = 1 if n_rows < 257 else 2
    table = leaf_rows(node).size * wide + VALUE_BYTES * n_rows
    if n_rows < 1 << 16 and table < leaf_rows(node).size * VALUE_BYTES:
        return Leaves("rows", shift, units, np.arange(n_rows), none)
    return Leaves("values", shift, units, units[:, 0], none)


def in_rows(leaves: Leaves, node: TreeEnsemble) -> Leaves:
    """The same values where every leaf names its row."""
    if leaves.kind in ("label", "rows"):
        return leaves
    return replace(leaves, kind="rows", code=pure_first(node.values))


def in_leaves(leaves: Leaves) -> Leaves:
    """The same values where a leaf of one value says it itself."""
    if leaves.units.shape[1] > 1 or leaves.kind == "label":
        return leaves
    return replace(leaves, kind="values", code=leaves.units[:, 0])


def whole_start(node: TreeEnsemble, shift: int) -> Ints:
    """The initial values, rounded to whole units."""
    return whole_units(node.initial, shift)


def one_hot(values: Floats) -> Bools:
    """Which rows are 1 for one class and 0 for the others."""
    return np.asarray(((values == 0) | (values == 1)).all(axis=1) & (values.sum(axis=1) == 1))


def pure_first(values: Floats) -> Ints:
    """Numbers for the rows: that of class k alone is k where every class has such a row."""
    pure = one_hot(values)
    if pure.sum() != values.shape[1]:
        return np.arange(len(values))
    code = np.empty(len(values), np.int64)
    code[pure] = values[pure].argmax(axis=1)
    code[~pure] = np.arange(values.shape[1], len(values))
    return code


def finest_shift(node: TreeEnsemble) -> int:
    """The finest units in which no partial sum leaves 31 bits and a sign.

    For classes, nor does any lead that as many trees as there are could make, rounding added. A
    unit of the mean stays a normal float32.
    """
    size, terms = largest_sum(node) or 1.0, 4 * node.n_summed + 8
    if node.values.shape[1] > 1:
        size = max(size, node.n_summed * float(np.ptp(node.values, axis=1).max()))
    # size 2^shift + terms must stay below 2^31
    shift = int(np.floor(np.log2((2.0**FIXED_BITS - terms) / size)))
    while np.ldexp(size, shift) + terms >= 2.0**FIXED_BITS:
        shift -= 1
    return min(shift, LARGEST_SHIFT - int(np.ceil(np.log2(node.divisor))))


def largest_sum(node: TreeEnsemble) -> float:
    """A number that no partial sum of any output exceeds in size."""
    row = np.abs(node.values).max(axis=1)
    of_trees = np.array([row[rows].max() for rows in rows_of_trees(node)])
    sums = of_trees.reshape(node.groups, node.n_summed).sum(axis=1)
    return float((np.abs(node.initial) + sums).max() * (1 + 2.0**-40))


def whole_units(values: Floats, shift: int) -> Ints:
    """The values, rounded to whole units."""
    return np.rint(np.ldexp(values, shift)).astype(np.int64)


def whole_counts(values: Floats) -> Ints:
    """The smallest whole numbers whose shares are each row, bit for bit; none if some have none."""
    sample = values[:: max(1, len(values) // COUNTED_SAMPLE)]
    for rows in (sample, values):
        counts = np.zeros(rows.shape, np.int64)
        open_rows = np.arange(len(rows))
        for total in range(1, MOST_COUNTED + 1):
            found = np.rint(rows[open_rows] * total)
            exact = (found.sum(axis=1) == total) & (found / total == rows[open_rows]).all(axis=1)
            counts[open_rows[exact]] = found[exact].astype(np.int64)
            open_rows = open_rows[~exact]
            if not open_rows.size:
                break
        if open_rows.size:
            return counts[:0]
    return counts


def reciprocals(counts: Ints) -> Ints:
    """2^31 / n, rounded, for n up to the largest total; 0 for n = 0."""
    n = np.arange(1, int(counts.sum(axis=1).max()) + 1)
    return np.concatenate([[0], np.rint(2.0**FIXED_BITS / n)]).astype(np.int64)


def counted_units(counts: Ints, shift: int) -> Ints:
    """count * reciprocal of the total, rounded to units: within one unit of the share."""
    down = FIXED_BITS - shift
    unit = reciprocals(counts)[counts.sum(axis=1)]
    return np.asarray((counts * unit[:, None] + (1 << (down - 1))) >> down)


def count_bits(n_classes: int) -> int:
    """How many bits of an entry are left for the count beside the class and the end mark."""
    return 7 - max(1, (n_classes - 1).bit_length())


def entries(counts: Ints) -> list[bytes]:
    """For each row the classes that it counts: end mark, class, count in one byte.

    A count that does not fit is 0 there and follows in a byte of its own; one above 127 is told
    in parts. The end mark, bit 7, stands in the last byte of a row.
    """
    bits = count_bits(counts.shape[1])
    texts = []
    for row in counts.tolist():
        text = bytearray()
        for k, count in enumerate(row):
            while count:
                part = min(count, 127)
                text += bytes([k << bits | part] if part < 1 << bits else [k << bits, part])
                count -= part
        text[-1] |= 128
        texts.append(bytes(text))
    return texts


def with_totals(counts: Ints) -> list[bytes]:
    """The same, the total in two bytes of seven bits before entries of more than one class."""
    totals = counts.sum(axis=1).tolist()
    return [
        text if text[0] > 127 else bytes([total & 127, total >> 7]) + text
        for text, total in zip(entries(counts), totals, strict=True)
    ]


def leaf_rows(node: TreeEnsemble) -> Ints:
    """The row of every leaf."""
    links = np.concatenate([node.left, node.right, node.roots])
    return ~links[links < 0]


def counted_bytes(node: TreeEnsemble, counts: Ints) -> float:
    """Flash for leaves that hold counts; without end where entries have no room for the class."""
    if count_bits(node.values.shape[1]) < 1:
        return np.inf
    length = np.array([len(text) for text in entries(counts)])
    return float(length[leaf_rows(node)].sum() + 4 * counts.sum(axis=1).max())


def row_bytes(node: TreeEnsemble) -> float:
    """Flash for leaves that name the row of a table, its values once in units and once exact."""
    n_rows, n_distinct = len(node.values), np.unique(node.values).size
    wide, index = (1 if n < 257 else 2 for n in (n_rows, n_distinct))
    return float(leaf_rows(node).size * wide + node.values.size * index + 12 * n_distinct)


def lead_error(node: TreeEnsemble, leaves: Leaves) -> int:
    """How far, in units, the integer sums of two classes can be from the true sums' lead.

    Sum over trees of the largest difference of two rounding errors in a leaf, and the slack of
    binary64 sums: below T^2 2^(shift - 52) + 1 units. The differences are exact in binary64.
    """
    error = np.ldexp(node.values, leaves.shift) - leaves.units
    spread = error.max(axis=1) - error.min(axis=1)
    total = sum(float(spread[rows].max()) for rows in rows_of_trees(node))
    slack = node.roots.size**2 * 2.0 ** (leaves.shift - 52)
    return int(np.ceil(total * (1 + 1e-9) + slack)) + 2


def rows_of_trees(node: TreeEnsemble) -> list[Ints]:
    """The rows of `values` that each tree can give."""
    starts = node.roots[node.roots >= 0]
    owner = np.searchsorted(starts, np.arange(node.feature.size), side="right") - 1
    both = np.stack([node.left, node.right], axis=1)
    owners = np.broadcast_to(owner[:, None], both.shape)[both < 0]
    rows = ~both[both < 0]
    order = np.argsort(owners, kind="stable")
    cuts = np.searchsorted(owners[order], np.arange(1, starts.size))
    inner = iter(np.split(rows[order], cuts)) if starts.size else iter(())
    return [np.array([~root]) if root < 0 else next(inner) for root in node.roots]


def votes_exactly(node: TreeEnsemble) -> bool:
    """Whether the integer sums can settle ties: shares between 0 and 1, a whole divisor."""
    shares = (node.values == 0) | ((node.values >= 2.0**-1000) & (node.values <= 1))
    plain = node.groups == 1 and node.start is None and not node.single
    return plain and bool(shares.all()) and node.divisor == node.roots.size
