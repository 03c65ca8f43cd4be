"""The record of comparisons that the tests print at their end."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Agreed(NamedTuple):
    """One method of one case: rows compared, and how far the answers were apart.

    error and allowed: the largest error, as a share of what was allowed there; absolute: that
    error itself. inside: rows whose label was not promised; differ: those of them that differed.
    note: which allowance was needed beyond the plain one.
    """

    case: str
    dtype: str
    method: str
    rows: int
    absolute: float = 0.0
    share: float = 0.0
    inside: int = 0
    differ: int = 0
    note: str = ""

    def __str__(self) -> str:
        labels = f"{self.inside} rows inside the bound, {self.differ} of them differ"
        numbers = f"error {self.absolute:.2e}, {self.share:.3f} of what is allowed"
        what = labels if self.method == "predict" and self.inside else numbers
        return f"{self.case} {self.dtype} {self.method}: {self.rows} rows, {what} {self.note}"


def lines(facts: Sequence[Agreed], *, every: bool) -> Iterator[str]:
    """The worst case of each method and number format, or all of them; then what was inside."""
    if every:
        yield from (str(fact) for fact in facts)
    groups: dict[tuple[str, str, str], list[Agreed]] = {}
    for fact in facts:
        groups.setdefault((fact.dtype, fact.method, fact.note), []).append(fact)
    for (dtype, method, note), found in sorted(groups.items()):
        worst = max(found, key=lambda fact: fact.share)
        yield (
            f"{dtype} {method} {note or '(plain)'}: {len(found)} comparisons, "
            f"{sum(f.rows for f in found)} rows; worst {worst.share:.3f} of what is allowed, "
            f"{worst.absolute:.2e} at {worst.case}"
        )
    for fact in facts:
        if fact.inside:
            yield f"not promised: {fact}"
