"""Everything composes with everything: random nested estimators export and agree."""

import warnings
from multiprocessing import Pool

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_selection import SelectPercentile
from sklearn.pipeline import make_pipeline

import codegen
from codegen.errors import UnsupportedModel
from codegen.verify import EDGE_ROWS
from tests.compositions import composition

QUICK = 16
ONCE_WRONG = (234, 397)
"""Seeds whose bounds were once too small."""

ALL = 500
REFUSED = 0.02

pytestmark = pytest.mark.filterwarnings("ignore")


def outcome(seed: int) -> str:
    """agrees, differs, or why the composition of that seed is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = composition(seed)
        try:
            artifact = codegen.export(found.estimator, "host", name="model")
        except UnsupportedModel as refusal:
            return str(refusal)
        verdict = artifact.verify(found.rows, cores=())
    return "agrees" if verdict.given and verdict.agreement else "differs"


@pytest.mark.parametrize("seed", [*range(QUICK), *ONCE_WRONG])
def test_a_random_composition_agrees(seed: int) -> None:
    assert outcome(seed) == "agrees"


def test_made_rows_that_python_refuses_are_left_out() -> None:
    """A selector takes no missing number, though the trees behind it would."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4))
    trees = HistGradientBoostingClassifier(max_iter=5)
    model = make_pipeline(SelectPercentile(percentile=50), trees).fit(X, X[:, 0] > 0)
    found = codegen.export(model, "host", name="model").verify(X, cores=())
    assert found.agreement
    assert 0 < found.edges[0].rows < EDGE_ROWS


@pytest.mark.slow
def test_five_hundred_random_compositions_agree() -> None:
    with Pool(2) as pool:
        outcomes = dict(enumerate(pool.imap(outcome, range(ALL))))
    assert {seed for seed, words in outcomes.items() if words == "differs"} == set()
    refusals = {seed: words for seed, words in outcomes.items() if words != "agrees"}
    assert len(refusals) <= REFUSED * ALL, refusals
    print(f"{ALL - len(refusals)} agree; refused: {refusals}")
