"""Splines, quantiles, powers and imputers against the estimator's own transform."""

from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import SplineTransformer

from codegen.errors import UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load
from tests.datasets import data

pytestmark = pytest.mark.filterwarnings("ignore")

IRIS, FAR, ONE, HOLES = (data(name) for name in ("iris", "far", "one", "holes_many"))
TIES = np.round(IRIS.X)


def same(fitted: Any, rows: Any) -> None:
    """The expression gives what the transformer does."""
    ours = evaluate(import_model(load(fitted)).methods, np.asarray(rows, np.float64))
    want = np.asarray(fitted.transform(rows))
    np.testing.assert_allclose(ours["transform"], want, rtol=1e-11, atol=1e-12)


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
