"""Files of many models, formats and protocols become Records that hold what the live one holds."""

import bz2
import gzip
import io
import lzma
import pickle
import subprocess
import sys
import zlib
from functools import partial
from pathlib import Path
from types import BuiltinFunctionType, FunctionType

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from scipy.stats import loguniform, randint
from sklearn.cluster import Birch, KMeans
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GridSearchCV, KFold, RandomizedSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, StandardScaler
from sklearn.svm import SVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

from codegen.errors import InvalidInput, InvalidModel, UnsafeModel, UnsupportedModel
from codegen.load import Record, Reference, fingerprint, load

ROOT = Path(__file__).parent.parent
OLD = Path(__file__).parent / "data" / "sklearn13"
VERSIONS = {"sklearn13": "1.3.2", "sklearn15": "1.5.2", "sklearn17": "1.7.2"}
OLD_FILES = [
    path
    for folder in VERSIONS
    for path in sorted(OLD.with_name(folder).iterdir())
    if path.suffix in (".pkl", ".joblib")
]
X, Y = load_iris(return_X_y=True)
NAMES = np.array(["setosa", "versi\u00e7olor", "virginica"])
FRAME = pd.DataFrame(X, columns=["a", "b", "c", "\u00e9"]).assign(kind=NAMES[Y])


def grid():
    inner = make_pipeline(StandardScaler(), SVC())
    values = {"svc__C": [1, 10], "svc__kernel": ["rbf", "linear"]}
    return GridSearchCV(inner, values, cv=KFold(3, shuffle=True), scoring="accuracy")


def randomized():
    values = {"C": loguniform(1e-3, 10), "max_iter": randint(50, 99)}
    return RandomizedSearchCV(LogisticRegression(), values, n_iter=2, random_state=0)


def columns(names=False):
    groups = [
        ("scale", StandardScaler(), ["a", "b"] if names else [0, 1]),
        ("span", MinMaxScaler(), ["c"] if names else slice(2, 4)),
    ]
    if names:
        groups.append(("kind", OneHotEncoder(), ["kind"]))
    return make_pipeline(ColumnTransformer(groups), LogisticRegression())


def selected():
    numbers = make_column_selector(dtype_include="number")
    return make_pipeline(ColumnTransformer([("n", StandardScaler(), numbers)]), Ridge())


MODELS = {
    "logistic": LogisticRegression().fit(X, Y),
    "logistic_sparse": LogisticRegression().fit(X, Y).sparsify(),
    "ridge_classifier_bool": RidgeClassifier().fit(X, Y > 0),
    "sgd": SGDClassifier(random_state=0).fit(X, Y),
    "svc_proba": SVC(gamma=0.1).fit(X, NAMES[Y]),
    "svc_sparse": SVC().fit(csr_matrix(X), Y),
    "one_class": OneClassSVM().fit(X),
    "tree_text": DecisionTreeClassifier(max_depth=3).fit(X, NAMES[Y].astype(object)),
    "forest_outputs": RandomForestClassifier(3, random_state=0).fit(X, np.c_[Y, Y % 2]),
    "boosting": GradientBoostingRegressor(n_estimators=3).fit(X, Y),
    "hist_boosting": HistGradientBoostingClassifier(max_iter=3, categorical_features=[0]).fit(X, Y),
    "neighbours": KNeighborsClassifier(algorithm="kd_tree").fit(X, Y),
    "kmeans": KMeans(3, n_init=1, random_state=np.random.RandomState(0)).fit(X),
    "birch": Birch(n_clusters=3).fit(X),
    "pca": PCA(2, whiten=True).fit(X),
    "imputer": make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()).fit(X),
    "union": FeatureUnion([("log", FunctionTransformer(np.log1p)), ("pca", PCA(1))]).fit(X),
    "columns": columns().fit(X, Y),
    "columns_frame": columns(names=True).fit(FRAME, NAMES[Y]),
    "columns_selected": selected().fit(FRAME, Y),
    "grid": grid().fit(X, Y),
    "randomized": randomized().fit(X, Y),
}

