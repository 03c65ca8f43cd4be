"""XGBoost and LightGBM: their model formats as data, and their answers, bit by bit."""

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import xgboost
from lightgbm import Booster, LGBMClassifier, LGBMRegressor
from sklearn.base import clone
from xgboost import XGBClassifier, XGBRegressor, XGBRFClassifier

from codegen import export
from codegen.edges import thresholds
from codegen.errors import CodegenError, InvalidModel, UnsafeModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.ir import LinearLeaves, Model, TreeEnsemble, walk
from codegen.load import Record, load
from codegen.load.lightgbm_text import read_lightgbm
from codegen.load.ubjson import read_ubjson
from tests.datasets import Data, data
from tests.reference import Floats, flat, threshold_rows, with_special

pytestmark = pytest.mark.filterwarnings("ignore")

ZERO = float(np.float32(1e-35))
TINY = (np.nan, 0.0, -0.0, ZERO, -ZERO, 2e-35, -2e-35, 1e-36, -1e-45)


def xgb(kind: Any = XGBClassifier, **options: Any) -> Any:
    """A small model of XGBoost."""
    return kind(**{"n_estimators": 8, "max_depth": 3, "n_jobs": 1} | options)


def lgbm(kind: Any = LGBMClassifier, **options: Any) -> Any:
    """A small model of LightGBM."""
    return kind(**{"n_estimators": 8, "n_jobs": 1, "verbose": -1} | options)


def numbered(known: Data) -> np.ndarray:
    """Labels as numbers from 0 on: XGBoost takes no others."""
    return np.unique(known.y, return_inverse=True)[1]


def fitted(estimator: Any, name: str) -> Any:
    """A fresh copy, fitted on a data set."""
    known = data(name)
    regresses = isinstance(estimator, XGBRegressor | LGBMRegressor)
    return clone(estimator).fit(known.X, np.abs(known.t) if regresses else numbered(known))


def edge_rows(model: Model, name: str, n_rows: int = 1500) -> Floats:
    """Rows on thresholds and one float beside them, with missing and tiny values among them."""
    rows = threshold_rows(thresholds(model), np.nan_to_num(data(name).rows), n_rows, seed=3)
    return with_special(rows, TINY, seed=4)


def margins(model: Model, rows: Floats) -> Floats:
    """The sums of the trees."""
    nodes = list(walk(model.methods.values()))
    sums = [n for n in nodes if isinstance(n, TreeEnsemble | LinearLeaves)]
    return evaluate({"margin": sums[-1]}, rows)["margin"]


def labels(model: Model, index: Floats) -> np.ndarray:
    return model.classes[0][index.astype(int)]


XGB = [
    (xgb(), "cancer"),
    (xgb(), "digits"),
    (xgb(), "holes"),
    (xgb(missing=0.0), "digits"),
    (xgb(missing=5.0, base_score=0.2), "cancer"),
    (xgb(num_parallel_tree=3, subsample=0.5, random_state=0), "iris"),
    (xgb(objective="multi:softmax", num_class=3), "iris"),
    (xgb(tree_method="exact"), "far"),
    (xgb(max_delta_step=0.3, reg_alpha=2.0), "rare"),
    (xgb(XGBRFClassifier), "wine"),
    (xgb(XGBRegressor), "diabetes"),
    (xgb(XGBRegressor, booster="dart", rate_drop=0.5), "diabetes"),
    (xgb(objective="binary:hinge"), "cancer"),
    (xgb(objective="binary:logitraw"), "cancer"),
    (xgb(XGBRegressor, objective="reg:gamma"), "rare"),
    (xgb(XGBRegressor, objective="reg:pseudohubererror"), "one"),
]


@pytest.mark.parametrize(("estimator", "name"), XGB, ids=str)
def test_xgboost_bits(estimator: Any, name: str) -> None:
    """Margins are equal in every bit, and so are the labels; probabilities are float32 ones."""
    fit = fitted(estimator, name)
    model = import_model(load(fit))
    rows = edge_rows(model, name)
    own = evaluate(model.methods, rows)
    assert (margins(model, rows) == flat(fit.predict(rows, output_margin=True), len(rows))).all()
    if model.kind == "classifier":
        assert (labels(model, own["predict"]) == flat(fit.predict(rows), len(rows))).all()
        assert np.abs(own["predict_proba"] - fit.predict_proba(rows)).max() < 3e-7


