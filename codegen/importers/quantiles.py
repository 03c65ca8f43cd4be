"""Quantiles: a curve for each column, and the normal distribution behind it."""

from dataclasses import dataclass

import numpy as np

from codegen.importers.attributes import floats, transformer
from codegen.importers.functions import MOST, either, times, without
from codegen.importers.preprocessing import PREPROCESSING
from codegen.importers.registry import importer
from codegen.ir import (
    Bools,
    Clip,
    Concat,
    Elementwise,
    Floats,
    Gather,
    Interpolate,
    Node,
    Outputs,
    require,
)
from codegen.load import Record

NEAR = 1e-7
LEAST = NEAR - 2.0**-52


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points of a curve that rises or falls; jumps[i]: it does so at once, between i and i + 1."""

    knots: Floats
    values: Floats
    jumps: Bools

    def at(self, x: Node) -> Interpolate:
        """The value at x."""
        return Interpolate(x, self.knots, self.values, steps=np.flatnonzero(self.jumps))


@importer(PREPROCESSING + "QuantileTransformer")
def quantile_transformer(est: Record, x: Node) -> Outputs:
    """The share of smaller values; of a normal distribution the value that has this share below.

    In the upper half it is the share above that is looked up, to keep its digits.
    """
    require(est.output_distribution in ("uniform", "normal"), "a distribution of quantiles")
    shares, quantiles = floats(est.references_), floats(est.quantiles_)
    require(quantiles.shape == (shares.size, x.size), "quantiles of another number of columns")
    columns = [Gather(x, np.array([j])) for j in range(x.size)]
    curves = [rising(column, shares) for column in quantiles.T]
    if est.output_distribution == "uniform":
        return transformer(Concat(tuple(c.at(y) for c, y in zip(curves, columns, strict=True))))
    lower, upper = zip(*(tails(c, y) for c, y in zip(curves, columns, strict=True)), strict=True)
    return transformer(either(normal(lower), times(normal(upper), -1.0)))


def normal(shares: tuple[Node, ...]) -> Node:
    """The number of a normal distribution that has this share below."""
    return Elementwise(Clip(Concat(shares), LEAST, 0.5), "ndtri")


def rising(quantiles: Floats, shares: Floats) -> Curve:
    """Quantiles with their shares; at equal ones the mean of the first and the last."""
    knots, first, counts = np.unique(quantiles, return_index=True, return_counts=True)
    last = first + counts - 1
    middle = (shares[first] + shares[last]) / 2
    all_three = np.column_stack([shares[first], middle, shares[last]])
    repeated = counts > 1
    kept = np.column_stack([repeated, np.ones_like(repeated), repeated])
    jumps = np.column_stack([repeated, repeated, np.zeros_like(repeated)])
    return Curve(np.repeat(knots, 3)[kept.ravel()], all_three[kept], jumps[kept][:-1])


def tails(curve: Curve, x: Node) -> tuple[Node, Node]:
    """The share below where it is less than a half, else NaN; and the share above."""
    curve = crossing(closed(curve))
    below, above = np.minimum(curve.values, 0.5), np.minimum(1 - curve.values, 0.5)
    end = int(np.argmax(below == 0.5))
    half = float(curve.knots[end])
    same = curve.knots == half
    if same.sum() > 1 and end == np.flatnonzero(same)[-1]:
        half = float(np.nextafter(half, np.inf))  # at the jump itself the share is less
    lower = Curve(curve.knots[: end + 2], below[: end + 2], curve.jumps[: end + 1])
    start = max(0, end - 2)
    upper = Curve(curve.knots[start:], above[start:], curve.jumps[start:])
    return lower.at(without(x, half, MOST)), upper.at(x)


def closed(curve: Curve) -> Curve:
    """0 up to a ten millionth above the first knot, 1 from a ten millionth below the last."""
    low, high = curve.knots[0], curve.knots[-1]
    bottom = max(v for v in beside(low + NEAR) if v - NEAR < low)
    top = min(v for v in beside(high - NEAR) if v + NEAR > high)
    inner = np.array([np.nextafter(bottom, np.inf), np.nextafter(top, -np.inf)])
    if inner[0] > inner[1]:
        return Curve(np.array([bottom, inner[0]]), np.array([0.0, 1.0]), np.array([True]))
    within = (curve.knots > inner[0]) & (curve.knots < inner[1])
    first, last = (
        np.interp(inner, curve.knots, curve.values)
        - np.interp(-inner, -curve.knots[::-1], -curve.values[::-1])
    ) / 2
    knots = np.concatenate([[bottom, inner[0]], curve.knots[within], [inner[1], top]])
    values = np.concatenate([[0.0, first], curve.values[within], [last, 1.0]])
    between = np.append(curve.jumps, False)[within]
    return Curve(knots, values, np.concatenate([[True, False], between, [True]]))


def beside(value: float) -> list[float]:
    """A number with the three below it and above it."""
    found = [value]
    for side in (-np.inf, np.inf):
        near = value
        for _ in range(3):
            near = float(np.nextafter(near, side))
            found.append(near)
    return found


def crossing(curve: Curve) -> Curve:
    """The curve with a knot where it passes a half."""
    k, v = curve.knots, curve.values
    passed = np.flatnonzero((v[:-1] < 0.5) & (v[1:] > 0.5) & ~curve.jumps)
    at = k[passed] + (0.5 - v[passed]) * (k[passed + 1] - k[passed]) / (v[passed + 1] - v[passed])
    return Curve(
        np.insert(k, passed + 1, np.clip(at, k[passed], k[passed + 1])),
        np.insert(v, passed + 1, 0.5),
        np.insert(curve.jumps, passed + 1, False),
    )
