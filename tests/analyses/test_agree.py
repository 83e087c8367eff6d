"""The analyses and the oracle on the same random rows: every row, every cell."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.oracle.data import Dataset, generate
from tests.oracle.data_sales import STAGES, sales
from tests.oracle.data_service import tickets
from tests.oracle.periods import Period, calendar

from . import oracle, oracle_sales
from .oracle import Table
from .support import table

SEEDS = (1, 2, 3, 4)


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


def ask(data: Dataset, name: str, tables: dict[str, Any] | None = None, **options: Any) -> Table:
    return table(tables or data.tables, name, as_of=data.as_of, timezone=data.timezone, **options)


def periods(data: Dataset, every: str, *tables: str) -> list[Period]:
    """The program's calendar begins with the first day of the tables that are read."""
    columns = {"customers": "signup_date", "transactions": "date"}
    first = min(row[columns[t]] for t in tables for row in data[t])
    return calendar(every, first, data.as_of)


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("mode", ["on", "on_or_after"])
@pytest.mark.parametrize("seed", SEEDS)
def test_cohorts(seed: int, mode: str, every: str) -> None:
    data = generate(seed)
    time = periods(data, every, "customers", "transactions")
    order = ("id", "day", "row", None)[seed % 4]
    definition = f"{{mode: {mode}, order: {order or 'null'}}}"
    expected = oracle.cohorts_of_orders(
        time, data.as_of, data["transactions"], mode=mode, order=order
    )
    assert_same(ask(data, "cohorts", every=every, definition=definition), expected)
    definition = f"{{mode: {mode}, basis: contract}}"
    expected = oracle.cohorts_of_contracts(
        periods(data, every, "customers"), data.as_of, data["customers"], mode=mode
    )
    assert_same(ask(data, "cohorts", every=every, definition=definition), expected)


@pytest.mark.parametrize("every", ["month", "year"])
@pytest.mark.parametrize("seed", SEEDS)
def test_cohorts_of_revenue(seed: int, every: str) -> None:
    data = generate(seed)
    time = periods(data, every, "customers", "transactions")
    expected = oracle.cohorts_of_revenue(time, data.as_of, data["transactions"])
    assert_same(ask(data, "cohorts", every=every, definition="{of: revenue}"), expected)


@pytest.mark.parametrize("unit", ["days", "months"])
@pytest.mark.parametrize("seed", SEEDS)
def test_survival(seed: int, unit: str) -> None:
    data = generate(seed)
    expected = oracle.survival(data["customers"], data.as_of, unit)
    assert_same(ask(data, "survival", definition=f"{{unit: {unit}}}"), expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_rfm(seed: int) -> None:
    data = generate(seed)
    expected = oracle.rfm(data["transactions"], data.as_of)
    assert_same(ask(data, "rfm"), expected)
    segments = oracle.rfm_segments(expected)
    assert_same(ask(data, "rfm", definition="{per: segment}"), segments)
    by_day = oracle.rfm(data["transactions"], data.as_of, "day")
    assert_same(ask(data, "rfm", definition="{order: day}"), by_day)


@pytest.mark.parametrize("name", ["concentration", "spending"])
@pytest.mark.parametrize("seed", SEEDS)
def test_revenue(seed: int, name: str) -> None:
    data = generate(seed)
    expected = getattr(oracle, name)(data["transactions"], data.as_of)
    assert_same(ask(data, name), expected)


@pytest.mark.parametrize(
    ("definition", "options"),
    [
        ("{}", {}),
        ("{purchase: first, after: 30d}", {"purchase": "first", "after": 30}),
        ("{after: 2 weeks, within: 60d}", {"after": 14, "within": 60}),
    ],
)
@pytest.mark.parametrize("seed", SEEDS)
def test_follow_up(seed: int, definition: str, options: dict[str, Any]) -> None:
    data = generate(seed)
    interactions = sales(seed)["interactions"]
    expected = oracle.follow_up(
        data["transactions"], interactions, data.as_of, data.zone, **options
    )
    tables = data.tables | {"interactions": interactions}
    assert_same(ask(data, "follow_up", tables, definition=definition), expected)


@pytest.mark.parametrize("hours", [1, 48, 24 * 30])
@pytest.mark.parametrize("seed", SEEDS)
def test_unresolved(seed: int, hours: int) -> None:
    data = generate(seed)
    rows = tickets(data)
    expected = oracle_sales.unresolved(rows, data.as_of, data.zone, hours * 3600)
    found = ask(data, "unresolved", {"tickets": rows}, definition=f"{{limit: {hours}h}}")
    assert_same(found, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_issues(seed: int) -> None:
    data = generate(seed)
    rows = tickets(data)
    expected = oracle_sales.issues(rows, data["customers"], data.as_of, data.zone)
    found = ask(data, "issues", {"tickets": rows, "customers": data["customers"]})
    assert_same(found, expected)


@pytest.mark.parametrize("stages", [None, STAGES, STAGES[1:3]])
@pytest.mark.parametrize("seed", range(1, 9))
def test_funnel(seed: int, stages: tuple[str, ...] | None) -> None:
    data = sales(seed)
    definition = f"{{stages: [{', '.join(stages)}]}}" if stages else ""
    expected = oracle_sales.funnel(
        data["opportunities"], data["stage_changes"], data.as_of, data.zone, stages=stages
    )
    assert len(expected) > 2
    assert_same(ask(data, "funnel", definition=definition), expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_funnel_of_leads(seed: int) -> None:
    data = sales(seed)
    expected = oracle_sales.lead_funnel(data["leads"], data.as_of, data.zone)
    assert_same(ask(data, "funnel", definition="{of: leads}"), expected)


def test_a_disagreement_would_be_seen() -> None:
    with pytest.raises(AssertionError):
        assert_same([{"a": 1, "b": None}], [{"a": 1, "b": 0}])