def test_dart_alone_has_no_base_margin_in_its_trees() -> None:
    """Booster.predict adds the leaves as they are; the wrappers predict in place."""
    known = data("diabetes")
    options = {"booster": "dart", "rate_drop": 0.5, "base_score": 100.0, "seed": 0}
    booster = xgboost.train(options, xgboost.DMatrix(known.X, known.t), 10)
    model = import_model(load(booster))
    rows = edge_rows(model, "diabetes")
    assert (margins(model, rows)[:, 0] == booster.predict(xgboost.DMatrix(rows))).all()


LGBM = [
    (lgbm(), "cancer"),
    (lgbm(), "digits"),
    (lgbm(), "holes"),
    (lgbm(zero_as_missing=True), "holes"),
    (lgbm(use_missing=False), "holes"),
    (lgbm(sigmoid=2.5), "rare"),
    (lgbm(objective="multiclassova", num_class=3), "wine"),
    (lgbm(boosting_type="rf", subsample=0.5, subsample_freq=1), "wine"),
    (lgbm(boosting_type="dart"), "one"),
    (lgbm(LGBMRegressor), "diabetes"),
    (lgbm(LGBMRegressor, objective="poisson"), "rare"),
    (lgbm(LGBMRegressor, boosting_type="rf", subsample=0.5, subsample_freq=1), "far"),
    (lgbm(LGBMRegressor, zero_as_missing=True), "digits"),
    (lgbm(LGBMRegressor, reg_sqrt=True), "rare"),
    (lgbm(linear_tree=True, num_leaves=6), "cancer"),
    (lgbm(linear_tree=True, boosting_type="rf", subsample=0.5, subsample_freq=1), "wine"),
    (lgbm(LGBMRegressor, linear_tree=True), "holes"),
    (lgbm(LGBMRegressor, linear_tree=True, objective="poisson"), "rare"),
]


@pytest.mark.parametrize(("estimator", "name"), LGBM, ids=str)
def test_lightgbm_bits(estimator: Any, name: str) -> None:
    """Raw scores are equal in every bit, on doubles that no float32 holds as well."""
    fit = fitted(estimator, name)
    model = import_model(load(fit))
    rows = edge_rows(model, name)
    rows[::2] *= 1 + 2.0**-40
    own = evaluate(model.methods, rows)
    assert (margins(model, rows) == flat(fit.predict(rows, raw_score=True), len(rows))).all()
    assert set(model.methods) == {m for m in PUBLIC if hasattr(fit, m)}
    if model.kind == "classifier":
        assert (labels(model, own["predict"]) == flat(fit.predict(rows), len(rows))).all()
        assert np.abs(own["predict_proba"] - fit.predict_proba(rows)).max() < 1e-14
    else:
        assert np.allclose(own["predict"][:, 0], fit.predict(rows), rtol=1e-14, atol=0)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_lightgbm_around_zero(sign: float) -> None:
    """Numbers of at most 1e-35 in size count as zero; LightGBM cuts right beside them."""
    known = data("digits")
    fit = lgbm().fit(sign * known.X, known.y)
    model = import_model(load(fit))
    cuts = np.concatenate(list(thresholds(model).values()))
    assert (np.abs(cuts) < 2e-35).any()
    rows = with_special(sign * np.vstack([known.rows] * 4), TINY, seed=8)
    assert (margins(model, rows) == fit.predict(rows, raw_score=True)).all()


PUBLIC = ("predict", "predict_proba", "decision_function")


def steeper(fit: Any, factor: float) -> Any:
    """The same trees with scores that many times as large, in LightGBM as well."""
    lines = fit.booster_.model_to_string().splitlines()
    for i, line in enumerate(lines):
        name, _, numbers = line.partition("=")
        if name in ("leaf_value", "leaf_const", "leaf_coeff"):
            lines[i] = name + "=" + " ".join(repr(factor * float(n)) for n in numbers.split())
        if name == "tree_sizes":
            lines[i] = ""
    return Booster(model_str="\n".join(lines))


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("factor", [-50.0, 3000.0])
def test_lightgbm_of_equal_sigmoids_the_first(factor: float, linear: bool) -> None:
    """Of one-vs-all scores beyond 37 Python takes the first, and so does the C."""
    known = data("wine")
    fit = lgbm(objective="multiclassova", num_class=3, linear_tree=linear).fit(known.X, known.y)
    booster = steeper(fit, factor)
    for dtype in ("float32", "float64"):
        artifact = export(booster, "host", dtype=dtype)
        rows = edge_rows(artifact.model, "wine")
        rows = rows[np.isfinite(rows).all(axis=1)]
        proba, raw = (booster.predict(rows, raw_score=asked) for asked in (False, True))
        assert (artifact.host().predict(rows) == np.argmax(proba, axis=1)).all()
        assert artifact.verify(rows, cores=[]).agreement
        second = np.sort(raw, axis=1)[:, -2]
        assert (np.argmax(proba, axis=1) != np.argmax(raw, axis=1))[second > 37].any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("estimator", "name"),
    [XGB[0], XGB[2], XGB[3], XGB[10], LGBM[0], LGBM[3], LGBM[5], LGBM[9], LGBM[10]],
    ids=str,
)
def test_c_agrees(estimator: Any, name: str, dtype: Any) -> None:
    artifact = export(fitted(estimator, name), "host", dtype=dtype)
    rows = edge_rows(artifact.model, name)
    if dtype == "float64":
        rows[::2] *= 1 + 2.0**-40
    found = artifact.verify(rows, cores=[])
    assert found.agreement, found
    assert found.labels_differ == 0


