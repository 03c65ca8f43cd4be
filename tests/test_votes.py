"""Votes that tie: the C gives scikit-learn's label on every row, also on exact ties."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

from codegen import export
from codegen.plan.program import Dtype

ROWS = 20_000
LEVELS, N_IN = 5, 6

Forest = RandomForestClassifier | ExtraTreesClassifier


def grid(seed: int, n_rows: int) -> NDArray[np.float64]:
    """Rows of small whole numbers, half of them exactly on the cuts between."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2 * LEVELS, (n_rows, N_IN)) / 2


def forest(kind: type[Forest], n_trees: int, n_classes: int, **settings: object) -> Forest:
    """A small forest on labels that the columns say little about, so that classes lie close."""
    X = grid(n_trees, 200)
    y = np.random.default_rng(n_classes).integers(n_classes, size=len(X))
    return kind(n_trees, random_state=n_trees, **settings).fit(X, y)


def with_fractions(model: Forest, largest: int) -> Forest:
    """The same forest with leaves that hold fractions of small denominators: sums tie often."""
    rng = np.random.default_rng(largest)
    for tree in model.estimators_:
        value = tree.tree_.value
        for leaf in range(len(value)):
            counts = rng.integers(0, largest, value.shape[2]) + (rng.integers(value.shape[2]) == 0)
            counts[rng.integers(value.shape[2])] += 1
            value[leaf, 0] = counts / counts.sum()
    return model


def ties(model: Forest, X: NDArray[np.float64]) -> int:
    """Rows whose two best probabilities are equal but for rounding."""
    best = np.sort(model.predict_proba(X), axis=1)[:, -2:]
    return int((best[:, 1] - best[:, 0] < 1e-14).sum())


def same_labels(model: Forest, X: NDArray[np.float64], dtype: Dtype = "float32") -> None:
    """Every label is scikit-learn's."""
    got = export(model, name="votes", dtype=dtype).compile().predict(X)
    np.testing.assert_array_equal(got, model.predict(X))


FITTED = [
    (RandomForestClassifier, 2, 2, {"max_depth": 2}),
    (RandomForestClassifier, 3, 3, {"max_depth": 3}),
    (RandomForestClassifier, 6, 2, {"min_samples_leaf": 9, "bootstrap": False, "max_features": 1}),
    (RandomForestClassifier, 10, 4, {}),
    (ExtraTreesClassifier, 7, 3, {"max_depth": 4}),
    (ExtraTreesClassifier, 25, 2, {"min_samples_leaf": 5}),
    (RandomForestClassifier, 12, 3, {"class_weight": "balanced_subsample", "max_depth": 3}),
    (ExtraTreesClassifier, 4, 5, {"class_weight": {0: 3.0}, "min_samples_leaf": 3}),
]


@pytest.mark.parametrize(("kind", "n_trees", "n_classes", "settings"), FITTED)
def test_fitted_forests(
    kind: type[Forest], n_trees: int, n_classes: int, settings: dict[str, object]
) -> None:
    same_labels(forest(kind, n_trees, n_classes, **settings), grid(99, ROWS))


@pytest.mark.parametrize("n_trees", [2, 3, 5, 6, 7, 10, 12, 49])
@pytest.mark.parametrize("largest", [2, 4, 13])
def test_constructed_ties(n_trees: int, largest: int) -> None:
    fitted = forest(RandomForestClassifier, n_trees, 3, max_depth=3)
    model = with_fractions(fitted, largest)
    X = grid(7, ROWS)
    same_labels(model, X)
    if largest == 2:
        assert ties(model, X) > 40, "no ties: this test would prove nothing"


def test_double_ties() -> None:
    model = with_fractions(forest(RandomForestClassifier, 6, 3, max_depth=3), 4)
    same_labels(model, grid(7, ROWS), "float64")


def test_a_tie_is_not_always_won_by_the_first_class() -> None:
    """Rounding in the order of the trees decides; whole-number counts alone would be wrong here."""
    X, lost = grid(7, ROWS), 0
    for n_trees in (3, 6, 7, 10):
        model = with_fractions(forest(RandomForestClassifier, n_trees, 3, max_depth=3), 2)
        proba = model.predict_proba(X)
        first = (proba.max(axis=1, keepdims=True) - proba < 1e-14).argmax(axis=1)
        lost += (model.classes_[first] != model.predict(X)).sum()
    assert lost > 0
