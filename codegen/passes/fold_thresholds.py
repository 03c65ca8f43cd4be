"""Fold per-feature steps into the thresholds of the trees behind them, exactly.

A tree asks whether f(x) <= t, f being scalers, clips and fillers of missing values followed by
rounding to float32. Where f never falls, the inputs that go left are those up to a largest one: it
becomes the threshold. It is found in the arithmetic of the Python steps themselves. Inputs are all
float32 numbers, or the whole numbers of a declared type.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from codegen import ir
from codegen.declared import span
from codegen.ir import Bools, Floats, Ints, Node
from codegen.passes.features import Way, never_falls, through, way_of

PROBED = 64
INFINITE_KEY = 0x7F800000
LEAST_KEY = -INFINITE_KEY - 1


def from_key(key: Ints) -> Floats:
    """The float32 with this place in the order of all of them, as float64."""
    bits = np.where(key < 0, key ^ 0x7FFFFFFF, key).astype(np.int32)
    return bits.view(np.float32).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """All numbers that an input can be, by their place in their order."""

    least: int
    most: int
    value: Callable[[Ints], Floats]


FLOATS = Inputs(LEAST_KEY, INFINITE_KEY, from_key)


def fold_thresholds(node: Node) -> Node:
    """A tree over per-feature steps becomes a tree over their input.

    Keeps: every bit, for every float32 input, NaN and infinities included.
    """
    ways = ways_of(node)
    steps = {step for way in ways.values() for step in way.steps}
    if not isinstance(node, ir.TreeEnsemble) or all(isinstance(s, ir.Round32) for s in steps):
        return node
    if not rising(ways) or not bare_categories(node, ways):
        return node
    sources = sources_of(ways)
    first = dict(zip(sources, starts(sources.values()), strict=True))
    moved = {f: replace(way, column=way.column + first[id(way.source)]) for f, way in ways.items()}
    read = tuple(sources.values())
    return folded(node, moved, read[0] if len(read) == 1 else ir.Concat(read), FLOATS) or node


def sources_of(ways: dict[int, Way]) -> dict[int, Node]:
    """The nodes that columns come from, each once."""
    return {id(way.source): way.source for way in ways.values()}


def starts(sources: Iterable[Node]) -> list[int]:
    """Where each of the sources begins when they stand one behind the other."""
    sizes = [source.size for source in sources]
    return [sum(sizes[:i]) for i in range(len(sizes))]


def floor_thresholds(node: Node) -> Node:
    """A tree over a declared input, per-feature steps between, asks for the whole numbers of it.

    Keeps: every bit, for every row of the declared type. A split may send all of them to one side.
    """
    ways = ways_of(node)
    if not isinstance(node, ir.TreeEnsemble) or node.sets is not None or not rising(ways):
        return node
    source = next(iter(ways.values())).source if ways else first_of(node)
    alone = len(sources_of(ways)) <= 1
    if not alone or not isinstance(source, ir.Input) or not source.is_whole:
        return node
    least, most = span(source.declared)
    whole = Inputs(least, most, lambda key: key.astype(np.float64))
    floored = folded(node, ways, source, whole) if ways else node
    if not isinstance(floored, ir.TreeEnsemble):
        return node
    none = np.zeros_like(node.missing_left)
    return replace(floored, x=source, missing_left=none, refuses_nan=True)


def first_of(node: Node) -> Node:
    """The input that a node is made from, or the first of several: for trees that ask for none."""
    while ir.inputs(node):
        node = ir.inputs(node)[0]
    return node


def ways_of(node: Node) -> dict[int, Way]:
    """The ways of the columns that a tree asks for; none of any other node."""
    if not isinstance(node, ir.TreeEnsemble):
        return {}
    return {int(f): way_of(node.x, int(f)) for f in np.unique(node.feature)}


def rising(ways: dict[int, Way]) -> bool:
    """Whether all columns come by steps that keep the order of numbers."""
    return all(never_falls(way) for way in ways.values())


def bare_categories(node: ir.TreeEnsemble, ways: dict[int, Way]) -> bool:
    """Whether columns that are asked for categories come as they are, but for rounding."""
    asked = np.unique(node.feature[node.asks_set]).tolist()
    return all(isinstance(step, ir.Round32) for f in asked for step in ways[f].steps)


def folded(
    node: ir.TreeEnsemble, ways: dict[int, Way], source: Node, inputs: Inputs
) -> Node | None:
    """The tree over the source of its columns; None where some split has no threshold there."""
    threshold, missing_left = node.threshold.copy(), node.missing_left.copy()
    feature = np.empty_like(node.feature)
    for kind in {way.kind for way in ways.values()}:
        alike = {f: way for f, way in ways.items() if way.kind == kind}
        among = np.isin(node.feature, list(alike))
        feature[among] = [alike[int(f)].column for f in node.feature[among]]
        here = among & ~node.asks_set
        if not here.any():
            continue
        asked = [alike[int(f)] for f in node.feature[here]]
        splits = Splits(asked, node.threshold[here], inputs)
        key, sound = splits.largest_left()
        if not sound.all() or (inputs is FLOATS and (key < LEAST_KEY).any()):
            return None
        nan = splits.sent(np.full(len(asked), np.nan))
        threshold[here] = inputs.value(key)
        missing_left[here] = np.where(np.isnan(nan), missing_left[here], nan <= splits.threshold)
    return replace(
        node,
        x=ir.Round32(source),
        feature=feature,
        threshold=threshold,
        missing_left=missing_left,
    )


class Splits:
    """Splits whose columns take the same steps: the way of each, its threshold, all inputs."""

    def __init__(self, ways: list[Way], threshold: Floats, inputs: Inputs) -> None:
        self.threshold = threshold
        self._inputs = inputs
        self._steps = ways[0].steps
        self._columns = [np.array(c) for c in zip(*(way.columns for way in ways), strict=True)]

    def sent(self, value: Floats) -> Floats:
        """One value for each split, sent through the steps of its column."""
        return through(self._steps, self._columns, value)

    def left(self, key: Ints) -> Bools:
        """Whether the input with that key goes left."""
        return self.sent(self._inputs.value(key)) <= self.threshold

    def largest_left(self) -> tuple[Ints, Bools]:
        """For each split the key of the largest input that goes left, and whether it is sound.

        Bisection over the keys; below the least input everything is said to go left. The
        neighbours of the cut are probed: left up to it, right from it on.
        """
        least, most = self._inputs.least, self._inputs.most
        low = np.full(self.threshold.shape, least - 1, np.int64)
        high = np.full(self.threshold.shape, most + 1, np.int64)
        while (high - low > 1).any():
            middle = (low + high) // 2
            goes = self.left(np.clip(middle, least, most))
            low, high = np.where(goes, middle, low), np.where(goes, high, middle)
        sound = np.ones(self.threshold.shape, bool)
        for distance in range(1, PROBED + 1):
            below = np.clip(low + 1 - distance, least, most)
            above = np.clip(low + distance, least, most)
            sound &= (low + 1 - distance < least) | self.left(below)
            sound &= (low + distance > most) | ~self.left(above)
        return low, sound
