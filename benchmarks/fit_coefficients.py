"""Fit the polynomial coefficients that the math kernels of runtime_c/ hold, and print them."""

from collections.abc import Callable

import mpmath as mp

N_GRID = 1000
N_EXCHANGES = 8

Function = Callable[[mp.mpf], mp.mpf]


def remez(
    target: Function, weight: Function, interval: tuple[mp.mpf, mp.mpf], degree: int
) -> list[mp.mpf]:
    """Coefficients c, lowest first, that minimise max |weight (target - sum c_i t^i)|.

    Raises:
        ArithmeticError: the error does not alternate often enough at this precision.
    """
    n_points = degree + 2
    points = chebyshev(*interval, n_points)
    grid = chebyshev(*interval, N_GRID)
    for _ in range(N_EXCHANGES):
        rows = [[*(t**j for j in range(degree + 1)), (-1) ** i / weight(t)]
                for i, t in enumerate(points)]  # fmt: skip
        solution = list(mp.lu_solve(mp.matrix(rows), mp.matrix([target(t) for t in points])))
        coefficients = solution[:-1]
        errors = [weight(t) * (target(t) - polynomial(coefficients, t)) for t in grid]
        points = [grid[i] for i in alternation(errors, n_points)]
    print(f"/* largest error 2^{mp.nstr(mp.log(max(map(abs, errors)), 2), 4)} */")
    return coefficients


def polynomial(coefficients: list[mp.mpf], t: mp.mpf) -> mp.mpf:
    """sum c_i t^i."""
    return mp.fsum(c * t**i for i, c in enumerate(coefficients))


def chebyshev(low: mp.mpf, high: mp.mpf, n_points: int) -> list[mp.mpf]:
    """The extrema of a Chebyshev polynomial on [low, high], both ends included."""
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle - half * mp.cos(mp.pi * i / (n_points - 1)) for i in range(n_points)]


def alternation(errors: list[mp.mpf], count: int) -> list[int]:
    """Where the largest error of each run of one sign is; `count` runs, the outer ones dropped."""
    peaks: list[int] = []
    for i, error in enumerate(errors):
        if peaks and (errors[peaks[-1]] > 0) == (error > 0):
            peaks[-1] = max(peaks[-1], i, key=lambda j: abs(errors[j]))
        else:
            peaks.append(i)
    while len(peaks) > count:
        peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
    if len(peaks) < count:
        raise ArithmeticError(f"{len(peaks)} alternations, {count} needed: raise mp.mp.dps")
    return peaks


def exp_f32() -> list[mp.mpf]:
    """2^f = 1 + f p(f) on [0, 1], without error at both ends so that neighbours meet.

    p(f) = 1 + (1 - f) h(f). The two highest coefficients of p are given, short enough to be
    immediate operands; the others make up for it.
    """
    highest = [mp.mpf(0x000E4000) / 2**32, mp.mpf(0x00518000) / 2**32]
    h4 = -highest[0]
    h3 = h4 - highest[1]

    def target(f: mp.mpf) -> mp.mpf:
        return (2**f - 1 - f) / (f * (1 - f)) - h3 * f**3 - h4 * f**4

    margin = mp.mpf(2) ** -30
    h = remez(target, lambda f: f * (1 - f) / 2**f, (margin, 1 - margin), 2)
    padded = [mp.mpf(0), *h, h3, h4, mp.mpf(0)]
    return [padded[i + 1] - padded[i] + (i == 0) for i in range(6)]


def log_f32() -> list[mp.mpf]:
    """ln(1 + f) / f in u = f + shift >= 0, 1 + f in [sqrt(1/2), sqrt(2)]."""
    shift = 1 - mp.mpf(0xB504F3) / 2**24

    def target(u: mp.mpf) -> mp.mpf:
        return mp.log1p(u - shift) / (u - shift)

    return remez(target, lambda _: mp.mpf(1), (mp.mpf(0), mp.sqrt(2) - 1 + shift), 9)


def tanh(degree: int) -> list[mp.mpf]:
    """(1 - tanh(x) / x) / z in z = x^2, |x| < 0.55."""

    def target(z: mp.mpf) -> mp.mpf:
        return (1 - mp.tanh(mp.sqrt(z)) / mp.sqrt(z)) / z

    return remez(target, lambda z: z, (mp.mpf(2) ** -40, mp.mpf("0.55") ** 2), degree)


