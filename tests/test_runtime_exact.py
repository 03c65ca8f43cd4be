"""The kernels that promise every bit: integer sums, votes in binary64, comparisons with keys."""

import ctypes
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from codegen import ir
from codegen.meanings.trees import ordered
from codegen.plan.affine import coefficients
from codegen.plan.trees import keys
from tests.kernels import INF, NAN, Array, Kernels, pairs_of, same, samples

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

# ---- linear maps


def products(weight: Array, x: Array) -> list[Fraction]:
    """weight[j] x[j] without rounding."""
    return [Fraction(float(w)) * Fraction(float(v)) for w, v in zip(weight, x, strict=True)]


def exact_affine(weight: Array, bias: Array, x: Array) -> list[Fraction]:
    """W x + b without rounding."""
    return [sum(products(row, x), Fraction(float(b))) for row, b in zip(weight, bias, strict=True)]


def called_affine(weight: Array, bias: Array, x: Array) -> Array:
    """cg_affine_f32 with the coefficients that the plan makes of W and b."""
    whole = coefficients(weight, bias)
    y = np.empty(bias.size, np.float32)
    arguments = (whole.weight.copy(), whole.power.copy(), whole.spare, bias.size, x.size, x, y)
    Kernels("f32")("affine", *arguments)
    return y


@pytest.mark.parametrize("n", [1, 2, 10, 64, 255, 256, 300])
@pytest.mark.parametrize("decades", [0.0, 3.0, 9.0])
def test_affine_loses_no_more_than_it_states(n: int, decades: float) -> None:
    rng = np.random.default_rng(n)
    spare = coefficients(np.zeros((1, n)), np.zeros(1)).spare
    for trial in range(6):
        x = samples(np.float32, n, seed=trial, decades=decades)
        x[rng.random(n) < 0.2] = 0
        weight = samples(np.float64, 2 * n, seed=trial + 50, decades=decades).reshape(2, n)
        bias = samples(np.float64, 2, seed=trial + 90)
        got = called_affine(weight, bias, x)
        for i, exact in enumerate(exact_affine(weight, bias, x)):
            terms = [abs(p) for p in (*products(weight[i], x), Fraction(float(bias[i])))]
            cut = max(terms) * len(terms) * Fraction(2) ** (spare - 52)
            allowed = abs(exact) / 2**24 + sum(terms) / 2**31 + cut + Fraction(2) ** -140
            assert abs(Fraction(float(got[i])) - exact) <= allowed


def test_affine_where_sums_cancel_and_where_they_overflow() -> None:
    one = np.ones((1, 3))
    x = np.array([2.0**30, 1.0, -(2.0**30)], np.float32)
    assert called_affine(one, np.array([0.25]), x)[0] == 1.25
    huge = np.full(3, 3e38, np.float32)
    assert called_affine(one, np.zeros(1), huge)[0] == INF
    assert called_affine(-one, np.zeros(1), huge)[0] == -INF
    small = np.full(3, 1e-44, np.float32)
    want = np.float32(3 * float(small[0]))
    assert called_affine(one, np.zeros(1), small)[0] == want
    assert called_affine(np.zeros((1, 3)), np.zeros(1), huge)[0] == 0.0
    for bad in (NAN, INF, -INF):  # not promised, but no trap and no hang
        called_affine(one, np.zeros(1), np.array([bad, 1, 2], np.float32))


def test_affine_f64_adds_in_order() -> None:
    c = Kernels("f64")
    weight, bias, x = (samples(np.float64, n, seed=n) for n in (12, 3, 4))
    weight = weight.reshape(3, 4)
    y, want = np.empty(3), bias.copy()
    for j in range(4):
        want = want + weight[:, j] * x[j]
    c("affine", weight, bias, 3, 4, x, y)
    same(y, want)


def test_rounded_is_to_nearest_even_at_every_size() -> None:
    c = Kernels("f32")
    c._library.call_rounded.argtypes = (ctypes.c_int64, ctypes.c_int32)
    rng = np.random.default_rng(0)
    values = [0, 1, -1, 2**62, -(2**62), *(2**25 + i for i in range(8)), 2**40 + 2**16]
    big = zip(rng.integers(-(2**63), 2**63, 1000), rng.integers(0, 63, 1000), strict=True)
    values += [int(value) >> int(shift) for value, shift in big]
    for value in values:
        for power in (0, -30, -62, 60, 100, -140, -170, -200, 127):
            want = rounded_once(Fraction(value) * Fraction(2) ** power)
            assert c("rounded", value, power) == want, (value, power)


def rounded_once(exact: Fraction) -> float:
    """The nearest float32, ties to even."""
    size = abs(exact)
    if not size:
        return 0.0
    exponent = max(-149, size.numerator.bit_length() - size.denominator.bit_length() - 23)
    exponent -= size < Fraction(2) ** (exponent + 23) and exponent > -149
    whole = round(size / Fraction(2) ** exponent)  # Python rounds halves to even
    value = whole * Fraction(2) ** exponent
    number = INF if value >= 2**128 else float(value)
    return -number if exact < 0 else number


