"""What would have been said earlier, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.analyses import backtest
from crm_kpi.analyses._backtest import BacktestHalf
from crm_kpi.errors import ConfigError

from .support import report, table
from .test_forecast import months

OPTIONS: dict[str, Any] = {"as_of": "2023-12-31"}
OF_FORECAST: dict[str, Any] = {"definition": "{of: forecast}", **OPTIONS}
STEADY = {"transactions": months([100 + 2 * month for month in range(48)], 2020 * 12)}
FROM = ["periods.from=2020-01"]


def test_against_the_last_season() -> None:
    auto, naive = table(STEADY, "backtest", set_=FROM, **OF_FORECAST)
    # The last season lies twelve months and so 24 below what comes, at each of the origins 25 to
    # 36 and in each of the twelve months after it.
    assert (naive["metric"], naive["origins"], naive["mae"], naive["ratio"]) == (
        *("revenue", 12),
        *(24, 1),
    )
    assert auto["ratio"] == pytest.approx(auto["mae"] / 24)
    assert auto["ratio"] < 0.6
    assert list(auto) == [
        "metric",
        "method",
        "origins",
        "mae",
        "ratio",
        "coverage_80",
        "coverage_95",
    ]


def test_three_seasons_are_needed() -> None:
    found = report(STEADY, "backtest", set_=["periods.from=2021-02"], **OF_FORECAST)
    nothing = dict.fromkeys(("mae", "ratio", "coverage_80", "coverage_95"))
    assert found.tables["backtest"] == [
        {"metric": "revenue", "method": name, "origins": 0, **nothing}
        for name in ("auto", "seasonal_naive")
    ]
    assert found.notes == [
        "whether it would have been right earlier cannot be told before 36 whole periods; "
        "there are 35"
    ]


def test_what_the_forecast_is_set_to_is_tried() -> None:
    words = [*FROM, "definitions.forecast={method: theta, metric: average_order_value}"]
    rows = table(STEADY, "backtest", set_=words, **OF_FORECAST)
    assert [(row["metric"], row["method"]) for row in rows] == [
        ("average_order_value", "theta"),
        ("average_order_value", "seasonal_naive"),
    ]
    words = [*FROM, "definitions.forecast={method: seasonal_naive}"]
    assert len(table(STEADY, "backtest", set_=words, **OF_FORECAST)) == 1


def test_what_never_errs_has_no_ratio() -> None:
    same = {"transactions": months([100] * 48, 2020 * 12)}
    auto, naive = table(same, "backtest", set_=FROM, **OF_FORECAST)
    assert (naive["mae"], naive["ratio"], naive["coverage_95"]) == (0, None, 100)
    assert auto["mae"] == pytest.approx(0, abs=1e-9)


def test_what_can_be_tried() -> None:
    with pytest.raises(ConfigError):
        table(STEADY, "backtest", definition="{of: weather}", **OPTIONS)


def test_customers_come_first_where_there_are_transactions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A table has rows of one shape, and another is asked for by name."""
    other = BacktestHalf(
        rows=lambda scope, definition: [{"model": "m", "cut": definition.cuts}],
        needs={"transactions": ("date",)},
    )
    monkeypatch.setattr(backtest, "HALVES", {**backtest.HALVES, "expected_churn": other})
    assert table(STEADY, "backtest", **OPTIONS) == [{"model": "m", "cut": 3}]
    rows = table(STEADY, "backtest", set_=FROM, **OF_FORECAST)
    assert [row["method"] for row in rows] == ["auto", "seasonal_naive"]


def test_too_short_a_past_is_told() -> None:
    found = report(STEADY, "backtest", **OPTIONS)
    assert found.tables["backtest"] == []
    assert found.notes == ["backtest: the history is too short for one"]
