"""The package's own trainers: what they fit by their definitions, and what is read of it."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from sklearn.utils.estimator_checks import parametrize_with_checks

from codegen.errors import InvalidModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load
from codegen.trainers import DiffusionMap, FTRLClassifier
from tests.datasets import data

pytestmark = pytest.mark.filterwarnings("ignore")


@parametrize_with_checks([FTRLClassifier(), DiffusionMap(n_components=1)])
def test_an_estimator_as_others(estimator: Any, check: Any) -> None:
    check(estimator)


def leader(X: np.ndarray, y: np.ndarray, *, alpha: float, beta: float, l1: float, l2: float) -> Any:
    """McMahan's algorithm 1, coefficient by coefficient."""
    z, n, w = (np.zeros(X.shape[1]) for _ in range(3))
    for x, truth in zip(X, y, strict=True):
        for i in range(len(w)):
            rest = np.sign(z[i]) * l1 - z[i]
            w[i] = 0 if abs(z[i]) <= l1 else rest / ((beta + n[i] ** 0.5) / alpha + l2)
        p = expit(x @ w)
        for i in range(len(w)):
            g = (p - truth) * x[i]
            z[i] += g - ((n[i] + g * g) ** 0.5 - n[i] ** 0.5) / alpha * w[i]
            n[i] += g * g
    return z, n


def test_the_leader_is_followed() -> None:
    known = data("rare")
    settings = {"alpha": 0.3, "beta": 0.5, "l1": 0.7, "l2": 0.2}
    model = FTRLClassifier(**settings, fit_intercept=False, max_iter=1, shuffle=False)
    model.fit(known.X, known.y)
    z, n = leader(known.X, known.y == model.classes_[1], **settings)
    np.testing.assert_allclose(model.z_[:-1], z, rtol=1e-12)
    np.testing.assert_allclose(model.n_[:-1], n, rtol=1e-12)
    assert model.intercept_ == 0
    half = FTRLClassifier(**settings, fit_intercept=False)
    for rows in (slice(0, 50), slice(50, None)):
        half.partial_fit(known.X[rows], known.y[rows], classes=model.classes_)
    np.testing.assert_array_equal(half.coef_, model.coef_)


def test_a_penalty_makes_coefficients_zero() -> None:
    known = data("cancer")
    counts = [
        np.count_nonzero(FTRLClassifier(l1=l1, random_state=0).fit(known.X, known.y).coef_)
        for l1 in (0.0, 1e4)
    ]
    assert counts[0] == known.X.shape[1] > counts[1]


def test_the_walk_is_slow_in_its_coordinates() -> None:
    X = data("iris").X
    model = DiffusionMap(3, gamma=0.3, random_state=0, n_steps=2).fit(X)
    kernel = np.exp(-0.3 * ((X[:, None] - X) ** 2).sum(axis=2))
    walk = kernel / kernel.sum(axis=1, keepdims=True)
    value = np.sort(np.linalg.eigvals(walk).real)[::-1][1:4]
    np.testing.assert_allclose(model.eigenvalues_, value, rtol=1e-8)
    slow = walk @ model.embedding_
    np.testing.assert_allclose(slow, model.embedding_ * value, atol=1e-6)
    np.testing.assert_allclose(model.transform(X), model.embedding_, atol=1e-6)
    few = DiffusionMap(3, gamma=0.3, n_steps=2).fit(X[:20])  # by all eigenvectors
    np.testing.assert_allclose(few.transform(X[:20]), few.embedding_, atol=1e-10)


@pytest.mark.parametrize("options", [{}, {"n_neighbors": 9}, {"gamma": 0.2, "n_steps": 3}])
def test_coordinates_are_read(options: dict[str, Any]) -> None:
    known = data("iris")
    model = DiffusionMap(random_state=0, **options).fit(known.X)
    rows = np.vstack([known.rows, 10 * known.rows[:9]])  # and where every kernel is 0
    ours = evaluate(import_model(load(model)).methods, rows)["transform"]
    np.testing.assert_allclose(ours, model.transform(rows), rtol=0, atol=1e-9)


@pytest.mark.parametrize("options", [{}, {"l1": 2.0}, {"fit_intercept": False}])
def test_classes_are_read(options: dict[str, Any]) -> None:
    known = data("cancer")
    model = FTRLClassifier(random_state=0, **options).fit(known.X, known.y)
    ours = evaluate(import_model(load(model)).methods, known.rows)
    np.testing.assert_allclose(ours["predict_proba"], model.predict_proba(known.rows), atol=1e-12)
    found = model.classes_[ours["predict"][:, 0].astype(int)]
    np.testing.assert_array_equal(found, model.predict(known.rows))


def test_malformed_coordinates_are_refused() -> None:
    model = DiffusionMap(random_state=0).fit(data("iris").X)
    for name, value in (("positions_", np.zeros(3)), ("n_neighbors_", 10**6), ("gamma_", None)):
        record = load(model)
        record.state[name] = value
        with pytest.raises(InvalidModel):
            import_model(record)
