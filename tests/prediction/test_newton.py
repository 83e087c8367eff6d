"""Damped Newton steps: to the bottom of a valley, and nowhere where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import pytest

from crm_kpi.prediction.newton import Matrix, Vector, lowest, with_prior


def bowl(at: Sequence[float]) -> tuple[float, Vector, Matrix]:
    """2 (x - 1)^2 + (y + 3)^4 + y^2 / 2."""
    x, y = at
    value = 2 * (x - 1) ** 2 + (y + 3) ** 4 + y * y / 2
    return value, [4 * (x - 1), 4 * (y + 3) ** 3 + y], [[4, 0], [0, 12 * (y + 3) ** 2 + 1]]


def downhill(at: Sequence[float]) -> tuple[float, Vector, Matrix]:
    """e^-x, which has no lowest point."""
    return exp(-at[0]), [-exp(-at[0])], [[exp(-at[0])]]


def saddle(at: Sequence[float]) -> tuple[float, Vector, Matrix]:
    """(x^2 - 1)^2, which at its start opens downwards."""
    (x,) = at
    return (x * x - 1) ** 2, [4 * x * (x * x - 1)], [[12 * x * x - 4]]


def test_the_bottom_and_how_sharp_it_is() -> None:
    found = lowest(bowl, [50.0, 40.0])
    assert found is not None
    x, y = found.point
    assert x == pytest.approx(1, abs=1e-12)
    assert 4 * (y + 3) ** 3 + y == pytest.approx(0, abs=1e-10)
    assert found.errors == pytest.approx((0.5, (12 * (y + 3) ** 2 + 1) ** -0.5))


def test_a_start_where_it_opens_downwards() -> None:
    found = lowest(saddle, [0.1])
    assert found is not None
    assert found.point == pytest.approx([1])


def test_no_bottom() -> None:
    assert lowest(downhill, [0.0]) is None


def test_digits_that_are_lost_end_nothing() -> None:
    """A value near zero that is the sum of large terms, of which the last digits are chance."""
    calls = 0

    def noisy(at: Sequence[float]) -> tuple[float, Vector, Matrix]:
        nonlocal calls
        calls += 1
        value, gradient, curvature = bowl(at)
        return value + (-1) ** calls * 4e-10, gradient, curvature

    found = lowest(noisy, [50.0, 40.0])
    assert found is not None
    assert found.point == pytest.approx(lowest(bowl, [50.0, 40.0]).point, abs=1e-6)  # type: ignore[union-attr]


def test_a_prior_makes_one() -> None:
    found = lowest(with_prior(downhill, 0.5), [0.0])
    assert found is not None
    (x,) = found.point
    assert x == pytest.approx(exp(-x))
