"""The analyses and the oracle on the same random rows: every row, every cell."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.oracle.data import REGIONS, Dataset, generate
from tests.oracle.data_sales import STAGES, sales
from tests.oracle.data_service import tickets
from tests.oracle.periods import Period, calendar

from . import oracle, oracle_churn, oracle_sales
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

VARIANTS = BY_PERIOD | OVER_ALL


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
    assert_same(table(data.tables, analysis, definition=definition, **options), expected)


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("variant", BY_PERIOD)
@pytest.mark.parametrize("seed", SEEDS)
def test_by_period(seed: int, variant: str, every: str) -> None:
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
