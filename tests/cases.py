"""The one table of fitted models: a row buys parity, bits, C contract and target tests.

Each importer stands with at least three settings over at least three data sets. Models are fitted
when they are first asked for, once in a session.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import cycle
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from pandas import DataFrame
from sklearn import (
    cluster,
    covariance,
    cross_decomposition,
    decomposition,
    ensemble,
    linear_model,
    manifold,
    mixture,
    naive_bayes,
    neighbors,
    neural_network,
    random_projection,
    semi_supervised,
    svm,
    tree,
)
from sklearn import discriminant_analysis as discriminant
from sklearn import feature_selection as select
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import PCA, IncrementalPCA, TruncatedSVD
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.experimental import (  # makes them importable
    enable_halving_search_cv,  # noqa: F401
    enable_iterative_imputer,  # noqa: F401
)
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.frozen import FrozenEstimator
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor, kernels
from sklearn.impute import IterativeImputer, KNNImputer, MissingIndicator, SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.kernel_approximation import (
    AdditiveChi2Sampler,
    Nystroem,
    PolynomialCountSketch,
    RBFSampler,
    SkewedChi2Sampler,
)
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
)
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import (
    ClassifierChain,
    MultiOutputClassifier,
    MultiOutputRegressor,
    RegressorChain,
)
from sklearn.neighbors import NeighborhoodComponentsAnalysis as NCA  # noqa: N817 its usual name
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.semi_supervised import SelfTrainingClassifier
from xgboost import XGBClassifier, XGBRegressor, XGBRFClassifier, XGBRFRegressor

from codegen import export
from codegen.emit import emit
from codegen.export import Artifact, facts_of
from codegen.trainers import DiffusionMap, FTRLClassifier
from tests.datasets import Data, data


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """An estimator to fit on a data set; target: the attribute of Data that it learns.

    The id is a C identifier: it names the case's C as well.
    """

    id: str
    make: Callable[[], Any]
    data: str
    target: str = "y"

    @property
    def known(self) -> Data:
        """The rows to fit on, and those that the model never sees."""
        return data(self.data)


def spread(name: str, target: str, names: str, *estimators: Any) -> Iterator[Case]:
    """Every estimator and every data set at least once, in turns; names: of the data sets."""
    chosen = names.split()
    short = len(estimators) < len(chosen)
    pairs = zip(cycle(estimators) if short else estimators, cycle(chosen), strict=False)
    for i, (estimator, where) in zip(range(max(len(estimators), len(chosen))), pairs, strict=False):
        yield Case(f"{name}{i}_{where}", partial(clone, estimator), where, target)


def scaled(estimator: Any) -> Any:
    """Behind a scaler."""
    return make_pipeline(StandardScaler(), estimator)


def in_units(estimator: Any) -> Any:
    """Behind a scaler that leaves no number below 0."""
    return make_pipeline(MinMaxScaler(clip=True), estimator)


multiplied = partial(decomposition.NMF, init="nndsvda", solver="mu")
batched = partial(decomposition.MiniBatchNMF, init="nndsvda", max_iter=80, random_state=0)
logistic_cv = partial(
    linear_model.LogisticRegressionCV,
    cv=2,
    max_iter=30,
    l1_ratios=(0,),
    use_legacy_attributes=False,
)

LINEAR_CLASSIFIERS = (
    *spread(
        "logistic",
        "y",
        "cancer iris digits one one_many far rare huge_labels float_labels iris_frame wide wine",
        linear_model.LogisticRegression(max_iter=200),
        linear_model.LogisticRegression(C=0.1, fit_intercept=False, class_weight="balanced"),
        linear_model.LogisticRegression(C=100.0, solver="newton-cg", max_iter=50),
    ),
    *spread(
        "liblinear",
        "y",
        "rare one cancer",
        linear_model.LogisticRegression(solver="liblinear", l1_ratio=1.0),
        linear_model.LogisticRegression(solver="liblinear"),
        linear_model.LogisticRegression(solver="liblinear", C=5.0, intercept_scaling=10.0),
    ),
    *spread(
        "logistic_cv",
        "y",
        "iris rare one_many",
        logistic_cv(Cs=2),
        logistic_cv(Cs=[1.0], fit_intercept=False),
        logistic_cv(Cs=3, class_weight="balanced"),
    ),
    *spread(
        "ridge_classifier",
        "y",
        "cancer wine one digits",
        linear_model.RidgeClassifier(),
        linear_model.RidgeClassifier(alpha=10.0, fit_intercept=False),
        linear_model.RidgeClassifier(class_weight="balanced"),
    ),
    *spread(
        "ridge_classifier_cv",
        "y",
        "rare iris far",
        linear_model.RidgeClassifierCV(),
        linear_model.RidgeClassifierCV(alphas=[1.0, 5.0], cv=2),
        linear_model.RidgeClassifierCV(fit_intercept=False),
    ),
    *spread(
        "sgd_classifier",
        "y",
        "rare iris digits wide one_many float_labels",
        linear_model.SGDClassifier(random_state=0),
        linear_model.SGDClassifier(loss="log_loss", random_state=0),
        linear_model.SGDClassifier(loss="modified_huber", alpha=0.1, random_state=0),
    ),
    *spread(
        "perceptron",
        "y",
        "one iris wide",
        linear_model.Perceptron(),
        linear_model.Perceptron(penalty="l1", alpha=1e-3),
        linear_model.Perceptron(fit_intercept=False, eta0=0.5),
    ),
    *spread(
        "linear_svc",
        "y",
        "rare wine iris wide",
        svm.LinearSVC(random_state=0),
        svm.LinearSVC(multi_class="crammer_singer", max_iter=100, random_state=0),
        svm.LinearSVC(penalty="l1", dual=False, random_state=0),
    ),
)

LINEAR_REGRESSORS = (
    *spread(
        "linear",
        "t",
        "diabetes one far wide iris_frame",
        linear_model.LinearRegression(),
        linear_model.LinearRegression(fit_intercept=False),
        linear_model.LinearRegression(positive=True),
    ),
    *spread(
        "linear_two",
        "two_numbers",
        "one far wine",
        linear_model.LinearRegression(),
        linear_model.Ridge(),
        linear_model.LinearRegression(fit_intercept=False),
    ),
    *spread(
        "ridge",
        "t",
        "diabetes one wide",
        linear_model.Ridge(),
        linear_model.Ridge(alpha=10.0, fit_intercept=False),
        linear_model.Ridge(alpha=0.1, solver="svd"),
    ),
    *spread(
        "ridge_cv",
        "t",
        "one digits far",
        linear_model.RidgeCV(),
        linear_model.RidgeCV(alphas=[2.0], fit_intercept=False),
        linear_model.RidgeCV(alphas=[0.1, 1.0], cv=2),
    ),
    *spread(
        "lasso",
        "t",
        "diabetes one digits",
        linear_model.Lasso(alpha=0.1),
        linear_model.Lasso(alpha=0.01, fit_intercept=False),
        linear_model.Lasso(alpha=0.1, positive=True),
    ),
    *spread(
        "lasso_cv",
        "t",
        "diabetes one iris",
        linear_model.LassoCV(cv=2, alphas=3),
        linear_model.LassoCV(cv=2, alphas=3, fit_intercept=False),
        linear_model.LassoCV(cv=2, alphas=5, selection="random", random_state=0),
    ),
    *spread(
        "elastic",
        "t",
        "diabetes one wide",
        linear_model.ElasticNet(alpha=0.1),
        linear_model.ElasticNet(alpha=0.01, l1_ratio=0.9, fit_intercept=False),
        linear_model.ElasticNet(alpha=1.0, l1_ratio=0.1),
    ),
    *spread(
        "elastic_cv",
        "t",
        "wine one rare",
        linear_model.ElasticNetCV(cv=2, alphas=3),
        linear_model.ElasticNetCV(cv=2, alphas=3, l1_ratio=[0.2, 0.8]),
        linear_model.ElasticNetCV(cv=2, alphas=3, fit_intercept=False),
    ),
    *spread(
        "sgd_regressor",
        "t",
        "diabetes one rare",
        linear_model.SGDRegressor(random_state=0),
        linear_model.SGDRegressor(loss="huber", random_state=0),
        linear_model.SGDRegressor(penalty="l1", alpha=0.1, random_state=0),
    ),
    *spread(
        "linear_svr",
        "t",
        "one rare iris",
        svm.LinearSVR(random_state=0),
        svm.LinearSVR(C=0.1, fit_intercept=False, random_state=0),
        svm.LinearSVR(loss="squared_epsilon_insensitive", random_state=0),
    ),
)

SUPPORT_VECTORS = (
    *spread(
        "svc",
        "y",
        "iris one one_many rare huge_labels wine",
        svm.SVC(),
        svm.SVC(kernel="linear"),
        svm.SVC(kernel="poly", degree=2, coef0=0.5, gamma=0.1),
        svm.SVC(kernel="sigmoid", gamma=0.05),
        svm.SVC(gamma=0.5, decision_function_shape="ovo"),
        svm.SVC(break_ties=True, gamma=0.01),
        svm.SVC(kernel="poly", gamma=0.1),
    ),
    *spread(
        "svc_scaled",
        "y",
        "cancer far digits wide",
        scaled(svm.SVC(C=2.0)),
        scaled(svm.SVC(kernel="linear")),
        scaled(svm.SVC(kernel="rbf", gamma=0.01)),
    ),
    *spread(
        "svc_proba",
        "y",
        "iris rare one_many",
        svm.SVC(probability=True, random_state=0),
        scaled(svm.SVC(kernel="poly", degree=2, probability=True, random_state=0)),
        svm.SVC(kernel="linear", probability=True, random_state=0),
    ),
    *spread(
        "nu_svc",
        "y",
        "iris one one_many float_labels",
        svm.NuSVC(nu=0.2),
        svm.NuSVC(nu=0.1, kernel="linear"),
        svm.NuSVC(nu=0.1, decision_function_shape="ovo"),
        scaled(svm.NuSVC(nu=0.5, probability=True, random_state=0)),
    ),
    *spread(
        "svr",
        "t",
        "diabetes one iris_frame rare",
        svm.SVR(C=10.0),
        svm.SVR(kernel="poly", degree=2, coef0=1.0, gamma=0.1),
        svm.SVR(kernel="linear"),
        svm.SVR(kernel="sigmoid", gamma=0.01, coef0=-0.2),
    ),
    *spread(
        "nu_svr",
        "t",
        "one iris rare",
        svm.NuSVR(C=3.0),
        svm.NuSVR(kernel="linear", C=0.1),
        svm.NuSVR(kernel="poly", gamma=0.1),
    ),
    *spread(
        "one_class",
        "y",
        "one iris rare",
        svm.OneClassSVM(nu=0.2),
        svm.OneClassSVM(nu=0.3, gamma=0.05),
        svm.OneClassSVM(nu=0.1, kernel="poly", degree=2, gamma=0.1, coef0=1.0),
        svm.OneClassSVM(nu=0.1, kernel="sigmoid", gamma=0.01),
    ),
    *spread(
        "one_class_scaled",
        "y",
        "far wide cancer",
        scaled(svm.OneClassSVM(nu=0.2)),
    ),
)

TREES = (
    *spread(
        "tree",
        "y",
        "cancer iris one digits rare holes far iris_frame huge_labels",
        tree.DecisionTreeClassifier(random_state=0),
        tree.DecisionTreeClassifier(max_depth=3, random_state=0),
        tree.DecisionTreeClassifier(max_leaf_nodes=9, min_samples_leaf=3, random_state=0),
    ),
    *spread(
        "tree_two",
        "two_labels",
        "iris wine holes",
        tree.DecisionTreeClassifier(max_depth=4, random_state=0),
        ensemble.RandomForestClassifier(5, max_depth=3, random_state=0),
        ensemble.ExtraTreesClassifier(4, random_state=0),
    ),
    *spread(
        "extra_tree",
        "y",
        "iris one wide",
        tree.ExtraTreeClassifier(random_state=0),
        tree.ExtraTreeClassifier(max_depth=1, random_state=0),
        tree.ExtraTreeClassifier(min_samples_leaf=5, random_state=0),
    ),
    *spread(
        "stump",
        "y",
        "iris one rare",
        tree.DecisionTreeClassifier(min_samples_leaf=100),
        tree.ExtraTreeClassifier(max_depth=1, random_state=0),
        ensemble.RandomForestClassifier(3, min_samples_leaf=70, random_state=0),
    ),
    *spread(
        "forest",
        "y",
        "cancer iris digits one_many rare holes far wide",
        ensemble.RandomForestClassifier(10, max_depth=4, random_state=0),
        ensemble.RandomForestClassifier(7, random_state=0),
        ensemble.RandomForestClassifier(6, class_weight="balanced_subsample", random_state=0),
        ensemble.RandomForestClassifier(3, min_samples_leaf=4, bootstrap=False, random_state=0),
    ),
    *spread(
        "extra_trees",
        "y",
        "wine one holes float_labels",
        ensemble.ExtraTreesClassifier(6, max_depth=3, random_state=0),
        ensemble.ExtraTreesClassifier(5, random_state=0),
        ensemble.ExtraTreesClassifier(2, max_depth=2, random_state=0),
    ),
    *spread(
        "tree_regressor",
        "t",
        "diabetes one holes far",
        tree.DecisionTreeRegressor(random_state=0),
        tree.DecisionTreeRegressor(max_depth=4, criterion="absolute_error", random_state=0),
        tree.DecisionTreeRegressor(max_leaf_nodes=12, random_state=0),
    ),
    *spread(
        "extra_tree_regressor",
        "t",
        "diabetes one holes",
        tree.ExtraTreeRegressor(random_state=0),
        tree.ExtraTreeRegressor(max_depth=3, random_state=0),
        tree.ExtraTreeRegressor(min_samples_leaf=10, random_state=0),
    ),
    *spread(
        "forest_regressor",
        "t",
        "diabetes one digits holes",
        ensemble.RandomForestRegressor(6, random_state=0),
        ensemble.RandomForestRegressor(5, max_depth=3, random_state=0),
        ensemble.RandomForestRegressor(9, max_depth=5, bootstrap=False, random_state=0),
    ),
    *spread(
        "trees_regressor_two",
        "two_numbers",
        "diabetes one iris",
        ensemble.RandomForestRegressor(4, max_depth=4, random_state=0),
        tree.DecisionTreeRegressor(max_depth=5, random_state=0),
        ensemble.ExtraTreesRegressor(3, max_depth=4, random_state=0),
    ),
    *spread(
        "extra_trees_regressor",
        "t",
        "rare one wide",
        ensemble.ExtraTreesRegressor(5, random_state=0),
        ensemble.ExtraTreesRegressor(4, max_depth=3, random_state=0),
        ensemble.ExtraTreesRegressor(3, min_samples_leaf=6, random_state=0),
    ),
    *spread(
        "isolation",
        "y",
        "one iris holes",
        ensemble.IsolationForest(n_estimators=6, random_state=0),
        ensemble.IsolationForest(
            n_estimators=5, max_features=0.5, contamination=0.2, random_state=0
        ),
        ensemble.IsolationForest(n_estimators=4, max_samples=9, bootstrap=True, random_state=0),
    ),
    *spread(
        "random_leaves",
        "y",
        "iris one",
        ensemble.RandomTreesEmbedding(4, max_depth=3, random_state=0),
        ensemble.RandomTreesEmbedding(3, max_leaf_nodes=5, sparse_output=False, random_state=0),
    ),
)

BAYES = (
    *spread(
        "gaussian_nb",
        "y",
        "iris one rare cancer digits far wide huge_labels",
        naive_bayes.GaussianNB(),
        scaled(naive_bayes.GaussianNB()),
        naive_bayes.GaussianNB(var_smoothing=1e-2),
    ),
    Case("gaussian_nb_priors", partial(naive_bayes.GaussianNB, priors=[0.3, 0.7]), "one"),
)


def network(kind: Any, *sizes: int, **options: Any) -> Any:
    """A small perceptron behind a scaler."""
    return scaled(kind(hidden_layer_sizes=sizes, max_iter=30, random_state=0, **options))


NETWORKS = (
    *spread(
        "mlp",
        "y",
        "iris cancer one digits rare far",
        network(neural_network.MLPClassifier, 8),
        network(neural_network.MLPClassifier, 6, 4, activation="tanh"),
        network(neural_network.MLPClassifier, 5, activation="logistic"),
        network(neural_network.MLPClassifier, 4, 3, activation="identity"),
    ),
    *spread(
        "mlp_regressor",
        "t",
        "iris one far",
        network(neural_network.MLPRegressor, 7),
        network(neural_network.MLPRegressor, 5, 3, activation="tanh"),
        network(neural_network.MLPRegressor, 4, activation="logistic"),
    ),
    *spread(
        "mlp_regressor_two",
        "two_numbers",
        "iris rare",
        network(neural_network.MLPRegressor, 6),
    ),
)

FEW: dict[str, Any] = {"max_iter": 4, "min_samples_leaf": 5, "random_state": 0}
CODES: dict[str, Any] = {"categorical_features": [0, 1, 2]}

QUIET: dict[str, Any] = {"n_jobs": 1, "verbose": -1}
XGB_SETS: dict[str, Any] = {
    "enable_categorical": True,
    "feature_types": ["c", *"q" * 4],
    "max_cat_to_onehot": 1,
    "n_jobs": 1,
}
BAG: dict[str, Any] = {"subsample": 0.5, "subsample_freq": 1}

BOOSTING = (
    *spread(
        "boosting",
        "y",
        "cancer iris one digits rare far huge_labels",
        ensemble.GradientBoostingClassifier(n_estimators=6, random_state=0),
        ensemble.GradientBoostingClassifier(n_estimators=5, init="zero", max_depth=2),
        ensemble.GradientBoostingClassifier(n_estimators=4, subsample=0.5, random_state=0),
    ),
    *spread(
        "boosting_exponential",
        "y",
        "cancer one rare",
        ensemble.GradientBoostingClassifier(loss="exponential", n_estimators=5, random_state=0),
    ),
    *spread(
        "boosting_regressor",
        "t",
        "diabetes one far rare",
        ensemble.GradientBoostingRegressor(n_estimators=8, random_state=0),
        ensemble.GradientBoostingRegressor(loss="huber", n_estimators=5, random_state=0),
        ensemble.GradientBoostingRegressor(loss="quantile", n_estimators=5, random_state=0),
        ensemble.GradientBoostingRegressor(loss="absolute_error", init="zero", n_estimators=5),
    ),
    *spread(
        "boosting_init",
        "y",
        "iris rare",
        ensemble.GradientBoostingClassifier(
            n_estimators=3, init=tree.DecisionTreeClassifier(max_depth=2), random_state=0
        ),
    ),
    *spread(
        "boosting_start",
        "t",
        "diabetes one",
        ensemble.GradientBoostingRegressor(
            n_estimators=3, init=ensemble.RandomForestRegressor(3, max_depth=4, random_state=0)
        ),
        ensemble.GradientBoostingRegressor(n_estimators=3, init=linear_model.Ridge()),
    ),
    *spread(
        "hist",
        "y",
        "cancer holes kinds_holes rare",
        ensemble.HistGradientBoostingClassifier(early_stopping=True, **FEW),
        ensemble.HistGradientBoostingClassifier(max_leaf_nodes=5, **FEW),
        ensemble.HistGradientBoostingClassifier(**CODES, **FEW),
        ensemble.HistGradientBoostingClassifier(class_weight="balanced", **FEW),
    ),
    *spread(
        "hist_regressor",
        "t",
        "kinds one kinds_holes diabetes",
        ensemble.HistGradientBoostingRegressor(categorical_features=[0, 2], **FEW),
        ensemble.HistGradientBoostingRegressor(loss="absolute_error", **FEW),
        ensemble.HistGradientBoostingRegressor(
            loss="quantile", quantile=0.7, categorical_features=[0], **FEW
        ),
        ensemble.HistGradientBoostingRegressor(monotonic_cst=[1] + [0] * 9, **FEW),
    ),
    *spread(
        "hist_regressor_log",
        "positive",
        "one kinds",
        ensemble.HistGradientBoostingRegressor(loss="gamma", **FEW),
        ensemble.HistGradientBoostingRegressor(loss="poisson", **CODES, **FEW),
    ),
    *spread(
        "xgb",
        "y",
        "cancer digits",
        XGBClassifier(n_estimators=5, max_depth=3, n_jobs=1),
        XGBClassifier(n_estimators=3, num_parallel_tree=2, missing=0.0, n_jobs=1),
        XGBRFClassifier(n_estimators=4, max_depth=3, n_jobs=1),
    ),
    *spread(
        "xgb_regressor",
        "t",
        "diabetes holes iris_frame",
        XGBRegressor(n_estimators=6, max_depth=3, n_jobs=1),
        XGBRegressor(n_estimators=4, objective="reg:absoluteerror", n_jobs=1),
        XGBRFRegressor(n_estimators=3, max_depth=4, n_jobs=1),
    ),
    Case("xgb_dart", partial(XGBRegressor, n_estimators=3, booster="dart", n_jobs=1), "one", "t"),
    Case("xgb_linear", partial(XGBRegressor, n_estimators=3, booster="gblinear"), "one", "t"),
    Case("xgb_hinge", partial(XGBClassifier, n_estimators=3, objective="binary:hinge"), "cancer"),
    Case("xgb_sets", partial(XGBRegressor, n_estimators=3, **XGB_SETS), "kinds_holes", "t"),
    Case("lgbm_sqrt", partial(LGBMRegressor, n_estimators=3, reg_sqrt=True, **QUIET), "one", "t"),
    Case("xgb_two", partial(XGBRegressor, n_estimators=3, n_jobs=1), "wine", "two_numbers"),
    *spread(
        "lgbm",
        "y",
        "cancer iris one digits rare holes far",
        LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1),
        LGBMClassifier(n_estimators=4, zero_as_missing=True, n_jobs=1, verbose=-1),
        LGBMClassifier(n_estimators=3, num_leaves=4, n_jobs=1, verbose=-1),
    ),
    *spread(
        "lgbm_regressor",
        "t",
        "diabetes one holes",
        LGBMRegressor(n_estimators=6, n_jobs=1, verbose=-1),
        LGBMRegressor(n_estimators=4, objective="l1", n_jobs=1, verbose=-1),
        LGBMRegressor(n_estimators=4, boosting_type="rf", **BAG, n_jobs=1, verbose=-1),
    ),
    *spread(
        "lgbm_linear",
        "t",
        "diabetes holes far",
        LGBMRegressor(n_estimators=5, linear_tree=True, num_leaves=5, **QUIET),
        LGBMRegressor(n_estimators=3, linear_tree=True, linear_lambda=1.0, **QUIET),
        LGBMRegressor(n_estimators=3, linear_tree=True, objective="huber", **QUIET),
    ),
    *spread(
        "lgbm_linear_classes",
        "y",
        "wine one",
        LGBMClassifier(n_estimators=3, linear_tree=True, num_leaves=4, **QUIET),
        LGBMClassifier(n_estimators=9, linear_tree=True, **QUIET),
    ),
)

CLUSTERS = (
    *spread(
        "k_means",
        "y",
        "iris one digits far rare",
        cluster.KMeans(3, n_init=1, random_state=0),
        cluster.KMeans(8, n_init=1, algorithm="elkan", random_state=0),
        cluster.KMeans(1, n_init=1, random_state=0),
    ),
    *spread(
        "mini_batch",
        "y",
        "wine one far",
        cluster.MiniBatchKMeans(3, n_init=1, random_state=0),
        cluster.MiniBatchKMeans(6, n_init=1, batch_size=64, random_state=0),
        cluster.MiniBatchKMeans(2, n_init=1, random_state=0),
    ),
)

DECOMPOSITIONS = (
    *spread(
        "pca",
        "y",
        "cancer one digits far iris_frame",
        PCA(),
        PCA(1),
        PCA(2, whiten=True),
    ),
    *spread(
        "incremental_pca",
        "y",
        "iris one wide",
        IncrementalPCA(2),
        IncrementalPCA(),
        IncrementalPCA(3, whiten=True),
    ),
    *spread(
        "truncated_svd",
        "y",
        "iris far digits",
        TruncatedSVD(2, random_state=0),
        TruncatedSVD(3, algorithm="arpack", random_state=0),
        TruncatedSVD(5, random_state=0),
    ),
)

RANDOM_FEATURES = (
    *spread("rbf_sampler", "y", "iris", RBFSampler(n_components=6, random_state=0)),
    *spread("skewed_chi2", "y", "coded_few", SkewedChi2Sampler(n_components=5, random_state=0)),
    *spread("additive_chi2", "y", "cancer", AdditiveChi2Sampler()),
    *spread(
        "sketch",
        "y",
        "rare",
        PolynomialCountSketch(degree=3, coef0=1.0, n_components=5, random_state=0),
    ),
)

CODES = (
    *spread(
        "codes",
        "y",
        "wide digits iris",
        decomposition.MiniBatchDictionaryLearning(6, max_iter=2, random_state=0),
        decomposition.DictionaryLearning(5, max_iter=2, random_state=0, split_sign=True),
        decomposition.MiniBatchDictionaryLearning(
            3, max_iter=2, random_state=0, transform_algorithm="threshold"
        ),
    ),
    *spread(
        "nmf",
        "y",
        "coded digits iris",
        decomposition.NMF(3, init="nndsvda"),
        decomposition.NMF(6, init="nndsvda", alpha_W=0.01, l1_ratio=0.5, tol=1e-3),
        in_units(decomposition.NMF(2, init="nndsvda", max_iter=5, alpha_W=1e-3)),
    ),
    *spread(
        "nmf_by",
        "y",
        "coded_few coded wine",
        multiplied(3, max_iter=60),
        multiplied(4, beta_loss="kullback-leibler", alpha_W=1e-3, l1_ratio=0.5),
        multiplied(2, beta_loss="itakura-saito", max_iter=40),
    ),
    *spread(
        "topics",
        "y",
        "coded digits coded_few",
        decomposition.LatentDirichletAllocation(3, max_iter=4, random_state=0),
        decomposition.LatentDirichletAllocation(
            5, max_iter=2, mean_change_tol=1e-2, doc_topic_prior=0.05, random_state=0
        ),
        in_units(decomposition.LatentDirichletAllocation(2, max_iter=3, random_state=0)),
    ),
    *spread(
        "nmf_batch",
        "y",
        "coded coded_few wine",
        batched(4, alpha_W=1e-3, beta_loss="kullback-leibler"),
        batched(3, transform_max_iter=12),
        batched(2, beta_loss="itakura-saito", tol=1e-3),
    ),
)

TRAINED = (
    *spread(
        "ftrl",
        "y",
        "cancer rare one",
        scaled(FTRLClassifier(random_state=0)),
        FTRLClassifier(l1=1.0, l2=0.5, beta=0.5, random_state=0),
        FTRLClassifier(fit_intercept=False, max_iter=1, shuffle=False),
    ),
    *spread(
        "diffusion",
        "y",
        "iris one wine",
        DiffusionMap(random_state=0),
        DiffusionMap(1, gamma=0.5, n_steps=2),
        scaled(DiffusionMap(n_neighbors=8, random_state=0)),
    ),
)

SCALERS = (
    *spread(
        "standard",
        "y",
        "cancer one far iris_frame digits",
        StandardScaler(),
        StandardScaler(with_mean=False),
        StandardScaler(with_std=False),
    ),
    *spread(
        "min_max",
        "y",
        "wine one far",
        MinMaxScaler(),
        MinMaxScaler((-1, 2)),
        MinMaxScaler(clip=True),
    ),
    *spread(
        "max_abs",
        "y",
        "wine one digits",
        MaxAbsScaler(),
        MaxAbsScaler(clip=True),
        scaled(MaxAbsScaler()),
    ),
    *spread(
        "robust",
        "y",
        "cancer one far",
        RobustScaler(),
        RobustScaler(with_centering=False),
        RobustScaler(quantile_range=(5, 95), unit_variance=True),
    ),
    *spread(
        "normalizer",
        "y",
        "iris one digits",
        Normalizer(),
        Normalizer("l1"),
        Normalizer("max"),
    ),
    *spread(
        "polynomial",
        "y",
        "iris one rare",
        PolynomialFeatures(),
        PolynomialFeatures(5, include_bias=False),
        PolynomialFeatures((2, 3), interaction_only=True),
    ),
    *spread(
        "quantile",
        "y",
        "kinds holes_many far",
        QuantileTransformer(n_quantiles=40),
        QuantileTransformer(n_quantiles=30, output_distribution="normal"),
        QuantileTransformer(n_quantiles=50, output_distribution="normal"),
    ),
    *spread(
        "power",
        "y",
        "holes_many iris rare",
        PowerTransformer(),
        make_pipeline(
            FunctionTransformer(np.absolute), PowerTransformer("box-cox", standardize=False)
        ),
        PowerTransformer(standardize=False),
    ),
    *spread(
        "spline",
        "y",
        "iris far one",
        SplineTransformer(4),
        scaled(SplineTransformer(5, degree=2, extrapolation="linear", include_bias=False)),
        SplineTransformer(6, degree=4, extrapolation="periodic"),
    ),
    *spread(
        "imputer",
        "y",
        "holes holes_many digits one digits",
        SimpleImputer(),
        SimpleImputer(strategy="median", add_indicator=True),
        SimpleImputer(missing_values=0, strategy="constant", fill_value=-1.5),
        SimpleImputer(strategy="most_frequent"),
        SimpleImputer(missing_values=0.0, add_indicator=True),
    ),
    *spread(
        "iterative_imputer",
        "y",
        "holes holes_many",
        IterativeImputer(max_iter=2, random_state=0),
        IterativeImputer(linear_model.Ridge(), max_iter=1, min_value=-1.0, add_indicator=True),
    ),
    *spread(
        "knn_imputer",
        "y",
        "holes kinds_holes holes",
        KNNImputer(n_neighbors=3),
        KNNImputer(n_neighbors=4, weights="distance", add_indicator=True),
        KNNImputer(n_neighbors=100, keep_empty_features=True),
    ),
)

FOREST = ensemble.RandomForestClassifier(3, max_depth=3, random_state=0)
PLAIN = linear_model.LogisticRegression(max_iter=50)
QUICK = linear_model.RidgeClassifier()

SELECTORS = (
    *spread(
        "k_best",
        "y",
        "iris one digits",
        select.SelectKBest(k=2),
        select.SelectKBest(k="all"),
        select.SelectKBest(select.f_classif, k=20),
    ),
    *spread(
        "percentile",
        "y",
        "wine one wide",
        select.SelectPercentile(percentile=30),
        select.SelectPercentile(percentile=100),
        select.SelectPercentile(percentile=15),
    ),
    *(
        case
        for name, make in (
            ("fpr", select.SelectFpr),
            ("fdr", select.SelectFdr),
            ("fwe", select.SelectFwe),
        )
        for case in spread(
            name,
            "y",
            "cancer rare wide",
            make(alpha=1e-6),
            make(alpha=0.5),
            make(alpha=0.01),
        )
    ),
    *spread(
        "univariate",
        "y",
        "iris one wide",
        select.GenericUnivariateSelect(mode="k_best", param=2),
        select.GenericUnivariateSelect(mode="percentile", param=100),
        select.GenericUnivariateSelect(mode="fwe", param=0.5),
    ),
    *spread(
        "variance",
        "y",
        "digits one cancer",
        select.VarianceThreshold(),
        select.VarianceThreshold(1e-6),
        select.VarianceThreshold(0.5),
    ),
    *spread(
        "from_model",
        "y",
        "iris wide rare",
        select.SelectFromModel(FOREST),
        select.SelectFromModel(linear_model.LogisticRegression(C=0.1), max_features=7),
        select.SelectFromModel(FOREST, threshold="0.5*mean"),
    ),
    *spread(
        "sequential",
        "y",
        "iris rare float_labels",
        select.SequentialFeatureSelector(QUICK, n_features_to_select=2, cv=2),
        select.SequentialFeatureSelector(QUICK, n_features_to_select=1, direction="backward", cv=2),
        select.SequentialFeatureSelector(QUICK, n_features_to_select=3, cv=2),
    ),
    *spread(
        "rfe",
        "y",
        "iris wide cancer",
        select.RFE(QUICK, n_features_to_select=2),
        select.RFE(QUICK, n_features_to_select=8, step=0.5),
        select.RFE(FOREST, n_features_to_select=5, step=10),
    ),
    *spread(
        "rfecv",
        "y",
        "iris rare float_labels",
        select.RFECV(PLAIN, cv=2, min_features_to_select=3),
        select.RFECV(tree.DecisionTreeClassifier(max_depth=3, random_state=0), cv=2),
        select.RFECV(linear_model.RidgeClassifier(), cv=2, min_features_to_select=2),
    ),
)


def columns(first: Any, second: Any, **options: Any) -> ColumnTransformer:
    """Two transformers on groups of columns that are not in order."""
    return ColumnTransformer([("first", first, [2, 0]), ("second", second, slice(1, 2))], **options)


COMPOSITES = (
    *spread(
        "pipeline",
        "y",
        "cancer iris rare far digits wide iris_frame one",
        scaled(linear_model.LogisticRegression()),
        make_pipeline(StandardScaler(), tree.DecisionTreeClassifier(max_depth=4, random_state=0)),
        make_pipeline(MinMaxScaler(), ensemble.RandomForestClassifier(4, random_state=0)),
        make_pipeline(StandardScaler(), PCA(0.9), linear_model.LogisticRegression()),
        make_pipeline(PCA(5), svm.SVC(gamma=0.001)),
        make_pipeline(select.SelectKBest(k=10), scaled(linear_model.LogisticRegression())),
        make_pipeline(RobustScaler(), svm.SVC(C=3.0)),
        make_pipeline(PolynomialFeatures(3), scaled(linear_model.LogisticRegression())),
    ),
    *spread(
        "pipeline_holes",
        "y",
        "holes holes_many",
        make_pipeline(SimpleImputer(), scaled(linear_model.LogisticRegression())),
        make_pipeline(
            StandardScaler(), SimpleImputer(), tree.DecisionTreeClassifier(random_state=0)
        ),
        make_pipeline(
            SimpleImputer(add_indicator=True), ensemble.ExtraTreesClassifier(5, random_state=0)
        ),
    ),
    *spread(
        "pipeline_donors",
        "y",
        "holes kinds_holes",
        make_pipeline(KNNImputer(n_neighbors=3), scaled(linear_model.LogisticRegression())),
        make_pipeline(StandardScaler(), KNNImputer(weights="distance"), svm.LinearSVC()),
    ),
    *spread(
        "pipeline_numbers",
        "t",
        "diabetes far rare one",
        scaled(linear_model.Ridge()),
        scaled(svm.SVR(C=5.0)),
        make_pipeline(PolynomialFeatures(2), StandardScaler(), linear_model.Ridge()),
        make_pipeline(MinMaxScaler(), tree.DecisionTreeRegressor(max_depth=5, random_state=0)),
    ),
    *spread(
        "tree_behind_pca",
        "y",
        "iris far wine",
        make_pipeline(PCA(2), tree.DecisionTreeClassifier(max_depth=3, random_state=0)),
        make_pipeline(PCA(3), ensemble.RandomForestClassifier(4, max_depth=3, random_state=0)),
    ),
    *spread(
        "cluster_behind",
        "y",
        "digits far iris",
        make_pipeline(PCA(8), cluster.KMeans(6, n_init=1, random_state=0)),
        scaled(cluster.KMeans(4, n_init=1, random_state=0)),
        make_pipeline(Normalizer(), cluster.MiniBatchKMeans(3, n_init=1, random_state=0)),
    ),
    *spread(
        "union",
        "y",
        "iris one cancer",
        make_union(StandardScaler(), PCA(1)),
        make_union(PolynomialFeatures(2), "passthrough"),
        make_pipeline(make_union(MinMaxScaler(), select.SelectKBest(k=3)), scaled(PLAIN)),
    ),
    *spread(
        "columns",
        "y",
        "iris rare iris_frame cancer",
        columns(StandardScaler(), MinMaxScaler(), remainder="passthrough"),
        columns(PolynomialFeatures(2), "passthrough"),
        make_pipeline(columns(StandardScaler(), "drop", remainder="passthrough"), PLAIN),
        make_pipeline(
            columns(StandardScaler(), RobustScaler(), remainder="passthrough"),
            tree.DecisionTreeClassifier(max_depth=4, random_state=0),
        ),
    ),
    *spread(
        "function",
        "y",
        "one iris far",
        FunctionTransformer(),
        scaled(FunctionTransformer()),
        make_pipeline(FunctionTransformer(), tree.DecisionTreeClassifier(random_state=0)),
    ),
)

CATEGORIES = [0, 1, 2]


def beside(encoder: Any, *more: Any) -> Any:
    """An encoder of three columns of categories beside a scaler of two of numbers."""
    both = ColumnTransformer(
        [("kinds", encoder, CATEGORIES), ("numbers", StandardScaler(), [3, 4])]
    )
    return make_pipeline(both, *more)


def only(encoder: Any) -> Any:
    """The columns of categories alone."""
    return ColumnTransformer([("kinds", encoder, CATEGORIES)])


bins = partial(KBinsDiscretizer, quantile_method="averaged_inverted_cdf")

ENCODERS = (
    *spread("binarizer", "y", "iris one far", Binarizer(), Binarizer(threshold=1.4)),
    *spread(
        "bins",
        "y",
        "iris one far",
        bins(4),
        bins(3, encode="ordinal", strategy="uniform"),
        bins(3, encode="onehot-dense", strategy="kmeans"),
    ),
    *spread(
        "one_hot",
        "y",
        "kinds kinds_holes kinds",
        only(OneHotEncoder()),
        only(OneHotEncoder(drop="first", handle_unknown="ignore")),
        only(OneHotEncoder(min_frequency=20, handle_unknown="infrequent_if_exist")),
    ),
    *spread(
        "ordinal",
        "y",
        "kinds kinds_holes kinds",
        only(OrdinalEncoder()),
        only(OrdinalEncoder(encoded_missing_value=-2)),
        only(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)),
    ),
    *spread("target", "y", "kinds kinds_holes", only(TargetEncoder())),
    *spread("target_numbers", "t", "kinds_holes", only(TargetEncoder(smooth=3.0))),
    *spread(
        "encoded",
        "y",
        "kinds",
        beside(OneHotEncoder(), PLAIN),
        beside(OneHotEncoder(), ensemble.RandomForestClassifier(5, max_depth=4, random_state=0)),
        beside(TargetEncoder(), tree.DecisionTreeClassifier(max_depth=4, random_state=0)),
    ),
    *spread(
        "indicator", "y", "holes holes_many", MissingIndicator(), MissingIndicator(features="all")
    ),
    *spread("function_root", "y", "wine digits", FunctionTransformer(np.sqrt)),
    *spread("function_square", "y", "one", FunctionTransformer(np.square)),
    *spread("function_size", "y", "far", FunctionTransformer(np.abs)),
    *spread(
        "tfidf",
        "y",
        "coded digits",
        TfidfTransformer(sublinear_tf=True, norm="l1"),
        TfidfTransformer(),
        make_pipeline(
            TfidfTransformer(sublinear_tf=True, use_idf=False),
            linear_model.LogisticRegression(max_iter=300),
        ),
        TfidfTransformer(norm=None),
    ),
    *spread("agglomeration", "y", "iris wine far", cluster.FeatureAgglomeration(2)),
)

GRID = {"C": [0.1, 1.0]}

SEARCHES = tuple(
    case
    for name, search in (
        ("grid", partial(GridSearchCV, cv=2)),
        ("random", partial(RandomizedSearchCV, cv=2, n_iter=2, random_state=0)),
        ("halving", partial(HalvingGridSearchCV, cv=2, random_state=0)),
        ("halving_random", partial(HalvingRandomSearchCV, cv=2, random_state=0)),
    )
    for case in spread(
        f"search_{name}",
        "y",
        "iris far one",
        search(PLAIN, GRID),
        search(svm.SVC(), GRID),
        search(scaled(PLAIN), {"logisticregression__C": [0.1, 1.0]}),
    )
)

SMALL_TREE = tree.DecisionTreeClassifier(max_depth=3, random_state=0)
SMALL_NUMBERS = tree.DecisionTreeRegressor(max_depth=3, random_state=0)
CLASSIFIERS = [("a", scaled(PLAIN)), ("b", SMALL_TREE), ("c", naive_bayes.GaussianNB())]
REGRESSORS = [("a", linear_model.Ridge()), ("b", SMALL_NUMBERS), ("c", linear_model.Lasso())]


def frozen(estimator: Any, where: str) -> Any:
    """An estimator that was fitted before, inside one that leaves it alone."""
    known = data(where)
    return FrozenEstimator(clone(estimator).fit(known.X, known.y))


def calibrated_frozen(where: str, method: str) -> Any:
    """A calibration of an estimator that was fitted before."""
    return CalibratedClassifierCV(frozen(scaled(svm.SVC()), where), method=method)


ENSEMBLES = (
    *spread(
        "voting",
        "y",
        "iris wine cancer rare",
        ensemble.VotingClassifier(CLASSIFIERS, voting="soft"),
        ensemble.VotingClassifier(CLASSIFIERS, voting="hard"),
        ensemble.VotingClassifier(CLASSIFIERS, voting="hard", weights=[0.1, 0.2, 0.3]),
        ensemble.VotingClassifier(
            [*CLASSIFIERS, ("d", "drop")],
            voting="soft",
            weights=[1, 2, 1.5, 1],
        ),
        ensemble.VotingClassifier(
            [("a", SMALL_TREE), ("b", tree.DecisionTreeClassifier(random_state=1))], voting="soft"
        ),
    ),
    *spread(
        "voting_regressor",
        "t",
        "diabetes one rare",
        ensemble.VotingRegressor(REGRESSORS),
        ensemble.VotingRegressor(REGRESSORS, weights=[1, 2, 3]),
        ensemble.VotingRegressor([("a", "drop"), ("b", SMALL_NUMBERS)]),
    ),
    *spread(
        "stacking",
        "y",
        "iris cancer one_many",
        ensemble.StackingClassifier(CLASSIFIERS, cv=2),
        ensemble.StackingClassifier(CLASSIFIERS[:2], scaled(svm.SVC()), cv=2, passthrough=True),
        ensemble.StackingClassifier(CLASSIFIERS, FOREST, cv=2, stack_method="predict"),
    ),
    *spread(
        "stacking_regressor",
        "t",
        "diabetes one rare",
        ensemble.StackingRegressor(REGRESSORS, cv=2),
        ensemble.StackingRegressor(REGRESSORS[:2], linear_model.Ridge(), cv=2, passthrough=True),
        ensemble.StackingRegressor([("a", SMALL_NUMBERS)], linear_model.Ridge(), cv=2),
    ),
    *spread(
        "bagging",
        "y",
        "iris cancer holes rare",
        ensemble.BaggingClassifier(n_estimators=5, random_state=0),
        ensemble.BaggingClassifier(SMALL_TREE, 4, max_features=0.5, random_state=0),
        ensemble.BaggingClassifier(SMALL_TREE, 3, max_samples=3, random_state=1),
        ensemble.BaggingClassifier(scaled(svm.SVC()), 3, max_features=0.7, random_state=0),
        ensemble.BaggingClassifier(scaled(PLAIN), 3, random_state=0),
    ),
    *spread(
        "bagging_regressor",
        "t",
        "diabetes holes one",
        ensemble.BaggingRegressor(SMALL_NUMBERS, 4, max_features=0.5, random_state=0),
        ensemble.BaggingRegressor(n_estimators=3, random_state=0),
        ensemble.BaggingRegressor(linear_model.Ridge(), 3, random_state=0),
    ),
    *spread(
        "ada_boost",
        "y",
        "cancer iris one_many",
        ensemble.AdaBoostClassifier(n_estimators=9, random_state=0),
        ensemble.AdaBoostClassifier(SMALL_TREE, n_estimators=5, random_state=0),
        ensemble.AdaBoostClassifier(PLAIN, n_estimators=4, random_state=0),
    ),
    *spread(
        "ada_boost_regressor",
        "t",
        "diabetes one rare",
        ensemble.AdaBoostRegressor(n_estimators=7, random_state=0),
        ensemble.AdaBoostRegressor(linear_model.Ridge(), n_estimators=4, random_state=0),
        ensemble.AdaBoostRegressor(SMALL_NUMBERS, n_estimators=5, loss="square", random_state=0),
    ),
)

CALIBRATED = (
    *spread(
        "calibrated",
        "y",
        "one iris cancer rare",
        CalibratedClassifierCV(svm.LinearSVC(random_state=0), cv=2),
        CalibratedClassifierCV(scaled(PLAIN), method="isotonic", cv=2),
        CalibratedClassifierCV(scaled(PLAIN), method="temperature", cv=2),
        CalibratedClassifierCV(naive_bayes.GaussianNB(), cv=2, ensemble=False),
        CalibratedClassifierCV(scaled(svm.SVC()), method="isotonic", cv=2, ensemble=False),
        CalibratedClassifierCV(FOREST, cv=2),
    ),
    *spread(
        "isotonic",
        "t",
        "one one_many",
        IsotonicRegression(),
        IsotonicRegression(out_of_bounds="clip", increasing=False),
        IsotonicRegression(y_min=0.0, increasing="auto", out_of_bounds="clip"),
    ),
    *spread(
        "isotonic_many",
        "y",
        "one",
        IsotonicRegression(out_of_bounds="clip"),
    ),
)

MANY_CLASSES = (
    *spread(
        "one_vs_rest",
        "y",
        "iris rare wine",
        OneVsRestClassifier(scaled(PLAIN)),
        OneVsRestClassifier(svm.LinearSVC(random_state=0)),
        OneVsRestClassifier(SMALL_TREE),
        OneVsRestClassifier(naive_bayes.GaussianNB()),
        OneVsRestClassifier(linear_model.Ridge()),
    ),
    *spread(
        "one_vs_one",
        "y",
        "iris one_many one",
        OneVsOneClassifier(scaled(PLAIN)),
        OneVsOneClassifier(naive_bayes.GaussianNB()),
        OneVsOneClassifier(svm.LinearSVC(random_state=0)),
        OneVsOneClassifier(scaled(svm.SVC())),
    ),
    *spread(
        "output_code",
        "y",
        "iris one_many digits",
        OutputCodeClassifier(scaled(PLAIN), random_state=0),
        OutputCodeClassifier(naive_bayes.GaussianNB(), code_size=2, random_state=0),
        OutputCodeClassifier(svm.LinearSVC(random_state=0), code_size=1, random_state=0),
    ),
    *spread(
        "one_vs_rest_labels",
        "indicators",
        "iris wine",
        OneVsRestClassifier(scaled(PLAIN)),
        OneVsRestClassifier(naive_bayes.GaussianNB()),
    ),
)

MANY_OUTPUTS = (
    *spread(
        "multi_output",
        "two_labels",
        "iris wine cancer",
        MultiOutputClassifier(scaled(PLAIN)),
        MultiOutputClassifier(SMALL_TREE),
        MultiOutputClassifier(scaled(svm.SVC())),
    ),
    *spread(
        "multi_output_regressor",
        "two_numbers",
        "iris one rare",
        MultiOutputRegressor(linear_model.Ridge()),
        MultiOutputRegressor(SMALL_NUMBERS),
        MultiOutputRegressor(scaled(svm.SVR())),
    ),
    *spread(
        "classifier_chain",
        "indicators",
        "iris wine one_many",
        ClassifierChain(scaled(PLAIN), order=[2, 0, 1]),
        ClassifierChain(SMALL_TREE, order=[1, 0, 2]),
        ClassifierChain(scaled(PLAIN), chain_method="decision_function"),
        ClassifierChain(scaled(PLAIN), chain_method="predict_proba", cv=2),
    ),
    *spread(
        "regressor_chain",
        "two_numbers",
        "iris one rare",
        RegressorChain(linear_model.Ridge(), order=[1, 0]),
        RegressorChain(linear_model.Lasso(), cv=2),
        RegressorChain(scaled(linear_model.Ridge())),
    ),
)

WRAPPED = (
    *spread(
        "target",
        "positive",
        "rare one diabetes",
        TransformedTargetRegressor(linear_model.Ridge(), func=np.log, inverse_func=np.exp),
        TransformedTargetRegressor(linear_model.Ridge(), func=np.log1p, inverse_func=np.expm1),
        TransformedTargetRegressor(linear_model.Ridge(), func=np.sqrt, inverse_func=np.square),
        TransformedTargetRegressor(SMALL_NUMBERS, transformer=StandardScaler()),
        TransformedTargetRegressor(SMALL_NUMBERS, transformer=MinMaxScaler((-1, 2))),
        TransformedTargetRegressor(SMALL_NUMBERS, transformer=scaled(RobustScaler())),
        TransformedTargetRegressor(
            SMALL_NUMBERS, transformer=QuantileTransformer(n_quantiles=20, random_state=0)
        ),
    ),
    *spread(
        "ransac",
        "t",
        "one rare iris",
        linear_model.RANSACRegressor(random_state=0),
        linear_model.RANSACRegressor(SMALL_NUMBERS, min_samples=40, random_state=0),
        linear_model.RANSACRegressor(linear_model.Ridge(), min_samples=0.5, random_state=0),
    ),
    *spread(
        "self_training",
        "half_labelled",
        "iris wine rare",
        SelfTrainingClassifier(scaled(PLAIN)),
        SelfTrainingClassifier(SMALL_TREE),
        SelfTrainingClassifier(naive_bayes.GaussianNB(), criterion="k_best"),
    ),
    *spread(
        "dummy",
        "y",
        "iris rare one",
        DummyClassifier(),
        DummyClassifier(strategy="most_frequent"),
        make_pipeline(StandardScaler(), DummyClassifier()),
    ),
    Case("dummy_constant", partial(DummyClassifier, strategy="constant", constant="yes"), "rare"),
    Case("dummy_two", DummyClassifier, "wine", "two_labels"),
    *spread(
        "dummy_regressor",
        "t",
        "iris rare one",
        DummyRegressor(),
        DummyRegressor(strategy="median"),
        DummyRegressor(strategy="quantile", quantile=0.9),
    ),
    Case("dummy_regressor_two", DummyRegressor, "iris", "two_numbers"),
    *(
        Case(f"frozen{i}_{where}", partial(frozen, estimator, where), where)
        for i, (estimator, where) in enumerate(
            [(scaled(PLAIN), "iris"), (SMALL_TREE, "wine"), (StandardScaler(), "far")]
        )
    ),
    *(
        Case(f"calibrated_frozen_{where}", partial(calibrated_frozen, where, method), where)
        for where, method in (("iris", "sigmoid"), ("rare", "isotonic"))
    ),
)

PASSIVE = {"random_state": 0, "max_iter": 20}

LINEAR_FAMILY = (
    *spread(
        "linear_more",
        "t",
        "diabetes one rare",
        linear_model.Lars(),
        linear_model.LarsCV(cv=2),
        linear_model.LassoLars(alpha=0.1),
        linear_model.LassoLarsCV(cv=2),
        linear_model.LassoLarsIC(),
        linear_model.OrthogonalMatchingPursuit(),
        linear_model.OrthogonalMatchingPursuitCV(cv=2),
        linear_model.HuberRegressor(),
        linear_model.TheilSenRegressor(random_state=0, max_subpopulation=50),
        linear_model.QuantileRegressor(alpha=0.01),
        linear_model.PassiveAggressiveRegressor(**PASSIVE),
    ),
    *spread(
        "multi_task",
        "two_numbers",
        "one far wine",
        linear_model.MultiTaskLasso(),
        linear_model.MultiTaskLassoCV(cv=2, alphas=3),
        linear_model.MultiTaskElasticNet(),
        linear_model.MultiTaskElasticNetCV(cv=2, alphas=3),
    ),
    *spread(
        "passive_aggressive",
        "y",
        "iris one wide",
        linear_model.PassiveAggressiveClassifier(**PASSIVE),
    ),
    *spread(
        "generalized",
        "amount",
        "diabetes one rare",
        scaled(linear_model.PoissonRegressor()),
        scaled(linear_model.GammaRegressor(alpha=0.1)),
        scaled(linear_model.TweedieRegressor(power=1.5)),
        linear_model.TweedieRegressor(link="identity"),
    ),
    *spread(
        "bayesian",
        "t",
        "diabetes one far",
        linear_model.BayesianRidge(),
        linear_model.ARDRegression(),
        linear_model.BayesianRidge(fit_intercept=False),
    ),
    *spread("linear_one_class", "y", "one iris far", linear_model.SGDOneClassSVM(random_state=0)),
    *spread(
        "lda",
        "y",
        "iris one wine digits",
        discriminant.LinearDiscriminantAnalysis(),
        discriminant.LinearDiscriminantAnalysis(n_components=1),
        discriminant.LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.1),
    ),
    *spread(
        "qda",
        "y",
        "rare one far",
        discriminant.QuadraticDiscriminantAnalysis(),
        discriminant.QuadraticDiscriminantAnalysis(reg_param=0.1),
        discriminant.QuadraticDiscriminantAnalysis(priors=[0.2, 0.3, 0.5]),
    ),
    *spread(
        "least_squares",
        "two_numbers",
        "diabetes far wine",
        cross_decomposition.PLSRegression(2),
        cross_decomposition.PLSCanonical(2),
        cross_decomposition.CCA(1),
        cross_decomposition.PLSSVD(2),
    ),
    *spread(
        "covariance",
        "y",
        "iris one far",
        covariance.EmpiricalCovariance(),
        covariance.ShrunkCovariance(),
        covariance.LedoitWolf(),
        covariance.OAS(),
        covariance.MinCovDet(random_state=0),
        covariance.EmpiricalCovariance(assume_centered=True),
    ),
    Case("covariance_lasso", partial(covariance.GraphicalLasso, alpha=0.1), "iris"),
    Case("covariance_lasso_cv", partial(covariance.GraphicalLassoCV, cv=2), "iris"),
    *spread(
        "mixture",
        "y",
        "rare one iris iris",
        *(
            mixture.GaussianMixture(3, covariance_type=kind, random_state=0)
            for kind in ("full", "tied", "diag", "spherical")
        ),
    ),
    *spread(
        "bayesian_mixture",
        "y",
        "rare one iris",
        mixture.BayesianGaussianMixture(n_components=3, random_state=0),
        mixture.BayesianGaussianMixture(
            n_components=3,
            covariance_type="diag",
            weight_concentration_prior_type="dirichlet_distribution",
            random_state=0,
        ),
        mixture.BayesianGaussianMixture(
            n_components=2, covariance_type="spherical", random_state=0
        ),
    ),
    *spread(
        "counts_nb",
        "y",
        "iris wine cancer",
        naive_bayes.MultinomialNB(),
        naive_bayes.ComplementNB(),
        naive_bayes.ComplementNB(norm=True),
        naive_bayes.MultinomialNB(fit_prior=False),
    ),
    *spread(
        "categorical_nb",
        "y",
        "coded coded_few coded_two",
        naive_bayes.CategoricalNB(),
        naive_bayes.CategoricalNB(alpha=0.1, fit_prior=False),
    ),
    *spread(
        "bernoulli_nb",
        "y",
        "iris one_many rare",
        naive_bayes.BernoulliNB(binarize=2.25),
        naive_bayes.BernoulliNB(binarize=0.1),
        naive_bayes.BernoulliNB(fit_prior=False),
    ),
    *spread(
        "unmixing",
        "y",
        "iris far wine",
        decomposition.FastICA(2, random_state=0),
        decomposition.FactorAnalysis(2),
        decomposition.SparsePCA(2, max_iter=10, random_state=0),
        decomposition.MiniBatchSparsePCA(2, max_iter=10, random_state=0),
    ),
    Case("unmixing_raw", partial(decomposition.FastICA, whiten=False, random_state=0), "iris"),
    *spread(
        "random_projection",
        "y",
        "wine digits far",
        random_projection.GaussianRandomProjection(3, random_state=0),
        random_projection.SparseRandomProjection(4, random_state=0),
    ),
    Case("neighbourhood", partial(NCA, 2, max_iter=5, random_state=0), "iris"),
    Case("boltzmann", partial(neural_network.BernoulliRBM, 3, n_iter=2, random_state=0), "iris"),
    *spread(
        "kernel_ridge",
        "t",
        "iris one rare",
        KernelRidge(),
        KernelRidge(kernel="rbf", gamma=0.2),
        KernelRidge(kernel="sigmoid", gamma=0.01),
        KernelRidge(kernel="cosine"),
    ),
    *spread(
        "kernel_pca",
        "y",
        "iris one rare",
        decomposition.KernelPCA(2, kernel="rbf"),
        decomposition.KernelPCA(2),
        decomposition.KernelPCA(2, kernel="cosine"),
    ),
    *spread(
        "nystroem",
        "y",
        "iris one rare",
        Nystroem(n_components=8, random_state=0),
        Nystroem(n_components=5, gamma=0.5, random_state=0),
    ),
    *spread("envelope", "y", "iris one rare", covariance.EllipticEnvelope(random_state=0)),
)


def process(kernel: Any, **options: Any) -> Any:
    """A Gaussian process whose kernel is taken as it is."""
    return GaussianProcessRegressor(kernel, optimizer=None, **options)


def process_of_classes(kernel: Any, **options: Any) -> Any:
    """A Gaussian process of classes whose kernel is taken as it is."""
    return GaussianProcessClassifier(kernel, optimizer=None, **options)


NEAR = (
    *spread(
        "nearest_centroid",
        "y",
        "iris wine rare one_many",
        neighbors.NearestCentroid(),
        neighbors.NearestCentroid(metric="manhattan", shrink_threshold=0.2),
        neighbors.NearestCentroid(priors="empirical"),
        neighbors.NearestCentroid(shrink_threshold=0.3, priors="empirical"),
    ),
    *spread(
        "knn",
        "y",
        "iris wine rare far",
        neighbors.KNeighborsClassifier(4),
        neighbors.KNeighborsClassifier(3, weights="distance", metric="manhattan"),
        neighbors.KNeighborsClassifier(7, metric="chebyshev", algorithm="brute"),
        scaled(neighbors.KNeighborsClassifier(1)),
    ),
    *spread(
        "knn_two",
        "two_labels",
        "rare one wine",
        neighbors.KNeighborsClassifier(4, weights="distance"),
        neighbors.KNeighborsClassifier(2),
    ),
    *spread(
        "knn_regressor",
        "t",
        "diabetes one rare",
        neighbors.KNeighborsRegressor(4, weights="distance"),
        neighbors.KNeighborsRegressor(3, p=1),
        neighbors.KNeighborsRegressor(6),
    ),
    *spread("knn_regressor_two", "two_numbers", "one rare", neighbors.KNeighborsRegressor(5)),
    *spread(
        "radius",
        "y",
        "iris wine far",
        neighbors.RadiusNeighborsClassifier(0.5, outlier_label="virginica"),
        neighbors.RadiusNeighborsClassifier(
            60.0, metric="manhattan", outlier_label="most_frequent"
        ),
        neighbors.RadiusNeighborsClassifier(3.0, weights="distance", outlier_label=4),
    ),
    *spread(
        "radius_two",
        "two_labels",
        "one",
        neighbors.RadiusNeighborsClassifier(0.4, weights="distance", outlier_label=[5, 1]),
    ),
    *spread(
        "radius_regressor",
        "t",
        "one rare diabetes",
        neighbors.RadiusNeighborsRegressor(0.1),
        neighbors.RadiusNeighborsRegressor(2.0, weights="distance"),
        neighbors.RadiusNeighborsRegressor(0.1, weights="distance", metric="chebyshev"),
    ),
    *spread(
        "locally_linear",
        "y",
        "rare wine diabetes",
        manifold.LocallyLinearEmbedding(n_neighbors=6, eigen_solver="dense"),
        manifold.LocallyLinearEmbedding(
            n_neighbors=8, n_components=3, reg=0.01, method="modified", eigen_solver="dense"
        ),
        manifold.LocallyLinearEmbedding(n_neighbors=1, reg=1.0, eigen_solver="dense"),
    ),
    *spread(
        "isomap",
        "y",
        "rare wine far",
        manifold.Isomap(n_neighbors=6),
        manifold.Isomap(n_neighbors=4, n_components=3, metric="manhattan"),
        manifold.Isomap(n_neighbors=None, radius=4000.0),
    ),
    *spread(
        "nearest_neighbors",
        "y",
        "one rare far",
        neighbors.NearestNeighbors(),
        neighbors.NearestNeighbors(n_neighbors=3, metric="manhattan"),
        neighbors.NearestNeighbors(n_neighbors=1, metric="chebyshev"),
    ),
    *spread(
        "local_outlier",
        "y",
        "one rare diabetes",
        neighbors.LocalOutlierFactor(8, novelty=True),
        neighbors.LocalOutlierFactor(20, novelty=True, metric="manhattan"),
        neighbors.LocalOutlierFactor(5, novelty=True, contamination=0.2),
    ),
    *spread(
        "label_spreading",
        "y",
        "one wine far",
        semi_supervised.LabelSpreading(gamma=2.0),
        semi_supervised.LabelSpreading("knn", n_neighbors=4),
        semi_supervised.LabelSpreading(gamma=1e-3, alpha=0.5),
    ),
    *spread(
        "label_propagation",
        "y",
        "wine float_labels huge_labels",
        semi_supervised.LabelPropagation("knn", n_neighbors=4),
        semi_supervised.LabelPropagation(gamma=0.1),
        semi_supervised.LabelPropagation("knn", n_neighbors=2),
    ),
    *spread(
        "mean_shift",
        "y",
        "iris one rare",
        cluster.MeanShift(),
        cluster.MeanShift(bandwidth=0.5),
        cluster.MeanShift(cluster_all=False),
    ),
    *spread(
        "affinity",
        "y",
        "iris one rare",
        cluster.AffinityPropagation(random_state=0),
        cluster.AffinityPropagation(max_iter=1, random_state=0),
        cluster.AffinityPropagation(damping=0.8, random_state=0),
    ),
    *spread(
        "birch",
        "y",
        "iris one far",
        cluster.Birch(threshold=0.5),
        cluster.Birch(n_clusters=None, threshold=0.3),
        cluster.Birch(n_clusters=2, threshold=2.0),
    ),
    *spread(
        "gaussian_process",
        "t",
        "short_one short_rare short_iris far",
        process(1.5 * kernels.RBF(2.0) + kernels.WhiteKernel(0.1), normalize_y=True),
        process(kernels.Matern([1.0, 2.0, 3.0], nu=1.5) * 2.0, alpha=0.1),
        process(kernels.Matern(2.0, nu=2.5) + kernels.RationalQuadratic() * 0.5, alpha=1.0),
        process(kernels.Matern(3.0, nu=0.5) + kernels.DotProduct(1.0) * 0.1, alpha=0.5),
    ),
    *spread(
        "gp_classes",
        "y",
        "short_one short_rare short_iris short_float_labels",
        process_of_classes(2.0 * kernels.RBF(2.0) + kernels.WhiteKernel(0.1)),
        process_of_classes(kernels.Matern([1.0, 2.0, 3.0], nu=1.5) * 3.0),
        process_of_classes(1.5 * kernels.RBF(1.0)),
        process_of_classes(kernels.DotProduct(1.0) * 0.01),
    ),
    *spread(
        "gp_pairs",
        "y",
        "short_iris",
        process_of_classes(kernels.RBF(2.0), multi_class="one_vs_one"),
    ),
    *spread(
        "process_of_two",
        "two_numbers",
        "short_one short_rare",
        process(2.0 * kernels.RBF(3.0), alpha=0.3, normalize_y=True),
    ),
    *spread(
        "density",
        "y",
        "one rare iris",
        neighbors.KernelDensity(bandwidth=0.5),
        neighbors.KernelDensity(bandwidth=2.0, kernel="exponential"),
        neighbors.KernelDensity(bandwidth="scott"),
    ),
    *spread(
        "bisecting",
        "y",
        "iris one rare",
        cluster.BisectingKMeans(5, random_state=0),
        cluster.BisectingKMeans(1, random_state=0),
        cluster.BisectingKMeans(7, bisecting_strategy="largest_cluster", random_state=0),
    ),
)

CASES: tuple[Case, ...] = (
    *LINEAR_CLASSIFIERS,
    *LINEAR_REGRESSORS,
    *SUPPORT_VECTORS,
    *TREES,
    *BAYES,
    *NETWORKS,
    *BOOSTING,
    *CLUSTERS,
    *DECOMPOSITIONS,
    *RANDOM_FEATURES,
    *CODES,
    *TRAINED,
    *SCALERS,
    *SELECTORS,
    *COMPOSITES,
    *ENCODERS,
    *SEARCHES,
    *ENSEMBLES,
    *CALIBRATED,
    *MANY_CLASSES,
    *MANY_OUTPUTS,
    *WRAPPED,
    *LINEAR_FAMILY,
    *NEAR,
)
BY_ID = {case.id: case for case in CASES}


@cache
def fitted(case: Case) -> Any:
    """The estimator, fitted once."""
    known = case.known
    X = DataFrame(known.X, columns=list(known.names)) if known.names else known.X
    with catch_warnings():
        simplefilter("ignore")
        return case.make().fit(X, getattr(known, case.target))


def exported(case: Case, dtype: str = "float32", layout: str = "split") -> Artifact:
    """The case's C, once for each number format and layout."""
    return as_split(case, dtype) if layout == "split" else as_header(case, dtype)


@cache
def as_split(case: Case, dtype: str) -> Artifact:
    """The case's C as a header and a file."""
    return export(fitted(case), "host", name=case.id, dtype=dtype)


@cache
def as_header(case: Case, dtype: str) -> Artifact:
    """The same as one header, which is only written in another way."""
    made = as_split(case, dtype)
    facts = facts_of(made.model, made.sha256, dtype)
    return replace(made, files=emit(made.program, layout="header", facts=facts))
