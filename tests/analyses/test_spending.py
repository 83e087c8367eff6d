"""Spending by category, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

from .support import Row, table


def lines(*found: tuple[str | None, str, object, str | None]) -> list[Row]:
    return [
        {"customer_id": c, "date": day, "amount": amount, "category": category}
        for c, day, amount, category in found
    ]


# A buys tea, then cups 10 days later; B tea twice on one day, and again after 4 days;
# C cups once; D nothing that has a category; and somebody unknown tea.
SHOP = lines(
    ("A", "2024-01-01", 10, "tea"),
    ("A", "2024-01-11", 25, "cups"),
    ("B", "2024-01-02", 10, "tea"),
    ("B", "2024-01-02", 10, "tea"),
    ("B", "2024-01-06", 30, "tea"),
    ("B", "2024-01-07", -20, "tea"),
    ("C", "2024-01-20", 25, "cups"),
    ("D", "2024-01-21", 5, None),
    (None, "2024-01-21", 7, "tea"),
)


def test_spending_by_category() -> None:
    cups, tea, blank = table({"transactions": SHOP}, "spending", as_of="2024-01-31")
    assert cups == {
        "category": "cups",
        "revenue": Decimal(50),
        "share": 100 * 50 / 102,
        "buyers": 2,
        "second_category": 50.0,  # A bought tea too
        "days_to_next": None,  # nobody bought again after the cups
    }
    assert tea == {
        "category": "tea",
        "revenue": Decimal(47),  # 10 + 10 + 10 + 30 - 20 + 7
        "share": 100 * 47 / 102,
        "buyers": 2,
        "second_category": 50.0,
        "days_to_next": 7.0,  # the median of 10 and 4
    }
    assert (blank["category"], blank["buyers"], blank["second_category"]) == (None, 1, 0.0)


def test_a_blank_is_no_second_category_but_a_name_is_one_to_it() -> None:
    rows = lines(("A", "2024-01-01", 1, "tea"), ("A", "2024-01-01", 2, None))
    blank, tea = table({"transactions": rows}, "spending", as_of="2024-01-31")
    assert (blank["second_category"], tea["second_category"]) == (100.0, 0.0)


def test_by_product() -> None:
    rows = [
        {"customer_id": "A", "date": "2024-01-01", "amount": 1, "product": "green"},
        {"customer_id": "A", "date": "2024-01-03", "amount": 2, "product": "black"},
    ]
    tables = {"transactions": rows}
    black, green = table(tables, "spending", as_of="2024-01-31", definition="{of: product}")
    assert (black["product"], black["second_product"], black["days_to_next"]) == (
        "black",
        100,
        None,
    )
    assert (green["product"], green["revenue"], green["days_to_next"]) == ("green", 1, 2)


def test_without_customers_nothing_is_told_of_buyers() -> None:
    rows = [{"date": "2024-01-01", "amount": 1, "category": "tea"}]
    (tea,) = table({"transactions": rows}, "spending", as_of="2024-01-31")
    assert (tea["revenue"], tea["share"]) == (1, 100)
    assert (tea["buyers"], tea["second_category"], tea["days_to_next"]) == (None, None, None)


def test_refunds_alone() -> None:
    rows = lines(("A", "2024-01-01", -3, "tea"))
    (tea,) = table({"transactions": rows}, "spending", as_of="2024-01-31")
    assert (tea["revenue"], tea["share"], tea["buyers"]) == (-3, None, 0)
    assert tea["second_category"] is None


def test_sums_are_exact() -> None:
    rows = lines(*(("A", "2024-01-01", "0.1", "tea") for _ in range(3)))
    (tea,) = table({"transactions": rows}, "spending", as_of="2024-01-31")
    assert tea["revenue"] == Decimal("0.3")


def test_the_order_of_equal_categories() -> None:
    rows = lines(("A", "2024-01-01", 1, None), *(("A", "2024-01-01", 1, c) for c in "ba"))
    found = table({"transactions": rows}, "spending", as_of="2024-01-31")
    assert [row["category"] for row in found] == ["a", "b", None]


def test_what_where_leaves_out() -> None:
    only = {"category": ["tea"]}
    found = table({"transactions": SHOP}, "spending", as_of="2024-01-31", where=only)
    tea = [row for row in SHOP if row["category"] == "tea"]
    assert found == table({"transactions": tea}, "spending", as_of="2024-01-31")
