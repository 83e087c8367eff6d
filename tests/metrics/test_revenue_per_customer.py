"""Revenue per customer: net revenue of the customers with an order."""

from __future__ import annotations

from typing import Any

from tests.support import ask, one

Row = dict[str, Any]


def sale(customer: str | None, day: str, amount: float, **more: Any) -> Row:
    return {"customer_id": customer, "date": day, "amount": amount, **more}


def test_revenue_of_active_customers() -> None:
    rows = [sale(f"C{i}", "2024-01-10", 200) for i in range(50)]
    # On the books, but without an order in January: not an active customer.
    books = [{"customer_id": f"C{i}", "signup_date": "2023-01-01"} for i in range(80)]
    tables = {"transactions": rows, "customers": books}
    result = one(
        ask(tables, ["revenue_per_customer"], as_of="2024-01-31"),
        "revenue_per_customer",
        "2024-01",
    )
    assert (result.value, result.n) == (200.0, 50)  # 10,000 / 50


ROWS = [
    sale("A", "2024-01-05", 100, transaction_id="1"),
    sale("A", "2024-01-20", 60, transaction_id="2"),
    sale("B", "2024-01-06", 50, transaction_id="3"),
    sale(None, "2024-01-07", 1000, transaction_id="4"),
    sale("C", "2024-01-08", -30, transaction_id="R1"),  # of an order of last year
    sale("B", "2024-02-02", -50, transaction_id="R2"),
]


def test_net_of_refunds_and_without_strangers() -> None:
    report = ask({"transactions": ROWS}, ["revenue_per_customer"], as_of="2024-02-29")
    january = one(report, "revenue_per_customer", "2024-01")
    # A 160, B 50, C -30 and no order: 180 / 2
    assert (january.value, january.n) == (90.0, 2)
    assert january.components == {
        "revenue": 180,
        "orders": 3,
        "gross": 210,
        "refunds": -30,
        "customers": 2,
    }
    february = one(report, "revenue_per_customer", "2024-02")
    assert (february.value, february.n) == (None, 0)
    assert (february.status, february.reason) == ("no_data", "no customer with an order")
    assert february.components["revenue"] == -50


def test_it_is_order_value_times_frequency_less_refunds() -> None:
    known = [row for row in ROWS if row["customer_id"]]
    names = ["revenue_per_customer", "average_order_value", "purchase_frequency"]
    report = ask({"transactions": known}, names, as_of="2024-02-29")
    values = [one(report, name, "2024-01").value for name in names]
    assert values == [90.0, 70.0, 1.5]  # (210 - 30 refunded) / 2; 210 / 3 orders; 3 / 2


def test_a_customer_of_two_channels_is_where_the_first_order_was() -> None:
    rows = [
        sale("A", "2024-01-05", 100, channel="web"),
        sale("A", "2024-01-20", 60, channel="shop"),
        sale("B", "2024-01-06", 50, channel="shop"),
        sale("C", "2024-01-08", -30, channel="shop"),
    ]
    report = ask(
        {"transactions": rows}, ["revenue_per_customer"], as_of="2024-01-31", by=["channel"]
    )
    assert one(report, "revenue_per_customer", "2024-01", channel="web").value == 160.0
    shop = one(report, "revenue_per_customer", "2024-01", channel="shop")
    assert (shop.value, shop.n) == (20.0, 1)  # 50 - 30 of B and C, of whom B ordered
