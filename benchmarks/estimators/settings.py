"""Two settings of every estimator, and two data sets for each kind of task."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

TRAIN = 2 / 3


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Rows to fit on with what is to be learned, and rows that the model never sees."""

    name: str
    X: Any
    y: Any
    rows: Any


def single(X: Any) -> NDArray[np.float64]:
    """Values that a float32 holds, as float64."""
    return np.asarray(X).astype(np.float32).astype(np.float64)


def split(name: str, X: Any, y: Any, limit: int = 240) -> Task:
    """A shuffled part to fit on, the rest to compare on."""
    order = np.random.default_rng(1).permutation(len(X))[:limit]
    cut = int(len(order) * TRAIN)
    train, test = order[:cut], order[cut:]
    return Task(name, X[train], None if y is None else y[train], X[test])


def with_holes(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows with some values missing."""
    rng = np.random.default_rng(2)
    return np.where(rng.random(X.shape) < 0.1, np.nan, X)


@cache
def tasks() -> dict[str, tuple[Task, Task]]:
    """Two data sets for each kind of task."""
    iris, wine = (d(return_X_y=True) for d in (datasets.load_iris, datasets.load_wine))
    cancer = datasets.load_breast_cancer(return_X_y=True)
    sugar = datasets.load_diabetes(return_X_y=True)
    digits = datasets.load_digits(return_X_y=True)
    waves = datasets.make_friedman1(300, 6, random_state=0)
    X, C, S, W = single(iris[0]), single(cancer[0][:, :8]), single(sugar[0]), single(wine[0])
    scaled = single(StandardScaler().fit_transform(W))
    many = np.column_stack([sugar[1], sugar[1] ** 2 / 100])
    labels = np.column_stack([iris[1], iris[1] % 2])
    pair = (split("iris", X, iris[1]), split("cancer", C, cancer[1]))
    two = (split("wine of two", scaled[wine[1] < 2], wine[1][wine[1] < 2]), pair[1])
    number = (split("diabetes", S, sugar[1]), split("friedman", single(waves[0]), waves[1]))
    counts = single(digits[0][:, 2:22])
    codes = np.floor(single(digits[0][:, 10:14]) / 4)
    return {
        "classes": (pair[0], split("wine", scaled, wine[1])),
        "two classes": two,
        "many labels": (split("iris", X, labels), split("iris turned", X[:, ::-1], labels)),
        "numbers": number,
        "positive numbers": (
            split("diabetes", S, sugar[1]),
            split("friedman", single(waves[0]), np.abs(waves[1]) + 1),
        ),
        "many numbers": (split("diabetes", S, many), split("diabetes of 5", S[:, :5], many)),
        "one column": (
            split("one of diabetes", S[:, 2:3], sugar[1]),
            split("one of friedman", single(waves[0])[:, 3:4], waves[1]),
        ),
        "counts": (
            split("digits", counts, digits[1]),
            split("digits of 10", counts[:, :10], digits[1]),
        ),
        "codes": (split("codes", codes, digits[1]), split("codes of 2", codes[:, :2], digits[1])),
        "holes": (
            split("iris with holes", with_holes(X), iris[1]),
            split("wine with holes", with_holes(scaled), wine[1]),
        ),
        "clouds": (split("iris", X, None), split("wine", scaled, None)),
        "nothing": pair,
        "texts": (
            Task("words", TEXTS, None, TEXTS[::-1]),
            Task("few words", TEXTS[:3], None, TEXTS),
        ),
        "dictionaries": (
            Task("counts of words", COUNTS, None, COUNTS[::-1]),
            Task("few counts", COUNTS[:2], None, COUNTS),
        ),
    }


TEXTS = [
    "a pump that hums",
    "a pump that rattles",
    "Bearings, worn",
    "no pump; no bearings",
    "hums",
]
COUNTS = [{word: float(text.count(word)) for word in text.split()} for text in TEXTS]

FOREST = {"n_estimators": 7, "max_depth": 5, "random_state": 0}
SEED = {"random_state": 0}
TREE, RIDGE = DecisionTreeClassifier(max_depth=3, random_state=0), Ridge()
LOGISTIC = LogisticRegression(max_iter=500)
STEPS = [("scale", StandardScaler()), ("model", LogisticRegression())]
NAMED = [("nb", GaussianNB()), ("tree", TREE)]
NUMBERS = [("ridge", RIDGE), ("tree", DecisionTreeRegressor(max_depth=3, random_state=0))]

Options = tuple[dict[str, Any], dict[str, Any]]


def plain(**second: Any) -> Options:
    """The defaults, and one other setting."""
    return {}, second


def seeded(**second: Any) -> Options:
    """The same of an estimator that draws numbers."""
    return SEED, SEED | second


LINEAR = plain(fit_intercept=False)
CV = {"cv": 2}, {"cv": 2, "fit_intercept": False}
TABLE: dict[str, dict[str, Options]] = {
    "classes": {
        "AdaBoostClassifier": seeded(n_estimators=5, estimator=TREE),
        "BaggingClassifier": (
            SEED | {"n_estimators": 4},
            SEED | {"estimator": GaussianNB(), "max_features": 0.5},
        ),
        "BernoulliNB": plain(binarize=0.5),
        "CalibratedClassifierCV": (
            {"estimator": GaussianNB(), "cv": 2},
            {"estimator": GaussianNB(), "method": "isotonic", "ensemble": False, "cv": 2},
        ),
        "DecisionTreeClassifier": seeded(max_depth=3, class_weight="balanced"),
        "DummyClassifier": plain(strategy="most_frequent"),
        "ExtraTreeClassifier": seeded(max_depth=4),
        "ExtraTreesClassifier": (FOREST, FOREST | {"bootstrap": True, "min_samples_leaf": 3}),
        "FrozenEstimator": ({"estimator": "fitted"}, {"estimator": "fitted"}),
        "GaussianNB": plain(var_smoothing=1e-3),
        "GaussianProcessClassifier": (
            SEED,
            SEED | {"multi_class": "one_vs_rest", "n_restarts_optimizer": 1},
        ),
        "GradientBoostingClassifier": (
            SEED | {"n_estimators": 8},
            SEED | {"n_estimators": 8, "subsample": 0.7},
        ),
        "GridSearchCV": (
            {"estimator": LOGISTIC, "param_grid": {"C": [1.0]}, "cv": 2},
            {"estimator": TREE, "param_grid": {"max_depth": [2, 3]}, "cv": 2},
        ),
        "HistGradientBoostingClassifier": (
            SEED | {"max_iter": 5},
            SEED | {"max_iter": 5, "max_leaf_nodes": 4},
        ),
        "KNeighborsClassifier": plain(n_neighbors=3, weights="distance"),
        "LabelPropagation": plain(gamma=1.0),
        "LabelSpreading": plain(gamma=1.0, alpha=0.5),
        "LinearDiscriminantAnalysis": plain(solver="eigen", shrinkage="auto"),
        "LinearSVC": plain(C=0.1),
        "LogisticRegression": plain(C=0.1, fit_intercept=False),
        "LogisticRegressionCV": ({"cv": 2, "Cs": 2}, {"cv": 2, "Cs": 2, "fit_intercept": False}),
        "MLPClassifier": (
            SEED | {"hidden_layer_sizes": (6,), "max_iter": 60},
            SEED | {"hidden_layer_sizes": (5, 4), "activation": "tanh", "max_iter": 60},
        ),
        "NearestCentroid": plain(shrink_threshold=0.2),
        "NuSVC": ({"nu": 0.2}, {"nu": 0.3, "kernel": "poly"}),
        "OneVsOneClassifier": ({"estimator": LOGISTIC}, {"estimator": TREE}),
        "OneVsRestClassifier": ({"estimator": LOGISTIC}, {"estimator": TREE}),
        "OutputCodeClassifier": (
            {"estimator": LOGISTIC, "random_state": 0},
            {"estimator": TREE, "random_state": 0, "code_size": 2.5},
        ),
        "PassiveAggressiveClassifier": seeded(C=0.1),
        "Perceptron": plain(penalty="l1"),
        "Pipeline": ({"steps": STEPS}, {"steps": [("scale", MinMaxScaler()), ("svc", SVC())]}),
        "QuadraticDiscriminantAnalysis": plain(reg_param=0.1),
        "RadiusNeighborsClassifier": (
            {"radius": 9.0},
            {"radius": 2.0, "outlier_label": "most_frequent"},
        ),
        "RandomForestClassifier": (FOREST, FOREST | {"class_weight": "balanced"}),
        "RandomizedSearchCV": (
            {"estimator": LOGISTIC, "param_distributions": {"C": [1.0]}, "cv": 2, "n_iter": 1},
            {"estimator": TREE, "param_distributions": {"max_depth": [2]}, "cv": 2, "n_iter": 1},
        ),
        "RidgeClassifier": LINEAR,
        "RidgeClassifierCV": LINEAR,
        "SGDClassifier": (SEED, SEED | {"loss": "modified_huber"}),
        "SVC": plain(kernel="poly", decision_function_shape="ovo"),
        "SelfTrainingClassifier": ({"estimator": LOGISTIC}, {"estimator": TREE}),
        "StackingClassifier": (
            {"estimators": NAMED, "cv": 2},
            {"estimators": NAMED, "final_estimator": TREE, "passthrough": True, "cv": 2},
        ),
        "VotingClassifier": (
            {"estimators": NAMED},
            {"estimators": NAMED, "voting": "soft", "weights": [1.0, 2.5]},
        ),
    },
    "two classes": {
        "FixedThresholdClassifier": (
            {"estimator": LOGISTIC, "threshold": 0.3, "response_method": "predict_proba"},
            {"estimator": LOGISTIC, "pos_label": 0},
        ),
        "TunedThresholdClassifierCV": (
            {"estimator": LOGISTIC, "cv": 2},
            {"estimator": TREE, "cv": 2, "thresholds": 5},
        ),
    },
    "many labels": {
        "ClassifierChain": (
            {"estimator": LOGISTIC},
            {"estimator": TREE, "order": "random", "random_state": 0},
        ),
        "MultiOutputClassifier": ({"estimator": LOGISTIC}, {"estimator": TREE}),
    },
    "numbers": {
        **dict.fromkeys(
            [
                "ARDRegression",
                "BayesianRidge",
                "ElasticNet",
                "HuberRegressor",
                "Lars",
                "Lasso",
                "LassoLars",
                "LassoLarsIC",
                "LinearRegression",
                "LinearSVR",
                "OrthogonalMatchingPursuit",
                "QuantileRegressor",
                "Ridge",
                "RidgeCV",
                "SGDRegressor",
                "TheilSenRegressor",
            ],
            LINEAR,
        ),
        **dict.fromkeys(["ElasticNetCV", "LassoCV", "OrthogonalMatchingPursuitCV"], CV),
        "AdaBoostRegressor": (
            SEED | {"n_estimators": 4},
            SEED | {"n_estimators": 5, "loss": "square"},
        ),
        "BaggingRegressor": (
            SEED | {"n_estimators": 4},
            SEED | {"estimator": RIDGE, "max_features": 0.5},
        ),
        "DecisionTreeRegressor": seeded(max_depth=4),
        "DummyRegressor": plain(strategy="quantile", quantile=0.3),
        "ExtraTreeRegressor": seeded(max_depth=4),
        "ExtraTreesRegressor": (FOREST, FOREST | {"bootstrap": True}),
        "GaussianProcessRegressor": ({"alpha": 0.1}, {"alpha": 0.1, "normalize_y": True}),
        "GradientBoostingRegressor": (
            SEED | {"n_estimators": 8},
            SEED | {"n_estimators": 8, "loss": "quantile", "init": RIDGE},
        ),
        "HistGradientBoostingRegressor": (
            SEED | {"max_iter": 5},
            SEED | {"max_iter": 5, "loss": "absolute_error"},
        ),
        "KNeighborsRegressor": plain(n_neighbors=3, weights="distance"),
        "KernelRidge": ({"kernel": "rbf"}, {"kernel": "poly", "degree": 2}),
        "LarsCV": ({"cv": 2}, {"cv": 2, "fit_intercept": False}),
        "LassoLarsCV": ({"cv": 2}, {"cv": 2, "fit_intercept": False}),
        "MLPRegressor": (
            SEED | {"hidden_layer_sizes": (6,), "max_iter": 60},
            SEED | {"hidden_layer_sizes": (5, 4), "activation": "tanh", "max_iter": 60},
        ),
        "NuSVR": plain(C=10.0, kernel="poly"),
        "PassiveAggressiveRegressor": seeded(C=0.1),
        "RANSACRegressor": (SEED, SEED | {"estimator": LinearRegression(fit_intercept=False)}),
        "RadiusNeighborsRegressor": ({"radius": 0.15}, {"radius": 0.1, "weights": "distance"}),
        "RandomForestRegressor": (FOREST, FOREST | {"criterion": "absolute_error"}),
        "SVR": plain(C=10.0, kernel="sigmoid"),
        "StackingRegressor": (
            {"estimators": NUMBERS, "cv": 2},
            {"estimators": NUMBERS, "passthrough": True, "cv": 2},
        ),
        "TransformedTargetRegressor": (
            {"regressor": RIDGE, "transformer": StandardScaler()},
            {"regressor": RIDGE, "func": np.log1p, "inverse_func": np.expm1},
        ),
        "VotingRegressor": (
            {"estimators": NUMBERS},
            {"estimators": NUMBERS, "weights": [1.0, 3.0]},
        ),
    },
    "positive numbers": {
        "GammaRegressor": LINEAR,
        "PoissonRegressor": LINEAR,
        "TweedieRegressor": plain(power=1.5),
    },
    "many numbers": {
        **dict.fromkeys(["MultiTaskElasticNet", "MultiTaskLasso"], LINEAR),
        **dict.fromkeys(["MultiTaskElasticNetCV", "MultiTaskLassoCV"], CV),
        **dict.fromkeys(["CCA", "PLSCanonical", "PLSRegression", "PLSSVD"], plain(n_components=1)),
        "MultiOutputRegressor": ({"estimator": RIDGE}, {"estimator": NUMBERS[1][1]}),
        "RegressorChain": ({"estimator": RIDGE}, {"estimator": RIDGE, "order": [1, 0]}),
    },
    "one column": {"IsotonicRegression": ({"out_of_bounds": "clip"}, {"increasing": False})},
    "counts": {
        "AdditiveChi2Sampler": plain(sample_steps=3),
        "ComplementNB": plain(norm=True),
        "MultinomialNB": plain(alpha=0.1, fit_prior=False),
        "LatentDirichletAllocation": (SEED | {"n_components": 3}, SEED | {"n_components": 4}),
        "MiniBatchNMF": (SEED | {"n_components": 3}, SEED | {"n_components": 4}),
        "NMF": (SEED | {"n_components": 3}, SEED | {"n_components": 4, "alpha_W": 0.01}),
        "SkewedChi2Sampler": (
            SEED | {"n_components": 5},
            SEED | {"n_components": 5, "skewedness": 3.0},
        ),
        "TfidfTransformer": plain(sublinear_tf=True, norm="l1"),
    },
    "codes": {
        "CategoricalNB": plain(alpha=0.5),
        "OneHotEncoder": plain(drop="first"),
        "OrdinalEncoder": plain(handle_unknown="use_encoded_value", unknown_value=-1),
        "TargetEncoder": (SEED, SEED | {"smooth": 5.0}),
    },
    "holes": {
        "KNNImputer": plain(n_neighbors=2),
        "MissingIndicator": plain(features="all"),
        "SimpleImputer": plain(strategy="median", add_indicator=True),
    },
    "clouds": {
        **dict.fromkeys(
            ["EmpiricalCovariance", "LedoitWolf", "OAS", "ShrunkCovariance"],
            plain(assume_centered=True),
        ),
        **dict.fromkeys(
            ["GaussianRandomProjection", "SparseRandomProjection"],
            (SEED | {"n_components": 3}, SEED | {"n_components": 5}),
        ),
        **dict.fromkeys(
            [
                "FactorAnalysis",
                "FastICA",
                "IncrementalPCA",
                "PCA",
                "SparsePCA",
                "MiniBatchSparsePCA",
                "TruncatedSVD",
            ],
            ({"n_components": 2}, {"n_components": 3}),
        ),
        "AffinityPropagation": seeded(damping=0.7),
        "AgglomerativeClustering": ({"n_clusters": 3}, {"n_clusters": 2, "linkage": "average"}),
        "BayesianGaussianMixture": (
            SEED | {"n_components": 2},
            SEED | {"n_components": 3, "covariance_type": "diag"},
        ),
        "BernoulliRBM": (SEED | {"n_components": 4}, SEED | {"n_components": 6}),
        "Binarizer": plain(threshold=0.5),
        "Birch": ({"n_clusters": 3, "threshold": 0.3}, {"n_clusters": None, "threshold": 0.8}),
        "BisectingKMeans": (SEED | {"n_clusters": 3}, SEED | {"n_clusters": 5}),
        "ClassicalMDS": plain(n_components=3),
        "ColumnTransformer": (
            {"transformers": [("a", StandardScaler(), [0, 2])], "remainder": "passthrough"},
            {"transformers": [("a", PCA(1), [0, 1]), ("b", MinMaxScaler(), [2])]},
        ),
        "DBSCAN": ({"eps": 0.5}, {"eps": 2.5, "min_samples": 3}),
        "DictionaryLearning": (
            SEED | {"n_components": 4, "max_iter": 20},
            SEED | {"n_components": 4, "max_iter": 20, "transform_algorithm": "threshold"},
        ),
        "EllipticEnvelope": seeded(contamination=0.2),
        "FeatureAgglomeration": plain(n_clusters=3),
        "FeatureUnion": (
            {"transformer_list": [("a", StandardScaler()), ("b", PCA(2))]},
            {"transformer_list": [("a", "passthrough"), ("b", PCA(1))]},
        ),
        "FunctionTransformer": plain(func=np.tanh),
        "GaussianMixture": (
            SEED | {"n_components": 2},
            SEED | {"n_components": 3, "covariance_type": "tied"},
        ),
        "GraphicalLasso": plain(alpha=0.1),
        "GraphicalLassoCV": ({"cv": 2}, {"cv": 2, "alphas": 2}),
        "HDBSCAN": (
            {"copy": True},
            {"copy": True, "min_cluster_size": 10, "store_centers": "centroid"},
        ),
        "IsolationForest": (
            SEED | {"n_estimators": 10},
            SEED | {"n_estimators": 10, "contamination": 0.1},
        ),
        "Isomap": plain(n_neighbors=8),
        "KBinsDiscretizer": (
            {"encode": "ordinal", "quantile_method": "averaged_inverted_cdf"},
            {"strategy": "uniform", "encode": "onehot-dense"},
        ),
        "KMeans": (SEED | {"n_clusters": 3, "n_init": 1}, SEED | {"n_clusters": 6, "n_init": 1}),
        "KernelDensity": plain(bandwidth=0.5),
        "KernelPCA": ({"n_components": 2, "kernel": "rbf"}, {"n_components": 2, "kernel": "poly"}),
        "LocalOutlierFactor": ({"novelty": True}, {"novelty": True, "n_neighbors": 5}),
        "LocallyLinearEmbedding": seeded(n_neighbors=8),
        "MDS": (
            SEED | {"n_init": 1, "init": "random"},
            SEED | {"n_init": 1, "init": "random", "n_components": 3},
        ),
        "MaxAbsScaler": plain(clip=True),
        "MeanShift": plain(bandwidth=2.0),
        "MinCovDet": seeded(support_fraction=0.8),
        "MinMaxScaler": plain(feature_range=(-1, 2), clip=True),
        "MiniBatchDictionaryLearning": (
            SEED | {"n_components": 4, "max_iter": 20},
            SEED | {"n_components": 4, "max_iter": 20, "transform_algorithm": "threshold"},
        ),
        "MiniBatchKMeans": (
            SEED | {"n_clusters": 3, "n_init": 1},
            SEED | {"n_clusters": 6, "n_init": 1},
        ),
        "NearestNeighbors": plain(n_neighbors=3, metric="manhattan"),
        "Normalizer": plain(norm="l1"),
        "Nystroem": (SEED | {"n_components": 8}, SEED | {"n_components": 8, "kernel": "poly"}),
        "OPTICS": (
            {"cluster_method": "dbscan", "eps": 1.0},
            {"cluster_method": "dbscan", "eps": 2.5},
        ),
        "OneClassSVM": plain(nu=0.1, kernel="sigmoid"),
        "PolynomialCountSketch": (
            SEED | {"n_components": 6},
            SEED | {"n_components": 6, "degree": 3},
        ),
        "PolynomialFeatures": plain(degree=3, interaction_only=True),
        "PowerTransformer": plain(standardize=False),
        "QuantileTransformer": (
            SEED | {"n_quantiles": 20},
            SEED | {"n_quantiles": 30, "output_distribution": "normal"},
        ),
        "RBFSampler": (SEED | {"n_components": 6}, SEED | {"n_components": 6, "gamma": 0.1}),
        "RandomTreesEmbedding": (
            SEED | {"n_estimators": 3},
            SEED | {"n_estimators": 3, "max_depth": 2},
        ),
        "RobustScaler": plain(quantile_range=(10.0, 90.0)),
        "SGDOneClassSVM": seeded(nu=0.2),
        "SparseCoder": ("dictionary", "dictionary of 3"),
        "SpectralBiclustering": (
            SEED | {"n_clusters": 2},
            SEED | {"n_clusters": 3, "method": "log"},
        ),
        "SpectralClustering": (SEED | {"n_clusters": 2}, SEED | {"n_clusters": 3}),
        "SpectralCoclustering": (SEED | {"n_clusters": 2}, SEED | {"n_clusters": 3}),
        "SpectralEmbedding": (
            SEED | {"affinity": "rbf", "gamma": 0.2},
            SEED | {"affinity": "rbf", "gamma": 0.5, "n_components": 3},
        ),
        "SplineTransformer": plain(n_knots=4, degree=2, include_bias=False),
        "StandardScaler": plain(with_std=False),
        "TSNE": (SEED, SEED | {"n_components": 3}),
        "VarianceThreshold": plain(threshold=0.3),
    },
    "selected": {
        "GenericUnivariateSelect": plain(mode="k_best", param=2),
        "NeighborhoodComponentsAnalysis": (SEED | {"n_components": 2}, SEED | {"n_components": 3}),
        "RFE": ({"estimator": LOGISTIC}, {"estimator": TREE, "n_features_to_select": 2}),
        "RFECV": ({"estimator": LOGISTIC, "cv": 2}, {"estimator": TREE, "cv": 2}),
        "SelectFdr": plain(alpha=0.01),
        "SelectFpr": plain(alpha=0.01),
        "SelectFromModel": ({"estimator": LOGISTIC}, {"estimator": TREE}),
        "SelectFwe": plain(alpha=0.01),
        "SelectKBest": ({"k": 2}, {"k": 3}),
        "SelectPercentile": ({"percentile": 50}, {"percentile": 75}),
        "SequentialFeatureSelector": (
            {"estimator": LOGISTIC, "cv": 2, "n_features_to_select": 2},
            {"estimator": TREE, "cv": 2, "direction": "backward"},
        ),
    },
    "texts": {
        "CountVectorizer": plain(binary=True, ngram_range=(1, 2)),
        "HashingVectorizer": ({"n_features": 32}, {"n_features": 16, "norm": None}),
        "TfidfVectorizer": plain(sublinear_tf=True, norm="l1"),
    },
    "dictionaries": {
        "DictVectorizer": plain(sparse=False),
        "FeatureHasher": (
            {"n_features": 16, "input_type": "string"},
            {"n_features": 8, "input_type": "string", "alternate_sign": False},
        ),
    },
    "nothing": {
        **dict.fromkeys(
            [
                "KNeighborsTransformer",
                "KernelCenterer",
                "LabelBinarizer",
                "LabelEncoder",
                "MultiLabelBinarizer",
                "PatchExtractor",
                "RadiusNeighborsTransformer",
            ],
            plain(),
        ),
    },
}
