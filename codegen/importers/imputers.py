"""Imputation of a column from the other columns."""

from math import fsum

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.functions import either, filled, with_holes
from codegen.importers.preprocessing import is_missing, missing_value
from codegen.importers.registry import import_outputs, importer
from codegen.ir import (
    Clip,
    Concat,
    Donate,
    Floats,
    Gather,
    Node,
    Outputs,
    require,
)
from codegen.load import Record

LARGEST = float(np.finfo(np.float32).max)


@importer("sklearn.impute.IterativeImputer")
def iterative_imputer(est: Record, x: Node) -> Outputs:
    """The fitted regressors in their order, each on what the ones before it filled in.

    A row without any value is filled as in a batch in which some row has one: Python leaves a batch
    of such rows alone at the initial values.
    """
    if est.sample_posterior:
        raise refuse(est, "sample_posterior=True", "fit with sample_posterior=False: no randomness")
    missing = missing_value(est)
    kept = np.arange(x.size)
    if not est.keep_empty_features:
        kept = np.flatnonzero(~np.asarray(est._is_empty_feature, bool))
    filled = import_outputs(est.initial_imputer_, x).methods["transform"]
    require(filled.size == kept.size, "initial values for each column that is kept")
    columns: list[Node] = [Gather(filled, np.array([i])) for i in range(kept.size)]
    for step in est.imputation_sequence_ if est.n_iter_ else ():
        column, others, inner = step.args
        require(0 <= column < kept.size, "a column that is imputed")
        known = Gather(Concat(tuple(columns)), integers(others))
        guess = import_outputs(inner, known).methods["predict"]
        low, high = floats(est._min_value)[column], floats(est._max_value)[column]
        guess = Clip(guess, max(low, -LARGEST), min(high, LARGEST))
        columns[column] = where_missing(Gather(x, kept[[column]]), missing, guess)
    return transformer(Concat((*columns, *indicators(est, x, missing))))


@importer("sklearn.impute.KNNImputer")
def knn_imputer(est: Record, x: Node) -> Outputs:
    """Each missing value as the mean of its column over the nearest rows that have it.

    Distances count the columns that both rows have, so columns without any value are left out; they
    give 0 where they are kept.
    """
    if est.metric != "nan_euclidean":
        raise refuse(est, "this metric", "fit with metric='nan_euclidean'")
    if est.weights not in ("uniform", "distance"):
        raise refuse(est, "these weights", "fit with 'uniform' or 'distance'")
    missing, lacks = missing_value(est), np.asarray(est._mask_fit_X)
    rows = floats(est._fit_X)
    require(rows.shape == lacks.shape and rows.shape[1:] == (x.size,), "a mask of the rows")
    require(lacks.dtype == bool, "a mask of the rows")
    rows[lacks] = np.nan
    kept, empty = np.flatnonzero(~lacks.all(axis=0)), np.flatnonzero(lacks.all(axis=0))
    columns: list[Node] = []
    if kept.size:
        known = with_holes(Gather(x, kept), missing)
        donors, weighted = rows[:, kept], est.weights == "distance"
        columns.append(
            Donate(known, donors, min(int(est.n_neighbors), len(rows)), weighted, means(donors))
        )
    if est.keep_empty_features and empty.size:
        columns.append(filled(Clip(Gather(x, empty), 0.0, 0.0), np.nan, np.zeros(empty.size)))
        order = np.argsort(np.concatenate([kept, empty]))
        columns = [Gather(Concat(tuple(columns)), order)]
    return transformer(Concat((*columns, *indicators(est, x, missing))))


def indicators(est: Record, x: Node, missing: float) -> list[Node]:
    """Where x was missing, of the columns that were missing in the fit; none if not asked for."""
    if est.add_indicator and np.size(est.indicator_.features_):
        return [is_missing(Gather(x, integers(est.indicator_.features_)), missing)]
    return []


def means(rows: Floats) -> Floats:
    """The mean of what is not NaN of each column."""
    columns = (column[~np.isnan(column)] for column in rows.T)
    return np.array([fsum(known) / known.size for known in columns])


def where_missing(x: Node, missing: float, guess: Node) -> Node:
    """The guess where x is missing, else x."""
    return either(with_holes(x, missing), guess)
