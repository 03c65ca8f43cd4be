"""Linear maps of kernel values: ridge regression, principal components, features of landmarks."""

import numpy as np

from codegen.importers.attributes import floats, refuse, regressor, transformer
from codegen.importers.registry import importer
from codegen.ir import KERNELS, LEAST_NORM, Affine, Floats, Kernel, Node, Normalize, Outputs
from codegen.load import Record

ALIASES = {"polynomial": "poly"}
DEFAULT_DEGREE = 3.0
DEFAULT_COEF0 = 1.0


@importer("sklearn.kernel_ridge.KernelRidge")
def kernel_ridge(est: Record, x: Node) -> Outputs:
    """The kernel values with the rows of the fit, times their dual coefficients."""
    dual = np.atleast_2d(floats(est.dual_coef_).T)
    values = kernel_values(est, x, floats(est.X_fit_))
    return regressor(Affine(values, dual, np.zeros(len(dual))))


@importer("sklearn.kernel_approximation.Nystroem")
def nystroem(est: Record, x: Node) -> Outputs:
    """The kernel values with the landmarks, normalised by one matrix.

    Dot products of landmarks have no more rank than columns: beyond it scikit-learn divides by
    rounding errors.
    """
    if est.kernel in ("linear", "cosine"):
        advice = "it adds nothing to the columns: use PCA, or kernel 'rbf', 'poly' or 'sigmoid'"
        raise refuse(est, f"kernel={est.kernel!r}", advice)
    weight = floats(est.normalization_)
    values = kernel_values(est, x, floats(est.components_))
    return transformer(Affine(values, weight, np.zeros(len(weight))))


@importer("sklearn.decomposition.KernelPCA")
def kernel_components(est: Record, x: Node) -> Outputs:
    """V (k - mean k - means of the fit + their mean), V the scaled eigenvectors.

    What is taken off every k goes into V, which then sums to zero.
    """
    around, bias, sizes = centred_components(est)
    values = kernel_values(est, x, floats(est.X_fit_))
    return transformer(Affine(values, around, bias, multiplied=sizes))


def centred_components(est: Record) -> tuple[Floats, Floats, Floats]:
    """Weights and constants of a KernelPCA over kernel values, and the sizes that it sums."""
    size, turned = floats(est.eigenvalues_), floats(est.eigenvectors_)
    weight = np.divide(turned, np.sqrt(size), out=np.zeros_like(turned), where=size != 0).T
    means = floats(est._centerer.K_fit_all_) - floats(est._centerer.K_fit_rows_)
    bias = (weight * means).sum(axis=1)
    around = weight - weight.mean(axis=1, keepdims=True)
    sizes = np.abs(np.column_stack([around, (np.abs(weight) * np.abs(means)).sum(axis=1)]))
    return around, bias, sizes


def kernel_values(est: Record, x: Node, vectors: Floats) -> Node:
    """k(x, v) for each vector; a parameter that was left out has scikit-learn's default."""
    function = ALIASES.get(est.kernel, est.kernel) if isinstance(est.kernel, str) else None
    if function == "cosine":
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = vectors / np.where(length < LEAST_NORM, 1, length)
        return Kernel(Normalize(x, "l2"), vectors, "linear", gamma=1.0, coef0=0.0, degree=0)
    if function not in KERNELS:
        shown = f"kernel={est.kernel!r}" if isinstance(est.kernel, str) else "kernel=<callable>"
        advice = "fit with kernel 'linear', 'poly', 'rbf', 'sigmoid' or 'cosine'"
        raise refuse(est, shown, advice)
    degree = parameter(est, "degree", DEFAULT_DEGREE) if function == "poly" else 0.0
    if not degree.is_integer() or degree < 0:
        raise refuse(est, f"degree={degree}", "a power has to be a whole number")
    return Kernel(
        x,
        vectors,
        function,
        gamma=1.0 if function == "linear" else gamma_of(est, x.size),
        coef0=parameter(est, "coef0", DEFAULT_COEF0) if function in ("poly", "sigmoid") else 0.0,
        degree=int(degree),
    )


def gamma_of(est: Record, n_features: int) -> float:
    """What the fit found, or was given; one over the number of columns otherwise."""
    found = est.get("gamma_")
    return parameter(est, "gamma", 1 / n_features) if found is None else float(found)


def parameter(est: Record, name: str, default: float) -> float:
    """A parameter of the kernel, from the constructor or from kernel_params."""
    more = est.get("kernel_params") or {}
    given = est.get(name) if est.get(name) is not None else more.get(name)
    return default if given is None else float(given)
