"""One line of the table: what a tool's C costs for a case on a core, and how often it is right."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

OURS = "this project"
VALUE_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """Sizes and stack in bytes, counts per call (median and largest over the unseen rows).

    agree, edge: the share of right answers on unseen rows, and on rows at the thresholds of trees;
    max_error: of numbers, over both. bound: the entropy bound of a forest, in bytes; splits: its
    number of splits. Where `error` has words there are no figures.
    """

    case: str
    tool: str
    aim: str
    target: str
    flash: int | None = None
    runtime: int | None = None
    ram: int | None = None
    stack: int | None = None
    instructions: float | None = None
    instructions_max: int | None = None
    cycles: float | None = None
    cycles_max: int | None = None
    agree: float | None = None
    edge: float | None = None
    max_error: float | None = None
    export_seconds: float | None = None
    splits: int | None = None
    bound: int | None = None
    error: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a figure is of."""
        return self.case, self.tool, self.aim, self.target

    @property
    def is_exact(self) -> bool:
        """Whether every answer is right, those at the thresholds too."""
        return not self.error and self.agree == 1.0 and self.edge in (None, 1.0)

    @property
    def is_forest(self) -> bool:
        return self.bound is not None


NUMBERS = {f.name: int if "int" in str(f.type) else float for f in fields(Figure)[4:-1]}


def read(path: Path) -> list[Figure]:
    """The figures of a csv file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [from_text(row) for row in csv.DictReader(file)]


def from_text(row: dict[str, str]) -> Figure:
    found: dict[str, Any] = dict(row)
    for name, kind in NUMBERS.items():
        found[name] = kind(row[name]) if row[name] else None
    return Figure(**found)


def write(path: Path, figures: Iterable[Figure]) -> None:
    """The figures as csv; an empty field where there is none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(f.name for f in fields(Figure))
        for figure in figures:
            writer.writerow(text(getattr(figure, f.name)) for f in fields(Figure))


def text(value: object) -> object:
    """Floats short, absent ones empty."""
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else value


def decided(answers: list[list[float]], how: str) -> NDArray[np.float64]:
    """The label's index, or the number, that a C's raw answers (n_rows, n_outputs) stand for."""
    raw = np.array(answers, float)
    match how:
        case "index" | "value":
            return raw[:, 0]
        case "argmax":
            return raw.argmax(axis=1).astype(float)
        case "positive":
            return (raw[:, 0] > 0).astype(float)
        case "half":
            return (raw[:, 0] > 0.5).astype(float)
        case "pairs":
            return np.array([most_voted(scores) for scores in raw], float)
    raise ValueError(f"unknown way to decide: {how}")


def most_voted(scores: NDArray[np.float64]) -> int:
    """The class of most votes among one-against-one scores; a positive one is the first's."""
    n_classes = round((1 + (1 + 8 * len(scores)) ** 0.5) / 2)
    firsts, seconds = np.triu_indices(n_classes, 1)
    return int(np.bincount(np.where(scores > 0, firsts, seconds), minlength=n_classes).argmax())


def right(
    got: NDArray[np.float64], want: NDArray[np.float64], spread: float | None
) -> NDArray[np.bool_]:
    """Which answers are right: the label, or a number within 1e-6 of the spread of all answers."""
    return got == want if spread is None else np.abs(got - want) <= VALUE_TOLERANCE * spread