# What stays only a name or is left out on purpose, and is not compared.
NOT_COMPARED = {"cv_results_", "param_distributions", "prev_leaf_", "next_leaf_"}


def joblibbed(model, compress, protocol=None):
    stream = io.BytesIO()
    joblib.dump(model, stream, protocol=protocol)
    return compress(stream.getvalue())


WRITERS = {
    **{f"pickle{p}": partial(pickle.dumps, protocol=p) for p in range(6)},
    "joblib": partial(joblibbed, compress=bytes),
    "joblib2": partial(joblibbed, compress=bytes, protocol=2),
    "zlib": partial(joblibbed, compress=zlib.compress),
    "gzip": partial(joblibbed, compress=gzip.compress),
    "bz2": partial(joblibbed, compress=bz2.compress),
    "xz": partial(joblibbed, compress=lzma.compress),
    "lzma": partial(joblibbed, compress=partial(lzma.compress, format=lzma.FORMAT_ALONE)),
}


def compare(live, read, where="model"):
    """Assert that a value read from a file is the live one, all the way down."""
    if isinstance(live, np.ndarray) and not isinstance(live, np.ma.MaskedArray):
        compare_arrays(live, read, where)
    elif isinstance(live, type | FunctionType | BuiltinFunctionType | np.ufunc):
        assert isinstance(read, Reference), where
        assert read.name == live.__name__, where
    elif isinstance(live, list | tuple):
        assert type(live) is type(read), where
        assert len(live) == len(read), where
        for i, pair in enumerate(zip(live, read, strict=True)):
            compare(*pair, f"{where}[{i}]")
    elif isinstance(live, dict) and not isinstance(read, Record):
        compare_names(dict(live), read, where)
    elif isinstance(live, np.generic | np.dtype | str | bytes | int | float | slice | None):
        assert type(live) is type(read), where
        assert live == read or (live != live and read != read), where
    else:
        compare_objects(live, read, where)


def compare_arrays(live, read, where):
    assert isinstance(read, np.ndarray), where
    assert (live.dtype, live.shape) == (read.dtype, read.shape), where
    assert not read.flags.writeable, where
    if live.dtype.kind == "O":
        for i, pair in enumerate(zip(live.ravel(), read.ravel(), strict=True)):
            compare(*pair, f"{where}[{i}]")
    elif live.dtype.names:
        for name in live.dtype.names:
            compare_arrays(live[name], read[name], f"{where}.{name}")
    else:
        assert live.tobytes() == read.tobytes(), where


def compare_names(live, read, where):
    assert live.keys() == read.keys(), where
    for name in live.keys() - NOT_COMPARED:
        compare(live[name], read[name], f"{where}.{name}")


def compare_objects(live, read, where):
    """By the parts into which the live object pickles itself."""
    assert isinstance(read, Record), where
    _, args, state, *_ = (*live.__reduce_ex__(4), None, None)[:3]
    if not isinstance(live, np.random.RandomState):
        assert read.path.rpartition(".")[2] == type(live).__name__, where
    if isinstance(state, dict):
        dropped = NOT_COMPARED if type(live).__name__ == "_CFNode" else set()
        compare_names({k: v for k, v in state.items() if k not in dropped}, read.state, where)
    elif state is not None:
        compare(state, read.state["__state__"], where)
    own = [arg for arg in args if not isinstance(arg, type | FunctionType)]
    compare(own, [arg for arg in read.args if not isinstance(arg, Reference)], f"{where}.args")


@pytest.mark.parametrize("name", MODELS)
def test_every_file_holds_what_the_live_model_holds(name):
    model = MODELS[name]
    live = load(model)
    compare(model, live)
    prints = {how: fingerprint(load(write(model))) for how, write in WRITERS.items()}
    assert set(prints.values()) == {fingerprint(live)}, prints


