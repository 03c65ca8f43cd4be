"""The data of the tests: rows to fit on and at least 300 that no model has seen, from fixed seeds.

All values are float32 numbers, given as float64: both sides of a comparison see the same rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets

UNSEEN = 300


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """X (n_rows, n_features) with labels y and numbers t to fit on; rows (>= 300, n_features) not.

    names: column names, where models are fitted on a frame.
    """

    X: NDArray[np.float64]
    y: NDArray[Any]
    t: NDArray[np.float64]
    rows: NDArray[np.float64]
    names: tuple[str, ...] = ()

    @property
    def two_numbers(self) -> NDArray[np.float64]:
        """Two numbers to predict for each row."""
        return np.column_stack([self.t, self.t**2 / 100 - self.X[:, 0]])

    @property
    def positive(self) -> NDArray[np.float64]:
        """A number above 0 for each row."""
        return np.abs(self.t) + 1

    @property
    def indicators(self) -> NDArray[np.int64]:
        """Whether each row is of the first class, the second, the third."""
        return (np.unique(self.y, return_inverse=True)[1][:, None] == np.arange(3)).astype(np.int64)

    @property
    def half_labelled(self) -> NDArray[np.int64]:
        """The number of the class, or -1 for every second row, whose label is not told."""
        known = np.unique(self.y, return_inverse=True)[1]
        return np.where(np.arange(len(known)) % 2 == 0, known, -1)

    @property
    def amount(self) -> NDArray[np.float64]:
        """A number above 0 to predict for each row."""
        return 0.1 + (self.t - self.t.min()) / self.t.std()

    @property
    def two_labels(self) -> NDArray[Any]:
        """Two labels for each row: of all classes, and of two."""
        known = np.unique(self.y, return_inverse=True)[1]
        return np.column_stack([known + 5, (self.t > np.median(self.t)).astype(np.int64)])


def single(X: Any) -> NDArray[np.float64]:
    """Rounded to float32, as the C sees it."""
    return np.asarray(X).astype(np.float32).astype(np.float64)


def clouds(
    labels: Sequence[Any], n_features: int, *, mean: float = 0.0, shares: Any = None
) -> Data:
    """Overlapping clouds, one for each label, in columns of unlike sizes; shares: of the rows."""
    rng = np.random.default_rng(n_features + 17 * len(labels))
    kind = rng.choice(len(labels), 120 + UNSEEN, p=shares)
    kind[: len(labels)] = np.arange(len(labels))
    centres = rng.normal(size=(len(labels), n_features)) * 1.5
    spread = 10.0 ** rng.uniform(-1, 1, n_features)
    X = single((centres[kind] + rng.normal(size=(len(kind), n_features)) + mean) * spread)
    t = (X / spread) @ rng.normal(size=n_features) + rng.normal(size=len(kind))
    return Data(X[:120], np.array(labels)[kind][:120], t[:120], X[120:])


def real(bunch: Any, n_train: int, labels: Sequence[Any], *, names: Sequence[str] = ()) -> Data:
    """A data set of scikit-learn, shuffled; kept rows are added with noise where they run short."""
    rng = np.random.default_rng(n_train)
    order = rng.permutation(len(bunch.data))
    X, target = single(bunch.data[order]), np.asarray(bunch.target)[order]
    kept = X[n_train:]
    if len(kept) < UNSEEN:
        again = kept[rng.integers(len(kept), size=UNSEEN - len(kept))]
        noise = rng.normal(size=again.shape) * X.std(axis=0) / 4
        kept = np.vstack([kept, single(again + noise)])
    y = np.array(labels)[target[:n_train].astype(np.int64) % len(labels)]
    t = (X @ (1 / (X.std(axis=0) + 1)) + target)[:n_train]
    return Data(X[:n_train], y, t, kept[:500], tuple(names))


def short(name: str) -> Data:
    """Half of the rows to fit on, for models that keep the square of their number."""
    known = data(name)
    half = len(known.X) // 2
    return Data(known.X[:half], known.y[:half], known.t[:half], known.rows, known.names)


def holes(known: Data) -> Data:
    """The same data with one value in ten missing."""
    rng = np.random.default_rng(3)
    X, rows = (np.where(rng.random(a.shape) < 0.1, np.nan, a) for a in (known.X, known.rows))
    return Data(X, known.y, known.t, rows, known.names)


def coded(known: Data) -> Data:
    """The same data with a category from 0 to 3 in the place of each number; all are met."""
    cuts = np.quantile(known.X, [0.2, 0.5, 0.8], axis=0)
    X, rows = ((a[:, None, :] > cuts).sum(axis=1).astype(np.float64) for a in (known.X, known.rows))
    X[:4] = np.arange(4)[:, None]
    return Data(X, known.y, known.t, rows)


def kinds(*, missing: float = 0.0) -> Data:
    """Three columns of categories, one of them rare, and two of numbers."""
    rng = np.random.default_rng(5)
    n = 120 + UNSEEN
    kind = rng.choice(4, size=(n, 3), p=[0.5, 0.3, 0.15, 0.05])
    kind[:4] = np.arange(4)[:, None]
    values = kind * np.array([1.0, -3.0, 0.1])
    X = single(np.column_stack([values, rng.normal(size=(n, 2)) * [1.0, 50.0] + [0.0, 400.0]]))
    X[4:, :3] = np.where(rng.random((n - 4, 3)) < missing, np.nan, X[4:, :3])
    t = kind[:, 0] - 2.0 * kind[:, 1] + X[:, 3] + rng.normal(size=n)
    y = np.array(["calm", "fair", "storm"])[np.digitize(t, [-2.0, 1.0])]
    return Data(X[:120], y[:120], t[:120], X[120:])


def diabetes() -> Data:
    """Ten columns of scaled measurements, and the progress of a disease."""
    known = real(datasets.load_diabetes(), 140, ["low", "high"])
    target = datasets.load_diabetes().target[np.random.default_rng(140).permutation(442)][:140]
    y = np.where(target > 140, "high", "low")
    return Data(known.X, y, target.astype(np.float64), known.rows)


def iris(names: Sequence[str] = ()) -> Data:
    """Three classes, text."""
    return real(datasets.load_iris(), 75, ["setosa", "versicolor", "virginica"], names=names)


NAMES = ("sepal length (cm)", "sepal width (cm)", "petal length", "petal-width é")

MADE: dict[str, Callable[[], Data]] = {
    "iris": iris,
    "iris_frame": lambda: iris(NAMES),
    "wine": lambda: real(datasets.load_wine(), 90, [5, 7, 9]),
    "cancer": lambda: real(datasets.load_breast_cancer(), 200, [False, True]),
    "digits": lambda: real(datasets.load_digits(), 300, range(10)),  # 64 features
    "diabetes": diabetes,
    "one": lambda: clouds([-1, 1], 1),  # one feature
    "one_many": lambda: clouds(["a", "b", "c", "d"], 1),
    "far": lambda: clouds([-3, 4, 10], 6, mean=1000.0),  # a thousand times the deviation
    "rare": lambda: clouds(["no", "yes"], 3, shares=[0.9, 0.1]),
    "wide": lambda: clouds([7, 8, 9, 11], 80),
    "huge_labels": lambda: clouds([-(2**40), 0, 2**40], 4),
    "float_labels": lambda: clouds([1.0, 3.0], 4),
    **{f"short_{n}": partial(short, n) for n in ("one", "rare", "iris", "float_labels")},
    "coded": lambda: coded(data("wine")),
    "coded_few": lambda: coded(data("iris")),
    "coded_two": lambda: coded(data("rare")),
    "kinds": kinds,
    "kinds_holes": lambda: kinds(missing=0.1),
    "holes": lambda: holes(data("wine")),
    "holes_many": lambda: holes(data("iris")),
}


@cache
def data(name: str) -> Data:
    """A data set by its name."""
    return MADE[name]()
