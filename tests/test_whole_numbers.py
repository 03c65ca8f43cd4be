"""Linear maps and radial kernels in whole numbers: exact sums, and errors within the stated bounds.

True values are taken in exact fractions. What float32 sums may lose is what the bounds promise to
stay below; the tests hold them to it on rows of huge, tiny and mixed sizes.
"""

import ctypes
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from codegen import ir
from codegen.emulate import Machine
from codegen.plan.block import block, joined, lost
from codegen.plan.distance import WholeDistance, off, whole_distance
from codegen.plan.powers import CUT
from codegen.plan.radial import duals, radial, slope
from codegen.sources import INCLUDE, kernel_text
from codegen.targets import find_target
from codegen.toolchain import build_host, compile_objects, link

DRIVER = (Path(__file__).parent / "data" / "call_whole.c").read_text(encoding="ascii")
FUNCTIONS = ("dot_i32", "dots_i32", "dot_u8", "block", "fixed", "rbf", "affine", "argmax",
             "positive", "pairs", "column", "scaled", "layer")  # fmt: skip
CORES = ("cortex-m0plus", "cortex-m3", "cortex-m4f", "riscv32imc")
MOST = 1 << 30
UNIT = Fraction(1, 1 << 24)

Array = NDArray[Any]


def sources() -> dict[str, str]:
    """The driver and all kernels it includes."""
    found, waiting = {"call_whole.c": DRIVER}, INCLUDE.findall(DRIVER)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = kernel_text(name)
            waiting += INCLUDE.findall(found[name])
    return found


@cache
def library(*flags: str) -> ctypes.CDLL:
    """The kernels on this computer."""
    return ctypes.CDLL(str(build_host(sources(), "whole", flags=flags)))


TRAPS = ("-fsanitize=undefined", "-fsanitize-trap=all")


def call(name: str, *arrays: Array) -> int:
    """A kernel, with arrays by address; a build that traps undefined steps has to run as well."""
    copies = [a.copy() for a in arrays]
    getattr(library(*TRAPS), name)(*(ctypes.c_void_p(a.ctypes.data) for a in copies))
    return int(getattr(library(), name)(*(ctypes.c_void_p(a.ctypes.data) for a in arrays)))


@cache
def machine(core: str) -> Machine:
    """The kernels on a core."""
    target = find_target(core)
    return Machine(link(compile_objects(sources(), target), target, FUNCTIONS), target)


def ints(*values: int) -> Array:
    return np.array(values, np.int32)


def host_dot(name: str, w: Array, q: Array) -> int:
    total = np.zeros(1, np.int64)
    call(name, w, q, ints(w.size), total)
    return int(total[0])


def exact_dot(w: Array, q: Array) -> int:
    return sum(int(a) * int(b) for a, b in zip(w, q, strict=True))


@pytest.mark.parametrize("core", CORES)
def test_scaled_numbers_are_rounded_twice_as_a_float_unit_does(core: str) -> None:
    rng = np.random.default_rng(1)
    halves = [(1 << bits) + (1 << (bits - 24)) * k for bits in range(24, 31) for k in range(8)]
    around = np.array([0, 1, (1 << 24) - 1, (1 << 31) - 1, *halves, *(h // 2 for h in halves)])
    near = np.concatenate([around - 1, around, around + 1, rng.integers(0, 1 << 31, 200)])
    near = np.concatenate([near, rng.integers(0, 1 << 26, 200)])
    size = near[(near >= 0) & (near < 1 << 31)].astype(np.int32)
    value = np.concatenate([size, -size])
    factor = np.ldexp(1 / rng.integers(1, 999, value.size), rng.integers(-31, 20, value.size))
    factor = factor.astype(np.float32)
    given_ = [value.tobytes(), factor.tobytes(), ints(value.size).tobytes()]
    run = machine(core).call("scaled", given_, [4 * value.size])
    want = value.astype(np.float32) * factor
    np.testing.assert_array_equal(np.frombuffer(run.outputs[0], np.float32), want)


EXTREMES = (0, 1, -1, 65535, 65536, -65535, -65536, 32768, -32768, MOST, -MOST, MOST - 1, 1 - MOST,
            MOST - 65536, 65536 - MOST)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(-MOST, MOST) | st.sampled_from(EXTREMES)] * 2), min_size=1,
                max_size=4))  # fmt: skip
