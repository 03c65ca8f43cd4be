"""Importers of linear models, discriminants, Gaussians and kernel maps against the estimators."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import covariance, cross_decomposition, decomposition, linear_model, mixture
from sklearn import discriminant_analysis as discriminant
from sklearn import naive_bayes as bayes
from sklearn.cluster import KMeans
from sklearn.datasets import load_wine
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import linear_kernel
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import BernoulliRBM
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

from codegen import answers, export
from codegen.data import read_data
from codegen.errors import InvalidModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.exact import product
from codegen.importers.factors import root, solve
from codegen.ir import Affine, Input, Model, Outputs, Softmax
from codegen.live import ask
from codegen.passes.compared import mark_compared
from codegen.plan.program import Dtype
from tests.test_importers import data, fitted, imported, over, same

pytestmark = pytest.mark.filterwarnings("ignore")

SOME = ("two", "one", "rare")


@over(
    SOME,
    linear_model.HuberRegressor(),
    linear_model.TweedieRegressor(power=0),
    linear_model.TweedieRegressor(link="identity"),
    linear_model.OrthogonalMatchingPursuit(),
    linear_model.BayesianRidge(),
    linear_model.BayesianRidge(fit_intercept=False),
    linear_model.ARDRegression(),
)
def test_linear_more_regressors(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)


def test_linear_relevance_of_some_columns() -> None:
    known = data("two")
    lengths = fitted(linear_model.ARDRegression(), "two", "t").lambda_
    threshold = float(np.sort(lengths)[-2:].mean())
    model = linear_model.ARDRegression(threshold_lambda=threshold).fit(known.X, known.t)
    assert 0 < len(model.sigma_) < 5
    same(model, known.rows)


@over(
    SOME,
    linear_model.PoissonRegressor(),
    linear_model.GammaRegressor(),
    linear_model.TweedieRegressor(power=1.5),
    linear_model.TweedieRegressor(power=2, link="log"),
)
def test_linear_log_link(estimator: Any, name: str) -> None:
    known = data(name)
    size = known.X.std(axis=0)
    same(estimator.fit(known.X / size, np.abs(known.t) + 0.1), known.rows / size)


@over(("two", "far"), linear_model.SGDOneClassSVM(nu=0.3, random_state=0))
def test_linear_one_class(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_linear_one_class_on_the_cut_is_an_inlier() -> None:
    model = fitted(linear_model.SGDOneClassSVM(random_state=0), "one")
    model.coef_, model.offset_ = np.array([2.0]), np.array([3.0])
    assert (same(model, np.array([[1.0], [1.5], [2.0]])).methods["predict"]) is not None


@over(
    ("two", "three", "one"),
    discriminant.LinearDiscriminantAnalysis(),
    discriminant.LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.2),
    discriminant.LinearDiscriminantAnalysis(n_components=1),
    discriminant.QuadraticDiscriminantAnalysis(reg_param=0.1),
    discriminant.QuadraticDiscriminantAnalysis(reg_param=0.5, store_covariance=True),
)
def test_gaussian_discriminant(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_gaussian_discriminant_without_a_projection() -> None:
    model = fitted(discriminant.LinearDiscriminantAnalysis(solver="lsqr"), "three")
    found = imported(model)
    assert set(found.methods) == {"predict", "predict_proba", "decision_function"}
    proba = evaluate(found.methods, data("three").rows)["predict_proba"]
    assert np.allclose(proba, model.predict_proba(data("three").rows), atol=1e-13)


@over(
    ("two", "three", "wide"),
    cross_decomposition.PLSRegression(1),
    cross_decomposition.PLSRegression(2, scale=False),
    cross_decomposition.PLSCanonical(2),
    cross_decomposition.CCA(1),
    cross_decomposition.PLSSVD(2),
)
def test_gaussian_cross_decomposition(estimator: Any, name: str) -> None:
    known = data(name)
    same(estimator.fit(known.X, known.two), known.rows, tolerance=1e-11)


@over(
    SOME,
    covariance.EmpiricalCovariance(),
    covariance.EmpiricalCovariance(assume_centered=True),
    covariance.ShrunkCovariance(shrinkage=0.4),
    covariance.MinCovDet(random_state=0),
    covariance.EllipticEnvelope(random_state=0),
    covariance.EllipticEnvelope(contamination=0.3, random_state=0),
)
def test_gaussian_covariance(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_gaussian_covariance_of_columns_that_depend_on_each_other() -> None:
    known = data("two")
    X, rows = (np.column_stack([a, a[:, 0] * 2, np.ones(len(a))]) for a in (known.X, known.rows))
    same(covariance.EmpiricalCovariance().fit(X), rows, tolerance=1e-9)


def test_gaussian_covariance_refuses_what_it_cannot_know() -> None:
    model = fitted(covariance.EmpiricalCovariance(store_precision=False), "two")
    with pytest.raises(UnsupportedModel, match="store_precision=True"):
        imported(model)
    model = fitted(covariance.EmpiricalCovariance(), "two")
    model.precision_ = -model.precision_
    with pytest.raises(InvalidModel, match="negative eigenvalues"):
        imported(model)


KINDS = ("full", "tied", "diag", "spherical")


@over(
    ("two", "one", "rare"),
    *(mixture.GaussianMixture(3, covariance_type=kind, random_state=0) for kind in KINDS),
    *(
        mixture.BayesianGaussianMixture(
            n_components=3,
            covariance_type=kind,
            weight_concentration_prior_type=f"dirichlet_{prior}",
            random_state=0,
        )
        for kind in KINDS
        for prior in ("process", "distribution")
    ),
)
def test_gaussian_mixture(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


@over(
    ("two", "three", "wide"),
    bayes.MultinomialNB(alpha=0.5),
    bayes.ComplementNB(),
    bayes.ComplementNB(norm=True),
    bayes.BernoulliNB(),
    bayes.BernoulliNB(binarize=0.3),
)
def test_gaussian_free_bayes(estimator: Any, name: str) -> None:
    known = data(name)
    model = type(estimator)(**estimator.get_params()).fit(np.abs(known.X), known.y)
    same(model, np.abs(known.rows), tolerance=1e-11)


def test_gaussian_free_bayes_of_bits() -> None:
    known = data("two")
    model = bayes.BernoulliNB(binarize=None).fit(known.X > 0, known.y)
    same(model, (known.rows > 0).astype(np.float64))


@over(SOME, bayes.CategoricalNB(), bayes.CategoricalNB(alpha=0.2, fit_prior=False))
def test_gaussian_free_bayes_of_categories(estimator: Any, name: str) -> None:
    known = data(name)
    X, rows = (np.abs(np.floor(a / known.X.std(axis=0))) for a in (known.X, known.rows))
    most = X.max(axis=0)
    model = type(estimator)(**estimator.get_params()).fit(X, known.y)
    inside = np.minimum(rows, most)
    same(model, inside)
    same(model, inside + 0.5)
    same(model, np.nextafter(inside + 1, 0))


def test_gaussian_free_bayes_of_a_constant_category() -> None:
    known = data("two")
    X = np.column_stack([np.zeros(120), known.X[:, 0] > 0, np.zeros(120)])
    same(bayes.CategoricalNB().fit(X, known.y), X)


def test_gaussian_free_bayes_of_one_class() -> None:
    X = np.abs(data("two").X)
    for kind in (bayes.ComplementNB, bayes.MultinomialNB):
        same(kind().fit(X, np.ones(len(X))), X)


@over(
    ("two", "three", "wide"),
    decomposition.FastICA(2, random_state=0),
    decomposition.FastICA(whiten=False, max_iter=3, random_state=0),
    decomposition.FactorAnalysis(2),
    decomposition.SparsePCA(2, max_iter=5, ridge_alpha=0.3, random_state=0),
    decomposition.MiniBatchSparsePCA(2, max_iter=5, random_state=0),
    GaussianRandomProjection(3, random_state=0),
    SparseRandomProjection(3, random_state=0),
    BernoulliRBM(3, n_iter=2, random_state=0),
)
def test_decomposition_more(estimator: Any, name: str) -> None:
    known = data(name)
    size = np.abs(known.X).max(axis=0)
    same(type(estimator)(**estimator.get_params()).fit(known.X / size), known.rows / size)


KERNELS: tuple[dict[str, Any], ...] = (
    {"kernel": "rbf"},
    {"kernel": "rbf", "gamma": 0.3},
    {"kernel": "poly", "degree": 2, "coef0": 0.5},
    {"kernel": "sigmoid", "gamma": 0.01},
)


@over(
    SOME,
    *(KernelRidge(**kernel) for kernel in (*KERNELS, {}, {"kernel": "cosine"})),
    *(Nystroem(n_components=6, random_state=0, **kernel) for kernel in KERNELS),
    Nystroem(n_components=6, random_state=0, kernel="poly"),
    *(decomposition.KernelPCA(1, **kernel) for kernel in (*KERNELS, {}, {"kernel": "cosine"})),
)
def test_kernel_maps(estimator: Any, name: str) -> None:
    model = make_pipeline(StandardScaler(), estimator).fit(data(name).X, data(name).t)
    same(model, data(name).rows, tolerance=1e-8)


def test_kernel_ridge_of_two_numbers() -> None:
    known = data("two")
    same(KernelRidge(kernel="rbf", gamma=0.1).fit(known.X, known.two), known.rows)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "estimator",
    [
        linear_model.LogisticRegression(),
        linear_model.Ridge(),
        make_pipeline(StandardScaler(), linear_model.LogisticRegression()),
        decomposition.PCA(3),
        KMeans(3, random_state=0),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_models_that_python_computes_in_float32(estimator: Any, dtype: Dtype) -> None:
    X, y = load_wine(return_X_y=True)
    X = X.astype(np.float32)
    artifact = export(estimator.fit(X[::2], y[::2].astype(np.float32)), "host", dtype=dtype)
    assert artifact.model.float32_parameters
    assert artifact.verify(X[1::2], cores=()).agreement


@pytest.mark.parametrize("estimator", [KernelRidge(), decomposition.KernelPCA(2)], ids=repr)
def test_sums_over_a_linear_kernel_know_what_python_loses(estimator: Any) -> None:
    X, y = load_wine(return_X_y=True)
    X = X.astype(np.float32).astype(np.float64)
    artifact = export(estimator.fit(X[::2], y[::2]), "host", dtype="float64")
    assert artifact.verify(X[1::2], cores=()).agreement


def test_kernel_components_without_variance() -> None:
    model = fitted(decomposition.KernelPCA(2), "two")
    model.eigenvalues_[1] = 0.0
    same(model, data("two").rows)


@pytest.mark.parametrize(
    "estimator",
    [
        KernelRidge(kernel="laplacian"),
        KernelRidge(kernel="poly", degree=1.5),
        Nystroem(n_components=3, kernel="linear"),
    ],
    ids=str,
)
def test_kernel_refused(estimator: Any) -> None:
    known = data("two")
    with pytest.raises(UnsupportedModel, match="has no C form"):
        imported(estimator.fit(np.abs(known.X), known.t))


def test_kernel_that_is_a_function_is_refused() -> None:
    model = fitted(KernelRidge(), "two", "t")
    model.kernel = linear_kernel
    with pytest.raises(UnsupportedModel, match="<callable>"):
        imported(model)


def test_relevance_without_a_column_is_refused() -> None:
    model = fitted(linear_model.ARDRegression(), "two", "t")
    model.lambda_ = np.full(5, 1e9)
    with pytest.raises(UnsupportedModel, match="threshold_lambda"):
        imported(model)


def test_live_estimators_are_asked_behind_steps_and_searches() -> None:
    known = data("two")
    behind = make_pipeline(StandardScaler(), covariance.EmpiricalCovariance()).fit(known.X)
    search = GridSearchCV(linear_model.BayesianRidge(), {"alpha_1": [1e-6]}).fit(known.X, known.t)
    for model in (behind, search):
        ours = imported(model)
        for method, want in ask(model, ours, known.rows).items():
            got = evaluate(ours.methods, known.rows)[method]
            assert np.allclose(got, want, rtol=1e-12, atol=1e-12)


def test_factors_against_numpy() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(7, 7)), rng.normal(size=(7, 2))
    form = a @ a.T
    assert np.allclose(product(a, b), a @ b, rtol=0, atol=1e-14)
    assert np.allclose(solve(a, b), np.linalg.solve(a, b), rtol=1e-12, atol=1e-12)
    assert (solve(np.array([[0.0, 2.0], [1.0, 0.0]]), np.eye(2)) == [[0, 1], [0.5, 0]]).all()
    assert np.allclose(root(form).T @ root(form), form, rtol=0, atol=1e-13)
    assert root(np.zeros((3, 3))).shape == (1, 3)
    assert root(np.outer([1, 2, 3], [1, 2, 3])).shape == (1, 3)
    with pytest.raises(InvalidModel, match="inverted"):
        solve(np.zeros((2, 2)), np.ones((2, 1)))


def test_what_rows_share_is_taken_off_where_only_differences_count() -> None:
    x = Input(2)
    score = Affine(x, np.array([[-9.0, -7.0], [-8.0, -7.5]]), np.array([-3.0, -3.5]))
    model = Model("a test", x, Outputs("classifier", {"predict_proba": Softmax(score)}))
    shifted = mark_compared(model).methods["predict_proba"]
    assert isinstance(shifted, Softmax)
    assert isinstance(shifted.x, Affine)
    assert np.allclose(shifted.x.weight, [[-0.5, 0.25], [0.5, -0.25]])
    assert np.allclose(shifted.x.bias, [0.25, -0.25])


def test_coefficients_beyond_any_float_are_refused() -> None:
    model = fitted(linear_model.LinearRegression(), "two", "two")
    model.coef_ = model.coef_ * 1e145
    with pytest.raises(UnsupportedModel, match="float64"):
        export(model)
    assert export(model, dtype="float64").files


def test_the_answers_of_a_mixture_stand_beside_the_data(tmp_path: Path) -> None:
    known = data("rare")
    model = fitted(mixture.GaussianMixture(2, random_state=0), "rare")
    path = tmp_path / "rows.csv"
    answers(model, known.rows[:50], path)
    assert "proba_1" in path.read_text().splitlines()[0]
    read = read_data(path, imported(model))
    for method, ours in evaluate(imported(model).methods, read.X).items():
        assert np.allclose(read.answers[method], ours, atol=1e-12)
