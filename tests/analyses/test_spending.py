"""Concentration and spending by category, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .support import Row, table


def lines(*found: tuple[str | None, str, object, str | None]) -> list[Row]:
    return [
        {"customer_id": c, "date": day, "amount": amount, "category": category}
        for c, day, amount, category in found
    ]


def spent(*amounts: object) -> list[Row]:
    return lines(*((f"C{n}", "2024-01-05", a, None) for n, a in enumerate(amounts)))


def shares(rows: list[Row]) -> dict[int, float]:
    return {row["share_of_customers"]: row["share_of_revenue"] for row in rows}


def test_the_curve() -> None:
    rows = table({"transactions": spent(60, 20, 10, 10)}, "concentration", as_of="2024-01-31")
    found = shares(rows)
    assert list(found) == list(range(1, 101))
    # 1 to 25 percent of four is one customer, 26 to 50 two.
    assert [found[p] for p in (1, 25, 26, 50, 75, 76, 100)] == [60, 60, 80, 80, 90, 100, 100]
    # Ranks from the poorest: 2 x (1 x 10 + 2 x 10 + 3 x 20 + 4 x 60) / (4 x 100) - 5/4 = 0.4
    assert {row["gini"] for row in rows} == {0.4}


def test_equal_customers_and_one_who_brings_all() -> None:
    rows = table({"transactions": spent(*[5] * 10)}, "concentration", as_of="2024-01-31")
    assert shares(rows)[20] == 20.0
    assert rows[0]["gini"] == 0.0
    rows = table({"transactions": spent(5, *[0] * 9)}, "concentration", as_of="2024-01-31")
    assert shares(rows)[1] == 100.0
    assert rows[0]["gini"] == 0.9  # (n - 1) / n


def test_refunded_customers_stay_in_the_base() -> None:
    rows = table({"transactions": spent(80, 40, -20, 0)}, "concentration", as_of="2024-01-31")
    found = shares(rows)
    assert (found[25], found[50], found[75], found[100]) == (80.0, 120.0, 120.0, 100.0)


def test_no_revenue_no_curve() -> None:
    assert table({"transactions": spent(5, -5)}, "concentration", as_of="2024-01-31") == []
    assert table({"transactions": []}, "concentration", as_of="2024-01-31") == []


def test_the_range_that_is_asked_for() -> None:
    rows = [*spent(60, 20), *lines(("C1", "2024-02-05", 20, None))]
    words = ["periods.from=2024-02"]
    found = table({"transactions": rows}, "concentration", as_of="2024-02-29", set_=words)
    assert shares(found)[1] == 100.0


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


@pytest.mark.parametrize("name", ["concentration", "spending"])
def test_what_where_leaves_out(name: str) -> None:
    only = {"category": ["tea"]}
    found = table({"transactions": SHOP}, name, as_of="2024-01-31", where=only)
    tea = [row for row in SHOP if row["category"] == "tea"]
    assert found == table({"transactions": tea}, name, as_of="2024-01-31")