def test_dots_of_extreme_numbers_are_exact(pairs: list[tuple[int, int]]) -> None:
    w, q = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    assert host_dot("dot_i32", w, q) == exact_dot(w, q)


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("n", [1, 2, 5, 64])
def test_cores_give_the_exact_dot(core: str, n: int) -> None:
    rng = np.random.default_rng(n)
    limit = MOST if n < 4 else MOST >> 3
    tried = [rng.integers(-limit, limit, (2, n), np.int32, endpoint=True) for _ in range(5)]
    tried += [np.full((2, n), sign * limit, np.int32) for sign in (-1, 1)]
    tried += [np.resize(np.array(EXTREMES, np.int32) >> (3 if n >= 4 else 0), (2, n))]
    for w, q in tried:
        run = machine(core).call("dot_i32", [w.tobytes(), q.tobytes(), ints(n).tobytes()], [8])
        assert int.from_bytes(run.outputs[0], "little", signed=True) == exact_dot(w, q)


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 64])
@pytest.mark.parametrize("n_rows", [1, 2, 5])
def test_cores_give_the_exact_dots_of_rows(core: str, n: int, n_rows: int) -> None:
    rng = np.random.default_rng(n)
    rows = rng.integers(-(MOST >> 3), MOST >> 3, (n_rows, n), np.int32, endpoint=True)
    q = rng.integers(-(MOST >> 3), MOST >> 3, n, np.int32, endpoint=True)
    given_ = [rows.tobytes(), q.tobytes(), ints(n, n_rows).tobytes()]
    run = machine(core).call("dots_i32", given_, [8 * n_rows])
    want = [exact_dot(row, q) for row in rows]
    assert np.frombuffer(run.outputs[0], np.int64).tolist() == want
    sums = np.zeros(n_rows, np.int64)
    call("dots_i32", rows, q, ints(n, n_rows), sums)
    assert sums.tolist() == want


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("n", [1, 7, 257])
def test_cores_give_the_exact_dot_of_bytes(core: str, n: int) -> None:
    rng = np.random.default_rng(n)
    largest = np.full(n, 255, np.uint8)
    for w in (rng.integers(0, 255, n, np.uint8, endpoint=True), largest):
        for q in (rng.integers(-MOST, MOST, n, np.int32), np.full(n, MOST, np.int32),
                  np.full(n, -MOST, np.int32), np.full(n, 65535, np.int32)):  # fmt: skip
            given_ = [w.tobytes(), q.tobytes(), ints(n).tobytes()]
            run = machine(core).call("dot_u8", given_, [8])
            want = exact_dot(w, q)
            assert int.from_bytes(run.outputs[0], "little", signed=True) == want
            assert host_dot("dot_u8", w, q) == want


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.floats(width=32), st.integers(-128, 60)), min_size=1, max_size=6),
    st.integers(1, 5),
)
def test_columns_are_rounded_to_half_a_unit(columns: list[tuple[float, int]], spare: int) -> None:
    x, power = np.array([c for c, _ in columns], np.float32), [p for _, p in columns]
    n = x.size
    power = np.array([*power, max(max(power) - 94, -128)], np.int8)
    q = np.zeros(n + 2, np.int32)
    call("block", power, ints(n, spare), x, q)
    top = int(q[n + 1])
    assert (np.abs(q[: n + 1].astype(np.int64)) <= 1 << (31 - spare)).all()
    unit = Fraction(2) ** (top - 157)
    values = [*x.tolist(), 1.0]
    for value, p, whole in zip(values, power.tolist(), q.tolist(), strict=False):
        if abs(value) < 2.0**-126:
            assert whole == 0
        elif np.isfinite(value):
            assert abs(Fraction(value) * Fraction(2) ** p / unit - whole) <= Fraction(1, 2)