def test_early_stopping_is_followed() -> None:
    known = data("cancer")
    y = numbered(known)
    early = [(known.rows, np.arange(len(known.rows)) % 2)]
    chosen = xgb(n_estimators=40, early_stopping_rounds=2).fit(
        known.X, y, eval_set=early, verbose=False
    )
    assert chosen.best_iteration < chosen.get_booster().num_boosted_rounds() - 1
    rows = known.rows
    want = chosen.predict(rows, output_margin=True)
    assert (margins(import_model(load(chosen)), rows)[:, 0] == want).all()


def test_best_iteration_of_lightgbm() -> None:
    """Fitting drops the trees behind the best iteration; who sets it later keeps them."""
    chosen = fitted(lgbm(), "cancer")
    chosen.booster_.best_iteration = 3
    rows = data("cancer").rows
    want = chosen.predict(rows, raw_score=True)
    assert (margins(import_model(load(chosen)), rows)[:, 0] == want).all()
    chosen.booster_.best_iteration = -1
    assert (chosen.predict(rows, raw_score=True) != want).any()


def test_names_of_a_frame() -> None:
    from pandas import DataFrame

    known = data("iris")
    frame = DataFrame(known.X, columns=["a", "b", "c", "d"])
    for estimator in (xgb(), lgbm()):
        model = import_model(load(clone(estimator).fit(frame, numbered(known))))
        assert model.feature_names == ("a", "b", "c", "d")
        bare = import_model(load(clone(estimator).fit(known.X, numbered(known))))
        assert bare.feature_names == ()
        assert bare.input.n_features == 4


def test_labels_of_lightgbm() -> None:
    known = data("iris")
    fit = lgbm().fit(known.X, known.y)
    model = import_model(load(fit))
    got = labels(model, evaluate(model.methods, known.rows)["predict"])[:, 0]
    assert (got == fit.predict(known.rows)).all()


IMPORT_NOTHING = """
import sys
from codegen import export
for path in sys.argv[1:]:
    assert export(path).files
banned = {"xgboost", "lightgbm", "sklearn", "pandas", "joblib"} & set(sys.modules)
assert not banned, banned
"""


def test_no_training_library_is_imported(tmp_path: Path) -> None:
    paths = []
    for estimator in (xgb(), lgbm()):
        paths.append(str(tmp_path / f"{type(estimator).__name__}.joblib"))
        joblib.dump(fitted(estimator, "cancer"), paths[-1], compress=3)
    subprocess.run([sys.executable, "-c", IMPORT_NOTHING, *paths], check=True)


# ---- refusals


def on_frame(estimator: Any) -> Any:
    """Fitted on a frame with a column of categories."""
    from pandas import DataFrame, Series

    words = Series(list("abcd") * 50, dtype="category")
    return estimator.fit(DataFrame({"word": words, "x": np.arange(200.0)}), np.arange(200) % 4 % 2)


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: fitted(xgb(objective="rank:pairwise"), "cancer"),
        "rank:pairwise",
    ),
    (
        lambda: xgb().fit(data("iris").X, np.eye(3, dtype=int)[numbered(data("iris"))]),
        "multilabel",
    ),
    (
        lambda: xgb(XGBRegressor, multi_strategy="multi_output_tree").fit(
            data("iris").X, data("iris").two_numbers
        ),
        "multi_output_tree",
    ),
    (lambda: on_frame(lgbm()), "pandas categories"),
    (lambda: on_frame(xgb(enable_categorical=True)), "pandas categories"),
]