# ---- exact votes


def from_bits(bits: Array) -> NDArray[np.float64]:
    """The doubles of some bits."""
    return bits.view(np.float64)


def exact_pairs(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Non-negative doubles with every gap of exponents, and mantissas that make ties."""
    rng = np.random.default_rng(4)
    mantissas = np.array([0, 1, 2, 3, 2**51, 2**51 + 1, 2**52 - 1, 2**52 - 2], np.uint64)
    random = rng.integers(0, 2**52, count, np.uint64)
    chosen = np.where(rng.random(count) < 0.5, rng.choice(mantissas, count), random)
    other = np.where(rng.random(count) < 0.5, rng.choice(mantissas, count), random[::-1])
    first = rng.integers(60, 1900, count).astype(np.uint64)
    gap = rng.choice(np.r_[0:56, 62:67, 100, 900], count).astype(np.int64)
    second = np.maximum(first.astype(np.int64) - gap, 1).astype(np.uint64)
    a, b = from_bits((first << 52) | chosen), from_bits((second << 52) | other)
    a, b = np.where(rng.random(count) < 0.5, a, b), np.where(rng.random(count) < 0.5, b, a)
    zero = rng.random(count) < 0.01
    return np.where(zero, 0.0, a), np.where(rng.random(count) < 0.01, 0.0, b)


def test_exact_add_is_the_hardwares() -> None:
    a, b = exact_pairs(1_000_000)
    y = np.empty(a.size, np.uint64)
    Kernels("f32")("exact_add", a.size, a.view(np.uint64), b.view(np.uint64), y)
    assert ((a + b).view(np.uint64) == y).all()


def test_exact_divide_is_the_hardwares() -> None:
    a, _ = exact_pairs(1_100_000)
    a = a[(a == 0) | (a > 2.0**-960)]
    assert a.size > 1_000_000
    rng = np.random.default_rng(8)
    most = np.where(rng.random(a.size) < 0.5, 400, 2**31)
    n = rng.integers(1, most).astype(np.uint32)
    y = np.empty(a.size, np.uint64)
    Kernels("f32")("exact_divide", a.size, a.view(np.uint64), n, y)
    assert ((a / n).view(np.uint64) == y).all()


def special_floats() -> Array:
    """Zeros, infinities, the ends of the format and some between, each with its neighbours."""
    limits = np.finfo(np.float32)
    numbers = [0.0, 1.0, 1.5, float(limits.tiny), float(limits.smallest_subnormal), INF]
    numbers += [float(limits.max), *(float(v) for v in np.abs(samples(np.float32, 20)))]
    beside = np.array(numbers, np.float32)
    around = [beside, np.nextafter(beside, np.float32(INF)), np.nextafter(beside, np.float32(-INF))]
    values = np.unique(np.concatenate([*around, *(-a for a in around)]))
    return np.append(values, np.array([-0.0], np.float32))


def test_goes_left_on_all_pairs_of_special_floats() -> None:
    x, t = pairs_of(special_floats(), np.float32)
    got = np.empty(x.size, np.int32)
    for missing in (0, 1):
        Kernels("f32")("goes_left", x.size, x, keys(t.astype(np.float64)), missing, got)
        assert (got == (x <= t)).all()
        nan = np.array([NAN, -NAN], np.float32)
        Kernels("f32")("goes_left", 2, nan, np.zeros(2, np.int32), missing, got)
        assert (got[:2] == missing).all()


def test_keys_tell_all_pairs_of_special_floats_apart_and_end_in_nan() -> None:
    missing = np.array([0x7F800001, 0x7FC00000, 0x7FFFFFFF, 0xFF800001, 0xFFFFFFFF], np.uint32)
    values = np.append(special_floats(), missing.view(np.float32))
    n = values.size
    key = np.empty(2 * n, np.int32)
    feature = np.arange(n, dtype=np.uint16)
    Kernels("f32")("keys_f32", feature, n, values, key)
    node = ir.Keys(ir.Input(n), np.arange(n))
    number = np.repeat(~np.isnan(values), 2)  # numpy makes signalling NaN quiet
    meant = ordered(node, values[None].astype(np.float64))[0]
    np.testing.assert_array_equal(meant[number], key[number])
    at, cut = np.meshgrid(np.arange(n), np.flatnonzero(~np.isnan(values)))
    threshold = keys(values[cut].astype(np.float64)).astype(np.int64)
    for side, moved in ((0, -ir.ROOM_OF_NAN), (1, ir.ROOM_OF_NAN)):
        left = key[side::2][at] <= threshold + moved
        goes = np.where(np.isnan(values[at]), side == 1, values[at] <= values[cut])
        np.testing.assert_array_equal(left, goes)
