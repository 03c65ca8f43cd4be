"""The trees inside a fitted model, and the rows at which their comparisons could go wrong."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .models import Fitted, Rows

N_EDGE_ROWS = 200
MOVED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Splits (feature, threshold), each (n_splits,); leaves (n_leaves, width)."""

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    leaves: NDArray[np.float64]


def trees_of(model: Any) -> list[Tree]:
    """All trees of a model of scikit-learn or XGBoost; none where it has no trees."""
    if hasattr(model, "get_booster"):
        return xgboost_trees(model)
    members = np.ravel(model.estimators_) if hasattr(model, "estimators_") else [model]
    return [sklearn_tree(m.tree_) for m in members if hasattr(m, "tree_")]


def sklearn_tree(tree: Any) -> Tree:
    is_leaf = tree.children_left < 0
    leaves = tree.value[is_leaf].reshape(int(is_leaf.sum()), -1)
    return Tree(tree.feature[~is_leaf], tree.threshold[~is_leaf], leaves)


def xgboost_trees(model: Any) -> list[Tree]:
    """A leaf's value stands where a split has its threshold."""
    text = json.loads(model.get_booster().save_raw("json"))
    found = []
    for tree in text["learner"]["gradient_booster"]["model"]["trees"]:
        is_leaf = np.array(tree["left_children"]) < 0
        numbers = np.array(tree["split_conditions"], np.float64)
        feature = np.array(tree["split_indices"], np.int64)[~is_leaf]
        found.append(Tree(feature, numbers[~is_leaf], numbers[is_leaf][:, None]))
    return found


def edge_rows(fitted: Fitted) -> Rows:
    """Unseen rows with up to four values on a threshold of the model or one float beside it."""
    trees = [t for t in trees_of(fitted.model) if len(t.feature)]
    if not trees:
        return fitted.X[:0]
    rng = np.random.default_rng(20_250_301)
    feature = np.concatenate([t.feature for t in trees])
    threshold = np.concatenate([t.threshold for t in trees]).astype(np.float32)
    columns = np.unique(feature)
    rows = fitted.X[rng.integers(len(fitted.X), size=N_EDGE_ROWS)].copy()
    for row in rows:
        for column in rng.choice(columns, size=min(MOVED, len(columns)), replace=False):
            cut = rng.choice(threshold[feature == column])
            toward = np.float32(rng.choice([-np.inf, np.inf]))
            row[column] = cut if rng.integers(3) == 0 else np.nextafter(cut, toward)
    return rows
