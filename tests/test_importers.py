"""Every importer against the estimator's own methods, on rows that were not seen in training."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.spatial.distance import cdist
from scipy.special import expit, softmax
from sklearn import (
    cluster,
    ensemble,
    feature_selection,
    linear_model,
    manifold,
    naive_bayes,
    neighbors,
    preprocessing,
    svm,
    tree,
)
from sklearn.base import clone, is_regressor
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans, MiniBatchKMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, IncrementalPCA, TruncatedSVD
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.experimental import (  # makes them importable
    enable_halving_search_cv,  # noqa: F401
    enable_iterative_imputer,  # noqa: F401
)
from sklearn.feature_extraction.image import PatchExtractor
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor, kernels
from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer
from sklearn.metrics.pairwise import linear_kernel
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    KFold,
    RandomizedSearchCV,
    TunedThresholdClassifierCV,
)
from sklearn.neighbors import KNeighborsClassifier, KNeighborsTransformer, LocalOutlierFactor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.semi_supervised import LabelPropagation, LabelSpreading

from codegen.errors import CodegenError, InvalidInput, InvalidModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import IMPORTERS, import_model, import_outputs
from codegen.importers.fitted_rows import add_rows
from codegen.ir import Gather, Input, Model, TreeEnsemble, walk
from codegen.load import Record, load
from tests.reference import answer, offered

pytestmark = pytest.mark.filterwarnings("ignore")


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Rows to fit on and rows that were kept back, labels y and targets t; all from one seed."""

    X: np.ndarray
    y: np.ndarray
    t: np.ndarray
    rows: np.ndarray

    @property
    def two(self) -> np.ndarray:
        """Two numbers to predict for each row."""
        return np.column_stack([self.t, self.t**2 - self.X[:, 0]])


def single(X: np.ndarray) -> np.ndarray:
    """Rounded to float32, as the C will see it, and given as float64."""
    return X.astype(np.float32).astype(np.float64)


def made(labels: list[Any], n_features: int, *, mean: float = 0.0, shares: Any = None) -> Data:
    """Overlapping clouds, one for each label."""
    rng = np.random.default_rng(n_features + len(labels))
    kind = rng.choice(len(labels), 420, p=shares)
    centres = rng.normal(size=(len(labels), n_features)) * 1.5
    spread = 10.0 ** rng.uniform(-1, 1, n_features)
    X = single((centres[kind] + rng.normal(size=(420, n_features)) + mean) * spread)
    t = X @ rng.normal(size=n_features) / spread.mean() + rng.normal(size=420)
    return Data(X[:120], np.array(labels)[kind][:120], t[:120], X[120:])


@cache
def data(name: str) -> Data:
    """A data set by its name."""
    match name:
        case "two":
            return made(["no", "yes"], 5)
        case "three":
            return made(["left", "middle", "right"], 4)
        case "one":
            return made([False, True], 1)
        case "far":
            return made([-3, 4, 10], 6, mean=1000.0)
        case "wide":
            return made([7, 8, 9, 11], 64)
        case "rare":
            return made([2, 5], 3, shares=[0.9, 0.1])
    raise AssertionError(name)


ALL = ("two", "three", "one", "far", "wide", "rare")
MANY = ("three", "far", "wide")


def case_id(value: Any) -> str:
    """The estimator and its settings, on one line."""
    return " ".join(repr(value).split())


def over(names: tuple[str, ...], *estimators: Any) -> pytest.MarkDecorator:
    """Each estimator on each data set."""
    shown = [(estimator, case_id(estimator)) for estimator in estimators]
    cases = [pytest.param(one, name, id=f"{said}-{name}") for one, said in shown for name in names]
    return pytest.mark.parametrize(("estimator", "name"), cases)


def imported(estimator: Any) -> Model:
    """The model of a live estimator."""
    return import_model(load(estimator))


def named(model: Model, index: np.ndarray) -> np.ndarray:
    """What predict's numbers mean: labels of a classifier, numbers else."""
    if model.kind != "classifier":
        return index
    columns = [known[i.astype(int)] for known, i in zip(model.classes, index.T, strict=True)]
    return np.column_stack(columns)


def flat(answer: Any, n_rows: int) -> np.ndarray:
    """scikit-learn's answer as (n_rows, n_values); lists of probabilities one after the other."""
    parts = answer if isinstance(answer, list) else [answer]
    dense = [part.toarray() if sparse.issparse(part) else np.asarray(part) for part in parts]
    return np.hstack([part.reshape(n_rows, -1) for part in dense])


def same_values(got: np.ndarray, want: np.ndarray, tolerance: float) -> None:
    """Equal within the tolerance times the range of each column (its size, where constant)."""
    assert got.shape == want.shape
    assert (np.isnan(got) == np.isnan(want)).all()
    span = np.nanmax(want, axis=0) - np.nanmin(want, axis=0)
    scale = np.where(span > 0, span, np.nanmax(np.abs(want), axis=0))
    assert np.nanmax(np.abs(got - want) - tolerance * scale) <= 0


def same(estimator: Any, X: np.ndarray, *, tolerance: float = 1e-12, **other: np.ndarray) -> Model:
    """The same methods as the estimator, and the same answers on X; `other` replaces its own."""
    model = imported(estimator)
    assert set(model.methods) == offered(estimator, model.kind)
    answers = evaluate(model.methods, X)
    for method, got in answers.items():
        own = other[method] if method in other else answer(estimator, method, X)
        want = flat(own, len(X))
        if method == "predict" and model.kind != "regressor":
            assert (named(model, got) == want).all()
        else:
            same_values(got, want, tolerance)
    return model


def fitted(estimator: Any, name: str, target: str = "y") -> Any:
    """A fresh copy, fitted on a data set."""
    known = data(name)
    return clone(estimator).fit(known.X, getattr(known, target))


# ---- linear models


@over(
    ALL,
    linear_model.LogisticRegression(),
    linear_model.LogisticRegression(C=0.1, fit_intercept=False, class_weight="balanced"),
    linear_model.LogisticRegressionCV(Cs=2, cv=2, max_iter=30),
    linear_model.RidgeClassifier(),
    linear_model.RidgeClassifierCV(),
    linear_model.SGDClassifier(random_state=0),
    linear_model.SGDClassifier(loss="log_loss", random_state=0),
    linear_model.SGDClassifier(loss="modified_huber", alpha=1.0, random_state=0),
    linear_model.Perceptron(),
    svm.LinearSVC(random_state=0),
    svm.LinearSVC(multi_class="crammer_singer", random_state=0, max_iter=50),
)
def test_linear_classifier(estimator: Any, name: str) -> None:
    scaled = make_pipeline(StandardScaler(), estimator)
    same(fitted(scaled if name == "far" else estimator, name), data(name).rows)


@over(("far",), linear_model.LogisticRegression(), linear_model.RidgeClassifier())
def test_linear_classifier_far_from_zero(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


REGRESSORS = (
    linear_model.LinearRegression(),
    linear_model.LinearRegression(fit_intercept=False),
    linear_model.Ridge(alpha=3.0),
    linear_model.RidgeCV(),
    linear_model.Lasso(alpha=0.1),
    linear_model.ElasticNet(alpha=0.1),
)


@over(
    ALL,
    *REGRESSORS,
    linear_model.LassoCV(cv=2, alphas=3),
    linear_model.ElasticNetCV(cv=2, alphas=3),
    svm.LinearSVR(random_state=0),
)
def test_linear_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)


@over(("one", "three", "wide"), *REGRESSORS)
def test_linear_regressor_of_two_numbers(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "two"), data(name).rows)


@over(("two", "three", "wide"), linear_model.SGDRegressor(random_state=0))
def test_linear_sgd_regressor(estimator: Any, name: str) -> None:
    same(fitted(make_pipeline(StandardScaler(), estimator), name, "t"), data(name).rows)


@over(("two", "wide"), linear_model.SGDClassifier(random_state=0), linear_model.Perceptron())
def test_linear_sparse_coefficients(estimator: Any, name: str) -> None:
    same(fitted(estimator, name).sparsify(), data(name).rows)


def test_linear_sparse_coefficients_of_one_dimension() -> None:
    model = fitted(linear_model.SGDRegressor(alpha=1.0, penalty="l1"), "rare", "t").sparsify()
    assert model.coef_.ndim == 1
    same(model, data("rare").rows)


def test_linear_modified_huber_far_from_all_classes() -> None:
    model = fitted(linear_model.SGDClassifier(loss="modified_huber", random_state=0), "three")
    rows = np.vstack([data("three").rows, 100 * data("three").rows])
    assert (model.decision_function(rows).max(axis=1) < -1).any()
    same(model, rows)


def test_linear_one_against_rest_of_old_files() -> None:
    model = fitted(linear_model.LogisticRegression(), "three")
    model.multi_class = "ovr"
    rows = data("three").rows
    rate = expit(model.decision_function(rows))
    same(model, rows, predict_proba=rate / rate.sum(axis=1, keepdims=True))


def test_linear_two_classes_multinomial_of_old_files() -> None:
    model = fitted(linear_model.LogisticRegression(), "two")
    model.multi_class = "multinomial"
    score = model.decision_function(data("two").rows)
    proba = softmax(np.column_stack([-score, score]), axis=1)
    same(model, data("two").rows, predict_proba=proba)


def test_linear_score_on_the_cut_is_the_first_class() -> None:
    model = linear_model.LogisticRegression(fit_intercept=False).fit([[-1.0], [1.0]], [0, 1])
    same(model, np.array([[0.0], [1e-30], [-1e-30]]))


# ---- support vector machines

KERNELS = [
    {"kernel": "linear"},
    {"kernel": "poly", "degree": 2, "coef0": 0.5},
    {"kernel": "poly"},
    {"kernel": "rbf"},
    {"kernel": "rbf", "gamma": 0.3},
    {"kernel": "sigmoid", "gamma": 0.02, "coef0": -0.2},
]


def scaled(estimator: Any) -> Any:
    """Behind a scaler, as support vector machines are used."""
    return make_pipeline(StandardScaler(), estimator)


