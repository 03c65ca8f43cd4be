"""The show: four models on real data go from training to firmware that runs."""

import csv
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.text import Text

from codegen.answers import answers
from codegen.data import Data, read_data
from codegen.errors import InvalidInput
from codegen.export import Artifact, export
from codegen.files import write
from codegen.firmware import build_firmware, run_firmware
from codegen.prove import board_test, prove
from codegen.report import as_json
from codegen.show import progress, shown, tell

FIRMWARE_ROWS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """One model of the show: fitted, with rows that it has not seen, their truth, and a board."""

    name: str
    title: str
    model: Any
    X: Any
    target: Any
    board: str


def show(folder: Path) -> bool:
    """Run all four; the files go below the folder. Gives whether everything agreed.

    Raises:
        InvalidInput: scikit-learn is not installed, or foreign files are in the folder.
    """
    agreed = [played(act, folder / act.name) for act in acts()]
    return all(agreed)


def played(act: Act, folder: Path) -> bool:
    """Train, save, export from the file, prove, measure, build for the board and run."""
    tell(Text(f"\n=== {act.title} ===\n", style="bold"))
    with TemporaryDirectory() as saved, progress() as step:
        step(f"{act.name}: saving the model and Python's answers")
        model, rows = Path(saved) / f"{act.name}.pkl", Path(saved) / f"{act.name}.csv"
        model.write_bytes(pickle.dumps(act.model))
        answers(act.model, act.X, rows, target=act.target)
        artifact = export(model, name=act.name)
        data = read_data(rows, artifact.model)
        report = prove(artifact, data, lambda text: step(f"{act.name}: {text}"))
        test = board_test(artifact, data.X)
    write({**artifact.files, **test, f"{act.name}.report.json": as_json(report)}, folder)
    tell(Text(f"$ codegen export {act.name}.pkl --data {act.name}.csv -o {folder}"), shown(report))
    return ran(act, artifact, data, folder / act.board) and report.agreement


def ran(act: Act, artifact: Artifact, data: Data, folder: Path) -> bool:
    """Build the firmware, run it, and say what it printed."""
    with progress() as step:
        step(f"{act.name}: building firmware for {act.board} and running it")
        built = build_firmware(artifact, act.board, data.X, n_rows=FIRMWARE_ROWS)
        built.write(folder)
        run = run_firmware(built)
    command = f"$ codegen firmware {act.name}.pkl --board {act.board} --data {act.name}.csv --run"
    tell(Text(f"\n{command}"))
    sys.stdout.write(run.text)
    return run.passed


def acts() -> Iterator[Act]:
    """The four models, each trained when its turn comes."""
    if not find_spec("sklearn"):
        raise InvalidInput("the demo trains models: pip install scikit-learn")
    yield exam()
    yield tumour()
    yield digits()
    yield codebook()


def exam() -> Act:
    """Exam scores: is a student accepted? Logistic regression behind a scaler."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = scores("train.csv")
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    title = "1. Exam scores: two scores in, accepted or denied out; fitted on 65 students"
    return Act("exam", title, model, *scores("test.csv"), "microbit")


def scores(name: str) -> tuple[Any, Any]:
    """Two exam scores of each student, and whether they were accepted."""
    text = files("codegen").joinpath("demo_data", name).read_text(encoding="ascii")
    table = np.array([[float(cell) for cell in line] for line in csv.reader(text.splitlines())])
    return table[:, :2], np.array(["denied", "accepted"])[table[:, 2].astype(int)]


def tumour() -> Act:
    """Breast cancer: 50 trees vote on 30 measures of a tumour's cells."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier

    known = load_breast_cancer(as_frame=True)
    X, y = known.data, known.target_names[known.target]
    model = RandomForestClassifier(50, random_state=0).fit(X[:400], y[:400])
    title = "2. Tumours: 30 measures in, a vote of 50 trees out; fitted on 400 women"
    return Act("tumour", title, model, X[400:], y[400:], "mps2-an385")


def digits() -> Act:
    """Handwritten digits: principal components and a support vector machine."""
    from sklearn.datasets import load_digits
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import SVC

    X, y = load_digits(return_X_y=True)
    model = make_pipeline(PCA(16, svd_solver="full"), SVC(C=10)).fit(X[:600], y[:600])
    title = "3. Digits: 8 x 8 pixels in, PCA to 16, SVC to one of 10; fitted on 600 images"
    return Act("digits", title, model, X[1400:], y[1400:], "mps2-an386")


def codebook() -> Act:
    """A codebook: each image becomes the number of the nearest of 32 centres."""
    from sklearn.cluster import KMeans
    from sklearn.datasets import load_digits

    X, _ = load_digits(return_X_y=True)
    model = KMeans(32, n_init=1, random_state=0).fit(X[:1400])
    title = "4. Codebook: 8 x 8 pixels in, the nearest of 32 centres out; fitted on 1400 images"
    return Act("codebook", title, model, X[1400:], None, "mps2-an386")
