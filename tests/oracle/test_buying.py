"""Orders, revenue and lifetime value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .buying import (
    average_order_value,
    clv,
    purchase_frequency,
    repeat_purchase_rate,
    restricted_mean,
    revenue,
)
from .common import TOTAL
from .periods import calendar

AS_OF = date(2024, 4, 30)
MARCH, APRIL = calendar("month", date(2024, 3, 1), AS_OF)
YEAR = calendar("year", date(2024, 1, 1), date(2024, 12, 31))


def line(
    customer: str | None, order: str | None, day: date, amount: str, channel: str | None = None
) -> Any:
    return {
        "customer_id": customer,
        "transaction_id": order,
        "date": day,
        "amount": Decimal(amount),
        "channel": channel,
    }


ROWS = [
    line("c1", "o1", date(2024, 3, 1), "100"),
    line("c1", "o1", date(2024, 3, 2), "50"),
    line("c1", "r1", date(2024, 3, 5), "-30"),  # a refund with an id of its own
    line("c2", "o3", date(2024, 3, 5), "80"),
    line("c2", "o3", date(2024, 4, 2), "-80"),  # a refund that undoes its order
    line(None, "o4", date(2024, 3, 9), "20"),
    line("c1", "o5", date(2024, 3, 31), "10"),
    line("c1", "o6", date(2024, 5, 1), "1000"),  # after as_of
]


def test_revenue() -> None:
    answers = revenue([MARCH, APRIL], AS_OF, ROWS)
    # 100 + 50 + 80 + 20 + 10 = 260; 260 - 30 = 230; orders o1, o3, o4, o5
    assert answers[MARCH, TOTAL].value == 230
    assert answers[MARCH, TOTAL].n == 6
    assert answers[MARCH, TOTAL].components == {
        "revenue": 230,
        "orders": 4,
        "order_values": 260,
        "gross": 260,
        "refunds": -30,
    }
    assert answers[APRIL, TOTAL].value == -80
    may = calendar("month", date(2024, 5, 1), date(2024, 5, 1))
    nothing = revenue(may, date(2024, 5, 31), ROWS[:-1])
    assert [answer.value for answer in nothing.values()] == [0]


def test_cents_count() -> None:
    rows = [line("a", "1", date(2024, 3, 1), "0.03"), line("a", "2", date(2024, 3, 1), "-0.01")]
    answer = revenue([MARCH], AS_OF, rows)[MARCH, TOTAL]
    assert answer.value == Fraction(2, 100)
    assert answer.components["gross"] == Fraction(3, 100)
    assert answer.components["refunds"] == Fraction(-1, 100)


def test_average_order_value() -> None:
    answers = average_order_value([MARCH, APRIL], AS_OF, ROWS)
    assert answers[MARCH, TOTAL].value == 65  # 260 / 4, whatever is sent back
    assert answers[APRIL, TOTAL].value is None  # a refund, no order


@pytest.mark.parametrize(
    ("order", "orders", "customers", "repeat"),
    [
        # c1: o1, o5. c2: o3, though undone later.
        ("id", 3, 2, 1),
        (None, 3, 2, 1),
        # c1: 100, 50, 10. c2: 80, whatever comes back later.
        ("row", 4, 2, 1),
        # c1: the 1st, 2nd, 31st (the 5th is below zero). c2: the 5th.
        ("day", 4, 2, 1),
    ],
)
def test_what_an_order_is(order: str | None, orders: int, customers: int, repeat: int) -> None:
    frequency = purchase_frequency([MARCH], AS_OF, ROWS, order=order)[MARCH, TOTAL]
    assert frequency.components == {"orders": orders, "customers": customers}
    assert frequency.value == Fraction(orders, customers)
    rate = repeat_purchase_rate([MARCH], AS_OF, ROWS, order=order)[MARCH, TOTAL]
    assert rate.value == Fraction(100 * repeat, customers)
    # The order of nobody known counts as an order.
    found = average_order_value([MARCH], AS_OF, ROWS, order=order)[MARCH, TOTAL]
    assert found.components["orders"] == orders + 1


def test_before_the_refund_the_order_counted() -> None:
    answer = purchase_frequency([MARCH], date(2024, 3, 31), ROWS)[MARCH, TOTAL]
    assert answer.value == Fraction(3, 2)  # o1, o5 of c1 and o3 of c2


def test_lines_of_one_day_are_one_order_by_day() -> None:
    day = date(2024, 3, 3)
    rows = [line("a", "1", day, "5"), line("a", "1", day, "-5"), line("b", "3", day, "5")]
    rows += [line(None, "4", day, "5"), line(None, "5", day, "5")]
    answer = average_order_value([MARCH], AS_OF, rows, order="day")[MARCH, TOTAL]
    assert (
        answer.components["orders"] == 3
    )  # a's is worth nothing; b, and two of whom nobody knows they are one
    rows = [line("a", "1", day, "5"), line("a", "2", day, "6")]
    assert purchase_frequency([MARCH], AS_OF, rows, order="day")[MARCH, TOTAL].value == 1


def test_an_order_is_where_and_when_it_began() -> None:
    rows = [
        line("a", "1", date(2024, 4, 1), "5", "app"),
        line("a", "1", date(2024, 3, 31), "5", "web"),
        line("a", "1", date(2024, 3, 31), "5", "shop"),
        line("a", "1", date(2024, 3, 31), "5", None),
    ]
    found = average_order_value([MARCH, APRIL], AS_OF, rows, by=("channel",))
    counted = {(p.label, *s): answer.n for (p, s), answer in found.items() if answer.n}
    assert counted == {("2024-03",): 1, ("2024-03", "shop"): 1}


def test_an_id_is_one_order_per_customer_and_a_blank_is_none() -> None:
    day = date(2024, 3, 3)
    rows = [line("a", "1", day, "5"), line("b", "1", day, "5")]
    rows += [line("a", None, day, "5"), line("a", None, day, "5"), line("a", None, day, "0")]
    answer = purchase_frequency([MARCH], AS_OF, rows)[MARCH, TOTAL]
    assert answer.components == {"orders": 4, "customers": 2}


def test_without_an_id_column_each_row_is_an_order() -> None:
    rows = [{"customer_id": "a", "date": date(2024, 3, 3), "amount": Decimal(1)}] * 2
    assert purchase_frequency([MARCH], AS_OF, rows)[MARCH, TOTAL].value == 2


def test_repeat_ever() -> None:
    rows = [
        line("a", "1", date(2023, 1, 1), "5"),
        line("a", "2", date(2024, 3, 1), "5"),  # the second ever, the first in March
        line("b", "3", date(2024, 3, 1), "5"),
        line("b", "4", date(2024, 4, 1), "5"),  # the second ever, but after March
        line("c", "5", date(2023, 1, 1), "5"),  # two orders, none of them in March
        line("c", "6", date(2023, 2, 1), "5"),
    ]
    ever = repeat_purchase_rate([MARCH, APRIL], AS_OF, rows, base="ever")
    assert ever[MARCH, TOTAL].value == Fraction(200, 3)  # a and c, not yet b
    assert ever[APRIL, TOTAL].value == 100  # all three, whoever bought in April
    in_march = repeat_purchase_rate([MARCH], AS_OF, rows)[MARCH, TOTAL]
    assert (in_march.value, in_march.n) == (0, 2)  # a and b, once each


def test_segments() -> None:
    day = date(2024, 3, 3)
    rows = [
        line("a", "1", date(2024, 3, 1), "5", "web"),
        line("a", "2", day, "7", "shop"),
        line("b", "3", day, "9", None),
        line(None, "4", day, "1", "web"),
        line("b", "5", date(2024, 3, 4), "-2", "shop"),
    ]
    # Money and orders lie where the row is ...
    found = average_order_value([MARCH], AS_OF, rows, by=("channel",))
    assert {s: (a.components["revenue"], a.n) for (_, s), a in found.items()} == {
        TOTAL: (20, 4),
        ("shop",): (5, 1),
        ("web",): (6, 2),
        (None,): (9, 1),
    }
    # ... customers, with all their orders, where they began.
    counted = purchase_frequency([MARCH], AS_OF, rows, by=("channel",))
    assert {s: a.components["orders"] for (_, s), a in counted.items()} == {
        TOTAL: 3,
        ("web",): 2,
        (None,): 1,
    }


def test_segment_of_the_customer_behind_a_row() -> None:
    customers = [{"customer_id": "c1", "signup_date": date(2024, 1, 1), "region": "north"}]
    found = revenue([MARCH], AS_OF, ROWS, customers, by=("region",))
    assert {s: a.value for (_, s), a in found.items()} == {
        TOTAL: 230,
        ("north",): 130,  # 100 + 50 - 30 + 10
        (None,): 100,  # the unknown c2 80, nobody 20
    }


def test_restricted_mean() -> None:
    assert restricted_mean([]) is None
    assert restricted_mean([(6, True), (2, True)]) == 4  # nobody open: the plain mean
    assert restricted_mean([(6, False), (2, False)]) == 6  # nobody left: the longest
    # At 2 one of three leaves while one is censored: 2 x 1 + (5 - 2) x 2/3
    assert restricted_mean([(2, True), (2, False), (5, True)]) == 4
    assert restricted_mean([(0, True), (3, True)]) == Fraction(3, 2)


def person(signup: date, churn: date | None, name: str = "x", **more: object) -> Any:
    row = {"customer_id": f"{name}{signup}{churn}", "signup_date": signup, "churn_date": churn}
    return {**row, **more}


TENURES = [
    person(date(2020, 1, 1), date(2021, 1, 1)),  # one year, ended
    person(date(2020, 1, 1), date(2022, 1, 1)),  # two, ended
    person(date(2022, 1, 1), None),  # three, open
    person(date(2020, 1, 1), date(2024, 1, 1)),  # four, ended
    person(date(2020, 1, 1), date(2025, 1, 1)),  # five, still there on the last day
]
BUYER = TENURES[2]["customer_id"]
ORDERS = [line(BUYER, str(month), date(2024, month, 1), "50") for month in (1, 4, 7, 10)]


def test_clv_observed() -> None:
    answer = clv(YEAR, date(2024, 12, 31), ORDERS, TENURES)[YEAR[0], TOTAL]
    assert answer.components["acl"] == Fraction(33, 10)  # 1 + .8 + .6 + .6 + .3
    # Two of the five are there all year; the fourth leaves on the first of January.
    assert answer.components["customer_years"] == 2
    assert answer.value == 330  # 50 x 4 / 2 x 3.3


def test_who_is_there_at_the_boundary() -> None:
    orders = [line("a", "1", date(2024, 3, 1), "50")]

    def acl(*people: Any) -> Any:
        return clv([MARCH], AS_OF, orders, people)[MARCH, TOTAL].components["acl"]

    # 30 days to 1 April, when one leaves: still there in March. 90 days, open: all survive.
    on_the_boundary = person(date(2024, 3, 1), date(2024, 4, 1))
    assert acl(on_the_boundary, person(date(2024, 1, 1), None)) == Fraction(90, 360)
    # A day earlier it is 29 days, ended: 29 + (90 - 29) / 2
    the_day_before = person(date(2024, 3, 1), date(2024, 3, 30))
    assert acl(the_day_before, person(date(2024, 1, 1), None)) == Fraction(119, 720)
    assert acl(person(date(2024, 4, 1), None)) is None  # joins after March


def test_clv_churn() -> None:
    answer = clv(YEAR, date(2024, 12, 31), ORDERS, TENURES, lifetime="churn")[YEAR[0], TOTAL]
    assert answer.components["acl"] == 3  # of three at the start one left
    assert answer.value == 300  # 50 x 4 / 2 x 3
    none = clv(YEAR, date(2024, 12, 31), ORDERS, TENURES[2:3], lifetime="churn")
    assert none[YEAR[0], TOTAL].value is None  # nobody left


def test_clv_of_a_month_is_per_year() -> None:
    people = [person(date(2023, 10, 1), date(2024, 3, 16)), person(date(2023, 10, 1), None)]
    first, second = (row["customer_id"] for row in people)
    rows = [line(first, "1", date(2024, 3, 1), "50"), line(second, "2", date(2024, 3, 1), "30")]
    rows += [line(second, "3", date(2024, 3, 9), "40")]
    answer = clv([MARCH], AS_OF, rows, people)[MARCH, TOTAL]
    # 120 / 3 orders; 15 days and a month are 46 / 31 months;
    # T = 5 x 30 + 15 = 165 ended, 180 open: 165 + 15 / 2 = 172.5 days
    assert answer.components == {
        "apv": 40,
        "apf": Fraction(3 * 12 * 31, 46),
        "acl": Fraction(345, 720),
        "customers": 2,
        "customer_years": Fraction(46, 31 * 12),
        "first_orders": 0,
    }
    assert answer.value == 40 * Fraction(3 * 12 * 31, 46) * Fraction(345, 720)
    by_churn = clv([MARCH], AS_OF, rows, people, lifetime="churn")[MARCH, TOTAL]
    assert by_churn.components["acl"] == Fraction(1, 6)  # 1/2 a month: 2 months


def test_clv_of_strangers_begins_with_their_first_order() -> None:
    rows = [line("a", "1", date(2024, 3, 1), "50"), line("a", "2", date(2024, 3, 11), "50")]
    rows += [line("b", "3", date(2024, 4, 1), "50")]
    found = clv([MARCH, APRIL], AS_OF, rows, [], lifetime=Fraction(2))
    # March: a is there all month and comes back once; the first order comes on top.
    assert found[MARCH, TOTAL].components["apf"] == 12
    assert found[MARCH, TOTAL].value == 50 * (1 + 12 * 2)
    assert found[APRIL, TOTAL].components["first_orders"] == 1  # b's
    assert found[APRIL, TOTAL].value == 50  # nobody comes back
    known = [person(date(2024, 1, 1), None, "a") | {"customer_id": "a"}]
    mixed = clv([APRIL], AS_OF, rows, known, lifetime=Fraction(2))[APRIL, TOTAL]
    assert mixed.value == 25  # one of the two began with an order: 50 x (1 / 2 + 0 x 2)


def test_clv_lifetimes_lie_where_the_first_purchase_was() -> None:
    people = [person(date(2023, 1, 1), None, "a"), person(date(2024, 1, 1), None, "b")]
    rows = [line(people[0]["customer_id"], "1", date(2024, 3, 1), "50", "web")]
    found = clv([MARCH], AS_OF, rows, people, by=("channel",))
    assert {s: a.components["acl"] for (_, s), a in found.items()} == {
        TOTAL: Fraction(5, 4),  # 15 months open, 3 months open
        ("web",): Fraction(5, 4),
        (None,): Fraction(1, 4),
    }
    assert found[MARCH, (None,)].value is None
