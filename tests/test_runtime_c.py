"""The kernels of runtime_c/ called directly, and held to numpy: NaN, infinities, -0, n = 1."""

from fractions import Fraction

import numpy as np
import pytest

from codegen.meanings.pairwise import coupling, signs, votes
from tests.kernels import INF, NAN, SPECIAL, Array, Kernels, close, pairs_of, same, samples

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.fixture(params=["f32", "f64"])
def c(request: pytest.FixtureRequest) -> Kernels:
    return Kernels(request.param)


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide"])
@pytest.mark.parametrize("in_place", [False, True])
def test_arithmetic_is_that_of_ieee(c: Kernels, name: str, *, in_place: bool) -> None:
    x, b = pairs_of([*SPECIAL, *samples(c.dtype, 20)], c.dtype)
    with np.errstate(all="ignore"):
        want = getattr(np, name)(x, b)
    y = x.copy() if in_place else np.full_like(x, 77)
    c(name, b, x.size, y if in_place else x, y)
    normal = ~(np.abs(want) < np.finfo(c.dtype).tiny) | (want == 0)
    same(y[normal], want[normal])
    assert (np.abs(y - want)[~normal] <= np.finfo(c.dtype).smallest_subnormal).all()


def test_quotients_below_the_normal_numbers_are_right_to_an_ulp(c: Kernels) -> None:
    tiny = np.finfo(c.dtype)
    for a, b in zip(
        samples(c.dtype, 2000, decades=6) * c.dtype(tiny.tiny),
        samples(c.dtype, 2000, seed=2, decades=3),
        strict=True,
    ):
        exact = Fraction(float(a)) / Fraction(float(b))
        got = Fraction(c("quotient", float(a), float(b)))
        ulp = max(Fraction(float(tiny.smallest_subnormal)), abs(exact) * Fraction(float(tiny.eps)))
        assert abs(got - exact) <= ulp


def test_clip_keeps_nan_and_the_ends(c: Kernels) -> None:
    x = c.array([*SPECIAL, -0.5, 0.5])
    got = c.mapped("clip", x, -0.5, 0.5)
    want = np.where(np.isnan(x), x, np.minimum(np.maximum(x, c.dtype(-0.5)), c.dtype(0.5)))
    same(got, want)


def test_copy_and_gather_move_bits(c: Kernels) -> None:
    x = c.array(SPECIAL)
    same(c.mapped("copy", x), x)
    index = np.array([3, 0, 0, 11, 6], np.uint16)
    same(gathered(c, index, x), x[index])


def gathered(c: Kernels, index: Array, x: Array) -> Array:
    """gather(index, n, x, y)."""
    y = np.empty(index.size, c.dtype)
    c("gather", index, index.size, x, y)
    return y


def test_a_centre_in_two_numbers_is_subtracted_in_two_steps(c: Kernels) -> None:
    x = samples(c.dtype, 99)
    high, low = samples(c.dtype, x.size, seed=2), samples(c.dtype, x.size, seed=3)
    same(c.mapped("centre", x, high, low), (x - high) - low)


def test_missing_values_are_found_and_filled(c: Kernels) -> None:
    x = c.array(SPECIAL)
    fill = samples(c.dtype, x.size)
    same(c.mapped("impute_nan", x, fill), np.where(np.isnan(x), fill, x))
    same(c.mapped("impute_value", x, 1.5, fill), np.where(x == 1.5, fill, x))
    same(c.mapped("impute_value", x, 0.0, fill), np.where(x == 0, fill, x))


def test_domain_checks(c: Kernels) -> None:
    for value in SPECIAL:
        x = c.array([0.5, value])
        assert c("finite", 2, x) == int(np.isfinite(value))
        assert c("not_infinite", 2, x) == int(not np.isinf(value))


def test_first_index_of_the_extreme(c: Kernels) -> None:
    for seed in range(200):
        x = np.random.default_rng(seed).integers(0, 4, 1 + seed % 7).astype(c.dtype)
        assert c("argmax", x.size, x) == x.argmax()
        assert c("argmin", x.size, x) == x.argmin()
    for x in (c.array([NAN, 1]), c.array([NAN]), c.array([-INF, INF])):
        assert 0 <= c("argmax", x.size, x) < x.size
        assert 0 <= c("argmin", x.size, x) < x.size