def linear(n_out: int, n_in: int, seed: int, decades: float) -> ir.Affine:
    rng = np.random.default_rng(seed)
    weight = rng.normal(size=(n_out, n_in)) * 10.0 ** rng.uniform(-decades, decades, n_in)
    return ir.Affine(ir.Input(n_in), weight, rng.normal(size=n_out), n_out > 1)


def rows(n_in: int, seed: int, decades: float) -> Array:
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.uniform(-decades, decades, (40, n_in))
    x = (rng.normal(size=(40, n_in)) * sizes).astype(np.float32)
    x[::5] *= rng.random((8, n_in)) < 0.3
    x[1] = 0
    return x


def evaluated(node: ir.Affine, x: Array) -> tuple[Array, int, int]:
    """(y, first index of the largest, sign of the first) as the kernels give them."""
    form = block(node.weight, node.bias)
    sizes = ints(form.spare, form.scale, node.size, node.x.size)
    y, q = np.zeros(node.size, np.float32), np.zeros(node.x.size + 1, np.int32)
    call("affine", form.weight, form.power, sizes, x, q, y)
    best = call("argmax", form.weight, form.power, sizes, x, q)
    return y, best, call("positive", form.weight, form.power, sizes, x, q)


def true_columns(sums: list[int], unit: int, power: Array, spare: int) -> list[int]:
    """The positive sums times 2^(unit + power), then 2^power, at one exponent; it, behind them."""
    *powers, last = power.tolist()
    placed = list(zip(sums, (unit + p for p in powers), strict=True))
    exponents = [s.bit_length() - 1 + place + 127 for s, place in placed if s > 0]
    top = max([last + 127, *exponents]) + spare
    columns = [max(s, 0) * Fraction(2) ** place for s, place in [*placed, (1, last)]]
    return [*(int(c / Fraction(2) ** (top - 157) + Fraction(1, 2)) for c in columns), top]


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("n_out", [1, 2, 5])
def test_hidden_layers_become_columns_that_are_rounded_once(core: str, n_out: int) -> None:
    rng = np.random.default_rng(n_out)
    for turn in range(12):
        n, unit, spare = 3, int(rng.integers(-80, -20)), int(rng.integers(1, 6))
        weight = rng.integers(-MOST >> 2, MOST >> 2, (n_out, n)).astype(np.int32) >> (2 * turn)
        q = rng.integers(-MOST >> 2, MOST >> 2, n).astype(np.int32) >> turn
        weight[rng.random(n_out) < 0.2] = 0
        power = rng.integers(-30, 30, n_out + 1).astype(np.int8)
        want = true_columns([exact_dot(row, q) for row in weight], unit, power, spare)
        given_ = np.concatenate([ints(unit, n_out, n, spare), q, weight.ravel()])
        sizes = [4 * n_out, 4 * (n_out + 2)]
        run = machine(core).call("layer", [given_.tobytes(), power.tobytes()], sizes)
        assert np.frombuffer(run.outputs[1], np.int32).tolist() == want
        columns = np.zeros(n_out + 2, np.int32)
        call("layer", given_, power, np.zeros(n_out, np.int32), columns)
        assert columns.tolist() == want


