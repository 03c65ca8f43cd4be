"""Texts in: the terms, their counts and their hashes are scikit-learn's, on every core."""

import csv
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.feature_extraction.text import (
    ENGLISH_STOP_WORDS,
    CountVectorizer,
    HashingVectorizer,
    TfidfVectorizer,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import murmurhash3_32

import codegen
from codegen import export, ir
from codegen.cli import main
from codegen.errors import CodegenError, InvalidInput, InvalidModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.importers.text import english
from codegen.load import load
from codegen.meanings.texts import murmur3
from codegen.prove import STRICT, board_test
from codegen.texts import codes, of_bytes
from codegen.toolchain import build_host
from tests import texts
from tests.texts import DATA, DICTS, N_FIT, NAMES, ODD, TOKENS, fitted

pytestmark = pytest.mark.filterwarnings("ignore")


def dense(answer: Any) -> Any:
    """An answer as an array of columns."""
    return answer.toarray() if hasattr(answer, "toarray") else np.asarray(answer)


def answered(estimator: Any, rows: Any) -> dict[str, Any]:
    """What the model itself answers, by method."""
    methods = ("transform", "predict_proba", "decision_function")
    return {m: dense(getattr(estimator, m)(rows)) for m in methods if hasattr(estimator, m)}


def same_meaning(estimator: Any, given: Any, X: Any) -> None:
    """The expressions mean what the model answers."""
    model = import_model(load(estimator))
    ours = evaluate(model.methods, X.astype(np.float64))
    for method, want in answered(estimator, given).items():
        got = ours[method].reshape(want.shape)
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_text_importers(name: str) -> None:
    estimator, unseen = fitted(name)
    rows = [*unseen, *ODD]
    same_meaning(estimator, rows, codes(rows))


@pytest.mark.parametrize(
    ("name", "dtype"),
    [(name, "float32") for name in NAMES]
    + [(name, "float64") for name in NAMES if name.endswith("_faults")],
)
def test_the_c_answers_as_the_model_does(name: str, dtype: str) -> None:
    estimator, unseen = fitted(name)
    artifact = export(estimator, "host", name=name, dtype=dtype)
    found = artifact.verify([*unseen, *ODD], cores=())
    assert found.agreement
    assert found.reference == "python"
    assert all(a.rows > 80 for a in (*found.given, *found.edges))
    if "predict" in artifact.model.methods:
        rows = [*unseen, *ODD]
        sure = found.given[0].inside_rows
        differs = artifact.compile().predict(rows) != estimator.predict(rows)
        assert set(np.flatnonzero(differs)) <= set(sure)


@pytest.mark.parametrize("where", DATA)
@pytest.mark.parametrize("name", TOKENS)
def test_text_importers_of_tokens(name: str, where: str) -> None:
    rows = texts.of_tokens(where)
    classes = [len(row) % 2 for row in rows]
    estimator = TOKENS[name]().fit(rows[:N_FIT], classes[:N_FIT])
    lines = ["\n".join(row) for row in rows]
    same_meaning(estimator, rows, codes(lines))
    artifact = export(estimator, name=name)
    assert artifact.verify(lines[N_FIT:]).agreement
    c = artifact.compile()
    assert (c.raw(c.methods[0], rows) == c.raw(c.methods[0], lines)).all()
    with pytest.raises(InvalidInput, match="one a line"):
        c.raw(c.methods[0], [["two\nlines"]])


@pytest.mark.parametrize("where", DATA)
@pytest.mark.parametrize("name", DICTS)
def test_text_importers_of_dictionaries(name: str, where: str) -> None:
    rows = texts.of_names(where)
    estimator = DICTS[name]().fit(rows[:N_FIT], [len(r["first"]) % 2 for r in rows[:N_FIT]])
    artifact = export(estimator, name=name)
    assert artifact.verify(rows[N_FIT:]).agreement
    assert "_X_LETTERS = " in artifact.files[f"{name}.h"]
    for method, want in answered(estimator, rows).items():
        got = artifact.compile().raw(method, rows)
        np.testing.assert_allclose(got.reshape(want.shape), want, rtol=1e-5, atol=1e-6)
    with pytest.raises(InvalidInput, match="holds list"):
        artifact.compile().raw(artifact.compile().methods[0], [{"letters": [1]}])


# ---- hashes


def hashed_to_least() -> str:
    """An ASCII word whose hash is the least number: the steps of the hash are turned back."""
    rng, letters = np.random.default_rng(0), np.frombuffer(b"abcdefghijklmnopqrstuvwxyz_0", "u1")
    for _ in range(100_000):
        first = bytes(rng.choice(letters, 4))
        h = 0x80000000
        h ^= h >> 16
        h = h * pow(0xC2B2AE35, -1, 2**32) % 2**32
        h ^= h >> 13 ^ h >> 26
        h = h * pow(0x85EBCA6B, -1, 2**32) % 2**32
        h = h ^ h >> 16 ^ 8
        h = (h - 0xE6546B64) * pow(5, -1, 2**32) % 2**32
        h = (h >> 13 | h << 19) % 2**32
        k = int.from_bytes(first, "little") * 0xCC9E2D51 % 2**32
        k = (k << 15 | k >> 17) % 2**32 * 0x1B873593 % 2**32
        before = ((k << 13 | k >> 19) % 2**32 * 5 + 0xE6546B64) % 2**32
        k = (h ^ before) * pow(0x1B873593, -1, 2**32) % 2**32
        k = (k >> 15 | k << 17) % 2**32 * pow(0xCC9E2D51, -1, 2**32) % 2**32
        second = k.to_bytes(4, "little")
        if second.isalnum() and second.islower():
            return (first + second).decode("ascii")
    raise AssertionError("no such word")


def test_hashes_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    for size in range(40):
        key = bytes(rng.integers(256, size=size, dtype=np.uint8))
        assert murmur3(key) == murmurhash3_32(key, positive=True)


def test_the_least_hash_has_its_own_place() -> None:
    word = hashed_to_least()
    assert murmurhash3_32(word) == -(2**31)
    for n_features in (7, 10, 64):
        hasher = HashingVectorizer(n_features=n_features, norm=None)
        c = export(hasher, "host").compile()
        assert (c.transform([word]) == hasher.transform([word]).toarray()).all()


# ---- the domain


def test_every_byte_is_taken_and_those_beyond_ascii_are_told() -> None:
    rng = np.random.default_rng(5)
    rows = of_bytes([bytes(rng.integers(256, size=n, dtype=np.uint8)) for n in range(120)])
    for name in ("count_pairs_faults", "count_char_faults", "count_parts_faults", "hashing_faults"):
        artifact = export(fitted(name)[0], "host", dtype="float64")
        got = artifact.compile().transform(rows)
        want = evaluate(artifact.model.methods, rows.astype(np.float64))["transform"]
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-15)
    with pytest.raises(InvalidInput, match="row 2: the text holds letters beyond ASCII"):
        artifact.verify(["plain", "na\u00efve"])


