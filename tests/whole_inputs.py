"""Models over whole numbers of every declared type, and linear maps over these at their limits."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from lightgbm import LGBMClassifier
from sklearn import ensemble, tree
from sklearn.cluster import KMeans
from sklearn.datasets import load_diabetes, load_digits
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC, LinearSVC
from xgboost import XGBClassifier

from codegen import ir
from codegen.declared import Declared, span
from codegen.emit import emit
from codegen.export import Artifact
from codegen.passes import prepare
from codegen.plan import plan
from codegen.targets import find_target
from tests.reference import Floats

Maker = Callable[[], Any]

RNG = np.random.default_rng(31)
PIXELS, DIGIT = load_digits(return_X_y=True)
SIGNED = np.rint(load_diabetes().data * 1e5)
SUGAR = load_diabetes().target
HIGH = (np.median(SUGAR) < SUGAR).astype(int)

DATA: dict[Declared, tuple[Floats, Any, Any]] = {
    "uint8": (PIXELS, DIGIT, DIGIT % 3 + PIXELS[:, 20] / 16),
    "int8": (PIXELS - 8, DIGIT, DIGIT % 3 + PIXELS[:, 20] / 16),
    "int16": (SIGNED, HIGH, SUGAR),
    "uint16": (SIGNED + 20000, HIGH, SUGAR),
}
"""Rows of each type, with classes and with values."""

FORESTS: dict[str, tuple[Declared, Maker]] = {
    "forest_u8": ("uint8", lambda: ensemble.RandomForestClassifier(12, max_depth=7)),
    "forest_i8": ("int8", lambda: ensemble.ExtraTreesClassifier(9, min_samples_leaf=3)),
    "forest_i16": ("int16", lambda: ensemble.RandomForestClassifier(15, min_samples_leaf=2)),
    "values_u16": ("uint16", lambda: ensemble.RandomForestRegressor(9, max_depth=6)),
    "tree_u16": ("uint16", tree.DecisionTreeClassifier),
    "tree_u8": ("uint8", lambda: tree.DecisionTreeClassifier(max_depth=3)),
    "tree_i8": ("int8", lambda: tree.DecisionTreeClassifier(max_depth=4)),
}
"""Bare scikit-learn trees, with every kind of leaf and of key."""

BEHIND: dict[str, tuple[Declared, Maker]] = {
    "scaled_u8": (
        "uint8",
        lambda: make_pipeline(StandardScaler(), ensemble.RandomForestClassifier(7, max_depth=6)),
    ),
    "scaled_i16": (
        "int16",
        lambda: make_pipeline(
            SimpleImputer(),
            MinMaxScaler((-1, 1), clip=True),
            ensemble.GradientBoostingClassifier(n_estimators=12),
        ),
    ),
    "boosted_u8": ("uint8", lambda: ensemble.GradientBoostingClassifier(n_estimators=3)),
    "xgboost_u8": ("uint8", lambda: XGBClassifier(n_estimators=4, max_depth=4)),
    "lightgbm_i16": ("int16", lambda: LGBMClassifier(n_estimators=8, verbose=-1)),
    "boosted_u16": ("uint16", lambda: ensemble.GradientBoostingRegressor(n_estimators=9)),
}
"""Trees behind steps, and boosted ones: labels are exact as well."""

VALUES: dict[str, tuple[Declared, Maker]] = {
    "logistic_u8": ("uint8", lambda: LogisticRegression(max_iter=3000)),
    "logistic_i16": ("int16", lambda: make_pipeline(StandardScaler(), LogisticRegression())),
    "chosen_i16": (
        "int16",
        lambda: make_pipeline(SelectKBest(k=5), StandardScaler(), LogisticRegression()),
    ),
    "svc_i8": ("int8", LinearSVC),
    "linear_u16": ("uint16", lambda: make_pipeline(StandardScaler(), LinearRegression())),
    "radial_u8": ("uint8", lambda: SVC(gamma="scale")),
    "network_u8": (
        "uint8",
        lambda: make_pipeline(StandardScaler(), MLPClassifier((12,), max_iter=60)),
    ),
    "kmeans_i8": ("int8", lambda: KMeans(8, n_init=1)),
    "pca_u8": ("uint8", lambda: PCA(5)),
    "bayes_u8": ("uint8", lambda: make_pipeline(StandardScaler(), GaussianNB())),
    "union_i16": (
        "int16",
        lambda: make_pipeline(make_union(StandardScaler(), PCA(3)), LogisticRegression()),
    ),
    "scaler_u16": ("uint16", StandardScaler),
    "tree_behind_pca": (
        "uint8",
        lambda: make_pipeline(PCA(4), tree.DecisionTreeClassifier(max_depth=4)),
    ),
    "identity_i8": ("int8", lambda: make_union("passthrough", "passthrough")),
}
"""What reads real numbers, or sums whole ones."""


@cache
def fitted(name: str) -> tuple[Any, Declared, Floats]:
    """An estimator, the type of its rows, and rows that it never saw."""
    declared, make = (FORESTS | BEHIND | VALUES)[name]
    X, y, value = DATA[declared]
    estimator = make()
    for part in (estimator, *(step for _, step in getattr(estimator, "steps", ()))):
        if "random_state" in getattr(part, "get_params", dict)():
            part.set_params(random_state=0)
    regresses = "Regress" in str(estimator) and "Logistic" not in str(estimator)
    return estimator.fit(X[::2], value[::2] if regresses else y[::2]), declared, X[1::2]


WIDE = 600
"""Columns, more than a sum of 32 bits takes at once."""


def at_the_limits(declared: Declared) -> Floats:
    """Rows of the least and the largest numbers, and of others."""
    low, high = span(declared)
    rng = np.random.default_rng(17)
    rows = rng.integers(low, high, endpoint=True, size=(12, WIDE)).astype(float)
    rows[:4] = np.array([low, high, 0, 1])[:, None]
    rows[4] = np.where(np.arange(WIDE) % 2, low, high)
    return rows


@cache
def linear(declared: Declared, what: str) -> Artifact:
    """A linear map whose coefficients are as large as they come beside one another."""
    rng = np.random.default_rng(18)
    weight = rng.choice([-1.0, 1.0], size=(3, WIDE)) * (1 - 2.0**-31)
    weight[0] = 1 - 2.0**-31
    weight[1] = -weight[0]
    if what == "sum":
        weight = weight[:1] - 2.0**-17
    x = ir.Input(WIDE, declared)
    map_ = ir.Affine(x, weight, np.full(len(weight), 0.75))
    root: ir.Node = map_
    if what != "affine":
        root = ir.ArgMax(map_) if what == "argmax" else ir.Threshold(map_, 0.0, inclusive=False)
    method = "predict" if root.is_index else "transform"
    kind = "clusterer" if root.is_index else "transformer"
    model = ir.Model("a linear map", x, ir.Outputs(kind, {method: root}))
    lowered = prepare(model, "float32")
    program = plan(lowered, name=what, dtype="float32")
    facts = dict.fromkeys(("estimator", "answers", "sha256", "tool", "promise"), "a test")
    files = emit(program, layout="split", facts=facts)
    return Artifact(program, files, find_target("host"), model, lowered, "")