NORMS = {"l1": 1, "l2": 2, "max": INF}


@pytest.mark.parametrize("name", NORMS)
@pytest.mark.parametrize("n", [1, 2, 9, 64])
def test_normalize(c: Kernels, name: str, n: int) -> None:
    limits = np.finfo(c.dtype)
    for size in (1.0, 1e-10, 1e-20, float(limits.max) / 200, float(limits.tiny)):
        x = (samples(np.float64, n, decades=1) * size / 30).astype(c.dtype)
        wide = x.astype(np.longdouble)
        norm = {"l1": np.abs(wide).sum(), "l2": np.sqrt((wide**2).sum()), "max": np.abs(wide).max()}
        want = wide / (norm[name] if norm[name] >= 10 * 2.0**-52 else 1)
        got = c.mapped(f"normalize_{name}", x)
        assert (np.abs(got - want) <= (n + 6) * limits.eps * np.abs(want) + limits.tiny).all()
    same(c.mapped(f"normalize_{name}", c.array([0.0] * n)), c.array([0.0] * n))


def test_shares_of_a_sum(c: Kernels) -> None:
    x = np.abs(samples(c.dtype, 9))
    want = x.astype(np.longdouble) / x.astype(np.longdouble).sum()
    close(c.mapped("normalize_sum", x, 0.5), want, 12)
    same(c.mapped("normalize_sum", c.array([0, 0, 0, 0]), 0.25), c.array([0.25] * 4))
    same(c.mapped("normalize_sum", c.array([3]), 0.5), c.array([1]))


def test_powers_and_monomials(c: Kernels) -> None:
    for x in (0.0, -0.0, 1.5, -2.0, INF, NAN):
        for power in (0, 1, 2, 3, 7, 16, 255):
            with np.errstate(all="ignore"):
                want = np.longdouble(x) ** power
            got = c("power", x, power)
            if np.isnan(want):
                assert np.isnan(got)
            elif abs(want) > np.finfo(c.dtype).max:
                assert got == np.copysign(INF, want)
            else:
                close(c.array([got]), np.array([want]), power + 1)
    x = samples(c.dtype, 3, decades=1)
    powers = np.array([[0, 0, 0], [1, 0, 0], [2, 1, 3], [0, 5, 0]], np.uint8)
    y = np.empty(4, c.dtype)
    c("monomials", powers, 4, 3, x, y)
    want = np.prod(x.astype(np.longdouble) ** powers, axis=1)
    close(y, want, 10)
    assert c("monomial", powers[2].copy(), 3, x) == y[2]


@pytest.mark.parametrize("n", [1, 2, 17, 64])
def test_dot_and_distances(c: Kernels, n: int) -> None:
    x, w = samples(c.dtype, n), samples(c.dtype, 4 * n, seed=2).reshape(4, n)
    wide, rows = x.astype(np.longdouble), w.astype(np.longdouble)
    size = (np.abs(rows[0]) * np.abs(wide)).sum()
    close(c.array([c("dot", w[0].copy(), n, x)]), np.array([rows[0] @ wide]), n + 1, size)
    want = ((wide - rows) ** 2).sum(axis=1)
    y = np.empty(4, c.dtype)
    c("distance", w, 4, n, x, y)
    close(y, want, n + 3)
    assert c("squared_distance", w[0].copy(), n, x) == y[0]
    assert c("nearest", w, 4, n, x) == y.argmin()
    assert c("nearest", np.vstack([w[2], w[2]]), 2, n, x) == 0


