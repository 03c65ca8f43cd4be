"""Sums over columns: linear maps, products, kernels, distances."""

from dataclasses import dataclass

import numpy as np

from codegen.ir.node import Floats, Ints, Node, finite, require

KERNELS = ("linear", "poly", "rbf", "sigmoid")
RADIAL = ("rbf", "exponential", "matern32", "matern52", "rational")
POWERS = (1.0, 2.0, np.inf)
COMPLEMENT = (np.array([[-1.0], [1.0]]), np.array([1.0, 0.0]))
"""Weight and bias of [1 - x, x]."""


@dataclass(frozen=True, slots=True, eq=False)
class Monomials(Node):
    """y[i] = product over j of x[j] ** powers[i, j]; powers (n_out, n_in) integers >= 0."""

    x: Node
    powers: Ints

    def __post_init__(self) -> None:
        require(self.powers.ndim == 2 and self.powers.shape[1] == self.x.size, "powers of a width")
        require(((self.powers >= 0) & (self.powers <= 255)).all(), "a power outside 0..255")

    @property
    def size(self) -> int:
        return int(self.powers.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class Affine(Node):
    """weight @ x + bias; weight (n_out, n_in), bias (n_out,).

    compared: the values are only compared with one another, so an error may be measured against
    the largest of them. multiplied: where the estimator sums more terms than these, which are
    their product: the sizes of all its terms, (n_out, n_in + 1), those without x in the last
    column; its own rounding is measured against them.
    """

    x: Node
    weight: Floats
    bias: Floats
    compared: bool = False
    multiplied: Floats | None = None

    def __post_init__(self) -> None:
        shape = (self.bias.size, self.x.size)
        require(self.weight.shape == shape, f"weights {self.weight.shape}, expected {shape}")
        require(self.sizes.shape == (shape[0], shape[1] + 1), "sizes of terms")
        finite("a linear model", self.weight, self.bias)

    @property
    def sizes(self) -> Floats:
        """The sizes of the terms that the estimator sums (n_out, n_in + 1)."""
        if self.multiplied is not None:
            return self.multiplied
        return np.abs(np.column_stack([self.weight, self.bias]))

    @property
    def is_complement(self) -> bool:
        """Whether the values are [1 - x, x], the two probabilities of a binary classifier."""
        same = zip((self.weight, self.bias), COMPLEMENT, strict=True)
        return self.multiplied is None and all(np.array_equal(a, b) for a, b in same)

    @property
    def size(self) -> int:
        return int(self.bias.size)


@dataclass(frozen=True, slots=True, eq=False)
class Kernel(Node):
    """k(x, v) for each row v of vectors (n_vectors, n_in).

    linear x.v; poly (gamma x.v + coef0) ** degree; rbf exp(-gamma |x - v|^2);
    sigmoid tanh(gamma x.v + coef0). With t = sqrt(gamma) |x - v|: exponential exp(-t); matern32
    (1 + t) exp(-t); matern52 (1 + t + t^2 / 3) exp(-t); rational (1 + t^2) ** -coef0.
    """

    x: Node
    vectors: Floats
    function: str
    gamma: float
    coef0: float
    degree: int

    def __post_init__(self) -> None:
        require(self.vectors.ndim == 2 and self.vectors.shape[1] == self.x.size, "support vectors")
        require(self.vectors.shape[0] > 0, "no support vector")
        require(self.function in KERNELS + RADIAL, f"unknown kernel {self.function!r}")
        require(0 <= self.degree <= 255, f"degree {self.degree}")
        finite("a kernel", self.vectors, np.array([self.gamma, self.coef0]))

    @property
    def size(self) -> int:
        return int(self.vectors.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class Distance(Node):
    """sum |x - c|^power for each row c of centres (n_centres, n_in); of power inf the largest.

    streamed: the centres are the rows of a training set, which are compared one by one. weight
    (n_centres, n_in): of power 2, what each square is multiplied by.
    """

    x: Node
    centres: Floats
    power: float = 2.0
    streamed: bool = False
    weight: Floats | None = None

    def __post_init__(self) -> None:
        require(self.power in POWERS, f"a distance of power {self.power}")
        require(self.centres.ndim == 2 and self.centres.shape[1] == self.x.size, "centres")
        require(self.centres.shape[0] > 0, "no centre")
        finite("a set of centres", self.centres, self.weight)
        if self.weight is not None:
            require(self.power == 2 and not self.streamed, "weights of other than squares")
            require(self.weight.shape == self.centres.shape, "weights of other centres")
            require((self.weight > 0).all(), "a weight that is not positive")

    @property
    def size(self) -> int:
        return int(self.centres.shape[0])


def is_streamed(node: Node) -> bool:
    """Whether a node gives the distances to the rows of a training set."""
    return isinstance(node, Distance) and node.streamed
