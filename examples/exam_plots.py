"""The drawings of exam_scores.py, as SVG with the same bytes on every run."""

from math import log
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score, roc_curve

COLOURS = ("#c0392b", "#1f618d")
FAINT = ("#f6ddd9", "#d9e6f0")


def save(figure: Figure, path: Path) -> None:
    """Without a date, without chance in the names inside."""
    with mpl.rc_context({"svg.hashsalt": "edge-codegen"}):
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def draw_boundary(path: Path, rows_of: dict[str, Any], in_c: Any, model: Any) -> None:
    """All applicants over what the C answers everywhere, and the lines of two thresholds.

    rows_of: for training and test the scores (n_rows, 2) and labels; in_c: the compiled export.
    """
    figure = Figure(figsize=(7, 7), layout="constrained")
    axes = figure.subplots()
    scores = np.linspace(25, 105, 161)
    grid = np.array([(first, second) for second in scores for first in scores])
    answers = in_c.predict(grid).reshape(scores.size, scores.size)
    axes.contourf(scores, scores, answers, levels=[-0.5, 0.5, 1.5], colors=FAINT)
    for part, (X, y) in rows_of.items():
        scatter(axes, part, X, y)
    (first, second), offset = model.estimator_.coef_[0], model.estimator_.intercept_[0]
    for cut, style in ((float(model.best_threshold_), "-"), (0.5, ":")):
        line = (log(cut / (1 - cut)) - offset - first * scores) / second
        axes.plot(scores, line, style, color="black", label=f"P(accepted) = {cut:.4f}")
    axes.set(xlim=(25, 105), ylim=(25, 105), xlabel="first exam", ylabel="second exam")
    axes.set_title("The shading is what the exported C answers")
    figure.legend(loc="outside lower center", ncols=3, fontsize="small")
    save(figure, path)


def scatter(axes: Any, part: str, X: NDArray[np.float64], y: NDArray[np.int64]) -> None:
    """Training rows as filled circles, test rows as open squares."""
    for label, text in enumerate(("denied", "accepted")):
        inside, marker = (COLOURS[label], "o") if part == "training" else ("none", "s")
        first, second = X[y == label].T
        look = {"marker": marker, "facecolors": inside, "edgecolors": COLOURS[label]}
        axes.scatter(first, second, 32, label=f"{text} ({part})", **look)


def draw_roc(
    path: Path, truth: NDArray[np.int64], accepted: NDArray[np.float64], threshold: float
) -> None:
    """The ROC curve of the test rows, with the point of the exported threshold."""
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.subplots()
    false_rate, true_rate, _ = roc_curve(truth, accepted, drop_intermediate=False)
    area = roc_auc_score(truth, accepted)
    axes.plot(false_rate, true_rate, color=COLOURS[1], label=f"area under the curve {area:.5f}")
    for cut, marker in ((threshold, "o"), (0.5, "s")):
        answer = accepted >= cut
        point = (answer[truth == 0].mean(), answer[truth == 1].mean())
        axes.plot(*point, marker, color="black", label=f"threshold {cut:.4f}")
    axes.plot([0, 1], [0, 1], ":", color="grey")
    axes.set(
        xlabel="denied applicants who are accepted",
        ylabel="accepted applicants found",
        title="35 test rows",
    )
    axes.legend(loc="lower right")
    save(figure, path)
