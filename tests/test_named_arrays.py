"""Models that are .npz files of plain arrays, against their formulas."""

import io
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, softmax

from codegen import export
from codegen.errors import InvalidModel, UnsafeModel, UnsupportedModel
from codegen.evaluate import evaluate
from codegen.importers import import_model
from codegen.load import load

RNG = np.random.default_rng(3)
ROWS = RNG.normal(size=(300, 5)).astype(np.float32).astype(np.float64)
W, V = RNG.normal(size=5), RNG.normal(size=(3, 5))
MANY, BIAS = RNG.normal(size=(3, 5)), RNG.normal(size=3)


def file(**arrays: Any) -> bytes:
    """An .npz file."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def machine(x: np.ndarray) -> np.ndarray:
    """The definition of a factorization machine, pair by pair."""
    pairs = [(i, j) for i in range(5) for j in range(i)]
    crossed = sum((V[:, i] @ V[:, j]) * x[:, i] * x[:, j] for i, j in pairs)
    return 0.5 + x @ W + crossed


LINEAR = ROWS @ MANY.T + BIAS
MODELS: list[tuple[str, dict[str, Any], np.ndarray]] = [
    ("predict", {"weight": W}, ROWS @ W),
    ("predict", {"weight": MANY, "bias": BIAS}, LINEAR),
    ("predict", {"weight": W, "bias": 0.25, "link": "exp"}, np.exp(ROWS @ W + 0.25)),
    ("predict_proba", {"weight": MANY, "bias": BIAS, "classes": [3, 4, 9]}, softmax(LINEAR, 1)),
    ("predict_proba", {"weight": W, "classes": ["a", "b"]}, expit(ROWS @ W)),
    ("predict", {"w0": 0.5, "w": W, "V": V}, machine(ROWS)),
    ("predict_proba", {"w0": [0.5], "w": W, "V": V, "classes": [0, 1]}, expit(machine(ROWS))),
]


@pytest.mark.parametrize(("method", "arrays", "want"), MODELS)
def test_formulas(method: str, arrays: dict[str, Any], want: np.ndarray) -> None:
    content = file(**arrays)
    model = import_model(load(content))
    assert model.estimator.endswith(".FactorizationMachine" if "V" in arrays else ".LinearModel")
    ours = evaluate(model.methods, ROWS)[method]
    want = want.reshape(len(ROWS), -1)
    np.testing.assert_allclose(ours[:, -want.shape[1] :], want, rtol=1e-12, atol=1e-12)
    for dtype in ("float32", "float64"):
        assert export(content, name="m", dtype=dtype).verify(ROWS, cores=()).agreement


@pytest.mark.parametrize(
    ("arrays", "error"),
    [
        ({"weights": W}, InvalidModel),
        ({"weight": W, "V": V}, InvalidModel),
        ({"weight": 1.0}, InvalidModel),
        ({"weight": W, "bias": BIAS}, InvalidModel),
        ({"weight": W * np.nan}, InvalidModel),
        ({"w0": 0.0, "w": W, "V": V[:, :4]}, InvalidModel),
        ({"w0": W, "w": W, "V": V}, InvalidModel),
        ({"weight": W, "link": "probit"}, UnsupportedModel),
        ({"weight": MANY, "classes": [1, 2, 3], "link": "logistic"}, UnsupportedModel),
        ({"weight": MANY, "classes": [1, 2]}, InvalidModel),
        ({"weight": np.array([None])}, UnsafeModel),
    ],
)
def test_refused(arrays: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        import_model(load(file(**arrays)))
