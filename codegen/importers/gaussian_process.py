"""Gaussian processes: sums over kernels between a row and the training set."""

from dataclasses import dataclass
from math import fsum
from typing import cast

import numpy as np

from codegen.errors import UnsupportedModel
from codegen.importers.attributes import complement, floats, integers, name, scored_classifier
from codegen.importers.members import asked
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Clip,
    Concat,
    Distance,
    Elementwise,
    Floats,
    Kernel,
    LogisticMean,
    Node,
    Outputs,
    Scale,
    Threshold,
    finite,
    require,
)
from codegen.load import Record

KERNELS = "sklearn.gaussian_process.kernels."
MATERN = {0.5: ("exponential", 1.0), 1.5: ("matern32", 3.0), 2.5: ("matern52", 5.0)}
MATERN[np.inf] = ("rbf", 0.5)
DEEPEST = 64


@importer("sklearn.gaussian_process.GaussianProcessRegressor")
def gaussian_process_regressor(est: Record, x: Node) -> Outputs:
    """mean = k . alpha in units of the targets; variance = k(x, x) - |L^-1 k|^2.

    Noise is part of k(x, x) and of no other kernel value. A variance below 0 counts as 0.
    """
    rows, alpha = floats(est.X_train_), floats(est.alpha_)
    alpha = alpha.reshape(len(rows), -1)
    spread = np.atleast_1d(floats(est._y_train_std))
    centre = np.atleast_1d(floats(est._y_train_mean))
    terms = terms_of(est.kernel_)
    mean = summed(terms, x, rows, (alpha * spread).T, np.broadcast_to(centre, alpha.shape[1]))
    solve = inverse_of_triangle(floats(est.L_))
    explained = squared_length(summed(terms, x, rows, solve, np.zeros(len(rows))))
    variance = at_least_0(less(own_value(terms, x), explained))
    deviation: Node = Elementwise(variance, "sqrt")
    if spread.size > 1:
        deviation = Affine(deviation, spread[:, None], np.zeros(spread.size))
    elif spread[0] != 1:
        deviation = Scale(deviation, multiply=spread)
    return Outputs("regressor", {"predict": mean, "predict_std": deviation})


@importer("sklearn.gaussian_process.GaussianProcessClassifier")
def gaussian_process_classifier(est: Record, x: Node) -> Outputs:
    """The one classifier of two classes, or many of them: one against the rest, one against one."""
    inside = asked(est, est.base_estimator_, x)
    methods = {m: y for m, y in inside.methods.items() if m != "decision_function"}
    return Outputs("classifier", methods, inside.classes)


@importer("sklearn.gaussian_process._BinaryGaussianProcessClassifierLaplace")
def laplace_classifier(est: Record, x: Node) -> Outputs:
    """Latent f = k . (y - pi) > 0; the mean of the logistic function over N(f, variance).

    variance = k(x, x) - |L^-1 (w k)|^2.
    """
    rows = floats(est.X_train_)
    terms = terms_of(est.kernel_)
    slope = integers(est.y_train_) - floats(est.pi_)
    f = summed(terms, x, rows, slope[None], np.zeros(1))
    solve = inverse_of_triangle(floats(est.L_)) * floats(est.W_sr_)
    explained = squared_length(summed(terms, x, rows, solve, np.zeros(len(rows))))
    variance = at_least_0(less(own_value(terms, x), explained))
    proba = complement(LogisticMean(Concat((f, variance))))
    predict = Threshold(f, 0.0, inclusive=False)
    return scored_classifier(est.classes_, predict=predict, proba=proba)


