"""A function with two results: the nearest rows and their distances."""

import json

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsRegressor, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from codegen import export
from codegen.firmware import build_firmware, run_firmware
from codegen.prove import board_test
from codegen.verify import agreement
from tests.datasets import data


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gives_what_scikit_learn_gives(dtype: str) -> None:
    known = data("wine")
    model = NearestNeighbors(n_neighbors=4).fit(known.X)
    artifact = export(model, name="near", dtype=dtype)
    want = model.kneighbors(known.rows)
    for c in (artifact.compile(), artifact.host()):
        distance, index = c.kneighbors(known.rows)
        assert (index == want[1]).all()
        assert np.abs(distance - want[0]).max() < 1e-4
    header = artifact.files["near.h"]
    real = "float" if dtype == "float32" else "double"
    assert f"int32_t index[NEAR_N_NEIGHBORS], {real} distance[NEAR_N_NEIGHBORS]);" in header
    assert header.count("void near_") == 1
    assert list(json.loads(artifact.files["near.json"])["functions"]) == ["near_kneighbors"]


def test_behind_a_scaler_the_live_model_is_asked_and_cores_agree() -> None:
    known = data("wine")
    model = make_pipeline(StandardScaler(), NearestNeighbors(n_neighbors=3)).fit(known.X)
    found = export(model, name="near", target="cortex-m").verify(known.rows)
    assert found.reference == "python"
    assert found.agreement
    assert set(found.bits) == {"cortex-m0plus", "cortex-m4f"}


def test_boards_compare_both_results() -> None:
    known = data("rare")
    artifact = export(NearestNeighbors().fit(known.X), name="near", target="cortex-m4f")
    assert "near_test" in board_test(artifact, known.rows)["near_test.c"]
    firmware = build_firmware(artifact, "mps2-an386", known.rows, n_rows=5)
    ran = run_firmware(firmware)
    assert ran.passed
    assert "10 of 10 answers" in ran.text


def test_order_is_judged_place_by_place() -> None:
    want, got = np.array([[3, 1, 2]]), np.array([[3, 2, 1]])
    unsure = np.array([[0.0, 1.0, 1.0]])
    judged = {"is_label": True, "want": want, "got": got}
    assert agreement("kneighbors", bound=unsure, **judged).good
    assert not agreement("kneighbors", bound=unsure[:, ::-1], **judged).good


def test_ties_are_inside_the_bound() -> None:
    X = np.array([[0.0], [2.0], [2.0], [5.0]])
    model = NearestNeighbors(n_neighbors=3).fit(X)
    found = export(model, name="near").verify(np.array([[1.0], [2.0], [0.25]]), cores=())
    index, distance = found.given
    assert index.inside_rows == (0, 1, 2)
    assert index.good
    assert distance.good


def test_squares_that_float32_cannot_hold_are_told_by_the_bound() -> None:
    """Distances of 1e-24 have squares that are 0 in float32, and any row may be the nearest."""
    rng = np.random.default_rng(0)
    X = (rng.normal(size=(60, 3)) * 1e-24).astype(np.float32).astype(np.float64)
    model = KNeighborsRegressor(2, weights="distance").fit(X[:40], rng.normal(size=40))
    found = export(model, name="tiny").verify(X[40:], cores=())
    assert found.agreement
    assert found.max_abs_error > 0.1