def true_rows(node: ir.Affine, x: Array) -> list[tuple[Fraction, Fraction]]:
    """For each output the exact value, and the sum of the sizes of its terms."""
    given_ = [Fraction(float(v)) for v in x] + [Fraction(1)]
    table = [[Fraction(float(w)) for w in row] for row in joined(node.weight, node.bias)]
    products = [[w * v for w, v in zip(row, given_, strict=True)] for row in table]
    return [(sum(row, Fraction(0)), sum(map(abs, row), Fraction(0))) for row in products]


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (1, 300), (3, 4), (10, 64)])
@pytest.mark.parametrize("decades", [0.0, 2.0, 8.0])
def test_linear_maps_are_closer_than_float32_sums(shape: tuple[int, int], decades: float) -> None:
    n_out, n_in = shape
    node = linear(n_out, n_in, seed=n_in, decades=decades)
    X = rows(n_in, seed=n_out, decades=decades / 2)
    bound = lost(node, X.astype(np.float64), np.zeros(X.shape))
    for x, own in zip(X, bound, strict=True):
        y, best, positive = evaluated(node, x)
        true = true_rows(node, x)
        most = max(size for _, size in true)
        for got, (value, _), limit in zip(y, true, own, strict=True):
            half = max(abs(value), abs(Fraction(float(got)))) * UNIT
            error = abs(Fraction(float(got)) - value)
            assert error <= Fraction(float(limit)) + half
            assert Fraction(float(limit)) <= (n_in + 1) * UNIT * most
        lead = max(value for value, _ in true) - true[best][0]
        assert lead <= 2 * Fraction(float(own.max()))
        if abs(true[0][0]) > Fraction(float(own[0])):
            assert positive == (true[0][0] > 0)


def test_rounded_linear_maps_are_whole_numbers_already() -> None:
    for seed in range(50):
        node = linear(3, 7, seed=seed, decades=3.0)
        once = block(node.weight, node.bias)
        again = block(once.value[:, :-1], once.value[:, -1])
        np.testing.assert_array_equal(again.weight, once.weight)
        np.testing.assert_array_equal(again.power, once.power)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3.4e38, -3.4e38, 1e-45, -0.0])
def test_linear_maps_of_what_is_no_number_are_defined(value: float) -> None:
    node = linear(3, 4, seed=5, decades=3.0)
    for place in range(4):
        x = np.ones(4, np.float32)
        x[place] = value
        _, best, positive = evaluated(node, x)
        assert 0 <= best < 3
        assert positive in (0, 1)


@settings(deadline=None)
@given(st.floats(1e-6, 1e6), st.integers(-40, -10), st.floats(0, 40))
def test_the_exponential_is_within_its_bound(gamma: float, unit: int, s: float) -> None:
    shift, factor = slope(gamma, unit)
    if not 0 <= shift <= 62:
        return
    d2 = np.rint(np.ldexp(np.array([s / gamma]), -2 * unit))
    if d2[0] >= 2.0**62:
        return
    got = np.zeros(1, np.int32)
    slopes = np.array([shift, factor], np.uint32)
    call("rbf", d2.astype(np.int64), slopes, ints(1), got)
    true = np.exp(-gamma * np.ldexp(d2[0], 2 * unit))
    coarse = 2.0**-25 + gamma * np.ldexp(1.0, 2 * unit + min(shift, 0))
    assert abs(np.ldexp(float(got[0]), -30) - true) <= coarse * true + 2.0**-29


def test_exponentials_never_rise() -> None:
    shift, factor = slope(1.0, -27)
    d2 = np.sort(np.random.default_rng(0).integers(0, 1 << 60, 20_000))
    d2[:5] = [0, 1, 2, 1 << 20, 1 << 30]
    d2 = np.sort(d2)
    got = np.zeros(d2.size, np.int32)
    call("rbf", d2, np.array([shift, factor], np.uint32), ints(d2.size), got)
    assert (np.diff(got) <= 0).all()
    assert got[0] == (1 << 30) - 1


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, 64.0])
def test_values_too_large_for_fixed_point_are_told(value: float) -> None:
    x = np.array([1.0, value, 2.0], np.float32)
    q = np.zeros(4, np.int32)
    call("fixed", ints(3, 157 - 20, 5), x, q)  # units of 2^-20, below 2^26 of them: |x| < 64
    assert q[3] == 0
    x[1] = np.nextafter(np.float32(64), np.float32(0))
    call("fixed", ints(3, 157 - 20, 5), x, q)
    assert q.tolist() == [1 << 20, (1 << 26) - 4, 2 << 20, 1]


def test_fixed_point_rounds_to_nearest_and_tiny_values_to_zero() -> None:
    x = np.array([0.0, -0.0, 1e-45, 2.0**-21, -(2.0**-21), 0.75 * 2.0**-20, -1.25], np.float32)
    q = np.zeros(8, np.int32)
    call("fixed", ints(7, 157 - 20, 5), x, q)
    assert q.tolist() == [0, 0, 0, 1, -1, 1, -5 << 18, 1]