def at_least_0(variance: Node) -> Node:
    """A variance; one below 0 counts as 0."""
    return Clip(variance, 0.0, float(np.finfo(np.float32).max))


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A factor times one kernel, or times 1 where there is none; noise: on the diagonal alone.

    The kernel is that of Kernel(x / unit, rows / unit, function, gamma, coef0).
    """

    factor: float
    function: str = ""
    unit: Floats | None = None
    gamma: float = 1.0
    coef0: float = 0.0
    noise: bool = False


def terms_of(kernel: Record, depth: int = 0) -> list[Term]:
    """A kernel as a sum of terms."""
    require(depth < DEEPEST, "kernels nested too deeply")
    match name(kernel):
        case "Sum":
            return terms_of(kernel.k1, depth + 1) + terms_of(kernel.k2, depth + 1)
        case "Product":
            left, right = terms_of(kernel.k1, depth + 1), terms_of(kernel.k2, depth + 1)
            return [product_of(a, b) for a in left for b in right]
        case "ConstantKernel":
            return [Term(float(kernel.constant_value))]
        case "WhiteKernel":
            return [Term(float(kernel.noise_level), noise=True)]
        case "DotProduct":
            return [Term(float(kernel.sigma_0) ** 2), Term(1.0, "linear")]
        case _:
            return [distance_term(kernel)]


def distance_term(kernel: Record) -> Term:
    """A kernel of the distance in units of its length scales."""
    length = floats(kernel.length_scale) if "length_scale" in kernel else np.ones(1)
    require((length > 0).all(), "a length scale that is not positive")
    match name(kernel):
        case "RBF":
            return Term(1.0, "rbf", np.atleast_1d(length), 0.5)
        case "Matern" if float(kernel.nu) in MATERN:
            function, gamma = MATERN[float(kernel.nu)]
            return Term(1.0, function, np.atleast_1d(length), gamma)
        case "RationalQuadratic":
            shape = float(kernel.alpha)
            require(shape > 0, "a rational quadratic kernel without a shape")
            return Term(1.0, "rational", np.atleast_1d(length), 0.5 / shape, shape)
        case "Matern":
            raise refused(f"Matern(nu={float(kernel.nu)!r})")
        case other:
            raise refused(other)


def refused(what: str) -> UnsupportedModel:
    """The error for a kernel that has no faithful C form."""
    return UnsupportedModel(
        f"the kernel {what} has no C form; fit with sums of RBF, Matern (nu 0.5, 1.5 or 2.5), "
        "RationalQuadratic, DotProduct and WhiteKernel, each with constant factors"
    )


def product_of(a: Term, b: Term) -> Term:
    """Constants multiply; squared exponentials join; noise keeps what is on the diagonal."""
    factor = a.factor * b.factor
    if a.noise or b.noise:
        if "linear" in (a.function, b.function):
            raise refused("WhiteKernel * DotProduct")
        return Term(factor, noise=True)
    if not a.function or not b.function:
        other = a if a.function else b
        return Term(factor, other.function, other.unit, other.gamma, other.coef0)
    if a.function == b.function == "rbf":
        rate = sum(t.gamma / cast("Floats", t.unit) ** 2 for t in (a, b))
        return Term(factor, "rbf", np.sqrt(0.5 / np.asarray(rate)), 0.5)
    raise refused(f"{a.function} * {b.function}")


def kernel_values(term: Term, x: Node, rows: Floats) -> Kernel:
    """A term's kernel between x and the rows, its factor left out."""
    if term.unit is None:
        return Kernel(x, rows, "linear", 1.0, 0.0, 0)
    unit, gamma = term.unit, term.gamma
    if unit.size == 1:
        return Kernel(x, rows, term.function, gamma / float(unit[0]) ** 2, term.coef0, 0)
    return Kernel(Scale(x, divide=unit), rows / unit, term.function, gamma, term.coef0, 0)


def summed(terms: list[Term], x: Node, rows: Floats, weight: Floats, bias: Floats) -> Node:
    """weight @ k + bias, k the kernel values of all training rows."""
    finite("a Gaussian process", weight)
    total = np.array([fsum(row) for row in weight])
    constant = fsum(t.factor for t in terms if not t.function and not t.noise)
    bias = bias + constant * total
    parts = [t for t in terms if t.function]
    if not parts:
        return Affine(x, np.zeros((len(bias), x.size)), bias)
    zero = np.zeros(len(bias))
    sums = [
        Affine(kernel_values(t, x, rows), t.factor * weight, zero if i else bias)
        for i, t in enumerate(parts)
    ]
    if len(sums) == 1:
        return sums[0]
    return Affine(Concat(tuple(sums)), np.hstack([np.eye(len(bias))] * len(sums)), zero)


def own_value(terms: list[Term], x: Node) -> tuple[float, Node | None]:
    """k(x, x): a constant, and |x|^2 with its factor where there is a dot product."""
    linear = fsum(t.factor for t in terms if t.function == "linear")
    constant = fsum(t.factor for t in terms if t.function != "linear")
    if not linear:
        return constant, None
    return constant, Scale(squared_length(x), multiply=np.array([linear]))


def less(own: tuple[float, Node | None], explained: Node) -> Node:
    """What is left of k(x, x)."""
    constant, square = own
    if square is None:
        return Scale(explained, multiply=-np.ones(1), add=np.array([constant]))
    return Affine(Concat((square, explained)), np.array([[1.0, -1.0]]), np.array([constant]))


def squared_length(x: Node) -> Node:
    """|x|^2."""
    return Distance(x, np.zeros((1, x.size)))


def inverse_of_triangle(lower: Floats) -> Floats:
    """The inverse of a lower triangle by forward substitution, each sum rounded once."""
    n = len(lower)
    require(lower.shape == (n, n) and (np.diag(lower) > 0).all(), "a Cholesky factor")
    inverse = np.zeros((n, n))
    for i in range(n):
        inverse[i, i] = 1 / lower[i, i]
        for j in range(i):
            inverse[i, j] = -fsum(lower[i, j:i] * inverse[j:i, j]) / lower[i, i]
    return inverse
