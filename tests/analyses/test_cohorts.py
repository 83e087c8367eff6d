"""Cohorts worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Row, report, table


def orders(*found: tuple[str, str, int]) -> list[Row]:
    return [{"customer_id": c, "date": day, "amount": amount} for c, day, amount in found]


# A and B begin in January, C in February; A buys again in February and April, B in March.
ROWS = orders(
    ("A", "2024-01-05", 100),
    ("B", "2024-01-31", 300),
    ("C", "2024-02-01", 50),
    ("A", "2024-02-10", 60),
    ("B", "2024-03-03", 30),
    ("A", "2024-04-30", 10),
)


def cells(rows: list[Row], column: str = "active") -> dict[str, list[Any]]:
    """Per cohort its cells by offset."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        cohort = found.setdefault(row["cohort"], [])
        assert row["offset"] == len(cohort)
        cohort.append(row[column])
    return found


def test_active_in_the_very_period() -> None:
    rows = table({"transactions": ROWS}, "cohorts", as_of="2024-04-30")
    assert cells(rows) == {
        "2024-01": [2, 1, 1, 1],
        "2024-02": [1, 0, 0],  # nobody began in March or April: no rows
        "all": [3, 1, 1, 1],
    }
    # 1 of 2 in February, and of both cohorts together 1 + 0 of 3.
    assert cells(rows, "share")["2024-01"] == [100.0, 50.0, 50.0, 50.0]
    assert cells(rows, "share")["all"] == pytest.approx([100, 100 / 3, 100 / 3, 50])
    assert cells(rows, "size")["all"] == [3, 3, 3, 2]


def test_active_then_or_later() -> None:
    rows = table(
        {"transactions": ROWS}, "cohorts", as_of="2024-04-30", definition="{mode: on_or_after}"
    )
    # A is back in April, so still there in February and March; B until March.
    assert cells(rows)["2024-01"] == [2, 2, 2, 1]


def test_a_period_that_is_not_over_is_null() -> None:
    rows = table({"transactions": ROWS}, "cohorts", as_of="2024-04-29")
    assert cells(rows) == {
        "2024-01": [2, 1, 1, None],
        "2024-02": [1, 0, None],
        "all": [3, 1, 1, None],
    }
    last = [row for row in rows if row["cohort"] == "all"][-1]
    assert last == {"cohort": "all", "size": 0, "offset": 3, "active": None, "share": None}


def test_who_begins_in_a_period_that_is_not_over() -> None:
    rows = table({"transactions": ROWS[:4]}, "cohorts", as_of="2024-02-15")
    assert cells(rows) == {"2024-01": [2, None], "2024-02": [None], "all": [2, None]}
    assert cells(rows, "size")["2024-02"] == [1]


def test_revenue_is_net_and_exact() -> None:
    rows = table(
        {"transactions": [*ROWS, *orders(("B", "2024-03-04", -30), ("B", "2024-02-02", -1))]},
        "cohorts",
        as_of="2024-04-30",
        definition="{of: revenue}",
    )
    assert cells(rows)["2024-01"] == [400, 59, 0, 10]
    assert cells(rows, "size")["2024-01"] == [400] * 4
    assert cells(rows, "share")["2024-01"] == [100.0, 14.75, 0.0, 2.5]


def test_from_and_to_choose_cohorts_and_periods() -> None:
    rows = table(
        {"transactions": ROWS},
        "cohorts",
        as_of="2024-04-30",
        set_=["periods.from=2024-02", "periods.to=2024-03"],
    )
    # A and B began before: they are in no cohort.
    assert cells(rows) == {"2024-02": [1, 0], "all": [1, 0]}


def test_a_period_cut_by_to_is_immature_and_one_cut_by_from_is_not() -> None:
    words = ["periods.from=2024-01-10", "periods.to=2024-03-15"]
    rows = table({"transactions": ROWS}, "cohorts", as_of="2024-04-30", set_=words)
    assert cells(rows)["2024-01"] == [1, 0, None]  # B began on 31 January


