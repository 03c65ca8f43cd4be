"""How long an export of a forest takes, and how much memory: 10k, 50k and 200k nodes.

    python benchmarks/export_time.py

Each forest of 100 trees is exported once by the command line, in a process of its own, with zig's
runtime libraries built and nothing of the forest cached. Prints seconds and megabytes, and the
exponent of time over nodes between neighbours.
"""

import pickle
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

NODES = (10_000, 50_000, 200_000)
PEAK = "import resource,subprocess,sys;"
PEAK += "code=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL);"
PEAK += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024);sys.exit(code)"


def forest(n_nodes: int, seed: int) -> RandomForestClassifier:
    """A forest of 100 trees with about that many nodes, leaves included."""
    X, y = make_classification(
        n_samples=6000 + n_nodes // 8,
        n_features=20,
        n_informative=12,
        n_classes=4,
        flip_y=0.2,
        random_state=seed,
    )
    leaves = n_nodes // 200
    X = X.astype(np.float32)
    return RandomForestClassifier(100, max_leaf_nodes=leaves, random_state=seed, n_jobs=2).fit(X, y)


def exported(path: Path, folder: Path) -> tuple[float, int]:
    """Seconds and peak megabytes of one export (the compiler's own included)."""
    command = [str(Path(sys.executable).parent / "codegen"), "export", str(path)]
    command += ["--target", "cortex-m", "--name", "forest", "-o", str(folder / "out"), "--force"]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *command], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, int(done.stdout)


def main() -> None:
    """Train, export, print."""
    seconds: dict[int, float] = {}
    seed = time.time_ns() % 1000  # another forest each time: nothing of it is cached
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n_nodes in NODES:
            model = forest(n_nodes, seed)
            count = sum(tree.tree_.node_count for tree in model.estimators_)
            path = folder / "forest.pkl"
            path.write_bytes(pickle.dumps(model))
            seconds[count], megabytes = exported(path, folder)
            print(f"{count:8,} nodes: {seconds[count]:6.2f} s, {megabytes:5,} MB", flush=True)
    for few, many in pairwise(seconds):
        exponent = log(seconds[many] / seconds[few]) / log(many / few)
        print(f"{few:,} to {many:,} nodes: time grows with exponent {exponent:.2f}")


if __name__ == "__main__":
    main()
