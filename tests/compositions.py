"""Random nested estimators: whatever a user may put together, drawn from a seed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import (
    calibration,
    compose,
    decomposition,
    discriminant_analysis,
    ensemble,
    feature_selection,
    impute,
    kernel_approximation,
    linear_model,
    multiclass,
    naive_bayes,
    neighbors,
    neural_network,
    pipeline,
    preprocessing,
    svm,
    tree,
)

Names = list[tuple[str, Any]]


@dataclass(slots=True)
class Draw:
    """Draws estimators; depth: how many levels may still nest."""

    rng: np.random.Generator

    def one_of(self, *makers: Any) -> Any:
        """What one of some functions gives."""
        return makers[int(self.rng.integers(len(makers)))]()

    def some(self, make: Any, depth: int) -> Names:
        """Two or three named parts."""
        return [(f"part{i}", make(depth - 1)) for i in range(int(self.rng.integers(2, 4)))]

    def seed(self) -> int:
        """A seed for an estimator."""
        return int(self.rng.integers(1000))

    def classifier(self, depth: int) -> Any:
        """Any classifier."""
        return self.simple_classifier() if depth == 0 else self.nested_classifier(depth)

    def simple_classifier(self) -> Any:
        """One that holds no other."""
        seed = self.seed()
        return self.one_of(
            lambda: linear_model.LogisticRegression(max_iter=300),
            lambda: linear_model.SGDClassifier(loss="modified_huber", random_state=seed),
            discriminant_analysis.LinearDiscriminantAnalysis,
            lambda: discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.3),
            naive_bayes.GaussianNB,
            naive_bayes.BernoulliNB,
            lambda: neighbors.KNeighborsClassifier(int(self.rng.integers(1, 6))),
            lambda: tree.DecisionTreeClassifier(max_depth=4, random_state=seed),
            lambda: ensemble.RandomForestClassifier(5, max_depth=4, random_state=seed),
            lambda: ensemble.ExtraTreesClassifier(5, max_depth=4, random_state=seed),
            lambda: ensemble.GradientBoostingClassifier(n_estimators=4, random_state=seed),
            lambda: neural_network.MLPClassifier((6,), max_iter=80, random_state=seed),
            lambda: svm.SVC(gamma="scale", random_state=seed),
        )

    def nested_classifier(self, depth: int) -> Any:
        """One that holds others."""
        seed = self.seed()
        return self.one_of(
            lambda: self.behind(self.classifier, depth),
            lambda: self.behind(self.classifier, depth),
            lambda: ensemble.VotingClassifier(self.some(self.classifier, depth)),
            lambda: ensemble.VotingClassifier(self.some(self.with_proba, depth), voting="soft"),
            lambda: ensemble.StackingClassifier(
                self.some(self.classifier, depth),
                self.simple_classifier(),
                cv=2,
                passthrough=bool(self.rng.integers(2)),
            ),
            lambda: ensemble.BaggingClassifier(
                self.classifier(depth - 1), 3, max_features=0.7, random_state=seed
            ),
            lambda: calibration.CalibratedClassifierCV(
                self.classifier(depth - 1),
                method=str(self.rng.choice(["sigmoid", "isotonic"])),
                cv=2,
            ),
            lambda: multiclass.OneVsRestClassifier(self.classifier(depth - 1)),
            lambda: multiclass.OneVsOneClassifier(self.classifier(depth - 1)),
        )

    def with_proba(self, depth: int) -> Any:
        """A classifier that has probabilities."""
        found = self.classifier(depth)
        while not hasattr(found, "predict_proba"):
            found = self.classifier(depth)
        return found

    def regressor(self, depth: int) -> Any:
        """Any regressor."""
        return self.simple_regressor() if depth == 0 else self.nested_regressor(depth)

    def simple_regressor(self) -> Any:
        """One that holds no other."""
        seed = self.seed()
        return self.one_of(
            linear_model.Ridge,
            lambda: linear_model.HuberRegressor(max_iter=300),
            lambda: neighbors.KNeighborsRegressor(int(self.rng.integers(1, 6)), weights="distance"),
            lambda: tree.DecisionTreeRegressor(max_depth=4, random_state=seed),
            lambda: ensemble.RandomForestRegressor(5, max_depth=4, random_state=seed),
            lambda: ensemble.GradientBoostingRegressor(n_estimators=5, random_state=seed),
            lambda: neural_network.MLPRegressor(
                hidden_layer_sizes=(6,), max_iter=80, random_state=seed
            ),
            lambda: svm.SVR(gamma="scale"),
        )

    def nested_regressor(self, depth: int) -> Any:
        """One that holds others."""
        seed = self.seed()
        return self.one_of(
            lambda: self.behind(self.regressor, depth),
            lambda: self.behind(self.regressor, depth),
            lambda: ensemble.VotingRegressor(self.some(self.regressor, depth)),
            lambda: ensemble.StackingRegressor(
                self.some(self.regressor, depth),
                self.simple_regressor(),
                cv=2,
                passthrough=bool(self.rng.integers(2)),
            ),
            lambda: ensemble.BaggingRegressor(
                self.regressor(depth - 1), 3, max_features=0.7, random_state=seed
            ),
            lambda: compose.TransformedTargetRegressor(
                self.regressor(depth - 1), transformer=preprocessing.StandardScaler()
            ),
        )

    def behind(self, last: Any, depth: int) -> Any:
        """A pipeline that ends in a `last`."""
        steps = [self.transformer(depth - 1) for _ in range(int(self.rng.integers(1, 3)))]
        return pipeline.make_pipeline(*steps, last(depth - 1))

    def transformer(self, depth: int) -> Any:
        """Any transformer that leaves at least two columns."""
        return self.simple_transformer() if depth == 0 else self.nested_transformer(depth)

    def simple_transformer(self) -> Any:
        """One that holds no other."""
        seed = self.seed()
        return self.one_of(
            preprocessing.StandardScaler,
            lambda: preprocessing.MinMaxScaler((-1, 1)),
            preprocessing.RobustScaler,
            preprocessing.MaxAbsScaler,
            preprocessing.Normalizer,
            lambda: preprocessing.PolynomialFeatures(2, interaction_only=True, include_bias=False),
            lambda: preprocessing.KBinsDiscretizer(3, encode="onehot-dense"),
            lambda: impute.SimpleImputer(strategy="median"),
            lambda: decomposition.PCA(2, random_state=seed),
            lambda: feature_selection.SelectPercentile(percentile=80),
            lambda: kernel_approximation.Nystroem(n_components=5, random_state=seed),
        )

    def nested_transformer(self, depth: int) -> Any:
        """One that holds others."""
        columns = self.rng.permutation(2)
        return self.one_of(
            lambda: pipeline.make_union(self.transformer(depth - 1), self.transformer(depth - 1)),
            lambda: pipeline.make_pipeline(
                self.transformer(depth - 1), self.transformer(depth - 1)
            ),
            lambda: compose.ColumnTransformer(
                [
                    ("first", self.transformer(depth - 1), [0, 1]),
                    ("second", preprocessing.StandardScaler(), columns),
                ],
                remainder="passthrough",
            ),
            lambda: self.transformer(depth - 1),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """A fitted composition, and rows that it has not seen."""

    estimator: Any
    rows: NDArray[np.float64]


def composition(seed: int) -> Composition:
    """The composition of a seed: two thirds classify, its depth is 1 to 4."""
    rng = np.random.default_rng(seed)
    n_features = int(rng.integers(4, 8))
    X = rng.normal(size=(260, n_features)).astype(np.float32).astype(np.float64)
    X *= rng.choice([0.1, 1.0, 30.0], size=n_features).astype(np.float32)
    y = X[:, 0] / X[:, 0].std() + (X[:, 1] / X[:, 1].std()) ** 2
    if seed % 3:
        cuts = np.quantile(y, [1 / 2] if seed % 3 == 1 else [1 / 3, 2 / 3])
        y = np.array(["low", "middle", "high"])[np.digitize(y, cuts)]
    draw = Draw(rng)
    make = draw.classifier if seed % 3 else draw.regressor
    depth = int(rng.integers(1, 5))
    while True:
        estimator = make(depth)
        if works(estimator, X[:180], y[:180]):
            return Composition(estimator, X[180:])


def works(estimator: Any, X: NDArray[np.float64], y: NDArray[Any]) -> bool:
    """Fit it; whether scikit-learn itself takes what was put together."""
    try:
        estimator.fit(X, y).predict(X)
    except (ValueError, AttributeError, IndexError):  # no column left, nothing to ask for
        return False
    return True
