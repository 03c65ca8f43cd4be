"""Tree models of every kind of leaf, and their exports with the trees in a form of one's choice."""

from typing import Any, get_args

from sklearn import ensemble, tree
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits

from codegen.declared import Declared
from codegen.emit import emit
from codegen.export import Artifact, facts_of
from codegen.importers import import_model
from codegen.load import load
from codegen.passes import declare, prepare
from codegen.plan import plan
from codegen.plan.program import TreeForm
from codegen.targets import find_target
from tests.reference import Floats

FORMS: tuple[TreeForm, ...] = get_args(TreeForm)

CANCER, DIGITS, SUGAR = load_breast_cancer, load_digits, load_diabetes
MODELS: dict[str, tuple[Any, Any]] = {
    "tree_pure": (tree.DecisionTreeClassifier(random_state=0), DIGITS),
    "tree_mixed": (tree.DecisionTreeClassifier(max_depth=3, random_state=0), DIGITS),
    "tree_value": (tree.DecisionTreeRegressor(max_depth=6, random_state=0), SUGAR),
    "two_proved": (ensemble.RandomForestClassifier(7, max_depth=4, random_state=0), CANCER),
    "two_settled": (
        ensemble.ExtraTreesClassifier(40, min_samples_leaf=4, random_state=1),
        CANCER,
    ),
    "two_pure": (ensemble.RandomForestClassifier(9, random_state=0), CANCER),
    "two_pure_even": (ensemble.RandomForestClassifier(6, random_state=0), CANCER),
    "ten_counts": (ensemble.RandomForestClassifier(12, max_depth=7, random_state=0), DIGITS),
    "ten_pure": (
        ensemble.RandomForestClassifier(25, bootstrap=False, random_state=0),
        DIGITS,
    ),
    "ten_weights": (
        ensemble.RandomForestClassifier(
            8, max_depth=5, class_weight="balanced_subsample", random_state=0
        ),
        DIGITS,
    ),
    "ten_shallow": (ensemble.RandomForestClassifier(20, max_depth=1, random_state=0), DIGITS),
    "values": (ensemble.RandomForestRegressor(15, max_depth=7, random_state=0), SUGAR),
}
"""Every kind of leaf, with and without ties to settle."""

BOOSTED: dict[str, tuple[Any, Any]] = {
    "boosted_two": (ensemble.GradientBoostingClassifier(n_estimators=30, random_state=0), CANCER),
    "boosted_ten": (ensemble.GradientBoostingClassifier(n_estimators=4, random_state=0), DIGITS),
    "boosted_value": (ensemble.GradientBoostingRegressor(n_estimators=30, random_state=0), SUGAR),
}

_FITTED: dict[str, Any] = {}


def fitted(name: str) -> tuple[Any, Floats]:
    """The estimator, fitted once, and the rows it knows."""
    estimator, loader = (MODELS | BOOSTED)[name]
    X, y = loader(return_X_y=True)
    if name not in _FITTED:
        _FITTED[name] = estimator.fit(X[::2], y[::2])
    return _FITTED[name], X[1::2]


def in_form(
    estimator: Any, form: TreeForm, name: str = "form", declared: Declared = "float"
) -> Artifact:
    """The export with its trees in one form."""
    read = declare(import_model(load(estimator)), declared)
    lowered = prepare(read, "float32")
    program = plan(lowered, name=name, dtype="float32", form=form)
    files = emit(program, layout="split", facts=facts_of(read, "", "float32"))
    return Artifact(program, files, find_target("host"), read, lowered, "")
