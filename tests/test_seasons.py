"""The last season again, and half of its growth, by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from crm_kpi.seasons import mean, seasonal_growth, seasonal_naive


def test_the_last_season_comes_again_and_again() -> None:
    assert seasonal_naive([9, 1, 2, 3], 3, 7) == [1, 2, 3, 1, 2, 3, 1]


def test_half_of_the_growth() -> None:
    assert seasonal_growth([100] * 12 + [144] * 12, 12, 3) == pytest.approx([172.8] * 3)
    assert seasonal_growth([7, 7, 4, 6, 3, 5], 2, 3) == pytest.approx(
        [3 * sqrt(0.8), 5 * sqrt(0.8), 3 * sqrt(0.8)]
    )


@pytest.mark.parametrize(
    ("before", "last", "growth"),
    [(1, 9, sqrt(2)), (9, 1, sqrt(0.5)), (0, 9, 1), (-3, 9, 1), (9, -3, 1), (-3, -9, 1)],
)
def test_growth_is_believed_within_limits(before: float, last: float, growth: float) -> None:
    assert seasonal_growth([before, before, last, last], 2, 1) == pytest.approx([last * growth])


def test_the_mean_of_all() -> None:
    assert mean([1, 2, 6], 2) == [3, 3]
