"""Splines, quantiles, powers and imputers against the estimator's own transform."""

from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import (
    FunctionTransformer,
    PowerTransformer,
    QuantileTransformer,
    SplineTransformer,
)

from codegen.errors import UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load
from codegen.passes import prepare
from tests.datasets import data

pytestmark = pytest.mark.filterwarnings("ignore")

IRIS, FAR, ONE, HOLES = (data(name) for name in ("iris", "far", "one", "holes_many"))
TIES = np.round(IRIS.X)


def same(fitted: Any, rows: Any, loss: float = 1e-12) -> None:
    """The expression gives what the transformer does."""
    ours = evaluate(import_model(load(fitted)).methods, np.asarray(rows, np.float64))
    want = np.asarray(fitted.transform(rows))
    np.testing.assert_allclose(ours["transform"], want, rtol=1e-11, atol=loss)


def refused(fitted: Any, says: str) -> None:
    """The importer tells what has no C form, and a way out."""
    with pytest.raises(UnsupportedModel, match=says):
        import_model(load(fitted))


@pytest.mark.parametrize("degree", range(6))
@pytest.mark.parametrize("extrapolation", ["constant", "linear", "continue", "periodic", "error"])
@pytest.mark.parametrize("known", [IRIS, FAR, ONE], ids=["iris", "far", "one"])
def test_splines(known: Any, extrapolation: str, degree: int) -> None:
    if extrapolation == "linear" and degree < 2 and known is not ONE:
        return
    spread = 0.5 if extrapolation == "constant" and degree == 0 else 2.0
    rows = known.rows if extrapolation != "error" else known.X
    rows = (
        known.X.mean(axis=0) + spread * (rows - known.X.mean(axis=0))
        if rows is not known.X
        else rows
    )
    rows = np.clip(rows, known.X.min(axis=0), known.X.max(axis=0)) if spread < 1 else rows
    knots = "quantile" if degree % 2 else "uniform"
    transformer = SplineTransformer(
        6, degree=degree, extrapolation=extrapolation, knots=knots, include_bias=degree < 3
    )
    same(transformer.fit(known.X), np.vstack([rows, known.X]))


@pytest.mark.parametrize("extrapolation", ["constant", "linear", "continue"])
def test_splines_of_equal_knots_and_of_missing_values(extrapolation: str) -> None:
    same(SplineTransformer(9, knots="quantile", extrapolation=extrapolation).fit(TIES), TIES)
    column = np.full((5, 1), 3.0)
    same(SplineTransformer(4, extrapolation=extrapolation).fit(column), [[2.0], [3.0], [7.0]])
    settings = {"handle_missing": "zeros", "extrapolation": extrapolation, "sparse_output": False}
    same(SplineTransformer(4, **settings).fit(HOLES.X), HOLES.rows)


def test_splines_refused() -> None:
    refused(SplineTransformer(degree=1, extrapolation="linear").fit(IRIS.X), "one transformer a")
    periodic = SplineTransformer(4, extrapolation="periodic").fit(np.ones((5, 1)))
    refused(periodic, "drop it before the splines")


STRANGE = np.column_stack([HOLES.X, np.full(len(TIES), 3.0), TIES, IRIS.X > 3])


@pytest.mark.parametrize("n_quantiles", [1, 2, 10, 75])
@pytest.mark.parametrize("distribution", ["uniform", "normal"])
def test_quantiles(distribution: str, n_quantiles: int) -> None:
    fitted = QuantileTransformer(n_quantiles=n_quantiles, output_distribution=distribution)
    near = [STRANGE + d for d in (0.0, 1e-8, -1e-8, 2e-7, -2e-7, 0.3, -0.3, 9.0)]
    loss = 1e-9 if distribution == "normal" else 1e-12  # scikit-learn's: it reckons with 1 - p
    same(fitted.fit(STRANGE), np.vstack(near), loss)
    same(fitted.fit(STRANGE[:, -1:]), STRANGE[:, -1:], loss)


def test_steps_of_quantiles_keep_their_side_in_float32() -> None:
    column = np.repeat([0.1, 0.7, 2.0, 5.3], [3, 9, 9, 4])[:, None]
    fitted = QuantileTransformer(n_quantiles=25).fit(column)
    near = np.float32(column)
    rows = np.vstack([near, *(np.nextafter(near, np.float32(d)) for d in (-9, 9))]).astype(float)
    lowered = prepare(import_model(load(fitted)), "float32")
    ours = evaluate(lowered.methods, rows)["transform"]
    np.testing.assert_allclose(ours, fitted.transform(rows), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("standardize", [True, False])
def test_powers(standardize: bool) -> None:
    settings = {"standardize": standardize}
    same(PowerTransformer(**settings).fit(STRANGE), np.vstack([STRANGE, -STRANGE, 3 * STRANGE]))
    same(PowerTransformer("box-cox", **settings).fit(np.exp(HOLES.X)), np.exp(HOLES.rows))
    fitted = PowerTransformer(**settings).fit(IRIS.X)
    fitted.lambdas_[:] = [0.0, 1e-17, 2.0, 1.0]
    same(fitted, np.vstack([IRIS.X, -IRIS.X]))


@pytest.mark.parametrize("function", [np.log1p, np.expm1, np.absolute, np.negative, np.exp2])
def test_functions_of_columns(function: Any) -> None:
    same(FunctionTransformer(function).fit(HOLES.X), HOLES.rows)
    tiny = 1e-9 * IRIS.rows
    same(FunctionTransformer(function).fit(tiny), tiny)


def test_absolute_values_of_the_least_and_the_largest_numbers() -> None:
    rows = np.array([[-5e-324, -1e-40, -1e39, -1e300]])
    same(FunctionTransformer(np.absolute).fit(rows), rows)
