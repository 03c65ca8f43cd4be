"""Fits an estimator, exports it, and compares every method of the C with Python's own answer."""

import importlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.utils import all_estimators

import codegen
from codegen.errors import CodegenError
from codegen.evaluate import evaluate
from codegen.given import as_numbers
from codegen.importers.fitted_rows import TAKES_ROWS
from codegen.verify import Agreement
from estimators.settings import TABLE, Task, tasks

SELECTED = "classes"
WITHOUT_ROWS = {path.rpartition(".")[2] for path in TAKES_ROWS}
TARGETS_ONLY = ("LabelBinarizer", "LabelEncoder", "MultiLabelBinarizer")


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What became of one estimator under one setting on one data set.

    outcome: agrees, refused, differs or fails. methods: those of the C that were compared.
    error: the largest, over the range of the answers. bounded: whether every bound is known.
    """

    estimator: str
    setting: int
    data: str
    outcome: str
    methods: tuple[str, ...] = ()
    error: float = 0.0
    bounded: bool = True
    words: str = ""


def classes_by_name() -> dict[str, Any]:
    """All estimators of scikit-learn by their names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(all_estimators())


def made(name: str, kind: Any, options: Any, task: Task) -> Any:
    """An estimator with its options; some need what only the data can give."""
    if name == "SparseCoder":
        return kind(task.X[:4] if options == "dictionary" else task.X[:3])
    if name == "FrozenEstimator":
        return kind(LogisticRegression(max_iter=500).fit(task.X, task.y))
    return kind(**options)


def verdicts(name: str, kind: Any) -> Iterator[Verdict]:
    """The verdicts on every setting and data set of one estimator."""
    where = next(task for task, row in TABLE.items() if name in row)
    for number, options in enumerate(TABLE[where][name]):
        for task in tasks()[SELECTED if where == "selected" else where]:
            yield verdict(name, number, task, made(name, kind, options, task))


def verdict(name: str, number: int, task: Task, estimator: Any) -> Verdict:
    """Fit, export, compare."""
    about = (name, number, task.name)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fitted = fit(name, estimator, task)
        except Exception as error:  # noqa: BLE001 whatever scikit-learn says is told
            return Verdict(*about, "fails", words=f"fit: {said(error)}")
        try:
            rows = task.X if name in WITHOUT_ROWS else None
            artifact = codegen.export(fitted, "host", name="model", fitted_on=rows)
            found = artifact.verify(task.rows, cores=())
        except CodegenError as error:
            return Verdict(*about, "refused", words=said(error))
        except Exception as error:  # noqa: BLE001 a fault of this project is a verdict too
            return Verdict(*about, "fails", words=f"{type(error).__name__}: {said(error)}")
    read = evaluate(artifact.model.methods, as_numbers(artifact.model, task.rows).astype(float))
    spans = {a.method: span(read[a.method]) for a in found.given if not a.is_label}
    compared = (*found.given, *found.edges)
    return Verdict(
        *about,
        "agrees" if found.agreement and found.given else "differs",
        tuple(a.method for a in found.given),
        max(
            (a.max_abs_error / spans[a.method] for a in found.given if not a.is_label), default=0.0
        ),
        all(known(a) for a in compared),
        "; ".join(shortfall(a) for a in compared if not a.good),
    )


def fit(name: str, estimator: Any, task: Task) -> Any:
    """The estimator, fitted; encoders of targets see nothing else, and a kernel is square."""
    if name in TARGETS_ONLY:
        return estimator.fit(task.y[:, None] if name.startswith("Multi") else task.y)
    if name == "KernelCenterer":
        return estimator.fit(task.X @ task.X.T)
    return estimator.fit(task.X) if task.y is None else estimator.fit(task.X, task.y)


def span(answer: NDArray[np.float64]) -> float:
    """The range of a method's answers."""
    return float(np.nanmax(answer) - np.nanmin(answer)) or 1.0


def known(found: Agreement) -> bool:
    """Whether every value had a bound."""
    return found.is_label or found.max_bound is not None


def shortfall(found: Agreement) -> str:
    """What differs, in words."""
    if found.is_label:
        return f"{found.method}: {found.differ - found.differ_inside} labels of {found.rows}"
    return f"{found.method}: {found.beyond} rows beyond the bound"


def said(error: Exception) -> str:
    """The first line of a message."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def library_version() -> str:
    """The version of scikit-learn that was compared with."""
    return str(importlib.import_module("sklearn").__version__)
