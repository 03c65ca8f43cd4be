"""Matrices multiplied, factored and divided by in one fixed order of plain operations, no BLAS."""

import numpy as np

from codegen.ir import Affine, Distance, Floats, Node, require

ROUNDING = 2.0**-52


def quadratic_form(z: Node, form: Floats) -> Node:
    """z @ form @ z, as the squared length of a linear map: no term is negative, none cancels."""
    return squared_length(Affine(z, *without_bias(root(form))))


def squared_length(y: Node) -> Node:
    """The sum of the squares of y."""
    return Distance(y, np.zeros((1, y.size)))


def without_bias(weight: Floats) -> tuple[Floats, Floats]:
    """The two arrays of a linear map through zero."""
    return weight, np.zeros(len(weight))


def root(form: Floats) -> Floats:
    """R with R' R = form, for a symmetric matrix without negative eigenvalues (Cholesky, pivoted).

    The diagonal is scaled to 1 first; what is left below its rounding counts as 0.
    """
    n = len(form)
    require(form.shape == (n, n) and bool(np.isfinite(form).all()), "a matrix of covariances")
    size = np.sqrt(np.maximum(np.diagonal(form), 0))
    divisor = np.where(size > 0, size, 1)
    rest = (form + form.T) / 2 / np.outer(divisor, divisor)
    tolerance = 8 * n * ROUNDING
    rows = []
    for _ in range(n):
        place = int(np.diagonal(rest).argmax())
        if rest[place, place] <= tolerance:
            break
        row = rest[place] / np.sqrt(rest[place, place])
        rest = rest - np.outer(row, row)
        rest[place], rest[:, place] = 0, 0
        rows.append(row * divisor)
    require(bool((np.abs(rest) <= 1e-6).all()), "a matrix of covariances has negative eigenvalues")
    return np.array(rows) if rows else np.zeros((1, n))


def solve(a: Floats, b: Floats) -> Floats:
    """The X of a X = b, by elimination with row exchanges; a (n, n), b (n, m)."""
    n = len(a)
    whole = np.hstack([a, b]).astype(np.float64)
    for i in range(n):
        pivot = i + int(np.abs(whole[i:, i]).argmax())
        require(whole[pivot, i] != 0, "a matrix that cannot be inverted")
        whole[[i, pivot]] = whole[[pivot, i]]
        whole[i] /= whole[i, i]
        others = np.arange(n) != i
        whole[others] -= np.outer(whole[others, i], whole[i])
    return np.ascontiguousarray(whole[:, n:])
