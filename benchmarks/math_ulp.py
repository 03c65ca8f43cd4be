"""Measure the error of every math kernel of runtime_c/ and write the table of docs/math.md.

    python benchmarks/math_ulp.py [cg_exp_f32 ...]

The float kernels see all 2^32 inputs, the double kernels ten million seeded points.
"""

import csv
import ctypes
import hashlib
import sys
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from mpmath import libmp
from numpy.typing import NDArray

from codegen.sources import INCLUDE, kernel_text
from codegen.toolchain import build_host

ROOT = Path(__file__).resolve().parent.parent
DRIVER = ROOT / "benchmarks" / "math_ulp.c"
TABLE = ROOT / "tests" / "data" / "math_ulp.csv"
PAGE = ROOT / "docs" / "math.md"
FUNCTIONS = ("exp", "log", "tanh", "sqrt", "logistic", "log1p", "expm1", "ndtri", "cos")
RISING = (*FUNCTIONS[:-1], "erf")
N_POINTS = 10_000_000
N_SLOW = 200_000
SLOW = ("log1p", "expm1", "ndtri")
CHUNK = 100_000
INTERESTING = {
    "exp": (-746.0, 709.78),
    "tanh": (-22.0, 22.0),
    "logistic": (-746.0, 40.0),
    "cos": (-100.0, 100.0),
    "erf": (-6.0, 6.0),
    "log1p": (-1.0, 4.0),
    "expm1": (-40.0, 709.78),
    "ndtri": (0.0, 1.0),
}
LARGEST_EXPONENT = {"cos": 1024}
PRECISION_BITS = 100
# so that the digit-by-digit root is measured, not the host's instruction
PORTABLE = ("-U__SSE__", "-U__SSE2__")

Doubles = NDArray[np.float64]
BigFloat = tuple[int, int, int, int]  # mpmath's sign, mantissa, exponent, bits


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One line of the table: what was measured, and of which source text."""

    function: str
    inputs: int
    max_ulp: str
    at_input: str
    wrongly_rounded: int
    non_monotone: int
    sha256: str


class SweepResult(ctypes.Structure):
    """The C driver's `sweep_result`."""

    _fields_ = (
        ("inputs", ctypes.c_uint64),
        ("wrongly_rounded", ctypes.c_uint64),
        ("non_monotone", ctypes.c_uint64),
        ("special_wrong", ctypes.c_uint64),
        ("max_ulp", ctypes.c_double),
        ("at_input", ctypes.c_uint32),
        ("previous", ctypes.c_float),
    )


def headers(kernel: str) -> dict[str, str]:
    """The header of a kernel and all that it includes from runtime_c/, by file name."""
    texts: dict[str, str] = {}
    waiting = [f"{kernel}.h"]
    while waiting:
        name = waiting.pop()
        if name not in texts:
            texts[name] = kernel_text(name)
            waiting += INCLUDE.findall(texts[name])
    return dict(sorted(texts.items()))


def source_sha256(kernel: str) -> str:
    """Hash of the source of a kernel; cg_base.h is left out, for it computes nothing."""
    parts = (text for name, text in headers(kernel).items() if name != "cg_base.h")
    return hashlib.sha256("".join(parts).encode("ascii")).hexdigest()


def driver(kernel: str, *flags: str) -> ctypes.CDLL:
    """math_ulp.c with a kernel, built for the host."""
    sources = {"math_ulp.c": DRIVER.read_text(encoding="ascii"), **headers(kernel)}
    sources |= headers("cg_ndtri_f64")  # the reference of the float form: no libm has it
    names = (f"-DKERNEL={kernel}", f'-DKERNEL_HEADER="{kernel}.h"', "-lm")
    return ctypes.CDLL(str(build_host(sources, kernel, flags=(*names, *PORTABLE, *flags))))


