"""Medians and 90th percentiles against numpy, their intervals against scipy's exact ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from scipy.stats import quantile_test

from crm_kpi.results import Result

from .sample import DAY, Sample, in_period

HOUR = pd.Timedelta(hours=1)
EVERY = pytest.mark.parametrize("every", ["month", "quarter", "year"])


def agree(found: Mapping[pd.Period, Result], values: pd.Series, days: pd.Series) -> None:
    """Of each period the median, mean and 90th percentile of the values that fall into it."""
    answered = 0
    for period, result in found.items():
        mine = np.sort(values[in_period(days, period)].dropna().to_numpy(float))
        parts = result.components
        assert result.n == len(mine), period
        if not len(mine):
            assert (result.value, parts["mean"], parts["p90"]) == (None, None, None)
            continue
        answered += 1
        assert [result.value, parts["p90"], parts["mean"]] == pytest.approx(
            [*np.quantile(mine, [0.5, 0.9], method="linear"), mine.mean()], rel=1e-9
        ), period
        if len(mine) < 6:
            assert (result.low, result.high) == (None, None)
            continue
        # Ours has the normal approximation, rounded outwards: at most one value wider a side.
        exact = quantile_test(mine, p=0.5).confidence_interval(0.95)
        below, above = mine[mine < exact.low], mine[mine > exact.high]
        assert result.low in [pytest.approx(v, rel=1e-9) for v in (exact.low, *below[-1:])], period
        assert result.high in [pytest.approx(v, rel=1e-9) for v in (exact.high, *above[:1])], period
    assert answered >= len(found) * 3 // 4


@EVERY
def test_first_response_time(sample: Sample, every: str) -> None:
    tickets = sample.tickets
    hours = (tickets["first_reply_at"] - tickets["created_at"]) / HOUR
    found = sample.results("first_response_time", every)
    agree(found, hours, tickets["created_at"])
    for period, result in found.items():
        created = in_period(tickets["created_at"], period)
        unanswered = int((created & tickets["first_reply_at"].isna()).sum())
        assert result.components["unanswered"] == unanswered, period


@EVERY
def test_resolution_time(sample: Sample, every: str) -> None:
    tickets = sample.tickets
    created, solved = tickets["created_at"], tickets["solved_at"]
    found = sample.results("resolution_time", every)
    agree(found, (solved - created) / HOUR, solved)
    first = (tickets["first_solved_at"] - created) / HOUR
    for period, result in found.items():
        mine = first[in_period(solved, period)].dropna()
        expected = np.quantile(mine, 0.5) if len(mine) else None
        assert result.components["first_solved"] == pytest.approx(expected, rel=1e-9), period
        end = period.end_time.normalize() + DAY
        still = int(((created < end) & ~(solved < end)).sum())
        assert result.components["open"] == still, period


@EVERY
@pytest.mark.parametrize("order", ["id", "day"])
def test_time_between_purchases(sample: Sample, every: str, order: str) -> None:
    orders = sample.orders
    if order == "day":
        lines = sample.sales.groupby(["customer", "day"], as_index=False)["amount"].sum()
        orders = lines[lines["amount"] > 0]
    orders = orders.sort_values(["customer", "day"])
    gaps = orders.groupby("customer")["day"].diff() / DAY
    name = "time_between_purchases"
    found = sample.results(name, every, **{name: f"{{order: {order}}}"})
    agree(found, gaps, orders["day"])
    for period, result in found.items():
        buyers = orders["customer"][orders["day"] <= period.end_time].nunique()
        assert result.components["open"] == buyers, period
