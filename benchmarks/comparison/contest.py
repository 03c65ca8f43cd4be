"""Runs the cases: every tool, every core, every aim; one figure for each."""

import pickle
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import tools
from .entropy import bound
from .figures import OURS, Figure, decided, right
from .models import Case, Fitted, Rows, fitted
from .trees import edge_rows, trees_of

AIMS = ("size", "speed", "balanced")
PEERS = (
    "emlearn inline float",
    "emlearn inline int16",
    "emlearn loadable",
    "m2cgen",
    "micromlgen",
    "tl2cgen",
    "timber",
)
N_ROWS = 60
N_WORKERS = 2
MAKE_SECONDS = 240
EXPORT_SECONDS = 400
WEIGH_SECONDS = 240
ERROR_LENGTH = 160


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A case made ready: files of the model and of the rows, Python's answers, what is known."""

    case: str
    model: Path
    rows: Path
    want: Rows
    n_edges: int
    spread: float | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A tool, and for this project its aim."""

    tool: str
    aim: str = ""


def run(cases: Sequence[Case], targets: Sequence[str], *, fresh: bool) -> Iterator[Figure]:
    """All figures, as they come; the tools' environment is made first."""
    tools.environment()
    entries = [*(Entry(OURS, aim) for aim in AIMS), *(Entry(tool) for tool in PEERS)]
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(N_WORKERS) as pool:
        for case in cases:
            field = prepared(fitted_quietly(case), Path(name))
            jobs = [pool.submit(figures, field, entry, targets, fresh=fresh) for entry in entries]
            for job in jobs:
                yield from job.result()


def fitted_quietly(case: Case) -> Fitted:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fitted(case)


def prepared(fit: Fitted, folder: Path) -> Field:
    """Write the model and the rows; ask Python's model; weigh a forest's information."""
    name = fit.case.name
    edges = edge_rows(fit)
    rows = np.vstack([fit.X[:N_ROWS], edges])
    model_path, rows_path = folder / f"{name}.pkl", folder / f"{name}.npy"
    model_path.write_bytes(pickle.dumps(fit.model))
    np.save(rows_path, rows)
    want = np.asarray(fit.model.predict(rows), np.float64)
    spread = float(np.ptp(fit.model.predict(fit.X))) if fit.is_value else None
    trees, facts = trees_of(fit.model), {}
    if len(trees) > 1:
        least = bound(trees)
        facts = {"splits": least.n_splits, "bound": round(least.n_bytes)}
    return Field(name, model_path, rows_path, want, len(edges), spread, facts)


def figures(field: Field, entry: Entry, targets: Sequence[str], *, fresh: bool) -> list[Figure]:
    """One entry on every core."""
    found = []
    for target in targets:
        made = made_for(field, entry, target, fresh=fresh)
        key = (field.case, entry.tool, entry.aim, target)
        answer = made
        if "error" not in made:
            answer = tools.weighed(made, target, field.rows, WEIGH_SECONDS, fresh=fresh)
        if "answers" in answer and len(set(map(tuple, answer["answers"]))) == 1:
            answer = {"error": f"{answer['flash']} bytes that answer every row alike"}
        if "error" in answer:
            words = shortened(answer["error"])
            found.append(Figure(*key, **field.facts, error=words))
        else:
            found.append(Figure(*key, **field.facts, **counted(field, made, answer)))
    return found


def made_for(field: Field, entry: Entry, target: str, *, fresh: bool) -> dict[str, Any]:
    """The C of an entry. Other tools write one C for all cores: it is made once and kept."""
    if entry.tool != OURS:
        return tools.made_by(entry.tool, field.model, MAKE_SECONDS, fresh=fresh)
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, tools.HERE / "ours.py", entry.aim, target, field.model, result]
        return tools.run(command, result, EXPORT_SECONDS)


def shortened(words: str) -> str:
    return words if len(words) <= ERROR_LENGTH else f"{words[: ERROR_LENGTH - 3]}..."


def counted(field: Field, made: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The fields of a figure from the runs of all rows; costs are those of the unseen rows."""
    got = decided(answer["answers"], made["call"]["decide"])
    is_right = right(got, field.want, field.spread)
    n = len(is_right) - field.n_edges
    instructions, cycles = answer["instructions"][:n], answer["cycles"][:n]
    return {
        "flash": answer["flash"],
        "runtime": answer["runtime"],
        "ram": answer["ram"],
        "stack": max(answer["stack"]),
        "instructions": float(np.median(instructions)),
        "instructions_max": max(instructions),
        "cycles": float(np.median(cycles)),
        "cycles_max": max(cycles),
        "agree": float(np.mean(is_right[:n])),
        "edge": float(np.mean(is_right[n:])) if field.n_edges else None,
        "max_error": None if field.spread is None else float(np.abs(got - field.want).max()),
        "export_seconds": made["seconds"],
    }