@pytest.mark.parametrize("n_classes", [2, 3, 6])
def test_every_pair_gets_its_share(n_classes: int) -> None:
    index = {p: i for i, p in enumerate(zip(*np.triu_indices(n_classes, 1), strict=True))}
    dual = np.arange(2, n_classes + 1, dtype=np.int32) << 20
    for own in range(n_classes):
        y = np.zeros(len(index), np.int64)
        call("pairs", dual, ints(n_classes, own), ints(12345), y)
        want = np.zeros(len(index), np.int64)
        others = [k for k in range(n_classes) if k != own]
        for other, coefficient in zip(others, dual.tolist(), strict=True):
            want[index[min(own, other), max(own, other)]] = coefficient * 12345
        np.testing.assert_array_equal(y, want)


def test_a_column_is_added_exactly() -> None:
    w = np.array([[5, MOST], [-MOST, 3]], np.int32)
    y = np.array([7, -7], np.int64)
    call("column", w, ints(2, 2, 1), ints(MOST), y)
    assert y.tolist() == [7 + MOST * MOST, -7 + 3 * MOST]


def kernel(vectors: Array, gamma: float) -> ir.Kernel:
    return ir.Kernel(ir.Input(vectors.shape[1]), vectors, "rbf", gamma, 0.0, 0)


def test_vectors_that_are_bytes_stay_bytes() -> None:
    vectors = np.random.default_rng(1).integers(0, 17, (9, 64)) * 0.5
    form = radial(kernel(vectors, 0.001))
    assert form is not None
    assert form.vectors.dtype == np.uint8
    np.testing.assert_array_equal(form.value, vectors)
    assert form.vectors.max() <= 16


def test_a_kernel_that_floats_do_better_is_declined() -> None:
    near = np.random.default_rng(1).normal(size=(9, 3))
    assert radial(kernel(near, 0.5)) is not None
    assert radial(kernel(near + 1000, 0.5)) is None
    assert radial(kernel(near, 0.0)) is None


def test_dual_sums_fit_their_bits() -> None:
    rng = np.random.default_rng(4)
    for size in (1e-6, 1.0, 1e6):
        vectors = rng.normal(size=(50, 3))
        weight = rng.normal(size=(2, 50)) * size
        whole = duals(ir.Affine(kernel(vectors, 0.5), weight, rng.normal(size=2)))
        assert np.abs(whole.weight.astype(np.int64)).max() <= MOST
        sums = np.abs(whole.weight.astype(object)).sum(axis=1) * MOST
        assert all(s + abs(int(b)) < 1 << 63 for s, b in zip(sums, whole.bias, strict=True))
        np.testing.assert_allclose(whole.values[0], weight, rtol=0, atol=np.ldexp(0.5, whole.unit))


def distances(form: WholeDistance, x: Array) -> Array:
    n_out, n_in = form.centres.shape
    y, q = np.zeros(n_out, np.float32), np.zeros(n_in, np.int32)
    sizes = ints(form.top, form.spare, n_out, n_in)
    call("distance", form.centres, form.squares, np.zeros(n_in, np.int8), sizes, x, q, y)
    return y


@pytest.mark.parametrize("n_in", [1, 4, 64])
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e9])
def test_distances_are_off_by_units_near_and_far(n_in: int, size: float) -> None:
    rng = np.random.default_rng(n_in)
    centres = (rng.normal(size=(3, n_in)) + np.array([[-4], [0], [4]])) * size
    form = whole_distance(ir.Distance(ir.Input(n_in), centres))
    assert form is not None
    for scale in (0.0, 1e-3, 1.0, 4.0, 1e3, 1e9):
        x = (rng.normal(size=n_in) * scale * size).astype(np.float32)
        unit = float(off(form, x[None].astype(np.float64))[0, 0])
        true = np.linalg.norm(x - centres, axis=1)
        got = np.sqrt(distances(form, x).astype(np.float64))
        assert (np.abs(got - true) <= np.sqrt(n_in) * unit + 2.0**-24 * true).all()
        assert (np.sqrt(n_in) * unit <= (n_in + 3) / 2 * 2.0**-24 * np.maximum(true, size)).all()


