"""The examples run from training to C, tell the figures they should, and cut where they say."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import fbeta_score, make_scorer
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

import codegen
from codegen.errors import CodegenError, InvalidModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load

EXAMPLES = Path(__file__).parent.parent / "examples"
WRITTEN = {
    "exam_scores": {"exam.h", "exam.c", "exam.json", "boundary.svg", "roc.svg"},
    "tumour": {f"tumour_{m}.{end}" for m in ("forest", "line") for end in ("h", "c", "json")},
    "digits": {"digits.h", "digits.c", "digits.json"},
    "kmeans_codebook": {"codebook.h", "codebook.c", "codebook.json"},
    "vibration_anomaly": {"vibration.h", "vibration.c", "vibration.json", "vibration_main"},
}


def run(name: str, folder: Path, *, seed: str = "0") -> str:
    """What an example prints when it is called from a folder; its files go to its default."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py")],
        cwd=folder,
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{name} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    assert not done.stderr, done.stderr
    return done.stdout


def files(name: str, folder: Path) -> dict[str, bytes]:
    """The files that an example wrote."""
    return {p.name: p.read_bytes() for p in (folder / "examples_out" / name).iterdir()}


def agreements(said: str) -> list[str]:
    """The verdicts in what was printed."""
    return re.findall(r"agreement: (.*)", said)


def test_every_example_is_here():
    scripts = {p.stem for p in EXAMPLES.glob("*.py") if "__main__" in p.read_text()}
    assert scripts == set(WRITTEN)


def test_exam_scores(tmp_path):
    said = run("exam_scores", tmp_path / "one", seed="1")
    assert "23 of 65 training labels are wrong" in said
    assert "area under the ROC curve 0.98485" in said
    assert "0.186482 exam1 + 0.164153 exam2 - 21.9731" in said
    published = "[[11, 0], [2, 22]]"
    assert f"its matrix: {published}; the published one {published} at 0.37, 0.38, 0.39" in said
    assert re.findall(r"(\d+) of \d+ possible cuts", said) == ["0", "0", "0"]
    rules = dict(re.findall(r"(0\.\d{4})  (\[\[.*?\]\])", said))
    assert rules["0.5000"] == "[[10, 1], [3, 21]]"
    assert rules["0.3700"] == "[[10, 1], [2, 22]]"
    assert rules["0.2400"] == "[[10, 1], [0, 24]]"
    assert rules["0.2728"] == "[[10, 1], [1, 23]]"
    assert agreements(said) == ["yes"]
    again = run("exam_scores", tmp_path / "two", seed="2")
    assert again == said
    first, second = (files("exam_scores", tmp_path / part) for part in ("one", "two"))
    assert set(first) == WRITTEN["exam_scores"]
    assert first == second
    assert b"<dc:date>" not in first["roc.svg"]


def test_exam_data_is_what_its_readme_says():
    text = (EXAMPLES / "data" / "README.md").read_text()
    for part in ("train", "test"):
        content = (EXAMPLES / "data" / "exam" / f"{part}.csv").read_bytes()
        assert f"`exam/{part}.csv`" in text
        assert hashlib.sha256(content).hexdigest() in text


def test_tumour(tmp_path):
    said = run("tumour", tmp_path)
    assert set(files("tumour", tmp_path)) == WRITTEN["tumour"]
    right = [float(share) for share in re.findall(r"right on ([\d.]+)%", said)]
    assert len(right) == 2
    assert min(right) > 90
    counts = re.findall(r"^  (?:malignant|benign) +(\d+) +(\d+)$", said, re.MULTILINE)
    assert sum(int(n) for row in counts for n in row) == 2 * 228
    costs = re.findall(r"^  tumour_\w+ on \S+ +([\d,]+)", said, re.MULTILINE)
    assert len(costs) == 4
    assert agreements(said) == ["yes", "yes"]


def test_digits(tmp_path):
    said = run("digits", tmp_path)
    assert set(files("digits", tmp_path)) == WRITTEN["digits"]
    assert float(re.search(r"right on ([\d.]+)%", said)[1]) > 97
    pairs = re.findall(r"C: (\d), is (\d)", said)
    assert len(pairs) == 10
    assert all(answer != truth for answer, truth in pairs[5:])
    assert agreements(said) == ["yes"]


def test_kmeans_codebook(tmp_path):
    said = run("kmeans_codebook", tmp_path)
    assert set(files("kmeans_codebook", tmp_path)) == WRITTEN["kmeans_codebook"]
    errors = re.findall(r"mean squared error ([\d.]+)", said)
    assert len(errors) == 2
    assert errors[0] == errors[1]
    assert agreements(said) == ["yes"]


def test_vibration_anomaly(tmp_path):
    said = run("vibration_anomaly", tmp_path)
    assert set(files("vibration_anomaly", tmp_path)) == WRITTEN["vibration_anomaly"]
    rates = [float(rate) for rate in re.findall(r"([\d.]+)% called worn", said)]
    assert rates == sorted(rates)
    assert rates[0] < 6
    assert rates[-1] == 100
    rows = re.findall(r"^ +([+-]1) +[+-][\d.]+ +([+-]1) ", said, re.MULTILINE)
    assert len(rows) == 10
    assert all(python == c for python, c in rows)
    assert "same labels as Python: yes; same bits" in said
    assert "from Python: yes" in said
    assert agreements(said) == ["yes"]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(WRITTEN) - {"exam_scores"}))
