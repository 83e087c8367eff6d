"""RFM worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from crm_kpi.analyses.rfm import SEGMENTS

from .support import Row, table


def bought(customer: str, *found: tuple[str, int]) -> list[Row]:
    return [{"customer_id": customer, "date": day, "amount": amount} for day, amount in found]


# Ten customers whose last orders are 1, 2, ... 10 days old; C1 bought twice, all others once.
TEN = [
    row
    for n in range(1, 11)
    for row in bought(f"C{n:02d}", (f"2024-01-{31 - n:02d}", 100 if n != 4 else 900))
] + bought("C01", ("2023-12-01", 50))


def by_id(rows: list[Row]) -> dict[str, Row]:
    return {row["customer_id"]: row for row in rows}


def test_fifths() -> None:
    rows = by_id(table({"transactions": TEN}, "rfm", as_of="2024-01-31"))
    assert [rows[f"C{n:02d}"]["recency"] for n in (1, 10)] == [1, 10]
    # Of ten, the two most recent are 5, the next two 4 and so on.
    assert [rows[f"C{n:02d}"]["r"] for n in range(1, 11)] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    # Nine share rank 1: (1 - 1) x 5 // 10 + 1 = 1; the tenth is (10 - 1) x 5 // 10 + 1 = 5.
    assert [rows[f"C{n:02d}"]["f"] for n in (1, 2, 10)] == [5, 1, 1]
    # By money: eight of 100, then 150 (rank 9: 40 // 10 + 1 = 5), then 900.
    assert [rows[c]["m"] for c in ("C02", "C01", "C04")] == [1, 5, 5]
    assert rows["C01"]["segment"] == "champions"
    assert rows["C02"]["segment"] == "new"
    assert rows["C10"]["segment"] == "hibernating"


def test_columns_and_order() -> None:
    rows = table({"transactions": TEN}, "rfm", as_of="2024-01-31")
    assert [row["customer_id"] for row in rows[:3]] == ["C04", "C01", "C02"]
    assert rows[1] == {
        "customer_id": "C01",
        "recency": 1,
        "frequency": 2,
        "monetary": Decimal(150),
        "r": 5,
        "f": 5,
        "m": 5,
        "segment": "champions",
    }


def test_the_summary_of_the_worked_example() -> None:
    """1, 2 and 5 January worth 3, 1 and 5, as of 7 February: 33 days since the last, 9 in all."""
    rows = bought("A", ("2024-01-01", 3), ("2024-01-02", 1), ("2024-01-05", 5))
    (row,) = table({"transactions": rows}, "rfm", as_of="2024-02-07")
    assert (row["recency"], row["frequency"], row["monetary"]) == (33, 3, 9)
    assert (row["r"], row["f"], row["m"]) == (1, 1, 1)  # alone one is the first of one


def test_refunds_lower_the_money_and_are_no_orders() -> None:
    rows = [
        *bought("A", ("2024-01-01", 100), ("2024-01-09", -130)),
        *bought("B", ("2024-01-03", -5)),
        *bought("C", ("2024-01-03", 1)),
        {"customer_id": None, "date": "2024-01-03", "amount": 7},
    ]
    found = table({"transactions": rows}, "rfm", as_of="2024-01-31")
    # B has no order and is not listed; A's last order is the first of January.
    assert [(r["customer_id"], r["monetary"], r["recency"]) for r in found] == [
        ("C", 1, 28),
        ("A", -30, 30),
    ]


def test_per_segment() -> None:
    rows = table({"transactions": TEN}, "rfm", as_of="2024-01-31", definition="{per: segment}")
    by_name = {row["segment"]: row for row in rows}
    assert list(by_name) == ["champions", "new", "promising", "about to sleep", "hibernating"]
    # C07 to C10: r of 1 or 2, f of 1; 34 days together; 400 of 1,850.
    assert by_name["hibernating"] == {
        "segment": "hibernating",
        "customers": 4,
        "share": 40.0,
        "recency": 8.5,
        "frequency": 1.0,
        "monetary": Decimal(400),
        "share_of_revenue": 100 * 400 / 1850,
    }
    assert sum(row["customers"] for row in rows) == 10


def test_every_pair_of_scores_is_in_exactly_one_segment() -> None:
    for r, f in product(range(1, 6), repeat=2):
        names = [
            name
            for name, (rs, fs) in SEGMENTS.items()
            if rs[0] <= r <= rs[1] and fs[0] <= f <= fs[1]
        ]
        assert len(names) == 1, (r, f, names)


def test_periods_make_no_difference_and_nothing_is_no_row() -> None:
    words = ["periods.from=2024-01-30", "periods.to=2024-01-30"]
    cut = table({"transactions": TEN}, "rfm", as_of="2024-01-31", set_=words)
    assert cut == table({"transactions": TEN}, "rfm", as_of="2024-01-31")
    assert table({"transactions": []}, "rfm", as_of="2024-01-31") == []
    only = table({"transactions": []}, "rfm", as_of="2024-01-31", definition="{per: segment}")
    assert only == []
