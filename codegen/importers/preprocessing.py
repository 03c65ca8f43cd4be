"""Scalers, polynomial terms and imputation of single columns."""

from collections.abc import Iterable
from itertools import chain, combinations, combinations_with_replacement
from math import comb
from numbers import Real

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.functions import filled, with_holes
from codegen.importers.registry import importer
from codegen.ir import (
    Clip,
    Concat,
    Elementwise,
    Floats,
    Gather,
    Ints,
    Monomials,
    Node,
    Normalize,
    Outputs,
    Scale,
)
from codegen.load import Record

PREPROCESSING = "sklearn.preprocessing."

MOST_TERMS = 1 << 16


@importer(PREPROCESSING + "StandardScaler")
def standard_scaler(est: Record, x: Node) -> Outputs:
    """(x - mean) / scale, either step only if asked for."""
    return transformer(standardized(est, x))


def standardized(est: Record, x: Node) -> Node:
    """What a StandardScaler makes of x."""
    mean = floats(est.mean_) if est.with_mean else None
    scale = floats(est.scale_) if est.with_std else None
    return scaled(x, mean, scale)


@importer(PREPROCESSING + "RobustScaler")
def robust_scaler(est: Record, x: Node) -> Outputs:
    """(x - centre) / scale, either step only if asked for."""
    centre = floats(est.center_) if est.with_centering else None
    scale = floats(est.scale_) if est.with_scaling else None
    return transformer(scaled(x, centre, scale))


def scaled(x: Node, subtract: Floats | None, divide: Floats | None) -> Node:
    """x itself where neither step was asked for."""
    if subtract is None and divide is None:
        return x
    return Scale(x, subtract=subtract, divide=divide)


@importer(PREPROCESSING + "MinMaxScaler")
def min_max_scaler(est: Record, x: Node) -> Outputs:
    """x * scale + min: it multiplies where the others divide."""
    y = Scale(x, multiply=floats(est.scale_), add=floats(est.min_))
    low, high = est.feature_range
    return transformer(Clip(y, float(low), float(high)) if est.clip else y)


@importer(PREPROCESSING + "MaxAbsScaler")
def max_abs_scaler(est: Record, x: Node) -> Outputs:
    """x / scale; since scikit-learn 1.9 it can clip to -1..1."""
    y = Scale(x, divide=floats(est.scale_))
    return transformer(Clip(y, -1.0, 1.0) if est.get("clip") else y)


@importer(PREPROCESSING + "Normalizer")
def normalizer(est: Record, x: Node) -> Outputs:
    """x divided by the norm of the row."""
    return transformer(Normalize(x, est.norm))


@importer(PREPROCESSING + "PolynomialFeatures")
def polynomial_features(est: Record, x: Node) -> Outputs:
    """Products of the columns, by degree and then in lexicographic order."""
    low, high = est.degree if isinstance(est.degree, tuple | list) else (0, est.degree)
    count = comb(x.size + int(high), int(high))
    if count > MOST_TERMS:
        raise refuse(est, f"degree={est.degree}", f"{count} terms; select columns before it")
    terms = combinations if est.interaction_only else combinations_with_replacement
    degrees = range(max(1, int(low)), int(high) + 1)
    products = chain.from_iterable(terms(range(x.size), degree) for degree in degrees)
    constant: list[tuple[int, ...]] = [()] if est.include_bias else []
    return transformer(Monomials(x, powers(chain(constant, products), x.size)))


def powers(products: Iterable[tuple[int, ...]], n_in: int) -> Ints:
    """How often each column occurs in each product (n_out, n_in)."""
    counts = [np.bincount(np.array(columns, np.int64), minlength=n_in) for columns in products]
    return np.array(counts, np.int64)


@importer("sklearn.impute.SimpleImputer")
def simple_imputer(est: Record, x: Node) -> Outputs:
    """Missing values filled by column; columns without a value are dropped, masks appended."""
    missing = missing_value(est)
    fill = statistics(est)
    dropped = np.isnan(fill) & (not est.get("keep_empty_features"))
    if dropped.all():
        raise refuse(est, "no column holds a value", "set keep_empty_features=True, or drop it")
    kept = Gather(x, np.flatnonzero(~dropped)) if dropped.any() else x
    known = filled(kept, missing, fill[~dropped])
    if not est.add_indicator or np.size(est.indicator_.features_) == 0:
        return transformer(known)
    marked = Gather(x, integers(est.indicator_.features_))
    return transformer(Concat((known, is_missing(marked, missing))))


@importer("sklearn.impute.MissingIndicator")
def missing_indicator(est: Record, x: Node) -> Outputs:
    """1 where a value is missing, in the columns where values were missing, or in all."""
    marked = integers(est.features_)
    if marked.size == 0:
        raise refuse(est, "no column misses a value", "leave it out, or set features='all'")
    return transformer(is_missing(Gather(x, marked), missing_value(est)))


def is_missing(x: Node, missing: float) -> Node:
    """1 where x is the missing value, else 0."""
    return Elementwise(with_holes(x, missing), "is_nan")


def missing_value(est: Record) -> float:
    """The number, or NaN, that stands for a missing value."""
    missing = est.missing_values
    if not isinstance(missing, Real) or isinstance(missing, bool):
        shown = repr(missing) if isinstance(missing, str) else type(missing).__name__
        raise refuse(est, f"missing_values={shown}", "use np.nan or a number on numeric columns")
    return float(missing)


def statistics(est: Record) -> Floats:
    """What each column is filled with, in the type that was fitted; NaN for empty columns."""
    fill = np.asarray(est.statistics_)
    text = fill.dtype.kind not in "iufO" or any(isinstance(value, str) for value in fill)
    if text or np.dtype(est._fill_dtype).kind not in "iuf":
        raise refuse(est, "columns that are not numeric", "encode them as numbers before it")
    numbers = fill.astype(np.float64)
    valid = ~np.isnan(numbers)
    numbers[valid] = numbers[valid].astype(est._fill_dtype)
    return numbers
