"""Importers of isolation forests, leaves as features, and boosting over histograms or a start."""

from typing import Any

import numpy as np
import pytest
from pandas import DataFrame
from sklearn import dummy, ensemble, linear_model, naive_bayes, svm, tree
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from codegen.bounds import bounds
from codegen.errors import InvalidModel, UnsupportedModel
from codegen.export import export
from codegen.importers import import_model
from codegen.ir import Input, Node, TreeEnsemble, walk
from codegen.load import Record, load
from tests.test_importers import data, fitted, imported, over, same

pytestmark = pytest.mark.filterwarnings("ignore")

SOME = ("two", "one", "rare")
FEW: dict[str, Any] = {"max_iter": 3, "min_samples_leaf": 5, "random_state": 0}


@over(
    ("two", "one", "far"),
    ensemble.IsolationForest(n_estimators=5, random_state=0),
    ensemble.IsolationForest(n_estimators=4, max_features=0.6, contamination=0.2, random_state=0),
    ensemble.IsolationForest(n_estimators=3, max_samples=7, contamination=0.4, random_state=1),
    ensemble.IsolationForest(n_estimators=3, max_samples=2, bootstrap=True, random_state=1),
)
def test_isolation_forest(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=1e-15)


@over(
    ("two", "one"),
    ensemble.RandomTreesEmbedding(4, max_depth=2, random_state=0),
    ensemble.RandomTreesEmbedding(3, max_leaf_nodes=7, sparse_output=False, random_state=0),
    ensemble.RandomTreesEmbedding(2, max_depth=3, min_samples_leaf=70, random_state=0),
)
def test_random_trees_embedding(estimator: Any, name: str) -> None:
    model = fitted(estimator, name)
    if all(one.tree_.node_count == 1 for one in model.estimators_):
        with pytest.raises(UnsupportedModel, match="trees of one leaf"):
            imported(model)
        return
    same(model, data(name).rows, tolerance=0)


@over(
    ("two", "three", "one", "rare"),
    ensemble.HistGradientBoostingClassifier(**FEW),
    ensemble.HistGradientBoostingClassifier(early_stopping=True, n_iter_no_change=1, **FEW),
)
def test_histogram_classifier(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


@over(
    SOME,
    ensemble.HistGradientBoostingRegressor(**FEW),
    ensemble.HistGradientBoostingRegressor(loss="absolute_error", **FEW),
    ensemble.HistGradientBoostingRegressor(loss="quantile", quantile=0.2, **FEW),
)
def test_histogram_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows, tolerance=0)


@pytest.mark.parametrize("loss", ["gamma", "poisson"])
def test_histogram_log_link(loss: str) -> None:
    known = data("two")
    model = ensemble.HistGradientBoostingRegressor(loss=loss, **FEW)
    same(model.fit(known.X, np.abs(known.t) + 0.1), known.rows)


def coded(n_rows: int, seed: int) -> np.ndarray:
    """Two columns of categories, one of them wide, and two of numbers; some are missing."""
    rng = np.random.default_rng(seed)
    kinds = [rng.integers(6, size=n_rows) * 1.5 - 2, rng.integers(90, size=n_rows)]
    X = np.column_stack([kinds[0], rng.normal(size=n_rows), kinds[1], rng.normal(size=n_rows)])
    return np.where(rng.random(X.shape) < 0.06, np.nan, X).astype(np.float32).astype(np.float64)


def target(X: np.ndarray) -> np.ndarray:
    """A number that depends on the categories in no order, and on one number."""
    filled = np.nan_to_num(X)
    return np.sin(3 * filled[:, 0]) + 2 * np.sin(filled[:, 2]) + filled[:, 1]


CODED = coded(500, 0)
STRANGE = np.vstack([coded(300, 1), coded(60, 2) + 0.25, coded(60, 3) - 40])


@pytest.mark.parametrize("columns", [[0, 2], [2], [0, 1, 2, 3][:1]])
def test_histogram_categories(columns: list[int]) -> None:
    y = np.where(target(CODED) > 0, "up", "down")
    model = ensemble.HistGradientBoostingClassifier(categorical_features=columns, **FEW)
    same(model.fit(CODED, y), STRANGE, tolerance=0)
    regressor = ensemble.HistGradientBoostingRegressor(categorical_features=columns, **FEW)
    same(regressor.fit(CODED, target(CODED)), STRANGE, tolerance=0)


