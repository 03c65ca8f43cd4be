"""Numbers as firmware prints them, on the host: six right digits of every float and double."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cffi import FFI

from codegen.firmware import board_support
from codegen.toolchain import build_host

pytestmark = pytest.mark.firmware

DATA = Path(__file__).parent / "data"


@cache
def printer() -> Callable[[int, str], str]:
    texts = {name: text for name, text in board_support().items() if "main" not in name}
    del texts["start.c"], texts["semihosting.c"]
    texts["heard.c"] = (DATA / "heard.c").read_text(encoding="ascii")
    ffi = FFI()
    ffi.cdef(
        "void print_f32(uint32_t); void print_f64(uint64_t); void print_integer(int32_t);"
        "void print_end(void); extern char heard[256];"
    )
    library = ffi.dlopen(str(build_host(texts, "printer")))

    def printed(value: int, function: str) -> str:
        getattr(library, function)(value)
        library.print_end()
        return ffi.string(library.heard).decode("ascii").removesuffix("\n")

    return printed


@pytest.mark.parametrize(("kind", "digits"), [(np.float32, 8), (np.float64, 16)])
def test_numbers_are_printed_to_six_digits(kind: Any, digits: int):
    word = np.dtype(f"u{np.dtype(kind).itemsize}").type
    rng = np.random.default_rng(0)
    raw = rng.integers(np.iinfo(word).max, size=3000, dtype=word)
    known_values = np.array([0, 1, 0.1, 9.999995, 99999.95, 123456, 1e6, 1e-5, 1e-6], kind)
    edges = np.array([np.finfo(kind).max, np.finfo(kind).tiny, np.finfo(kind).smallest_subnormal])
    plain = rng.normal(size=2000).astype(kind)
    for value in (*raw.view(kind), *known_values, *edges.astype(kind), *-plain, kind(np.inf)):
        bits = value.view(word)
        text, _, in_brackets = printer()(int(bits), f"print_f{digits * 4}").partition(" ")
        assert in_brackets == f"[{bits:0{digits}x}]"
        if np.isnan(value):
            assert text.removeprefix("-") == "nan"
        else:
            shown, exact = float(text), float(value)
            assert np.isinf(exact) == np.isinf(shown)
            if np.isfinite(exact):
                unit = 10.0 ** (np.floor(np.log10(abs(exact))) - 5) if exact else 0.0
                assert abs(shown - exact) <= 0.50001 * unit, text


def test_integers_are_printed_whole():
    for value in (0, 1, -1, 10, -2147483648, 2147483647, 1234567890):
        assert printer()(value, "print_integer") == str(value)