@over(
    ALL,
    *(svm.SVC(**kernel) for kernel in KERNELS),
    *(svm.NuSVC(nu=0.1, **kernel) for kernel in KERNELS[1:4]),
)
def test_svm_classifier(estimator: Any, name: str) -> None:
    same(fitted(scaled(estimator), name), data(name).rows)


@over(
    ("two", *MANY),
    svm.SVC(decision_function_shape="ovo"),
    svm.SVC(break_ties=True),
    svm.NuSVC(nu=0.1, decision_function_shape="ovo"),
)
def test_svm_shapes_and_ties(estimator: Any, name: str) -> None:
    same(fitted(scaled(estimator), name), data(name).rows)


def test_svm_votes_and_scores_disagree_somewhere() -> None:
    """Otherwise the test of break_ties would prove nothing."""
    X = np.random.default_rng(5).normal(size=(120, 2))
    y = np.random.default_rng(6).integers(4, size=120)
    rows = single(np.random.default_rng(7).normal(size=(3000, 2)))
    by_vote, by_score = svm.SVC().fit(X, y), svm.SVC(break_ties=True).fit(X, y)
    assert (by_vote.predict(rows) != by_score.predict(rows)).any()
    same(by_vote, rows)
    same(by_score, rows)


@over(
    ("two", "three", "one", "wide"),
    svm.SVC(probability=True, random_state=0),
    svm.NuSVC(probability=True, random_state=0, nu=0.1, kernel="poly"),
)
def test_svm_probabilities(estimator: Any, name: str) -> None:
    same(fitted(scaled(estimator), name), data(name).rows)


def test_svm_probabilities_are_cut() -> None:
    X = np.array([[-1.0], [-0.9], [-1.1], [-0.8], [-1.2]] * 6)
    model = svm.SVC(kernel="linear", probability=True, random_state=0, C=1e3)
    model.fit(np.vstack([X, -X]), np.repeat([0, 1], 30))
    rows = np.array([[-100.0], [-0.5], [0.1], [1.0], [100.0]])
    assert model.predict_proba(rows).min() < 2e-7
    same(model, rows)


@over(ALL, *(svm.SVR(**kernel) for kernel in KERNELS), svm.NuSVR(C=3.0), svm.NuSVR(kernel="poly"))
def test_svm_regressor(estimator: Any, name: str) -> None:
    same(fitted(scaled(estimator), name, "t"), data(name).rows)


@over(("two", "far"), svm.SVR(epsilon=1e9), svm.NuSVR(C=1e-300))
def test_svm_without_support_vectors(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)


@over(ALL, *(svm.OneClassSVM(nu=0.2, **kernel) for kernel in KERNELS))
def test_svm_one_class(estimator: Any, name: str) -> None:
    """On columns of one sign: else a linear kernel's sums are nothing but rounding."""
    model = fitted(make_pipeline(MinMaxScaler((0.5, 1.5)), estimator), name)
    same(model, data(name).rows)


@pytest.mark.parametrize("make", [svm.SVC, svm.NuSVC, svm.SVR, svm.OneClassSVM])
@pytest.mark.parametrize("name", ["two", "three"])
def test_svm_fitted_on_sparse_rows(make: Callable[..., Any], name: str) -> None:
    known = data(name)
    X = sparse.csr_matrix(np.where(np.abs(known.X) > 1, known.X, 0))
    model = make(gamma=0.1).fit(X, known.t if make is svm.SVR else known.y)
    same(model, known.rows)


def test_svm_score_of_zero() -> None:
    """libsvm votes for the second class at 0; a linear classifier for the first."""
    model = svm.SVC(kernel="linear").fit([[-1.0], [1.0]], ["a", "b"])
    assert model.decision_function([[0.0]])[0] == 0
    same(model, np.array([[0.0], [1e-9], [-1e-9]]))
    one_class = svm.OneClassSVM(kernel="linear").fit([[1.0], [1.0]])
    cut = one_class.offset_ / (one_class.dual_coef_ @ one_class.support_vectors_)
    assert one_class.decision_function(cut)[0] == 0
    same(one_class, np.array([cut[0], cut[0] * 1.5, cut[0] * 0.5]))


# ---- trees and forests


def with_gaps(X: np.ndarray, seed: int) -> np.ndarray:
    """X with one value in ten missing."""
    return np.where(np.random.default_rng(seed).random(X.shape) < 0.1, np.nan, X)


def trees_of(estimator: Any) -> list[Any]:
    """The compiled trees of a tree or a forest."""
    inner = getattr(estimator, "estimators_", [estimator])
    return [one.tree_ for one in inner]


def edge_rows(estimator: Any, X: np.ndarray, n_rows: int = 2000) -> np.ndarray:
    """Rows on thresholds and one float either side, with NaN and infinities."""
    rng = np.random.default_rng(n_rows)
    rows = X[rng.integers(len(X), size=n_rows)].astype(np.float32)
    inner = [
        (f, t)
        for one in trees_of(estimator)
        for f, t in zip(one.feature, one.threshold, strict=True)
    ]
    splits = [(f, np.float32(t)) for f, t in inner if f >= 0] or [(0, np.float32(0))]
    for row in rows:
        for at in rng.integers(len(splits), size=3):
            feature, t = splits[at]
            beside = (t, np.nextafter(t, np.float32(-np.inf)), np.nextafter(t, np.float32(np.inf)))
            row[feature] = beside[rng.integers(3)]
    special = rng.random(rows.shape)
    rows[special < 0.02] = np.nan
    rows[(special > 0.98)] = np.inf
    rows[(special > 0.99)] = -np.inf
    return rows.astype(np.float64)


def leaf_sums(estimator: Any, rows: np.ndarray) -> np.ndarray:
    """The mean of the leaves' values (n_rows, outputs, classes), added in the order of trees."""
    trees = trees_of(estimator)
    total = np.zeros((len(rows), *trees[0].value.shape[1:]))
    for one in trees:
        total += one.value[one.apply(rows.astype(np.float32))]
    return total / len(trees)


def same_leaves(estimator: Any, X: np.ndarray) -> Model:
    """The same bits as the leaves' sums, and the same labels, on rows at the edges."""
    model = imported(estimator)
    rows = edge_rows(estimator, X)
    mean = leaf_sums(estimator, rows)
    answers = evaluate(model.methods, rows)
    if model.kind == "regressor":
        assert (answers["predict"] == mean[:, :, 0]).all()
        return model
    counts = [len(known) for known in model.classes]
    proba = np.hstack([mean[:, output, :count] for output, count in enumerate(counts)])
    assert (answers["predict_proba"] == proba).all()
    labels = [known[i] for known, i in zip(model.classes, mean.argmax(axis=2).T, strict=True)]
    assert (named(model, answers["predict"]) == np.column_stack(labels)).all()
    return model


TREES = (
    tree.DecisionTreeClassifier(random_state=0),
    tree.DecisionTreeClassifier(max_leaf_nodes=9, class_weight="balanced", random_state=0),
    tree.ExtraTreeClassifier(max_depth=4, random_state=0),
    ensemble.RandomForestClassifier(7, random_state=0),
    ensemble.RandomForestClassifier(5, max_leaf_nodes=12, criterion="entropy", random_state=0),
    ensemble.ExtraTreesClassifier(6, max_depth=5, random_state=0),
)


@over(ALL, *TREES)
def test_trees_classifier(estimator: Any, name: str) -> None:
    model = fitted(estimator, name)
    same(model, data(name).rows, tolerance=0)
    same_leaves(model, data(name).rows)


REGRESSION_TREES = (
    tree.DecisionTreeRegressor(max_depth=6, random_state=0),
    tree.DecisionTreeRegressor(max_leaf_nodes=9, random_state=0),
    tree.ExtraTreeRegressor(max_depth=5, random_state=0),
    ensemble.RandomForestRegressor(7, max_depth=5, random_state=0),
    ensemble.ExtraTreesRegressor(6, max_leaf_nodes=20, random_state=0),
)


@over(ALL, *REGRESSION_TREES, tree.DecisionTreeRegressor(criterion="absolute_error", max_depth=3))
def test_trees_regressor(estimator: Any, name: str) -> None:
    model = fitted(estimator, name, "t")
    same(model, data(name).rows, tolerance=0)
    same_leaves(model, data(name).rows)


@over(("two", "wide"), tree.DecisionTreeRegressor(criterion="poisson", max_depth=4))
def test_trees_poisson(estimator: Any, name: str) -> None:
    known = data(name)
    model = clone(estimator).fit(known.X, np.exp(known.t / 50))
    same_leaves(model, known.rows)


@over(("two", "wide"), tree.DecisionTreeRegressor(monotonic_cst=None, max_depth=5))
def test_trees_monotonic(estimator: Any, name: str) -> None:
    known = data(name)
    constraint = [1, -1] + [0] * (known.X.shape[1] - 2)
    model = clone(estimator).set_params(monotonic_cst=constraint).fit(known.X, known.t)
    same_leaves(model, known.rows)


@over(("three", "far", "wide"), *TREES[:4], *REGRESSION_TREES)
def test_trees_of_two_outputs(estimator: Any, name: str) -> None:
    known = data(name)
    is_classifier = "Classifier" in type(estimator).__name__
    second = np.where(known.t > np.median(known.t), "high", "low")
    y = np.column_stack([known.y.astype(str), second]) if is_classifier else known.two
    model = clone(estimator).fit(known.X, y)
    same(model, known.rows, tolerance=0)
    same_leaves(model, known.rows)


@over(ALL, *TREES, *REGRESSION_TREES)
def test_trees_fitted_with_gaps(estimator: Any, name: str) -> None:
    known = data(name)
    y = known.y if "Classifier" in type(estimator).__name__ else known.t
    model = clone(estimator).fit(with_gaps(known.X, 1), y)
    same(model, with_gaps(known.rows, 2), tolerance=0)
    same_leaves(model, known.rows)


