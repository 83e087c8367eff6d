"""Earlier forecasts against what came, counted by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from crm_kpi.prediction.bands import Bands
from crm_kpi.prediction.forecast_backtest import accuracy, name_of, origins, trusted
from crm_kpi.prediction.forecasting import Past


@pytest.mark.parametrize(
    ("count", "first", "last"), [(35, 0, 0), (36, 24, 24), (40, 24, 28), (60, 37, 48)]
)
def test_the_origins(count: int, first: int, last: int) -> None:
    at = [*origins(Past([1.0] * count, 12))]
    assert at == ([*range(first, last + 1)] if last else [])


def test_errors_by_hand() -> None:
    """Seasons of two: 1 2, 2 4, 4 8; one origin, at four values."""
    past = Past([1.0, 2, 2, 4, 4, 8], 2)
    naive = accuracy(replace(past, method="seasonal_naive"))
    assert naive is not None
    assert (naive.origins, naive.mae, naive.ratio) == (1, 3, 1)  # 2, 4 forecast, 4, 8 came
    found = accuracy(past)
    assert found is not None
    growth = math.sqrt(2)
    assert found.mae == pytest.approx((4 - 2 * growth + 8 - 4 * growth) / 2)
    assert found.ratio == pytest.approx(2 - growth)
    assert found.coverage == {80: None, 95: None}
    assert trusted(past) == (past, found)


def test_it_falls_back_on_the_last_season() -> None:
    """After growth everything is as it was before: who believed in growth was wrong."""
    past = Past([1.0, 1, 2, 2, 2, 2, 2], 2)
    believed, found = trusted(past)
    assert found is not None
    assert found.mae == pytest.approx((2 * math.sqrt(2) - 2 + 2 * math.sqrt(4 / 3) - 2) / 2)
    assert (found.naive_mae, found.ratio) == (0, None)
    assert (believed.method, name_of(believed)) == ("seasonal_naive", "seasonal_naive")
    asked = replace(past, method="seasonal_growth")
    assert trusted(asked)[0] is asked  # who asks for a method gets it


def test_digits_that_logarithms_leave_are_no_error() -> None:
    past = Past([100.1] * 48, 12)
    believed, found = trusted(past)
    assert found is not None
    assert (found.naive_mae, found.mae) == (0, pytest.approx(0, abs=1e-9))
    assert name_of(believed) == "mix"


def test_bands_are_those_that_were_known_then() -> None:
    values = [100 + 10 * math.sin(t) + t % 7 for t in range(60)]
    past = Past(values, 12)
    inside = 0
    for origin in range(37, 49):
        bands = Bands.of(Past(values[:origin], 12))
        for h, forecast in enumerate(Past(values[:origin], 12).ahead(12), 1):
            low, high = bands.around(forecast, h, 80)
            assert low is not None
            assert high is not None
            inside += low <= values[origin + h - 1] <= high
    found = accuracy(past)
    assert found is not None
    assert found.coverage[80] == inside / 144
