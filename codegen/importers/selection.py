"""Feature selectors: the columns they keep, found again from their fitted attributes."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import floats, refuse, transformer
from codegen.importers.importances import importances, threshold
from codegen.importers.registry import import_outputs, importer
from codegen.ir import Bools, Gather, Node, Outputs, require
from codegen.load import Record

SELECTION = "sklearn.feature_selection."

Scores = NDArray[np.floating[Any]]


def k_best(est: Record, k: Any) -> Bools:
    """The k highest scores; of equal ones the last columns, as a stable sort leaves them."""
    scores = known_scores(est)
    if k == "all":
        return np.ones(len(scores), np.bool_)
    mask = np.zeros(len(scores), np.bool_)
    mask[np.argsort(scores, kind="stable")[len(scores) - min(int(k), len(scores)) :]] = True
    return mask


def percentile(est: Record, percent: Any) -> Bools:
    """Scores above the percentile, and of those on it the first, as many as have room."""
    scores = known_scores(est)
    if percent in (0, 100):
        return np.full(len(scores), percent == 100)
    cut = np.percentile(scores, 100 - percent)
    mask = np.asarray(scores > cut)
    ties = np.flatnonzero(scores == cut)
    # Where the scores above the cut are too many already, the end counts from behind.
    mask[ties[: int(len(scores) * percent / 100) - mask.sum()]] = True
    return mask


def false_positive_rate(est: Record, alpha: Any) -> Bools:
    """p-values below alpha."""
    return np.asarray(floats(est.pvalues_) < alpha)


def false_discovery_rate(est: Record, alpha: Any) -> Bools:
    """p-values up to the last that stays below its share of alpha (Benjamini, Hochberg)."""
    pvalues = floats(est.pvalues_)
    ordered = np.sort(pvalues)
    share = float(alpha) / len(pvalues) * np.arange(1, len(pvalues) + 1)
    return np.asarray(pvalues <= ordered[ordered <= share].max(initial=-1.0))


def family_wise_error(est: Record, alpha: Any) -> Bools:
    """p-values below alpha divided by the number of columns."""
    return np.asarray(floats(est.pvalues_) < alpha / np.size(est.pvalues_))


MODES: dict[str, Callable[[Record, Any], Bools]] = {
    "k_best": k_best,
    "percentile": percentile,
    "fpr": false_positive_rate,
    "fdr": false_discovery_rate,
    "fwe": family_wise_error,
}


def from_model(est: Record) -> Bools:
    """Columns whose importance reaches the threshold, the most important ones if limited."""
    model = est.get("estimator_", est.get("estimator"))
    scores = importances(est, model)
    mask = np.ones(len(scores), np.bool_)
    if est.max_features is not None:
        limit = est.get("max_features_", est.max_features)
        require(isinstance(limit, int | np.integer), "max_features")
        mask[np.argsort(-scores, kind="stable")[int(limit) :]] = False
    mask[scores < threshold(est.threshold, model, scores)] = False
    return mask


def known_scores(est: Record) -> Scores:
    """The scores, NaN as the smallest number; their float type is kept, as cuts depend on it."""
    scores = np.array(est.scores_)
    scores = scores if scores.dtype.kind == "f" else scores.astype(np.float64)
    scores[np.isnan(scores)] = np.finfo(scores.dtype).min
    return scores


def stored(est: Record) -> Bools:
    """The mask that the selector keeps."""
    mask = np.asarray(est.support_)
    require(mask.dtype == np.bool_, "support_ is no mask")
    return mask


MASKS: dict[str, Callable[[Record], Bools]] = {
    SELECTION + "SelectKBest": lambda est: k_best(est, est.k),
    SELECTION + "SelectPercentile": lambda est: percentile(est, est.percentile),
    SELECTION + "SelectFpr": lambda est: false_positive_rate(est, est.alpha),
    SELECTION + "SelectFdr": lambda est: false_discovery_rate(est, est.alpha),
    SELECTION + "SelectFwe": lambda est: family_wise_error(est, est.alpha),
    SELECTION + "GenericUnivariateSelect": lambda est: MODES[est.mode](est, est.param),
    SELECTION + "VarianceThreshold": lambda est: floats(est.variances_) > est.threshold,
    SELECTION + "SelectFromModel": from_model,
    SELECTION + "SequentialFeatureSelector": stored,
    SELECTION + "RFE": stored,
    SELECTION + "RFECV": stored,
}


@importer(*MASKS)
def selector(est: Record, x: Node) -> Outputs:
    """The kept columns."""
    return transformer(selected(est, x))


@importer(SELECTION + "RFE", SELECTION + "RFECV")
def eliminator(est: Record, x: Node) -> Outputs:
    """The kept columns, and what the estimator fitted on them answers."""
    columns = selected(est, x)
    inner = import_outputs(est.estimator_, columns)
    methods = {**inner.methods, "transform": columns}
    return Outputs(inner.kind, methods, inner.classes)


def selected(est: Record, x: Node) -> Node:
    """The columns that a selector keeps, in their order."""
    mask = MASKS[est.path](est)
    require(mask.shape == (x.size,), f"a mask of {mask.size} columns for {x.size}")
    if not mask.any():
        raise refuse(est, "no column is kept", "select at least one column")
    return Gather(x, np.flatnonzero(mask))
