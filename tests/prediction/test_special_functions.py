"""Numbers that models are made of, against what is known of them."""

from __future__ import annotations

from math import lgamma, pi

import pytest

from crm_kpi.prediction.special_functions import digamma, logistic, rounded, softplus, trigamma

EULER = 0.5772156649015329


def test_digamma_and_trigamma() -> None:
    assert digamma(1) == pytest.approx(-EULER, rel=1e-13)
    assert digamma(0.25) == pytest.approx(-4.2274535333762654, rel=1e-13)
    assert trigamma(1) == pytest.approx(pi**2 / 6, rel=1e-13)
    assert trigamma(0.5) == pytest.approx(pi**2 / 2, rel=1e-13)
    for x in (0.01, 0.9, 11.99, 12.01, 500.0):
        assert digamma(x + 1) == pytest.approx(digamma(x) + 1 / x, rel=1e-12)
        assert trigamma(x + 1) == pytest.approx(trigamma(x) - 1 / x**2, rel=1e-10)
        slope = (lgamma(x * 1.0001) - lgamma(x * 0.9999)) / (0.0002 * x)
        assert digamma(x) == pytest.approx(slope, rel=1e-6)


def test_no_power_is_too_large() -> None:
    assert (softplus(2000), softplus(-2000)) == (2000, 0)
    assert (logistic(2000), logistic(-2000), logistic(0)) == (1, 0, 0.5)


def test_six_digits() -> None:
    assert [rounded(each) for each in (0.12345678, 1234567.8, 5.0000001e-9)] == [
        0.123457,
        1234570,
        5e-9,
    ]