def test_histogram_categories_alone() -> None:
    kinds = np.nan_to_num(CODED[:, [0, 2]])
    y = np.digitize(target(CODED), [-1.0, 0.0, 1.5])
    model = ensemble.HistGradientBoostingClassifier(categorical_features=[0, 1], **FEW)
    same(model.fit(kinds, y), STRANGE[:, [0, 2]], tolerance=0)


def test_histogram_categories_of_a_frame() -> None:
    frame = DataFrame(CODED, columns=["a", "b", "c", "d"])
    codes = frame["c"].fillna(0).astype(int)
    frame["c"] = codes.astype("category")
    model = ensemble.HistGradientBoostingRegressor(**FEW).fit(frame, np.sin(2.0 * codes))
    assert model.is_categorical_.tolist() == [False, False, True, False]
    ours = imported(model)
    assert ours.feature_names == ("a", "b", "c", "d")
    assert any(
        isinstance(n, TreeEnsemble) and n.sets is not None for n in walk(ours.methods.values())
    )


def test_histogram_text_is_refused() -> None:
    frame = DataFrame({"a": np.arange(40.0), "b": ["x", "y"] * 20})
    frame["b"] = frame["b"].astype("category")
    model = ensemble.HistGradientBoostingRegressor(**FEW).fit(frame, np.arange(40) % 7)
    with pytest.raises(UnsupportedModel, match=r"categories that are text.*OrdinalEncoder"):
        imported(model)


def test_histogram_old_categories_are_refused() -> None:
    model = ensemble.HistGradientBoostingRegressor(categorical_features=[0], **FEW)
    record = load(model.fit(CODED, target(CODED)))
    record.state["_preprocessor"] = None
    with pytest.raises(UnsupportedModel, match=r"before 1\.4"):
        import_model(record)


TREE = tree.DecisionTreeClassifier(max_depth=2, random_state=0)
NUMBERS = tree.ExtraTreeRegressor(max_depth=3, random_state=0)
BOOSTING: dict[str, Any] = {"n_estimators": 3, "random_state": 0}


@over(
    ("two", "three", "rare"),
    ensemble.GradientBoostingClassifier(init=TREE, **BOOSTING),
    ensemble.GradientBoostingClassifier(
        init=dummy.DummyClassifier(strategy="constant", constant=1), **BOOSTING
    ),
)
def test_boosting_from_a_tree(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows, tolerance=0)


