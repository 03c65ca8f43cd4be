"""The kernels of runtime_c/ as functions of numpy arrays, and what their answers are held to."""

import ctypes
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.sources import INCLUDE, kernel_text
from codegen.toolchain import build_host

DRIVER = (Path(__file__).parent / "data" / "call_kernels.c").read_text(encoding="ascii")
ONLY = {
    "f32": ("affine_f32", "rounded_f32", "goes_left", "keys_f32", "exact_f64"),
    "f64": ("affine_f64", "round32_f64"),
}
COMMON = tuple(
    name
    for name in re.findall(r"^EXPORT\w*\((\w+),", DRIVER, re.MULTILINE)
    if name not in ("affine", "rounded", "round32")
)
KERNELS = {s: (*(f"{name}_{s}" for name in COMMON), *only) for s, only in ONLY.items()}
TYPES = {"f32": np.float32, "f64": np.float64}
C_TYPES = {"f32": ctypes.c_float, "f64": ctypes.c_double}
REAL_RESULTS = re.findall(r"^EXPORT_REAL\((\w+),", DRIVER, re.MULTILINE)
INF, NAN = np.inf, np.nan
SPECIAL = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 1e-45, -1e-45, 3.4e38, 1.5, -2.75]

Array = NDArray[Any]
Kernel = Callable[..., Any]


@cache
def library(suffix: str) -> ctypes.CDLL:
    """All kernels of a number format, as exported functions."""
    sources = {"call_kernels.c": DRIVER}
    waiting = [f"cg_{name}.h" for name in KERNELS[suffix]]
    flags = [flag for name in waiting for flag in ("-include", name)]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = kernel_text(name)
            waiting += INCLUDE.findall(sources[name])
    double = ["-DDOUBLE"] if suffix == "f64" else []
    return ctypes.CDLL(str(build_host(sources, f"kernels_{suffix}", flags=[*double, *flags])))


class Kernels:
    """The kernels of one number format: arrays go by address, numbers in the format's type."""

    def __init__(self, suffix: str) -> None:
        self.dtype = TYPES[suffix]
        self._real = C_TYPES[suffix]
        self._library = library(suffix)

    def __call__(self, name: str, *arguments: Any) -> Any:
        function = getattr(self._library, f"call_{name}")
        function.restype = self._real if name in REAL_RESULTS else ctypes.c_int32
        return function(*(self._passed(a) for a in arguments))

    def _passed(self, argument: Any) -> Any:
        if isinstance(argument, np.ndarray):
            assert argument.flags.c_contiguous
            return ctypes.c_void_p(argument.ctypes.data)
        return argument if isinstance(argument, int) else self._real(argument)

    def array(self, values: Any) -> Array:
        return np.array(values, self.dtype)

    def mapped(self, name: str, x: Array, *before: Any, size: int | None = None) -> Array:
        """name(before..., n, x, y)."""
        y = np.full(x.size if size is None else size, 77, self.dtype)
        self(name, *before, y.size, x, y)
        return y


def same(got: Array, want: Array) -> None:
    """Bit for bit; NaN equals NaN."""
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)
    numbers = ~np.isnan(want)
    np.testing.assert_array_equal(np.signbit(got[numbers]), np.signbit(want[numbers]))


def close(got: Array, want: Array, ulps: float, scale: Any = None) -> None:
    """Within some units in the last place of the result, or of `scale`."""
    unit = ulps * np.finfo(got.dtype).eps * (np.abs(want) if scale is None else scale)
    assert (np.abs(got.astype(np.longdouble) - want) <= unit).all()


def samples(dtype: Any, count: int, *, seed: int = 1, decades: float = 3) -> Array:
    """Numbers of many sizes and both signs."""
    rng = np.random.default_rng(seed)
    return (rng.normal(size=count) * 10.0 ** rng.uniform(-decades, decades, count)).astype(dtype)


def pairs_of(values: Any, dtype: Any) -> tuple[Array, Array]:
    """Every value beside every other."""
    grid = np.meshgrid(np.array(values, dtype), np.array(values, dtype))
    return grid[0].ravel().copy(), grid[1].ravel().copy()
