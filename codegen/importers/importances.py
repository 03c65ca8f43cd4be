"""Importances of columns as SelectFromModel sees them: from coefficients or from trees."""

from collections.abc import Callable
from typing import Any

import numpy as np

from codegen.importers.attributes import floats, name, refuse
from codegen.importers.trees import trees_of
from codegen.ir import Floats
from codegen.load import Record

L1_SHARES = {
    "ElasticNet": "l1_ratio",
    "ElasticNetCV": "l1_ratio_",
    "LogisticRegression": "l1_ratio",
    "LogisticRegressionCV": "l1_ratio_",
}
L1_THRESHOLD = 1e-5
MIDDLES: dict[str, Callable[[Floats], Any]] = {"mean": np.mean, "median": np.median}


def importances(est: Record, model: Any) -> Floats:
    """One number >= 0 for each column: |coef|, its norm over the classes, or gain in trees."""
    known = attribute(est, model)
    return np.abs(known) if known.ndim == 1 else norms(known, est.norm_order)


def norms(coefficients: Floats, order: float) -> Floats:
    """The norm of each column of (n_classes, n_features)."""
    return np.asarray(np.linalg.norm(coefficients, axis=0, ord=order))


def attribute(est: Record, model: Any) -> Floats:
    """What importance_getter names; 'auto' is coef_, or else the importances of trees."""
    getter = est.importance_getter
    advice = "use RFE or SelectKBest, or a model with coef_ (linear) or trees"
    if not isinstance(getter, str):
        raise refuse(est, "importance_getter=<callable>", advice)
    if getter in ("auto", "feature_importances_") and has_trees(model):
        return forest_importances(model)
    found = model
    for part in ("coef_" if getter == "auto" else getter).split("."):
        found = found.get(part) if isinstance(found, Record) else None
    if found is None:
        raise refuse(est, f"importances of {name(model)} by {getter!r}", advice)
    return floats(found)


def has_trees(model: Record) -> bool:
    """Whether the model is one of the trees or forests with importances of their own."""
    return name(model) in {
        f"{family}{kind}"
        for family in ("DecisionTree", "ExtraTree", "RandomForest", "ExtraTrees")
        for kind in ("Classifier", "Regressor")
    }


def forest_importances(model: Record) -> Floats:
    """The mean of the trees' importances, those without a split left out; its sum is 1."""
    if "tree_" in model:
        return tree_importances(model.tree_)
    grown = [tree_importances(tree) for tree in trees_of(model) if len(tree.nodes) > 1]
    if not grown:
        return np.zeros(int(model.n_features_in_))
    mean = np.mean(grown, axis=0)
    return np.asarray(mean / np.sum(mean))


def tree_importances(tree: Record) -> Floats:
    """Impurity that the splits on each column took away, weighted by samples; sums to 1."""
    nodes = tree.nodes
    weight = nodes["weighted_n_node_samples"] * nodes["impurity"]
    inner = nodes["left_child"] >= 0
    left, right = nodes["left_child"][inner], nodes["right_child"][inner]
    gain = np.zeros(int(tree.args[0]))
    np.add.at(gain, nodes["feature"][inner], weight[inner] - weight[left] - weight[right])
    gain /= nodes["weighted_n_node_samples"][0]
    total = np.sum(gain)
    return gain / total if total > 0 else gain


def threshold(wanted: Any, model: Record, scores: Floats) -> float:
    """The least importance that is kept: a number, or 'mean' or 'median' times a number."""
    if wanted is None:
        wanted = L1_THRESHOLD if is_sparse_by_l1(model) else "mean"
    if not isinstance(wanted, str):
        return float(wanted)
    scale, _, reference = wanted.rpartition("*")
    middle = float(MIDDLES[reference.strip()](scores))
    return float(scale) * middle if scale else middle


def is_sparse_by_l1(model: Record) -> bool:
    """Whether the penalty sets coefficients to zero, so that the natural threshold is zero."""
    share = model.get(L1_SHARES.get(name(model), ""))
    whole = share is not None and bool(np.isclose(np.asarray(share, float), 1.0).all())
    return "Lasso" in name(model) or model.get("penalty") == "l1" or whole
