"""Expected conversions, by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from crm_kpi.results import Report, Result, Status
from tests.support import ask, one

NAME = "expected_conversions"
END = date(2024, 3, 31)
Rows = list[dict[str, Any]]


def lead(number: object, age: int, converted_at: int | None = None, **more: Any) -> dict[str, Any]:
    """One created so many days before the end of March, and converted at an age."""
    created = END - timedelta(days=age)
    became = None if converted_at is None else created + timedelta(days=converted_at)
    return {
        "lead_id": f"L{number}",
        "created_at": f"{created}T08:00",
        "converted_at": became and f"{became}T09:00",
        "channel": "web",
        **more,
    }


def worked(times: int) -> Rows:
    """The worked answer so many times over."""
    ages = [*[(10, 3)] * 2, (10, 7), *[(10, None)] * 7, *[(2, None)] * 5]
    return [lead(f"{at}.{n}", *age) for at in range(times) for n, age in enumerate(ages)]


def answer(leads: Rows, definition: str = "{horizon: 5d}", **options: Any) -> Report:
    tables = {"leads": leads, **options.pop("tables", {})}
    options = {"as_of": END, "every": "month", **options}
    return ask(tables, [NAME], definitions={NAME: definition}, **options)


def march(leads: Rows, definition: str = "{horizon: 5d}", **options: Any) -> Result:
    return one(answer(leads, definition, **options), NAME, "2024-03")


def test_the_worked_answer() -> None:
    result = march(worked(10))
    assert (result.value, result.n) == (pytest.approx(15), 120)
    half = 1.959964 * (50 * 0.3 * 0.7) ** 0.5
    assert (result.low, result.high) == (pytest.approx(15 - half), pytest.approx(15 + half))
    assert result.components == {"conversions": 30, "undated": 0, "expected_revenue": None}


def test_thirty_conversions_are_needed() -> None:
    result = march(worked(9))
    assert (result.value, result.n, result.status) == (None, 108, Status.NO_DATA)
    assert result.reason == "27 leads converted in the last 90 days: a prediction needs 30"


def test_only_the_history_is_learnt_from() -> None:
    """Seven days: those created ten days ago are seen from age 4 on, of whom 8 are left."""
    result = march(worked(40), "{horizon: 5d, history: 7d}")
    assert result.components["conversions"] == 40
    # Those that converted at 3 did so before; S(7) / S(2) is that of age 7 alone, 7/8.
    assert result.value == pytest.approx(40 * 5 / 8)


def test_what_a_first_purchase_was_worth() -> None:
    """On their first day A paid 30 and B 50; B's second purchase does not matter."""
    rows = [
        {"customer_id": who, "date": day, "amount": Decimal(amount), "transaction_id": str(at)}
        for at, (who, day, amount) in enumerate(
            [("A", "2024-01-05", 20), ("A", "2024-01-05", 10), ("B", "2024-02-01", 50),
             ("B", "2024-03-01", 999), ("C", "2024-03-09", -5)]
        )
    ]  # fmt: skip
    result = march(worked(10), tables={"transactions": rows})
    assert result.components["expected_revenue"] == pytest.approx(15 * 40)


def test_segments_add_up_to_the_whole() -> None:
    leads = [dict(row, channel=("web", "shop", None)[at % 3]) for at, row in enumerate(worked(12))]
    results = answer(leads, by=("channel",)).results
    whole, *parts = [r for r in results if r.period == "2024-03"]
    assert sum(float(part.value or 0) for part in parts) == pytest.approx(float(whole.value or 0))
    assert sum(part.n or 0 for part in parts) == whole.n
    assert [list(part.segment.values()) for part in parts] == [["shop"], ["web"], [None]]


def test_who_converted_nobody_knows_when_is_left_out() -> None:
    leads = [dict(row, converted=row["converted_at"] is not None) for row in worked(10)]
    vague = [lead(f"v{n}", 10, converted=True) for n in range(4)]
    result = march([*leads, *vague])
    assert (result.value, result.n) == (pytest.approx(15), 120)
    assert result.components["undated"] == 4


def test_nothing_later_is_known() -> None:
    """Of March as it was, whatever has happened since."""
    later = [lead(f"later {n}", -5, 2) for n in range(50)]
    turned = [lead(f"turned {n}", 2, 20) for n in range(50)]
    still = [lead(f"turned {n}", 2) for n in range(50)]
    until = date(2024, 5, 15)
    before = march([*worked(10), *still])
    assert march([*worked(10), *turned, *later]) == before
    after = march([*worked(10), *turned, *later], as_of=until)
    assert (after.value, after.n, after.components) == (before.value, before.n, before.components)


def test_twice_everybody_is_twice_the_conversions() -> None:
    once, twice = march(worked(10)), march(worked(20))
    assert twice.value == pytest.approx(2 * float(once.value or 0))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_same_on_every_engine_and_in_any_order(engine: str) -> None:
    rows = [{"customer_id": "A", "date": "2024-01-05", "amount": Decimal(20)}]
    tables = {"transactions": rows}
    ours = answer(worked(10), by=("channel",), tables=tables).results
    theirs = answer(
        worked(10)[::-1], by=("channel",), tables=tables, set_=[f"engine.name={engine}"]
    ).results
    assert theirs == ours


@pytest.mark.parametrize("definition", ["{horizon: 0d}", "{history: 3 months}", "{horizon: 5h}"])
def test_lengths_that_are_none(definition: str) -> None:
    with pytest.raises(ConfigError):
        answer(worked(1), definition)
