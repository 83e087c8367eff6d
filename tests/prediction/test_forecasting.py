"""Which method for how much past."""

from __future__ import annotations

import pytest

from crm_kpi.prediction.forecasting import Past, by_length, fewest

STEADY = [100.0 + 2 * month for month in range(36)]


@pytest.mark.parametrize(
    ("count", "season", "method"),
    [
        *((6, 12, "mean"), (11, 12, "mean"), (12, 12, "seasonal_naive")),
        *((23, 12, "seasonal_naive"), (24, 12, "seasonal_growth"), (35, 12, "seasonal_growth")),
        *((36, 12, "mix"), (6, 4, "seasonal_naive"), (12, 4, "mix"), (6, 7, "mean")),
    ],
)
def test_by_length(count: int, season: int, method: str) -> None:
    assert by_length(count, season) == method


def test_published_in_the_worked_answers() -> None:
    growth = Past([100.0] * 12 + [144.0] * 12, 12)
    assert growth.ahead(3) == pytest.approx([172.8] * 3)
    expected = {
        "theta": [171.2435, 172.5354, 173.8371],
        "seasonal_growth": [160.6177, 162.7882, 164.9587],
        "mix": [165.8455, 167.5910, 169.3397],
        "auto": [165.8455, 167.5910, 169.3397],
    }
    for method, values in expected.items():
        assert Past(STEADY, 12, method).ahead(3) == pytest.approx(values, abs=5e-5)


def test_the_arithmetic_mean_where_a_value_is_not_above_nothing() -> None:
    values = [0.0, *STEADY[1:]]
    theta, growth = (Past(values, 12, m).ahead(2) for m in ("theta", "seasonal_growth"))
    both = [(one + other) / 2 for one, other in zip(theta, growth, strict=True)]
    assert Past(values, 12).ahead(2) == pytest.approx(both)


def test_at_an_origin_nothing_later_is_known() -> None:
    past = Past(STEADY, 12)
    for origin in (6, 12, 24, 35):
        assert past.ahead(5, origin) == Past(STEADY[:origin], 12).ahead(5)
    changed = Past([*STEADY[:30], *[1e9] * 6], 12)
    assert changed.season_ahead(30) == past.season_ahead(30)


def test_how_many_values_a_method_needs() -> None:
    assert [fewest(m, 12) for m in ("auto", "mean", "theta")] == [6, 6, 6]
    assert [fewest(m, 12) for m in ("seasonal_naive", "seasonal_growth", "mix")] == [12, 24, 24]
    assert fewest("seasonal_naive", 4) == 6


@pytest.mark.parametrize("method", ["mean", "seasonal_naive", "seasonal_growth", "theta", "mix"])
@pytest.mark.parametrize("values", [STEADY, [v - 130 for v in STEADY]], ids=["above 0", "below"])
def test_a_currency_changes_nothing_but_the_size(method: str, values: list[float]) -> None:
    thousand = [1_000 * value for value in values]
    ours, theirs = (Past(v, 12, method).ahead(24) for v in (values, thousand))
    assert theirs == pytest.approx([1_000 * value for value in ours], rel=1e-12)