def test_rows_that_are_no_texts_are_refused() -> None:
    c = export(fitted("count_faults")[0], "host").compile()
    for wrong in ("one text", [1, 2], [None], [["a"], ["b"]]):
        with pytest.raises(InvalidInput, match="expected texts"):
            c.transform(wrong)


def test_the_list_of_stop_words_is_that_of_scikit_learn() -> None:
    assert english() == ENGLISH_STOP_WORDS


# ---- what is refused

REFUSED: list[tuple[Any, str, str]] = [
    (CountVectorizer(token_pattern=r"[a-z]+"), "token_pattern=", "use the default"),
    (HashingVectorizer(), "n_features=1048576", "at most 65536"),
    (FeatureHasher(8), "input_type='dict'", "'name=value'"),
    (make_pipeline(FunctionTransformer(), CountVectorizer()), "columns before it", "put it first"),
]


@pytest.mark.parametrize(
    ("estimator", "what", "advice"), REFUSED, ids=lambda value: str(value)[:40]
)
def test_text_importers_refuse(estimator: Any, what: str, advice: str) -> None:
    rows = [{"a": 1}] if isinstance(estimator, FeatureHasher) else DATA["faults"]
    with pytest.raises(UnsupportedModel) as caught:
        export(estimator.fit(rows), "host")
    assert what in str(caught.value)
    assert advice in str(caught.value)


@pytest.mark.parametrize("setting", ["tokenizer", "preprocessor", "analyzer", "strip_accents"])
def test_text_importers_refuse_functions(setting: str) -> None:
    estimator = CountVectorizer().fit(DATA["faults"])
    setattr(estimator, setting, np.log)
    with pytest.raises(UnsupportedModel, match=f"{setting}=<callable>. has no C form"):
        export(estimator, "host")


def test_text_importers_refuse_files() -> None:
    estimator = CountVectorizer().fit(DATA["faults"])
    estimator.input = "filename"
    with pytest.raises(UnsupportedModel, match="input='filename'"):
        export(estimator, "host")


BROKEN: dict[str, Callable[[Any], Any]] = {
    "vocabulary_": lambda _: {"a": 0, "b": 2},
    "ngram_range": lambda _: (2, 1),
    "analyzer": lambda _: "sentence",
    "stop_words": lambda _: "german",
}


@pytest.mark.parametrize("name", BROKEN)
def test_text_importers_refuse_what_makes_no_sense(name: str) -> None:
    estimator = CountVectorizer().fit(DATA["faults"])
    setattr(estimator, name, BROKEN[name](None))
    with pytest.raises(InvalidModel):
        export(estimator, "host")
    weights = TfidfVectorizer().fit(DATA["faults"])
    weights._tfidf = None
    with pytest.raises(InvalidModel):
        export(weights, "host")


