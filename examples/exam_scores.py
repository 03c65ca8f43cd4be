"""Exam scores: a threshold chosen on training rows goes into the C, and a published error is told.

Two exam scores decide whether an applicant is accepted. A tutorial on the same rows shows a
threshold with which nobody who should be denied is accepted; this script computes how that came
about. Data: see data/README.md.
"""

import sys
from pathlib import Path

import numpy as np
from exam_plots import draw_boundary, draw_roc
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, precision_score, recall_score, roc_auc_score
from sklearn.model_selection import TunedThresholdClassifierCV
from story import CORES, output_folder, tell_agreement, tell_costs, tell_files, tell_matrix, title

import codegen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXAM = Path(__file__).parent / "data" / "exam"
LABELS = ("denied", "accepted")
PUBLISHED = [[11, 0], [2, 22]]
HUNDREDTHS = np.arange(2, 100) / 100


def rows(part: str) -> tuple[Floats, Ints]:
    """Scores (n_rows, 2) and whether the applicant was accepted (n_rows,)."""
    table = np.loadtxt(EXAM / f"{part}.csv", delimiter=",")
    return table[:, :2], table[:, 2].astype(np.int64)


def matrix_at(accepted: Floats, truth: Ints, threshold: float) -> list[list[int]]:
    """The confusion matrix of the rule `accepted from the threshold on`."""
    found: list[list[int]] = confusion_matrix(truth, accepted >= threshold).tolist()
    return found


def accuracy(matrix: list[list[int]]) -> float:
    """The share of right answers."""
    return float(np.trace(matrix) / np.sum(matrix))


def first_best(scores: list[float]) -> float:
    """The threshold, in steps of a hundredth, that is the first to reach the best score."""
    return float(HUNDREDTHS[np.argmax(scores)])


def tell_rule(name: str, accepted: Floats, truth: Ints, threshold: float) -> None:
    """One line of the table of rules."""
    matrix = matrix_at(accepted, truth, threshold)
    answer = accepted >= threshold
    precision, recall = precision_score(truth, answer), recall_score(truth, answer)
    print(
        f"  {name:<44} {threshold:>6.4f}  {matrix!s:<19} {accuracy(matrix):>8.4f} "
        f"{precision:>9.4f} {recall:>7.4f}"
    )


def turned_labels(names: list[str]) -> NDArray[np.bool_]:
    """Which rows linfa-logistic 0.3.1 took for the larger of two class names.

    It turned a sign whenever a row's class was not the one it had met last *for the first time*.
    That is the second class for good, so every further row of the first class turns the sign again
    instead of setting it.
    """
    known: list[str] = []
    sign, signs = False, []
    for name in names:
        if known and name != known[-1]:
            sign = not sign
        if name not in known:
            known.append(name)
        signs.append(sign)
    return np.array(signs) if known[0] < known[1] else ~np.array(signs)


def tell_model(model: TunedThresholdClassifierCV) -> None:
    """The line, and how its threshold was found."""
    (first, second), offset = model.estimator_.coef_[0], model.estimator_.intercept_[0]
    print(f"  P(accepted) = logistic({first:.6f} exam1 + {second:.6f} exam2 - {-offset:.4f})")
    print(
        f"  accepted where P >= {model.best_threshold_:.4f}: the first of 100 thresholds with the\n"
        f"  best accuracy ({model.best_score_:.4f}), the mean over five held-out fifths of the "
        "training rows"
    )


def tell_published(X: Floats, y: Ints, X_test: Floats, y_test: Ints) -> None:
    """Where the tutorial's matrix comes from: wrong labels, and a threshold chosen on test rows."""
    names = [LABELS[k] for k in y]
    labels = turned_labels(names)
    wrong = int((labels != (y == 0)).sum())
    print(f"  the library's labelling, rebuilt: {wrong} of {len(y)} training labels are wrong")
    learnt = LogisticRegression(max_iter=5000, tol=1e-10).fit(X, labels)
    denied = learnt.predict_proba(X_test)[:, 1]
    matrices = {t: confusion_matrix(y_test, denied < t).tolist() for t in HUNDREDTHS}
    found = first_best([accuracy(m) for m in matrices.values()])
    same = [f"{t:.2f}" for t, matrix in matrices.items() if matrix == PUBLISHED]
    print(f"  learnt from them, and the best threshold on the test rows: {found:.2f}")
    print(f"  its matrix: {matrices[found]}; the published one {PUBLISHED} at {', '.join(same)}")
    for C in (0.1, 1.0, np.inf):
        right = LogisticRegression(C=C, max_iter=5000, tol=1e-10).fit(X, y)
        accepted = right.predict_proba(X_test)[:, 1]
        cuts = [*np.unique(accepted), np.inf]
        hits = sum(matrix_at(accepted, y_test, t) == PUBLISHED for t in cuts)
        print(f"  with the right labels and C={C}: {hits} of {len(cuts)} possible cuts give it")


