"""B-splines: polynomials between knots, and the four ways beyond the last ones."""

import numpy as np

from codegen.importers.attributes import floats, refuse, transformer
from codegen.importers.preprocessing import PREPROCESSING
from codegen.importers.registry import importer
from codegen.ir import (
    Bucketize,
    Elementwise,
    Floats,
    Gather,
    Ints,
    Node,
    Outputs,
    Piecewise,
    Scale,
    require,
)
from codegen.load import Record

NOWHERE = -1
EXTRAPOLATIONS = ("constant", "continue", "error", "linear", "periodic")

Piece = tuple[int, Floats]


@importer(PREPROCESSING + "SplineTransformer")
def spline_transformer(est: Record, x: Node) -> Outputs:
    """Of each column the piece between two knots, and the degree + 1 splines that it holds."""
    require(est.extrapolation in EXTRAPOLATIONS, f"extrapolation={est.extrapolation!r}")
    require(len(est.bsplines_) == x.size, "splines for another number of columns")
    degree, knots = int(est.degree), [attribute(spline, "t") for spline in est.bsplines_]
    constant = any(t[degree] == t[-degree - 1] for t in knots)
    if constant and est.extrapolation == "periodic":
        raise refuse(est, "a constant column", "drop it before the splines")
    if est.extrapolation == "linear" and degree < 2 and x.size > 1:
        # scikit-learn 1.3 to 1.9 raise the degree once more with every column
        what = f"extrapolation='linear', degree={degree}"
        raise refuse(est, what, "use extrapolation='continue', or one transformer a column")
    if est.extrapolation == "periodic":
        start, end = (np.array([t[i] for t in knots]) for i in (degree, -degree - 1))
        x = Elementwise(Scale(x, subtract=start, divide=end - start), "fraction")
        knots = [(t - a) / (b - a) for t, a, b in zip(knots, start, end, strict=True)]
    n_splines = attribute(est.bsplines_[0], "c").shape[1]
    y = splines(est, x, knots, degree, n_splines)
    if not est.include_bias:
        y = Gather(y, np.flatnonzero((np.arange(y.size) + 1) % n_splines))
    return transformer(y)


def attribute(spline: Record, name: str) -> Floats:
    """An array of scipy's BSpline, by the name that it has or had."""
    return floats(spline.get(f"_{name}") if f"_{name}" in spline else getattr(spline, name))


def splines(est: Record, x: Node, knots: list[Floats], degree: int, n_splines: int) -> Node:
    """The pieces of all columns, and which of them a number is in."""
    edges, places, pieces = zip(*(column(est, t, degree) for t in knots), strict=True)
    counts = np.array([len(rows) for rows in pieces], np.int64)
    rows = [row for found in pieces for row in found]
    strict = est.extrapolation == "error"
    index = Bucketize(
        x,
        np.array([len(e) for e in edges], np.int64),
        np.concatenate(edges),
        np.concatenate(places),
        refuses_nan=est.get("handle_missing", "error") == "error",
        strict=strict,
    )
    return Piecewise(
        index,
        x,
        counts,
        np.array([row for _, row in rows]),
        degree=degree,
        n_out=n_splines,
        first=np.array([first % n_splines for first, _ in rows], np.int64),
    )


def column(est: Record, t: Floats, degree: int) -> tuple[Floats, Ints, list[Piece]]:
    """The edges of the pieces of one column, the piece of each part, and the pieces."""
    last = t[-degree - 1]
    end = len(t) - degree - 1
    inner = [i for i in range(degree, end) if t[i] < t[i + 1] or i == end - 1]
    pieces = [(i - degree, between_knots(t, i, degree)) for i in inner]
    places = [*range(len(inner))]
    below, above = places[0], places[-1]
    match est.extrapolation:
        case "error":
            below = above = NOWHERE
        case "periodic":
            below, above = above, below
        case "constant" if degree == 0:  # scikit-learn has no value to go on with
            below = above = NOWHERE
        case "constant" | "linear":
            below, above = len(inner), len(inner) + 1
            order = min(degree, int(est.extrapolation == "linear"))
            pieces += [
                beyond(pieces[i], knot, degree, order) for i, knot in ((0, t[degree]), (-1, last))
            ]
    # the last knot itself is inside; on a circle it is the first one
    after = last if est.extrapolation == "periodic" else np.nextafter(last, np.inf)
    edges = np.append(t[inner], after)
    return edges, np.array([below, *places, above, NOWHERE], np.int64), pieces


def between_knots(t: Floats, i: int, degree: int) -> Floats:
    """Origin, scale, and the polynomials of the splines that are not 0 between knots i and i + 1.

    Cox and de Boor's recursion, in coefficients of powers of a number that goes from 0 to 1. What
    is divided by the distance of equal knots is left out, as in scipy: the last piece may be a
    point.
    """
    width = t[i + 1] - t[i]
    near = float(np.float32(t[i]))
    origin = near if abs(near - t[i]) <= width / 4 else t[i]
    unit = 2.0 ** np.ceil(np.log2(width)) if width else 1.0
    row = np.zeros((degree + 1, degree + 1))
    row[0, 0] = 1.0
    for d in range(1, degree + 1):
        carried = np.zeros(degree + 1)
        for r in range(d):
            high, low = t[i + r + 1], t[i + 1 - d + r]
            share = row[r] / (high - low) if high > low else 0 * row[r]
            row[r] = carried + times(share, high - origin, -unit)
            carried = times(share, origin - low, unit)
        row[d] = carried
    return np.concatenate([[origin, 1 / unit], row[:, ::-1].ravel()])


def times(c: Floats, a: float, b: float) -> Floats:
    """Coefficients of (a + b t) times a polynomial that is not of the highest degree."""
    return np.asarray(a * c + b * np.append(0.0, c[:-1]))


def beyond(piece: Piece, knot: float, degree: int, order: int) -> Piece:
    """A piece from its last knot on: constant (order 0), or straight on (order 1)."""
    first, row = piece
    t = (knot - row[0]) * row[1]
    c = row[2:].reshape(degree + 1, degree + 1)
    powers = np.arange(degree, -1, -1)
    on = np.zeros_like(c)
    on[:, -1] = (c * t**powers).sum(axis=1)
    if order:
        on[:, -2] = (c * powers * t ** np.maximum(powers - 1, 0)).sum(axis=1) * row[1]
    return first, np.concatenate([[knot, float(order)], on.ravel()])