def test_numbers_beside_a_text_are_refused() -> None:
    union = make_union(CountVectorizer(), FunctionTransformer())
    union.fit(np.array(DATA["faults"], object))
    with pytest.raises(InvalidModel, match="numbers reads a text"):
        export(union, "host")


@pytest.mark.parametrize("names", [[], 3])
def test_names_that_make_no_sense_are_refused(names: Any) -> None:
    words = DictVectorizer().fit([{"a": 1}])
    words.feature_names_ = names
    with pytest.raises(CodegenError):
        export(words, "host")


def test_whole_numbers_are_no_texts() -> None:
    with pytest.raises(InvalidInput, match="--input int16: the model takes a text"):
        export(fitted("count_faults")[0], "host", input="int16")


def test_a_text_is_no_type_to_declare() -> None:
    numbers = DictVectorizer().fit([{"oil": 0.5}])
    for model in (numbers, fitted("count_faults")[0]):
        with pytest.raises(InvalidInput, match="--input 'text' is no type of x"):
            export(model, "host", input="text")  # type: ignore[arg-type]


# ---- the command line


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a model and its answers in it."""
    monkeypatch.chdir(tmp_path)
    estimator, unseen = fitted("two_steps_messages")
    Path("spam.pkl").write_bytes(pickle.dumps(estimator))
    rows = [*unseen, *ODD[:-1]]
    for suffix in ("csv", "npz"):
        codegen.answers(estimator, rows, f"rows.{suffix}", target=estimator.predict(rows))
    np.save("rows.npy", np.array(unseen))
    return tmp_path


def left(*arguments: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(caught.value.code or 0)


@pytest.mark.parametrize("suffix", ["csv", "npz", "npy"])
def test_texts_from_files(here: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["export", "spam.pkl", "--target", "cortex-m4f", "--data", f"rows.{suffix}"]
    assert left(*command) == 0
    report = json.loads((here / "spam" / "spam.report.json").read_text())
    assert report["agreement"] is True
    assert "const char *text, int32_t length" in (here / "spam" / "spam.h").read_text()
    assert "N_FEATURES" not in (here / "spam" / "spam.h").read_text()
    assert (here / "spam" / "spam_test.c").exists()
    assert "a text" in capsys.readouterr().out
    if suffix == "csv":
        assert left("verify", "spam.pkl", "--data", "rows.csv", "--target", "cortex-m4f") == 0


@pytest.mark.firmware
def test_firmware_runs_over_texts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["firmware", "spam.pkl", "--board", "microbit", "--data", "rows.csv", "--run"]
    assert left(*command) == 0
    assert "PASS" in capsys.readouterr().out


def test_texts_that_cannot_be_taken(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (here / "odd.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text"], ["plain"], ["\u00e9t\u00e9"]])
    np.save("numbers.npy", np.ones((3, 1)))
    (here / "other.csv").write_text("words\nplain\n")
    for name, words in (
        ("odd.csv", "row 2: the text holds letters beyond ASCII"),
        ("numbers.npy", "the model takes texts"),
        ("other.csv", "there is no column 'text'"),
    ):
        assert left("export", "spam.pkl", "--data", name) == 2
        assert words in capsys.readouterr().err


def test_the_test_of_a_board_compiles_and_passes() -> None:
    estimator, unseen = fitted("two_steps_faults")
    artifact = export(estimator, "host", name="told")
    (text,) = board_test(artifact, codes([*unseen, *ODD]).astype(np.float64)).values()
    assert "told_test_letters" in text


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [f"{setting}_messages" for setting in texts.SETTINGS])
def test_the_c_compiles_without_a_warning(name: str, dtype: str) -> None:
    artifact = export(fitted(name)[0], "host", name=name, dtype=dtype)
    build_host(artifact.sources, name, flags=STRICT)


def test_only_the_terms_that_are_used_stand_in_the_c() -> None:
    rows = DATA["faults"][:N_FIT]
    linear = LogisticRegression(l1_ratio=1.0, solver="liblinear", C=0.5)
    model = make_pipeline(CountVectorizer(ngram_range=(1, 2)), linear)
    model.fit(rows, ["oil" in text for text in rows])
    artifact = export(model, "host")
    nodes = ir.walk(artifact.lowered.methods.values())
    (known,) = (n.columns for n in nodes if isinstance(n, ir.TermCounts))
    assert isinstance(known, ir.Vocabulary)
    kept = known.terms
    assert b"oil" in kept
    assert len(kept) < len(model[0].vocabulary_) / 2
    assert artifact.verify(DATA["faults"], cores=()).agreement
