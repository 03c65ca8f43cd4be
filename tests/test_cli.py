"""The command line: what it writes and prints, its exit codes, and its one clear message."""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pandas import DataFrame
from sklearn.cluster import SpectralClustering
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import codegen
from codegen.cli import main
from codegen.importers import IMPORTERS
from codegen.targets import TARGETS

RNG = np.random.default_rng(11)
X = RNG.normal(size=(60, 3))
Y = np.array(["no", "yes"])[(X[:, 0] + X[:, 1] > 0).astype(int)]
NAMES = ["a", "b", "c"]


@dataclass(frozen=True, slots=True, eq=False)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        code = ended.value.code
        return Ran(0 if code is None else int(code), out, err)

    return command


@pytest.fixture(scope="module")
def fitted() -> Any:
    frame = DataFrame(X, columns=NAMES)
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, Y)


@pytest.fixture
def here(tmp_path: Path, fitted: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with fall.pkl and rows.csv, into which the process has moved."""
    (tmp_path / "fall.pkl").write_bytes(pickle.dumps(fitted))
    codegen.answers(fitted, X, tmp_path / "rows.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def falsified(path: Path) -> Path:
    """The same rows with one label turned round."""
    head, first, *rest = path.read_text().splitlines()
    turned = first.replace("yes", "?").replace("no", "yes").replace("?", "no")
    wrong = path.with_name("wrong.csv")
    wrong.write_text("\n".join([head, turned, *rest]) + "\n")
    return wrong


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_export_writes_and_tells(run: Run, here: Path) -> None:
    ran = run("export", "fall.pkl", "--target", "cortex-m4f", "--data", "rows.csv", "-o", "out")
    assert ran.code == 0, ran.err
    assert ran.err == ""
    assert "Agreement: yes" in ran.out
    files = ["fall.c", "fall.h", "fall.json", "fall.report.json", "fall_test.c"]
    assert names(here / "out") == files
    report = json.loads((here / "out" / "fall.report.json").read_text())
    assert report["agreement"] is True
    assert report["compared_with"] == "answers"
    assert report["options"]["optimize"] == "balanced"
    assert list(report["costs"]) == ["cortex-m4f"]
    assert report["rows_with_other_bits_than_the_host"] == {"cortex-m4f": 0}
    assert "int32_t fall_test(void)" in (here / "out" / "fall_test.c").read_text()


def test_export_again_gives_the_same_files(run: Run, here: Path) -> None:
    command = ("export", "fall.pkl", "--target", "cortex-m4f", "--data", "rows.csv")
    assert run(*command).code == 0
    first = {path.name: path.read_bytes() for path in (here / "fall").iterdir()}
    assert run(*command).code == 0
    assert {path.name: path.read_bytes() for path in (here / "fall").iterdir()} == first


def test_json_alone_on_standard_output(run: Run, here: Path) -> None:
    ran = run("export", "fall.pkl", "--target", "host", "--layout", "header", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out) == json.loads((here / "fall" / "fall.report.json").read_text())
    assert names(here / "fall") == ["fall.h", "fall.json", "fall.report.json"]
    assert "no_costs_because" in json.loads(ran.out)


def test_without_answers_it_says_so(run: Run, here: Path) -> None:
    np.save("rows.npy", X)
    ran = run("verify", "fall.pkl", "--data", "rows.npy", "--target", "host")
    assert ran.code == 0, ran.err
    assert "Python's model was not asked" in ran.out
    assert names(here) == ["fall.pkl", "rows.csv", "rows.npy"]


def test_default_name_is_never_repaired_text(run: Run, here: Path) -> None:
    (here / "fall.pkl").rename(here / "my model.pkl")
    assert run("export", "my model.pkl", "--target", "host").code == 0
    assert names(here / "model") == ["model.c", "model.h", "model.json", "model.report.json"]


def test_disagreement_is_written_and_said(run: Run, here: Path) -> None:
    wrong = falsified(here / "rows.csv")
    ran = run("export", "fall.pkl", "--target", "host", "--data", wrong, "-o", "out")
    assert ran.code == 3
    assert ran.err.startswith("DISAGREEMENT")
    assert "Agreement: NO" in ran.out
    assert json.loads((here / "out" / "fall.report.json").read_text())["agreement"] is False
    ran = run("verify", "fall.pkl", "--data", wrong, "--target", "host", "--json")
    assert ran.code == 3
    assert json.loads(ran.out)["given_rows"]["predict"]["labels_differ"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--name", "1x"), "'1x' is no C identifier"),
        (("--name", "int"), "'int' is reserved in C"),
        (("--name", "../x"), "'../x' is no C identifier"),
        (("--target", "pdp-11"), "unknown target 'pdp-11'; choose one of: cortex-m,"),
        (("--data", "no.csv"), "there is no file no.csv"),
        (("--data", "extra.csv"), "unknown column 'colour'"),
        (("--data", "big.csv"), "beyond float32"),
        (("--input", "int8", "--data", "rows.csv"), "no whole number from -128 to 127"),
    ],
)
def test_wrong_options(run: Run, here: Path, arguments: tuple[str, str], message: str) -> None:
    (here / "extra.csv").write_text("a,b,c,colour\n1,2,3,4\n")
    (here / "big.csv").write_text("a,b,c\n1,2,1e39\n")
    before = names(here)
    ran = run("export", "fall.pkl", "-o", "out", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert names(here) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("--wrong", "1"),
        ("--dtype", "float16"),
        ("--layout", "x"),
        ("--input", "int32"),
        ("--input", "text"),
    ],
)
def test_unknown_options(run: Run, here: Path, arguments: tuple[str, str]) -> None:
    ran = run("export", "fall.pkl", "-o", "out", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert arguments[0] in ran.err
    assert names(here) == ["fall.pkl", "rows.csv"]


def test_wrong_models(run: Run, here: Path) -> None:
    clusters = SpectralClustering(2, affinity="nearest_neighbors", n_neighbors=5).fit(X)
    (here / "unsupported.pkl").write_bytes(pickle.dumps(clusters))
    (here / "unfitted.pkl").write_bytes(pickle.dumps(LogisticRegression()))
    (here / "unsafe.pkl").write_bytes(pickle.dumps(print))
    (here / "empty.pkl").write_bytes(b"")
    before = names(here)
    for name, message in {
        "missing.pkl": "there is no file missing.pkl",
        "unsupported.pkl": "SpectralClustering(without the rows that it was fitted on)",
        "unfitted.pkl": "was it fitted?",
        "unsafe.pkl": "nothing in",
        "empty.pkl": "empty",
        ".": "is not a file",
    }.items():
        ran = run("export", name, "-o", "out")
        assert (ran.code, ran.out) == (2, ""), name
        assert ran.err.startswith("error: ")
        assert message in ran.err
    assert names(here) == before


def test_foreign_files_stay_unless_forced(run: Run, here: Path) -> None:
    (here / "out").mkdir()
    (here / "out" / "fall.c").write_text("int mine;\n")
    command = ("export", "fall.pkl", "--target", "host", "-o", "out")
    ran = run(*command)
    assert (ran.code, ran.out) == (2, "")
    assert "fall.c was not written by codegen" in ran.err
    assert names(here / "out") == ["fall.c"]
    assert run(*command, "--force").code == 0
    assert "fall_predict" in (here / "out" / "fall.c").read_text()


def test_inspect(run: Run, here: Path) -> None:
    ran = run("inspect", "fall.pkl")
    assert (ran.code, ran.err) == (0, "")
    for words in (
        "sklearn.pipeline.Pipeline (1.9",
        "standardscaler: sklearn.preprocessing.StandardScaler",
        "with_mean=True",
        "Supported: yes, a classifier of 3 features",
        "Features: a, b, c",
        "Classes: no, yes",
    ):
        assert words in ran.out
    content = json.loads(run("inspect", "fall.pkl", "--json").out)
    assert content["functions"] == {"predict": 1, "predict_proba": 2, "decision_function": 1}
    scaler, regression = content["parts"]["steps"]
    assert (scaler["name"], regression["name"]) == ("standardscaler", "logisticregression")
    assert regression["fitted"]["coef_"] == "array (1, 3) float64"
    assert names(here) == ["fall.pkl", "rows.csv"]


def test_inspect_what_cannot_be_exported(run: Run, here: Path) -> None:
    clusters = SpectralClustering(2, affinity="nearest_neighbors", n_neighbors=5).fit(X)
    (here / "other.pkl").write_bytes(pickle.dumps(clusters))
    (here / "unfitted.pkl").write_bytes(pickle.dumps(LogisticRegression(C=7.0)))
    ran = run("inspect", "other.pkl")
    assert ran.code == 0
    assert "Supported: no. SpectralClustering(without the rows" in ran.out
    ran = run("inspect", "unfitted.pkl")
    assert ran.code == 0
    assert "C=7.0" in ran.out
    assert "was it fitted?" in ran.out
    (here / "unsafe.pkl").write_bytes(pickle.dumps(print))
    assert run("inspect", "unsafe.pkl").code == 2


def test_inspect_prints_no_control_characters(run: Run, here: Path) -> None:
    labels = np.array(["\x1b[31mred", "[bold]b"])[(X[:, 0] > 0).astype(int)]
    (here / "odd.pkl").write_bytes(pickle.dumps(LogisticRegression(C=1).fit(X, labels)))
    ran = run("inspect", "odd.pkl")
    assert ran.code == 0
    assert "\\x1b[31mred" in ran.out
    assert "[bold]b" in ran.out
    assert "\x1b" not in ran.out


def test_lists(run: Run) -> None:
    public = sorted(path for path in IMPORTERS if "._" not in path)
    assert json.loads(run("estimators", "--json").out) == public
    rows = json.loads(run("targets", "--json").out)
    assert [row["target"] for row in rows] == list(TARGETS)
    text = run("estimators").out + run("targets").out
    assert all(path.rpartition(".")[2] in text for path in public)
    assert all(name in text for name in TARGETS)


@pytest.mark.firmware
def test_firmware(run: Run, here: Path) -> None:
    command = ("firmware", "fall.pkl", "--board", "microbit", "--data", "rows.csv")
    ran = run(*command, "--run")
    assert (ran.code, ran.err) == (0, "")
    assert "PASS" in ran.out
    assert {"fall.elf", "fall.bin", "fall.hex"} <= set(names(here / "fall-microbit"))
    ran = run("firmware", "fall.pkl", "--board", "arduino")
    assert (ran.code, ran.out) == (2, "")
    assert "choose one of: microbit" in ran.err


def test_help_has_examples(run: Run) -> None:
    for command in ("export", "inspect", "verify", "firmware", "targets", "estimators", "demo"):
        ran = run(command, "--help")
        assert ran.code == 0
        assert f"codegen {command}" in ran.out.split("Example")[1]


def test_as_a_program(here: Path) -> None:
    def program(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "codegen.cli", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    ran = program("--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("edge-codegen ")
    ran = program("export", "missing.pkl")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "error: there is no file missing.pkl; check the path of the model\n"
    assert names(here) == ["fall.pkl", "rows.csv"]
