"""The page of all estimators is what the sweep found, and the importers are those that it tells."""

import csv
from pathlib import Path

import pytest
from sklearn.utils import all_estimators

from benchmarks.estimators import page
from codegen.importers import IMPORTERS
from codegen.load.record import public_name

ROOT = Path(__file__).parent.parent
EXPERIMENTAL = {"HalvingGridSearchCV", "HalvingRandomSearchCV", "IterativeImputer"}
"""Listed by scikit-learn only where something has asked for them."""

pytestmark = pytest.mark.filterwarnings("ignore")


def lines() -> list[dict[str, str]]:
    """The verdicts of the sweep."""
    with (ROOT / "benchmarks" / "estimators.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_is_made_of_the_csv() -> None:
    text = (ROOT / "docs" / "estimators.md").read_text("utf-8")
    assert page.filled(lines()) == text, "run `python benchmarks/sweep.py --page`"


def test_every_estimator_was_swept_and_those_with_an_importer_agree() -> None:
    public = {
        name: public_name(kind.__module__, name)
        for name, kind in all_estimators()
        if name not in EXPERIMENTAL
    }
    found = {line["estimator"]: line["outcome"] for line in lines()}
    assert set(found) == set(public)
    agreeing = {name for name in public if found[name] == "agrees"}
    assert agreeing == {name for name, path in public.items() if path in IMPORTERS}
    assert {line["outcome"] for line in lines()} == {"agrees", "refused"}
    assert all(line["methods"] for line in lines() if line["outcome"] == "agrees")