def sweep(name: str) -> Row:
    """Judge a float kernel on all 2^32 inputs against the host's libm in double."""
    reference = name.removeprefix("cg_").removesuffix("_f32")
    library = driver(name, f"-DREFERENCE={reference}", f"-DREFERENCE_{reference}")
    library.sweep.argtypes = (ctypes.c_uint64, ctypes.c_uint64, ctypes.POINTER(SweepResult))
    result = SweepResult(previous=float("nan"))
    library.sweep(0, 2**32, ctypes.byref(result))
    if result.special_wrong:
        raise ArithmeticError(f"{name}: {result.special_wrong} special values are wrong")
    return Row(
        name,
        result.inputs,
        f"{result.max_ulp:.4f}",
        f"0x{result.at_input:08X}",
        result.wrongly_rounded,
        result.non_monotone if reference in RISING else 0,
        source_sha256(name),
    )


def n_points(function: str) -> int:
    """How many points a double kernel is judged on."""
    return N_SLOW if function in SLOW else N_POINTS


def points(function: str, count: int, seed: int = 20_240_601) -> Doubles:
    """Half of them even over the interesting range, half over its exponents; finite results."""
    rng = np.random.default_rng(seed)
    half = count // 2
    if function in ("log", "sqrt"):
        positive = rng.integers(1, 0x7FF0000000000000, half).view(np.float64)
        distance = rng.uniform(-0.5, 1, count - half) * 2.0 ** -rng.integers(0, 50, count - half)
        return np.concatenate([positive, 1 + distance])
    low, high = INTERESTING[function]
    even = rng.uniform(low, high, half)
    if function == "ndtri":
        return np.concatenate([even, 2.0 ** -rng.uniform(1, 1020, count - half)])
    exponents = rng.uniform(-60, LARGEST_EXPONENT.get(function, np.log2(-low)), count - half)
    spread = rng.choice([-1.0, 1.0], count - half) * 2.0**exponents
    return np.concatenate([even, spread if function == "cos" else np.minimum(spread, high)])


def exact_logistic(x: BigFloat, precision: int, rounding: str) -> BigFloat:
    """1 / (1 + e^-x)."""
    power = libmp.mpf_exp(libmp.mpf_neg(x), precision + 10, rounding)
    quotient: BigFloat = libmp.mpf_div(
        libmp.fone, libmp.mpf_add(libmp.fone, power), precision, rounding
    )
    return quotient


def exact_log1p(x: BigFloat, precision: int, rounding: str) -> BigFloat:
    """ln(1 + x)."""
    exact: BigFloat = libmp.mpf_log(libmp.mpf_add(libmp.fone, x), precision, rounding)
    return exact


def exact_expm1(x: BigFloat, precision: int, rounding: str) -> BigFloat:
    """e^x - 1."""
    power = libmp.mpf_exp(x, precision + 70, rounding)
    exact: BigFloat = libmp.mpf_sub(power, libmp.fone, precision, rounding)
    return exact


def exact_ndtri(p: BigFloat, precision: int, rounding: str, near: float) -> BigFloat:
    """One step of Newton's from a number that is near: z - (F(z) - p) / f(z)."""
    z = libmp.from_float(near)
    root = libmp.mpf_sqrt(libmp.from_int(2), precision, rounding)
    below = libmp.mpf_erfc(libmp.mpf_neg(libmp.mpf_div(z, root, precision, rounding)), precision)
    square = libmp.mpf_neg(libmp.mpf_shift(libmp.mpf_mul(z, z), -1))
    circle = libmp.mpf_sqrt(libmp.mpf_shift(libmp.mpf_pi(precision), 1), precision, rounding)
    density = libmp.mpf_div(libmp.mpf_exp(square, precision, rounding), circle, precision, rounding)
    off = libmp.mpf_sub(libmp.mpf_shift(below, -1), p, precision, rounding)
    step = libmp.mpf_div(off, density, precision, rounding)
    exact: BigFloat = libmp.mpf_sub(z, step, precision, rounding)
    return exact


EXACT: dict[str, Callable[..., BigFloat]] = {
    "cos": libmp.mpf_cos,
    "exp": libmp.mpf_exp,
    "log": libmp.mpf_log,
    "tanh": libmp.mpf_tanh,
    "sqrt": libmp.mpf_sqrt,
    "logistic": exact_logistic,
    "erf": libmp.mpf_erf,
    "log1p": exact_log1p,
    "expm1": exact_expm1,
    "ndtri": exact_ndtri,
}


