"""Clusterers without a predict of their own: the C keeps the rule that its header states."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN, HDBSCAN, OPTICS, AgglomerativeClustering
from sklearn.manifold import MDS, ClassicalMDS, SpectralEmbedding
from typer.testing import CliRunner

from codegen import export
from codegen.cli import app
from tests.datasets import data

SETTINGS = (
    ("iris", DBSCAN(eps=0.5)),
    ("rare", DBSCAN(eps=1.0, min_samples=3, metric="manhattan")),
    ("one", DBSCAN(eps=1e-9, min_samples=9)),
    ("wine", DBSCAN(eps=30.0, min_samples=4, metric="chebyshev")),
)


def nearest_core(model: Any, rows: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The label of the nearest core sample within eps, else -1; and how near the choice was."""
    core = model.components_
    if not len(core):
        return np.full(len(rows), -1), np.full(len(rows), np.inf)
    metric = {"manhattan": "cityblock"}.get(model.metric, model.metric)
    distance = np.column_stack([cdist(rows, core, metric), np.full(len(rows), model.eps)])
    label = np.append(model.labels_[model.core_sample_indices_], -1)
    two = np.sort(distance, axis=1)[:, :2]
    return label[distance.argmin(axis=1)], two[:, 1] - two[:, 0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "model"), SETTINGS)
def test_dbscan(name: str, model: Any, dtype: str) -> None:
    known = data(name)
    model.fit(known.X)
    artifact = export(model, name="dense", dtype=dtype)
    rows = np.vstack([known.rows, known.X])
    want, gap = nearest_core(model, rows)
    got = artifact.compile().predict(rows)
    assert (got == want)[gap > 1e-3].all()
    assert "nearest core sample" in artifact.files["dense.h"].replace("\n", " ")
    core = model.core_sample_indices_
    assert (artifact.compile().predict(known.X[core]) == model.labels_[core]).all()


@pytest.mark.parametrize("centre", ["centroid", "medoid"])
@pytest.mark.parametrize("name", ["iris", "rare", "one"])
def test_hdbscan(name: str, centre: str) -> None:
    known = data(name)
    model = HDBSCAN(min_cluster_size=5, store_centers=centre, copy=True).fit(known.X)
    artifact = export(model, name="dense")
    centres = getattr(model, f"{centre}s_")
    distance = np.sort(cdist(known.rows, centres), axis=1)
    sure = (np.diff(distance[:, :2], axis=1) > 1e-3).all(axis=1)
    want = cdist(known.rows, centres).argmin(axis=1)
    assert (artifact.compile().predict(known.rows) == want)[sure].all()
    assert "nearest stored centre" in artifact.files["dense.h"].replace("\n", " ")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["iris", "one", "rare"])
@pytest.mark.parametrize("clusterer", [AgglomerativeClustering(3), HDBSCAN(5, copy=True)])
def test_nearest_row_of_those_that_are_given(clusterer: Any, name: str, dtype: str) -> None:
    known = data(name)
    model = clusterer.fit(known.X)
    artifact = export(model, name="groups", dtype=dtype, fitted_on=known.X)
    got = artifact.compile().predict(known.rows)
    distance = cdist(known.rows, known.X)
    two = np.sort(distance, axis=1)[:, :2]
    sure = two[:, 1] - two[:, 0] > 1e-4
    assert (got == model.labels_[distance.argmin(axis=1)])[sure].all()
    assert (artifact.compile().predict(known.X) == model.labels_).all()
    assert "nearest row" in artifact.files["groups.h"].replace("\n", " ")
    assert json.loads(artifact.files["groups.json"])["model_sha256"] == artifact.sha256
    other = export(model, name="groups", dtype=dtype, fitted_on=known.X + 1)
    assert other.sha256 != artifact.sha256


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_optics_of_one_eps(dtype: str) -> None:
    known = data("iris")
    model = OPTICS(cluster_method="dbscan", eps=0.6).fit(known.X)
    core = model.core_distances_ <= model.eps
    artifact = export(model, name="dense", dtype=dtype, fitted_on=known.X)
    assert (artifact.compile().predict(known.X[core]) == model.labels_[core]).all()
    assert artifact.verify(known.rows, cores=()).agreement


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "model",
    [
        ClassicalMDS(2),
        SpectralEmbedding(2, affinity="rbf"),
        MDS(2, n_init=1, init="random", random_state=0),
    ],
)
def test_positions_of_new_rows(model: Any, dtype: str) -> None:
    known = data("iris")
    artifact = export(model.fit(known.X), name="place", dtype=dtype, fitted_on=known.X)
    assert artifact.verify(known.rows, cores=()).agreement
    assert "no transform here" in artifact.files["place.h"].replace("\n", " ")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_scaling_gives_its_own_rows_their_positions(dtype: str) -> None:
    known = data("rare")
    model = MDS(3, n_init=1, init="random", random_state=0).fit(known.X)
    c = export(model, name="place", dtype=dtype, fitted_on=known.X).compile()
    assert (c.transform(known.X) == model.embedding_.astype(dtype)).all()


def test_rows_from_a_file(tmp_path: Path) -> None:
    known = data("iris")
    model = AgglomerativeClustering(3).fit(known.X)
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(model))
    rows = tmp_path / "X.csv"
    np.savetxt(rows, known.X, delimiter=",", fmt="%.17g", header="a,b,c,d", comments="")
    asked = ["export", str(tmp_path / "m.pkl"), "--target", "cortex-m4f", "-o", str(tmp_path / "o")]
    assert CliRunner().invoke(app, asked).exit_code != 0
    done = CliRunner().invoke(app, [*asked, "--fitted-on", str(rows)])
    assert done.exit_code == 0, done.output
    told = ["--data", str(rows), "--fitted-on", str(rows)]
    for asked in (
        ["verify", str(tmp_path / "m.pkl"), "--target", "host"],
        ["firmware", str(tmp_path / "m.pkl"), "--board", "microbit", "-o", str(tmp_path / "f")],
    ):
        assert CliRunner().invoke(app, [*asked, *told[:2]]).exit_code != 0
        done = CliRunner().invoke(app, [*asked, *told])
        assert done.exit_code == 0, done.output
    same = export(model, name="m", fitted_on=known.X, target="cortex-m4f")
    assert (tmp_path / "o" / "m.h").read_text() == same.files["m.h"]
