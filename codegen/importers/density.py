"""Kernel density: the log of a mean of kernels around the rows of the training set."""

from math import lgamma, log, pi

import numpy as np

from codegen.importers.attributes import floats, refuse
from codegen.importers.neighbors import shown
from codegen.importers.registry import importer
from codegen.ir import Distance, Elementwise, LogSumExp, Node, Outputs, Scale, require
from codegen.load import Record


@importer("sklearn.neighbors.KernelDensity")
def kernel_density(est: Record, x: Node) -> Outputs:
    """log of sum w_i k(|x - x_i| / h) / (h^d times the kernel's volume); weights sum to 1.

    scikit-learn adds differences of bounds of parts of a tree, the first of which is that of all
    rows at no distance; far from the rows little else is left of its sum.
    """
    if est.atol != 0 or est.rtol != 0:
        raise refuse(est, "atol or rtol above 0", "set both to 0: the C adds up every row")
    if est.metric not in ("euclidean", "l2") or est.metric_params:
        raise refuse(est, f"metric={shown(est.metric)}", "fit with metric='euclidean'")
    state = est.tree_.get("__state__")
    rows = floats(state[0])
    weight = np.ones(len(rows)) if state[-1] is None else floats(state[-1])
    require(weight.shape == (len(rows),) and (weight >= 0).all(), "weights of the rows")
    used = weight > 0
    require(used.any(), "no row with a weight")
    width, d = float(est.bandwidth_), x.size
    require(width > 0, "a bandwidth that is not positive")
    squared = Distance(x, rows[used])
    match est.kernel:
        case "gaussian":
            exponent: Node = squared
            rate, volume = 0.5 / width**2, d / 2 * log(2 * pi)
        case "exponential":
            exponent = Elementwise(squared, "sqrt")
            rate, volume = 1 / width, log_sphere(d - 1) + lgamma(d)
        case other:
            advice = "fit with 'gaussian' or 'exponential', which are above 0 everywhere"
            raise refuse(est, f"kernel={shown(other)}", advice)
    nearest = -volume - d * log(width)
    share = np.log(weight[used] / weight.sum()) + nearest
    terms = Scale(exponent, multiply=np.full(exponent.size, -rate), add=share)
    rounding = nearest + log(2 * len(rows) * 2.0**-53)
    return Outputs("density", {"score_samples": LogSumExp(terms, rounding)})


def log_sphere(n: int) -> float:
    """The log of the surface of the n-dimensional sphere, 2 pi V(n - 1)."""
    return log(2 * pi) + (n - 1) / 2 * log(pi) - lgamma((n - 1) / 2 + 1)
