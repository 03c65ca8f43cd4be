"""Sparse codes over a dictionary: the importer against scikit-learn, and what is refused."""

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import (
    NMF,
    DictionaryLearning,
    LatentDirichletAllocation,
    MiniBatchDictionaryLearning,
    MiniBatchNMF,
    SparseCoder,
)

from codegen import ir
from codegen.errors import UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load
from codegen.losses.codes import encode_loss
from codegen.losses.common import Known

pytestmark = pytest.mark.filterwarnings("ignore")


def single(seed: int, *shape: int) -> np.ndarray:
    """Numbers that float32 holds."""
    drawn = np.random.default_rng(seed).normal(size=shape)
    return drawn.astype(np.float32).astype(np.float64)


ROWS = single(0, 200, 9)
ATOMS = single(1, 6, 9)
ATOMS /= np.linalg.norm(ATOMS, axis=1, keepdims=True)

CODERS = (
    SparseCoder(ATOMS, transform_algorithm="omp"),
    SparseCoder(ATOMS, transform_algorithm="omp", transform_n_nonzero_coefs=3, split_sign=True),
    SparseCoder(3 * ATOMS, transform_algorithm="omp", transform_n_nonzero_coefs=6),
    SparseCoder(ATOMS, transform_algorithm="threshold"),
    SparseCoder(ATOMS, transform_algorithm="threshold", transform_alpha=0.5, split_sign=True),
    SparseCoder(ATOMS, transform_algorithm="threshold", positive_code=True, split_sign=True),
    DictionaryLearning(4, max_iter=3, random_state=0, transform_n_nonzero_coefs=2),
    DictionaryLearning(4, alpha=0.3, max_iter=3, random_state=0, transform_algorithm="threshold"),
    MiniBatchDictionaryLearning(11, max_iter=2, random_state=0),
)


@pytest.mark.parametrize("estimator", CODERS, ids=lambda e: type(e).__name__)
def test_codes(estimator: Any) -> None:
    model = estimator.fit(ROWS)
    ours = evaluate(import_model(load(model)).methods, ROWS)["transform"]
    np.testing.assert_allclose(ours, model.transform(ROWS), rtol=0, atol=1e-11)


@pytest.mark.parametrize("estimator", [CODERS[0], CODERS[2]], ids=["one", "six"])
def test_codes_of_nothing_and_of_an_atom(estimator: Any) -> None:
    rows = np.vstack([np.zeros(9), ATOMS, 2 * ATOMS[:1]])
    model = estimator.fit(ROWS)
    ours = evaluate(import_model(load(model)).methods, rows)["transform"]
    np.testing.assert_allclose(ours, model.transform(rows), rtol=0, atol=1e-11)


def test_the_error_of_codes_is_known_where_every_pick_is_sure() -> None:
    node = ir.Encode(ir.Input(6), ATOMS @ ATOMS.T, "omp", 3, 2.0**-52)
    rows = ROWS @ ATOMS.T
    off = 1e-6 * np.sign(single(2, *rows.shape))
    moved = evaluate({"y": node}, rows + off)["y"]
    found = encode_loss(node, Known(rows, np.abs(off)), 2.0**-24)
    assert (np.abs(moved - evaluate({"y": node}, rows)["y"]) <= found).all()
    assert np.isfinite(found).mean() > 0.95
    tied = np.array([[1.0, 1.0, 0.0, 0.0, 0.0, 0.0]])
    assert np.isinf(encode_loss(node, Known(tied, 0 * tied + 1e-9), 2.0**-24)).all()


@pytest.mark.parametrize("algorithm", ["lasso_cd", "lasso_lars", "lars"])
def test_codes_refused(algorithm: str) -> None:
    model = SparseCoder(ATOMS, transform_algorithm=algorithm).fit(ROWS)
    with pytest.raises(UnsupportedModel, match=rf"'{algorithm}'.*'omp' or 'threshold'"):
        import_model(load(model))


@pytest.mark.parametrize("make", [NMF, MiniBatchNMF, LatentDirichletAllocation])
def test_factors_refused(make: Any) -> None:
    model = make(2, max_iter=2, random_state=0).fit(np.abs(ROWS))
    with pytest.raises(UnsupportedModel, match=r"stop together.*MLPRegressor"):
        import_model(load(model))