@over(("two", "far"), TREES[0], TREES[3], REGRESSION_TREES[0])
def test_trees_round_to_float32_first(estimator: Any, name: str) -> None:
    """Thresholds in float64, and the next float64 on either side, are not float32 numbers."""
    is_classifier = "Classifier" in type(estimator).__name__
    model = fitted(estimator, name, "y" if is_classifier else "t")
    at = trees_of(model)
    pairs = [
        (f, t) for one in at for f, t in zip(one.feature, one.threshold, strict=True) if f >= 0
    ]
    rows = np.repeat(data(name).rows[:50], 3 * len(pairs), axis=0)
    for i, (feature, t) in enumerate(pairs):
        rows[3 * i :: 3 * len(pairs), feature] = t
        rows[3 * i + 1 :: 3 * len(pairs), feature] = np.nextafter(t, -np.inf)
        rows[3 * i + 2 :: 3 * len(pairs), feature] = np.nextafter(t, np.inf)
    assert (rows.astype(np.float32) != rows).any()
    same(model, rows, tolerance=0)


def test_trees_threshold_of_infinity() -> None:
    X = np.array([[1.0], [2.0], [3.0], [np.nan], [np.nan]])
    model = tree.DecisionTreeClassifier().fit(X, [0, 0, 0, 1, 1])
    assert np.isinf(model.tree_.threshold).any()
    same(model, np.array([[5.0], [np.nan], [3e38]]), tolerance=0)


@pytest.mark.parametrize("make", [tree.DecisionTreeClassifier, ensemble.RandomForestClassifier])
def test_trees_of_one_class(make: Callable[..., Any]) -> None:
    model = same(make().fit(data("two").X, ["only"] * 120), data("two").rows, tolerance=0)
    assert model.classes[0].tolist() == ["only"]


def test_trees_without_a_split_beside_others() -> None:
    forest = ensemble.RandomForestRegressor(9, max_samples=3, random_state=2)
    forest.fit([[1.0], [2.0], [3.0], [4.0]], [1.0, 1.0, 1.0, 5.0])
    assert {one.node_count == 1 for one in trees_of(forest)} == {True, False}
    same(forest, np.array([[0.0], [1.5], [3.5], [9.0]]), tolerance=0)


def test_trees_share_equal_leaves_and_stand_in_preorder() -> None:
    model = fitted(ensemble.RandomForestClassifier(9, max_leaf_nodes=30, random_state=0), "wide")
    table = next(n for n in walk(imported(model).methods.values()) if isinstance(n, TreeEnsemble))
    assert len(np.unique(table.values, axis=0)) == len(table.values)
    here = np.arange(len(table.left))
    assert (table.left[table.left >= 0] == here[table.left >= 0] + 1).all()
    assert (np.diff(table.roots) > 0).all()
    assert len(here) == sum((one.children_left >= 0).sum() for one in trees_of(model))


def test_trees_of_many_nodes_import_in_linear_time() -> None:
    rng = np.random.default_rng(0)
    X = single(rng.normal(size=(100_000, 3)))
    model = tree.ExtraTreeRegressor(random_state=0).fit(X, rng.normal(size=100_000))
    assert model.tree_.node_count > 190_000
    record = load(model)
    start = time.process_time()
    import_model(record)
    assert time.process_time() - start < 2.0


# ---- clusters


@pytest.mark.parametrize("make", [KMeans, MiniBatchKMeans])
@pytest.mark.parametrize("n_clusters", [1, 2, 7])
@pytest.mark.parametrize("name", ALL)
def test_cluster_k_means(make: Callable[..., Any], n_clusters: int, name: str) -> None:
    """scikit-learn computes |x|^2 - 2 x.c + |c|^2, whose error is that of the squared norms."""
    known = data(name)
    model = make(n_clusters, n_init=1, random_state=0).fit(known.X)
    answers = evaluate(imported(model).methods, known.rows)
    centres = model.cluster_centers_
    same_values(answers["transform"], cdist(known.rows, centres), 1e-12)
    norms = (known.rows**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    slack = 4 * (known.rows.shape[1] + 3) * 2.0**-53 * norms
    assert (np.abs(answers["transform"] ** 2 - model.transform(known.rows) ** 2) <= slack).all()
    decided = gap_to_second(answers["transform"] ** 2) > 2 * slack.max(axis=1)
    assert decided.mean() > 0.95
    assert (answers["predict"][:, 0] == model.predict(known.rows))[decided].all()
    assert imported(model).kind == "clusterer"


def gap_to_second(values: np.ndarray) -> np.ndarray:
    """How far the second smallest value of each row is above the smallest."""
    if values.shape[1] == 1:
        return np.full(len(values), np.inf)
    ordered = np.sort(values, axis=1)
    return ordered[:, 1] - ordered[:, 0]


# ---- decompositions


@over(
    ALL,
    PCA(),
    PCA(1, whiten=True),
    PCA(0.9, svd_solver="full"),
    IncrementalPCA(1),
    IncrementalPCA(whiten=True),
)
def test_decomposition(estimator: Any, name: str) -> None:
    batch = {"batch_size": 60} if isinstance(estimator, IncrementalPCA) else {}
    model = clone(estimator).set_params(**batch).fit(data(name).X)
    same(model, data(name).rows)


@over(
    ("two", *MANY, "rare"),
    TruncatedSVD(1, random_state=0),
    TruncatedSVD(2, random_state=0),
    TruncatedSVD(3, algorithm="arpack"),
)
def test_decomposition_truncated(estimator: Any, name: str) -> None:
    algorithm = "randomized" if name == "rare" else estimator.algorithm
    model = fitted(clone(estimator).set_params(algorithm=algorithm), name)
    same(model, data(name).rows)


def test_decomposition_whitens_what_has_no_variance() -> None:
    model = fitted(PCA(whiten=True), "two")
    model.explained_variance_[0] = 0.0
    assert model.transform(data("two").rows).max() > 1e14
    same(model, data("two").rows)


# ---- preprocessing

SCALERS = (
    StandardScaler(),
    StandardScaler(with_mean=False),
    StandardScaler(with_std=False),
    StandardScaler(with_mean=False, with_std=False),
    MinMaxScaler(),
    MinMaxScaler(feature_range=(-2, 5), clip=True),
    MaxAbsScaler(),
    MaxAbsScaler(clip=True),
    RobustScaler(),
    RobustScaler(with_centering=False),
    RobustScaler(with_scaling=False, quantile_range=(10, 80)),
    RobustScaler(with_centering=False, with_scaling=False),
)


@over(ALL, *SCALERS)
def test_preprocessing_scaler(estimator: Any, name: str) -> None:
    rows = np.vstack([data(name).rows, data(name).X])
    same(fitted(estimator, name), rows, tolerance=0)


@over(ALL, Normalizer("l1"), Normalizer("l2"), Normalizer("max"))
def test_preprocessing_normalizer(estimator: Any, name: str) -> None:
    rows = data(name).rows.copy()
    rows[0] = 0
    rows[1] = 2e-15 / rows.shape[1] ** 0.5
    rows[2] = -1e-16
    same(fitted(estimator, name), rows)


@over(
    ("two", "three", "one", "far", "rare"),
    PolynomialFeatures(),
    PolynomialFeatures(3, include_bias=False),
    PolynomialFeatures(3, interaction_only=True),
    PolynomialFeatures((2, 3)),
    PolynomialFeatures((0, 1)),
    PolynomialFeatures((2, 2), include_bias=False),
    PolynomialFeatures(0),
)
def test_preprocessing_polynomial(estimator: Any, name: str) -> None:
    if name == "one" and estimator.interaction_only:
        estimator = clone(estimator).set_params(degree=1)
    same(fitted(estimator, name), data(name).rows)


IMPUTERS = (
    SimpleImputer(),
    SimpleImputer(strategy="median", add_indicator=True),
    SimpleImputer(strategy="most_frequent", keep_empty_features=True),
    SimpleImputer(strategy="constant", fill_value=-7.5),
    SimpleImputer(strategy="constant", keep_empty_features=True, add_indicator=True),
)


@over(ALL, *IMPUTERS)
def test_preprocessing_imputer(estimator: Any, name: str) -> None:
    known = data(name)
    model = clone(estimator).fit(with_gaps(known.X, 3))
    same(model, with_gaps(known.rows, 4), tolerance=0)


@over(("two", "three", "wide"), *IMPUTERS)
def test_preprocessing_imputer_of_an_empty_column(estimator: Any, name: str) -> None:
    known = data(name)
    X = with_gaps(known.X, 5)
    X[:, 1] = np.nan
    same(clone(estimator).fit(X), with_gaps(known.rows, 6), tolerance=0)


@over(
    ("two", "wide"),
    SimpleImputer(missing_values=-1, strategy="most_frequent", add_indicator=True),
    SimpleImputer(missing_values=0, strategy="median"),
)
def test_preprocessing_imputer_of_a_number(estimator: Any, name: str) -> None:
    X = np.random.default_rng(8).integers(-1, 4, size=(50, 4)) + 0.0
    same(clone(estimator).fit(X[:25]), X[25:], tolerance=0)


def test_preprocessing_imputer_of_whole_numbers_and_float32() -> None:
    X = np.random.default_rng(9).integers(-1, 4, size=(50, 4))
    whole = SimpleImputer(missing_values=-1, strategy="most_frequent").fit(X)
    same(whole, X.astype(float), tolerance=0)
    gaps = with_gaps(data("two").X, 1)
    model = SimpleImputer(strategy="constant", fill_value=0.1).fit(gaps.astype(np.float32))
    same(model, gaps, tolerance=0)


def test_preprocessing_indicator_of_some_columns() -> None:
    X, rows = data("two").X.copy(), data("two").rows.copy()
    X[::3, [1, 4]] = np.nan
    rows[::2, [1, 4]] = np.nan
    model = SimpleImputer(add_indicator=True).fit(X)
    assert model.indicator_.features_.tolist() == [1, 4]
    same(model, rows, tolerance=0)


def test_preprocessing_indicator_without_gaps_in_fitting() -> None:
    model = SimpleImputer(add_indicator=True).fit(data("two").X)
    same(model, with_gaps(data("two").rows, 1), tolerance=0)


@over(
    ("two", "wide"),
    IterativeImputer(max_iter=2, random_state=0),
    IterativeImputer(linear_model.Ridge(), max_iter=3, min_value=-1.0, imputation_order="roman"),
    IterativeImputer(tree.DecisionTreeRegressor(max_depth=3), max_iter=1, add_indicator=True),
    IterativeImputer(max_iter=2, n_nearest_features=2, max_value=1.5, random_state=0),
    IterativeImputer(max_iter=0, initial_strategy="median"),
    IterativeImputer(max_iter=1, keep_empty_features=True, add_indicator=True),
)
@pytest.mark.filterwarnings("ignore:.*Early stopping criterion not reached")
@pytest.mark.parametrize("empty", [False, True])
def test_imputers_from_other_columns(estimator: Any, name: str, empty: bool) -> None:
    known = data(name)
    X = with_gaps(known.X, 3)
    X[:, 1] = np.nan if empty else X[:, 1]
    rows = with_gaps(known.rows, 4)
    rows[0] = np.nan
    same(clone(estimator).fit(X), rows)


@pytest.mark.filterwarnings("ignore:.*Early stopping criterion not reached")
def test_imputers_of_a_number_from_other_columns() -> None:
    X = np.random.default_rng(8).integers(-1, 4, size=(50, 4)) + 0.0
    model = IterativeImputer(missing_values=-1, max_iter=2, max_value=[2.0, 1.5, 1.0, 2.5])
    same(model.fit(X[:25]), X[25:])


@over(
    ("two", "wide", "far"),
    KNNImputer(),
    KNNImputer(n_neighbors=3, weights="distance", add_indicator=True),
    KNNImputer(n_neighbors=90, keep_empty_features=True),
)
@pytest.mark.parametrize("empty", [False, True])
def test_imputers_from_near_rows(estimator: Any, name: str, empty: bool) -> None:
    known = data(name)
    X = with_gaps(known.X, 3)
    X[:, 1] = np.nan if empty else X[:, 1]
    rows = with_gaps(known.rows, 4)
    rows[0] = np.nan
    rows[1:4, 1] = 5.0
    same(clone(estimator).fit(X), rows, tolerance=1e-9)


def test_imputers_of_a_number_from_near_rows() -> None:
    known = data("two")
    X, rows = (np.where(np.isnan(a), -1, a) for a in (with_gaps(known.X, 1), known.rows))
    rows[::3, 0] = -1
    same(KNNImputer(missing_values=-1, n_neighbors=2).fit(X), rows)


def test_imputers_give_the_nearest_alone_where_a_row_is_met_again() -> None:
    X = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 5.0], [8.0, 9.0, 60.0], [np.nan, 2.5, np.nan]])
    rows = np.array([[1.0, 2.0, np.nan], [np.nan, 9.0, np.nan], [8.0, np.nan, np.nan]])
    same(KNNImputer(n_neighbors=3, weights="distance").fit(X), rows)


