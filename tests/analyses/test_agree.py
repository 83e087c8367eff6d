"""The analyses and the oracle on the same random rows: every row, every cell."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import buying, customers
from tests.oracle import tickets as oracle_tickets
from tests.oracle.common import local_day
from tests.oracle.data import REGIONS, Dataset, generate
from tests.oracle.data_sales import STAGES, sales
from tests.oracle.data_service import tickets
from tests.oracle.periods import DAY, Period, before, calendar

from . import oracle, oracle_churn, oracle_drivers, oracle_forecast, oracle_sales
from .oracle import Table
from .support import table

SEEDS = range(1, 5)

Oracle = Callable[[Dataset, str], Table]


def periods(data: Dataset, every: str, *tables: str) -> list[Period]:
    """The program's calendar begins with the first day of the tables that are read."""
    columns = {"customers": "signup_date", "transactions": "date"}
    first = min(row[columns[t]] for t in tables for row in data[t])
    return calendar(every, first, data.as_of)


def _orders(mode: str, order: str | None) -> Oracle:
    return lambda d, every: oracle.cohorts_of_orders(
        periods(d, every, "customers", "transactions"),
        d.as_of,
        d["transactions"],
        mode=mode,
        order=order,
    )


def _contracts(mode: str) -> Oracle:
    return lambda d, every: oracle.cohorts_of_contracts(
        periods(d, every, "customers"), d.as_of, d["customers"], mode=mode
    )


def _revenue(d: Dataset, every: str) -> Table:
    time = periods(d, every, "customers", "transactions")
    return oracle.cohorts_of_revenue(time, d.as_of, d["transactions"])


BY_PERIOD: dict[str, tuple[str, str, Oracle]] = {
    "cohorts": ("cohorts", "{}", _orders("on", None)),
    "cohorts by id": ("cohorts", "{order: id}", _orders("on", "id")),
    "cohorts by day": (
        "cohorts",
        "{mode: on_or_after, order: day}",
        _orders("on_or_after", "day"),
    ),
    "cohorts by row": (
        "cohorts",
        "{mode: on_or_after, order: row}",
        _orders("on_or_after", "row"),
    ),
    "cohorts of contracts": ("cohorts", "{basis: contract}", _contracts("on")),
    "cohorts of contracts, or later": (
        "cohorts",
        "{mode: on_or_after, basis: contract}",
        _contracts("on_or_after"),
    ),
    "cohorts of revenue": ("cohorts", "{of: revenue}", _revenue),
}
"""Analyses of which the rhythm of the calendar matters: id, definition, oracle."""


def _bought(answer: Callable[..., Table], **options: Any) -> Oracle:
    return lambda d, _: answer(d["transactions"], d.as_of, **options)


def _due(**options: Any) -> Oracle:
    return lambda d, _: oracle.follow_up(
        d["transactions"], d["interactions"], d["customers"], d.as_of, d.zone, **options
    )


def _lives(unit: str) -> Oracle:
    return lambda d, _: oracle.survival(d["customers"], d.as_of, unit)


def _funnel(stages: tuple[str, ...] | None) -> Oracle:
    return lambda d, _: oracle_sales.funnel(
        d["opportunities"], d["stage_changes"], d.as_of, d.zone, stages=stages
    )


def _waiting(hours: int) -> Oracle:
    return lambda d, _: oracle_sales.unresolved(d["tickets"], d.as_of, d.zone, hours * 3600)


def _left(d: Dataset, _: str) -> Table:
    first = min(row["signup_date"] for row in d["customers"])
    return oracle_churn.churn_reasons(d, first, ("subscriptions", "transactions"))


OVER_ALL: dict[str, tuple[str, str, Oracle]] = {
    "survival": ("survival", "{}", _lives("days")),
    "survival in months": ("survival", "{unit: months}", _lives("months")),
    "churn reasons": ("churn_reasons", "{}", _left),
    "rfm": ("rfm", "{}", _bought(oracle.rfm)),
    "rfm by day": ("rfm", "{order: day}", _bought(oracle.rfm, order="day")),
    "rfm per segment": (
        "rfm",
        "{per: segment}",
        lambda d, _: oracle.rfm_segments(oracle.rfm(d["transactions"], d.as_of)),
    ),
    "concentration": ("concentration", "{}", _bought(oracle.concentration)),
    "spending": ("spending", "{}", _bought(oracle.spending)),
    "follow up": ("follow_up", "{}", _due()),
    "follow up the first": (
        "follow_up",
        "{purchase: first, after: 30d}",
        _due(purchase="first", after=30),
    ),
    "follow up in time": (
        "follow_up",
        "{after: 2 weeks, within: 60d}",
        _due(after=14, within=60),
    ),
    **{
        f"unresolved for {hours} hours": ("unresolved", f"{{limit: {hours}h}}", _waiting(hours))
        for hours in (1, 48, 24 * 30)
    },
    "issues": (
        "issues",
        "{}",
        lambda d, _: oracle_sales.issues(d["tickets"], d["customers"], d.as_of, d.zone),
    ),
    "feedback": (
        "feedback",
        "{}",
        lambda d, _: oracle_sales.feedback(d["surveys"], d.as_of, d.zone),
    ),
    "history": ("history", "{}", lambda d, _: oracle_sales.history(d)),
    **{
        f"funnel of {len(stages)} stages": (
            "funnel",
            f"{{stages: [{', '.join(stages)}]}}",
            _funnel(stages),
        )
        for stages in (STAGES[1:3], STAGES)
    },
    "funnel": ("funnel", "{}", _funnel(None)),
    "funnel of leads": (
        "funnel",
        "{of: leads}",
        lambda d, _: oracle_sales.lead_funnel(d["leads"], d.as_of, d.zone),
    ),
    "pipeline deal by deal": (
        "pipeline",
        "{deals: list}",
        lambda d, _: oracle_sales.open_deals(d),
    ),
    "team": ("team", "{}", lambda d, _: oracle_sales.team(d)),
    "team with targets": (
        "team",
        "{target: {An: 500000}}",
        lambda d, _: oracle_sales.team(d, {"An": 500_000}),
    ),
}
"""The others, which look at all periods as one."""


