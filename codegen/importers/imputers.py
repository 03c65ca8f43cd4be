"""Imputation of a column from the other columns."""

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.functions import either
from codegen.importers.preprocessing import is_missing, missing_value, with_holes
from codegen.importers.registry import import_outputs, importer
from codegen.ir import (
    Clip,
    Concat,
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
    if est.add_indicator and np.size(est.indicator_.features_):
        marked = Gather(x, integers(est.indicator_.features_))
        columns.append(is_missing(marked, missing))
    return transformer(Concat(tuple(columns)))


def where_missing(x: Node, missing: float, guess: Node) -> Node:
    """The guess where x is missing, else x."""
    return either(with_holes(x, missing), guess)
