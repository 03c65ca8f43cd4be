"""Loops over many rows give the bits of the exported C, row by row, and are vectorised."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression

from codegen import export
from codegen.compiled import Compiled
from codegen.edges import edge_rows
from codegen.export import Artifact
from codegen.host import form_of, rows_source
from codegen.host.scores import doubt as scores_doubt
from codegen.host.scores import doubts, scores_of
from codegen.plan.program import Dtype
from codegen.toolchain import build_host, native_flags
from tests.batches import BATCHES, Batch, as_one, compiled
from tests.cases import Case, exported

DTYPES: tuple[Dtype, ...] = ("float32", "float64")
PORTABLE = ("-O3", "-mcpu=baseline")
N_ROWS = 230  # no multiple of any block, more than two of the largest

pytestmark = pytest.mark.filterwarnings("ignore")


@cache
def many_rows(case: Case, dtype: Dtype) -> NDArray[np.float64]:
    """Unseen rows, rows at the edges, tiny ones, and a few outside of the model's domain."""
    rng = np.random.default_rng(7)
    rows = edge_rows(exported(case, dtype).lowered, case.known.rows, N_ROWS)
    unseen = case.known.rows[: N_ROWS // 3]
    rows[50 : 50 + len(unseen)] = unseen
    rows[40:44] *= 1e-39
    for value in (np.nan, -np.nan, np.inf, -np.inf, 3e38, -3e38):
        row = rows[rng.integers(N_ROWS)]
        row[rng.integers(row.size)] = value
    return rows


def differing(got: Compiled, want: Compiled, rows: NDArray[np.float64]) -> list[str]:
    """Methods with an answer whose bits are not those expected; NaN equals NaN."""
    given = want.rows(rows)
    wrong = []
    for method in want.methods:
        a, b = got.raw(method, given), want.raw(method, given)
        both_nan = (a != a) & (b != b)
        unsigned = f"u{a.itemsize}"
        if not ((a.view(unsigned) == b.view(unsigned)) | both_nan).all():
            wrong.append(f"{want.program.name}.{method}")
    return wrong


def built(artifacts: list[Artifact], name: str, flags: tuple[str, ...]) -> list[Compiled]:
    """The host's loops of several exports, in one library."""
    exported_c: dict[str, str] = {}
    loops: dict[str, str] = {}
    for artifact in artifacts:
        exported_c |= artifact.sources
        loops |= rows_source(artifact.program)
    together = as_one(exported_c, "all.c") | as_one(loops, "all_rows.c")
    library = build_host(together, name, flags=flags)
    return [Compiled(artifact.program, library) for artifact in artifacts]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.id)
def test_every_case_has_the_bits_of_the_exported_c(batch: Batch, dtype: Dtype) -> None:
    artifacts = batch.artifacts(dtype, "split")
    hosts = built(artifacts, batch.id, native_flags())
    wrong = [
        name
        for case, artifact, host in zip(batch.cases, artifacts, hosts, strict=True)
        for name in differing(host, compiled(artifact), many_rows(case, dtype))
    ]
    assert wrong == []


# ---- leads that rounding decides