def cos(degree: int) -> list[mp.mpf]:
    """(1 - cos(pi t / 2)) / u in u = t^2, |t| <= 1/2."""

    def target(u: mp.mpf) -> mp.mpf:
        return (1 - mp.cos(mp.pi / 2 * mp.sqrt(u))) / u

    return remez(target, lambda u: u, (mp.mpf(2) ** -40, mp.mpf("0.25")), degree)


def sin(degree: int) -> list[mp.mpf]:
    """sin(pi t / 2) / t in u = t^2, |t| <= 1/2."""

    def target(u: mp.mpf) -> mp.mpf:
        return mp.sin(mp.pi / 2 * mp.sqrt(u)) / mp.sqrt(u)

    return remez(target, lambda _: mp.mpf(1), (mp.mpf(2) ** -40, mp.mpf("0.25")), degree)


def exp_f64() -> list[mp.mpf]:
    """(e^r - 1 - r) / r^2, |r| <= ln(2) / 2."""
    interval = (mp.mpf("-0.3466"), mp.mpf("0.3467"))
    return remez(lambda r: (mp.expm1(r) - r) / r**2, lambda r: r * r, interval, 9)


def log_f64() -> list[mp.mpf]:
    """(2 atanh(s) / s - 2) / z in z = s^2, s = f / (2 + f), 1 + f <= sqrt(2)."""

    def target(z: mp.mpf) -> mp.mpf:
        return (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z

    largest = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
    return remez(target, lambda z: z, (mp.mpf(2) ** -60, largest**2), 6)


def erf_near() -> list[mp.mpf]:
    """erf(x) / x - 1 in z = x^2, |x| < 0.9."""

    def target(z: mp.mpf) -> mp.mpf:
        return mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1

    interval = (mp.mpf(2) ** -40, mp.mpf("0.9") ** 2)
    return remez(target, lambda z: 1 / (1 + target(z)), interval, 12)


def erf_far() -> list[mp.mpf]:
    """-log(1 - erf(x)) / x from 0.9 to where erf(x) rounds to 1."""
    interval = (mp.mpf("0.9"), mp.mpf("5.95"))
    return remez(lambda x: -mp.log(mp.erfc(x)) / x, lambda x: x * mp.erfc(x), interval, 18)


def cos_f64() -> list[mp.mpf]:
    """(cos(y) - 1 + y^2 / 2) / z^2 in z = y^2, |y| <= pi / 4."""

    def target(z: mp.mpf) -> mp.mpf:
        return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2

    return remez(target, lambda z: z**2, (mp.mpf(2) ** -40, (mp.pi / 4) ** 2), 5)


def sin_f64() -> list[mp.mpf]:
    """(sin(y) / y - 1) / z in z = y^2, |y| <= pi / 4."""

    def target(z: mp.mpf) -> mp.mpf:
        return (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z

    return remez(target, lambda z: z, (mp.mpf(2) ** -40, (mp.pi / 4) ** 2), 5)


def fixed_point(name: str, coefficients: list[mp.mpf], fraction_bits: int) -> None:
    """Print coefficients with that many bits behind the point, without their sign."""
    print(name, *(f"0x{int(mp.nint(abs(c) * 2**fraction_bits)):08X}u" for c in coefficients))


def doubles(name: str, coefficients: list[mp.mpf]) -> None:
    """Print coefficients as the nearest doubles."""
    print(name, *(repr(float(c)) for c in coefficients))


def main() -> None:
    """Print every coefficient of runtime_c/, lowest power first."""
    mp.mp.dps = 60
    fixed_point("exp_f32", exp_f32(), 32)
    fixed_point("log_f32", log_f32(), 31)
    fixed_point("tanh_f32", tanh(4), 32)
    fixed_point("cos_f32", cos(3), 31)
    fixed_point("cos_f32", sin(4), 31)
    doubles("exp_f64", exp_f64())
    doubles("log_f64", log_f64())
    doubles("tanh_f64", tanh(10))
    doubles("erf_f64", erf_near() + erf_far())
    doubles("cos_f64", cos_f64())
    doubles("cos_f64", sin_f64())
    fixed_point("log2(e)", [1 / mp.log(2)], 39)
    fixed_point("ln 2", [mp.log(2)], 55)


if __name__ == "__main__":
    main()
