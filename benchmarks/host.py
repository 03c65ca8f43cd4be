"""Times artifact.host() against scikit-learn, and against tl2cgen where it is installed.

    python benchmarks/host.py [CASE ...]

One thread for everybody, the same float32 rows, conversion left out, the median of seven calls in
turns. Labels have to be scikit-learn's, numbers within 1e-5 of its largest: if one is not, the exit
code is 1.
"""

import os

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import argparse  # noqa: E402 threads are set before numpy loads
import sys  # noqa: E402
import tempfile  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from time import perf_counter  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from sklearn.cluster import KMeans  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor  # noqa: E402
from sklearn.linear_model import LinearRegression, LogisticRegression  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

from codegen import export  # noqa: E402

try:
    import tl2cgen
    import treelite
except ImportError:
    tl2cgen = treelite = None

RUNS = 7
Rows = NDArray[np.float32]
Predict = Callable[[], NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Medians of seconds by contestant, and the share of answers that are scikit-learn's."""

    seconds: dict[str, float]
    agreement: dict[str, float]


def forest(kind: Any, n_rows: int) -> tuple[Any, Rows]:
    """50 trees of depth 10; 20 features, 3 classes or a number."""
    X, y = make_classification(4000, 20, n_informative=10, n_classes=3, random_state=0)
    model = kind(50, max_depth=10, random_state=0, n_jobs=1).fit(X[:2000], y[:2000])
    rng = np.random.default_rng(0)
    rows = X[rng.integers(len(X), size=n_rows)] + rng.normal(0, 0.3, (n_rows, 20))
    return model, rows.astype(np.float32)


def k_means(n_features: int, n_clusters: int, n_rows: int) -> tuple[Any, Rows]:
    """Points around as many centres as are looked for."""
    rng = np.random.default_rng(0)
    centres = 3 * rng.normal(size=(n_clusters, n_features))
    rows = centres[rng.integers(n_clusters, size=n_rows)] + rng.normal(size=(n_rows, n_features))
    rows = rows.astype(np.float32)
    return KMeans(n_clusters, n_init=1, random_state=0).fit(rows[:5000]), rows


def linear(kind: Any, n_features: int, n_rows: int) -> tuple[Any, Rows]:
    """Two classes that overlap, as labels or as numbers."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(n_rows, n_features)).astype(np.float32)
    score = rows[:5000] @ rng.normal(size=n_features) + rng.normal(size=5000)
    return kind().fit(rows[:5000], (score > 0).astype(int)), rows


CASES: dict[str, Callable[[], tuple[Any, Rows]]] = {
    "forest_200k_x20_50_trees": lambda: forest(RandomForestClassifier, 200_000),
    "regressor_200k_x20_50_trees": lambda: forest(RandomForestRegressor, 200_000),
    "k_means_1M_x2_3_centres": lambda: k_means(2, 3, 1_000_000),
    "k_means_1M_x20_16_centres": lambda: k_means(20, 16, 1_000_000),
    "logistic_1M_x30": lambda: linear(LogisticRegression, 30, 1_000_000),
    "linear_1M_x30": lambda: linear(LinearRegression, 30, 1_000_000),
}


def tl2cgen_predict(model: Any, rows: Rows, folder: str) -> Predict:
    """tl2cgen's library of a forest, on rows that it has converted already."""
    library = Path(folder) / "forest.so"
    read = treelite.sklearn.import_model(model)
    tl2cgen.export_lib(read, toolchain="gcc", libpath=library, params={"parallel_comp": 8})
    predictor = tl2cgen.Predictor(library, nthread=1)
    given = tl2cgen.DMatrix(rows, dtype="float32")

    def predict() -> NDArray[Any]:
        answers = predictor.predict(given).reshape(len(rows), -1)
        classes = getattr(model, "classes_", None)
        return answers[:, 0] if classes is None else classes[answers.argmax(axis=1)]

    return predict


def agreed(answers: NDArray[Any], reference: NDArray[Any]) -> float:
    """The share of equal labels, or of numbers that are close."""
    if reference.dtype.kind in "iu":
        return float((answers == reference).mean())
    return float((np.abs(answers - reference) <= 1e-5 * np.abs(reference).max()).mean())


def measured(contestants: dict[str, Predict]) -> Measured:
    """Call all of them in turns."""
    answers = {name: predict() for name, predict in contestants.items()}
    agreement = {name: agreed(a, answers["scikit-learn"]) for name, a in answers.items()}
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(RUNS):
        for name, predict in contestants.items():
            start = perf_counter()
            predict()
            seconds[name].append(perf_counter() - start)
    return Measured({name: median(s) for name, s in seconds.items()}, agreement)


def run(name: str, folder: str) -> bool:
    """Measure a case and print its line; whether codegen's labels are scikit-learn's."""
    model, rows = CASES[name]()
    host = export(model).host()
    contestants: dict[str, Predict] = {
        "scikit-learn": lambda: model.predict(rows),
        "codegen": lambda: host.predict(rows),
    }
    if tl2cgen is not None and hasattr(model, "estimators_"):
        contestants["tl2cgen"] = tl2cgen_predict(model, rows, folder)
    found = measured(contestants)
    base = found.seconds["codegen"]
    for contestant, seconds in found.seconds.items():
        print(
            f"{name:28} {contestant:13} {1e3 * seconds:9.2f} ms   codegen takes "
            f"{base / seconds:6.3f} of it   agreement {found.agreement[contestant]:.6f}"
        )
    return found.agreement["codegen"] == 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}")
    chosen = parser.parse_args().cases or list(CASES)
    unknown = [name for name in chosen if name not in CASES]
    if unknown:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(CASES)}")
    if tl2cgen is None:
        print("tl2cgen is not installed: forests are timed without it")
    with threadpool_limits(1), tempfile.TemporaryDirectory() as folder:
        same = [run(name, folder) for name in chosen]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
