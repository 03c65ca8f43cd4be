"""Binarisers, discretisers and encoders of numeric categories: a bucket, then its indicators."""

from typing import Any

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.functions import without
from codegen.importers.preprocessing import PREPROCESSING
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Bucketize,
    Floats,
    Gather,
    Ints,
    Node,
    OneHot,
    Outputs,
    Values,
    require,
)
from codegen.load import Record

UNKNOWN = -1


@importer(PREPROCESSING + "Binarizer")
def binarizer(est: Record, x: Node) -> Outputs:
    """1 where x > threshold: where it is at least the next number."""
    edges = np.nextafter(np.full(x.size, float(est.threshold)), np.inf)
    ones = np.ones(x.size, np.int64)
    places = np.tile([UNKNOWN, 0, UNKNOWN], x.size)
    return transformer(OneHot(Bucketize(x, ones, edges, places), ones))


@importer(PREPROCESSING + "KBinsDiscretizer")
def k_bins_discretizer(est: Record, x: Node) -> Outputs:
    """How many inner edges are <= x, as a number or as indicators."""
    require(est.encode in ("onehot", "onehot-dense", "ordinal"), f"encode={est.encode!r}")
    inner = [floats(edges)[1:-1] for edges in est.bin_edges_]
    counts = np.array([len(edges) for edges in inner], np.int64)
    if not counts.any():
        constant = np.full(x.size, float(est.encode != "ordinal"))
        return transformer(Affine(x, np.zeros((x.size, x.size)), constant))
    places = np.concatenate([[*range(n + 1), UNKNOWN] for n in counts])
    index = Bucketize(x, counts, np.concatenate(inner), places)
    if est.encode == "ordinal":
        numbers = np.concatenate([np.arange(n + 1.0) for n in counts])
        return transformer(Values(index, counts + 1, numbers[:, None]))
    return transformer(OneHot(index, counts + 1))


@importer(PREPROCESSING + "OneHotEncoder")
def one_hot_encoder(est: Record, x: Node) -> Outputs:
    """Indicators of the categories, rare ones together, one dropped where asked for."""
    places, counts = one_hot_places(est)
    kept = np.flatnonzero(counts > 0)
    if kept.size == 0:
        raise refuse(est, "every category dropped", "leave it out, or set drop=None")
    if kept.size < x.size:
        x = Gather(x, kept)
    chosen = [categories(est)[i] for i in kept]
    index = encoded(x, chosen, [places[i] for i in kept], strict=est.handle_unknown == "error")
    return transformer(OneHot(index, counts[kept]))


def one_hot_places(est: Record) -> tuple[list[Ints], Ints]:
    """For each column the indicator of each category and of what is unknown; their number.

    A dropped category stands behind the last indicator: it has none.
    """
    dropped = est.get("_drop_idx_after_grouping")
    catch = est.handle_unknown in ("infrequent_if_exist", "warn")
    places: list[Ints] = []
    counts: list[int] = []
    for i, place in enumerate(grouped(est, catch=catch)):
        count = int(place.max()) + 1
        if dropped is not None and dropped[i] is not None:
            gone = int(dropped[i])
            count -= 1
            place = np.where(place == gone, count, place - (place > gone))
        places.append(place)
        counts.append(count)
    return places, np.array(counts, np.int64)


def grouped(est: Record, *, catch: bool) -> list[Ints]:
    """For each column the number of each category and, last, of what is unknown; rare ones share.

    catch: what is unknown counts as rare, where there are rare ones.
    """
    found = []
    rare = est.get("_infrequent_indices") if est.get("_infrequent_enabled") else None
    ignored = est.get("_missing_indices") or {}
    for i, known in enumerate(categories(est)):
        place, unknown = np.arange(len(known)), UNKNOWN
        if rare is not None and rare[i] is not None:
            place = integers(est._default_to_infrequent_mappings[i])
            unknown = int(place[rare[i][0]]) if catch else UNKNOWN
            if i in ignored:
                place = np.append(place[: ignored[i]], ignored[i])
        require(place.shape == known.shape, "a place for each category")
        found.append(np.append(place, unknown))
    return found


