"""The comparisons: Python's answers, the model in numpy, the C on the host, the C on the target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from codegen.bounds import Known, bounds
from codegen.compiled import Compiled
from codegen.edges import edge_rows
from codegen.evaluate import evaluate
from codegen.given import as_numbers
from codegen.ir import Floats, Model
from codegen.live import ask, given_answers, takes
from codegen.measure import Costs, measure
from codegen.plan.program import Dtype, Program
from codegen.targets import Target
from codegen.texts import require_ascii, stacked

EDGE_ROWS = 400
MEASURED_ROWS = 40

Reference = Literal["python", "answers", "codegen"]

SAID = {
    "python": "the live model's own methods",
    "answers": "the model's own answers, from the reserved columns of the data",
    "codegen": "codegen's own reading of the model in numpy; Python's model was not asked",
}


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How one method's answers agree on some rows.

    For labels: differ counts rows with another label, inside those of them (and inside_rows all
    rows) whose decisive gap is within the bound. For numbers: max_abs_error beside max_bound (None:
    no bound is known), beyond counts rows whose error exceeds their bound.
    """

    method: str
    rows: int
    is_label: bool
    differ: int = 0
    differ_inside: int = 0
    inside_rows: tuple[int, ...] = ()
    max_abs_error: float = 0.0
    max_bound: float | None = 0.0
    beyond: int = 0

    @property
    def good(self) -> bool:
        """Whether every answer is right, or within its bound."""
        return self.beyond == 0 and self.differ == self.differ_inside


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """What was compared, on given rows and on rows made at the edges.

    reference: against what the C was judged. rounded: values of the given rows that the C's input
    type changed. bits: for each core that was run, the rows on which its answers differ from the
    host's in a bit. costs: what the functions cost on each core, counted on the first given rows.
    """

    reference: Reference
    given: tuple[Agreement, ...]
    edges: tuple[Agreement, ...]
    reading: tuple[Agreement, ...]
    rounded: int
    bits: Mapping[str, int]
    costs: Mapping[str, Costs]

    @property
    def agreement(self) -> bool:
        """Whether nothing disagrees beyond its bound, and every core gives the host's bits."""
        compared = (*self.given, *self.edges, *self.reading)
        return all(a.good for a in compared) and not any(self.bits.values())

    @property
    def max_abs_error(self) -> float:
        """The largest error of any number, on any row."""
        return max((a.max_abs_error for a in (*self.given, *self.edges)), default=0.0)

    @property
    def labels_differ(self) -> int:
        """Rows with another label, those inside the bound included."""
        return sum(a.differ for a in (*self.given, *self.edges))


def compare(
    model: Model, lowered: Model, X: Floats, dtype: Dtype, answers: Mapping[str, NDArray[Any]]
) -> dict[str, "Expected"]:
    """The expected answers on X with the bound of each; answers: those that are known otherwise.

    Args:
        model: as imported, for what the answers do not say.
        lowered: as written to C, which the bounds are carried through.
    """
    own = evaluate(model.methods, X)
    known = bounds(lowered.methods, X, dtype, float32_reference=model.float32_parameters)
    return {
        method: Expected(np.asarray(answers.get(method, own[method])), known[method], own[method])
        for method in model.methods
    }


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """A method's expected values (n_rows, size), its bounds, and codegen's own reading."""

    value: NDArray[Any]
    known: Known
    reading: Floats


def agreement(
    method: str, *, is_label: bool, want: NDArray[Any], got: NDArray[Any], bound: Floats
) -> Agreement:
    """Compare answers (n_rows, size) value by value; NaN agrees with NaN."""
    rows = len(want)
    if is_label:
        wrong, unsure = want != got, bound > 0
        differs = wrong.any(axis=1)
        return Agreement(
            method,
            rows,
            is_label=True,
            differ=int(differs.sum()),
            differ_inside=int((differs & ~(wrong & ~unsure).any(axis=1)).sum()),
            inside_rows=tuple(int(i) for i in np.flatnonzero(unsure.any(axis=1))),
        )
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(want.astype(np.float64) - got.astype(np.float64))
    same = (want == got) | (np.isnan(want) & np.isnan(got))
    error = np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))
    finite = bound[np.isfinite(bound)]
    return Agreement(
        method,
        rows,
        is_label=False,
        max_abs_error=float(error.max(initial=0.0)),
        max_bound=float(finite.max(initial=0.0)) if finite.size == bound.size else None,
        beyond=int((error > bound).any(axis=1).sum()),
    )


