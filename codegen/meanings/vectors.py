"""Distances to vectors and kernels in numpy."""

import numpy as np
from scipy.special import erf

from codegen import ir
from codegen.ir import Floats

RATES = np.array([0.41, 0.4, 0.37, 0.44, 0.39])
SHARES = np.array([-1854.8214151, 3516.89893646, 221.29346712, 128.12323805, -2010.49422654])


def squared_distance(x: Floats, centres: Floats) -> Floats:
    """Sums of squared differences (n_rows, n_centres)."""
    return np.stack([((x - c) ** 2).sum(axis=1) for c in centres], axis=1)


def weighted_squares(x: Floats, centres: Floats, weight: Floats) -> Floats:
    """Sums of squared differences, each times its weight (n_rows, n_centres)."""
    both = zip(centres, weight, strict=True)
    return np.stack([(w * (x - c) ** 2).sum(axis=1) for c, w in both], axis=1)


def distance(x: Floats, centres: Floats, power: float) -> Floats:
    """Sums of powers of differences, or the largest difference (n_rows, n_centres)."""
    if power == 2:
        return squared_distance(x, centres)
    sizes = (np.abs(x - c) for c in centres)
    over = np.max if np.isinf(power) else np.sum
    return np.stack([over(s, axis=1) for s in sizes], axis=1)


def kernel(node: ir.Kernel, x: Floats) -> Floats:
    """Kernel values (n_rows, n_vectors)."""
    if node.function in ir.RADIAL:
        return radial(node, node.gamma * squared_distance(x, node.vectors))
    dot = x @ node.vectors.T
    if node.function == "linear":
        return dot
    dot = node.gamma * dot + node.coef0
    return np.tanh(dot) if node.function == "sigmoid" else dot**node.degree


def log_sum_exp(x: Floats) -> Floats:
    """The logarithm of the sum of e^x (n_rows, 1)."""
    top = x.max(axis=1, keepdims=True)
    return np.asarray(top + np.log(np.exp(x - top).sum(axis=1, keepdims=True)))


def logistic_mean(x: Floats) -> Floats:
    """The mean of the logistic function over normal distributions (n_rows, 1)."""
    mean, variance = x[:, :1], x[:, 1:]
    terms = erf((RATES * mean / np.sqrt(1 + 2 * RATES**2 * variance)).astype(np.float64))
    return np.asarray((SHARES.sum() + (SHARES * terms).sum(axis=1, keepdims=True)) / 2)


def radial(node: ir.Kernel, s: Floats) -> Floats:
    """Kernels of the distance, as functions of its square in units of the kernel's own."""
    t = np.sqrt(s)
    match node.function:
        case "exponential":
            return np.exp(-t)
        case "matern32":
            return (1 + t) * np.exp(-t)
        case "matern52":
            return (1 + t + s / 3) * np.exp(-t)
        case "rational":
            return (1 + s) ** -node.coef0
        case _:
            return np.exp(-s)