@importer(PREPROCESSING + "OrdinalEncoder")
def ordinal_encoder(est: Record, x: Node) -> Outputs:
    """The number of the category; numbers of their own for what is unknown or missing."""
    places = grouped(est, catch=False)
    strict = est.handle_unknown == "error"
    unknown = -1.0 if strict else float(est.unknown_value)
    counts = np.array([place.max() + 1 for place in places], np.int64)
    tables = [np.arange(float(n)) for n in counts]
    for column, category in est._missing_indices.items():
        tables[column][places[column][category]] = float(est.encoded_missing_value)
    index = encoded(x, categories(est), places, strict=strict)
    return transformer(numbers(index, counts, np.concatenate(tables), unknown))


def numbers(index: Node, counts: Ints, table: Floats, other: float) -> Node:
    """One value for each index; a number that is not in use stands for NaN."""
    held = np.append(table, other)
    if not np.isnan(held).any():
        return Values(index, counts, table[:, None], other)
    hole = np.floor(np.nanmin(held, initial=0.0)) - 1.0
    held = np.where(np.isnan(held), hole, held)
    return without(Values(index, counts, held[:-1, None], float(held[-1])), hole, hole)


@importer(PREPROCESSING + "TargetEncoder")
def target_encoder(est: Record, x: Node) -> Outputs:
    """The mean of the target in each category, of every class where there are several."""
    width = len(est.classes_) if est.target_type_ == "multiclass" else 1
    known, means = categories(est), np.broadcast_to(floats(est.target_mean_), (width,))
    require(len(est.encodings_) == width * x.size, "an encoding for each column and class")
    rows = []
    for i in range(x.size):
        columns = [floats(e) for e in est.encodings_[i * width : (i + 1) * width]]
        rows.append(np.vstack([np.column_stack(columns), means]))
    places = [np.append(np.arange(len(k)), len(k)) for k in known]
    index = encoded(x, known, places, strict=False)
    counts = np.array([len(k) + 1 for k in known], np.int64)
    return transformer(Values(index, counts, np.vstack(rows)))


def categories(est: Record) -> list[Floats]:
    """The categories of each column as numbers, in the order of their places."""
    return [numeric(est, known) for known in est.categories_]


def numeric(est: Record, known: Any) -> Floats:
    """Categories that are numbers; text has no place in a row of numbers."""
    array = np.asarray(known)
    text = array.dtype.kind not in "iufbO" or any(isinstance(v, str) for v in array.tolist())
    if text:
        raise refuse(est, "categories that are text", "encode them as numbers before it")
    numbers = array.astype(np.float64)
    require(numbers.ndim == 1 and numbers.size > 0, "a column without categories")
    return numbers


def encoded(x: Node, known: list[Floats], places: list[Ints], *, strict: bool) -> Node:
    """The place of each column's category; places: one for each, and one for what is unknown.

    A category is a bucket that ends at the next number.
    """
    require(len(known) == x.size, "categories for another number of columns")
    edges, buckets = [], []
    nan = [bool(np.isnan(column).any()) for column in known]
    for column, place in zip(known, places, strict=True):
        real, unknown = column[~np.isnan(column)], int(place[-1])
        order = np.argsort(real)
        ends = np.nextafter(real[order], np.inf)
        edges.append(np.column_stack([real[order], ends]).ravel())
        inside = place[:-1][~np.isnan(column)][order]
        between = np.column_stack([inside, np.full(len(inside), unknown)]).ravel()
        missing = [*place[:-1][np.isnan(column)], unknown][0]
        buckets.append(np.concatenate([[unknown], between, [missing]]))
        require((np.diff(real[order]) > 0).all(), "a category that stands twice")
    counts = np.array([len(e) for e in edges], np.int64)
    return Bucketize(
        x,
        counts,
        np.concatenate(edges),
        np.concatenate(buckets),
        refuses_nan=strict and not all(nan),
        strict=strict,
    )