@over(
    ("two", "three", "rare"),
    ensemble.GradientBoostingClassifier(
        init=ensemble.RandomForestClassifier(4, max_depth=3, random_state=0), **BOOSTING
    ),
)
def test_boosting_from_a_forest(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_boosting_exponential_from_trees() -> None:
    for init in (TREE, ensemble.AdaBoostClassifier(TREE, n_estimators=2, random_state=0)):
        model = ensemble.GradientBoostingClassifier(loss="exponential", init=init, **BOOSTING)
        same(fitted(model, "two"), data("two").rows)


@over(
    SOME,
    ensemble.GradientBoostingRegressor(init=NUMBERS, **BOOSTING),
    ensemble.GradientBoostingRegressor(
        init=ensemble.HistGradientBoostingRegressor(**FEW), loss="huber", **BOOSTING
    ),
)
def test_boosting_regressor_from_trees(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)


@over(
    ("two", "far", "rare"),
    linear_model.Ridge(),
    make_pipeline(StandardScaler(), linear_model.LinearRegression()),
)
def test_boosting_regressor_from_float32(estimator: Any, name: str) -> None:
    model = ensemble.GradientBoostingRegressor(init=estimator, **BOOSTING)
    known = data(name)
    model.fit(known.X, known.t)
    expected = model.predict(known.rows)
    ours = imported(model)
    bound = bounds(ours.methods, known.rows, "float64")["predict"]
    error = np.abs(bound.value[:, 0] - expected)
    assert (error <= bound.bound[:, 0]).all()
    assert error.max() > 1e-13 * np.ptp(expected)
    assert bound.bound.max() < 1e-3 * np.ptp(expected)


@pytest.mark.parametrize(
    ("estimator", "said"),
    [
        (
            ensemble.GradientBoostingClassifier(init=naive_bayes.GaussianNB(), **BOOSTING),
            r"init=GaussianNB.*float32.*'zero'",
        ),
        (
            ensemble.GradientBoostingClassifier(
                init=dummy.DummyClassifier(strategy="stratified"), **BOOSTING
            ),
            "strategy='stratified'.*'prior'",
        ),
        (
            ensemble.GradientBoostingRegressor(init=svm.SVR(), **BOOSTING),
            "init=SVR.*float32.*use trees",
        ),
        (ensemble.IsolationForest(max_samples=1, n_estimators=2), "max_samples=1.*constant"),
    ],
    ids=["bayes", "stratified", "vectors", "one sample"],
)
def test_tree_family_refuses(estimator: Any, said: str) -> None:
    with pytest.raises(UnsupportedModel, match=said):
        imported(clone(estimator).fit(data("two").X, np.arange(120) % 2))


def broken(name: str, value: Any) -> Record:
    """An isolation forest of few columns with another value for one attribute."""
    model = ensemble.IsolationForest(n_estimators=2, max_features=2, random_state=0)
    record = load(model.fit(data("two").X))
    record.state[name] = value
    return record


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("estimators_features_", [np.array([0, 9])] * 2),
        ("estimators_features_", [np.array([0])] * 2),
        ("_decision_path_lengths", ()),
        ("offset_", np.nan),
    ],
)
def test_isolation_refuses_what_makes_no_sense(name: str, value: Any) -> None:
    with pytest.raises(InvalidModel):
        import_model(broken(name, value))


def sets_of(**changed: Any) -> Node:
    """A tree of one split that asks for a category."""
    fields: dict[str, Any] = {
        "sets": np.eye(2, 4, dtype=bool),
        "set_of": np.array([1]),
        **changed,
    }
    return TreeEnsemble(
        Input(1),
        feature=np.array([0]),
        threshold=np.zeros(1),
        left=np.array([~0]),
        right=np.array([~1]),
        missing_left=np.array([False]),
        roots=np.array([0]),
        values=np.array([[0.0], [1.0]]),
        divisor=1.0,
        **fields,
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"sets": None},
        {"set_of": None},
        {"set_of": np.array([2])},
        {"set_of": np.array([0, 0])},
        {"sets": np.zeros((2, 1 << 17), bool)},
    ],
    ids=["no sets", "no nodes", "a number", "a length", "too many"],
)
def test_sets_that_make_no_sense(changed: dict[str, Any]) -> None:
    sets_of()
    with pytest.raises(InvalidModel):
        sets_of(**changed)


@pytest.mark.parametrize("size", [1e-40, 1e-36, 1e-30, 1e30, 1e37])
def test_leaf_values_of_any_size_stay_within_their_bound(size: float, warm_cores: None) -> None:
    estimator, X = of_size(size)
    artifact = export(estimator, "cortex-m", data=X)
    assert artifact.verify(X).agreement
    unit = max(np.finfo(np.float32).tiny * 2 * 20, size * 1e-6)
    got = artifact.compile().predict(X)
    np.testing.assert_allclose(got, estimator.predict(X), rtol=0, atol=unit)


@pytest.mark.parametrize("size", [1e40, 1e50])
def test_sums_of_leaf_values_beyond_float32_are_refused(size: float) -> None:
    estimator, X = of_size(size)
    with pytest.raises(UnsupportedModel, match="--dtype float64"):
        export(estimator, "host")
    assert export(estimator, "host", dtype="float64").verify(X, cores=()).agreement


def of_size(size: float) -> tuple[Any, Any]:
    """A forest whose leaf values are about so large, and rows."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 4)).astype(np.float32).astype(np.float64)
    estimator = ensemble.RandomForestRegressor(20, max_depth=4, random_state=0)
    estimator.fit(X, rng.normal(size=120))
    for one in estimator.estimators_:
        one.tree_.value[...] *= size
    return estimator, X