def test_a_point_on_a_centre_has_distance_zero() -> None:
    centres = np.random.default_rng(2).normal(size=(4, 5)).astype(np.float32)
    form = whole_distance(ir.Distance(ir.Input(5), centres.astype(np.float64)))
    assert form is not None
    for place, centre in enumerate(centres):
        assert distances(form, centre)[place] == 0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3.4e38, 1e-45])
def test_distances_of_what_is_no_number_are_defined(value: float) -> None:
    form = whole_distance(ir.Distance(ir.Input(2), np.array([[0.0, 1.0], [2.0, 3.0]])))
    assert form is not None
    got = distances(form, np.array([value, 1.0], np.float32))
    assert (got >= 0).all()


def test_distances_that_floats_do_better_are_declined() -> None:
    near = np.random.default_rng(3).normal(size=(4, 3))
    assert whole_distance(ir.Distance(ir.Input(3), near + 1e6)) is None
    assert whole_distance(ir.Distance(ir.Input(3), near[:1])) is None
    assert whole_distance(ir.Distance(ir.Input(3), near[[0, 1, 1]])) is None


@settings(max_examples=500, deadline=None)
@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 62), st.integers(-230, 200))
def test_whole_numbers_are_rounded_once(value: int, shift: int, power: int) -> None:
    value >>= shift
    y = np.zeros(1, np.float32)
    call("rounded", np.array([value], np.int64), ints(power), y)
    assert y[0] == nearest_float(Fraction(value) * Fraction(2) ** power)


def nearest_float(exact: Fraction) -> float:
    """The nearest float32, to even between two; exponents beyond its range included."""
    size, sign = abs(exact), -1.0 if exact < 0 else 1.0
    if not size:
        return 0.0
    exponent = max(size.numerator.bit_length() - size.denominator.bit_length(), -126)
    exponent += int(size >= Fraction(2) ** (exponent + 1)) - int(
        exponent > -126 and size < Fraction(2) ** exponent
    )
    unit = Fraction(2) ** (exponent - 23)
    found = round(size / unit) * unit
    return sign * (float(found) if found < Fraction(2) ** 128 else np.inf)


# ---- powers and their sums


@settings(max_examples=300, deadline=None)
@given(st.integers(-(2**62) + 1, 2**62 - 1), st.integers(0, 12), st.integers(-60, 60))
def test_a_power_loses_less_than_it_says(base: int, degree: int, exponent: int) -> None:
    mantissa, power = ints(0), ints(exponent)
    call("powers", np.array([base]), ints(degree), mantissa, power)
    found = int(mantissa[0]) * Fraction(2) ** int(power[0])
    true = (base * Fraction(2) ** exponent) ** degree
    assert abs(found - true) <= (2 * degree + 2) * Fraction(CUT) * abs(true)
    assert mantissa[0] == 0 or 2**29 <= abs(int(mantissa[0])) < 2**30


terms = st.tuples(st.integers(-MOST, MOST), st.integers(-MOST + 1, MOST - 1), st.integers(-90, 90))


@settings(max_examples=300, deadline=None)
@given(st.lists(terms, min_size=1, max_size=40))
def test_a_sum_of_products_loses_a_unit_a_term(all_of_them: list[tuple[int, int, int]]) -> None:
    total, true = np.array([0, -4096]), Fraction(0)
    for w, m, power in all_of_them:
        call("product", ints(w, m), ints(power), total)
        true += w * m * Fraction(2) ** power
        assert abs(int(total[0])) < 2**62
    found = int(total[0]) * Fraction(2) ** int(total[1])
    unit = Fraction(2) ** int(total[1])
    assert abs(found - true) <= 2 * len(all_of_them) * unit
