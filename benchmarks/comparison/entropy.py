"""The least flash that a forest's information could take, were its shape stored without waste."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import lgamma, log, log2

import numpy as np

from .trees import Tree

CODE_BYTES = 200
FLOATS = 2.0**32


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """Splits, leaves, and the bytes below which no code of this model can be expected to come."""

    n_splits: int
    n_leaves: int
    n_bytes: float


def entropy_bits(symbols: Iterable[Hashable]) -> float:
    """n H: the bits of n symbols at their own frequencies."""
    counts = Counter(symbols)
    total = sum(counts.values())
    return sum(n * log2(total / n) for n in counts.values())


def set_bits(count: int) -> float:
    """log2 of the number of sets of `count` float32 values: what a sorted list must tell."""
    return (lgamma(FLOATS + 1) - lgamma(count + 1) - lgamma(FLOATS - count + 1)) / log(2)


def bound(trees: list[Tree]) -> Bound:
    """2 splits + trees, for the shapes; the splits and the leaves at their entropy; the set of
    thresholds; the distinct leaves at theirs; and 200 bytes of code.
    """
    splits = [p for t in trees for p in zip(t.feature.tolist(), t.threshold.tolist(), strict=True)]
    leaves = [tuple(leaf) for t in trees for leaf in t.leaves.astype(np.float32).tolist()]
    structure = 2 * len(splits) + len(trees)
    thresholds = set_bits(len({np.float32(cut).item() for _, cut in splits}))
    bits = structure + entropy_bits(splits) + entropy_bits(leaves) + thresholds
    bits += leaf_bits(set(leaves))
    return Bound(len(splits), len(leaves), bits / 8 + CODE_BYTES)


def leaf_bits(distinct: set[tuple[float, ...]]) -> float:
    """The distinct leaves: the set of their numbers, and which stands where in a vector."""
    numbers = [number for leaf in sorted(distinct) for number in leaf]
    is_vector = len(numbers) > len(distinct)
    return set_bits(len(set(numbers))) + (entropy_bits(numbers) if is_vector else 0.0)