# ---- feature selection

UNIVARIATE = (
    feature_selection.SelectKBest(k=2),
    feature_selection.SelectKBest(k="all"),
    feature_selection.SelectPercentile(percentile=40),
    feature_selection.SelectPercentile(percentile=100),
    feature_selection.SelectFpr(alpha=0.2),
    feature_selection.SelectFdr(alpha=0.2),
    feature_selection.SelectFwe(alpha=0.3),
    feature_selection.GenericUnivariateSelect(mode="k_best", param=3),
    feature_selection.GenericUnivariateSelect(mode="percentile", param=50),
    feature_selection.GenericUnivariateSelect(mode="fpr", param=0.1),
    feature_selection.GenericUnivariateSelect(mode="fdr", param=0.1),
    feature_selection.GenericUnivariateSelect(mode="fwe", param=0.1),
    feature_selection.VarianceThreshold(0.5),
    feature_selection.VarianceThreshold(),
)


@over(("two", "three", "wide"), *UNIVARIATE)
def test_selection_univariate(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


def shuffled(selector: Any, *, scores: list[float], pvalues: list[float]) -> Any:
    """A selector that was fitted on the wide data, with other scores put into it."""
    selector = fitted(selector, "wide")
    selector.scores_ = np.resize(scores, 64)
    selector.pvalues_ = np.resize(pvalues, 64)
    return selector


@pytest.mark.parametrize("estimator", UNIVARIATE[:12], ids=case_id)
def test_selection_of_equal_scores(estimator: Any) -> None:
    """Ties on every cut, and scores that are NaN."""
    pvalues = [0.1, 0.2, 1e-5, 0.1 / 64, 0.3 / 64, 0.003, 0.09]
    selector = shuffled(estimator, scores=[3, 1, np.nan, 3, 2], pvalues=pvalues)
    same(selector, data("wide").rows, tolerance=0)


def test_selection_by_variance_on_the_cut() -> None:
    selector = fitted(feature_selection.VarianceThreshold(), "three")
    selector.variances_ = np.array([1.0, 2.0, 3.0, 4.0])
    same(selector.set_params(threshold=2.0), data("three").rows, tolerance=0)


FOREST = ensemble.RandomForestClassifier(5, max_depth=4, random_state=0)
MODELS = (
    linear_model.LogisticRegression(),
    linear_model.LogisticRegression(l1_ratio=1.0, solver="saga", max_iter=30),
    svm.LinearSVC(penalty="l1", dual=False),
    tree.DecisionTreeClassifier(max_depth=3, random_state=0),
    FOREST,
    ensemble.ExtraTreesClassifier(5, max_leaf_nodes=6, random_state=0),
)


@over(("two", "three", "wide"), *(feature_selection.SelectFromModel(model) for model in MODELS))
def test_selection_from_model(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


@over(
    ("three", "wide"),
    feature_selection.SelectFromModel(FOREST, threshold="median"),
    feature_selection.SelectFromModel(FOREST, threshold="1.25*mean"),
    feature_selection.SelectFromModel(FOREST, threshold=0.02, max_features=3),
    feature_selection.SelectFromModel(FOREST, threshold=-np.inf, max_features=2),
    feature_selection.SelectFromModel(FOREST, importance_getter="feature_importances_"),
    feature_selection.SelectFromModel(MODELS[0], norm_order=2, importance_getter="coef_"),
    feature_selection.SelectFromModel(MODELS[0], norm_order=np.inf, threshold="0.5*median"),
    feature_selection.SelectFromModel(FOREST, max_features=len),
)
def test_selection_from_model_with_a_threshold(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


@over(
    ("two", "wide"),
    linear_model.Lasso(0.1),
    linear_model.ElasticNet(0.1, l1_ratio=1.0),
    linear_model.ElasticNetCV(l1_ratio=1.0, alphas=2, cv=2),
    linear_model.LinearRegression(),
    ensemble.RandomForestRegressor(3, max_depth=2, random_state=0),
)
def test_selection_from_regressor(estimator: Any, name: str) -> None:
    selector = fitted(feature_selection.SelectFromModel(estimator), name, "t")
    same(selector, data(name).rows, tolerance=0)


def test_selection_from_models_without_a_split() -> None:
    forest = ensemble.RandomForestClassifier(3).fit(data("two").X, ["only"] * 120)
    selector = feature_selection.SelectFromModel(forest, prefit=True)
    assert selector.transform(data("two").rows).shape[1] == 5
    same(selector, data("two").rows, tolerance=0)


def test_selection_from_models_without_a_split_above_a_threshold() -> None:
    forest = ensemble.RandomForestClassifier(3).fit(data("two").X, ["only"] * 120)
    selector = feature_selection.SelectFromModel(forest, prefit=True, threshold=0.1)
    assert selector.transform(data("two").rows).shape[1] == 0
    with pytest.raises(UnsupportedModel, match="no column is kept"):
        imported(selector)


@over(
    ("two", "three", "rare"),
    feature_selection.RFE(linear_model.LogisticRegression(), n_features_to_select=2),
    feature_selection.RFE(svm.SVC(kernel="linear"), n_features_to_select=1),
    feature_selection.RFE(tree.DecisionTreeClassifier(max_depth=3, random_state=0)),
    feature_selection.RFECV(linear_model.RidgeClassifier(), cv=2),
)
def test_selection_by_elimination(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


@over(
    ("two", "three"),
    feature_selection.SequentialFeatureSelector(
        linear_model.RidgeClassifier(), n_features_to_select=2, cv=2
    ),
)
def test_selection_in_sequence(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


# ---- composition

SVC = svm.SVC()
LOGISTIC = linear_model.LogisticRegression()


@over(
    ALL,
    make_pipeline(StandardScaler(), LOGISTIC),
    make_pipeline(StandardScaler(), PCA(1), SVC),
    make_pipeline("passthrough", RobustScaler(), None, KMeans(3, n_init=1, random_state=0)),
    make_pipeline(StandardScaler(), PCA(1), "passthrough"),
    make_pipeline(SimpleImputer(), MinMaxScaler(), FOREST),
    make_pipeline(make_pipeline(MaxAbsScaler(), Normalizer("l1")), linear_model.Perceptron()),
    make_pipeline(PolynomialFeatures(1), StandardScaler(), linear_model.RidgeClassifier()),
    make_pipeline(FunctionTransformer(), StandardScaler()),
)
def test_compose_pipeline(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


@over(
    ("two", "three", "wide"),
    make_pipeline(feature_selection.SelectKBest(k=2), StandardScaler(), SVC),
    make_pipeline(feature_selection.RFE(LOGISTIC), LOGISTIC),
    make_pipeline(feature_selection.RFE(ensemble.GradientBoostingClassifier(n_estimators=2)), SVC),
    make_pipeline(feature_selection.SelectFromModel(FOREST), FOREST),
    make_pipeline(KMeans(3, n_init=1, random_state=0), LOGISTIC),
    make_pipeline(StandardScaler(), feature_selection.RFE(LOGISTIC)),
    make_pipeline(StandardScaler(), Normalizer(), svm.OneClassSVM(gamma=2.0)),
)
def test_compose_pipeline_that_selects(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


@over(
    ALL,
    make_union(StandardScaler(), PCA(1)),
    FeatureUnion([("a", MinMaxScaler()), ("b", "drop"), ("c", "passthrough")]),
    FeatureUnion([("a", "passthrough"), ("b", MaxAbsScaler())], transformer_weights={"b": 3.0}),
    FeatureUnion([("only", RobustScaler())], transformer_weights={"only": -0.5}),
    make_pipeline(make_union(StandardScaler(), MinMaxScaler()), LOGISTIC),
)
def test_compose_union(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def columns(
    name: str, remainder: Any, weights: dict[str, float] | None = None
) -> ColumnTransformer:
    """Two scalers on some columns, chosen as the name says."""
    some: dict[str, tuple[Any, Any]] = {
        "whole": ([2, 0], [1]),
        "slice": (slice(0, 2), slice(2, 3)),
        "mask": ([True, False, True, False], [False, True, False, False]),
        "negative": ([-1], [-3, 0]),
        "callable": (lambda X: [0, 3], lambda X: [2]),
        "none": ([], [1, 2]),
        "name": (["d", "a"], ["b"]),
    }
    first, second = some[name]
    steps = [("a", StandardScaler(), first), ("b", MinMaxScaler(), second)]
    return ColumnTransformer(steps, remainder=remainder, transformer_weights=weights)


@pytest.mark.parametrize("remainder", ["drop", "passthrough", MaxAbsScaler()], ids=case_id)
@pytest.mark.parametrize("name", ["whole", "slice", "mask", "negative", "none"])
def test_compose_columns(name: str, remainder: Any) -> None:
    same(fitted(columns(name, remainder), "three"), data("three").rows, tolerance=0)


def test_compose_columns_weighted_dropped_and_passed() -> None:
    weighted = columns("whole", "passthrough", {"a": 2.0, "remainder": 0.5})
    same(fitted(weighted, "three"), data("three").rows, tolerance=0)
    steps = [("a", "drop", [0]), ("b", "passthrough", [2, 1])]
    same(fitted(ColumnTransformer(steps), "three"), data("three").rows, tolerance=0)


@pytest.mark.parametrize("name", ["name", "callable"])
def test_compose_columns_of_a_frame(name: str) -> None:
    frame = pd.DataFrame(data("three").X, columns=list("abcd"))
    split = columns(name, "passthrough")
    inner = make_pipeline(split, FOREST).fit(frame, data("three").y)
    if name == "callable":  # a lambda cannot be pickled; its answer is in the fitted attributes
        split.transformers = [(label, step, None) for label, step, _ in split.transformers]
    model = imported(inner)
    rows = pd.DataFrame(data("three").rows, columns=list("abcd"))
    got = evaluate(model.methods, data("three").rows)
    assert (named(model, got["predict"])[:, 0] == inner.predict(rows)).all()
    same_values(got["predict_proba"], inner.predict_proba(rows), 0)
    assert model.feature_names == ("a", "b", "c", "d")


@over(
    ("two", "three"),
    GridSearchCV(LOGISTIC, {"C": [0.1, 1.0]}, cv=2),
    GridSearchCV(make_pipeline(StandardScaler(), SVC), {"svc__C": [1.0, 9.0]}, cv=2),
    RandomizedSearchCV(FOREST, {"max_depth": [2, 3]}, n_iter=2, cv=2, random_state=0),
    HalvingGridSearchCV(LOGISTIC, {"C": [0.1, 1.0]}, cv=2, random_state=0),
    HalvingRandomSearchCV(LOGISTIC, {"C": [0.1, 1.0]}, cv=2, random_state=0),
    make_pipeline(StandardScaler(), GridSearchCV(LOGISTIC, {"C": [0.1, 1.0]}, cv=2)),
    GridSearchCV(make_pipeline(PCA(), KMeans(n_init=1)), {"pca__n_components": [1, 2]}, cv=2),
)
def test_compose_search(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


@over(
    ("two", "one", "rare"),
    FixedThresholdClassifier(LOGISTIC, threshold=0.3),
    FixedThresholdClassifier(SVC, threshold=-0.4),
    FixedThresholdClassifier(FOREST),
    TunedThresholdClassifierCV(LOGISTIC, cv=2, thresholds=9),
)
def test_threshold(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


@pytest.mark.parametrize("label", ["no", "yes"])
@pytest.mark.parametrize("response", ["predict_proba", "decision_function"])
def test_threshold_of_a_label(label: str, response: str) -> None:
    cut = FixedThresholdClassifier(
        LOGISTIC, threshold=0.2, pos_label=label, response_method=response
    )
    same(fitted(cut, "two"), data("two").rows)


# ---- naive Bayes, networks, boosting


@over(
    ALL,
    naive_bayes.GaussianNB(),
    naive_bayes.GaussianNB(var_smoothing=1e-3),
    make_pipeline(StandardScaler(), naive_bayes.GaussianNB()),
)
def test_bayes_gaussian(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_bayes_gaussian_with_priors() -> None:
    same(fitted(naive_bayes.GaussianNB(priors=[0.9, 0.1]), "two"), data("two").rows)


def network(kind: Any, *sizes: int, **options: Any) -> Any:
    """A small perceptron behind a scaler."""
    inner = kind(hidden_layer_sizes=sizes, max_iter=20, random_state=0, **options)
    return make_pipeline(StandardScaler(), inner)


@over(
    ALL,
    network(MLPClassifier, 5),
    network(MLPClassifier, 4, 3, activation="tanh"),
    network(MLPClassifier, 6, activation="logistic"),
    network(MLPClassifier, 3, 2, activation="identity"),
    network(MLPRegressor, 5),
    network(MLPRegressor, 4, 3, activation="tanh"),
    network(MLPRegressor, 6, activation="logistic"),
)
def test_neural_network(estimator: Any, name: str) -> None:
    target = "t" if isinstance(estimator[-1], MLPRegressor) else "y"
    same(fitted(estimator, name, target), data(name).rows)


def test_neural_network_of_two_numbers() -> None:
    same(fitted(network(MLPRegressor, 4), "three", "two"), data("three").rows)


def test_neural_network_of_counts() -> None:
    known = data("three")
    model = network(MLPRegressor, 4, loss="poisson").fit(known.X, np.abs(known.t))
    same(model, known.rows)


BOOSTERS = (
    ensemble.GradientBoostingClassifier(n_estimators=7, learning_rate=0.3, random_state=0),
    ensemble.GradientBoostingClassifier(n_estimators=3, init="zero", random_state=0),
    ensemble.GradientBoostingClassifier(n_estimators=3, init=DummyClassifier(), random_state=0),
    ensemble.GradientBoostingClassifier(
        n_estimators=3, init=DummyClassifier(strategy="uniform"), random_state=0
    ),
    ensemble.GradientBoostingClassifier(
        n_estimators=2, init=DummyClassifier(strategy="most_frequent"), random_state=0
    ),
)


@over(ALL, *BOOSTERS)
def test_boosting_classifier(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


@over(
    ("two", "one", "rare"),
    ensemble.GradientBoostingClassifier(loss="exponential", n_estimators=6, random_state=0),
    ensemble.GradientBoostingClassifier(loss="exponential", init="zero", n_estimators=4),
)
def test_boosting_exponential(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


@over(
    ALL,
    ensemble.GradientBoostingRegressor(n_estimators=9, random_state=0),
    ensemble.GradientBoostingRegressor(n_estimators=4, init="zero", random_state=0),
    ensemble.GradientBoostingRegressor(loss="absolute_error", n_estimators=5, random_state=0),
    ensemble.GradientBoostingRegressor(loss="huber", n_estimators=5, random_state=0),
    ensemble.GradientBoostingRegressor(loss="quantile", n_estimators=5, random_state=0),
    ensemble.GradientBoostingRegressor(n_estimators=2, init=DummyRegressor(strategy="median")),
)
def test_boosting_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows, tolerance=0)


def test_boosting_ties_go_to_class_one() -> None:
    """Rows that cannot be told apart: the raw score is exactly zero."""
    X = np.array([[0.0], [0.0], [1.0], [1.0], [1.0]])
    model = ensemble.GradientBoostingClassifier(n_estimators=1, init="zero", max_depth=1)
    model.fit(X, [0, 1, 1, 1, 0])
    assert (model.decision_function(X) == 0).any()
    assert (model.predict(X) == 1).all()
    same(model, X, tolerance=0)


# ---- neighbours and clusters


@over(
    ("three", "far", "rare"),
    neighbors.NearestCentroid(),
    neighbors.NearestCentroid(metric="manhattan"),
    neighbors.NearestCentroid(metric="manhattan", priors="empirical"),
    neighbors.NearestCentroid(priors="empirical", shrink_threshold=0.1),
    KNeighborsClassifier(4),
    KNeighborsClassifier(3, weights="distance", metric="chebyshev"),
    KNeighborsClassifier(6, p=1),
    neighbors.KNeighborsRegressor(5),
    neighbors.KNeighborsRegressor(3, weights="distance"),
    neighbors.RadiusNeighborsClassifier(9.0, outlier_label="most_frequent"),
    neighbors.RadiusNeighborsClassifier(
        2.0, weights="distance", p=1, outlier_label="most_frequent"
    ),
    neighbors.RadiusNeighborsRegressor(3.0),
    neighbors.RadiusNeighborsRegressor(9.0, weights="distance"),
    LocalOutlierFactor(7, novelty=True),
    LocalOutlierFactor(3, novelty=True, p=1),
    LabelPropagation("knn", n_neighbors=5),
    LabelSpreading(gamma=0.01),
    cluster.MeanShift(),
    cluster.AffinityPropagation(random_state=0),
    cluster.AffinityPropagation(max_iter=1, random_state=0),
    cluster.Birch(threshold=2.0),
)
def test_near(estimator: Any, name: str) -> None:
    target = "t" if is_regressor(estimator) else "y"
    same(fitted(estimator, name, target), data(name).rows, tolerance=1e-8)


@over(
    ("three", "far", "rare"),
    neighbors.NearestNeighbors(),
    neighbors.NearestNeighbors(n_neighbors=1, algorithm="brute"),
    neighbors.NearestNeighbors(n_neighbors=3, p=1),
    neighbors.NearestNeighbors(n_neighbors=4, metric="chebyshev"),
)
def test_near_rows_in_order(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=1e-8)


@pytest.mark.filterwarnings("ignore:The number of connected components")
@over(
    ("three", "far", "rare"),
    manifold.Isomap(n_neighbors=6),
    manifold.Isomap(n_neighbors=3, n_components=1, p=1),
    manifold.Isomap(n_neighbors=4, n_components=3, metric="chebyshev"),
    manifold.Isomap(n_neighbors=None, radius=4000.0),
    manifold.Isomap(n_neighbors=None, radius=4000.0, metric="manhattan"),
)
def test_manifold_shortest_ways(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=1e-9)


@over(
    ("three", "far", "rare"),
    manifold.LocallyLinearEmbedding(n_neighbors=6, eigen_solver="dense"),
    manifold.LocallyLinearEmbedding(n_neighbors=3, n_components=1, reg=0.1, eigen_solver="dense"),
    manifold.LocallyLinearEmbedding(n_neighbors=9, method="ltsa", reg=1e-4, eigen_solver="dense"),
)
def test_manifold_weights_of_neighbours(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=1e-9)


def test_manifold_of_a_row_that_all_neighbours_equal() -> None:
    X = np.vstack([np.zeros((3, 2)), np.random.default_rng(0).normal(size=(20, 2)) + 9])
    model = manifold.LocallyLinearEmbedding(n_neighbors=3, eigen_solver="dense").fit(X)
    same_values(
        evaluate(imported(model).methods, X[:1])["transform"], model.transform(X[:1]), 1e-12
    )


def test_manifold_over_the_rows_within_the_radius() -> None:
    rng = np.random.default_rng(4)
    X, rows = rng.uniform(size=(150, 2)), rng.uniform(0.1, 0.9, size=(40, 2))
    model = manifold.Isomap(n_neighbors=None, radius=0.25).fit(X)
    same(model, rows, tolerance=1e-9)


def test_manifold_without_a_row_within_the_radius() -> None:
    model = manifold.Isomap(n_neighbors=None, radius=1.0, n_components=1)
    model.fit(np.arange(9.0)[:, None] ** 1.01)
    rows = np.array([[0.5], [5.25], [40.0]])
    got = evaluate(imported(model).methods, rows)["transform"]
    same_values(got[:2], model.transform(rows[:2]), 1e-12)
    assert np.isnan(got[2])


@pytest.mark.parametrize("n_clusters", [1, 2, 6])
@pytest.mark.parametrize("name", ["three", "far", "rare"])
def test_near_bisecting(n_clusters: int, name: str) -> None:
    model = fitted(cluster.BisectingKMeans(n_clusters, random_state=0), name)
    same(model, data(name).rows, tolerance=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
@over(
    ("three", "rare", "one"),
    neighbors.KernelDensity(bandwidth=0.7),
    neighbors.KernelDensity(bandwidth=2.0, kernel="exponential", algorithm="ball_tree"),
)
def test_density(estimator: Any, name: str, *, weighted: bool) -> None:
    """scikit-learn's trees take differences of sums, far from all rows with few digits left."""
    known = data(name)
    weight = np.arange(len(known.X)) + 1.0 if weighted else None
    model = clone(estimator).fit(known.X, sample_weight=weight)
    distance, d = cdist(known.rows, known.X).astype(np.longdouble), known.X.shape[1]
    if model.kernel == "gaussian":
        power, volume = -((distance / model.bandwidth_) ** 2) / 2, (2 * np.pi) ** (d / 2)
    else:
        sphere = {1: 2, 3: 4 * np.pi, 4: 2 * np.pi**2}[d]
        power, volume = -distance / model.bandwidth_, sphere * math.gamma(d)
    share = np.ones(len(known.X)) if weight is None else weight
    total = np.exp(power) @ share / share.sum() / volume / model.bandwidth_**d
    same(model, known.rows, score_samples=np.log(total).astype(float)[:, None])
    same(model, known.rows, tolerance=1e-6)


def process(kernel: Any, **options: Any) -> Any:
    """A Gaussian process whose kernel is taken as it is."""
    return GaussianProcessRegressor(kernel, optimizer=None, **options)


PROCESSES = (
    process(1.5 * kernels.RBF(2.0) + kernels.WhiteKernel(0.1), normalize_y=True),
    process(kernels.Matern([1.0, 2, 3], nu=1.5) * 2.0, alpha=0.1),
    process(kernels.Matern(2.0, nu=2.5) + kernels.WhiteKernel(0.5)),
    process(kernels.Matern(2.0, nu=0.5) + 3.0 * kernels.RationalQuadratic(1.0, 2.0), alpha=0.2),
    process(kernels.RBF(3.0) * kernels.RBF([1.0, 2, 3]) + 0.5 * kernels.WhiteKernel(1.0)),
    process(kernels.DotProduct(2.0) * 0.1 + kernels.WhiteKernel(1.0) + 2.0, normalize_y=True),
    process(kernels.Matern(4.0, nu=np.inf), alpha=0.3),
)


@over(("rare",), *PROCESSES)
def test_gaussian_process(estimator: Any, name: str) -> None:
    known = data(name)
    same(fitted(estimator, name, "t"), known.rows, tolerance=1e-9)
    two = clone(estimator).fit(known.X, known.two)
    got = evaluate(imported(two).methods, known.rows)
    want = two.predict(known.rows, return_std=True)
    same_values(got["predict"], want[0], 1e-9)
    same_values(got["predict_std"], want[1], 1e-9)


@over(
    ("three", "rare", "one"),
    GaussianProcessClassifier(2.0 * kernels.RBF(3.0), optimizer=None),
    GaussianProcessClassifier(kernels.Matern(2.0, nu=1.5) + kernels.WhiteKernel(0.5)),
    GaussianProcessClassifier(
        kernels.RBF(1.0) + kernels.DotProduct(), multi_class="one_vs_one", optimizer=None
    ),
)
def test_gaussian_process_of_classes(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=1e-9)


# ---- models as a whole


@pytest.mark.parametrize(
    "estimator",
    [
        LOGISTIC,
        make_pipeline("passthrough", StandardScaler(), LOGISTIC),
        make_union(StandardScaler(), PCA(1)),
        make_pipeline(make_union(StandardScaler(), PCA(1)), SVC),
        GridSearchCV(make_pipeline(StandardScaler(), LOGISTIC), {}, cv=2),
        columns("name", "passthrough"),
        feature_selection.SelectFromModel(LOGISTIC),
    ],
    ids=case_id,
)
def test_registry_names_and_number_of_features(estimator: Any) -> None:
    frame = pd.DataFrame(data("three").X, columns=list("abcd"))
    model = imported(clone(estimator).fit(frame, data("three").y))
    assert model.feature_names == ("a", "b", "c", "d")
    assert model.input.n_features == 4


def test_registry_arrays_have_no_names() -> None:
    assert imported(fitted(LOGISTIC, "wide")).feature_names == ()


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (LOGISTIC, True),
        (make_pipeline(StandardScaler(), LOGISTIC), True),
        (GridSearchCV(LOGISTIC, {}, cv=2), True),
        (KMeans(2, n_init=1), True),
        (PCA(1), True),
        (SVC, False),
        (make_pipeline(PCA(1), FOREST), False),
    ],
    ids=case_id,
)
def test_registry_float32_parameters(estimator: Any, expected: bool) -> None:
    known = data("two")
    assert (
        imported(clone(estimator).fit(known.X.astype(np.float32), known.y)).float32_parameters
        is expected
    )
    assert not imported(clone(estimator).fit(known.X, known.y)).float32_parameters


def test_registry_float32_sparse_coefficients() -> None:
    known = data("two")
    model = clone(LOGISTIC).fit(known.X.astype(np.float32), known.y).sparsify()
    assert imported(model).float32_parameters


@pytest.mark.parametrize(
    "labels", [["a", "b"], [3, -1], [False, True], [2.0, 7.0], [2**40, 5], ["é", "日本"]]
)
@pytest.mark.parametrize("estimator", [LOGISTIC, SVC, FOREST, linear_model.Perceptron()])
def test_registry_labels(labels: list[Any], estimator: Any) -> None:
    known = data("two")
    y = np.array(labels)[(known.y == "yes").astype(int)]
    model = same(clone(estimator).fit(known.X, y), known.rows)
    assert model.classes[0].tolist() == sorted(labels)


# ---- refusals

X2 = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 3.0], [3.0, 1.5]])
Y2 = [0, 1, 0, 1]


def fit2(estimator: Any, y: Any = None) -> Any:
    """Fitted on four rows."""
    return estimator.fit(X2, Y2 if y is None else y)


REFUSED: list[tuple[str, Callable[[], Any], tuple[str, ...]]] = [
    ("kernel", lambda: fit2(svm.SVC(kernel=linear_kernel)), ("SVC(kernel=<callable>)", "'rbf'")),
    (
        "precomputed",
        lambda: svm.SVR(kernel="precomputed").fit(np.eye(4), Y2),
        ("SVR(kernel='precomputed')", "fit with kernel"),
    ),
    (
        "ties",
        lambda: svm.SVC(break_ties=True, decision_function_shape="ovo").fit(X2, [0, 1, 2, 1]),
        ("break_ties=True", "set one of the two"),
    ),
    (
        "multilabel",
        lambda: fit2(linear_model.RidgeClassifier(), np.eye(4, 3, dtype=int)),
        ("multilabel", "one classifier for each label"),
    ),
    (
        "refit",
        lambda: fit2(GridSearchCV(LOGISTIC, {}, cv=2, refit=False)),
        ("GridSearchCV(refit=False)", "refit=True"),
    ),
    ("function", lambda: fit2(FunctionTransformer(np.cbrt)), ("func=numpy.cbrt", "use one of")),
    (
        "text",
        lambda: SimpleImputer(strategy="most_frequent").fit(
            np.array([["a"], ["b"], ["a"]], dtype=object)
        ),
        ("SimpleImputer(columns that are not numeric)", "encode them"),
    ),
    (
        "missing",
        lambda: SimpleImputer(missing_values=None, strategy="constant", fill_value=0).fit(
            np.array([[1], [None]], dtype=object)
        ),
        ("missing_values=NoneType", "np.nan or a number"),
    ),
    (
        "empty",
        lambda: SimpleImputer().fit(np.full((3, 2), np.nan)),
        ("no column holds a value", "keep_empty_features=True"),
    ),
    (
        "none kept",
        lambda: fit2(feature_selection.SelectKBest(k=0)),
        ("SelectKBest(no column is kept)", "at least one"),
    ),
    (
        "getter",
        lambda: fit2(
            feature_selection.SelectFromModel(LOGISTIC, importance_getter=importance_of_one)
        ),
        ("importance_getter=<callable>", "use RFE"),
    ),
    (
        "importances",
        lambda: fit2(feature_selection.SelectFromModel(svm.SVC(kernel="linear"))),
        ("importances of SVC by 'auto'", "use RFE"),
    ),
    (
        "terms",
        lambda: PolynomialFeatures(4).fit(np.ones((2, 40))),
        ("PolynomialFeatures(degree=4)", "terms", "select columns"),
    ),
    (
        "all dropped",
        lambda: fit2(FeatureUnion([("a", "drop")])),
        ("FeatureUnion(every column dropped)", "at least one"),
    ),
    (
        "columns dropped",
        lambda: fit2(ColumnTransformer([("a", "drop", [0, 1])])),
        ("ColumnTransformer(every column dropped)", "at least one"),
    ),
    (
        "multilabel network",
        lambda: fit2(MLPClassifier((2,), max_iter=1), np.eye(4, 3, dtype=int)),
        ("MLPClassifier(multilabel", "one classifier for each label"),
    ),
    ("unknown", lambda: KFold(4), ("has no importer", "codegen")),
    (
        "metric",
        lambda: fit2(KNeighborsClassifier(1, metric="canberra")),
        ("KNeighborsClassifier(metric='canberra')", "'manhattan'"),
    ),
    (
        "outlier_label",
        lambda: fit2(neighbors.RadiusNeighborsClassifier(1.0, outlier_label=-9)),
        ("outlier_label=-9", "'most_frequent'"),
    ),
    (
        "outlier_label by brute force",
        lambda: neighbors.RadiusNeighborsClassifier(
            1.0, algorithm="brute", p=1, outlier_label="most_frequent"
        ).fit(X2, [1, 2, 2, 7][: len(X2)]),
        ("algorithm='brute'", "'ball_tree'"),
    ),
    (
        "whole targets",
        lambda: neighbors.RadiusNeighborsRegressor(1.0).fit(X2, [1, 2, 3, 4][: len(X2)]),
        ("integer type", "y.astype(float)"),
    ),
    (
        "weights",
        lambda: fit2(KNeighborsClassifier(1, weights=np.sqrt)),
        ("weights=<object>", "'distance'"),
    ),
    (
        "novelty",
        lambda: fit2(LocalOutlierFactor(1)),
        ("LocalOutlierFactor(novelty=False)", "novelty=True"),
    ),
    (
        "reached",
        lambda: fit2(LabelPropagation("knn", n_neighbors=1), [0, 1, -1, -1]),
        ("training rows that no label reached", "raise n_neighbors"),
    ),
    (
        "tolerance",
        lambda: fit2(neighbors.KernelDensity(rtol=0.1)),
        ("atol or rtol above 0", "set both to 0"),
    ),
    (
        "density of a metric",
        lambda: fit2(neighbors.KernelDensity(metric="manhattan")),
        ("metric='manhattan'", "metric='euclidean'"),
    ),
    (
        "density of a kernel",
        lambda: fit2(neighbors.KernelDensity(kernel="cosine")),
        ("kernel='cosine'", "'exponential'"),
    ),
    (
        "periodic",
        lambda: fit2(process(kernels.ExpSineSquared())),
        ("the kernel ExpSineSquared", "RationalQuadratic"),
    ),
    (
        "smoothness",
        lambda: fit2(process(kernels.Matern(nu=3.5))),
        ("Matern(nu=3.5)", "0.5, 1.5 or 2.5"),
    ),
    (
        "product",
        lambda: fit2(process(kernels.Matern() * kernels.RBF())),
        ("matern32 * rbf", "constant factors"),
    ),
    (
        "noise of a dot product",
        lambda: fit2(process(kernels.WhiteKernel() * kernels.DotProduct())),
        ("WhiteKernel * DotProduct", "constant factors"),
    ),
    (
        "posterior",
        lambda: IterativeImputer(sample_posterior=True, max_iter=1).fit(with_gaps(X2, 1)),
        ("IterativeImputer(sample_posterior=True)", "sample_posterior=False"),
    ),
    (
        "gaps",
        lambda: KNNImputer(metric=math.dist).fit(with_gaps(X2, 1)),
        ("KNNImputer(this metric)", "nan_euclidean"),
    ),
    (
        "weights of donors",
        lambda: KNNImputer(weights=np.sqrt).fit(with_gaps(X2, 1)),
        ("KNNImputer(these weights)", "'uniform' or 'distance'"),
    ),
    (
        "patches",
        lambda: PatchExtractor(patch_size=(2, 2)).fit(np.zeros((1, 4, 4))),
        ("PatchExtractor(many rows", "cut the patches"),
    ),
    (
        "graph",
        lambda: KNeighborsTransformer().fit(X2),
        ("KNeighborsTransformer(a graph", "KNeighborsClassifier"),
    ),
    (
        "graph within",
        lambda: neighbors.RadiusNeighborsTransformer().fit(X2),
        ("RadiusNeighborsTransformer(a graph", "KNeighborsClassifier"),
    ),
    (
        "centres of a kernel",
        lambda: preprocessing.KernelCenterer().fit(X2 @ X2.T),
        ("KernelCenterer(rows of a kernel", "KernelPCA"),
    ),
    (
        "one column a label",
        lambda: preprocessing.LabelBinarizer().fit([1, 2, 3]),
        ("LabelBinarizer(an encoding of targets)", "export the classifier"),
    ),
    (
        "codes of labels",
        lambda: preprocessing.LabelEncoder().fit([1, 2, 3]),
        ("LabelEncoder(an encoding of targets)", "OrdinalEncoder"),
    ),
    (
        "sets of labels",
        lambda: preprocessing.MultiLabelBinarizer().fit([[1], [2, 3]]),
        ("MultiLabelBinarizer(an encoding of targets)", "export the classifier"),
    ),
    (
        "embedding",
        lambda: manifold.TSNE(perplexity=2, max_iter=250).fit(X2),
        ("TSNE(no map for rows", "MLPRegressor"),
    ),
    (
        "no ridge",
        lambda: fit2(
            manifold.LocallyLinearEmbedding(
                n_neighbors=2, n_components=1, reg=0.0, eigen_solver="dense"
            )
        ),
        ("LocallyLinearEmbedding(reg=0.0)", "a reg above 1e-10"),
    ),
    (
        "scaling",
        lambda: manifold.MDS(n_init=1, max_iter=2, init="random").fit(X2),
        ("MDS(without the rows", "fitted_on=X", "MLPRegressor"),
    ),
    (
        "rows",
        lambda: fit2(AgglomerativeClustering()),
        ("AgglomerativeClustering", "KNeighborsClassifier(n_neighbors=1)"),
    ),
    (
        "centres",
        lambda: fit2(HDBSCAN(min_cluster_size=2, copy=True)),
        ("HDBSCAN(without the rows", "fitted_on=X"),
    ),
]


def importance_of_one(model: Any) -> np.ndarray:
    return np.ones(2)


@pytest.mark.parametrize(("make", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_with_advice(make: Callable[[], Any], said: tuple[str, ...]) -> None:
    with pytest.raises(UnsupportedModel) as error:
        imported(make())
    assert all(part in str(error.value) for part in said), str(error.value)


@pytest.mark.parametrize(
    "estimator",
    [
        cluster.OPTICS(),
        cluster.SpectralClustering(),
        cluster.SpectralBiclustering(),
        cluster.SpectralCoclustering(),
        manifold.ClassicalMDS(),
        manifold.SpectralEmbedding(affinity="rbf"),
    ],
    ids=case_id,
)
def test_refused_for_want_of_a_rule(estimator: Any) -> None:
    with pytest.raises(
        UnsupportedModel, match=r"; (give them: export.*or fit .*export that|fit with .* eps)"
    ):
        imported(estimator)


def with_rows(estimator: Any, rows: np.ndarray) -> Model:
    """The model of an estimator that was told the rows it was fitted on."""
    record = load(estimator)
    add_rows(record, rows)
    return import_model(record)


@over(
    ("three", "rare"),
    AgglomerativeClustering(4),
    cluster.SpectralClustering(3, random_state=0),
    cluster.SpectralCoclustering(2, random_state=0),
    cluster.SpectralBiclustering(2, random_state=0),
)
def test_fitted_rows_nearest_label(estimator: Any, name: str) -> None:
    X, rows = np.abs(data(name).X) + 0.1, np.abs(data(name).rows) + 0.1
    model = clone(estimator).fit(X)
    label = model.row_labels_ if hasattr(model, "row_labels_") else model.labels_
    read = with_rows(model, X)
    assert "scikit-learn has no predict" in read.outputs.rule
    for asked in (X, rows):
        want = label[cdist(asked, X).argmin(axis=1)]
        assert (evaluate(read.methods, asked)["predict"][:, 0] == want).all()


@over(
    ("three", "rare"),
    cluster.OPTICS(cluster_method="dbscan"),
    cluster.OPTICS(cluster_method="dbscan", metric="manhattan", min_samples=3),
)
def test_fitted_rows_optics(estimator: Any, name: str) -> None:
    X, rows = data(name).X, data(name).rows
    metric = "cityblock" if estimator.metric == "manhattan" else "euclidean"
    eps = np.quantile(np.sort(cdist(X, X, metric), axis=1)[:, estimator.min_samples - 1], 0.6)
    model = clone(estimator).set_params(eps=float(eps)).fit(X)
    core = model.core_distances_ <= model.eps
    assert 0 < core.sum() < len(X)
    read = with_rows(model, X)
    distance = cdist(rows, X[core], metric)
    want = np.where(
        distance.min(axis=1) <= model.eps, model.labels_[core][distance.argmin(axis=1)], -1
    )
    assert (evaluate(read.methods, rows)["predict"][:, 0] == want).all()
    assert (evaluate(read.methods, X[core])["predict"][:, 0] == model.labels_[core]).all()


@pytest.mark.parametrize("name", ["three", "rare"])
def test_fitted_rows_classical_scaling(name: str) -> None:
    X, rows = data(name).X, data(name).rows
    model = manifold.ClassicalMDS(2).fit(X)
    got = evaluate(with_rows(model, X).methods, np.vstack([X, rows]))["transform"]
    same_values(got[: len(X)], model.embedding_, 1e-9)
    square, inner = cdist(rows, X) ** 2, cdist(X, X) ** 2
    gower = -0.5 * (square - inner.mean(axis=0)) @ model.embedding_ / model.eigenvalues_
    same_values(got[len(X) :], gower, 1e-9)


@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "chebyshev"])
@pytest.mark.parametrize("name", ["three", "rare"])
def test_fitted_rows_scaling(name: str, metric: str) -> None:
    X, rows = data(name).X, data(name).rows
    model = manifold.MDS(2, n_init=1, max_iter=5, init="random", metric=metric).fit(X)
    read = with_rows(model, X)
    assert "the nearest row" in read.outputs.rule
    got = evaluate(read.methods, np.vstack([X, rows]))["transform"]
    scipys = "cityblock" if metric == "manhattan" else metric
    assert (got[: len(X)] == model.embedding_).all()
    assert (got[len(X) :] == model.embedding_[cdist(rows, X, scipys).argmin(axis=1)]).all()


def test_fitted_rows_scaling_of_other_metrics_is_refused() -> None:
    X = data("rare").X
    for options, given in (({"metric": "precomputed"}, cdist(X, X)), ({"metric": "cosine"}, X)):
        model = manifold.MDS(2, n_init=1, max_iter=2, init="random", **options).fit(given)
        with pytest.raises(UnsupportedModel, match=r"MDS.this metric.*'euclidean', 'manhattan'"):
            with_rows(model, given)


@pytest.mark.parametrize("gamma", [0.05, 0.3])
def test_fitted_rows_spectral_embedding(gamma: float) -> None:
    X, rows = data("three").X, data("three").rows
    model = manifold.SpectralEmbedding(2, affinity="rbf", gamma=gamma, random_state=0).fit(X)
    inner = np.exp(-gamma * cdist(X, X) ** 2)
    np.fill_diagonal(inner, 0)
    fitted_mean = inner @ model.embedding_ / inner.sum(axis=1)[:, None]
    value = (fitted_mean / model.embedding_).mean(axis=0)
    near = np.exp(-gamma * cdist(rows, X) ** 2)
    want = near / near.sum(axis=1, keepdims=True) @ model.embedding_ / value
    same_values(evaluate(with_rows(model, X).methods, rows)["transform"], want, 1e-6)


def test_fitted_rows_of_another_number_or_width() -> None:
    X = data("three").X
    model = AgglomerativeClustering(2).fit(X)
    for rows, said in ((X[:-1], "119 rows"), (X[:, :2], "shape"), (X + np.nan, "finite")):
        with pytest.raises(InvalidInput, match=said):
            with_rows(model, rows)
    with pytest.raises(InvalidInput, match="KMeans needs no rows"):
        with_rows(KMeans(2, n_init=1).fit(X), X)
    for broad in (
        manifold.ClassicalMDS(6).fit(X),
        manifold.SpectralEmbedding(2).fit(X),
        manifold.ClassicalMDS(1, metric="manhattan").fit(X),
        cluster.OPTICS().fit(X),
        cluster.OPTICS(cluster_method="dbscan").fit(X),
    ):
        with pytest.raises(UnsupportedModel):
            with_rows(broad, X)


def test_refused_step_that_cannot_transform() -> None:
    model = fit2(make_pipeline(StandardScaler(), LOGISTIC))
    model.steps.append(("late", model.steps[0][1]))
    with pytest.raises(UnsupportedModel, match="LogisticRegression before the last step"):
        imported(model)


@pytest.mark.parametrize("estimator", [LOGISTIC, SVC, FOREST, StandardScaler(), Pipeline([])])
def test_refused_unfitted(estimator: Any) -> None:
    with pytest.raises(CodegenError):
        imported(clone(estimator))


def broken(estimator: Any, **changed: Any) -> Record:
    """A record with other values for some attributes."""
    record = load(estimator)
    for name, value in changed.items():
        (record.tree_ if name in ("nodes", "values") else record).state[name] = value
    return record


def relinked(child: str, at: int, to: int) -> np.ndarray:
    """The nodes of a small tree with one link bent."""
    nodes = load(fit2(tree.DecisionTreeClassifier())).tree_.nodes.copy()
    nodes[child][at] = to
    return nodes


def exchanged() -> Record:
    """A forest whose smallest and largest tree have each other's leaf values."""
    record = load(fit2(ensemble.RandomForestClassifier(20, random_state=0)))
    sizes = [len(one.tree_.nodes) for one in record.estimators_]
    first, second = (record.estimators_[i].tree_.state for i in np.argsort(sizes)[[0, -1]])
    assert len(first["values"]) != len(second["values"])
    first["values"], second["values"] = second["values"], first["values"]
    return record


BROKEN: list[Callable[[], Record]] = [
    lambda: broken(fit2(LOGISTIC), coef_=np.array([[np.nan, 1.0]])),
    lambda: broken(fit2(LOGISTIC), coef_=np.ones((1, 3))),
    lambda: broken(fit2(LOGISTIC), classes_=np.array([1, 2, 3])),
    lambda: broken(fit2(LOGISTIC), coef_=None),
    lambda: broken(fit2(svm.SVC()), support_vectors_=np.ones((4, 3))),
    lambda: broken(fit2(svm.SVC()), _gamma=np.inf),
    lambda: broken(fit2(tree.DecisionTreeClassifier()), nodes=relinked("left_child", 0, 0)),
    lambda: broken(fit2(tree.DecisionTreeClassifier()), nodes=relinked("left_child", 0, 99)),
    lambda: broken(fit2(tree.DecisionTreeClassifier()), nodes=relinked("left_child", 0, -1)),
    lambda: broken(fit2(tree.DecisionTreeClassifier()), nodes=relinked("feature", 0, 5)),
    lambda: broken(fit2(tree.DecisionTreeClassifier()), nodes=relinked("right_child", 0, 1)),
    exchanged,
    lambda: broken(fit2(tree.DecisionTreeClassifier()), values=np.ones((1, 1, 2))),
    lambda: broken(fit2(tree.DecisionTreeClassifier()), n_classes_=np.int64(9)),
    lambda: broken(fit2(StandardScaler()), scale_=np.zeros(2)),
    lambda: broken(fit2(naive_bayes.GaussianNB()), var_=np.zeros((2, 2))),
    lambda: broken(fit2(naive_bayes.GaussianNB()), theta_=np.full((2, 2), np.nan)),
    lambda: broken(fit2(naive_bayes.GaussianNB()), class_prior_=np.ones(3)),
    lambda: broken(fit2(MLPClassifier((2,), max_iter=1)), coefs_=[np.ones((2, 1))]),
    lambda: broken(fit2(MLPClassifier((2,), max_iter=1)), out_activation_="softmax"),
    lambda: broken(fit2(BOOSTERS[0]), learning_rate=np.nan),
    lambda: broken(fit2(BOOSTERS[0]), estimators_=np.empty((0, 1), object)),
    lambda: broken(fit2(feature_selection.RFE(LOGISTIC)), support_=np.array([0, 1])),
    lambda: broken(fit2(KMeans(2, n_init=1)), cluster_centers_=np.ones((2, 5))),
    lambda: broken(fit2(KNeighborsClassifier(1)), _fit_X=np.ones((4, 3))),
    lambda: broken(fit2(KNeighborsClassifier(1)), _y=np.array([0, 1, 2, 0])),
    lambda: broken(fit2(KNeighborsClassifier(1)), n_neighbors=9),
    lambda: broken(fit2(GaussianProcessRegressor()), L_=np.zeros((4, 4))),
    lambda: broken(fit2(GaussianProcessRegressor()), alpha_=np.full(4, np.inf)),
    lambda: broken(fit2(StandardScaler()), feature_names_in_=np.array(["a"], dtype=object)),
    lambda: broken(fit2(StandardScaler()), feature_names_in_=2),
    lambda: broken(fit2(StandardScaler()), n_features_in_="2"),
    lambda: broken(fit2(StandardScaler()), n_features_in_=None),
]


@pytest.mark.parametrize("make", BROKEN)
def test_refused_values_that_make_no_sense(make: Callable[[], Record]) -> None:
    with pytest.raises(InvalidModel):
        import_model(make())


def test_refused_deep_nesting() -> None:
    model: Any = StandardScaler().fit(X2)
    for _ in range(70):
        model = Pipeline([("inner", model)])
    with pytest.raises(CodegenError):
        imported(model)


@pytest.mark.parametrize(
    "options",
    [
        {"threshold": 0.3, "response_method": "predict_proba"},
        {"threshold": 0.8, "response_method": "predict_proba", "pos_label": 0},
        {"threshold": 0.4, "response_method": "decision_function"},
        {},
    ],
)
def test_threshold_of_two_classes(options: dict[str, Any]) -> None:
    known = data("two")
    y = np.unique(known.y, return_inverse=True)[1]
    same(
        FixedThresholdClassifier(linear_model.LogisticRegression(), **options).fit(known.X, y),
        known.rows,
    )


def test_threshold_on_the_cut() -> None:
    """A probability at the threshold is the positive class: leaves of a tree are exact."""
    known = data("two")
    y = np.unique(known.y, return_inverse=True)[1]
    stump = tree.DecisionTreeClassifier(max_depth=1, random_state=0)
    stump.fit(known.X, y)
    cut = float(stump.predict_proba(known.rows)[:, 1].max())
    cut_at = FixedThresholdClassifier(stump, threshold=cut, response_method="predict_proba")
    same(cut_at.fit(known.X, y), known.rows)


def test_every_importer_is_tested() -> None:
    """The name of each public class with an importer stands in a file of tests."""
    files = Path(__file__).parent.glob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    names = [path.rpartition(".")[2] for path in IMPORTERS]
    assert [name for name in names if not name.startswith("_") and name not in text] == []


def test_import_outputs_takes_any_node() -> None:
    """A step sees what the step before it gives, here two columns in another order."""
    columns_of = Gather(Input(4), np.array([3, 1]))
    outputs = import_outputs(load(fit2(StandardScaler())), columns_of)
    rows = data("three").rows
    got = evaluate(outputs.methods, rows)["transform"]
    same_values(got, fit2(StandardScaler()).transform(rows[:, [3, 1]]), 0)
