"""Fold per-feature steps into the thresholds of the trees behind them, exactly.

A tree asks whether f(x) <= t, f being scalers, clips and fillers of missing values followed by
rounding to float32. Where f never falls, the float32 inputs that go left are those up to a largest
one: it becomes the threshold. It is found in the arithmetic of the Python steps themselves.
"""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.evaluate import is_missing, scale
from codegen.ir import Bools, Floats, Ints, Node

PROBED = 64


def chain_of(node: Node) -> tuple[Node, list[Node]]:
    """The node behind a run of per-feature steps, and the steps, first one first."""
    steps: list[Node] = []
    while isinstance(node, ir.Scale | ir.Centre | ir.Clip | ir.Round32 | ir.Impute):
        steps.append(node)
        node = node.x
    return node, steps[::-1]


def through(steps: list[Node], value: Floats, feature: Ints) -> Floats:
    """Values of the given features, sent through the steps as Python does it."""
    with np.errstate(all="ignore"):
        for step in steps:
            match step:
                case ir.Scale():
                    picked = [None if s is None else s[feature] for s in step.steps]
                    value = scale(ir.Scale(ir.Input(value.size), *picked), value)
                case ir.Centre():
                    value = (value - step.high[feature]) - step.low[feature]
                case ir.Clip():
                    value = np.clip(value, step.low, step.high)
                case ir.Round32():
                    value = value.astype(np.float32).astype(np.float64)
                case ir.Impute():
                    value = np.where(is_missing(value, step.missing), step.fill[feature], value)
    return value


def from_key(key: Ints) -> Floats:
    """The float32 with this place in the order of all of them, as float64."""
    bits = np.where(key < 0, key ^ 0x7FFFFFFF, key).astype(np.int32)
    return bits.view(np.float32).astype(np.float64)


INFINITE_KEY = 0x7F800000
LEAST_KEY = -INFINITE_KEY - 1


def largest_left(steps: list[Node], feature: Ints, threshold: Floats) -> tuple[Ints, Bools]:
    """For each split the key of the largest float32 that goes left, and whether that is sound.

    Bisection over the keys; below the least float everything is said to go left. The neighbours of
    the cut are probed: left up to it, right from it on.
    """

    def left(key: Ints) -> Bools:
        return through(steps, from_key(key), feature) <= threshold

    low = np.full(feature.shape, LEAST_KEY - 1, np.int64)
    high = np.full(feature.shape, INFINITE_KEY + 1, np.int64)
    while (high - low > 1).any():
        middle = (low + high) // 2
        goes = left(np.clip(middle, LEAST_KEY, INFINITE_KEY))
        low, high = np.where(goes, middle, low), np.where(goes, high, middle)
    sound = np.ones(feature.shape, bool)
    for distance in range(1, PROBED + 1):
        below = np.clip(low + 1 - distance, LEAST_KEY, INFINITE_KEY)
        above = np.clip(low + distance, LEAST_KEY, INFINITE_KEY)
        sound &= (low + 1 - distance < LEAST_KEY) | left(below)
        sound &= (low + distance > INFINITE_KEY) | ~left(above)
    return low, sound


def never_falls(steps: list[Node]) -> bool:
    """Whether every step keeps the order of its inputs; missing numbers would break it."""
    for step in steps:
        match step:
            case ir.Scale():
                factors = [s for s in (step.divide, step.multiply) if s is not None]
                if any((f <= 0).any() for f in factors):
                    return False
            case ir.Impute() if not np.isnan(step.missing):
                return False
    return True


def fold_thresholds(node: Node) -> Node:
    """A tree over per-feature steps becomes a tree over their input.

    Keeps: every bit, for every float32 input, NaN and infinities included.
    """
    if not isinstance(node, ir.TreeEnsemble) or not node.feature.size:
        return node
    x, steps = chain_of(node.x)
    rounds = isinstance(node.x, ir.Round32)
    if not rounds or len(steps) == 1 or not never_falls(steps):
        return node
    key, sound = largest_left(steps, node.feature, node.threshold)
    if not sound.all() or (key < LEAST_KEY).any():
        return node
    nan = through(steps, np.full(node.feature.shape, np.nan), node.feature)
    return replace(
        node,
        x=ir.Round32(x),
        threshold=from_key(key),
        missing_left=np.where(np.isnan(nan), node.missing_left, nan <= node.threshold),
    )
