"""Kaplan-Meier against scipy: survival, the lifetime in clv, the median in resolution_time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import CensoredData, ecdf

from .sample import AS_OF, DAY, Sample, in_period, months30, months31, number

HOUR = pd.Timedelta(hours=1)
HALF = 0.5 + 1e-9
"""A product of fractions that is one half, whatever its last digits say."""
KNOWN = AS_OF + DAY
"""The first day of which nothing is known."""


def fitted(times: pd.Series, ended: pd.Series) -> Any:
    """scipy's survival function, which stays as it is at times of censoring alone."""
    censored = CensoredData.right_censored(times.to_numpy(float), ~ended.to_numpy(bool))
    return ecdf(censored).sf


def spans(sample: Sample, until: pd.Timestamp) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Signup, last day and whether it is over, of who signed up before the instant."""
    people = sample.customers[sample.customers["signup"] < until]
    ended = people["churn"] < until
    return people["signup"], people["churn"].where(ended, until), ended


def period_ends(found: Iterable[pd.Period]) -> dict[pd.Period, pd.Timestamp]:
    return {period: period.end_time.normalize() + DAY for period in found}


# Where nobody is left there is no band: None here, NaN there.
@pytest.mark.filterwarnings("ignore:The confidence interval is undefined:RuntimeWarning")
@pytest.mark.parametrize("unit", ["days", "months"])
def test_survival(sample: Sample, unit: str) -> None:
    signup, last, ended = spans(sample, KNOWN)
    months = (months30(last) - months30(signup)) // 30
    times = {"days": (last - signup).dt.days, "months": months}[unit]
    outside = fitted(times, ended)
    band = outside.confidence_interval(0.95, method="linear")
    rows = sample.table("survival", survival=f"{{unit: {unit}}}")
    assert [row["time"] for row in rows] == list(outside.quantiles)
    assert [row["at_risk"] for row in rows] == [int((times >= t).sum()) for t in outside.quantiles]
    assert [row["events"] for row in rows] == [
        int((ended & (times == t)).sum()) for t in outside.quantiles
    ]
    for column, expected in (
        ("survival", outside.probabilities),
        ("low", band.low.probabilities),
        ("high", band.high.probabilities),
    ):
        found = [number(row[column]) for row in rows]
        assert found == pytest.approx(list(expected), rel=1e-9, abs=1e-12, nan_ok=True), column
    below = outside.quantiles[outside.probabilities <= HALF]
    assert {row["median"] for row in rows} == {below[0] if len(below) else None}
    assert len(rows) > 20


@pytest.mark.parametrize("every", ["month", "quarter", "year"])
def test_lifetime(sample: Sample, every: str) -> None:
    """ACL is the area under the curve up to the longest tenure; APV and APF are pandas' means."""
    sales, orders, people = sample.sales, sample.orders, sample.customers
    # An order of nobody known has a value, and is no purchase of a customer.
    nobodys = sales[sales["customer"].isna() & (sales["amount"] > 0)]
    values = pd.concat([orders[["day", "amount"]], nobodys[["day", "amount"]]])
    # Who never signed up is there from the first order on.
    strangers = orders[~orders["customer"].isin(people["customer"])]
    firsts = strangers.groupby("customer")["day"].min()
    found = sample.results("clv", every)
    for period, until in period_ends(found).items():
        signup, last, ended = spans(sample, until)
        outside = fitted(months30(last) - months30(signup), ended)
        widths = np.diff(outside.quantiles, prepend=0)
        acl = float(widths @ np.append(1.0, outside.probabilities[:-1])) / 360
        begun = firsts[firsts < until]
        begins = pd.concat([signup, begun]).clip(lower=period.start_time)
        ends = pd.concat([last, begun.where(begun.isna(), until)])
        # Who left on the first day was there at the start, for no time.
        there = ends >= period.start_time
        years = (months31(ends) - months31(begins)).clip(lower=0).sum() / 372
        apv = values["amount"][in_period(values["day"], period)].mean()
        left_out = in_period(firsts, period).sum()
        apf = (in_period(orders["day"], period).sum() - left_out) / years
        parts = found[period].components
        close = pytest.approx([apv, apf, acl], rel=1e-9)
        assert [parts["apv"], parts["apf"], parts["acl"]] == close, period
        worth = apv * (len(begun) / there.sum() + apf * acl)
        assert found[period].value == pytest.approx(worth, rel=1e-9), period


@pytest.mark.parametrize("every", ["month", "quarter"])
def test_resolution_time(sample: Sample, every: str) -> None:
    """Tickets by creation; who is open at the period's end is censored there."""
    reached = 0
    found = sample.results("resolution_time", every)
    for period, until in period_ends(found).items():
        tickets = sample.tickets[in_period(sample.tickets["created_at"], period)]
        median = None
        if len(tickets):
            ended = tickets["solved_at"] < until
            hours = (tickets["solved_at"].where(ended, until) - tickets["created_at"]) / HOUR
            outside = fitted(hours, ended)
            below = outside.quantiles[outside.probabilities <= HALF]
            median = float(below[0]) if len(below) else None
        reached += median is not None
        assert found[period].components["km_median"] == pytest.approx(median, rel=1e-9), period
    assert reached > len(found) // 2
