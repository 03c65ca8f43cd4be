"""Fills docs/benchmarks.md: every table between two marks is made of the figures alone."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from .figures import OURS, Figure
from .standing import Beside, geometric_mean, pairings, ratios

COSTS = ("flash", "instructions")
LARGE_FOREST = 1000

Table = Callable[[Sequence[Figure]], str]


def filled(text: str, figures: Sequence[Figure]) -> str:
    """The page with its marked parts made anew; raises KeyError for a mark of no table."""
    pattern = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- /\2 -->)", re.DOTALL)
    return pattern.sub(lambda m: f"{m[1]}\n{TABLES[m[2]](figures)}\n{m[3]}", text)


def markdown(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A table whose columns but the first are set to the right."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *body))


def targets_of(figures: Sequence[Figure]) -> list[str]:
    return sorted({f.target for f in figures})


def aims_of(figures: Sequence[Figure]) -> list[str]:
    """The aims, in the order of the file."""
    return list(dict.fromkeys(f.aim for f in figures if f.tool == OURS))


def entries_of(figures: Sequence[Figure]) -> list[tuple[str, str]]:
    """Tool and aim, in the order of the file."""
    return list(dict.fromkeys((f.tool, f.aim) for f in figures))


def title(tool: str, aim: str) -> str:
    return f"**{tool}**, {aim}" if aim else f"**{tool}**" if tool == OURS else tool


def number(value: float | None, form: str = ",.0f") -> str:
    return "–" if value is None else format(value, form)


def share(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def exactness(figures: Sequence[Figure]) -> str:
    """For every tool: what it takes, where it is right, its lowest share of right answers."""
    body = []
    for tool, aim in entries_of(figures):
        mine = [f for f in figures if (f.tool, f.aim) == (tool, aim)]
        able = [f for f in mine if not f.error]
        trees = [f for f in able if f.edge is not None]
        body.append(
            [
                title(tool, aim),
                share(len(able), len(mine)),
                share(sum(f.is_exact for f in able), len(able)),
                number(min((f.agree for f in able), default=None), ".3f"),
                number(min((f.edge for f in trees), default=None), ".3f"),
            ]
        )
    head = ["tool", "answers", "exact", "least right, unseen rows", "least right, at thresholds"]
    return markdown(head, body)


def summary(figures: Sequence[Figure]) -> str:
    """Geometric means and worst cases of the ratios to the best exact tool."""
    body = [
        [target, aim or "–", *standing(pairings(figures, target, aim))]
        for target in targets_of(figures)
        for aim in aims_of(figures)
    ]
    head = ["core", "aim", "cases", "flash, mean", "flash, worst", "instructions, mean"]
    head += ["instructions, worst", "flash to the fastest, worst"]
    head += ["forests: flash to any tool, mean", "worst"]
    return markdown(head, body)


def standing(rows: Sequence[Beside]) -> list[str]:
    """How many cases have an exact other tool, and the ratios."""
    cells = [str(len(ratios(rows, "flash")))]
    for cost in COSTS:
        found = ratios(rows, cost)
        worst = max(found, key=found.__getitem__, default=None)
        cells.append(number(geometric_mean(found.values()), ".2f"))
        cells.append("–" if worst is None else f"{found[worst]:.2f} ({worst})")
    beside = [r for r in (row.flash_to_fastest() for row in rows) if r is not None]
    forests = [row for row in rows if row.ours.is_forest]
    any_tool = ratios(forests, "flash", exact=False).values()
    cells.append(number(max(beside, default=None), ".2f"))
    cells.append(number(geometric_mean(any_tool), ".2f"))
    return [*cells, number(max(any_tool, default=None), ".2f")]


def by_case(figures: Sequence[Figure]) -> str:
    """Our figures, beside the best exact tool's, for every core and aim."""
    parts = []
    for target in targets_of(figures):
        for aim in aims_of(figures):
            rows = pairings(figures, target, aim)
            heading = f"### {target}, {aim}" if aim else f"### {target}"
            parts.append(f"{heading}\n\n{markdown(CASE_HEAD, [case_row(r) for r in rows])}")
    return "\n".join(parts)


CASE_HEAD = ["case", "flash", "best exact", "ratio", "instructions", "best exact", "ratio"]
CASE_HEAD += ["RAM", "stack", "cycles", "most cycles", "right", "at thresholds", "export, s"]


def case_row(row: Beside) -> list[str]:
    ours = row.ours
    if ours.error:
        return [ours.case, "fails", *["–"] * (len(CASE_HEAD) - 2)]
    cells = [ours.case]
    for cost in COSTS:
        best = row.least(cost, exact=True)
        named = "–" if best is None else f"{getattr(best, cost):,.0f} {best.tool}"
        cells += [number(getattr(ours, cost)), named, number(row.ratio(cost), ".2f")]
    counts = [number(v) for v in (ours.ram, ours.stack, ours.cycles, ours.cycles_max)]
    shares = [number(v, ".3f") for v in (ours.agree, ours.edge)]
    return [*cells, *counts, *shares, number(ours.export_seconds, ".2f")]


def everyone(figures: Sequence[Figure]) -> str:
    """Flash and instructions of every tool for every case."""
    parts = []
    for target in targets_of(figures):
        here = [f for f in figures if f.target == target]
        entries = entries_of(here)
        body = []
        for case, group in groupby(here, key=lambda f: f.case):
            known = {(f.tool, f.aim): f for f in group}
            body.append([case, *(cell(known.get(entry)) for entry in entries)])
        head = ["case", *(title(*entry) for entry in entries)]
        parts.append(f"### {target}\n\n{markdown(head, body)}")
    return "\n".join(parts)


def cell(figure: Figure | None) -> str:
    """Flash / instructions, struck out where an answer is wrong."""
    if figure is None:
        return "–"
    if figure.error:
        return "fails"
    text = f"{figure.flash:,} / {figure.instructions:,.0f}"
    return text if figure.is_exact else f"~~{text}~~"


def information(figures: Sequence[Figure]) -> str:
    """Our smallest forests beside the entropy bound."""
    body = []
    for target in targets_of(figures):
        for row in pairings(figures, target, aims_of(figures)[0]):
            ours = row.ours
            if ours.bound is not None:
                ratio = None if ours.flash is None else ours.flash / ours.bound
                large = "yes" if ours.splits >= LARGE_FOREST else "no"
                cells = [number(ours.splits), large, number(ours.bound), number(ours.flash)]
                body.append([ours.case, target, *cells, number(ratio, ".2f")])
    head = ["case", "core", "splits", f"{LARGE_FOREST:,} or more", "bound", "flash", "ratio"]
    return markdown(head, body)


def failures(figures: Sequence[Figure]) -> str:
    """What every failed attempt said, once for all cores on which it said the same."""
    said: dict[tuple[str, str, str], list[str]] = {}
    for f in figures:
        if f.error:
            words = f.error.replace("|", "\\|").replace("<", "&lt;")
            said.setdefault((title(f.tool, f.aim), f.case, words), []).append(f.target)
    body = [[tool, case, ", ".join(cores), words] for (tool, case, words), cores in said.items()]
    text = markdown(["tool", "case", "core", "words"], body)
    return text.replace("| --- | ---: | ---: | ---: |", "| --- | --- | --- | --- |")


TABLES: dict[str, Table] = {
    "exactness": exactness,
    "summary": summary,
    "information": information,
    "by_case": by_case,
    "everyone": everyone,
    "failures": failures,
}
