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
from codegen.bounds import bounds
from codegen.errors import UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.live import ask
from codegen.load import load
from codegen.losses.codes import encode_loss
from codegen.losses.common import Known
from codegen.losses.descent import descent_loss
from codegen.losses.factors import factorize_loss
from codegen.losses.topics import topics_loss

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


COUNTS = np.floor(8 * np.abs(single(3, 200, 9)))

FACTORS = (
    NMF(3, init="nndsvda"),
    NMF(4, init="nndsvd", tol=1e-2, alpha_W=0.02, l1_ratio=0.75),
    NMF(2, init="random", max_iter=3, random_state=0),
    NMF(5, init="nndsvda", tol=0.0, max_iter=20, alpha_W=0.1),
    NMF(3, init="nndsvda", solver="mu", max_iter=70),
    NMF(3, init="nndsvda", solver="mu", tol=0.0, max_iter=25, alpha_W=0.01),
    NMF(3, init="nndsvda", solver="mu", beta_loss=1, alpha_W=0.05, l1_ratio=0.5, tol=1e-3),
    MiniBatchNMF(3, init="nndsvda", beta_loss=2.0, alpha_W=0.05, l1_ratio=0.25, random_state=0),
    MiniBatchNMF(4, init="nndsvda", beta_loss="kullback-leibler", alpha_W=0.1, l1_ratio=1.0),
    MiniBatchNMF(2, init="nndsvda", transform_max_iter=7, tol=1e-9, random_state=0),
)
WITHOUT_ZEROS = (
    NMF(3, init="nndsvda", solver="mu", beta_loss="itakura-saito", alpha_W=0.01, l1_ratio=0.5),
    MiniBatchNMF(3, init="nndsvda", beta_loss=0, random_state=0, max_iter=60),
)


def alone(model: Any, rows: np.ndarray) -> np.ndarray:
    """What the estimator says of each row without the others."""
    return np.vstack([model.transform(row[None]) for row in rows])


@pytest.mark.parametrize("estimator", FACTORS, ids=repr)
def test_factors(estimator: Any) -> None:
    model = estimator.fit(COUNTS[:80])
    rows = np.vstack([COUNTS[80:], np.zeros(9), 1000 * COUNTS[:1]])
    imported = import_model(load(model))
    ours, want = evaluate(imported.methods, rows)["transform"], alone(model, rows)
    np.testing.assert_allclose(ours, want, rtol=0, atol=1e-12 * want.max())
    asked = ask(model, imported, rows)["transform"]
    np.testing.assert_array_equal(asked, want)
    assert estimator.tol == 0 or not np.array_equal(want, model.transform(rows))


@pytest.mark.parametrize("estimator", WITHOUT_ZEROS, ids=repr)
def test_factors_of_spectra(estimator: Any) -> None:
    rows = COUNTS + 0.5
    model = estimator.fit(rows[:80])
    ours = evaluate(import_model(load(model)).methods, rows[80:])["transform"]
    np.testing.assert_allclose(ours, alone(model, rows[80:]), rtol=0, atol=1e-12 * ours.max())


@pytest.mark.parametrize("loss", ir.LOSSES)
@pytest.mark.parametrize("rule", ir.RULES)
def test_the_error_of_factors_by_multiplication_holds(loss: str, rule: str) -> None:
    node = ir.Factorize(ir.Input(9), np.abs(ATOMS), loss, 0.01, 0.02, False, rule, 60, 1e-3)
    x = COUNTS + 0.5
    for size in (1e-9, 1e-5):
        off = size * np.sign(single(2, *x.shape))
        moved, own = (evaluate({"y": node}, rows)["y"] for rows in (x + off, x))
        found = bounds({"y": node}, x, "float64")["y"].bound
        assert (np.median(found, axis=0) <= 1e-12 * own.max()).all()
        found = factorize_loss(node, Known(x, np.abs(off)), own, 2.0**-53)
        assert (np.abs(moved - own) <= found).all()
        assert np.median(found) < 100 * size
    x[0, 0] = -1.0
    assert np.isinf(bounds({"y": node}, x, "float64")["y"].bound[0]).all()


def test_the_error_of_factors_holds_wherever_the_iteration_ends() -> None:
    atoms = np.abs(ATOMS[:4])
    node = ir.Encode(ir.Input(4), atoms @ atoms.T, "descent", 60, 1e-3)
    c = np.abs(ROWS) @ atoms.T
    for size in (1e-9, 1e-5):
        off = size * np.sign(single(2, *c.shape))
        moved, own = (evaluate({"y": node}, rows)["y"] for rows in (c + off, c))
        found = bounds({"y": node}, c, "float64")["y"].bound  # none of the input's: one ulp of it
        assert (found <= 1e-12 * own.max()).all()
        found = descent_loss(node, Known(c, np.abs(off)), own, 2.0**-53)
        assert (np.abs(moved - own) <= found).all()
        assert np.median(found) < 100 * size


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"shuffle": True}, r"shuffle=True.*shuffle=False"),
        ({"solver": "mu", "beta_loss": 1.5}, r"beta_loss=1.5.*'itakura-saito'"),
    ],
)
def test_factors_refused(options: dict[str, Any], said: str) -> None:
    model = NMF(2, max_iter=9, init="nndsvda", **options).fit(COUNTS)
    with pytest.raises(UnsupportedModel, match=said):
        import_model(load(model))


def test_factors_of_float32_are_refused() -> None:
    model = NMF(2, init="nndsvda").fit(COUNTS.astype(np.float32))
    with pytest.raises(UnsupportedModel, match=r"float32.*float64 rows"):
        import_model(load(model))


TOPICS = (
    LatentDirichletAllocation(3, max_iter=5, random_state=0),
    LatentDirichletAllocation(4, doc_topic_prior=0.01, mean_change_tol=1e-6, random_state=0),
    LatentDirichletAllocation(2, max_iter=3, max_doc_update_iter=4, random_state=0),
    LatentDirichletAllocation(5, max_iter=2, doc_topic_prior=1.0, random_state=0),
)


@pytest.mark.parametrize("estimator", TOPICS, ids=repr)
def test_topics(estimator: Any) -> None:
    model = estimator.fit(COUNTS[:80])
    rows = np.vstack([COUNTS[80:], np.zeros(9), COUNTS[:5] / 100, 1000 * COUNTS[:1]])
    ours = evaluate(import_model(load(model)).methods, rows)["transform"]
    np.testing.assert_allclose(ours, model.transform(rows), rtol=0, atol=1e-13)


def test_topics_of_float32_are_refused() -> None:
    model = LatentDirichletAllocation(2, max_iter=2).fit(COUNTS.astype(np.float32))
    with pytest.raises(UnsupportedModel, match=r"float32.*float64 rows"):
        import_model(load(model))


@pytest.mark.parametrize("prior", [0.01, 0.5])
def test_the_error_of_topics_holds_wherever_the_iteration_ends(prior: float) -> None:
    topics = np.random.default_rng(4).gamma(0.5, size=(4, 9)) + 1e-3
    node = ir.LatentDirichlet(ir.Input(9), topics, prior, 100, 1e-3)
    for size in (1e-9, 1e-5):
        off = size * np.sign(single(2, *COUNTS.shape))
        moved, own = (evaluate({"y": node}, np.abs(rows))["y"] for rows in (COUNTS + off, COUNTS))
        assert np.median(bounds({"y": node}, COUNTS, "float64")["y"].bound) <= 1e-8
        found = topics_loss(node, Known(COUNTS, np.abs(off)), own, 2.0**-53)
        assert (np.abs(moved - own) <= found).all()
        assert np.median(found) < 100 * size
