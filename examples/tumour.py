"""Tumours: a random forest beside a logistic regression, in what they know and what they cost.

Which of two models goes into a device is a question of accuracy and of price together. Both are
trained on the same rows, judged on the same unseen rows by the C itself, and weighed on two cores.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from story import CORES, output_folder, tell_agreement, tell_costs, tell_files, tell_matrix, title

import codegen

MODELS = {
    "tumour_forest": RandomForestClassifier(30, max_depth=6, random_state=0),
    "tumour_line": make_pipeline(StandardScaler(), LogisticRegression()),
}


def main(out: Path) -> int:
    """Both models, each from training to C; 1 where one does not agree."""
    cancer = load_breast_cancer()
    labels = cancer.target_names.tolist()
    split = train_test_split(
        cancer.data, cancer.target, test_size=0.4, stratify=cancer.target, random_state=0
    )
    X, X_test, y, y_test = split
    print(f"{len(y)} tumours to learn from, {len(y_test)} to be judged by; {X.shape[1]} features")
    costs: dict[str, list[Any]] = {}
    agree = []
    for name, model in MODELS.items():
        title(f"{name}: {type(model).__name__}")
        artifact = codegen.export(model.fit(X, y), target="cortex-m", name=name)
        answer = artifact.compile().predict(X_test)
        print(f"  the C is right on {np.mean(answer == y_test):.2%} of the unseen tumours:")
        tell_matrix(confusion_matrix(y_test, answer), labels)
        proof = artifact.verify(X_test)
        tell_agreement(proof)
        agree.append(proof.agreement)
        costs[name] = [artifact.measure(core, X_test) for core in CORES]
        tell_files(artifact.write(out))
    title("What they cost")
    tell_costs("predict", costs)
    return 0 if all(agree) else 1


if __name__ == "__main__":
    sys.exit(main(output_folder("tumour", "Two models of tumours, from training to C")))
