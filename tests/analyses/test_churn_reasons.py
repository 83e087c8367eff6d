"""Churn reasons: who left why, what they paid, and how long they had stayed."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from tests.oracle.data import Dataset
from tests.oracle.test_undated import with_flags

from .oracle_churn import churn_reasons
from .support import Row, table
from .test_agree import assert_same

NAME = "churn_reasons"


def person(customer: str, signup: str, churn: str | None, reason: str | None, **more: Any) -> Row:
    return {
        "customer_id": customer,
        "signup_date": signup,
        "churn_date": churn,
        "churn_reason": reason,
        **more,
    }


PEOPLE = [
    person("A", "2023-01-01", "2024-02-10", "price"),  # 405 days
    person("B", "2024-01-11", "2024-02-20", "price"),  # 40 days
    person("C", "2023-02-20", "2024-02-20", None),  # 365 days
    person("D", "2023-01-01", None, None),
    person("E", "2023-01-01", "2023-06-01", "moved"),  # before the range
    person("F", "2023-01-01", "2024-02-01", "moved"),  # and back
    person("F", "2024-02-15", None, None),
]
FEBRUARY = ["periods.from=2024-02", "periods.to=2024-02"]


def reasons(tables: dict[str, list[Row]], **options: Any) -> list[Row]:
    return table(tables, NAME, as_of="2024-03-31", **options)


def test_who_left_in_the_range_by_reason() -> None:
    rows = reasons({"customers": PEOPLE}, set_=FEBRUARY)
    assert rows == [
        {
            "reason": "price",
            "customers": 2,
            "share": pytest.approx(200 / 3),
            "lost_revenue": None,  # neither subscriptions nor transactions
            "median_tenure": 222.5,  # between 40 and 405
            "undated": 0,
        },
        {
            "reason": None,
            "customers": 1,
            "share": pytest.approx(100 / 3),
            "lost_revenue": None,
            "median_tenure": 365,
            "undated": 0,
        },
    ]
    whole = reasons({"customers": PEOPLE})
    assert [(row["reason"], row["customers"]) for row in whole] == [
        ("price", 2), ("moved", 1), (None, 1),
    ]  # fmt: skip


def test_revenue_of_the_12_months_before_they_left() -> None:
    sales = [
        ("A", "2023-02-09", 1000),  # a year and a day before
        ("A", "2023-02-10", 10),
        ("A", "2024-02-09", 5),
        ("A", "2024-01-09", -2),
        ("A", "2024-02-10", 1000),  # no longer a customer
        ("C", "2024-01-01", 7),
        ("D", "2024-01-01", 1000),  # stays
    ]
    transactions = [{"customer_id": c, "date": d, "amount": a} for c, d, a in sales]
    rows = reasons({"customers": PEOPLE, "transactions": transactions}, set_=FEBRUARY)
    assert [(row["reason"], row["lost_revenue"]) for row in rows] == [("price", 13), (None, 7)]


def test_what_they_last_paid_a_month_where_there_are_subscriptions() -> None:
    sold: list[Row] = [
        # A pays 100, from 2024 on 30, and to the day of leaving
        {"customer_id": "A", "start_date": "2023-01-01", "end_date": "2024-01-01", "amount": 100},
        {"customer_id": "A", "start_date": "2024-01-01", "end_date": "2024-02-10", "amount": 30},
        # B paid two until a week before leaving
        {"customer_id": "B", "start_date": "2024-01-11", "end_date": "2024-02-13", "amount": 20},
        {"customer_id": "B", "start_date": "2024-01-12", "end_date": "2024-02-13", "amount": 5},
        # C stopped to pay more than a year before
        {"customer_id": "C", "start_date": "2023-01-01", "end_date": "2023-02-01", "amount": 50},
    ]
    transactions = [{"customer_id": "A", "date": "2024-02-01", "amount": 999}]
    tables = {"customers": PEOPLE, "subscriptions": sold, "transactions": transactions}
    rows = reasons(tables, set_=FEBRUARY)
    assert [(row["reason"], row["lost_revenue"]) for row in rows] == [("price", 55), (None, 0)]


def test_who_left_nobody_knows_when() -> None:
    people = [
        person("A", "2023-01-01", None, "price", churned=True),
        person("B", "2024-02-05", None, "price", churned=True),
        person("C", "2023-01-01", "2024-03-10", "price", churned=True),
        person("D", "2023-01-01", None, None, churned=False),
    ]
    tables = {"customers": people}
    # In all the time known, all three; in February nobody of whom it is known; from February to
    # the last day known C, and B, who came and left inside.
    expected = {"": (3, 2), "to": (0, 2), "from": (2, 2)}
    ranges = {"": [], "to": FEBRUARY, "from": ["periods.from=2024-02"]}
    for key, words in ranges.items():
        (row,) = reasons(tables, set_=words)
        assert (row["customers"], row["undated"]) == expected[key], key
    (row,) = reasons(tables, set_=FEBRUARY)
    assert (row["share"], row["median_tenure"], row["lost_revenue"]) == (None, None, None)


def with_reasons(seed: int, share: float) -> Dataset:
    data, random = with_flags(seed, share), Random(seed)
    for row in data["customers"]:
        row["churn_reason"] = random.choice(("price", "moved", "Giá cao", None))
    return data


@pytest.mark.parametrize("tables", [(), ("transactions",), ("transactions", "subscriptions")])
@pytest.mark.parametrize("start", [date(2022, 12, 1), date(2023, 9, 1)])
@pytest.mark.parametrize(("seed", "share"), [(1, 0.0), (2, 0.1), (3, 0.3)])
def test_program_and_plain_python_agree(
    seed: int, share: float, start: date, tables: tuple[str, ...]
) -> None:
    data = with_reasons(seed, share)
    there = {name: data[name] for name in ("customers", *tables)}
    words = [f"periods.from={start}"]
    rows = table(there, NAME, as_of=data.as_of, timezone=data.timezone, set_=words)
    assert_same(rows, churn_reasons(data, start, tables))
