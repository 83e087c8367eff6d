"""Interpolation: a smooth function at many points is as if computed at each."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, exp, pi

import pytest

from crm_kpi.prediction.buying import Buying
from crm_kpi.prediction.chebyshev import along


def test_few_points_are_computed_each() -> None:
    asked: list[float] = []

    def function(point: float) -> float:
        asked.append(point)
        return point * point

    assert along(function, [3.0, 1.0, 2.0], 1) == [9, 1, 4]
    assert asked == [3, 1, 2]
    assert along(function, [], 1) == []
    assert along(function, [5.0] * 40, 1) == [25] * 40


@pytest.mark.parametrize("function", [lambda u: exp(-u), cos])
def test_many_points_are_between_few(function: Callable[[float], float]) -> None:
    asked: list[float] = []

    def watched(point: float) -> float:
        asked.append(point)
        return function(point)

    points = [i / 100 for i in range(501)]
    found = along(watched, points, pi / 2)
    assert len(asked) < 70
    for point, each in zip(points, found, strict=True):
        assert each == pytest.approx(function(point), abs=1e-12)


@pytest.mark.parametrize("which", [
    Buying("bg", 0.243, 4.414, 0.793, 2.426), Buying("mbg", 0.52, 0.05, 0.89, 1.61),
    Buying("mbg", 20, 60, 1e-3, 30),
])  # fmt: skip
@pytest.mark.parametrize("x", [0, 1, 12, 300])
def test_purchases_of_customers_of_all_ages(which: Buying, x: int) -> None:
    ages, weeks = [i / 7 for i in range(3000)], [4.0, 13.0, 52.0]
    found = which.purchases_by_age(x, ages, weeks)
    for at in (0, 1, 17, 400, 2999):
        assert found[at] == pytest.approx(which.purchases_while_alive(x, ages[at], weeks), rel=1e-8)
