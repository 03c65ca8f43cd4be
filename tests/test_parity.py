"""The C answers as scikit-learn does: every case, on rows that were not seen, and at the edges."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codegen import export, ir
from codegen.edges import thresholds
from codegen.evaluate import evaluate
from codegen.export import Artifact
from codegen.verify import compare
from tests.batches import compiled
from tests.cases import BY_ID, CASES, Case, exported, fitted
from tests.record import Agreed
from tests.reference import (
    Floats,
    ask,
    flat,
    leaf_answers,
    offered,
    threshold_rows,
    trees_of,
    with_special,
)

DTYPES = ("float32", "float64")
EDGES = 2000

NOT_PROMISED = ("tree_behind_pca", "one_class3_one")
"""Steps behind inexact values, and scores that are nothing but rounding."""

Record = Callable[[Agreed], None]

pytestmark = pytest.mark.filterwarnings("ignore")

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
both_dtypes = pytest.mark.parametrize("dtype", DTYPES)


def size_of(want: Floats) -> Floats:
    """The range of each column of answers; its largest size where it is constant."""
    span = np.nanmax(want, axis=0) - np.nanmin(want, axis=0)
    return np.where(span > 0, span, np.nanmax(np.abs(want), axis=0))


def linear_map(root: ir.Node, n_features: int) -> tuple[Floats, Floats] | None:
    """Weights and constant of an expression that is linear in the input; None of any other."""
    if not all(isinstance(n, ir.Affine | ir.Scale | ir.Gather | ir.Input) for n in ir.walk([root])):
        return None
    constant = evaluate({"y": root}, np.zeros((1, n_features)))["y"]
    return evaluate({"y": root}, np.eye(n_features))["y"] - constant, constant


def linear_bound(artifact: Artifact, method: str, rows: Floats) -> Floats | None:
    """2 n 2^-24 (|b| + sum |w_i x_i|) where the method is linear in x."""
    found = linear_map(artifact.model.methods[method], rows.shape[1])
    if found is None:
        return None
    weight, constant = found
    return 2 * rows.shape[1] * 2.0**-24 * (np.abs(constant) + np.abs(rows) @ np.abs(weight))


def allowed32(artifact: Artifact, method: str, rows: Floats, want: Floats) -> tuple[Floats, str]:
    """How far a float32 number may be from the reference, and why that far."""
    if method == "predict_proba":
        return np.full(want.shape, 1e-6), ""
    plain = np.broadcast_to(1e-6 * size_of(want), want.shape)
    linear = linear_bound(artifact, method, rows)
    if linear is not None:
        return np.maximum(plain, linear), ""
    known = compare(artifact.model, artifact.lowered, rows, "float32", {})[method].known
    assert np.isfinite(known.bound).all(), "no bound is known"
    return np.maximum(plain, known.bound), "(own bound)"


def plain_enough(error: Floats, want: Floats) -> bool:
    """Whether all errors are below a millionth of the range."""
    return bool((error <= 1e-6 * size_of(want)).all())


def distance(want: Floats, got: Floats) -> Floats:
    """Absolute differences; equal infinities and NaN are equal."""
    same = (want == got) | (np.isnan(want) & np.isnan(got))
    return np.where(same, 0.0, np.abs(np.where(same, 0, want) - np.where(same, 0, got)))


def same_numbers32(artifact: Artifact, method: str, rows: Floats, want: Floats) -> Agreed:
    """float32 against scikit-learn."""
    got = compiled(artifact).raw(method, rows).astype(np.float64)
    error = distance(want, got)
    allowed, note = allowed32(artifact, method, rows, want)
    note = "" if plain_enough(error, want) else note
    return within(artifact, method, error, allowed, note)


def within(artifact: Artifact, method: str, error: Floats, allowed: Floats, note: str) -> Agreed:
    """All errors are as small as allowed; the worst of them for the record."""
    worst = np.unravel_index((error - allowed).argmax(), error.shape)
    assert (error <= allowed).all(), (
        f"{method} row {worst[0]} value {worst[1]}: error {error[worst]:.3e}, "
        f"allowed {allowed[worst]:.3e}, {(error > allowed).sum()} of {error.size} beyond"
    )
    share = float((error / np.where(allowed == 0, 1, allowed)).max())
    dtype = artifact.program.dtype
    return Agreed(artifact.name, dtype, method, len(error), float(error.max()), share, note=note)


def same_numbers64(artifact: Artifact, method: str, rows: Floats, want: Floats) -> Agreed:
    """float64 against evaluate and against scikit-learn."""
    own = evaluate(artifact.model.methods, rows)[method]
    judged(artifact, method, rows, own, 1e-12)
    return judged(artifact, method, rows, want, 1e-10)


def judged(
    artifact: Artifact, method: str, rows: Floats, reference: Floats, share: float
) -> Agreed:
    """Within a share of the range; or, where the reference itself errs more, no worse than that.

    How much the reference errs is shown: the same expression is evaluated in 80-bit arithmetic.
    """
    got = compiled(artifact).raw(method, rows)
    error, allowed = (
        distance(reference, got),
        share * size_of(reference) + 0 * np.nan_to_num(reference),
    )
    if (error <= allowed).all():
        return within(artifact, method, error, allowed, "")
    exact = evaluate(artifact.model.methods, rows.astype(np.longdouble))[method]
    shown = distance(exact, reference).astype(np.float64)
    assert (shown <= 1e-6 * size_of(reference)).all(), f"{method}: {shown.max()} is no rounding"
    allowed = np.maximum(allowed, 2 * shown.max(axis=0))
    error = distance(exact, got).astype(np.float64)
    return within(artifact, method, error, allowed, "(reference errs)")


def same_labels(artifact: Artifact, method: str, rows: Floats, want: Any) -> Agreed:
    """Labels are equal on all rows whose decisive gap exceeds the bound; on all for exact trees."""
    c = compiled(artifact)
    got = c.predict(rows) if method == "predict" else c.raw(method, rows)
    got = got.reshape(len(rows), -1)
    assert got.dtype.kind == want.dtype.kind
    dtype = artifact.program.dtype
    known = compare(artifact.model, artifact.lowered, rows, dtype, {})[method].known
    inside = (known.bound > 0).any(axis=1)
    if is_exact_tree(artifact.model.methods[method]):
        inside[:] = False
    assert inside.mean() < 0.05 or artifact.name.startswith(NOT_PROMISED)
    differ = (got != want).any(axis=1)
    assert not (differ & ~inside).any(), f"rows {np.flatnonzero(differ & ~inside)[:9]} differ"
    return Agreed(
        artifact.name,
        dtype,
        method,
        len(rows),
        inside=int(inside.sum()),
        differ=int((differ & inside).sum()),
    )


def is_exact_tree(root: ir.Node) -> bool:
    """Whether labels come from trees that read the input through exact steps alone."""
    exact = (
        ir.ArgMax | ir.Concat | ir.TreeEnsemble | ir.Round32 | ir.Scale | ir.Clip | ir.Impute
        | ir.Gather | ir.Input | ir.Bucketize | ir.OneHot | ir.Values
    )  # fmt: skip
    nodes = list(ir.walk([root]))
    return all(isinstance(n, exact) for n in nodes) and any(
        isinstance(n, ir.TreeEnsemble) for n in nodes
    )


def same_answers(artifact: Artifact, rows: Floats, answers: dict[str, Any], record: Record) -> None:
    """Every method's answers, labels or numbers."""
    for method, want in answers.items():
        labelled = method == "predict" and artifact.model.kind != "regressor"
        if labelled or method == "kneighbors":
            record(same_labels(artifact, method, rows, want))
        elif artifact.program.dtype == "float32":
            record(same_numbers32(artifact, method, rows, want))
        else:
            record(same_numbers64(artifact, method, rows, want))


