"""Clusterers without a predict of their own: the C keeps the rule that its header states."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN, HDBSCAN

from codegen import export
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
