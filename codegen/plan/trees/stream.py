"""The stream: trees as bytes, each node before its left side, leaves beside their parents.

A node is a head of one to four bytes, lowest first, then its key unless keys stand in a table,
then what its two sides need: the leaf or the leaves, left before right; or, where both sides are
inner nodes, how many bytes the left side takes. An inner left side follows at once; an inner
right side follows it, or follows the left leaf.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Ints, TreeEnsemble
from codegen.plan.trees.thresholds import KeyTable, key_tables, keys_of

LEFT_IS_LEAF, RIGHT_IS_LEAF = 1, 2
MOST_HEAD_BITS = 32


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Some bits of a head: (head >> shift) & mask."""

    shift: int
    mask: int


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How a head is divided, from its lowest bit on: two marks for leaves, then these fields.

    category: whether the key is the place of a set, None without sets. missing: the side of NaN,
    None where it is the same everywhere (missing_left). key: the place of the key in its table,
    None where the node holds it. skip: the top of the length of a left side; skip_bytes of it
    follow the head.
    """

    category: Field | None
    missing: Field | None
    missing_left: bool
    feature: Field
    key: Field | None
    skip: Field
    head_bytes: int
    skip_bytes: int
    table: KeyTable

    @property
    def key_bytes(self) -> int:
        """Bytes of a key inside a node."""
        return 0 if self.key else self.table.distinct.itemsize


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """The bytes of all trees, and how many each tree takes."""

    layout: Layout
    content: NDArray[np.uint8]
    lengths: Ints


def rooted(node: TreeEnsemble) -> TreeEnsemble:
    """The ensemble with a split of two equal leaves for every tree that is a leaf alone."""
    bare = node.roots < 0
    if not bare.any():
        return node
    following = np.where(bare, node.feature.size, node.roots)
    place = np.minimum.accumulate(following[::-1])[::-1][bare]
    leaf = node.roots[bare]

    def moved(link: Ints) -> Ints:
        return np.where(link >= 0, link + np.searchsorted(place, link, side="right"), link)

    roots = moved(node.roots)
    roots[bare] = place + np.arange(place.size)
    columns: dict[str, Any] = {k: np.insert(c, place, 0) for k, c in node.columns.items()}
    return replace(
        node,
        **columns,
        left=np.insert(moved(node.left), place, leaf),
        right=np.insert(moved(node.right), place, leaf),
        roots=roots,
    )


def layout_of(node: TreeEnsemble) -> Layout:
    """The division with the least bytes; the length of the skip is not settled yet."""
    left = node.missing_left
    bit = 2
    category, missing = None, None
    if node.sets is not None:
        category, bit = Field(bit, 1), bit + 1
    if left.any() and not left.all() and not node.refuses_nan:
        missing, bit = Field(bit, 1), bit + 1
    feature = Field(bit, (1 << int(node.feature.max()).bit_length()) - 1)
    bit += int(node.feature.max()).bit_length()
    choices = [divided(node, table, bit) for table in key_tables(node)]
    _, _, key, end, table = min(
        (c for c in choices if c[3] <= MOST_HEAD_BITS), key=lambda choice: choice[:2]
    )
    spare = -end % 8
    return Layout(
        category=category,
        missing=missing,
        missing_left=bool(left.all()),
        feature=feature,
        key=key,
        skip=Field(end, (1 << spare) - 1),
        head_bytes=-(-end // 8),
        skip_bytes=0,
        table=table,
    )


def divided(
    node: TreeEnsemble, table: KeyTable, bit: int
) -> tuple[int, int, Field | None, int, KeyTable]:
    """Bytes and tables that a place for keys takes, its field, and where the head then ends."""
    if not table.distinct.size:
        n_bytes = node.feature.size * (-(-bit // 8) + table.distinct.itemsize)
        return n_bytes, 0, None, bit, table
    width = int(table.index.max()).bit_length()
    n_bytes = node.feature.size * -(-(bit + width) // 8) + table.n_bytes
    return n_bytes, 1 + (table.first.size > 0), Field(bit, (1 << width) - 1), bit + width, table


def stream_of(node: TreeEnsemble, leaves: list[bytes]) -> Stream:
    """The bytes of an ensemble whose trees all split. leaves: those of each row of values."""
    inner = np.flatnonzero(node.left >= 0)
    assert (node.left[inner] == inner + 1).all(), "a left side does not follow its node"
    layout = layout_of(node)
    lengths = np.array([len(text) for text in leaves])
    fixed = layout.head_bytes + layout.key_bytes + np.zeros(node.feature.size, np.int64)
    for links in (node.left, node.right):
        fixed += np.where(links < 0, lengths[np.where(links < 0, ~links, 0)], 0)
    both = (node.left >= 0) & (node.right >= 0)
    while True:
        ends = np.cumsum(fixed + both * layout.skip_bytes)
        starts = np.concatenate([[0], ends])
        skip = np.where(both, starts[np.maximum(node.right, 0)] - ends, 0)
        if int(skip.max()) >> (8 * layout.skip_bytes) <= layout.skip.mask:
            break
        layout = replace(layout, skip_bytes=layout.skip_bytes + 1)
    content = written(node, leaves, layout, skip)
    return Stream(layout, content, np.diff(np.append(starts[node.roots], starts[-1])))


def written(
    node: TreeEnsemble, leaves: list[bytes], layout: Layout, skip: Ints
) -> NDArray[np.uint8]:
    """Node after node."""
    head = heads(node, layout, skip)
    low = skip & ((1 << (8 * layout.skip_bytes)) - 1)
    key = keys_of(node)
    parts: list[bytes] = []
    for i, (left, right) in enumerate(zip(node.left.tolist(), node.right.tolist(), strict=True)):
        parts.append(int(head[i]).to_bytes(layout.head_bytes, "little"))
        if layout.key is None:
            signed = key.dtype.kind == "i"
            parts.append(int(key[i]).to_bytes(key.itemsize, "little", signed=signed))
        if left >= 0 and right >= 0:
            parts.append(int(low[i]).to_bytes(layout.skip_bytes, "little"))
        parts += [leaves[~link] for link in (left, right) if link < 0]
    return np.frombuffer(b"".join(parts), np.uint8)


def heads(node: TreeEnsemble, layout: Layout, skip: Ints) -> Ints:
    """The fields of each node put together."""
    head = LEFT_IS_LEAF * (node.left < 0) + RIGHT_IS_LEAF * (node.right < 0)
    head += node.feature << layout.feature.shift
    if layout.category:
        head += node.asks_set.astype(np.int64) << layout.category.shift
    if layout.missing:
        head += node.missing_left.astype(np.int64) << layout.missing.shift
    if layout.key:
        head += layout.table.index << layout.key.shift
    return np.asarray(head + ((skip >> (8 * layout.skip_bytes)) << layout.skip.shift))