def test_kernel_functions(c: Kernels) -> None:
    x, v = samples(c.dtype, 6, decades=0.5), samples(c.dtype, 6, seed=2, decades=0.5)
    dot = (x.astype(np.longdouble) * v).sum()
    square = ((x.astype(np.longdouble) - v) ** 2).sum()
    gamma, coef0 = c.dtype(0.3), c.dtype(-0.2)
    base = np.longdouble(gamma) * dot + np.longdouble(coef0)
    size = abs(float(gamma)) * float(np.abs(x * v).sum()) + abs(float(coef0))
    got = c("kernel_rbf", gamma, v, 6, x)
    close(c.array([got]), np.array([np.exp(-gamma * square)]), 20 * (1 + float(gamma * square)))
    got = c("kernel_poly", gamma, coef0, 3, v, 6, x)
    close(c.array([got]), np.array([base**3]), 40, size**3)
    got = c("kernel_sigmoid", gamma, coef0, v, 6, x)
    close(c.array([got]), np.array([np.tanh(base)]), 20, size + 1)


def test_compensated_sums_do_not_grow_with_n(c: Kernels) -> None:
    n_out, n_in = 3, 5000
    w = samples(c.dtype, n_out * n_in).reshape(n_out, n_in)
    values = samples(c.dtype, n_in, seed=5, decades=1)
    y, error = np.ones(n_out, c.dtype), np.zeros(n_out, c.dtype)
    for column, value in enumerate(values):
        c("add_column", w, n_out, n_in, column, value, y, error)
    terms = w.astype(np.longdouble) * values.astype(np.longdouble)
    close(y, 1 + terms.sum(axis=1), 3, 1 + np.abs(terms).sum(axis=1))


@pytest.mark.parametrize("n_classes", [2, 3, 4, 7])
def test_pairs_of_classes(c: Kernels, n_classes: int) -> None:
    rng = np.random.default_rng(n_classes)
    counts = rng.integers(1, 5, n_classes)
    own = np.repeat(np.arange(n_classes), counts)
    dual = samples(c.dtype, (n_classes - 1) * own.size, decades=1).reshape(n_classes - 1, -1)
    values = samples(c.dtype, own.size, decades=0.5)
    sign = signs(n_classes)
    y, error = np.zeros(len(sign), c.dtype), np.zeros(len(sign), c.dtype)
    for s, value in enumerate(values):
        c("add_pairs", dual.ravel()[s:], own.size, n_classes, int(own[s]), value, y, error)
    want, size = np.zeros(len(sign), np.longdouble), np.zeros(len(sign))
    for s, value in enumerate(values):
        for pair in np.flatnonzero(sign[:, own[s]]):
            (other,) = set(np.flatnonzero(sign[pair])) - {own[s]}
            term = np.longdouble(dual[other - (other > own[s]), s]) * np.longdouble(value)
            want[pair] += term
            size[pair] += abs(term)
    close(y, want, 4, size)


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_votes_and_scores_of_pairs(c: Kernels, n_classes: int) -> None:
    n_pairs = n_classes * (n_classes - 1) // 2
    for seed in range(50):
        x = np.random.default_rng(seed).choice([-1.5, -0.0, 0.0, 0.25, 2.0], n_pairs)
        x = x.astype(c.dtype)
        y = np.empty(n_classes, c.dtype)
        c("pairwise_votes", n_classes, x, y)
        same(y, votes((x > 0)[None], n_classes)[0].astype(c.dtype))
        c("pairwise_scores", n_classes, x, y)
        s = x.astype(np.longdouble) @ signs(n_classes)
        close(y, votes((x >= 0)[None], n_classes)[0] + s / (3 * (np.abs(s) + 1)), 4, n_classes)


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_coupling_of_pairs(c: Kernels, n_classes: int) -> None:
    rng = np.random.default_rng(n_classes)
    for _ in range(50):
        r = rng.uniform(1e-7, 1 - 1e-7, n_classes * (n_classes - 1) // 2).astype(c.dtype)
        q, p = np.empty(n_classes * (n_classes + 1), c.dtype), np.empty(n_classes, c.dtype)
        c("pairwise_coupling", n_classes, r, q, p)
        close(p, coupling(r.astype(np.float64), n_classes), 60, 1.0)


def test_round32_is_to_nearest_even() -> None:
    x = np.concatenate([np.array(SPECIAL), samples(np.float64, 10_000, decades=30)])
    with np.errstate(over="ignore"):
        same(Kernels("f64").mapped("round32", x), x.astype(np.float32).astype(np.float64))