def _past(d: Dataset, every: str, metric: str) -> tuple[list[Period], tuple[float, ...]]:
    """The periods that are learnt from, and what they brought."""
    zone = ZoneInfo(d.timezone)
    if metric == "revenue":
        first = min(row["date"] for row in d["transactions"])
        time = oracle_forecast.whole(every, first, d.as_of)
        answers = buying.revenue(time, d.as_of, d["transactions"])
    else:
        first = min(local_day(row["created_at"], zone) for row in d["tickets"])
        time = oracle_forecast.whole(every, first, d.as_of)
        answers = oracle_tickets.tickets(time, d.as_of, zone, d["tickets"])
    return time, tuple(float(answers[period, ()].value or 0) for period in time)


def _forecast(metric: str, method: str = "auto", horizon: int = 12) -> Oracle:
    def answer(d: Dataset, every: str) -> Table:
        time, values = _past(d, every, metric)
        is_count = metric == "tickets"
        rows = oracle_forecast.rows(metric, values, time[-1], horizon, method, is_count=is_count)
        if is_count:
            return rows
        deals = oracle_sales.open_deals(d)
        until, end = d.as_of + timedelta(days=1), rows[-1]["end"]
        return rows + oracle_forecast.pipeline(deals, until, every, end, "given")

    return answer


def _backtest(d: Dataset, every: str) -> Table:
    season = oracle_forecast.SEASONS[every]
    return oracle_forecast.backtest("revenue", _past(d, every, "revenue")[1], season, "auto")


OF_THE_PAST: dict[str, tuple[str, str, Oracle]] = {
    "forecast": ("forecast", "{}", _forecast("revenue")),
    "forecast of tickets": ("forecast", "{metric: tickets}", _forecast("tickets")),
    "forecast by theta": (
        "forecast",
        "{method: theta, horizon: 20}",
        _forecast("revenue", "theta", 20),
    ),
    "backtest": ("backtest", "{of: forecast}", _backtest),
}
"""Those that learn from all whole periods."""


def _two(data: Dataset, every: str, *tables: str) -> tuple[Period, Period]:
    """The last two whole periods."""
    whole = [p for p in periods(data, every, *tables) if p.end <= data.as_of + DAY]
    return before(whole[-1]), whole[-1]


def _moved_revenue(d: Dataset, every: str) -> Table:
    both = _two(d, every, "customers", "transactions")
    given = both, d.as_of, d["transactions"], d["customers"]
    accounts = {name: buying.revenue(*given, by=[name]) for name in ("channel", "segment")}
    known = [row for row in d["transactions"] if row["customer_id"] is not None]
    own = buying.revenue(both, d.as_of, known, d["customers"])
    bought = buying.purchase_frequency(both, d.as_of, known, d["customers"])
    sides = []
    for period in both:
        orders, customers = (bought[period, ()].components[n] for n in ("orders", "customers"))
        paid = own[period, ()].value
        sides.append([Fraction(customers), Fraction(orders, customers), Fraction(paid) / orders])
    names = ("customers", "orders_per_customer", "average_order_value")
    shares = oracle_drivers.in_every_order(*sides)
    factors = [*zip(names, *sides, shares, strict=True)]
    every_row = accounts["channel"]
    nobody = [Fraction(every_row[p, ()].value) - Fraction(own[p, ()].value) for p in both]
    if any(nobody):
        factors.append(("without_customer", *nobody, nobody[1] - nobody[0]))
    return oracle_drivers.drivers(
        "revenue", both, accounts, lambda answer: (answer.value or 0, None), factors
    )


def _moved_order_value(d: Dataset, every: str) -> Table:
    both = _two(d, every, "customers", "transactions")
    given = both, d.as_of, d["transactions"], d["customers"]
    accounts = {name: buying.average_order_value(*given, by=[name]) for name in ("segment",)}
    rows = oracle_drivers.drivers(
        "average_order_value",
        both,
        accounts,
        lambda a: (a.components["order_values"], a.components["orders"]),
    )
    return [{k: v for k, v in row.items() if not k.startswith("change_")} for row in rows]