class Exported(Protocol):
    """What is verified: an export, and Python's own model where it is at hand."""

    @property
    def program(self) -> Program: ...  # noqa: D102 the fields of Artifact
    @property
    def model(self) -> Model: ...  # noqa: D102
    @property
    def lowered(self) -> Model: ...  # noqa: D102
    @property
    def estimator(self) -> Any: ...  # noqa: D102
    @property
    def sources(self) -> dict[str, str]: ...  # noqa: D102
    def compile(self) -> Compiled: ...  # noqa: D102


def verified(
    export: Exported, X: Any, answers: Mapping[str, NDArray[Any]], cores: tuple[Target, ...]
) -> Verification:
    """Compare on the given rows and on made ones; then run the cores on some of both."""
    c = export.compile()
    given = given_rows(export.model, X)
    rounded = c.rows(given).astype(np.float64)
    edges = edge_rows(export.lowered, rounded, EDGE_ROWS)
    known = given_answers(answers, export.model)
    live = export.estimator is not None and not export.model.outputs.rule
    on_given = compared(export, c, rounded, asked(export, rounded) if live else known)
    edges, answered = taken(export, edges) if live else (edges, {})
    on_edges = compared(export, c, edges, answered)
    sample = c.rows(below(export.model, rounded[:MEASURED_ROWS], edges[:MEASURED_ROWS]))
    runs = [measure(export.program, export.sources, core, sample, MEASURED_ROWS) for core in cores]
    return Verification(
        reference="python" if live else "answers" if known else "codegen",
        given=on_given[0],
        edges=on_edges[0],
        reading=(*on_given[1], *on_edges[1]),
        rounded=int((~((rounded == given) | np.isnan(given))).sum()),
        bits={run.core: other_bits(c, sample, run) for run in runs if run.answers},
        costs={run.core: run for run in runs},
    )


def given_rows(model: Model, X: Any) -> Floats:
    """The rows as numbers; of texts their codes, and none beyond ASCII."""
    if X is None:
        return np.empty((0, model.input.n_features))
    rows = as_numbers(model, X).astype(np.float64)
    if model.is_text:
        require_ascii(rows)
    return rows


def below(model: Model, *blocks: Floats) -> Floats:
    """Rows one below the other."""
    return stacked(*blocks) if model.is_text else np.vstack(blocks)


def asked(export: Exported, rows: Floats) -> dict[str, NDArray[Any]]:
    """The live model's answers."""
    return ask(export.estimator, export.model, rows) if len(rows) else {}


def taken(export: Exported, edges: Floats) -> tuple[Floats, dict[str, NDArray[Any]]]:
    """The made rows that the live model takes, and its answers.

    It may raise where a logarithm has no value, or where a step on the way takes no missing one.
    """
    try:
        return edges, asked(export, edges)
    except ValueError:
        kept = edges[[takes(export.estimator, export.model, row) for row in edges]]
        if not len(kept):
            raise
        return kept, asked(export, kept)


def compared(
    export: Exported, c: Compiled, rows: Floats, answers: Mapping[str, NDArray[Any]]
) -> tuple[tuple[Agreement, ...], tuple[Agreement, ...]]:
    """C against the reference, and C against codegen's own reading of the model."""
    if not len(rows):
        return (), ()
    outside: list[Agreement] = []
    reading: list[Agreement] = []
    expected = compare(export.model, export.lowered, rows, export.program.dtype, answers)
    for method, want in expected.items():
        got = c.raw(method, rows)
        is_label = export.model.methods[method].is_index
        bound = want.known.bound
        for found, value in ((outside, want.value), (reading, want.reading)):
            found.append(agreement(method, is_label=is_label, want=value, got=got, bound=bound))
    return tuple(outside), tuple(reading)


def other_bits(c: Compiled, rows: NDArray[Any], run: Costs) -> int:
    """Rows on which a core's answers are not the host's, bit by bit; NaN equals NaN."""
    wrong = np.zeros(len(rows), bool)
    for method, got in run.answers.items():
        want = c.raw(method, rows)
        same = (want == got) & (np.signbit(want) == np.signbit(got))
        wrong |= ~(same | (np.isnan(want) & np.isnan(got))).all(axis=1)
    return int(wrong.sum())
