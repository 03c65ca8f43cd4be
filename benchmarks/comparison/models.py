"""The fitted models that are compared: one table, seeded, on data that scikit-learn carries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.cluster import KMeans
from sklearn.ensemble import (
    GradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

Rows = NDArray[np.float64]
SEED = 11
SYNTHETIC = {"n_samples": 1500, "n_features": 16, "n_informative": 10, "n_classes": 3}


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """An estimator to fit on a data set; standard: columns brought to mean 0, deviation 1."""

    name: str
    make: Callable[[], Any]
    source: str
    standard: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A fitted model and rows that it has not seen: float64 whose values a float32 holds."""

    case: Case
    model: Any
    X: Rows

    @property
    def is_value(self) -> bool:
        """Whether the answer is a number, not a label."""
        return not hasattr(self.model, "classes_") and not hasattr(self.model, "n_clusters")


SOURCES: dict[str, Callable[[], tuple[Any, Any]]] = {
    "cancer": lambda: datasets.load_breast_cancer(return_X_y=True),
    "digits": lambda: datasets.load_digits(return_X_y=True),
    "diabetes": lambda: datasets.load_diabetes(return_X_y=True),
    "synthetic": lambda: datasets.make_classification(random_state=SEED, **SYNTHETIC),
}


def forest(count: int, depth: int | None) -> Callable[[], Any]:
    return lambda: RandomForestClassifier(count, max_depth=depth, random_state=SEED)


def xgboost(depth: int) -> Callable[[], Any]:
    """XGBoost is imported when such a model is fitted, not before."""

    def make() -> Any:
        from xgboost import XGBClassifier

        return XGBClassifier(n_estimators=60, max_depth=depth, random_state=SEED)

    return make


CASES = (
    Case("logistic_cancer", lambda: LogisticRegression(max_iter=500), "cancer", standard=True),
    Case("logistic_digits", lambda: LogisticRegression(C=0.02, max_iter=2000), "digits"),
    Case("svc_cancer", lambda: SVC(C=2.0, gamma=0.02), "cancer", standard=True),
    Case("svc_digits", lambda: SVC(C=4.0, gamma=0.0008), "digits"),
    Case("tree_cancer", lambda: DecisionTreeClassifier(random_state=SEED), "cancer"),
    Case("tree_digits", lambda: DecisionTreeClassifier(random_state=SEED), "digits"),
    Case("forest10_cancer", forest(10, 5), "cancer"),
    Case("forest10_digits", forest(10, 9), "digits"),
    Case("forest50_cancer", forest(50, None), "cancer"),
    Case("forest50_synthetic", forest(50, 9), "synthetic"),
    Case("forest100_digits", forest(100, 7), "digits"),
    Case(
        "boosting_cancer",
        lambda: GradientBoostingClassifier(n_estimators=80, random_state=SEED),
        "cancer",
    ),
    Case("xgboost_cancer", xgboost(3), "cancer"),
    Case("xgboost_synthetic", xgboost(4), "synthetic"),
    Case(
        "forest20_diabetes",
        lambda: RandomForestRegressor(20, max_depth=7, random_state=SEED),
        "diabetes",
    ),
    Case("bayes_cancer", GaussianNB, "cancer", standard=True),
    Case(
        "mlp_cancer",
        lambda: MLPClassifier((12,), max_iter=1500, random_state=SEED),
        "cancer",
        standard=True,
    ),
    Case(
        "mlp_digits",
        lambda: MLPClassifier((24,), max_iter=400, random_state=SEED),
        "digits",
    ),
    Case("kmeans_digits", lambda: KMeans(10, n_init=2, random_state=SEED), "digits"),
)


def fitted(case: Case) -> Fitted:
    """Fit a case on two thirds of its data."""
    X, y = SOURCES[case.source]()
    if case.standard:
        X = (X - X.mean(axis=0)) / X.std(axis=0)
    X = X.astype(np.float32).astype(np.float64)
    X_fit, X_unseen, y_fit, _ = train_test_split(X, y, test_size=1 / 3, random_state=SEED)
    return Fitted(case, case.make().fit(X_fit, y_fit), X_unseen)