def ulp_errors(function: str, x: Doubles, got: Doubles) -> Doubles:
    """|got - exact| in units of the last place of a double near exact, by mpmath."""
    exact_function = EXACT[function]
    errors = np.empty_like(got)
    for i, (argument, value) in enumerate(zip(x.tolist(), got.tolist(), strict=True)):
        near = (value,) if function == "ndtri" else ()
        exact = exact_function(libmp.from_float(argument), PRECISION_BITS, "n", *near)
        difference = libmp.mpf_sub(libmp.from_float(value), exact, 53, "n")
        last_place = max(exact[2] + exact[3] - 53, -1074) if exact[1] else -1074
        errors[i] = abs(libmp.to_float(libmp.mpf_shift(difference, -last_place)))
    return errors


def sample(name: str) -> Row:
    """Judge a double kernel on seeded points against mpmath."""
    library = driver(name)
    function = name.removeprefix("cg_").removesuffix("_f64")
    x = points(function, n_points(function))
    got, after = (evaluate(library, v) for v in (x, np.nextafter(x, np.inf)))
    starts = range(0, len(x), CHUNK)
    errors = np.concatenate(
        [ulp_errors(function, x[i : i + CHUNK], got[i : i + CHUNK]) for i in starts]
    )
    worst = int(np.argmax(errors))
    return Row(
        name,
        len(x),
        f"{errors[worst]:.4f}",
        f"0x{x[worst : worst + 1].view(np.uint64)[0]:016X}",
        int(np.sum(errors > 0.5)),
        int(np.sum(after < got)) if function in RISING else 0,
        source_sha256(name),
    )


def evaluate(library: ctypes.CDLL, x: Doubles) -> Doubles:
    """The double kernel of `library` on every x."""
    y = np.empty_like(x)
    pointer = ctypes.POINTER(ctypes.c_double)
    library.evaluate(ctypes.c_uint64(len(x)), x.ctypes.data_as(pointer), y.ctypes.data_as(pointer))
    return y


def read_table() -> list[Row]:
    """The rows of the committed table."""
    with TABLE.open(encoding="ascii", newline="") as file:
        return [
            Row(r["function"], int(r["inputs"]), r["max_ulp"], r["at_input"],
                int(r["wrongly_rounded"]), int(r["non_monotone"]), r["sha256"])
            for r in csv.DictReader(file)
        ]  # fmt: skip


def write_table(rows: list[Row]) -> None:
    """Write the table as csv, and as Markdown into docs/math.md."""
    with TABLE.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field.name for field in fields(Row))
        writer.writerows(astuple(row) for row in rows)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- measured -->\n")
    after = rest.partition("<!-- end -->")[2]
    text = f"{before}<!-- measured -->\n{markdown(rows)}<!-- end -->{after}"
    PAGE.write_text(text, encoding="utf-8", newline="\n")


def markdown(rows: list[Row]) -> str:
    """The table as it stands in docs/math.md."""
    lines = [
        "| kernel | inputs | largest error, ulp | at input | wrongly rounded | steps down |",
        "|---|---:|---:|---|---:|---:|",
    ]
    for r in rows:
        share = f"{r.wrongly_rounded / r.inputs:.3%}"
        down = r.non_monotone if r.function.split("_")[1] in RISING else "-"
        cells = (f"`{r.function}`", f"{r.inputs:,}", r.max_ulp, r.at_input, share, down)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def main(names: list[str]) -> None:
    """Measure the named kernels, or all, one after the other."""
    everything = [f"cg_{f}_{width}" for width in ("f32", "f64") for f in FUNCTIONS]
    everything.append("cg_erf_f64")
    rows = {row.function: row for row in read_table()} if TABLE.exists() else {}
    for name in names or everything:
        rows[name] = sweep(name) if name.endswith("_f32") else sample(name)
        print(*astuple(rows[name])[:-1], flush=True)
        write_table([rows[n] for n in everything if n in rows])


if __name__ == "__main__":
    main(sys.argv[1:])
