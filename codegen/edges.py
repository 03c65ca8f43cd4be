"""Rows made at the edges: on thresholds and one float beside, at centres, zeros, extremes, NaN."""

import numpy as np

from codegen import ir
from codegen.emit import takes_nan
from codegen.ir import Floats, Model, Node
from codegen.passes.features import chain_of, way_of

SEED = 20240229


def edge_rows(model: Model, X: Floats | None, n_rows: int) -> Floats:
    """n_rows rows that try a lowered model where it could go wrong; from rows of X where given.

    Values are float32 numbers, as float64. Only finite values, and NaN where the model takes it.
    """
    rng = np.random.default_rng(SEED)
    base = plausible_rows(model, rng, n_rows)
    if X is not None and len(X):
        base[::2] = X[rng.integers(len(X), size=len(base[::2]))]
    rows = base.copy()
    cuts = thresholds(model)
    if cuts:
        on_thresholds(rows, cuts, rng)
    corner = [
        np.zeros(rows.shape[1]),
        np.full(rows.shape[1], -0.0),
        *marked_rows(model)[: n_rows // 4],
    ]
    rows[: len(corner)] = corner[: len(rows)]
    if takes_nan(model):
        holes = rng.random(rows.shape) < 1 / rows.shape[1]
        rows[1::4] = np.where(holes[1::4], np.nan, rows[1::4])
    keep_known(rows, model, rng)
    with np.errstate(over="ignore"):
        rounded = rows.astype(np.float32).astype(np.float64)
    return np.where(np.isinf(rounded), np.sign(rounded) * float(np.finfo(np.float32).max), rounded)


def thresholds(model: Model) -> dict[int, Floats]:
    """For each input column that trees read as it is: their thresholds."""
    found: dict[int, list[Floats]] = {}
    for node in ir.walk(model.methods.values()):
        if isinstance(node, ir.Bucketize):
            for j, edges in enumerate(node.edges_of):
                way = way_of(node.x, j)
                if isinstance(way.source, ir.Input) and not way.steps and edges.size:
                    found.setdefault(way.column, []).append(edges)
        if isinstance(node, ir.TreeEnsemble) and isinstance(behind(node), ir.Input):
            for column in np.unique(node.feature):
                found.setdefault(int(column), []).append(node.threshold[node.feature == column])
    return {column: np.unique(np.concatenate(cuts)) for column, cuts in found.items()}


def keep_known(rows: Floats, model: Model, rng: np.random.Generator) -> None:
    """Put known categories in the columns of encoders that refuse all others."""
    for node in ir.walk(model.methods.values()):
        if isinstance(node, ir.Bucketize) and node.strict:
            for j, (edges, places) in enumerate(zip(node.edges_of, node.places_of, strict=True)):
                way, known = way_of(node.x, j), edges[places[1:-1] >= 0]
                if isinstance(way.source, ir.Input) and known.size:
                    rows[:, way.column] = rng.choice(known, len(rows))


def behind(node: ir.TreeEnsemble) -> Node:
    """What a tree reads, rounding and holes left aside."""
    read = node.x
    while isinstance(read, ir.Round32 | ir.Hole):
        read = read.x
    return read


def behind_centre(node: ir.Scale) -> Node:
    """What a scaler reads, a centre that was split off left aside."""
    return node.x.x if isinstance(node.x, ir.Centre | ir.Scale) else node.x


def on_thresholds(rows: Floats, cuts: dict[int, Floats], rng: np.random.Generator) -> None:
    """Move up to four values of each row onto a threshold, or one float below or above it."""
    columns = list(cuts)
    for row in rows:
        for column in rng.choice(columns, size=min(4, len(columns)), replace=False):
            cut = np.float32(rng.choice(cuts[column]))
            step = (
                cut,
                np.nextafter(cut, np.float32(np.inf)),
                np.nextafter(cut, np.float32(-np.inf)),
            )
            row[column] = step[rng.integers(3)]


def marked_rows(model: Model) -> list[Floats]:
    """Centres and support vectors that are rows of the input itself, scalers undone."""
    found: list[Floats] = []
    for node in ir.walk(model.methods.values()):
        if isinstance(node, ir.Distance | ir.Kernel):
            source, steps = chain_of(node.x)
            if isinstance(source, ir.Input):
                points = node.centres if isinstance(node, ir.Distance) else node.vectors
                found += list(undone(points, steps))
    return found


def undone(points: Floats, steps: list[Node]) -> Floats:
    """The points before the scalers."""
    for step in reversed(steps):
        if isinstance(step, ir.Centre):
            points = points + step.high
        if isinstance(step, ir.Scale):
            subtract, divide, multiply, add = step.steps
            points = points if add is None else points - add
            points = points if multiply is None else points / multiply
            points = points if divide is None else points * divide
            points = points if subtract is None else points + subtract
    return points


def plausible_rows(model: Model, rng: np.random.Generator, n_rows: int) -> Floats:
    """Rows of the size that the model's own numbers tell: scalers, thresholds, centres."""
    width = model.input.n_features
    centre, spread = np.zeros(width), np.ones(width)
    for column, cuts in thresholds(model).items():
        centre[column] = np.median(cuts)
        spread[column] = max(float(np.ptp(cuts)), abs(centre[column]) / 8) or 1.0
    points = marked_rows(model)
    if points:
        centre, spread = np.mean(points, axis=0), np.std(points, axis=0) + 1e-3
    for node in ir.walk(model.methods.values()):
        if isinstance(node, ir.Scale) and isinstance(behind_centre(node), ir.Input):
            _, divide, multiply, _ = node.steps
            ones = np.ones(width)
            spread = np.abs(ones if divide is None else divide)
            spread = spread if multiply is None else spread / np.maximum(np.abs(multiply), 1e-30)
            centre = undone(np.zeros((1, width)), chain_of(node)[1])[0]
    return centre + spread * rng.normal(size=(n_rows, width))
