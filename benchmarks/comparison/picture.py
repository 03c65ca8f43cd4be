"""Draws docs/benchmarks.svg: flash against instructions, a point for each tool and case."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from .figures import OURS, Figure
from .page import entries_of, targets_of

OUR_COLOURS = ("#c1121f", "#f77f00", "#7b2cbf")
MARKS = "osD^vPX"
COLOURS = ("#1d3557", "#457b9d", "#2a9d8f", "#6c757d", "#8d6e63", "#577590", "#90be6d")
STYLE = {"svg.hashsalt": "benchmarks", "svg.fonttype": "none", "font.size": 9}


def draw(figures: Sequence[Figure], source: bytes, path: Path) -> None:
    """The picture of what the csv (its bytes: source) holds; the same bytes for the same csv."""
    targets = targets_of(figures)
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(6 * len(targets), 5.5), layout="constrained")
        panels = canvas.subplots(1, len(targets), squeeze=False)[0]
        for axes, target in zip(panels, targets, strict=True):
            panel(axes, [f for f in figures if f.target == target], target)
        handles, labels = canvas.axes[0].get_legend_handles_labels()
        canvas.legend(handles, labels, loc="outside lower center", ncols=5, frameon=False)
        about = {"Date": None, "Identifier": fingerprint(source)}
        canvas.savefig(path, format="svg", metadata=about)


def fingerprint(source: bytes) -> str:
    """What ties the picture to the csv."""
    return f"sha256:{hashlib.sha256(source).hexdigest()}"


def panel(axes: Axes, figures: Sequence[Figure], target: str) -> None:
    """One core: filled marks answer rightly, hollow ones do not."""
    ours = iter(OUR_COLOURS)
    theirs = iter(zip(COLOURS, MARKS, strict=True))
    for tool, aim in entries_of(figures):
        colour, mark = (next(ours), "*") if tool == OURS else next(theirs)
        mine = [f for f in figures if (f.tool, f.aim) == (tool, aim) and not f.error]
        look = {"marker": mark, "s": 90 if tool == OURS else 28, "linewidths": 0.9}
        label = f"{tool}, {aim}" if aim else tool
        right = [f for f in mine if f.is_exact]
        wrong = [f for f in mine if not f.is_exact]
        axes.scatter(*places(right), color=colour, label=label, **look)
        axes.scatter(*places(wrong), facecolors="none", edgecolors=colour, **look)
    axes.set(xscale="log", yscale="log", title=target)
    axes.set(xlabel="instructions a call (median)", ylabel="flash, bytes")
    axes.grid(visible=True, which="major", linewidth=0.4, alpha=0.5)


def places(figures: Sequence[Figure]) -> tuple[list[float | None], list[int | None]]:
    """Where the points lie."""
    return [f.instructions for f in figures], [f.flash for f in figures]
