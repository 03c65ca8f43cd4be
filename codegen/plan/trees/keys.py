"""Trees over the keys of their features: integers are compared, wherever NaN goes."""

from dataclasses import replace
from typing import TypeGuard

import numpy as np

from codegen.ir import MOST_FEATURES, ROOM_OF_NAN, Keys, Node, TreeEnsemble
from codegen.plan.trees.thresholds import keys
from codegen.plan.whole import reads_whole

MOST_KEYED = 32
"""Features that keys are made for: 8 bytes of stack each, half of what is allowed."""


def takes_keys(node: Node) -> TypeGuard[TreeEnsemble]:
    """Whether an ensemble compares floats, and the keys of its features find room."""
    if not isinstance(node, TreeEnsemble) or node.sets is not None or reads_whole(node):
        return False
    n_used = np.unique(node.feature).size
    return 0 < n_used <= MOST_KEYED and node.x.size <= MOST_FEATURES


def over_keys(node: Node) -> Node:
    """The ensemble with its features and thresholds as keys.

    Keeps: the path through every tree, bit for bit.
    """
    if not takes_keys(node):
        return node
    used, place = np.unique(node.feature, return_inverse=True)
    moved = np.where(node.missing_left, ROOM_OF_NAN, -ROOM_OF_NAN)
    return replace(
        node,
        x=Keys(node.x, used),
        feature=2 * place + node.missing_left,
        threshold=(keys(node.threshold).astype(np.int64) + moved).astype(np.float64),
        missing_left=np.zeros_like(node.missing_left),
    )