def test_the_comparison_sees_a_difference():
    other = pickle.loads(pickle.dumps(MODELS["tree_text"]))
    other.tree_.value[0, 0, 0] += 1e-9
    with pytest.raises(AssertionError):
        compare(MODELS["tree_text"], load(other))
    assert fingerprint(load(other)) != fingerprint(load(MODELS["tree_text"]))


def test_the_fingerprint_is_the_same_in_another_process(tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(MODELS["columns_frame"]))
    script = "import sys; from codegen.load import *; print(fingerprint(load(sys.argv[1])))"
    told = {
        subprocess.run(
            [sys.executable, "-c", script, path],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {fingerprint(load(path))}


@pytest.mark.parametrize("path", OLD_FILES, ids=lambda path: f"{path.parent.stem}-{path.stem}")
def test_files_of_older_versions_load(path):
    record = load(path)
    assert record.get("_sklearn_version") == VERSIONS[path.parent.name]
    assert fingerprint(record) == fingerprint(load(path.read_bytes()))
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as answers:
        assert answers["X"].shape == (300, 4)
        assert {"predict", "transform"} & set(answers.files)
        assert all(len(answers[name]) == 300 for name in answers.files)


@pytest.mark.parametrize("folder", VERSIONS)
def test_enough_files_of_each_version(folder):
    files = list(OLD.with_name(folder).iterdir())
    assert len([path for path in files if path in OLD_FILES]) >= 12
    assert all(path.stat().st_size < 40_000 for path in files)


def test_files_of_older_versions_load_without_any_training_library():
    script = f"""
import sys
blocked = ("sklearn", "joblib", "pandas", "xgboost", "lightgbm")
sys.modules.update(dict.fromkeys(blocked))
from codegen.load import load
print(len([load(path) for path in {[str(path) for path in OLD_FILES]}]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(len(OLD_FILES))


def leaf(tree, row):
    """The index of the leaf of one row."""
    nodes, node = tree.nodes, 0
    while nodes["left_child"][node] >= 0:
        left = np.float32(row[nodes["feature"][node]]) <= nodes["threshold"][node]
        node = nodes["left_child" if left else "right_child"][node]
    return node


def test_leaf_counts_of_1_3_become_the_fractions_it_answers_with():
    forest = load(OLD / "random_forest.joblib")
    answers = np.load(OLD / "random_forest.npz")
    proba = np.zeros((300, 3))
    for estimator in forest.estimators_:
        tree = estimator.tree_
        proba += np.array([tree.get("values")[leaf(tree, row), 0] for row in answers["X"]])
    assert np.array_equal(proba / len(forest.estimators_), answers["proba"])


def test_renamed_attributes_of_1_3_are_there():
    ridge = load(OLD / "ridge_classifier.joblib")
    assert ridge.classes_.tolist() == [0, 1, 2]
    imputer = load(OLD / "imputed_ridge.pkl").steps[0][1]
    assert imputer.get("_fill_dtype") == np.float64
    assert load(OLD / "svc_proba.joblib").get("_effective_probability") is True


@pytest.mark.parametrize("version", ["1.2.2", "0.24", "2.0.1", "x.y.z"])
def test_other_versions_of_scikit_learn_are_refused(version):
    known = MODELS["logistic"].__getstate__()["_sklearn_version"].encode()
    forged = pickle.dumps(MODELS["logistic"], 2)
    assert forged.count(known) == 1
    length = len(known).to_bytes(4, "little")
    new = len(version).to_bytes(4, "little") + version.encode()
    with pytest.raises((UnsupportedModel, InvalidModel), match="version"):
        load(forged.replace(length + known, new))


def test_attributes_of_a_record():
    record = load(MODELS["svc_proba"])
    assert record.path == "sklearn.svm.SVC"
    assert "support_vectors_" in record
    assert "coef_" not in record
    assert record.get("coef_", 7) == 7
    assert record.gamma == 0.1
    assert record.kernel == record.state["kernel"] == "rbf"
    tree = load(MODELS["tree_text"]).tree_
    assert tree.path == "sklearn.tree.Tree"
    assert tree.args[0] == 4
    assert tree.nodes.dtype.names[0] == "left_child"
    assert tree.get("values").shape == (len(tree.nodes), 1, 3)
    sparse = load(MODELS["logistic_sparse"]).coef_
    assert sparse.path == "scipy.sparse.csr_matrix"
    assert sparse.data.dtype == np.float64


def test_a_missing_attribute_says_what_to_do():
    record = load(LogisticRegression())
    with pytest.raises(InvalidModel, match=r"LogisticRegression has no attribute 'coef_'.*fitted"):
        _ = record.coef_
    with pytest.raises(AttributeError):
        _ = record.__array_interface__


def test_feature_names_of_a_frame():
    record = load(MODELS["columns_frame"]).steps[0][1]
    assert list(record.feature_names_in_) == ["a", "b", "c", "\u00e9", "kind"]


def test_a_function_from_elsewhere_stays_a_name():
    record = load(FunctionTransformer(subprocess.check_output))
    assert record.func == Reference("subprocess", "check_output")


class Own(LogisticRegression):
    """A class that only this test knows."""


def test_custom_classes_are_refused_with_their_place():
    with pytest.raises(UnsafeModel, match=r"the model itself: .*Own cannot be read as data"):
        load(Own())
    nested = make_pipeline(StandardScaler(), FeatureUnion([("own", Own())]))
    place = r"steps\[1\]\[1\]\.transformer_list\[0\]\[1\]: .*Own .*Custom classes"
    with pytest.raises(UnsafeModel, match=place):
        load(nested)
    odd = StandardScaler()
    odd.wrapped = {"k": np.array([Own(), 1], dtype=object)}
    with pytest.raises(UnsafeModel, match=r"wrapped\['k'\]\[0\]: .*Own"):
        load(odd)


@pytest.mark.parametrize("root", [{"model": 1}, [StandardScaler()], np.zeros(3), "no such", None])
def test_the_root_must_be_an_estimator(root, tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(root))
    with pytest.raises(UnsafeModel, match=r"not an estimator.*joblib\.dump"):
        load(path)


def test_paths_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "none.pkl", str(tmp_path / "none.pkl"), tmp_path, "a\0b"):
        with pytest.raises(InvalidInput):
            load(path)


def test_a_live_model_that_cannot_be_pickled():
    with pytest.raises(InvalidModel, match=r"cannot be pickled.*lambda"):
        load(FunctionTransformer(lambda x: x))


@pytest.mark.parametrize(
    ("start", "says"),
    [(b"\x04\x22\x4d\x18", "lz4"), (b"PK\x03\x04", "zip"), (b"ZF0x1", "0.10"), (b"{}", "damaged")],
)
def test_other_formats_are_refused_with_advice(start, says):
    with pytest.raises(UnsafeModel, match=says):
        load(start + bytes(100))


def test_byte_order_and_memory_order_do_not_count():
    swapped, plain = StandardScaler(), StandardScaler()
    plain.table = np.arange(6.0).reshape(2, 3)
    swapped.table = np.asfortranarray(plain.table).astype(">f8")
    for write in WRITERS.values():
        read = load(write(swapped))
        assert read.table.dtype == np.float64
        assert np.array_equal(read.table, plain.table)
        assert fingerprint(read) == fingerprint(load(plain))


def test_unusual_but_plain_values_survive():
    model = StandardScaler()
    values = [2**200, -(2**63), 1e-320, float("inf"), b"", bytearray(b"xy"), {1, 2}, frozenset("a")]
    values += [range(2, 9, 3), 1j, "\ud800", np.float16(1.5), np.str_("n\u00e4me"), np.bool_(True)]
    values += [np.zeros((0, 3)), np.array(5), np.array(["a", "\u6f22"]), np.array([b"x"]), None]
    model.values = values
    for write in WRITERS.values():
        read = load(write(model)).state["values"]
        for live, got in zip(values, read, strict=True):
            if isinstance(live, np.ndarray):
                compare_arrays(live, got, "values")
            else:
                assert live == got
