"""Writes model files of an older scikit-learn that the tests read, and its answers beside them.

Run with Python 3.11 in an environment of its own, for 1.3, 1.5 and 1.7:

    python3.11 -m venv old && old/bin/pip install scikit-learn==1.3.2 "numpy<2"
    old/bin/python tests/data/make_sklearn.py

Each model is sklearn13/NAME.pkl or NAME.joblib (for 1.3); NAME.npz has the rows X (300, rounded to
float32, not seen in training) and the model's own predict, proba, decision and transform, as it
has them.
"""

import pickle
from pathlib import Path

import joblib
import numpy as np
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import make_blobs, make_regression
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    StackingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

VERSION = "".join(sklearn.__version__.split(".")[:2])
FOLDER = Path(__file__).parent / f"sklearn{VERSION}"
N_TRAIN, N_ROWS, N_FEATURES = 120, 300, 4
NAMES = np.array(["low", "middle", "h\u00f6her"])

METHODS = {
    "predict": "predict",
    "proba": "predict_proba",
    "decision": "decision_function",
    "transform": "transform",
}


def data():
    """Training rows, rows for the answers, labels of three classes, and a number to regress."""
    X, y = make_blobs(N_TRAIN + N_ROWS, N_FEATURES, centers=3, cluster_std=3.0, random_state=0)
    _, target = make_regression(N_TRAIN + N_ROWS, N_FEATURES, noise=5.0, random_state=1)
    X = X.astype(np.float32).astype(np.float64)
    return X[:N_TRAIN], X[N_TRAIN:], y[:N_TRAIN], target[:N_TRAIN] + X[:N_TRAIN, 0]


def columns():
    """A pipeline with a transformer per group of columns."""
    groups = [("scale", StandardScaler(), [0, 2]), ("span", MinMaxScaler(), slice(3, 4))]
    mixed = ColumnTransformer(groups, remainder="passthrough")
    return Pipeline([("columns", mixed), ("classify", LogisticRegression(C=0.5))])


def models():
    """Name, estimator, kind of target, and how it is saved."""
    sgd = SGDClassifier(loss="log_loss", random_state=0)
    forest = RandomForestClassifier(5, max_depth=4, random_state=0)
    extra = ExtraTreesRegressor(4, max_depth=4, random_state=0)
    imputed = [("impute", SimpleImputer()), ("span", MinMaxScaler()), ("ridge", Ridge())]
    return [
        ("logistic_regression", LogisticRegression(), "class", 2),
        ("linear_regression", LinearRegression(), "number", 5),
        ("ridge_classifier", RidgeClassifier(), "class", "zlib"),
        ("svc_proba", SVC(probability=True, random_state=0), "class", "gzip"),
        ("svr", SVR(C=10.0), "number", "xz"),
        ("linear_svc", LinearSVC(dual=False), "class", 2),
        ("decision_tree_text", DecisionTreeClassifier(max_depth=4, random_state=0), "text", 5),
        ("random_forest", forest, "class", "bz2"),
        ("extra_trees_regressor", extra, "number", "plain"),
        ("kmeans", KMeans(5, n_init=2, random_state=0), "none", "plain"),
        ("pca_whiten", PCA(3, whiten=True), "none", 2),
        ("scaled_sgd", Pipeline([("scale", StandardScaler()), ("sgd", sgd)]), "class", "lzma"),
        ("imputed_ridge", Pipeline(imputed), "holes", 5),
        ("one_class_svm", OneClassSVM(nu=0.2), "none", "zlib"),
        ("column_pipeline", columns(), "text", "plain"),
        *newer(),
    ]


def newer():
    """The same of the families whose attributes changed most."""
    nb, tree = GaussianNB(), DecisionTreeClassifier(max_depth=3, random_state=0)
    isotonic = CalibratedClassifierCV(tree, method="isotonic", cv=2)
    stacking = StackingClassifier([("nb", nb), ("tree", tree)], LogisticRegression(), cv=2)
    hist = HistGradientBoostingClassifier(max_iter=6, max_leaf_nodes=6)
    network = MLPClassifier((5,), max_iter=60, random_state=0)
    boosted = GradientBoostingRegressor(loss="huber", n_estimators=8, random_state=0)
    uniform = QuantileTransformer(n_quantiles=20, output_distribution="normal")
    return [
        ("calibrated", CalibratedClassifierCV(nb, cv=2), "class", 4),
        ("calibrated_isotonic", isotonic, "text", "lzma"),
        ("stacking", stacking, "text", "zlib"),
        (
            "ada_boost",
            AdaBoostClassifier(tree, n_estimators=4, algorithm="SAMME", random_state=0),
            "class",
            "xz",
        ),
        ("gradient_boosting", GradientBoostingClassifier(n_estimators=4), "class", "zlib"),
        ("gradient_boosting_huber", boosted, "number", "zlib"),
        ("hist_gradient_boosting", hist, "holes_class", "zlib"),
        ("isolation_forest", IsolationForest(n_estimators=6, random_state=0), "none", "zlib"),
        ("mixture", GaussianMixture(3, random_state=0), "none", 5),
        ("neighbors", KNeighborsClassifier(3), "text", "zlib"),
        ("network", network, "class", "zlib"),
        ("power", PowerTransformer(), "none", 5),
        ("quantile", uniform, "none", 5),
        ("spline", SplineTransformer(3, degree=2), "none", 5),
        ("bins", KBinsDiscretizer(4, encode="onehot-dense"), "none", 5),
    ]


def save(name, model, how):
    """By pickle with a protocol, or by joblib with a compression."""
    if isinstance(how, int):
        (FOLDER / f"{name}.pkl").write_bytes(pickle.dumps(model, protocol=how))
    else:
        joblib.dump(model, FOLDER / f"{name}.joblib", compress=0 if how == "plain" else (how, 3))


def answers(model, X):
    """What the fitted model says about the rows."""
    found = {key: method for key, method in METHODS.items() if hasattr(model, method)}
    said = {key: getattr(model, method)(X) for key, method in found.items()}
    return {key: v.astype(str) if v.dtype == object else v for key, v in said.items()}


def main():
    """Fit, save and ask every model."""
    FOLDER.mkdir(exist_ok=True)
    train, rows, y, target = data()
    targets = {"class": y, "text": NAMES[y], "number": target, "holes": target}
    targets |= {"holes_class": y, "none": None}
    for name, model, kind, how in models():
        X, asked = train.copy(), rows.copy()
        if kind.startswith("holes"):
            X[::7, 1] = np.nan
            asked[::5, 2] = np.nan
        model.fit(X, targets[kind])
        save(name, model, how)
        rows32 = asked.astype(np.float32)
        np.savez_compressed(FOLDER / f"{name}.npz", X=rows32, **answers(model, asked))


if __name__ == "__main__":
    main()
