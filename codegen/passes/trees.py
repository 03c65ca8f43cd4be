"""Merge equal leaves and take out splits that decide nothing."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.ir import Ints, Node


def merge_leaves(node: Node) -> Node:
    """Equal rows of leaf values become one; a split with two equal leaves becomes that leaf.

    Keeps: every bit.
    """
    if not isinstance(node, ir.TreeEnsemble):
        return node
    values, row = np.unique(node.values, axis=0, return_inverse=True)
    row = row.ravel()
    left, right, roots = (renamed(link, row) for link in (node.left, node.right, node.roots))
    merged = replace(node, left=left, right=right, roots=roots, values=values)
    return without_idle_splits(merged)


def renamed(link: Ints, row: Ints) -> Ints:
    """Links with other numbers for the leaf rows."""
    return np.where(link < 0, ~row[np.where(link < 0, ~link, 0)], link)


def without_idle_splits(node: ir.TreeEnsemble) -> ir.TreeEnsemble:
    """Children stand behind their parents, so one sweep from the end settles every node."""
    left, right = node.left.tolist(), node.right.tolist()
    becomes = list(range(len(left)))
    for i in range(len(left) - 1, -1, -1):
        left[i] = becomes[left[i]] if left[i] >= 0 else left[i]
        right[i] = becomes[right[i]] if right[i] >= 0 else right[i]
        if left[i] == right[i]:
            becomes[i] = left[i]
    kept = np.array([i for i, to in enumerate(becomes) if to == i], np.int64)
    if kept.size == len(left):
        return node
    place = np.zeros(len(left), np.int64)
    place[kept] = np.arange(kept.size)

    def moved(link: Ints) -> Ints:
        return np.where(link >= 0, place[np.where(link >= 0, link, 0)], link)

    settled = np.array([becomes[r] if r >= 0 else r for r in node.roots], np.int64)
    return used_rows(
        replace(
            node,
            **{name: column[kept] for name, column in node.columns.items()},
            left=moved(np.array(left, np.int64)[kept]),
            right=moved(np.array(right, np.int64)[kept]),
            roots=moved(settled),
        )
    )


def used_rows(node: ir.TreeEnsemble) -> ir.TreeEnsemble:
    """Leaf rows that no link names are dropped."""
    links = np.concatenate([node.left, node.right, node.roots])
    used = np.unique(~links[links < 0])
    row = np.zeros(len(node.values), np.int64)
    row[used] = np.arange(used.size)
    left, right, roots = (renamed(link, row) for link in (node.left, node.right, node.roots))
    return replace(node, left=left, right=right, roots=roots, values=node.values[used])
