"""A diffusion map: coordinates in which a random walk between near rows is slow."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import lobpcg
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.metrics import euclidean_distances
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

Floats = NDArray[np.float64]

FEWEST_A_VECTOR = 6
"""LOBPCG wants this many rows for each vector; of fewer all vectors are computed."""

FARTHEST = 80.0
"""Beyond this exponent a neighbour counts as if it were there: e^-80 of the nearest."""


class DiffusionMap(TransformerMixin, BaseEstimator):  # type: ignore[misc] # sklearn has no types
    """The slowest coordinates of a random walk (Coifman, Lafon 2006).

    k(x, y) = exp(-gamma |x - y|^2), p(x, y) = k(x, y) / sum over rows, p psi = lambda psi. The
    first psi is constant and left out; coordinate i of a row is lambda_i^n_steps psi_i. A row that
    was not fitted has Nystroem's: the mean of the fitted coordinates, weighted by p, over lambda.
    Where rows only walk to near ones it walks to its own nearest, and none of them back: the fitted
    rows themselves then move a little.

    Args:
        n_components: how many coordinates.
        gamma: the kernel's; None: 1 over the median of the squared distances.
        n_neighbors: None: every row is near every other; else a row walks to so many of the
            nearest, itself among them, and back. The matrix is sparse then.
        n_steps: how long the walk is.
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        gamma: float | None = None,
        n_neighbors: int | None = None,
        n_steps: int = 1,
        tol: float = 1e-9,
        max_iter: int = 500,
        random_state: Any = None,
    ) -> None:
        self.n_components = n_components
        self.gamma = gamma
        self.n_neighbors = n_neighbors
        self.n_steps = n_steps
        self.tol = tol
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 as others have it
        """The eigenvectors of the walk over these rows."""
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        count = len(X) if self.n_neighbors is None else self.n_neighbors
        if not (0 < self.n_components < len(X) and 1 < count <= len(X) and self.n_steps >= 0):
            raise ValueError(f"n_components, n_neighbors or n_steps do not fit {len(X)} rows")
        square = euclidean_distances(X, squared=True)
        middle = float(np.median(square[np.triu_indices(len(X), 1)]))
        self.gamma_ = 1 / (middle or 1.0) if self.gamma is None else float(self.gamma)
        kernel = np.exp(-self.gamma_ * square)
        vectors = self._slowest(kernel if count == len(X) else near(kernel, count))
        self.X_fit_ = X
        self.n_neighbors_ = count
        self.embedding_ = vectors * self.eigenvalues_**self.n_steps
        self.positions_ = self.embedding_ / self.eigenvalues_
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Floats:  # noqa: ARG002 as others have it
        """The coordinates of the rows themselves."""
        return np.asarray(self.fit(X).embedding_)

    def transform(self, X: Any) -> Floats:
        """Nystroem's coordinates; of the nearest rows alone where only these are near."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        square = np.array([((x - self.X_fit_) ** 2).sum(axis=1) for x in X])
        order = np.argsort(square, axis=1, kind="stable")[:, : self.n_neighbors_]
        nearest = np.take_along_axis(square, order, axis=1)
        far = np.minimum(self.gamma_ * (nearest - nearest[:, :1]), FARTHEST)
        weight = np.exp(-far)
        weight /= weight.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("rj,rjk->rk", weight, self.positions_[order]))

    def _slowest(self, kernel: Any) -> Floats:
        """The right eigenvectors of the walk, of mean square 1 weighted by degree."""
        degree = np.asarray(kernel.sum(axis=1)).ravel()
        root = 1 / np.sqrt(degree)
        scaled = diags_array(root) @ kernel @ diags_array(root)
        count = self.n_components + 1
        if len(root) < FEWEST_A_VECTOR * count:
            dense = scaled if isinstance(scaled, np.ndarray) else scaled.toarray()
            value, vector = np.linalg.eigh(dense)
            self.n_iter_ = 1
        else:
            start = check_random_state(self.random_state).normal(size=(len(root), count))
            start[:, 0] = np.sqrt(degree)
            value, vector, history = lobpcg(
                scaled, start, tol=self.tol, maxiter=self.max_iter, retResidualNormsHistory=True
            )
            self.n_iter_ = len(history)
        order = np.argsort(-value)[1:count]
        self.eigenvalues_ = value[order]
        if not (self.eigenvalues_ > 1e-9).all():
            raise ValueError("a coordinate in which nothing is near: lower n_components or gamma")
        vectors = vector[:, order] * root[:, None] * np.sqrt(degree.sum())
        sign = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(self.n_components)])
        return np.asarray(vectors * sign)


def near(kernel: Floats, count: int) -> csr_array:
    """The largest `count` of each row, and what has the row itself among its largest."""
    columns = np.argsort(-kernel, axis=1, kind="stable")[:, :count].ravel()
    rows = np.repeat(np.arange(len(kernel)), count)
    one_way = csr_array((kernel[rows, columns], (rows, columns)), shape=kernel.shape)
    return one_way.maximum(one_way.T).tocsr()
