"""Sets of categories as bytes: a head, then a bit for each category."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Bools, Ints, TreeEnsemble


@lru_cache(maxsize=8)
def sets_of(node: TreeEnsemble) -> tuple[NDArray[np.uint8], Ints]:
    """The bytes of the sets that nodes ask for, equal ones once, and where each set starts."""
    assert node.sets is not None, "an ensemble without sets"
    assert node.set_of is not None, "nodes without sets"
    start = np.zeros(len(node.sets), np.int64)
    known: dict[bytes, int] = {}
    size = 0
    for number in np.unique(node.set_of[node.asks_set]).tolist():
        text = set_bytes(node.sets[number])
        start[number] = known.setdefault(text, size)
        size = max(size, start[number] + len(text))
    return np.frombuffer(b"".join(known), np.uint8), start


def set_bytes(members: Bools) -> bytes:
    """Twice the number of bytes, plus 1 if other numbers are in; the bits, lowest first.

    Categories behind the last one that differs from the other numbers have no bit.
    """
    bits, other = members[:-1], bool(members[-1])
    n_bytes = -(-int(np.flatnonzero(bits != other).max(initial=-1) + 1) // 8)
    filled = np.full(8 * n_bytes, other)
    filled[: bits.size] = bits[: filled.size]
    head = 2 * n_bytes + other
    return head.to_bytes(2, "little") + np.packbits(filled, bitorder="little").tobytes()


def set_places(node: TreeEnsemble) -> Ints:
    """Where the set of each node starts; 0 where it asks for none."""
    assert node.set_of is not None, "an ensemble without sets"
    return np.where(node.asks_set, sets_of(node)[1][node.set_of], 0)
