"""Feature maps of kernels: random or evenly spaced Fourier features, sketches of polynomials."""

from math import cosh, pi

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.functions import filled
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Concat,
    Elementwise,
    Floats,
    Monomials,
    Node,
    Outputs,
    Scale,
    require,
)
from codegen.load import Record

APPROXIMATION = "sklearn.kernel_approximation."
INTERVALS = {1: 0.8, 2: 0.5, 3: 0.4}
MOST_COEFFICIENTS = 1 << 16

Polynomial = dict[tuple[int, ...], Floats]
"""The coefficients of each output (n_out,), by the powers of the columns."""


@importer(APPROXIMATION + "RBFSampler")
def fourier_features(est: Record, x: Node) -> Outputs:
    """sqrt(2 / m) cos(W x + offset) of m random directions."""
    return transformer(random_cosines(est, x))


@importer(APPROXIMATION + "SkewedChi2Sampler")
def skewed_chi2_features(est: Record, x: Node) -> Outputs:
    """The same of log(x + skewedness)."""
    moved = Scale(x, add=np.full(x.size, float(est.skewedness)))
    return transformer(random_cosines(est, Elementwise(moved, "log")))


def random_cosines(est: Record, x: Node) -> Node:
    """Cosines along random directions, scaled."""
    weight = floats(est.random_weights_).T
    cosines = Elementwise(Affine(x, weight, floats(est.random_offset_)), "cos")
    return Scale(cosines, multiply=np.full(len(weight), np.sqrt(2 / int(est.n_components))))


@importer(APPROXIMATION + "AdditiveChi2Sampler")
def additive_chi2_features(est: Record, x: Node) -> Outputs:
    """sqrt(h x); for j = 1, 2 ..: sqrt(2 h x / cosh(pi j h)) times cos and sin of j h log x.

    Zero gives zeros: its logarithm is taken to be that of 1. sin a = cos(a - pi / 2).
    """
    steps = int(est.sample_steps)
    h = INTERVALS[steps] if est.sample_interval is None else float(est.sample_interval)
    sizes = [h, *(2 * h / cosh(pi * j * h) for j in range(1, steps))]
    unit = np.eye(x.size)
    spread = np.concatenate([size * unit for size in sizes])
    roots = Elementwise(Affine(x, spread, np.zeros(len(spread))), "sqrt")
    if steps == 1:
        return transformer(roots)
    turns = np.concatenate([j * h * unit for j in range(1, steps) for _ in ("cos", "sin")])
    quarter = np.tile(np.repeat([0.0, -pi / 2], x.size), steps - 1)
    logarithms = Elementwise(filled(x, 0.0, np.ones(x.size)), "log")
    waves = Elementwise(Affine(logarithms, turns, quarter), "cos")
    return transformer(products(roots, waves, x.size))


def products(roots: Node, waves: Node, n: int) -> Node:
    """The first n roots, then each next n of them times two times n waves."""
    root = np.arange(roots.size).reshape(-1, n)
    power = np.eye(roots.size + waves.size, dtype=np.int64)
    doubled = power[np.repeat(root[1:], 2, axis=0).ravel()] + power[roots.size :]
    return Monomials(Concat((roots, waves)), np.concatenate([power[root[0]], doubled]))


@importer(APPROXIMATION + "PolynomialCountSketch")
def polynomial_sketch(est: Record, x: Node) -> Outputs:
    """The circular convolution of `degree` count sketches of x, multiplied out.

    Each sketch adds the columns, with signs, into places; so the product is one polynomial in the
    columns for each place, and the Fourier transforms of scikit-learn only a way to find it.
    """
    places, signs = integers(est.indexHash_), floats(est.bitHash_)
    m, constant = int(est.n_components), float(est.coef0)
    require(places.shape == signs.shape == (int(est.degree), x.size + (constant != 0)), "hashes")
    sizes = np.append(np.full(x.size, np.sqrt(float(est.gamma))), np.sqrt(constant))
    unit = [tuple(row) for row in np.eye(x.size + 1, x.size, dtype=np.int64).tolist()]
    terms: Polynomial = {unit[-1]: np.eye(1, m)[0]}
    for place, sign in zip(places.tolist(), signs, strict=True):
        n = len(place)
        terms = times(terms, list(zip(unit[:n], place, sign * sizes[:n], strict=True)))
        if len(terms) * m > MOST_COEFFICIENTS:
            what = (
                f"degree={est.degree} of {x.size} columns: more than {MOST_COEFFICIENTS} products"
            )
            raise refuse(est, what, "use RBFSampler or Nystroem, or PCA before it")
    powers = np.array(list(terms), np.int64)
    return transformer(Affine(Monomials(x, powers), np.array(list(terms.values())).T, np.zeros(m)))


def times(terms: Polynomial, sketch: list[tuple[tuple[int, ...], int, float]]) -> Polynomial:
    """A polynomial times one sketch: each column raises its power and turns the places."""
    product: Polynomial = {}
    for powers, values in terms.items():
        for unit, place, size in sketch:
            raised = tuple(map(sum, zip(powers, unit, strict=True)))
            turned = size * np.roll(values, place)
            product[raised] = product[raised] + turned if raised in product else turned
    return product
