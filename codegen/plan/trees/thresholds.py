"""Thresholds as integers, and where they are kept: in the nodes, or in a table of distinct ones.

Those of float inputs are keys of four bytes; those of a declared input are whole numbers in the
narrowest type that holds them all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen import ir
from codegen.ir import Floats, Ints, TreeEnsemble
from codegen.plan.program import narrowest
from codegen.plan.trees.sets import set_places
from codegen.plan.whole import reads_whole

Keys = NDArray[np.integer[Any]]


def floor32(threshold: Floats) -> Floats:
    """The largest float32 at most as large: x <= t keeps its answer for every float32 x."""
    with np.errstate(over="ignore"):
        near = threshold.astype(np.float32)
        down = np.nextafter(near, np.float32(-np.inf))
    return np.where(near.astype(np.float64) > threshold, down, near).astype(np.float64)


def float_bits(threshold: Floats) -> NDArray[np.uint32]:
    """The bits of the thresholds as float32, rounded down; -0 is written as 0."""
    return (floor32(threshold).astype(np.float32) + np.float32(0)).view(np.uint32)


def keys(threshold: Floats) -> NDArray[np.int32]:
    """Integers that order like floats: the bits, the low 31 inverted where negative."""
    bits = float_bits(threshold).view(np.int32)
    return np.where(bits < 0, bits ^ np.int32(0x7FFFFFFF), bits).astype(np.int32)


def double_keys(threshold: Floats) -> Ints:
    """The same of doubles: 64 bits, the low 63 inverted where negative."""
    bits = (threshold + 0.0).view(np.int64)
    return np.where(bits < 0, bits ^ np.int64(0x7FFFFFFFFFFFFFFF), bits)


def keys_of(node: TreeEnsemble) -> Keys:
    """What the input is compared with at each node."""
    if node.sets is not None:
        return np.where(node.asks_set, set_places(node), keys(node.threshold)).astype(np.int32)
    if not reads_whole(node):
        return keys(node.threshold)
    whole = node.threshold.astype(np.int64)
    return whole.astype(np.int32 if isinstance(node.x, ir.Keys) else narrowest(whole))


@dataclass(frozen=True, slots=True, eq=False)
class KeyTable:
    """Distinct keys, and for each node the place of its own, counted from its feature's first.

    distinct: empty where every node holds its key itself. first: for each feature, where its keys
    begin; empty where all features share one list.
    """

    distinct: Keys
    index: Ints
    first: Ints

    @property
    def n_bytes(self) -> int:
        """Flash that the tables take."""
        wide = 1 if not self.first.size or self.first.max() < 256 else 2
        return self.distinct.nbytes + wide * self.first.size


def key_tables(node: TreeEnsemble) -> tuple[KeyTable, KeyTable, KeyTable]:
    """Keys in the nodes, keys shared by all features, keys of each feature."""
    none = np.zeros(0, np.int64)
    key = keys_of(node)
    distinct, index = np.unique(key, return_inverse=True)
    both = node.feature.astype(np.int64) << 32 | (key.astype(np.int64) + (1 << 31))
    pairs, place = np.unique(both, return_inverse=True)
    first = np.searchsorted(pairs >> 32, np.arange(int(node.feature.max()) + 1))
    own = ((pairs & 0xFFFFFFFF) - (1 << 31)).astype(key.dtype)
    return (
        KeyTable(key[:0], np.zeros_like(node.feature), none),
        KeyTable(distinct, index.astype(np.int64), none),
        KeyTable(own, place - first[node.feature], first),
    )