def test_two_runs_give_the_same(name, tmp_path):
    said = {run(name, tmp_path / seed, seed=seed) for seed in ("1", "2")}
    assert len(said) == 1
    first, second = (files(name, tmp_path / seed) for seed in ("1", "2"))
    assert first == second


def test_disagreement_ends_with_1(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import kmeans_codebook

    verify = codegen.Artifact.verify

    def spoilt(self: Any, *args: Any, **options: Any) -> Any:
        proof = verify(self, *args, **options)
        proof.bits["cortex-m4f"] = 3
        return proof

    monkeypatch.setattr(codegen.Artifact, "verify", spoilt)
    assert kmeans_codebook.main(tmp_path) == 1
    said = capsys.readouterr().out
    assert "OTHER BITS on 3 rows" in said
    assert "agreement: NO" in said


CANCER = load_breast_cancer()
X = CANCER.data.astype(np.float32).astype(np.float64)
Y = {
    "zero_one": CANCER.target,
    "one_two": CANCER.target + 1,
    "signs": CANCER.target * 2 - 1,
    "text": CANCER.target_names[CANCER.target],
}
LINE = make_pipeline(StandardScaler(), LogisticRegression())
MARGIN = make_pipeline(StandardScaler(), LinearSVC(random_state=0))
TWO_ANSWERS = {"response_method": "decision_function", "threshold": 0.7}
CUTS = {
    "fixed": ("zero_one", FixedThresholdClassifier(LINE, threshold=0.24)),
    "half": ("zero_one", FixedThresholdClassifier(LINE)),
    "zero": ("signs", FixedThresholdClassifier(MARGIN)),
    "score": ("zero_one", FixedThresholdClassifier(LINE, **TWO_ANSWERS)),
    "score_of_first": ("zero_one", FixedThresholdClassifier(LINE, pos_label=0, **TWO_ANSWERS)),
    "first": ("text", FixedThresholdClassifier(LINE, threshold=0.9, pos_label="benign")),
    "second": ("text", FixedThresholdClassifier(LINE, threshold=0.9, pos_label="malignant")),
    "piped": ("zero_one", make_pipeline(StandardScaler(), FixedThresholdClassifier(LINE))),
    "tuned": ("text", TunedThresholdClassifierCV(LINE, scoring="accuracy")),
    "tuned_margin": ("text", TunedThresholdClassifierCV(make_pipeline(StandardScaler(), SVC()))),
    "tuned_f1": ("one_two", TunedThresholdClassifierCV(LINE, scoring="f1")),
    "tuned_label": (
        "text",
        TunedThresholdClassifierCV(
            LINE, scoring=make_scorer(fbeta_score, beta=9, pos_label="benign")
        ),
    ),
}


@pytest.mark.parametrize("name", CUTS)
def test_cut_importer(name):
    """Every method, on rows that were not seen in training."""
    labels, model = CUTS[name]
    y = Y[labels]
    model.fit(X[:250], y[:250])
    read = import_model(load(model))
    found = evaluate(read.methods, X[250:])
    assert set(found) == {
        m for m in ("predict_proba", "decision_function") if hasattr(model, m)
    } | {"predict"}
    predicted = read.classes[0][found["predict"][:, 0].astype(int)]
    assert (predicted == model.predict(X[250:])).all()
    for method in set(found) - {"predict"}:
        want = getattr(model, method)(X[250:]).reshape(len(X) - 250, -1)
        np.testing.assert_allclose(found[method], want, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("positive", [0, 1])
def test_cut_is_inclusive(positive):
    """A share of exactly the threshold is positive, as scikit-learn has it."""
    rows = np.array([[0.0], [0.0], [0.0], [0.0], [1.0]])
    tree = DecisionTreeClassifier(max_depth=1, random_state=0)
    y = np.array([0, 0, 0, 1, 1]) if positive else np.array([1, 1, 1, 0, 0])
    for threshold, want in ((0.25, positive), (np.nextafter(0.25, 1), 1 - positive)):
        model = FixedThresholdClassifier(tree, threshold=threshold, pos_label=positive)
        model.fit(rows, y)
        found = evaluate(import_model(load(model)).methods, rows[:1])["predict"]
        assert found == model.predict(rows[:1]) == want


@pytest.mark.parametrize("name", ["score_of_first", "first", "tuned_f1"])
def test_cut_in_c(name):
    labels, model = CUTS[name]
    model.fit(X[:250], Y[labels][:250])
    artifact = codegen.export(model, name="cut")
    assert artifact.verify(X[250:]).agreement
    assert (artifact.compile().predict(X[250:]) == model.predict(X[250:])).all()


def share_right(truth: Any, answer: Any) -> float:
    """A metric that no file can describe."""
    return float((truth == answer).mean())


def test_own_metric_is_refused():
    """Which label it takes for positive stands in its source, which is never run."""
    scorer = make_scorer(share_right)
    model = TunedThresholdClassifierCV(LINE, scoring=scorer).fit(X[:250], Y["zero_one"][:250])
    with pytest.raises(CodegenError, match="FixedThresholdClassifier") as refused:
        import_model(load(model))
    assert refused.type is UnsupportedModel


def test_cut_before_fit_is_refused():
    with pytest.raises(InvalidModel, match="was it fitted"):
        import_model(load(FixedThresholdClassifier(LogisticRegression())))
