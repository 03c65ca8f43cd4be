"""Composite estimators against their own methods: members of all kinds, in all settings."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn import ensemble, linear_model, naive_bayes, svm, tree
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import (
    ClassifierChain,
    MultiOutputClassifier,
    MultiOutputRegressor,
    RegressorChain,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.semi_supervised import SelfTrainingClassifier

from codegen.emit import takes_nan
from codegen.errors import InvalidModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.importers.members import one_tree
from codegen.ir import ArgMax, TreeEnsemble, WeightedMedian, walk
from codegen.load import load
from tests.test_importers import Data, broken, case_id, data, fitted, imported, over, same, scaled

pytestmark = pytest.mark.filterwarnings("ignore")

LOGISTIC = scaled(linear_model.LogisticRegression(max_iter=50))
RIDGE = linear_model.Ridge()
BAYES = naive_bayes.GaussianNB()
TREE = tree.DecisionTreeClassifier(max_depth=3, random_state=0)
NUMBERS = tree.DecisionTreeRegressor(max_depth=3, random_state=0)
FOREST = ensemble.RandomForestClassifier(3, max_depth=3, random_state=0)
MACHINE = scaled(svm.SVC())
THREE = [("a", LOGISTIC), ("b", TREE), ("c", BAYES)]
PAIR = [("a", RIDGE), ("b", NUMBERS)]
FEW = ("two", "three", "rare")


def fit_to(estimator: Any, name: str, y: Any) -> Any:
    """Fitted to other targets than those of the data set."""
    return estimator.fit(data(name).X, y)


def indicators(known: Data, n: int = 3) -> np.ndarray:
    """Whether each row is of the first class, the second, the third; the last for some of both."""
    number = np.unique(known.y, return_inverse=True)[1]
    return (number[:, None] == np.arange(n)).astype(int)


# ---- voting


@over(
    FEW,
    ensemble.VotingClassifier(THREE, voting="soft"),
    ensemble.VotingClassifier(THREE, voting="soft", weights=[1, 5, 2.5]),
    ensemble.VotingClassifier(THREE, voting="hard"),
    ensemble.VotingClassifier(THREE, voting="hard", weights=[0.1, 0.2, 0.3]),
    ensemble.VotingClassifier([*THREE, ("d", "drop")], voting="hard", weights=[1, 1, 3, 9]),
    ensemble.VotingClassifier([("a", MACHINE), ("b", FOREST)], voting="hard"),
    ensemble.VotingClassifier(
        [("a", TREE), ("b", tree.ExtraTreeClassifier(random_state=0))], voting="soft"
    ),
)
def test_voting_classifier(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_voting_hard_weights_decide_as_sums_do() -> None:
    """0.1 + 0.2 is more than 0.3 in binary64: the last member alone does not win."""
    weights = [0.1, 0.2, 0.3]
    second, first = (DummyClassifier(strategy="constant", constant=k) for k in (1, 0))
    members = [("a", second), ("b", second), ("c", first)]
    model = ensemble.VotingClassifier(members, weights=weights)
    model.fit(np.zeros((4, 1)), ["x", "x", "y", "z"])
    assert model.predict([[0.0]]) == ["y"]
    answers = evaluate(imported(model).methods, np.zeros((1, 1)))
    assert answers["predict"] == 1


def test_voting_without_a_flat_transform_has_none() -> None:
    model = fitted(ensemble.VotingClassifier(THREE, voting="soft", flatten_transform=False), "two")
    assert set(imported(model).methods) == {"predict", "predict_proba"}


@over(
    FEW,
    ensemble.VotingRegressor(PAIR),
    ensemble.VotingRegressor(PAIR, weights=[2, 5]),
    ensemble.VotingRegressor([*PAIR, ("c", "drop")], weights=[2, 5, 9]),
)
def test_voting_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)


# ---- stacking


@over(
    FEW,
    ensemble.StackingClassifier(THREE, cv=2),
    ensemble.StackingClassifier(THREE[:2], FOREST, cv=2, passthrough=True),
    ensemble.StackingClassifier(THREE, FOREST, cv=2, stack_method="predict"),
    ensemble.StackingClassifier([("a", MACHINE), ("b", RIDGE)], cv=2),
)
def test_stacking_classifier(estimator: Any, name: str) -> None:
    known = data(name)
    y = np.unique(known.y, return_inverse=True)[1] if "Ridge()" in case_id(estimator) else known.y
    same(fit_to(estimator, name, y), known.rows)


def test_stacking_fitted_before() -> None:
    known = data("two")
    members = [("a", LOGISTIC.fit(known.X, known.y == "yes")), ("b", TREE.fit(known.X, known.y))]
    same(fit_to(ensemble.StackingClassifier(members[:1], cv="prefit"), "two", known.y), known.rows)


@over(
    FEW,
    ensemble.StackingRegressor(PAIR, cv=2),
    ensemble.StackingRegressor(PAIR, NUMBERS, cv=2, passthrough=True),
)
def test_stacking_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)


# ---- bagging and AdaBoost


@over(
    FEW,
    ensemble.BaggingClassifier(n_estimators=4, random_state=0),
    ensemble.BaggingClassifier(TREE, 4, max_features=0.7, random_state=0),
    ensemble.BaggingClassifier(TREE, 4, max_samples=3, random_state=0),
    ensemble.BaggingClassifier(MACHINE, 3, max_features=0.7, random_state=0),
    ensemble.BaggingClassifier(LOGISTIC, 3, random_state=0),
    ensemble.BaggingClassifier(FOREST, 2, max_features=0.7, random_state=0),
)
def test_bagging_classifier(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_bagging_of_trees_is_one_forest() -> None:
    bag = ensemble.BaggingClassifier(TREE, 9, max_features=0.5, random_state=0)
    model = imported(fitted(bag, "wide"))
    (forest,) = [n for n in walk(model.methods.values()) if isinstance(n, TreeEnsemble)]
    assert forest.roots.size == forest.divisor == 9
    assert takes_nan(model)


@over(
    FEW,
    ensemble.BaggingRegressor(NUMBERS, 4, max_features=0.7, random_state=0),
    ensemble.BaggingRegressor(RIDGE, 3, random_state=0),
)
def test_bagging_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)
    same(fitted(estimator, name, "two"), data(name).rows)


@over(
    FEW,
    ensemble.AdaBoostClassifier(n_estimators=8, random_state=0),
    ensemble.AdaBoostClassifier(TREE, n_estimators=4, learning_rate=0.5, random_state=0),
    ensemble.AdaBoostClassifier(linear_model.LogisticRegression(), n_estimators=3, random_state=0),
)
def test_ada_boost_classifier(estimator: Any, name: str) -> None:
    model = same(fitted(estimator, name), data(name).rows)
    assert not takes_nan(model)


@over(
    FEW,
    ensemble.AdaBoostRegressor(n_estimators=6, random_state=0),
    ensemble.AdaBoostRegressor(NUMBERS, n_estimators=5, loss="square", random_state=0),
    ensemble.AdaBoostRegressor(RIDGE, n_estimators=4, random_state=0),
)
def test_ada_boost_regressor(estimator: Any, name: str) -> None:
    model = same(fitted(estimator, name, "t"), data(name).rows)
    assert any(isinstance(n, WeightedMedian) for n in walk(model.methods.values()))
    assert not takes_nan(model)


# ---- calibration


@over(
    FEW,
    *(
        CalibratedClassifierCV(member, method=method, cv=2, ensemble=copies)
        for method in ("sigmoid", "isotonic", "temperature")
        for member, copies in ((LOGISTIC, True), (MACHINE, False), (FOREST, True))
    ),
)
def test_calibrated(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_calibrated_frozen() -> None:
    inner = FrozenEstimator(fitted(MACHINE, "three"))
    same(fitted(inner, "three"), data("three").rows)
    same(fitted(CalibratedClassifierCV(inner), "three"), data("three").rows)


@pytest.mark.parametrize("out_of_bounds", ["nan", "clip"])
@pytest.mark.parametrize("increasing", [True, False, "auto"])
def test_isotonic(out_of_bounds: str, increasing: Any) -> None:
    model = IsotonicRegression(out_of_bounds=out_of_bounds, increasing=increasing)
    known = data("one")
    rows = np.vstack([known.rows, known.X, [[-1e6], [1e6]]])
    same(model.fit(known.X, known.t), rows)


def test_isotonic_of_one_point_is_a_constant() -> None:
    model = IsotonicRegression(out_of_bounds="clip").fit([[2.0], [2.0]], [3.0, 4.0])
    assert evaluate(imported(model).methods, np.array([[7.0]]))["predict"] == 3.5


# ---- many classes


@over(
    FEW,
    *(OneVsRestClassifier(member) for member in (LOGISTIC, svm.LinearSVC(), TREE, BAYES, RIDGE)),
)
def test_many_classes_one_vs_rest(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_many_classes_one_vs_rest_trees_are_one_forest() -> None:
    model = imported(fitted(OneVsRestClassifier(TREE), "three"))
    label = model.methods["predict"]
    assert isinstance(label, ArgMax)
    assert isinstance(label.x, TreeEnsemble)
    assert label.x.divisor == label.x.roots.size == 4
    assert one_tree(label.x) is None


@over(("three", "far"), OneVsRestClassifier(LOGISTIC), OneVsRestClassifier(BAYES))
def test_many_classes_labels(estimator: Any, name: str) -> None:
    same(fit_to(estimator, name, indicators(data(name))), data(name).rows)


def test_many_classes_a_label_that_is_always_there() -> None:
    """scikit-learn puts a _ConstantPredictor in the place of a classifier there."""
    known = data("three")
    labels = np.column_stack([indicators(known, 2), np.ones(len(known.y), int)])
    same(fit_to(OneVsRestClassifier(LOGISTIC), "three", labels), known.rows)


@over(
    FEW,
    *(OneVsOneClassifier(member) for member in (LOGISTIC, MACHINE, TREE, BAYES)),
)
def test_many_classes_one_vs_one(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


@over(
    FEW,
    *(
        OutputCodeClassifier(member, code_size=size, random_state=0)
        for member, size in ((LOGISTIC, 2), (MACHINE, 1.5), (BAYES, 3))
    ),
)
def test_many_classes_output_code(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


# ---- many outputs


@over(("three", "far"), *(MultiOutputClassifier(one) for one in (LOGISTIC, TREE, MACHINE)))
def test_many_outputs_classifier(estimator: Any, name: str) -> None:
    known = data(name)
    y = np.column_stack([np.unique(known.y, return_inverse=True)[1], known.t > np.median(known.t)])
    same(fit_to(estimator, name, y), known.rows)


@over(
    FEW,
    *(MultiOutputRegressor(one) for one in (RIDGE, NUMBERS)),
    RegressorChain(RIDGE, order=[1, 0]),
    RegressorChain(NUMBERS, cv=2),
)
def test_many_outputs_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "two"), data(name).rows)


@over(
    ("three", "far"),
    *(
        ClassifierChain(LOGISTIC, order=[2, 0, 1], chain_method=method)
        for method in ("predict", "predict_proba", "predict_log_proba", "decision_function")
    ),
    ClassifierChain(TREE, order=[1, 2, 0]),
)
def test_many_outputs_chain(estimator: Any, name: str) -> None:
    same(fit_to(estimator, name, indicators(data(name))), data(name).rows)


def test_many_outputs_chain_of_other_labels() -> None:
    known = data("three")
    y = np.column_stack(
        [7 * indicators(known)[:, 0] + 3, np.unique(known.y, return_inverse=True)[1]]
    )
    chain = ClassifierChain(TREE, order=[1, 0]).fit(known.X, y)
    answers = evaluate(imported(chain).methods, known.rows)
    assert set(answers) == {"predict"}
    classes = imported(chain).classes
    pairs = zip(classes, answers["predict"].T.astype(int), strict=True)
    got = np.column_stack([known[index] for known, index in pairs])
    assert (got == chain.predict(known.rows)).all()


# ---- estimators around one


INVERSES = [
    (np.log, np.exp),
    (np.log1p, np.expm1),
    (np.log2, np.exp2),
    (np.sqrt, np.square),
    (np.square, np.sqrt),
    (np.exp, np.log),
    (np.expm1, np.log1p),
    (np.negative, np.negative),
    (np.arctanh, np.tanh),
    (None, None),
]


@pytest.mark.parametrize(("there", "back"), INVERSES)
def test_wrapped_target_functions(there: Any, back: Any) -> None:
    known = data("two")
    y = 0.1 + np.abs(known.t) / (2 * np.abs(known.t).max())
    same(
        TransformedTargetRegressor(NUMBERS, func=there, inverse_func=back).fit(known.X, y),
        known.rows,
    )


@over(
    FEW,
    *(
        TransformedTargetRegressor(NUMBERS, transformer=transformer)
        for transformer in (
            StandardScaler(),
            StandardScaler(with_mean=False),
            StandardScaler(with_std=False),
            MinMaxScaler((-1, 2)),
            MaxAbsScaler(),
            RobustScaler(),
            RobustScaler(with_centering=False),
            RobustScaler(with_scaling=False),
            make_pipeline(StandardScaler(), "passthrough", MinMaxScaler()),
            FunctionTransformer(np.exp, np.log, check_inverse=False),
        )
    ),
)
def test_wrapped_target_transformers(estimator: Any, name: str) -> None:
    if "log" in case_id(estimator):
        same(fit_to(estimator, name, np.abs(data(name).t) / 100), data(name).rows)
        return
    same(fitted(estimator, name, "two"), data(name).rows)


def test_wrapped_target_quantiles() -> None:
    transformer = QuantileTransformer(n_quantiles=15, random_state=0)
    model = TransformedTargetRegressor(NUMBERS, transformer=transformer)
    same(fitted(model, "two", "t"), data("two").rows)


@over(FEW, linear_model.RANSACRegressor(NUMBERS, min_samples=50, random_state=0))
def test_wrapped_inliers(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)


@over(FEW, SelfTrainingClassifier(LOGISTIC), SelfTrainingClassifier(TREE))
def test_wrapped_self_training(estimator: Any, name: str) -> None:
    number = np.unique(data(name).y, return_inverse=True)[1]
    y = np.where(np.arange(len(number)) % 2 == 0, number, -1)
    same(fit_to(estimator, name, y), data(name).rows)


@over(
    FEW,
    DummyClassifier(),
    DummyClassifier(strategy="most_frequent"),
    make_pipeline(StandardScaler(), DummyClassifier()),
)
def test_dummy_classifier(estimator: Any, name: str) -> None:
    same(fitted(estimator, name), data(name).rows)


def test_dummy_of_many_outputs() -> None:
    y = indicators(data("three"), 2) + 4
    model = DummyClassifier(strategy="constant", constant=[5, 4])
    same(fit_to(model, "three", y), data("three").rows)
    same(fit_to(DummyClassifier(), "three", y), data("three").rows)
    constant = DummyClassifier(strategy="constant", constant="middle")
    same(fitted(constant, "three"), data("three").rows)


@over(FEW, DummyRegressor(), DummyRegressor(strategy="median"))
def test_dummy_regressor(estimator: Any, name: str) -> None:
    same(fitted(estimator, name, "t"), data(name).rows)
    same(fitted(estimator, name, "two"), data(name).rows)


# ---- composites of composites


def test_nested() -> None:
    inner = ensemble.VotingClassifier(
        [("a", make_pipeline(StandardScaler(), FOREST)), ("b", BAYES)]
    )
    bag = ensemble.BaggingClassifier(OneVsRestClassifier(LOGISTIC), 2, random_state=0)
    stack = ensemble.StackingClassifier([("v", inner), ("b", bag)], MACHINE, cv=2, passthrough=True)
    same(fitted(make_pipeline(MinMaxScaler(), stack), "three"), data("three").rows)


# ---- refusals


def halved(y: np.ndarray) -> np.ndarray:
    return y / 2


REFUSED: list[tuple[str, Callable[[], Any], tuple[str, ...]]] = [
    (
        "random",
        lambda: fitted(DummyClassifier(strategy="stratified"), "two"),
        ("DummyClassifier(strategy='stratified')", "'prior'"),
    ),
    (
        "function",
        lambda: fitted(
            TransformedTargetRegressor(
                RIDGE, func=halved, inverse_func=np.cbrt, check_inverse=False
            ),
            "two",
            "t",
        ),
        ("inverse_func=cbrt", "expm1"),
    ),
    (
        "transformer",
        lambda: fitted(
            TransformedTargetRegressor(RIDGE, transformer=PowerTransformer()), "two", "t"
        ),
        ("transformer=PowerTransformer", "StandardScaler"),
    ),
    (
        "normal quantiles",
        lambda: fitted(
            TransformedTargetRegressor(
                RIDGE, transformer=QuantileTransformer(output_distribution="normal")
            ),
            "two",
            "t",
        ),
        ("transformer=QuantileTransformer", "uniform"),
    ),
    (
        "no probabilities",
        lambda: without(
            fitted(ensemble.VotingClassifier([("a", LOGISTIC), ("b", LOGISTIC)]), "two"),
            voting="soft",
            estimators_=[fitted(MACHINE, "two")],
        ),
        ("VotingClassifier asks predict_proba", "another estimator"),
    ),
    (
        "no weight",
        lambda: without(fitted(ensemble.VotingClassifier(THREE), "two"), weights=[0, 0, 0]),
        ("weights that are all 0", "at least one"),
    ),
    (
        "text as numbers",
        lambda: without(
            fitted(ensemble.StackingClassifier(THREE, cv=2, stack_method="predict"), "two"),
            estimators_=[fitted(TREE, "two")] * 3,
        ),
        ("labels that are text", "fit on numbers"),
    ),
    (
        "real votes",
        lambda: without(fitted(ensemble.AdaBoostClassifier(TREE), "two"), algorithm="SAMME.R"),
        ("algorithm='SAMME.R'", "SAMME"),
    ),
]


def without(estimator: Any, **changed: Any) -> Any:
    """The estimator with other attributes."""
    for name, value in changed.items():
        setattr(estimator, name, value)
    return estimator


@pytest.mark.parametrize(("make", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_members(make: Callable[[], Any], said: tuple[str, ...]) -> None:
    with pytest.raises(UnsupportedModel) as error:
        imported(make())
    assert all(part in str(error.value) for part in said), str(error.value)


BROKEN: list[Callable[[], Any]] = [
    lambda: broken(fitted(ensemble.VotingClassifier(THREE), "two"), weights=[1.0, np.nan, 1.0]),
    lambda: broken(fitted(ensemble.VotingClassifier(THREE), "two"), estimators_=[3]),
    lambda: broken(fitted(ensemble.BaggingRegressor(), "two", "t"), estimators_features_=[]),
    lambda: broken(
        fitted(ensemble.AdaBoostRegressor(n_estimators=3), "two", "t"),
        estimator_weights_=np.zeros(3),
    ),
    lambda: broken(fitted(RegressorChain(RIDGE), "two", "two"), order_=np.array([0, 0])),
    lambda: broken(fitted(DummyClassifier(), "two"), class_prior_=np.ones(3)),
    lambda: broken(
        fitted(IsotonicRegression(), "one", "t"),
        X_thresholds_=np.array([1.0, 0.0]),
        y_thresholds_=np.array([0.0, 1.0]),
    ),
    lambda: broken(fitted(OutputCodeClassifier(LOGISTIC), "three"), code_book_=np.ones((3, 9))),
]


@pytest.mark.parametrize("make", BROKEN)
def test_refused_members_that_make_no_sense(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidModel):
        import_model(make())


@pytest.mark.parametrize(
    "estimator",
    [
        ensemble.VotingClassifier(THREE),
        ensemble.StackingRegressor(PAIR),
        ensemble.BaggingClassifier(),
        ensemble.AdaBoostRegressor(),
        CalibratedClassifierCV(),
        IsotonicRegression(),
        OneVsOneClassifier(LOGISTIC),
        RegressorChain(RIDGE),
        TransformedTargetRegressor(),
        DummyClassifier(),
        FrozenEstimator(RIDGE),
    ],
    ids=case_id,
)
def test_refused_members_unfitted(estimator: Any) -> None:
    with pytest.raises(InvalidModel):
        import_model(load(estimator))
