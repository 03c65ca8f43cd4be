"""The files of XGBoost and LightGBM themselves, of several versions, and every objective."""

import json
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pytest
import xgboost

from codegen import export
from codegen.errors import CodegenError, UnsafeModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.ir import Model, TreeEnsemble, walk
from codegen.live import ask
from codegen.load import load
from codegen.load.boosters import xgboost_model
from tests.datasets import data
from tests.random_boosters import OBJECTIVES, edge_rows, random_booster
from tests.reference import Floats

pytestmark = pytest.mark.filterwarnings("ignore")

VERSIONS = Path(__file__).parent / "data" / "versions"
MODELS = sorted(p for p in VERSIONS.iterdir() if not p.name.endswith(".answers.json"))


def close(model: Model, method: str, own: Floats, python: Floats) -> None:
    """Labels are equal, numbers to 1e-6 of their size."""
    if method == "predict" and model.kind == "classifier":
        assert (own == python).all()
    else:
        assert np.allclose(own, python, rtol=1e-6, atol=1e-6 * scale(python))


def scale(values: Floats) -> float:
    """The size of what is finite among the values."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=1e-3))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
def test_versions(path: Path) -> None:
    """Each version's pickle and own files answer as that version did."""
    known = json.loads(path.with_suffix(".answers.json").read_text())
    model = import_model(load(path))
    own = evaluate(model.methods, np.array(known["X"], np.float64))
    found = own["predict"][:, 0]
    if model.kind == "classifier":
        found = model.classes[0][found.astype(int)]
        assert np.abs(own["predict_proba"] - known["predict_proba"]).max() < 3e-7
    if found.dtype.kind == "U":
        assert (found == known["predict"]).all()
    else:
        assert np.allclose(found, known["predict"], rtol=3e-7, atol=0)
    assert model.feature_names == ()
    if path.name.startswith("catboost"):
        assert model.estimator == "catboost.core.CatBoost"


def check(seed: int) -> None:
    """A booster's answers, read from memory, on the edges of its splits."""
    case = random_booster(seed)
    rows = edge_rows(case)
    model = import_model(load(case.booster))
    own, python = evaluate(model.methods, rows), ask(case.booster, model, rows)
    for method in model.methods:
        close(model, method, own[method], python[method])


@pytest.mark.parametrize("seed", range(len(OBJECTIVES)), ids=lambda seed: OBJECTIVES[seed][1])
def test_random_boosters(seed: int) -> None:
    check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(len(OBJECTIVES), len(OBJECTIVES) + 200))
def test_many_random_boosters(seed: int) -> None:
    check(seed)


@pytest.mark.parametrize("suffix", ["json", "ubj"])
@pytest.mark.parametrize("seed", [0, 9, 14, 17])
def test_files_of_xgboost(seed: int, suffix: str, tmp_path: Path) -> None:
    """A file says the same as the live booster, bit by bit."""
    case = random_booster(seed)
    path = tmp_path / f"model.{suffix}"
    case.booster.save_model(path)
    same_answers(import_model(load(case.booster)), import_model(load(path)), edge_rows(case, 100))


@pytest.mark.parametrize("seed", [19, 28, 32, 33])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_files_of_lightgbm(seed: int, line: str, tmp_path: Path) -> None:
    case = random_booster(seed)
    path = tmp_path / "model.txt"
    path.write_text(case.booster.model_to_string(), newline=line)
    same_answers(import_model(load(case.booster)), import_model(load(path)), edge_rows(case, 100))


def same_answers(one: Model, other: Model, rows: Floats) -> None:
    """Two models agree in every bit."""
    first, second = evaluate(one.methods, rows), evaluate(other.methods, rows)
    assert list(first) == list(second)
    for method in first:
        assert np.array_equal(first[method], second[method], equal_nan=True)


def test_a_wrapper_s_file_stops_at_the_best_iteration(tmp_path: Path) -> None:
    """XGBClassifier.predict stops there; Booster.predict takes all trees, and so do we."""
    known = data("cancer")
    y = (known.y == known.y[0]).astype(int)
    fit = xgboost.XGBClassifier(n_estimators=30, early_stopping_rounds=2, max_depth=3, n_jobs=1)
    fit.fit(known.X, y, eval_set=[(known.rows, np.arange(len(known.rows)) % 2)], verbose=False)
    fit.save_model(tmp_path / "wrapper.json")
    fit.get_booster().save_model(tmp_path / "booster.json")
    used = {name: n_trees(load(tmp_path / f"{name}.json")) for name in ("wrapper", "booster")}
    assert used == {"wrapper": fit.best_iteration + 1, "booster": fit.best_iteration + 3}
    assert n_trees(load(fit)) == used["wrapper"]
    assert n_trees(load(fit.get_booster())) == used["booster"]


