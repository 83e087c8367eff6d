"""Theta, by hand, and beside the theta of statsforecast where that is there."""

from __future__ import annotations

import math
import random

import pytest

from crm_kpi.prediction.theta import seasonal_indices, slope, smoothed, theta
from crm_kpi.seasons import is_seasonal

STEADY = [100 + 2 * month for month in range(36)]
SEASON = [5.0, -2, -3]


def test_steady_growth() -> None:
    assert theta(STEADY, 12, 3) == pytest.approx([171.2435, 172.5354, 173.8371], abs=5e-5)


def test_a_line_by_hand() -> None:
    """Values at or below 0 are taken as they are: level 9 - .05 (9 + ...), half a slope of 1."""
    alpha, level = smoothed([float(t) for t in range(10)])
    assert alpha == 0.95
    lag = sum(0.05**k for k in range(1, 10))  # of a slope of 1, which the level stays behind
    assert level == pytest.approx(9 - lag)
    behind = (1 - 0.05**10) / 0.95
    expected = [level + (step + behind) / 2 for step in range(3)]
    assert theta([float(t) for t in range(10)], 12, 3) == pytest.approx(expected)


def test_what_stays_stays() -> None:
    assert theta([50.0] * 30, 12, 2) == pytest.approx([50, 50])
    assert theta([0.0] * 30, 12, 2) == [0, 0]
    assert not is_seasonal([50.0] * 30, 12)


def test_a_season_is_found_and_put_back() -> None:
    values = [10 + SEASON[t % 3] for t in range(20)]
    assert is_seasonal(values, 3)
    assert seasonal_indices(values, 3) == pytest.approx(SEASON)
    ahead = [10 + SEASON[(20 + h) % 3] for h in range(4)]
    assert theta([value - 100 for value in values], 3, 4) == pytest.approx([a - 100 for a in ahead])


def test_an_even_season_has_half_weights_at_its_ends() -> None:
    values = [10 + t + (3 if t % 2 else -3) for t in range(12)]
    assert seasonal_indices(values, 2) == pytest.approx([-3, 3])


def test_two_seasons_are_too_early_for_one() -> None:
    wave = [math.sin(t * math.pi / 6) for t in range(25)]
    assert not is_seasonal(wave[:24], 12)
    assert is_seasonal(wave, 12) == (  # r(12), by hand, against its noise
        abs(_r(wave, 12))
        > 1.645 * math.sqrt((1 + 2 * sum(_r(wave, k) ** 2 for k in range(1, 12))) / 25)
    )


def _r(values: list[float], lag: int) -> float:
    middle = sum(values) / len(values)
    pairs = zip(values, values[lag:], strict=False)
    return sum((a - middle) * (b - middle) for a, b in pairs) / sum(
        (a - middle) ** 2 for a in values
    )


def test_the_slope() -> None:
    assert slope([1, 3, 5, 7]) == pytest.approx(2)


def test_beside_statsforecast() -> None:
    """Its standard theta optimises the weight freely, takes the level from elsewhere, and
    multiplies seasons; on growth without one both say nearly the same."""
    models = pytest.importorskip("statsforecast.models")
    numpy = pytest.importorskip("numpy")
    dice = random.Random(4)
    values = [100 * 1.01**t * math.exp(dice.gauss(0, 0.02)) for t in range(60)]
    theirs = models.Theta(season_length=1).forecast(numpy.array(values), 6)["mean"]
    assert theta(values, 12, 6) == pytest.approx(list(theirs), rel=0.02)
