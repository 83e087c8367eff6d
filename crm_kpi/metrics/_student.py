"""Quantiles of Student's t, of which intervals of few observations are made.

Found by Newton's way on the upper tail, which is convex: it comes nearer from below with every
step, at the latest with the second.
"""

from __future__ import annotations

from functools import cache
from math import erfc, exp, lgamma, log, log1p, pi, sqrt

_FEW = 5
"""From so many degrees on Fisher's series comes near."""
_MANY = 1000
"""From so many degrees on Fisher's series has all digits that are kept."""
_DIGITS = 9
"""Libraries of mathematics differ in the last digits; what is made of these must not."""


@cache
def quantile(probability: float, degrees: float) -> float:
    """The quantile of a probability above one half, to 9 digits; degrees may be broken."""
    t = _normal(1 - probability)
    if degrees >= _FEW:
        t = _fisher(t, degrees)
    if degrees >= _MANY:
        return _rounded(t)
    for _ in range(200):
        step = (_upper_tail(t, degrees) - (1 - probability)) / _density(t, degrees)
        t += step
        if abs(step) <= 1e-11 * t:
            break
    return _rounded(t)


def _rounded(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")


def _normal(tail: float) -> float:
    """The normal distribution's, by the share above it; Newton's way once more."""
    z = 0.0
    for _ in range(100):
        step = (erfc(z / sqrt(2)) / 2 - tail) * sqrt(2 * pi) * exp(z * z / 2)
        z += step
        if abs(step) <= 1e-12:
            break
    return z


def _fisher(z: float, v: float) -> float:
    """The series of Fisher and Cornish in 1/v."""
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def _density(t: float, v: float) -> float:
    scale = lgamma((v + 1) / 2) - lgamma(v / 2) - log(v * pi) / 2
    return exp(scale - (v + 1) / 2 * log1p(t * t / v))


def _upper_tail(t: float, v: float) -> float:
    """Half of the incomplete beta function of v / (v + t^2), v/2 and 1/2."""
    x = v / (v + t * t)
    return _incomplete_beta(x, t * t / (v + t * t), v / 2, 0.5) / 2


def _incomplete_beta(x: float, rest: float, a: float, b: float) -> float:
    """The regularised one, by its continued fraction; rest is 1 - x."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(rest, x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest)) / a
    # Lentz: c and d are ratios of successive numerators and denominators.
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 1000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / (1 + numerator * d), 1 + numerator / c
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * value
