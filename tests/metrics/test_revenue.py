"""Revenue: every row on its own date, refunds negative."""

from __future__ import annotations

from decimal import Decimal

from tests.support import ask, one

from .rows import answer, sale

ROWS = [
    sale("A", "2024-01-05", 500, transaction_id="1"),
    sale(None, "2024-01-20", 300, transaction_id="2"),
    sale("A", "2024-01-31", -100, transaction_id="1"),
    sale("B", "2024-02-01", -50, transaction_id="R"),
]


def test_eight_hundred_less_a_refund_of_a_hundred() -> None:
    result = answer("revenue", {"transactions": ROWS}, "2024-01")
    assert (result.value, result.n, result.unit) == (700, 3, "money")
    # Order 1 is 500, whatever came back; order 2 is 300 of nobody known.
    assert result.components == {"revenue": 700, "orders": 2, "gross": 800, "refunds": -100}


def test_a_refund_counts_in_its_own_month() -> None:
    result = answer("revenue", {"transactions": ROWS}, "2024-02")
    assert (result.value, result.n, result.components["orders"]) == (-50, 1, 0)


def test_sums_are_exact() -> None:
    rows = [sale("A", "2024-01-05", 0.1) for _ in range(3)]
    assert answer("revenue", {"transactions": rows}, "2024-01").value == Decimal("0.3")


def test_what_an_order_is_changes_no_revenue() -> None:
    for order in ("id", "day", "row"):
        result = answer("revenue", {"transactions": ROWS}, "2024-01", f"{{order: {order}}}")
        assert result.value == 700


def test_rows_that_cancel_out_are_zero_and_so_are_none() -> None:
    rows = [sale("A", "2024-01-05", 9), sale("A", "2024-01-06", -9)]
    zero, none = (answer("revenue", {"transactions": rows}, f"2024-0{m}") for m in (1, 2))
    assert (zero.value, zero.n) == (0, 2)
    assert (none.value, none.n, none.reason) == (0, 0, None)


def test_a_date_and_an_amount_are_enough() -> None:
    rows = [
        {"date": "2024-01-05", "amount": 10, "channel": "web"},
        {"date": "2024-01-06", "amount": 20, "channel": "shop"},
    ]
    report = ask(
        {"transactions": rows},
        ["revenue", "average_order_value", "purchase_frequency"],
        as_of="2024-01-31",
        by=["channel"],
    )
    assert one(report, "revenue", "2024-01").value == 30
    assert one(report, "average_order_value", "2024-01").value == 15
    assert one(report, "revenue", "2024-01", channel="web").value == 10
    assert [skip.reason for skip in report.skipped] == ["transactions has no column customer_id"]


def test_without_customers_nothing_is_told_by_their_columns() -> None:
    """The costs are; and what is beside them of no customer does not stand in the way."""
    people = [{"customer_id": "C1", "signup_date": "2023-01-01", "segment": "big"}]
    costs = [{"date": "2024-01-05", "amount": 10, "kind": "retention", "segment": "big"}]
    report = ask(
        {
            "transactions": [{"date": "2024-01-05", "amount": 10}],
            "customers": [{**people[0], "churn_date": None}],
            "costs": costs,
        },
        ["revenue", "retention_cost"],
        as_of="2024-01-31",
        by=["segment"],
    )
    assert one(report, "retention_cost", "2024-01", segment="big").value == 10
    assert [skip.reason for skip in report.skipped] == [
        "transactions has no column segment, nor has customers one for its rows"
    ]