def n_trees(record: Any) -> int:
    """How many trees are summed."""
    methods = import_model(record).methods.values()
    (trees,) = (n for n in walk(methods) if isinstance(n, TreeEnsemble))
    return int(trees.roots.size)


def test_custom_objective_of_lightgbm_is_the_raw_score() -> None:
    known = data("diabetes")

    def squares(prediction: Floats, rows: Any) -> Any:
        return prediction - rows.get_label(), np.ones_like(prediction)

    rows = lightgbm.Dataset(known.X, known.t)
    fit = lightgbm.train({"objective": squares, "verbose": -1, "num_threads": 1}, rows, 3)
    own = evaluate(import_model(load(fit)).methods, known.rows)["predict"][:, 0]
    assert (own == fit.predict(known.rows)).all()


def test_rankers() -> None:
    known = data("iris")
    groups = [len(known.X)]
    y = np.unique(known.y, return_inverse=True)[1]
    for fit in (xgboost.XGBRanker(n_estimators=3), lightgbm.LGBMRanker(n_estimators=3, verbose=-1)):
        fit.fit(known.X, y, group=groups)
        own = evaluate(import_model(load(fit)).methods, known.rows)["predict"][:, 0]
        assert np.allclose(own, fit.predict(known.rows), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("seed", [7, 16, 20, 33])
def test_c_of_live_boosters_agrees(seed: int) -> None:
    """The live booster is asked, and the C answers as it does."""
    case = random_booster(seed)
    found = export(case.booster, "host").verify(edge_rows(case, 200), cores=[])
    assert found.agreement, found


# ---- hostile files


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b'{"learner": 1}',
        b'{"learner": {}',
        b'{"learner": {}, "learner": {}}',
        b'{"learner": ' + b"[" * 100_000,
        b'{"learner": {"a": ' + b"9" * 5_000 + b"}}",
        b'{"a": [' + b"0," * 4_000_001 + b"0]}",
        b'{"learner": "\xff"}',
        b"tree\nversion=v4",
        b"tree\n\xff\nend of trees",
    ],
    ids=range(10),
)
def test_hostile_files_are_refused(content: bytes) -> None:
    with pytest.raises(UnsafeModel):
        load(content)


TEXTS = [path for path in MODELS if path.suffix in (".json", ".txt")]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_changed_files_end_in_a_model_or_a_refusal(path: Path) -> None:
    """Bytes changed and dropped anywhere end in a model, or in one of our own errors."""
    content = path.read_bytes()
    rng = np.random.default_rng(len(content))
    for at in rng.integers(len(content), size=60):
        for changed in (
            content[:at],
            content[:at] + content[at + 7 :],
            content[:at] + b"-" + content[at:],
            content[:at] + b"99" + content[at + 2 :],
        ):
            try:
                import_model(load(changed))
            except CodegenError:
                continue


def tampered(change: Any) -> bytes:
    """An XGBoost file whose first tree is changed."""
    content = json.loads(next(VERSIONS.glob("xgboost-3*-binary-logistic.json")).read_text())
    change(content["learner"]["gradient_booster"]["model"]["trees"][0])
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree.update(categories_nodes=[1]),
        lambda tree: tree.update(categories_sizes=[1 << 40]),
        lambda tree: tree.update(categories_segments=[-1]),
        lambda tree: tree.update(categories=[1 << 20] * len(tree["categories"])),
        lambda tree: tree.update(categories=[-5] * len(tree["categories"])),
        lambda tree: tree["left_children"].__setitem__(1, 0),
        lambda tree: tree.pop("categories"),
    ],
)
def test_forged_sets_are_refused(change: Any) -> None:
    with pytest.raises(CodegenError):
        import_model(load(tampered(change)))


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model["oblivious_trees"][0]["leaf_values"].pop(),
        lambda model: model["oblivious_trees"][0]["splits"][0].update(float_feature_index=9),
        lambda model: model["oblivious_trees"][0]["splits"][0].update(split_type="OneHotFeature"),
        lambda model: model["features_info"]["float_features"][0].update(flat_feature_index=7),
        lambda model: model["model_info"]["params"]["loss_function"].update(type="Cox"),
        lambda model: model.pop("oblivious_trees"),
        lambda model: model.update(oblivious_trees=[]),
        lambda model: model.update(scale_and_bias=[1, ["a"]]),
        lambda model: model.pop("features_info"),
    ],
)
def test_forged_files_of_catboost_are_refused(change: Any) -> None:
    content = json.loads(next(VERSIONS.glob("catboost-*-Logloss.json")).read_text())
    change(content)
    with pytest.raises(CodegenError):
        import_model(load(json.dumps(content).encode()))


def test_old_binary_format_is_refused() -> None:
    with pytest.raises(UnsupportedModel, match="save_model"):
        xgboost_model(b"binf" + bytes(100))
