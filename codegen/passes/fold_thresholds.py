"""Fold per-feature steps into the thresholds of the trees behind them, exactly.

A tree asks whether f(x) <= t, f being scalers, clips and fillers of missing values followed by
rounding to float32. Where f never falls, the float32 inputs that go left are those up to a largest
one: it becomes the threshold. It is found in the arithmetic of the Python steps themselves.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.ir import Bools, Floats, Ints, Node
from codegen.passes.features import Way, never_falls, through, way_of

PROBED = 64
INFINITE_KEY = 0x7F800000
LEAST_KEY = -INFINITE_KEY - 1


def fold_thresholds(node: Node) -> Node:
    """A tree over per-feature steps becomes a tree over their input.

    Keeps: every bit, for every float32 input, NaN and infinities included.
    """
    if not isinstance(node, ir.TreeEnsemble) or not node.feature.size:
        return node
    ways = {int(f): way_of(node.x, int(f)) for f in np.unique(node.feature)}
    sources = {id(way.source): way.source for way in ways.values()}
    steps = {step for way in ways.values() for step in way.steps}
    idle = all(isinstance(step, ir.Round32) for step in steps)
    if idle or not all(never_falls(way) for way in ways.values()):
        return node
    first = dict(zip(sources, starts(sources.values()), strict=True))
    moved = {f: replace(way, column=way.column + first[id(way.source)]) for f, way in ways.items()}
    read = tuple(sources.values())
    return folded(node, moved, read[0] if len(read) == 1 else ir.Concat(read)) or node


def starts(sources: Iterable[Node]) -> list[int]:
    """Where each of the sources begins when they stand one behind the other."""
    sizes = [source.size for source in sources]
    return [sum(sizes[:i]) for i in range(len(sizes))]


def folded(node: ir.TreeEnsemble, ways: dict[int, Way], source: Node) -> Node | None:
    """The tree over the source of its columns; None where some split has no threshold there."""
    threshold, missing_left = node.threshold.copy(), node.missing_left.copy()
    feature = np.empty_like(node.feature)
    for kind in {way.kind for way in ways.values()}:
        alike = {f: way for f, way in ways.items() if way.kind == kind}
        here = np.isin(node.feature, list(alike))
        asked = [alike[int(f)] for f in node.feature[here]]
        splits = Splits(asked, node.threshold[here])
        key, sound = splits.largest_left()
        if not sound.all() or (key < LEAST_KEY).any():
            return None
        nan = splits.sent(np.full(len(asked), np.nan))
        threshold[here] = from_key(key)
        feature[here] = [way.column for way in asked]
        missing_left[here] = np.where(np.isnan(nan), missing_left[here], nan <= splits.threshold)
    return replace(
        node,
        x=ir.Round32(source),
        feature=feature,
        threshold=threshold,
        missing_left=missing_left,
    )


def from_key(key: Ints) -> Floats:
    """The float32 with this place in the order of all of them, as float64."""
    bits = np.where(key < 0, key ^ 0x7FFFFFFF, key).astype(np.int32)
    return bits.view(np.float32).astype(np.float64)


class Splits:
    """Splits whose columns take the same steps: the way of each, and its threshold."""

    def __init__(self, ways: list[Way], threshold: Floats) -> None:
        self.threshold = threshold
        self._steps = ways[0].steps
        self._columns = [np.array(c) for c in zip(*(way.columns for way in ways), strict=True)]

    def sent(self, value: Floats) -> Floats:
        """One value for each split, sent through the steps of its column."""
        return through(self._steps, self._columns, value)

    def left(self, key: Ints) -> Bools:
        """Whether the float32 with that key goes left."""
        return self.sent(from_key(key)) <= self.threshold

    def largest_left(self) -> tuple[Ints, Bools]:
        """For each split the key of the largest float32 that goes left, and whether it is sound.

        Bisection over the keys; below the least float everything is said to go left. The
        neighbours of the cut are probed: left up to it, right from it on.
        """
        low = np.full(self.threshold.shape, LEAST_KEY - 1, np.int64)
        high = np.full(self.threshold.shape, INFINITE_KEY + 1, np.int64)
        while (high - low > 1).any():
            middle = (low + high) // 2
            goes = self.left(np.clip(middle, LEAST_KEY, INFINITE_KEY))
            low, high = np.where(goes, middle, low), np.where(goes, high, middle)
        sound = np.ones(self.threshold.shape, bool)
        for distance in range(1, PROBED + 1):
            below = np.clip(low + 1 - distance, LEAST_KEY, INFINITE_KEY)
            above = np.clip(low + distance, LEAST_KEY, INFINITE_KEY)
            sound &= (low + 1 - distance < LEAST_KEY) | self.left(below)
            sound &= (low + distance > INFINITE_KEY) | ~self.left(above)
        return low, sound