@both_dtypes
@every_case
def test_unseen_rows(case: Case, dtype: str, record: Record) -> None:
    artifact, estimator, known = exported(case, dtype), fitted(case), case.known
    assert set(artifact.model.methods) == offered(estimator, artifact.model.kind)
    assert len(known.rows) >= 300
    asked = {m: ask(estimator, m, known.rows, known.names) for m in artifact.model.methods}
    same_answers(artifact, known.rows, asked, record)


OLD = (Path(__file__).parent / "data").glob("sklearn1?/*")
OLD_FILES = sorted(path for path in OLD if path.suffix in (".pkl", ".joblib"))


@both_dtypes
@pytest.mark.parametrize("path", OLD_FILES, ids=lambda path: f"{path.parent.stem}-{path.stem}")
def test_files_of_older_versions(path: Path, dtype: str, record: Record) -> None:
    artifact = export(path, "host", name=path.stem, dtype=dtype)
    kept = np.load(path.with_suffix(".npz"))
    rows = kept["X"].astype(np.float64)
    names = {"predict_proba": "proba", "decision_function": "decision"}
    answered = [m for m in artifact.model.methods if names.get(m, m) in kept]
    assert "predict" in answered or "transform" in answered
    asked = {m: flat(kept[names.get(m, m)], len(rows)) for m in answered}
    same_answers(artifact, rows, asked, record)


BEHIND_STEPS = (
    "pipeline1_iris",
    "pipeline2_rare",
    "pipeline_holes1_holes_many",
    "pipeline_holes2_holes",
    "pipeline_numbers3_one",
    "columns3_cancer",
    "function2_far",
    "hist2_kinds_holes",
    "hist_regressor2_kinds_holes",
)
BARE_TREES = [
    case
    for case in CASES
    if re.match("tree|extra_tree|forest|stump", case.id) and "pca" not in case.id
]
EXACT_TREES = [*BARE_TREES, *(BY_ID[name] for name in BEHIND_STEPS)]
TREE_CASES = [*EXACT_TREES, *(case for case in CASES if case.id.startswith("tree_behind"))]


@cache
def edge_rows(case: Case) -> Floats:
    """Rows on the cuts of the input and one float beside them."""
    cuts = thresholds(exported(case).lowered)
    base = np.nan_to_num(case.known.rows)
    return threshold_rows(cuts, base, EDGES, seed=7)


@both_dtypes
@pytest.mark.parametrize("case", TREE_CASES, ids=lambda case: case.id)
def test_trees_on_thresholds(case: Case, dtype: str, record: Record) -> None:
    artifact = exported(case, dtype)
    rows = edge_rows(case)
    asked = {m: ask(fitted(case), m, rows, case.known.names) for m in artifact.model.methods}
    same_answers(artifact, rows, asked, record)


@both_dtypes
@pytest.mark.parametrize("case", EXACT_TREES, ids=lambda case: case.id)
def test_trees_with_nan(case: Case, dtype: str, record: Record) -> None:
    artifact = exported(case, dtype)
    rows = with_special(edge_rows(case), (np.nan,), seed=1)
    asked = {m: ask(fitted(case), m, rows, case.known.names) for m in artifact.model.methods}
    same_answers(artifact, rows, asked, record)


@both_dtypes
@pytest.mark.parametrize("case", BARE_TREES, ids=lambda case: case.id)
def test_bare_trees_with_infinity(case: Case, dtype: str, record: Record) -> None:
    estimator = fitted(case)
    assert trees_of(estimator)
    artifact = exported(case, dtype)
    rows = edge_rows(case)
    rows = with_special(rows, (np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, 3e38), seed=2)
    same_answers(artifact, rows, leaf_answers(estimator, rows), record)
