"""The C of expressions that no importer makes stays within its bound of what evaluate says."""

import numpy as np
import pytest

from codegen.bounds import bounds
from codegen.evaluate import evaluate
from codegen.plan.program import Dtype
from tests.expressions import EXPRESSIONS, ROWS, built


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expression(name: str, dtype: Dtype) -> None:
    artifact = built(name, dtype)
    (method,) = artifact.model.methods
    want = evaluate(artifact.model.methods, ROWS)[method]
    got = artifact.compile().raw(method, ROWS)
    bound = bounds(artifact.lowered.methods, ROWS, dtype)[method].bound
    assert np.isfinite(bound).all()
    if got.dtype == np.int32:
        assert bound.mean() < 0.02
        assert (got == want)[bound == 0].all()
    else:
        error = np.where(np.isnan(want) & np.isnan(got), 0, np.abs(got - want))
        assert (error <= bound).all()
        span = np.nanmax(want) - np.nanmin(want)
        assert bound.max() <= (1e-4 if dtype == "float32" else 1e-11) * span


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["sets", "sets_truncated", "sets_whole"])
def test_categories_are_found_in_every_number(name: str, dtype: Dtype) -> None:
    rng = np.random.default_rng(7)
    special = [np.nan, -np.nan, np.inf, -np.inf, -0.0, 1e-40, -1e-40, -0.99999994, 1.9999999]
    known = [special, np.arange(-2, 90) / 4, 2.0 ** np.arange(16, 64)]
    rows = np.vstack([rng.choice(values, size=(500, ROWS.shape[1])) for values in known])
    rows = rows.astype(np.float32).astype(np.float64)
    artifact = built(name, dtype)
    want = evaluate(artifact.model.methods, rows)["transform"]
    np.testing.assert_array_equal(artifact.compile().raw("transform", rows), want)
