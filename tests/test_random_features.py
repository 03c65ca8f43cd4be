"""Feature maps of kernels: the importers against scikit-learn, and the C against both."""

from typing import Any

import numpy as np
import pytest
from sklearn.kernel_approximation import (
    AdditiveChi2Sampler,
    PolynomialCountSketch,
    RBFSampler,
    SkewedChi2Sampler,
)

from codegen import export, ir
from codegen.errors import UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load
from codegen.passes.decisions import decide_early

MAPS = (
    RBFSampler(n_components=7, random_state=0),
    RBFSampler(gamma=30.0, n_components=1, random_state=1),
    RBFSampler(gamma="scale", n_components=20, random_state=0),
    SkewedChi2Sampler(skewedness=0.3, n_components=9, random_state=0),
    AdditiveChi2Sampler(),
    AdditiveChi2Sampler(sample_steps=1),
    AdditiveChi2Sampler(sample_steps=3),
    AdditiveChi2Sampler(sample_steps=4, sample_interval=0.2),
    PolynomialCountSketch(n_components=6, random_state=0),
    PolynomialCountSketch(degree=3, gamma=0.5, coef0=2.0, n_components=5, random_state=0),
    PolynomialCountSketch(degree=1, n_components=2, random_state=0),
)


def rows(n_features: int, seed: int) -> np.ndarray:
    """Numbers from 0 up, some of them 0, as float32 holds them."""
    rng = np.random.default_rng(seed)
    X = rng.gamma(1.0, 2.0, size=(200, n_features)) * (rng.random((200, n_features)) > 0.1)
    return X.astype(np.float32).astype(np.float64)


@pytest.mark.parametrize("n_features", [1, 4])
@pytest.mark.parametrize("estimator", MAPS, ids=str)
def test_features(estimator: Any, n_features: int) -> None:
    model, X = estimator.fit(rows(n_features, 0)), rows(n_features, 1)
    ours = evaluate(import_model(load(model)).methods, X)["transform"]
    np.testing.assert_allclose(ours, model.transform(X), rtol=0, atol=1e-12 * np.ptp(ours))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "estimator", [SkewedChi2Sampler(skewedness=0.3, random_state=0), AdditiveChi2Sampler()], ids=str
)
def test_rows_that_the_estimator_refuses_give_nan(estimator: Any, dtype: Any) -> None:
    X = rows(3, 2)
    artifact = export(estimator.fit(X), name="features", dtype=dtype)
    assert artifact.verify(X).agreement
    assert np.isnan(artifact.compile().transform(np.full((1, 3), -1.0))).any()


def test_a_sketch_of_too_many_products_is_refused() -> None:
    model = PolynomialCountSketch(degree=3, random_state=0).fit(rows(30, 0))
    with pytest.raises(UnsupportedModel, match=r"degree=3 of 30 columns.*RBFSampler"):
        import_model(load(model))


@pytest.mark.parametrize("choice", [ir.ArgMax, lambda x: ir.Neighbors(x, 1)])
def test_a_choice_among_cosines_is_none_among_their_arguments(choice: Any) -> None:
    node = choice(ir.Elementwise(ir.Input(3), "cos"))
    assert decide_early(node) is node


def test_cosines_far_from_zero_keep_their_digits() -> None:
    model = RBFSampler(gamma=1e10, n_components=50, random_state=0).fit(rows(2, 0))
    found = export(model, name="features", dtype="float64").verify(rows(2, 1))
    assert found.agreement
