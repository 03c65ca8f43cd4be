"""Exports every estimator of scikit-learn and compares it with Python: docs/estimators.md.

    python benchmarks/sweep.py                 every estimator: estimators.csv and the page
    python benchmarks/sweep.py SVC KMeans      these; the other lines stay as they are
    python benchmarks/sweep.py --page          only the page, from the csv

Each is fitted with two settings on two data sets and exported for this computer. A method agrees
when every label is right wherever its gap exceeds the bound, and every number is within its bound.
An export of which no method was compared counts as failed.
"""

import argparse
import csv
from dataclasses import asdict, fields
from multiprocessing import Pool
from pathlib import Path

from estimators.judge import Verdict, classes_by_name, verdicts
from estimators.page import filled

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "estimators.csv"
PAGE = ROOT / "docs" / "estimators.md"
COLUMNS = [field.name for field in fields(Verdict)]


def judged(name: str) -> list[Verdict]:
    """All verdicts on one estimator."""
    return list(verdicts(name, classes_by_name()[name]))


def written(verdict: Verdict) -> dict[str, str]:
    """A line of the csv."""
    line = {name: str(value) for name, value in asdict(verdict).items()}
    return line | {"methods": " ".join(verdict.methods), "error": f"{verdict.error:.1e}"}


def read(path: Path) -> list[dict[str, str]]:
    """The lines of the csv; none where there is no file yet."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, lines: list[dict[str, str]]) -> None:
    """The csv, by estimator, setting and data."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(lines, key=lambda line: (line["estimator"], line["setting"])))


def sweep(names: list[str]) -> None:
    """Judge the estimators and write their lines."""
    known = classes_by_name()
    chosen = names or sorted(known)
    lines = [line for line in read(RESULTS) if line["estimator"] not in chosen]
    with Pool(2) as pool:
        for found in pool.imap(judged, chosen):
            lines += map(written, found)
            outcome = ", ".join(sorted({v.outcome for v in found}))
            words = next((v.words for v in found if v.words), "")
            print(f"{found[0].estimator}: {outcome} {words}", flush=True)
    write(RESULTS, lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("estimator", nargs="*")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    chosen = parser.parse_args()
    if not chosen.page:
        sweep(chosen.estimator)
    PAGE.write_text(filled(read(RESULTS)), encoding="utf-8")


if __name__ == "__main__":
    main()