def on_borders(
    score: NDArray[np.float64], weight: NDArray[np.float64], X: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Rows moved along their features until their two largest linear scores are nearly equal."""
    order = np.argsort(score, axis=1)
    first, second = order[:, -1], order[:, -2]
    rows = np.arange(len(X))
    gap = score[rows, first] - score[rows, second]
    across = weight[first] - weight[second]
    return np.asarray(X - across * (gap / (across**2).sum(axis=1))[:, None])


def logistic_rows(n_classes: int) -> tuple[LogisticRegression, NDArray[np.float64]]:
    rng = np.random.default_rng(n_classes)
    X = rng.normal(size=(600, 9))
    y = (X @ rng.normal(size=(9, n_classes))).argmax(axis=1)
    model = LogisticRegression().fit(X, y)
    weight, bias = model.coef_, model.intercept_
    if n_classes == 2:
        weight, bias = np.vstack([0 * weight, weight]), np.append(0, bias)
    return model, on_borders(X @ weight.T + bias, weight, X)


def k_means_rows(n_clusters: int) -> tuple[KMeans, NDArray[np.float64]]:
    X = np.random.default_rng(n_clusters).normal(size=(600, 5))
    model = KMeans(n_clusters, n_init=1, random_state=0).fit(X)
    centres = model.cluster_centers_
    return model, on_borders(2 * X @ centres.T - (centres**2).sum(axis=1), 2 * centres, X)


def in_doubt(artifact: Artifact, rows: NDArray[Any]) -> NDArray[np.bool_]:
    """Rows whose label is not clear to quick sums."""
    scores = scores_of(artifact.program.model.methods["predict"])
    assert scores is not None
    dtype = artifact.program.dtype
    x = np.abs(rows.astype(np.float64))
    doubt = scores_doubt(scores, dtype) + (x**2 if scores.squares else x) @ doubts(scores, dtype)
    ordered = np.sort(rows.astype(np.float64) @ scores.weight.T + scores.bias, axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2] <= doubt)


BORDERS = {
    "logistic_2": lambda: logistic_rows(2),
    "logistic_4": lambda: logistic_rows(4),
    "logistic_11": lambda: logistic_rows(11),
    "k_means_3": lambda: k_means_rows(3),
    "k_means_19": lambda: k_means_rows(19),
}


@pytest.mark.parametrize("flags", [native_flags(), PORTABLE], ids=["native", "portable"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", BORDERS)
def test_leads_too_small_for_quick_sums_are_decided_by_the_exported_c(
    name: str, dtype: Dtype, flags: tuple[str, ...]
) -> None:
    model, X = BORDERS[name]()
    artifact = export(model, name=name, dtype=dtype)
    (host,) = built([artifact], name, flags)
    exact = artifact.compile()
    rounded = exact.rows(X)
    near = rounded.copy()
    near[1::3] = np.nextafter(rounded[1::3], rounded.dtype.type(np.inf))
    near[2::3] = np.nextafter(rounded[2::3], rounded.dtype.type(-np.inf))
    assert in_doubt(artifact, near).mean() > 0.5
    assert differing(host, exact, near) == []


# ---- values in whole numbers


@pytest.mark.parametrize("flags", [native_flags(), PORTABLE], ids=["native", "portable"])
@pytest.mark.parametrize("intercept", [0.0, 1.0])
@pytest.mark.parametrize("spread", [0, 6, 30])
def test_values_of_every_size_are_rounded_as_in_the_exported_c(
    spread: int, intercept: float, flags: tuple[str, ...]
) -> None:
    rng = np.random.default_rng(spread)
    model = LinearRegression().fit(rng.normal(size=(30, 11)), rng.normal(size=30))
    model.coef_ = rng.normal(size=11) * 10.0 ** rng.integers(-spread, spread + 1, size=11)
    model.intercept_ = intercept
    artifact = export(model, name=f"spread_{spread}")
    (host,) = built([artifact], artifact.name, flags)
    sizes = rng.integers(-44, 39, size=(6000, 1)) + rng.integers(-2, 3, size=(6000, 11))
    sizes[3000:] = 0
    rows = rng.normal(size=sizes.shape) * 10.0**sizes
    rows[4000:] = np.rint(rows[4000:]) * 2.0 ** rng.integers(-30, 1, size=(2000, 11))
    rows[::50, 3] = 0.0
    assert differing(host, artifact.compile(), rows) == []


# ---- which functions are vectorised


def template(model: object, method: str, dtype: Dtype) -> str:
    """The form in which a function is called for many rows."""
    program = export(model, dtype=dtype).program
    (found,) = (f for f in program.functions if f.method == method)
    return form_of(found, program).template


@pytest.mark.parametrize("dtype", DTYPES)
def test_forests_linear_labels_and_nearest_centres_are_vectorised(dtype: Dtype) -> None:
    X = np.random.default_rng(0).normal(size=(90, 4))
    y = X.argmax(axis=1)
    forest = RandomForestClassifier(5, random_state=0).fit(X, y)
    assert template(forest, "predict", dtype) == "host/forest.c.j2"
    assert template(forest, "predict_proba", dtype) == "host/forest.c.j2"
    for model in (
        LogisticRegression().fit(X, y),
        LogisticRegression().fit(X, y == 0),
        KMeans(3, n_init=1, random_state=0).fit(X),
        KMeans(3, n_init=1, random_state=0).fit(X + 100),
    ):
        assert template(model, "predict", dtype) == "host/scores.c.j2"


def test_linear_values_are_vectorised() -> None:
    X = np.random.default_rng(0).normal(size=(90, 4))
    assert template(LinearRegression().fit(X, X[:, 0]), "predict", "float32") == "host/block.c.j2"


# ---- arrays


def test_any_number_of_rows_in_any_order_and_type() -> None:
    model, X = logistic_rows(4)
    artifact = export(model, name="counts")
    host, exact = artifact.host(), artifact.compile()
    for n in (0, 1, 31, 32, 33, 97):
        assert differing(host, exact, X[:n]) == []
    want = exact.predict(X)
    for rows in (X, np.asfortranarray(X, np.float32), X.astype(np.float32)[:, ::-1][:, ::-1]):
        assert (host.predict(rows) == want).all()
    given = exact.rows(X)
    assert np.shares_memory(host.rows(given), given)
