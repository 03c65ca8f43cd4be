"""Logistic regression that follows the regularised leader, one row after the other."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

Floats = NDArray[np.float64]


class FTRLClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # sklearn has no types
    """FTRL-Proximal for two classes (McMahan and others 2013, algorithm 1).

    Every coefficient has a rate of its own, and is exactly 0 while |z| <= l1:
    w = (sign(z) l1 - z) / ((beta + sqrt(n)) / alpha + l2). After a row with p = logistic(x w):
    g = (p - y) x, sigma = (sqrt(n + g^2) - sqrt(n)) / alpha, z += g - sigma w, n += g^2.

    Args:
        alpha: the rate; beta: how much slower it is at first.
        l1, l2: penalties; l1 makes coefficients 0.
        fit_intercept: a column of ones, penalised as all others are.
        max_iter: how often `fit` passes over the rows; shuffle: in another order each time.
    """

    def __init__(  # noqa: PLR0913 an estimator's settings
        self,
        *,
        alpha: float = 0.1,
        beta: float = 1.0,
        l1: float = 0.0,
        l2: float = 0.0,
        fit_intercept: bool = True,
        max_iter: int = 5,
        shuffle: bool = True,
        random_state: Any = None,
    ) -> None:
        self.alpha = alpha
        self.beta = beta
        self.l1 = l1
        self.l2 = l2
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Pass over the rows, from nothing."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self._begin(np.unique(y), X.shape[1])
        self.n_iter_ = self.max_iter
        rng = check_random_state(self.random_state)
        for _ in range(self.max_iter):
            order = rng.permutation(len(X)) if self.shuffle else np.arange(len(X))
            self._follow(X[order], y[order])
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Learn from some more rows, once, in their order; the first call needs all classes."""
        first = not hasattr(self, "classes_")
        X, y = validate_data(self, X, y, dtype=np.float64, reset=first)
        if first:
            if classes is None:
                raise ValueError("the first call of partial_fit needs the classes")
            self._begin(np.unique(classes), X.shape[1])
        self._follow(X, y)
        return self

    def decision_function(self, X: Any) -> Floats:
        """X w + intercept; above 0 for the second class."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(X @ self.coef_[0] + self.intercept_[0])

    def predict(self, X: Any) -> NDArray[Any]:
        """The labels."""
        above = self.decision_function(X) > 0
        return np.asarray(self.classes_[above.astype(np.int64)])

    def predict_proba(self, X: Any) -> Floats:
        """The probabilities of both classes."""
        p = expit(self.decision_function(X))
        return np.column_stack([1 - p, p])

    def __sklearn_tags__(self) -> Any:
        """Two classes alone."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def _begin(self, classes: NDArray[Any], n_features: int) -> None:
        """Coefficients of 0."""
        if len(classes) != 2:
            kind = "1 class" if len(classes) == 1 else type_of_target(classes)
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}; "
                "put FTRLClassifier into OneVsRestClassifier"
            )
        if not (self.alpha > 0 and min(self.beta, self.l1, self.l2) >= 0):
            raise ValueError("alpha must be above 0; beta, l1 and l2 must not be below")
        self.classes_ = classes
        self.z_, self.n_ = np.zeros(n_features + 1), np.zeros(n_features + 1)

    def _follow(self, X: Floats, y: NDArray[Any]) -> None:
        """One row after the other; the last column is the intercept's."""
        ones = np.full((len(X), 1), float(self.fit_intercept))
        if not np.isin(y, self.classes_).all():
            raise ValueError("a label that is none of the classes")
        for x, truth in zip(np.hstack([X, ones]), y == self.classes_[1], strict=True):
            w = self._weights()
            slope = (expit(x @ w) - truth) * x
            rate = (np.sqrt(self.n_ + slope * slope) - np.sqrt(self.n_)) / self.alpha
            self.z_ += slope - rate * w
            self.n_ += slope * slope
        w = self._weights()
        self.coef_, self.intercept_ = w[None, :-1].copy(), w[-1:].copy()

    def _weights(self) -> Floats:
        """The leader, in closed form."""
        rest = np.sign(self.z_) * self.l1 - self.z_
        slow = (self.beta + np.sqrt(self.n_)) / self.alpha + self.l2
        large = np.abs(self.z_) > self.l1
        return np.where(large, rest / np.where(slow > 0, slow, 1), 0.0)
