"""The math kernels of runtime_c/: special values, stated errors, and that these were measured."""

import ctypes
import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import ndtri

from codegen.toolchain import build_host

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ("exp", "log", "tanh", "sqrt", "logistic", "log1p", "expm1", "ndtri", "cos")
STEP_DOWN = ("log1p", "expm1", "ndtri", "cos", "erf")  # by a unit, between neighbours
KERNELS = [f"cg_{function}_{width}" for width in ("f32", "f64") for function in FUNCTIONS]
KERNELS += ["cg_erf_f64"]
DIGITS = ("-U__SSE__", "-U__SSE2__")  # square roots digit by digit
BUILDS = {
    "instruction": ("-Wall", "-Wextra", "-Wconversion", "-Wdouble-promotion", "-Wshadow",
                    "-pedantic", "-Werror"),
    "digits": DIGITS,
    "trapping": (*DIGITS, "-fsanitize=undefined,float-cast-overflow,integer-divide-by-zero",
                 "-fsanitize-trap=all"),
}  # fmt: skip
INF, NAN = np.inf, np.nan

Array = NDArray[np.floating[Any]]
Kernel = Callable[..., Array]


def load_script(name: str) -> ModuleType:
    """A script of benchmarks/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


math_ulp = load_script("math_ulp")
MEASURED = {row.function: row for row in math_ulp.read_table()}


def load_kernels(build: str) -> Kernel:
    """(name, x, y) -> y with the kernels compiled as `build` says; without a y in a new array."""
    sources = {"math_kernels.c": (ROOT / "tests/data/math_kernels.c").read_text(encoding="ascii")}
    for kernel in [*KERNELS, "cg_softmax_f32", "cg_softmax_f64"]:
        sources |= math_ulp.headers(kernel)
    library = ctypes.CDLL(str(build_host(sources, "math_kernels", flags=BUILDS[build])))

    def call(name: str, x: Array, y: Array | None = None) -> Array:
        y = np.empty_like(x) if y is None else y
        library[f"all_{name}"](
            ctypes.c_int32(x.size), *(ctypes.c_void_p(a.ctypes.data) for a in (x, y))
        )
        return y

    return call


@pytest.fixture(scope="module", params=BUILDS)
def run(request: pytest.FixtureRequest) -> Kernel:
    return load_kernels(request.param)


def dtype_of(kernel: str) -> type[np.floating[Any]]:
    return np.float32 if kernel.endswith("f32") else np.float64


def function_of(kernel: str) -> str:
    return kernel.split("_")[1]


def random_bits(dtype: type[np.floating[Any]], count: int) -> Array:
    """Numbers whose bits are random: all exponents, subnormals, infinities and NaN."""
    width = np.dtype(dtype).itemsize
    return np.random.default_rng(7).integers(0, 256, count * width, np.uint8).view(dtype)


def reference(function: str, x: Array) -> NDArray[np.float64]:
    """The function in float64 by numpy."""
    with np.errstate(all="ignore"):
        wide = x.astype(np.float64)
        if function == "logistic":
            return np.where(wide < 0, np.exp(wide) / (1 + np.exp(wide)), 1 / (1 + np.exp(-wide)))
        return ndtri(wide) if function == "ndtri" else getattr(np, function)(wide)


SPECIAL = {
    "cos": [(0.0, 1.0), (-0.0, 1.0), (INF, NAN), (-INF, NAN), (NAN, NAN), (1e-40, 1.0),
            (-1e-9, 1.0)],
    "exp": [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (1e4, INF), (-1e4, 0.0)],
    "log": [(0.0, -INF), (-0.0, -INF), (INF, INF), (-INF, NAN), (-1.0, NAN), (-1e-40, NAN),
            (NAN, NAN), (1.0, 0.0)],
    "tanh": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN), (1e-40, 1e-40),
             (-30.0, -1.0)],
    "sqrt": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, NAN), (-1.0, NAN), (-1e-40, NAN),
             (NAN, NAN), (4.0, 2.0)],
    "logistic": [(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN), (50.0, 1.0),
                 (-1e4, 0.0)],
    "erf": [(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN), (7.0, 1.0),
            (-1e4, -1.0)],
    "log1p": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, NAN), (-1.0, -INF), (-1.5, NAN),
              (NAN, NAN), (1e-40, 1e-40)],
    "expm1": [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -1.0), (NAN, NAN), (1e4, INF),
              (-1e4, -1.0), (1e-40, 1e-40)],
    "ndtri": [(0.0, -INF), (-0.0, -INF), (1.0, INF), (0.5, 0.0), (-0.1, NAN), (1.5, NAN),
              (INF, NAN), (-INF, NAN), (NAN, NAN)],
}  # fmt: skip


@pytest.mark.parametrize("kernel", KERNELS)
def test_special_values_and_the_sign_of_zero(run: Kernel, kernel: str) -> None:
    x, expected = np.array(SPECIAL[function_of(kernel)], dtype_of(kernel)).T.copy()
    got = run(kernel, x)
    np.testing.assert_array_equal(got, expected)
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(got[numbers]), np.signbit(expected[numbers]))


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_nan_of_either_sign_gives_nan(run: Kernel, kernel: str) -> None:
    x = np.copysign(np.array([NAN, NAN], dtype_of(kernel)), np.array([1, -1], dtype_of(kernel)))
    assert np.isnan(run(kernel, x)).all()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_float_error_stays_within_the_measured_one(run: Kernel, function: str) -> None:
    moderate = np.random.default_rng(8).uniform(-110, 110, 100_000).astype(np.float32)
    x = np.concatenate([random_bits(np.float32, 100_000), moderate])
    got, exact = run(f"cg_{function}_f32", x), reference(function, x)
    with np.errstate(over="ignore"):
        settled = np.isnan(exact) | np.isinf(exact.astype(np.float32))
        np.testing.assert_array_equal(got[settled], exact[settled].astype(np.float32))
    _, exponent = np.frexp(exact[~settled])
    unit = np.ldexp(1.0, np.maximum(exponent, -125) - 24)
    errors = np.abs(got[~settled] - exact[~settled]) / unit
    assert 0.4 < errors.max() <= float(MEASURED[f"cg_{function}_f32"].max_ulp) + 1e-4


@pytest.mark.parametrize("function", [*FUNCTIONS, "erf"])
def test_double_error_stays_within_the_stated_one(run: Kernel, function: str) -> None:
    x = math_ulp.points(function, 4_000, seed=9)
    errors = math_ulp.ulp_errors(function, x, run(f"cg_{function}_f64", x))
    assert 0.4 < errors.max() <= stated_ulp(f"cg_{function}_f64")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_square_roots_are_correctly_rounded(run: Kernel, dtype: type[np.floating[Any]]) -> None:
    x = np.abs(random_bits(dtype, 200_000))
    x = x[np.isfinite(x)]
    x = np.concatenate([x, np.arange(1000) * np.finfo(dtype).smallest_subnormal])
    np.testing.assert_array_equal(run(f"cg_sqrt_f{8 * x.itemsize}", x), np.sqrt(x))


@pytest.mark.parametrize("kernel", [k for k in KERNELS if function_of(k) not in STEP_DOWN])
@given(x=st.floats(-800, 800))
def test_the_next_number_up_gives_no_less(kernel: str, x: float) -> None:
    first = dtype_of(kernel)(x)
    pair = np.array([first, np.nextafter(first, dtype_of(kernel)(INF))])
    below, above = PLAIN(kernel, pair)
    assert not above < below


PLAIN = load_kernels("instruction")


@pytest.mark.parametrize("n", [1, 2, 3, 10, 1000])
@pytest.mark.parametrize("spread", [1e-3, 1.0, 10.0, 1000.0])
def test_softmax_is_exact_to_a_millionth(run: Kernel, n: int, spread: float) -> None:
    x = np.random.default_rng(n).normal(0, spread, n)
    check_softmax(run, x)


@pytest.mark.parametrize("gap", [16.0, 16.7, 17.4, 40.0, 100.0])
def test_softmax_loses_no_small_terms(run: Kernel, gap: float) -> None:
    check_softmax(run, np.concatenate([[0.0], np.full(999, -gap)]))
    check_softmax(run, np.concatenate([np.full(999, -gap), [0.0]]))


def check_softmax(run: Kernel, x: NDArray[np.float64]) -> None:
    for dtype, tolerance in ((np.float32, 1e-6), (np.float64, 1e-15)):
        narrow = x.astype(dtype)
        exact = np.exp(narrow.astype(np.longdouble) - narrow.max())
        got = run(f"cg_softmax_f{8 * narrow.itemsize}", narrow)
        np.testing.assert_allclose(got, (exact / exact.sum()).astype(float), rtol=0, atol=tolerance)
        assert got.max() <= 1


@pytest.mark.parametrize("kernel", ["cg_softmax_f32", "cg_softmax_f64"])
def test_softmax_may_overwrite_its_input(run: Kernel, kernel: str) -> None:
    x = np.random.default_rng(3).normal(0, 5, 20).astype(dtype_of(kernel))
    apart = run(kernel, x)
    np.testing.assert_array_equal(run(kernel, x, x), apart)


@pytest.mark.parametrize("kernel", ["cg_softmax_f32", "cg_softmax_f64"])
def test_softmax_of_nan_is_nan(run: Kernel, kernel: str) -> None:
    for position in range(3):
        x = np.zeros(3, dtype_of(kernel))
        x[position] = NAN
        assert np.isnan(run(kernel, x)).all()


def stated_ulp(kernel: str) -> float:
    """The bound in the comment of the header; half a unit where it says correctly rounded."""
    text = math_ulp.headers(kernel)[f"{kernel}.h"]
    if "correctly rounded" in text:
        return 0.5
    found = re.search(r"Error below (\d\.\d+) ulp", text)
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_kernel_is_the_one_that_was_measured(kernel: str) -> None:
    row = MEASURED[kernel]
    assert row.sha256 == math_ulp.source_sha256(kernel), (
        f"{kernel} has changed: run `python benchmarks/math_ulp.py {kernel}`"
    )
    points = math_ulp.n_points(function_of(kernel))
    assert row.inputs == (2**32 if kernel.endswith("f32") else points)
    assert float(row.max_ulp) <= stated_ulp(kernel)
    assert row.non_monotone == 0 or function_of(kernel) in STEP_DOWN


def test_the_page_shows_the_table() -> None:
    assert math_ulp.markdown(list(MEASURED.values())) in math_ulp.PAGE.read_text(encoding="utf-8")


def test_the_coefficients_are_the_fitted_ones(capsys: pytest.CaptureFixture[str]) -> None:
    load_script("fit_coefficients").main()
    printed = [line.split() for line in capsys.readouterr().out.splitlines() if line[0] != "/"]
    assert len(printed) == 13
    for name, *coefficients in printed[:11]:
        text = math_ulp.headers(f"cg_{name}")[f"cg_{name}.h"]
        assert [c for c in coefficients if c.lstrip("-") not in text] == []
