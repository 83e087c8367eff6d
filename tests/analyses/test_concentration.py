"""Concentration, worked out by hand."""

from __future__ import annotations

from .support import Row, table


def sales(*found: tuple[str, str, object]) -> list[Row]:
    return [{"customer_id": c, "date": day, "amount": amount} for c, day, amount in found]


def spent(*amounts: object) -> list[Row]:
    return sales(*((f"C{n}", "2024-01-05", a) for n, a in enumerate(amounts)))


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
    rows = [*spent(60, 20), *sales(("C1", "2024-02-05", 20))]
    words = ["periods.from=2024-02"]
    found = table({"transactions": rows}, "concentration", as_of="2024-02-29", set_=words)
    assert shares(found)[1] == 100.0


def test_what_where_leaves_out() -> None:
    tea, cups = (
        [row | {"category": name} for row in spent(*amounts)]
        for name, amounts in {"tea": (60, 20), "cups": (5, 500)}.items()
    )
    only = {"category": ["tea"]}
    found = table({"transactions": tea + cups}, "concentration", as_of="2024-01-31", where=only)
    assert found == table({"transactions": tea}, "concentration", as_of="2024-01-31")
