"""Handwritten digits: PCA and a support vector machine, recognised by the C and drawn as text.

The images are 8 by 8 pixels. PCA leaves a few numbers of each, which keeps the support vectors,
and so the flash, small. Kernels want an FPU: the target is a Cortex-M4F, and the costs on a
Cortex-M0+ beside it show why.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from story import CORES, output_folder, tell_agreement, tell_costs, tell_files, title

import codegen

SHADES = " .:-=+*#%"
SHOWN = 5
MEASURED = 5


def drawn(images: NDArray[np.float64]) -> list[str]:
    """Images (n, 64) of values 0 to 16 beside each other, as 8 lines of text."""
    shade = (images.reshape(-1, 8, 8) / 16 * (len(SHADES) - 1)).round().astype(int)
    return [
        "  ".join("".join(SHADES[value] * 2 for value in image[line]) for image in shade).rstrip()
        for line in range(8)
    ]


def main(out: Path) -> int:
    """From training to C; 1 where the C does not agree."""
    X, y = load_digits(return_X_y=True)
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.5, stratify=y, random_state=0)
    model = make_pipeline(PCA(12, random_state=0), SVC(C=5.0)).fit(X, y)
    vectors = len(model[-1].support_vectors_)
    print(f"{len(y)} digits to learn from, {len(y_test)} to be judged by")
    print(f"PCA to {model[0].n_components_} numbers, then {vectors} support vectors")

    artifact = codegen.export(model, target="cortex-m4f", name="digits")
    answer = artifact.compile().predict(X_test)
    wrong = np.flatnonzero(answer != y_test)
    title("What the C reads")
    print(f"  right on {np.mean(answer == y_test):.2%} of the unseen digits; the first {SHOWN}:\n")
    tell_digits(X_test[:SHOWN], answer[:SHOWN], y_test[:SHOWN])
    print(f"\n  {len(wrong)} are misread; some of them:\n")
    tell_digits(X_test[wrong[:SHOWN]], answer[wrong[:SHOWN]], y_test[wrong[:SHOWN]])

    title("Agreement and costs")
    proof = artifact.verify(X_test)
    tell_agreement(proof)
    costs = [artifact.measure(core, X_test[:MEASURED]) for core in CORES]
    tell_costs("predict", {"digits": costs})
    tell_files(artifact.write(out))
    return 0 if proof.agreement else 1


def tell_digits(
    images: NDArray[np.float64], answer: NDArray[np.int64], truth: NDArray[np.int64]
) -> None:
    """The images, and below each what the C says and what it is."""
    print("\n".join(f"  {line}" for line in drawn(images)))
    said = (f"C: {a}, is {t}".ljust(16) for a, t in zip(answer, truth, strict=True))
    print(f"  {'  '.join(said)}".rstrip())


if __name__ == "__main__":
    sys.exit(main(output_folder("digits", "Handwritten digits, from training to C")))
