"""The comparisons: Python's answers, the model in numpy, the C on the host, the C on the target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from codegen.bounds import Known, bounds
from codegen.ir import Floats, Model
from codegen.plan.program import Dtype

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
    type changed. bits: for each core, the rows on which its answers are not the host's, bit by bit.
    """

    reference: Reference
    given: tuple[Agreement, ...]
    edges: tuple[Agreement, ...]
    reading: tuple[Agreement, ...]
    rounded: int
    bits: Mapping[str, int]

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
    from codegen.evaluate import evaluate

    own = evaluate(model.methods, X)
    known = bounds(lowered.methods, X, dtype)
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
        differs = (want != got).any(axis=1)
        unsure = (bound > 0).any(axis=1)
        return Agreement(
            method,
            rows,
            is_label=True,
            differ=int(differs.sum()),
            differ_inside=int((differs & unsure).sum()),
            inside_rows=tuple(int(i) for i in np.flatnonzero(unsure)),
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
