"""How this project stands beside the other tools: best figures, ratios and their means."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log

from .figures import OURS, Figure


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """One of our figures and those of the other tools for the same case and core."""

    ours: Figure
    others: tuple[Figure, ...]

    def least(self, cost: str, *, exact: bool) -> Figure | None:
        """The other tool of least flash or instructions, of the exact ones or of all."""
        able = [f for f in self.others if not f.error and (f.is_exact or not exact)]
        return min(able, key=lambda f: getattr(f, cost), default=None)

    def ratio(self, cost: str, *, exact: bool = True) -> float | None:
        """Our cost over the least of the others; None where either has none, or we are wrong."""
        best = self.least(cost, exact=exact)
        if best is None or not self.ours.is_exact:
            return None
        return float(getattr(self.ours, cost) / getattr(best, cost))

    def flash_to_fastest(self) -> float | None:
        """Our flash over that of the exact tool of fewest instructions."""
        best = self.least("instructions", exact=True)
        if best is None or not self.ours.is_exact:
            return None
        return float(self.ours.flash / best.flash)


def pairings(figures: Iterable[Figure], target: str, aim: str) -> list[Beside]:
    """Our figures for a core and an aim, each with the others' for its case."""
    here = [f for f in figures if f.target == target]
    others = [f for f in here if f.tool != OURS]
    return [
        Beside(ours, tuple(f for f in others if f.case == ours.case))
        for ours in here
        if ours.tool == OURS and ours.aim == aim
    ]


def geometric_mean(ratios: Iterable[float | None]) -> float | None:
    """Over those that there are."""
    logs = [log(r) for r in ratios if r is not None]
    return exp(sum(logs) / len(logs)) if logs else None


def ratios(rows: Iterable[Beside], cost: str, *, exact: bool = True) -> dict[str, float]:
    """Ratio by case, where there is one."""
    found = {row.ours.case: row.ratio(cost, exact=exact) for row in rows}
    return {case: ratio for case, ratio in found.items() if ratio is not None}
