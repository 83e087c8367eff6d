"""Historic CLV: what customers have paid so far."""

from __future__ import annotations

from typing import Any

from tests.support import ask, one

Row = dict[str, Any]

ROWS: list[Row] = [
    {"customer_id": "A", "date": "2023-11-05", "amount": 300, "channel": "web"},
    {"customer_id": "A", "date": "2024-01-10", "amount": 100, "channel": "shop"},
    {"customer_id": "B", "date": "2024-01-12", "amount": 200, "channel": "shop"},
    {"customer_id": "B", "date": "2024-02-01", "amount": -50, "channel": "shop"},
    {"customer_id": None, "date": "2024-01-15", "amount": 999, "channel": "web"},
    {"customer_id": "C", "date": "2024-02-03", "amount": -10, "channel": "web"},
    {"customer_id": "A", "date": "2024-03-01", "amount": 1, "channel": "web"},  # after as_of
]


def test_mean_of_everything_to_date() -> None:
    report = ask({"transactions": ROWS}, ["clv_historic"], as_of="2024-02-29")
    values = {r.period: (r.value, r.n) for r in report.results}
    assert values == {
        "2023-11": (300.0, 1),
        "2023-12": (300.0, 1),  # nothing new, and still so much
        "2024-01": (300.0, 2),  # (400 + 200) / 2
        "2024-02": (180.0, 3),  # (400 + 150 - 10) / 3
    }
    result = one(report, "clv_historic", "2024-02")
    assert result.components == {"revenue": 540, "customers": 3}


def test_fifty_thousand_from_a_hundred() -> None:
    rows = [{"customer_id": f"C{i}", "date": "2024-01-01", "amount": 500} for i in range(100)]
    result = one(
        ask({"transactions": rows}, ["clv_historic"], as_of="2024-01-31"),
        "clv_historic",
        "2024-01",
    )
    assert (result.value, result.n) == (500.0, 100)


def test_a_customer_is_in_one_segment() -> None:
    report = ask({"transactions": ROWS}, ["clv_historic"], as_of="2024-02-29", by=["channel"])
    web = one(report, "clv_historic", "2024-02", channel="web")
    assert (web.value, web.n) == (195.0, 2)  # A with all 400, C with -10 and no order
    shop = one(report, "clv_historic", "2024-02", channel="shop")
    assert (shop.value, shop.n) == (150.0, 1)


def test_nobody_yet() -> None:
    report = ask(
        {"transactions": ROWS},
        ["clv_historic"],
        as_of="2024-02-29",
        set_=["periods.from=2023-10-01"],
    )
    result = one(report, "clv_historic", "2023-10")
    assert (result.value, result.status) == (None, "no_data")
    assert result.reason == "no customer with a transaction"
