"""Rows made at the edges: on thresholds and one number beside, at centres, zeros, extremes, NaN."""

import numpy as np

from codegen import ir
from codegen.declared import nearest, span
from codegen.edge_texts import text_rows
from codegen.emit import takes_nan
from codegen.ir import Bools, Floats, Model, Node
from codegen.passes.features import chain_of, way_of

SEED = 20240229


def edge_rows(model: Model, X: Floats | None, n_rows: int) -> Floats:
    """n_rows rows that try a lowered model where it could go wrong; from rows of X where given.

    Values are float32 numbers, as float64, or whole numbers of the declared type. Only finite
    values, and NaN where the model takes it.
    """
    if model.is_text:
        return text_rows(model, X, n_rows)
    rng = np.random.default_rng(SEED)
    base = plausible_rows(model, rng, n_rows)
    if model.input.is_whole:
        low, high = span(model.input.declared)
        base[1::4] = rng.integers(low, high, endpoint=True, size=base[1::4].shape)
    if X is not None and len(X):
        base[::2] = X[rng.integers(len(X), size=len(base[::2]))]
    rows = base.copy()
    cuts = thresholds(model)
    if cuts:
        on_thresholds(rows, cuts, rng, whole=model.input.is_whole)
    extremes = span(model.input.declared) if model.input.is_whole else (-0.0,)
    corner = [
        *(np.full(rows.shape[1], float(value)) for value in (0, *extremes)),
        *marked_rows(model)[: n_rows // 4],
    ]
    rows[: len(corner)] = corner[: len(rows)]
    if model.input.is_whole:
        return nearest(rows, model.input.declared)
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
                here = node.feature == column
                cuts = node.threshold[here & ~node.asks_set]
                found.setdefault(int(column), []).extend((cuts, categories(node, here)))
    return {column: np.unique(np.concatenate(cuts)) for column, cuts in found.items()}


def categories(node: ir.TreeEnsemble, here: Bools) -> Floats:
    """Where the categories begin that some of the nodes ask for, and -1."""
    if node.sets is None or not (here & node.asks_set).any():
        return np.zeros(0)
    return np.arange(-1.0, node.sets.shape[1])


def keep_known(rows: Floats, model: Model, rng: np.random.Generator) -> None:
    """Put known categories in the columns of encoders that refuse all others; no count below 0."""
    for node in ir.walk(model.methods.values()):
        if node.refuses_negative:
            rows[:] = np.abs(rows)
        if isinstance(node, ir.Elementwise) and node.function == "log_count":
            counted = [way_of(node.x, j) for j in range(node.size)]
            read = [way.column for way in counted if isinstance(way.source, ir.Input)]
            rows[:, read] = np.abs(rows[:, read])
        if isinstance(node, ir.Bucketize) and node.strict:
            for j, (edges, places) in enumerate(zip(node.edges_of, node.places_of, strict=True)):
                way, known = way_of(node.x, j), edges[places[1:-1] >= 0]
                if isinstance(way.source, ir.Input) and known.size:
                    rows[:, way.column] = rng.choice(known, len(rows))


def behind(node: ir.TreeEnsemble) -> Node:
    """What a tree reads, rounding and missing values left aside."""
    read = node.x
    while isinstance(read, ir.Round32 | ir.Impute):
        read = read.x
    return read


def behind_centre(node: ir.Scale) -> Node:
    """What a scaler reads, a centre that was split off left aside."""
    read = node.x.x if isinstance(node.x, ir.Scale) else node.x
    return read.x if isinstance(read, ir.Round32) else read


def on_thresholds(
    rows: Floats, cuts: dict[int, Floats], rng: np.random.Generator, *, whole: bool
) -> None:
    """Move up to four values of each row onto a threshold, or to the number below or above it."""
    columns = list(cuts)
    for row in rows:
        for column in rng.choice(columns, size=min(4, len(columns)), replace=False):
            cut = rng.choice(cuts[column])
            row[column] = around(float(np.floor(cut)) if whole else cut, whole=whole)[
                rng.integers(3)
            ]


def around(cut: float, *, whole: bool) -> tuple[float, float, float]:
    """A threshold, and the numbers above and below it that x can be."""
    if whole:
        return cut, cut + 1, cut - 1
    near = np.float32(cut)
    above, below = (np.nextafter(near, np.float32(side)) for side in (np.inf, -np.inf))
    return float(near), float(above), float(below)


def marked_rows(model: Model) -> list[Floats]:
    """Centres and support vectors that are rows of the input itself, scalers undone."""
    found: list[Floats] = []
    for node in ir.walk(model.methods.values()):
        if isinstance(node, ir.Distance | ir.Kernel):
            source, steps = chain_of(node.x)
            if isinstance(source, ir.Input):
                points = node.centres if isinstance(node, ir.Distance) else node.vectors
                found += list(undone(points, steps))
        if isinstance(node, ir.Donate) and isinstance(node.x, ir.Input):
            found += list(np.where(np.isnan(node.rows), node.none, node.rows))
    return found


def undone(points: Floats, steps: list[Node]) -> Floats:
    """The points before the scalers."""
    for step in reversed(steps):
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