def tell_test(model: TunedThresholdClassifierCV, X_test: Floats, y_test: Ints) -> None:
    """What the model is worth, judged on rows that it has never seen."""
    answer = model.predict(X_test)
    accepted = model.predict_proba(X_test)[:, 1]
    matrix = confusion_matrix(y_test, answer)
    tell_matrix(matrix, LABELS)
    print(
        f"  accuracy {accuracy(matrix.tolist()):.4f}, "
        f"precision {precision_score(y_test, answer):.4f}, "
        f"recall {recall_score(y_test, answer):.4f}, "
        f"area under the ROC curve {roc_auc_score(y_test, accepted):.5f}"
    )


def tell_rules(accepted: Floats, y_test: Ints, chosen: float) -> None:
    """The chosen threshold beside two that were picked because they do well on the test rows."""
    on_test = first_best([accuracy(matrix_at(accepted, y_test, t)) for t in HUNDREDTHS])
    print(
        f"  {'accepted from the threshold on':<44} {'at':>6}  {'matrix':<19} accuracy "
        "precision  recall"
    )
    tell_rule("a half", accepted, y_test, 0.5)
    tell_rule("chosen on the training rows (exported)", accepted, y_test, chosen)
    tell_rule("the tutorial's; selected on the test rows", accepted, y_test, 0.37)
    tell_rule("the best here; selected on the test rows", accepted, y_test, on_test)
    print(
        "  The last two were picked because they do well on these very rows: that is selection on\n"
        "  test data, and their figures promise nothing for the next applicants."
    )


def in_c(
    model: TunedThresholdClassifierCV, rows_of: dict[str, tuple[Floats, Ints]], out: Path
) -> bool:
    """Export with the threshold, prove, measure, draw; whether the C agrees."""
    X_test, y_test = rows_of["test"]
    artifact = codegen.export(model, target="cortex-m", name="exam")
    proof = artifact.verify(X_test)
    tell_agreement(proof)
    tell_costs("predict", {"exam": [artifact.measure(core, X_test) for core in CORES]})
    written = artifact.write(out)
    boundary, roc = out / "boundary.svg", out / "roc.svg"
    draw_boundary(boundary, rows_of, artifact.compile(), model)
    draw_roc(roc, y_test, model.predict_proba(X_test)[:, 1], float(model.best_threshold_))
    tell_files([*written, boundary, roc])
    return bool(proof.agreement)


def main(out: Path) -> int:
    """The whole way; 1 where the C does not agree."""
    X, y = rows("train")
    X_test, y_test = rows("test")
    for part, labels in (("learn from", y), ("be judged by", y_test)):
        denied, accepted = np.bincount(labels)
        print(f"{len(labels)} applicants to {part}: {denied} denied, {accepted} accepted")
    title("1. The model and its threshold, both from the training rows")
    model = TunedThresholdClassifierCV(LogisticRegression(), scoring="accuracy", cv=5).fit(X, y)
    tell_model(model)
    title("2. What it is worth on the test rows")
    tell_test(model, X_test, y_test)
    title("3. What a threshold chosen on the test rows would pretend")
    tell_rules(model.predict_proba(X_test)[:, 1], y_test, float(model.best_threshold_))
    title("4. A published matrix that came from scrambled labels")
    tell_published(X, y, X_test, y_test)
    title("5. The model with its threshold as C")
    return 0 if in_c(model, {"training": (X, y), "test": (X_test, y_test)}, out) else 1


if __name__ == "__main__":
    sys.exit(main(output_folder("exam_scores", "Exam scores, from training to C")))