def _moved_churn(d: Dataset, every: str) -> Table:
    both = _two(d, every, "customers")
    accounts = {
        name: customers.churn_rate(both, d.as_of, d["customers"], by=[name])
        for name in ("region", "segment")
    }

    def parts(answer: Any) -> tuple[Any, Any]:
        return 100 * answer.components["customers_lost"], answer.components["customers_start"]

    return oracle_drivers.drivers("churn_rate", both, accounts, parts)


MOVED: dict[str, tuple[str, str, Oracle]] = {
    "drivers of revenue": (
        "drivers",
        "{metric: revenue, by: [channel, segment]}",
        _moved_revenue,
    ),
    "drivers of order value": (
        "drivers",
        "{metric: average_order_value, by: [segment]}",
        _moved_order_value,
    ),
    "drivers of churn": ("drivers", "{metric: churn_rate, by: [region, segment]}", _moved_churn),
}
VARIANTS = BY_PERIOD | OVER_ALL | OF_THE_PAST | MOVED


@cache
def company(seed: int) -> Dataset:
    base = generate(seed)
    reasons = dict(zip(REGIONS, ("price", "moved", None), strict=True))
    customers = [row | {"churn_reason": reasons[row["region"]]} for row in base["customers"]]
    own = {"tickets": tickets(base), "customers": customers}
    return replace(base, tables=sales(seed).tables | base.tables | own)


def same(ours: Any, theirs: Any) -> bool:
    if ours is None or theirs is None or isinstance(theirs, str):
        return bool(ours == theirs)
    if hasattr(theirs, "isoformat"):
        return bool(ours == theirs)
    return math.isclose(float(ours), float(theirs), rel_tol=1e-11, abs_tol=1e-11)


def assert_same(ours: Table, theirs: Table) -> None:
    assert [list(row) for row in ours] == [list(row) for row in theirs]
    wrong = [
        (number, name, row[name], other[name])
        for number, (row, other) in enumerate(zip(ours, theirs, strict=True))
        for name in row
        if not same(row[name], other[name])
    ]
    assert not wrong[:5]


def assert_agreed(seed: int, variant: str, every: str) -> None:
    data = company(seed)
    analysis, definition, answer = VARIANTS[variant]
    expected = answer(data, every)
    assert len(expected) > 1
    options = {"as_of": data.as_of, "timezone": data.timezone, "every": every}
    rows = table(data.tables, analysis, definition=definition, **options)
    told = [{name: row[name] for name in row if name in expected[0]} for row in rows]
    assert_same(told, expected)


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("variant", BY_PERIOD)
@pytest.mark.parametrize("seed", SEEDS)
def test_by_period(seed: int, variant: str, every: str) -> None:
    assert_agreed(seed, variant, every)


@pytest.mark.parametrize("every", ["day", "week", "month"])
@pytest.mark.parametrize("variant", OF_THE_PAST)
@pytest.mark.parametrize("seed", SEEDS)
def test_of_the_past(seed: int, variant: str, every: str) -> None:
    assert_agreed(seed, variant, every)


@pytest.mark.parametrize("every", ["week", "month", "quarter"])
@pytest.mark.parametrize("variant", MOVED)
@pytest.mark.parametrize("seed", SEEDS)
def test_why_it_moved(seed: int, variant: str, every: str) -> None:
    assert_agreed(seed, variant, every)


@pytest.mark.parametrize("variant", OVER_ALL)
@pytest.mark.parametrize("seed", range(1, 9))
def test_over_all(seed: int, variant: str) -> None:
    assert_agreed(seed, variant, "month")


@pytest.mark.parametrize("months", [1, 2, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_issues_of_the_last_months(seed: int, months: int) -> None:
    d = company(seed)
    expected = oracle_sales.issues(d["tickets"], d["customers"], d.as_of, d.zone, months)
    options = {"as_of": d.as_of, "timezone": d.timezone, "set_": [f"periods.last={months}"]}
    tables = {name: d[name] for name in ("tickets", "customers")}
    assert_same(table(tables, "issues", **options), expected)


@pytest.mark.parametrize("probability", ["given", "learned"])
@pytest.mark.parametrize("seed", SEEDS)
def test_pipeline_by_stage(seed: int, probability: str) -> None:
    """The order of the stages is the funnel's, and not compared."""
    data = company(seed)
    odds = f"definitions.weighted_pipeline={{probability: {probability}}}"
    rows = table(data.tables, "pipeline", as_of=data.as_of, timezone=data.timezone, set_=[odds])
    stages = oracle_sales.pipeline(oracle_sales.open_deals(data, learned=probability == "learned"))
    assert len(rows) == len(stages) > 2
    assert_same(rows, [stages[row["stage"]] for row in rows])


def test_a_disagreement_would_be_seen() -> None:
    with pytest.raises(AssertionError):
        assert_same([{"a": 1, "b": None}], [{"a": 1, "b": 0}])
