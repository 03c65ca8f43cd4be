"""Encoders, discretisers and functions of columns against the estimator's own transform."""

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import FeatureAgglomeration
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.impute import MissingIndicator
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    TargetEncoder,
)

from codegen import export
from codegen.errors import InvalidModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load
from tests.datasets import data

pytestmark = pytest.mark.filterwarnings("ignore")

KINDS = data("kinds").X[:, :3]
HOLES = data("kinds_holes").X[:, :3]
UNKNOWN = np.where(np.random.default_rng(1).random(KINDS.shape) < 0.1, 0.5, KINDS)
UNKNOWN_HOLES = np.where(np.isnan(HOLES), HOLES, UNKNOWN)
NUMBERS = data("rare").X
CODED: dict[str, Any] = {"handle_unknown": "use_encoded_value"}
CAUGHT: dict[str, Any] = {"handle_unknown": "infrequent_if_exist", "min_frequency": 20}

COUNTS = np.rint(np.abs(NUMBERS))
ENCODERS = [
    (Binarizer(), NUMBERS, NUMBERS),
    (Binarizer(threshold=float(NUMBERS[0, 0])), NUMBERS, NUMBERS),
    (KBinsDiscretizer(4), NUMBERS, NUMBERS),
    (KBinsDiscretizer(3, encode="ordinal", strategy="uniform"), NUMBERS, NUMBERS),
    (KBinsDiscretizer(3, encode="onehot-dense", strategy="kmeans"), NUMBERS, NUMBERS),
    (KBinsDiscretizer(2, strategy="uniform"), np.ones((9, 2)), np.ones((9, 2)) * 3),
    (KBinsDiscretizer(2, encode="ordinal", strategy="uniform"), np.ones((9, 2)), np.ones((9, 2))),
    (OneHotEncoder(), KINDS, KINDS),
    (OneHotEncoder(), HOLES, HOLES),
    (OneHotEncoder(drop="first"), KINDS, KINDS),
    (OneHotEncoder(drop=[1.0, -3.0, 0.0]), KINDS, KINDS),
    (OneHotEncoder(drop="first", handle_unknown="ignore"), KINDS, UNKNOWN_HOLES),
    (OneHotEncoder(drop="if_binary"), KINDS > 0, (KINDS > 0) * 1.0),
    (OneHotEncoder(handle_unknown="warn", max_categories=3), HOLES, UNKNOWN_HOLES),
    (OneHotEncoder(min_frequency=20, handle_unknown="ignore"), KINDS, UNKNOWN),
    (OneHotEncoder(drop="first", **CAUGHT), KINDS, UNKNOWN),
    (OrdinalEncoder(), KINDS, KINDS),
    (OrdinalEncoder(), HOLES, HOLES),
    (OrdinalEncoder(encoded_missing_value=-3), HOLES, HOLES),
    (OrdinalEncoder(unknown_value=-7, **CODED), KINDS, UNKNOWN),
    (OrdinalEncoder(unknown_value=np.nan, **CODED), HOLES, UNKNOWN_HOLES),
    (OrdinalEncoder(unknown_value=-1, max_categories=3, **CODED), HOLES, UNKNOWN_HOLES),
    (TargetEncoder(), KINDS, UNKNOWN),
    (TargetEncoder(smooth=3.0), HOLES, UNKNOWN_HOLES),
    (MissingIndicator(), HOLES, HOLES),
    (MissingIndicator(features="all", missing_values=0), KINDS, KINDS),
    (FeatureAgglomeration(2), NUMBERS, NUMBERS),
    (TfidfTransformer(), COUNTS, COUNTS),
    (TfidfTransformer(sublinear_tf=True, norm="l1"), COUNTS, COUNTS),
    (TfidfTransformer(use_idf=False, norm=None), COUNTS, COUNTS),
    *(
        (FunctionTransformer(function), np.abs(NUMBERS), np.abs(NUMBERS))
        for function in (np.exp, np.log, np.sqrt)
    ),
    *((FunctionTransformer(f), NUMBERS, NUMBERS) for f in (np.abs, np.square, np.tanh)),
]


@pytest.mark.parametrize(
    ("estimator", "X", "rows"), ENCODERS, ids=[type(e[0]).__name__ for e in ENCODERS]
)
def test_encoders(estimator: Any, X: Any, rows: Any) -> None:
    fitted = estimator.fit(X, data("kinds").y[: len(X)])
    want = fitted.transform(rows)
    want = want.toarray() if hasattr(want, "toarray") else want
    got = evaluate(import_model(load(fitted)).methods, rows)["transform"]
    np.testing.assert_allclose(got, want, rtol=1e-14, atol=0)


TEXT = np.array([["a"], ["b"]], object)

REFUSED = [
    (OneHotEncoder().fit(TEXT), "encode them as numbers"),
    (OneHotEncoder(drop="first").fit(np.ones((3, 1))), "every category dropped"),
    (FunctionTransformer(np.sin).fit(NUMBERS), "func=numpy.sin"),
    (FeatureAgglomeration(2, pooling_func=np.max).fit(NUMBERS), "use np.mean"),
    (MissingIndicator().fit(NUMBERS), "no column misses"),
]


@pytest.mark.parametrize(("fitted", "says"), REFUSED, ids=lambda v: type(v).__name__)
def test_encoders_refused(fitted: Any, says: str) -> None:
    fitted.n_features_in_ = getattr(fitted, "n_features_in_", 1)
    with pytest.raises(UnsupportedModel, match=says):
        import_model(load(fitted))


@pytest.mark.parametrize("name", ["categories_", "handle_unknown"])
def test_encoders_without_an_attribute(name: str) -> None:
    fitted = OneHotEncoder().fit(KINDS)
    delattr(fitted, name)
    with pytest.raises(InvalidModel):
        import_model(load(fitted))


def test_rows_at_the_edges_hold_no_count_below_0() -> None:
    fitted = TfidfTransformer(sublinear_tf=True).fit(COUNTS)
    assert export(fitted, target="host").verify(COUNTS, cores=()).agreement