@pytest.mark.parametrize(("make", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_refused_with_advice(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(UnsupportedModel, match=said):
        import_model(load(make()))


@pytest.mark.parametrize("estimator", [XGBClassifier(), LGBMClassifier()])
def test_unfitted_is_refused(estimator: Any) -> None:
    with pytest.raises(CodegenError):
        import_model(load(estimator))


def xgb_tree(change: Callable[[dict[str, Any]], None]) -> Record:
    """A record whose first tree is changed."""
    record = load(fitted(xgb(n_estimators=2), "cancer"))
    tree = record._Booster.model["learner"]["gradient_booster"]["model"]["trees"][0]
    change(tree)
    return record


def lgbm_tree(change: Callable[[dict[str, Any]], None]) -> Record:
    """A record whose first tree is changed."""
    record = load(fitted(lgbm(n_estimators=2), "cancer"))
    change(record._Booster.model["trees"][0])
    return record


def put(name: str, at: int, value: float) -> Callable[[dict[str, Any]], None]:
    """A change of one number of a tree."""

    def change(tree: dict[str, Any]) -> None:
        tree[name][at] = value

    return change


def linear_tree(change: Callable[[dict[str, Any]], None]) -> Record:
    """A record whose last tree has linear leaves and is changed."""
    record = load(fitted(lgbm(n_estimators=2, linear_tree=True), "cancer"))
    change(record._Booster.model["trees"][-1])
    return record


BROKEN = [
    (xgb_tree, put("left_children", 0, 0)),
    (xgb_tree, put("left_children", 1, 0)),
    (xgb_tree, put("right_children", 0, 999)),
    (xgb_tree, put("right_children", 0, -1)),
    (xgb_tree, put("split_indices", 0, 999)),
    (xgb_tree, put("split_conditions", 0, np.nan)),
    (xgb_tree, lambda tree: tree.pop("left_children")),
    (xgb_tree, lambda tree: tree.update(right_children=np.zeros(1, np.int32))),
    (lgbm_tree, put("left_child", 0, 0)),
    (lgbm_tree, put("left_child", 0, 99)),
    (lgbm_tree, put("right_child", 0, -99)),
    (lgbm_tree, put("split_feature", 0, 999)),
    (lgbm_tree, put("threshold", 0, np.nan)),
    (lgbm_tree, put("leaf_value", 0, np.inf)),
    (lgbm_tree, put("decision_type", 0, 12)),
    (lgbm_tree, lambda tree: tree.update(leaf_value=np.zeros(1))),
    (linear_tree, put("leaf_const", 0, np.nan)),
    (linear_tree, put("leaf_coeff", 0, np.inf)),
    (linear_tree, put("leaf_features", 0, 999)),
    (linear_tree, put("leaf_features", 0, -1)),
    (linear_tree, put("num_features", 0, 0)),
    (linear_tree, lambda tree: tree.update(num_features=-tree["num_features"])),
    (linear_tree, lambda tree: tree.update(leaf_const=np.zeros(1))),
    (linear_tree, lambda tree: tree.update(leaf_coeff=np.zeros(1))),
]


@pytest.mark.parametrize(("make", "change"), BROKEN)
def test_broken_trees_are_refused(make: Any, change: Any) -> None:
    with pytest.raises(InvalidModel):
        import_model(make(change))


# ---- UBJSON


def counted(text: bytes) -> bytes:
    """A text with its length."""
    return b"U" + bytes([len(text)]) + text


VALUES: list[tuple[bytes, Any]] = [
    (b"Z", None),
    (b"T", True),
    (b"F", False),
    (b"NNT", True),
    (b"i\xff", -1),
    (b"U\xff", 255),
    (b"I" + struct.pack(">h", -300), -300),
    (b"l" + struct.pack(">i", -70000), -70000),
    (b"L" + struct.pack(">q", 1 << 40), 1 << 40),
    (b"d" + struct.pack(">f", 1.5), 1.5),
    (b"D" + struct.pack(">d", 0.1), 0.1),
    (b"Cx", "x"),
    (b"S" + counted("é".encode()), "é"),
    (b"[]", []),
    (b"[i\x01Ti\x02]", [1, True, 2]),
    (b"[#U\x02i\x01Z", [1, None]),
    (b"{}", {}),
    (b"{" + counted(b"a") + b"T" + counted(b"b") + b"[]}", {"a": True, "b": []}),
    (b"{#U\x01" + counted(b"a") + b"Z", {"a": None}),
]


@pytest.mark.parametrize(("content", "value"), VALUES)
def test_ubjson_values(content: bytes, value: Any) -> None:
    found = read_ubjson(content)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("code", [("i", "b"), ("U", "B"), ("I", "h"), ("l", "i"), ("L", "q")])
def test_ubjson_arrays(code: tuple[str, str]) -> None:
    marker, kind = code
    content = f"[${marker}#U\x03".encode() + struct.pack(f">3{kind}", 1, 2, 100)
    found = read_ubjson(content)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [1, 2, 100]
    assert found.dtype.isnative


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"i",
        b"TT",
        b"Q",
        b"H" + counted(b"12"),
        b"S",
        b"SU\x05ab",
        b"Si\xffab",
        b"SU\x01\xff",
        b"ST",
        b"]",
        b"[",
        b"[T",
        b"[$",
        b"[$U]",
        b"[$U#U\x05ab",
        b"[$U#L" + struct.pack(">q", 1 << 60),
        b"[$U#L" + struct.pack(">q", -1),
        b"[$T#L" + struct.pack(">q", 1 << 60),
        b"[$Z#U\x05",
        b"[#L" + struct.pack(">q", 1 << 60) + b"Z",
        b"{",
        b"{" + counted(b"a"),
        b"{" + counted(b"a") + b"T" + counted(b"a") + b"F}",
        b"{$i#U\x01" + counted(b"a") + b"\x01",
        b"[" * 5000,
        b"[[#U\x01" * 2000,
        b"N" * 100,
    ],
)
def test_ubjson_damaged(content: bytes) -> None:
    with pytest.raises(UnsafeModel):
        read_ubjson(content)


def test_ubjson_counts_values(monkeypatch: pytest.MonkeyPatch) -> None:
    from codegen.load import ubjson

    monkeypatch.setattr(ubjson.Stream, "__init__", limited(ubjson.Stream.__init__, 100))
    with pytest.raises(UnsafeModel, match="UBJSON values"):
        read_ubjson(b"[" + b"Z" * 200 + b"]")


def limited(init: Callable[..., None], left: int) -> Callable[..., None]:
    """A constructor with fewer values left."""
    return lambda self, content: init(self, content, left=left)


def test_every_cut_of_a_model_is_refused() -> None:
    """A handle cut anywhere, and bytes changed anywhere, end in a value or in one error."""
    record_bytes = handle(fitted(xgb(n_estimators=1, max_depth=2), "iris"))
    rng = np.random.default_rng(0)
    for end in rng.integers(len(record_bytes), size=300):
        with pytest.raises(UnsafeModel):
            read_ubjson(record_bytes[:end])
    for at, byte in zip(rng.integers(len(record_bytes), size=600), rng.bytes(600), strict=True):
        changed = record_bytes[:at] + bytes([byte]) + record_bytes[at + 1 :]
        try:
            read_ubjson(changed)
        except UnsafeModel:
            continue


def handle(fit: Any) -> bytes:
    """The bytes that XGBoost pickles."""
    return bytes(fit.get_booster().__getstate__()["handle"])


# ---- the text of LightGBM


@pytest.fixture(scope="module")
def text() -> str:
    return str(fitted(lgbm(n_estimators=2), "cancer").booster_.model_to_string())


def test_lightgbm_text(text: str) -> None:
    found: Any = read_lightgbm(text)
    assert len(found["trees"]) == 2
    assert found["header"]["num_class"] == "1"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "tree\n",
        lambda text: text[1:],
        lambda text: text[: text.index("end of trees")],
        lambda text: text.replace("threshold=", "threshold=x "),
        lambda text: text.replace("left_child=", "left_child=1.5 "),
        lambda text: text.replace("left_child=", "left_child=" + "9" * 30 + " "),
        lambda text: text.replace("num_leaves=", "num_leaves=x"),
        lambda text: text.replace("num_cat=0", "num_leaves=3"),
    ],
)
def test_lightgbm_text_damaged(text: str, change: Callable[[str], str]) -> None:
    with pytest.raises(UnsafeModel):
        read_lightgbm(change(text))


def test_lightgbm_text_has_limits(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from codegen.load import lightgbm_text

    monkeypatch.setattr(lightgbm_text, "TREES", 1)
    with pytest.raises(UnsafeModel, match="trees"):
        read_lightgbm(text)
    monkeypatch.setattr(lightgbm_text, "TREES", 9)
    monkeypatch.setattr(lightgbm_text, "VALUES", 20)
    with pytest.raises(UnsafeModel, match="numbers in the trees"):
        read_lightgbm(text)
