"""What the open deals are worth, and which of them are overdue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def deal(amount: object, created: str | None, closed: str | None = None, **more: Any) -> Row:
    return {
        "opportunity_id": f"{amount}{created}{closed}{more}",
        "created_at": created,
        "closed_at": closed,
        "outcome": "open" if closed is None else "won",
        "amount": amount,
        **more,
    }


def value(rows: list[Row], period: str, as_of: str = "2024-03-31") -> Result:
    report = ask({"opportunities": rows}, ["pipeline_value"], as_of=as_of)
    return one(report, "pipeline_value", period)


def test_open_at_the_end_of_the_period() -> None:
    rows = [
        deal("50000.25", "2024-01-31"),
        deal(30000, "2024-01-10", "2024-02-01"),  # closed on the day after the end: open at it
        deal(7, "2024-01-10", "2024-01-31"),  # closed on the last day
        deal(9, "2024-02-01"),  # created on the day after
        deal(11, "2024-01-10", "2024-02-05", outcome="lost"),
    ]
    january = value(rows, "2024-01")
    assert january.value == Decimal("80011.25")
    assert (january.n, january.components["deals"]) == (3, 3)
    assert value(rows, "2024-02").value == Decimal("50009.25")


def test_overdue_is_what_should_have_closed_by_the_end() -> None:
    rows = [
        deal(1, "2024-01-05", expected_close="2024-01-31"),  # the last day lies before the end
        deal(2, "2024-01-05", expected_close="2024-02-01"),
        deal(4, "2024-01-05", expected_close="2023-12-01"),  # before it was created
        deal(8, "2024-01-05", "2024-02-10", expected_close="2024-01-10"),
        deal(16, "2024-01-05", "2024-02-10", expected_close="2024-03-10"),  # closed in good time
        deal(32, "2024-01-05"),
    ]
    found = {p: value(rows, p).components["overdue"] for p in ("2024-01", "2024-02", "2024-03")}
    assert found == {"2024-01": 1 + 4 + 8, "2024-02": 1 + 2 + 4, "2024-03": 1 + 2 + 4}


def test_without_expected_closes_overdue_is_unknown() -> None:
    assert value([deal(1, "2024-01-05")], "2024-01").components["overdue"] is None


def test_a_date_beside_an_open_deal_closes_nothing() -> None:
    rows = [deal(5, "2024-01-05", "2024-01-20", outcome="open"), deal(6, "2024-01-05")]
    rows[1]["outcome"] = None
    assert value(rows, "2024-02").value == 11


def test_won_after_as_of_is_open_yet() -> None:
    rows = [deal(5, "2024-01-05", "2024-02-02")]
    assert value(rows, "2024-01", as_of="2024-01-20").value == 5


def test_an_open_deal_without_creation_is_known_to_be_open_only_now() -> None:
    rows = [deal(5, None), deal(7, None, "2024-02-02"), deal(1, "2024-01-05")]
    assert [value(rows, p).value for p in ("2024-01", "2024-02", "2024-03")] == [1, 1, 6]


def test_deals_without_an_amount() -> None:
    rows = [deal(5, "2024-01-05"), deal(None, "2024-01-06")]
    result = value(rows, "2024-01")
    assert (result.value, result.components["unpriced"]) == (5, 1)
    assert result.reason == "1 of 2 open deals have no amount"
    nothing = value(rows[1:], "2024-01")
    assert (nothing.value, nothing.reason) == (None, "no open deal has an amount")


def test_no_open_deals() -> None:
    result = value([deal(5, "2024-01-05", "2024-02-02")], "2024-03")
    assert (result.value, result.status, result.reason) == (0, "low_n", None)


def test_a_file_of_open_deals_alone_has_no_closing_dates() -> None:
    row = deal(5, "2024-01-05")
    del row["closed_at"]
    assert value([row], "2024-03").value == 5


def test_by_segment() -> None:
    rows = [deal(5, "2024-01-05", owner="An"), deal(6, "2024-01-05", owner=None)]
    report = ask({"opportunities": rows}, ["pipeline_value"], as_of="2024-01-31", by=("owner",))
    assert one(report, "pipeline_value", "2024-01", owner="An").value == 5
    assert one(report, "pipeline_value", "2024-01", owner=None).value == 6
