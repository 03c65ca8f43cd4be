"""Rows from .csv, .npy, .npz and .parquet: columns, answers, and what is refused."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pandas import DataFrame
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.svm import OneClassSVM
from sklearn.tree import DecisionTreeClassifier

import codegen
from codegen.data import answer_columns, read_data
from codegen.errors import InvalidInput
from codegen.importers import import_model
from codegen.ir import Model
from codegen.live import ask, given_answers
from codegen.load import load

RNG = np.random.default_rng(5)
X = RNG.normal(size=(40, 3)).astype(np.float32).astype(np.float64)
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)
TEXT = np.array(["a,b", 'say "c"', "0"])[Y]
NAMES = ["width", "height", "weight of it"]

FITTED: dict[str, Any] = {
    "int_labels": LogisticRegression().fit(X, Y),
    "text_labels": LogisticRegression().fit(X, TEXT),
    "object_labels": LogisticRegression().fit(X, TEXT.astype(object)),
    "bool_labels": LogisticRegression().fit(X, Y > 0),
    "float_labels": DecisionTreeClassifier().fit(X, Y * 1.0),
    "frame": LogisticRegression().fit(DataFrame(X, columns=NAMES), Y),
    "regressor": LinearRegression().fit(X, X[:, 0] * 2),
    "two_outputs": LinearRegression().fit(X, X[:, :2] * 2),
    "two_labels": RandomForestClassifier(3).fit(X, np.column_stack([Y, Y > 0])),
    "clusters": KMeans(3, n_init=1).fit(X),
    "transformer": PCA(2).fit(X),
    "outliers": OneClassSVM().fit(X),
}


def read(model: Any) -> Model:
    return import_model(load(model))


MODEL, NAMED = read(FITTED["int_labels"]), read(FITTED["frame"])


def refused(path: Path, match: str, model: Model = MODEL) -> None:
    with pytest.raises(InvalidInput, match=match) as caught:
        read_data(path, model)
    assert str(caught.value).startswith(str(path)) or str(path) in str(caught.value)


def csv(folder: Path, *lines: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet"])
@pytest.mark.parametrize("name", FITTED)
def test_answers_are_read_back_equal(tmp_path: Path, name: str, suffix: str) -> None:
    estimator, model = FITTED[name], read(FITTED[name])
    path = codegen.answers(estimator, X, tmp_path / f"rows{suffix}")
    data = read_data(path, model)
    assert np.array_equal(data.X, X)
    want = ask(estimator, model, X)
    got = given_answers(data.answers, model)
    assert list(got) == list(model.methods)
    for method, values in want.items():
        assert np.array_equal(got[method], values), method


def test_answers_round_the_rows_first(tmp_path: Path) -> None:
    rows = RNG.normal(size=(5, 3))
    path = codegen.answers(FITTED["int_labels"], rows, tmp_path / "rows.csv")
    assert np.array_equal(read_data(path, MODEL).X, rows.astype(np.float32))
    path = codegen.answers(FITTED["int_labels"], rows, tmp_path / "rows.npz", dtype="float64")
    assert np.array_equal(read_data(path, MODEL).X, rows)


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_answers_carry_the_truth(tmp_path: Path, suffix: str) -> None:
    path = codegen.answers(FITTED["object_labels"], X, tmp_path / f"rows{suffix}", target=TEXT)
    target = read_data(path, read(FITTED["object_labels"])).target
    assert target is not None
    assert target.tolist() == TEXT.tolist()
    with pytest.raises(InvalidInput, match="target of shape"):
        codegen.answers(FITTED["object_labels"], X, path, target=TEXT[:3])


def test_answers_say_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"expected \(n, 3\)"):
        codegen.answers(FITTED["int_labels"], X[:, :2], tmp_path / "rows.csv")
    with pytest.raises(InvalidInput, match=r"written as one of \.csv, \.npz"):
        codegen.answers(FITTED["int_labels"], X, tmp_path / "rows.txt")
    taken = LogisticRegression().fit(DataFrame(X, columns=["a", "b", "predict"]), Y)
    with pytest.raises(InvalidInput, match="reserved column: predict"):
        codegen.answers(taken, X, tmp_path / "rows.csv")
    assert list(tmp_path.iterdir()) == []


def test_reserved_columns_count_through() -> None:
    assert answer_columns(read(FITTED["clusters"])) == {
        "predict": ["predict"],
        "transform": ["out_0", "out_1", "out_2"],
    }
    assert answer_columns(read(FITTED["outliers"])) == {
        "predict": ["predict"],
        "decision_function": ["decision_0"],
        "score_samples": ["out_0"],
    }
    assert answer_columns(read(FITTED["two_labels"]))["predict_proba"][-1] == "proba_1_1"


def test_columns_by_name_in_any_order(tmp_path: Path) -> None:
    path = csv(tmp_path, "target,weight of it,width,height", "yes,3,1,2", "no,6,4,5")
    data = read_data(path, NAMED)
    assert np.array_equal(data.X, [[1, 2, 3], [4, 5, 6]])
    assert data.target is not None
    assert data.target.tolist() == ["yes", "no"]
    assert data.answers == {}


def test_columns_by_position(tmp_path: Path) -> None:
    want = [[1, 2, 3], [4, 5, 6]]
    assert np.array_equal(read_data(csv(tmp_path, "1,2,3", "4,5,6"), MODEL).X, want)
    assert np.array_equal(read_data(csv(tmp_path, "1,2,3", "4,5,6"), NAMED).X, want)
    named = csv(tmp_path, "c,target,b,a", "1,0,2,3", "", "4,1,5,6")
    assert np.array_equal(read_data(named, MODEL).X, want)


def test_numeric_names_are_a_header(tmp_path: Path) -> None:
    model = read(LogisticRegression().fit(DataFrame(X, columns=["0", "1", "2"]), Y))
    assert np.array_equal(read_data(csv(tmp_path, "2,1,0", "3,2,1"), model).X, [[1, 2, 3]])


def test_arrays(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", X[:4])
    assert np.array_equal(read_data(tmp_path / "rows.npy", MODEL).X, X[:4])
    np.savez(tmp_path / "rows.npz", X=X[:4], target=Y[:4], predict=Y[:4, None])
    data = read_data(tmp_path / "rows.npz", MODEL)
    assert data.answers["predict"].shape == (4, 1)
    assert data.target is not None
    assert data.target.tolist() == Y[:4].tolist()


def test_empty_cells_are_nan_where_the_model_takes_it(tmp_path: Path) -> None:
    holes = X.copy()
    holes[::3, 0] = np.nan
    tree = read(DecisionTreeClassifier().fit(holes, Y))
    path = csv(tmp_path, "1,2,3", ",2,nan")
    assert np.array_equal(read_data(path, tree).X, [[1, 2, 3], [np.nan, 2, np.nan]], equal_nan=True)
    refused(path, "row 2, column '0': nan is outside")
    refused(csv(tmp_path, "1,2,3", "1,inf,3"), "row 2, column '1': inf is outside", tree)


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        (("a,b,c", "1,2,x"), "row 1, column 'c': 'x' is no number"),
        (("1,2,3", "1,2,x"), "row 2, column '2': 'x' is no number"),
        (("1,2,3", "1,2"), "line 2 has 2 cells"),
        (("a,b,c",), "no rows"),
        ((), "empty"),
        (("1,2,3,4",), "4 feature columns, but the model takes 3"),
        (("a,b", "1,2"), r"2 feature columns \('a', 'b'\), but the model takes 3"),
        (("a,b,c,predict", "1,2,3,7"), "row 1, column 'predict': '7' is none of the model's"),
        (("a,b,c,proba_0", "1,2,3,1"), "answers of predict_proba lack the column 'proba_1'"),
        (("a,a,c", "1,2,3"), "two columns of the name 'a'"),
    ],
)
def test_bad_csv(tmp_path: Path, lines: tuple[str, ...], match: str) -> None:
    refused(csv(tmp_path, *lines) if lines else csv(tmp_path, ""), match)


def test_bad_columns_of_a_model_with_names(tmp_path: Path) -> None:
    path = csv(tmp_path, "width,height,weight of it,colour,age", "1,2,3,4,5")
    refused(path, "unknown column 'colour', 'age': .* remove it", NAMED)
    refused(csv(tmp_path, "width,height", "1,2"), "no column 'weight of it'", NAMED)


def test_bad_arrays(tmp_path: Path) -> None:
    def saved(**arrays: Any) -> Path:
        np.savez(tmp_path / "rows.npz", **arrays)
        return tmp_path / "rows.npz"

    refused(saved(Z=X), "no array X, only 'Z'")
    refused(saved(X=X[0]), r"X has shape \(3,\)")
    refused(saved(X=X.astype(str)), "give numbers of shape")
    refused(saved(X=X, extra=Y), "unknown column 'extra'")
    refused(saved(X=X, predict=Y[:3]), "'predict' has 3 rows, but X has 40")
    refused(saved(X=X, proba=X[:, :2]), "'proba' has 2 columns, the model gives 3")
    refused(saved(X=X, target=X), "'target' has 3 columns")


def test_arrays_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", np.array([[print]], object), allow_pickle=True)
    refused(tmp_path / "rows.npy", "allow_pickle=False")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    refused(tmp_path / "rows.csv", "there is no file")
    refused(tmp_path / "rows.txt", r"one of \.csv, \.npy, \.npz, \.parquet")
    for suffix in (".npy", ".npz", ".csv"):
        path = tmp_path / f"rows{suffix}"
        path.write_bytes(b"\xff\xfe nothing")
        refused(path, "cannot be read")


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    refused(tmp_path / "rows.parquet", "need pyarrow: pip install")


def test_names_in_messages_are_printable(tmp_path: Path) -> None:
    path = csv(tmp_path, "width,height,weight of it,\x1b[31mred", "1,2,3,4")
    refused(path, r"unknown column '\\x1b\[31mred'", NAMED)
