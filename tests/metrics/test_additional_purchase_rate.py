"""Additional purchase rate: buyers of a second category or product."""

from __future__ import annotations

from tests.support import ask, one

from .rows import answer, sale

ROWS = [
    sale("A", "2024-03-01", 10, category="tea", product="green"),
    sale("A", "2024-03-02", 10, category="cups", product="blue"),
    sale("B", "2024-03-01", 10, category="tea", product="green"),
    sale("B", "2024-03-09", 10, category="tea", product="black"),
    sale("C", "2024-03-01", 10, category="tea", product="green"),
    sale("C", "2024-03-03", 10, category=None, product=None),
    sale("D", "2024-03-01", 10, category="cups", product="blue"),
    sale("D", "2024-02-01", 10, category="tea", product="green"),
    sale("E", "2024-03-05", -10, category="tea", product="green"),
    sale(None, "2024-03-05", 10, category="cups", product="blue"),
]


def test_one_of_four_bought_in_a_second_category() -> None:
    result = answer("additional_purchase_rate", {"transactions": ROWS}, "2024-03")
    assert (result.value, result.n) == (25, 4)  # A of A, B, C and D
    assert result.components == {"customers": 4, "additional_customers": 1}
    result = answer("additional_purchase_rate", {"transactions": ROWS}, "2024-03", "{of: product}")
    assert result.value == 50  # A and B
    whole = answer("additional_purchase_rate", {"transactions": ROWS}, "2024", every="year")
    assert whole.value == 50  # A and D


def test_nobody_bought() -> None:
    result = answer("additional_purchase_rate", {"transactions": ROWS[-2:]}, "2024-03")
    assert (result.value, result.n, result.reason) == (None, 0, "no customer with an order")


def test_a_file_without_the_column() -> None:
    rows = [{"customer_id": "A", "date": "2024-03-01", "amount": 1}]
    report = ask({"transactions": rows}, ["additional_purchase_rate"], as_of="2024-03-31")
    assert [skip.reason for skip in report.skipped] == ["transactions has no column category"]


def test_a_customer_of_two_channels_is_one_buyer() -> None:
    rows = [
        sale("A", "2024-03-01", 10, category="tea", channel="web"),
        sale("A", "2024-03-02", 10, category="cups", channel="shop"),
    ]
    report = ask(
        {"transactions": rows}, ["additional_purchase_rate"], as_of="2024-03-31", by=["channel"]
    )
    assert one(report, "additional_purchase_rate", "2024-03", channel="web").value == 100
