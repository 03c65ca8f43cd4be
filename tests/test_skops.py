"""Files of skops: the same Records as a pickle, and nothing in them is imported or called."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier

from codegen.errors import CodegenError, InvalidModel, UnsafeModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import archive as reader
from codegen.load import load
from tests.datasets import data

pytestmark = pytest.mark.filterwarnings("ignore")

ESTIMATORS = [
    LogisticRegression(max_iter=50),
    make_pipeline(StandardScaler(), SVC()),
    RandomForestClassifier(3, random_state=0),
    HistGradientBoostingClassifier(max_iter=2),
    KNeighborsClassifier(3, algorithm="kd_tree"),
    MLPClassifier(4, max_iter=5, random_state=0),
    GridSearchCV(LogisticRegression(max_iter=20), {"C": [0.1, 1.0]}, cv=2),
    make_pipeline(
        ColumnTransformer([("n", StandardScaler(), [0, 1])], remainder="drop"),
        LogisticRegression(max_iter=20),
    ),
    XGBClassifier(n_estimators=2),
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda est: type(est).__name__)
def test_the_same_model_as_in_a_pickle(estimator: Any) -> None:
    known = data("iris")
    y = known.y if not isinstance(estimator, XGBClassifier) else np.unique(known.y, True, True)[2]
    fit = estimator.fit(known.X, y)
    ours, pickled = import_model(load(skops.io.dumps(fit))), import_model(load(fit))
    assert ours.classes[0].tolist() == pickled.classes[0].tolist()
    assert ours.feature_names == pickled.feature_names
    for name, values in evaluate(ours.methods, known.rows).items():
        assert np.array_equal(values, evaluate(pickled.methods, known.rows)[name])


def test_keys_that_are_no_text() -> None:
    encoder = OneHotEncoder().fit(np.array([["a"], ["b"]], dtype=object))
    encoder.extra_ = {1: 2, None: 3, "x": slice(1, None), 2.5: {1, 2}}
    assert load(skops.io.dumps(encoder)).extra_.keys() >= {1, None, "x", 2.5}


def saved() -> bytes:
    """A small file."""
    return bytes(skops.io.dumps(StandardScaler().fit(data("iris").X)))


def rewritten(change: Callable[[dict[str, Any]], None]) -> bytes:
    """A small file with another schema."""
    old = zipfile.ZipFile(io.BytesIO(saved()))
    schema = json.loads(old.read("schema.json"))
    change(schema)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = json.dumps(schema).encode() if name == "schema.json" else old.read(name)
            new.writestr(name, content)
    return stream.getvalue()


def put(name: str, **node: Any) -> Callable[[dict[str, Any]], None]:
    """Another node in the place of an attribute."""
    return lambda schema: schema["content"]["content"].update({name: node})


def nested(schema: dict[str, Any]) -> None:
    """Lists in lists without end."""
    node: dict[str, Any] = {"__loader__": "JsonNode", "content": "1", "is_json": True}
    for _ in range(300):
        node = {"__loader__": "ListNode", "content": [node]}
    schema["content"]["content"]["with_mean"] = node


HOSTILE = [
    put("with_mean", __loader__="ObjectNode", __module__="os", __class__="system"),
    put("with_mean", __loader__="OperatorFuncNode", __module__="operator", __class__="call"),
    put("with_mean", __loader__="Unknown", __module__="a", __class__="b"),
    put("with_mean", __loader__="Unknown", __module__="a b", __class__="b"),
    put("with_mean", __loader__=3),
    put("with_mean", __loader__="JsonNode", content=3),
    put("with_mean", __loader__="JsonNode", content="[1]", is_json=True),
    put("with_mean", __loader__="ListNode", content=3),
    put("with_mean", __loader__="ListNode", content=[3]),
    put("with_mean", __loader__="BytesNode", file="../../etc/passwd"),
    put("with_mean", __loader__="NdArrayNode", type="numpy", file="schema.json"),
    put("with_mean", __loader__="NdArrayNode", type="json", content=[], shape=3),
    put("with_mean", __loader__="SliceNode", content={"start": []}),
    put("with_mean", __loader__="DictNode", content={"a": 1}, key_types=3),
    put("with_mean", __loader__="SparseMatrixNode", file="schema.json"),
    put("__reduce__", __loader__="JsonNode", content="1", is_json=True),
    nested,
    dict.clear,
]


@pytest.mark.parametrize("change", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_schemas_are_refused(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(UnsafeModel):
        load(rewritten(change))


def test_the_place_of_what_is_refused_is_told() -> None:
    node = {"__loader__": "ObjectNode", "__module__": "my.code", "__class__": "Thing"}
    with pytest.raises(UnsafeModel, match=r"mean_: my\.code\.Thing cannot be read"):
        load(rewritten(put("mean_", **node)))


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MEMBERS", 1)
    with pytest.raises(UnsafeModel, match="members"):
        load(saved())
    monkeypatch.undo()
    with pytest.raises(UnsafeModel, match="decompression"):
        reader.Archive(saved(), left=10).read("schema.json")


def test_other_archives_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "nothing")
    with pytest.raises(UnsafeModel, match=r"no \.skops file"):
        load(stream.getvalue())


def test_arrays_without_the_names_of_a_model_are_refused() -> None:
    stream = io.BytesIO()
    np.savez(stream, a=np.arange(3))
    with pytest.raises(InvalidModel, match=r"with the arrays a; a linear model has weight"):
        load(stream.getvalue())


def test_changed_files_end_in_a_record_or_a_refusal() -> None:
    content = saved()
    rng = np.random.default_rng(0)
    for at, byte in zip(rng.integers(len(content), size=400), rng.bytes(400), strict=True):
        try:
            load(content[:at] + bytes([byte]) + content[at + 1 :])
        except CodegenError:
            continue
    for end in range(0, len(content), 37):
        with pytest.raises(UnsafeModel):
            load(content[:end])