def test_custom_periods_are_no_cohorts() -> None:
    custom = "periods.custom=[{name: Tet, start: 2024-02-01, end: 2024-02-15}]"
    rows = table({"transactions": ROWS}, "cohorts", as_of="2024-04-30", set_=[custom])
    assert rows == table({"transactions": ROWS}, "cohorts", as_of="2024-04-30")


def test_everything_is_one_cohort_without_a_total() -> None:
    rows = table({"transactions": ROWS}, "cohorts", as_of="2024-04-30", every="all")
    assert rows == [{"cohort": "all", "size": 3, "offset": 0, "active": 3, "share": 100.0}]


def test_contracts_without_transactions() -> None:
    customers: list[Row] = [
        {"customer_id": "A", "signup_date": "2024-01-05", "churn_date": None},
        {"customer_id": "B", "signup_date": "2024-01-05", "churn_date": "2024-01-20"},
        {"customer_id": "C", "signup_date": "2024-01-31", "churn_date": "2024-03-01"},
        # Gone on 1 March and back in April.
        {"customer_id": "C", "signup_date": "2024-04-02", "churn_date": "2024-05-09"},
        {"customer_id": "D", "signup_date": "2024-02-01", "churn_date": None},
    ]
    rows = table({"customers": customers}, "cohorts", as_of="2024-04-30")
    # Of A, B and C, B left inside January; C is there at the end of February (it left on the
    # day after), not of March, and again of April: what ends on 9 May has not ended.
    assert cells(rows) == {"2024-01": [2, 2, 1, 2], "2024-02": [1, 1, 1], "all": [3, 3, 2, 2]}
    later = table(
        {"customers": customers}, "cohorts", as_of="2024-04-30", definition="{mode: on_or_after}"
    )
    assert cells(later)["2024-01"] == [2, 2, 2, 2]


def test_no_orders_no_rows() -> None:
    assert table({"transactions": []}, "cohorts", as_of="2024-04-30") == []


def test_segments_are_what_where_gives() -> None:
    rows = [row | {"channel": "web" if row["customer_id"] == "A" else None} for row in ROWS]
    found = table({"transactions": rows}, "cohorts", as_of="2024-04-30", by=["channel"])
    for value in ("web", None):
        only = table(
            {"transactions": rows},
            "cohorts",
            as_of="2024-04-30",
            where={"channel": [value]},
            set_=["periods.from=2024-01"],
        )
        own = [row for row in found if row["segment.channel"] == value]
        assert [{"segment.channel": value} | row for row in only] == own
        assert next(iter(own[0])) == "segment.channel"
    assert found[0]["segment.channel"] == "web"
    assert found[-1]["segment.channel"] is None


def test_what_is_lacking_is_said() -> None:
    rows = [{"customer_id": "A", "signup_date": "2024-01-05"}]
    found = report({"customers": rows}, "cohorts", as_of="2024-04-30", must=False)
    assert [(s.metric, s.reason) for s in found.skipped] == [
        ("cohorts", "customers has no column churn_date")
    ]
    assert found.tables == {}


def test_by_contract_who_left_nobody_knows_when() -> None:
    """B of January may have been there at each month's end; C of March was not at its end."""
    rows: list[Row] = [
        {"customer_id": "A", "signup_date": "2024-01-05", "churned": False, "churn_date": None},
        {"customer_id": "B", "signup_date": "2024-01-06", "churned": True},
        {"customer_id": "C", "signup_date": "2024-03-06", "churned": True},
        {"customer_id": "D", "signup_date": "2024-03-07", "churned": None},
    ]
    contract: dict[str, Any] = {"as_of": "2024-03-31", "definition": "{basis: contract}"}
    found = table({"customers": rows}, "cohorts", **contract)
    cells = {(r["cohort"], r["offset"]): (r["size"], r["active"], r["undated"]) for r in found}
    assert cells["2024-01", 0] == cells["2024-01", 2] == (1, None, 1)
    assert cells["2024-03", 0] == (2, 1, 1)
    assert cells["all", 0] == (3, None, 2)
    (whole,) = table({"customers": rows}, "cohorts", every="all", **contract)
    assert (whole["size"], whole["active"], whole["share"]) == (4, 2, 50.0)
