"""MRR: levels at instants and the movements between them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .common import TOTAL
from .mrr import instants, monthly, mrr
from .periods import Period, calendar, containing

AS_OF = date(2024, 12, 31)
Q1 = containing(date(2024, 1, 1), "quarter")
MONTHS = calendar("month", date(2024, 1, 1), date(2024, 4, 30))


def sold(
    start: date, end: date | None = None, amount: str = "50", customer: str = "a", **more: object
) -> Any:
    row = {"customer_id": customer, "start_date": start, "end_date": end}
    return {**row, "amount": Decimal(amount), **more}


def moves(period: Period, rows: list[Any], as_of: date = AS_OF) -> dict[str, Any]:
    """The movements that are not zero, and start and end."""
    answer = mrr([period], as_of, rows)[period, TOTAL]
    found = {name: amount for name, amount in answer.components.items() if amount}
    return found | {"end": answer.value}


@pytest.mark.parametrize(
    ("given", "month"),
    [
        ({}, Fraction(100)),
        ({"interval": None, "interval_count": None}, Fraction(100)),
        ({"interval": "year"}, Fraction(100, 12)),
        ({"interval": "quarter"}, Fraction(100, 3)),
        ({"interval": "week"}, Fraction(5200, 12)),
        ({"interval": "day"}, Fraction(36500, 12)),
        ({"interval": "month", "interval_count": 6}, Fraction(100, 6)),
        ({"interval": "day", "interval_count": 30}, Fraction(36500, 360)),
    ],
)
def test_monthly(given: dict[str, Any], month: Fraction) -> None:
    assert monthly(sold(date(2024, 1, 1), amount="100", **given)) == month


def test_instants() -> None:
    assert instants(Q1, AS_OF) == [date(2024, m, 1) for m in (1, 2, 3, 4)]
    assert instants(Q1, date(2024, 2, 14)) == [
        date(2024, 1, 1),
        date(2024, 2, 1),
        date(2024, 2, 15),
    ]
    week = containing(date(2024, 2, 28), "week")
    assert instants(week, AS_OF) == [date(2024, 2, 26), date(2024, 3, 1), date(2024, 3, 4)]


def test_new_until_the_end_date() -> None:
    # From 1 February to 1 March, which is unpaid: there on 29 February, gone in March.
    rows = [sold(date(2024, 2, 1), date(2024, 3, 1))]
    january, february, march, _ = MONTHS
    assert moves(january, rows) == {"end": None}
    assert moves(february, rows) == {"new": 50, "end": 50}
    assert moves(march, rows) == {"mrr_start": 50, "churned": 50, "end": 0}
    # The quarter sees both.
    assert moves(Q1, rows) == {"new": 50, "churned": 50, "end": 0}


def test_a_trial_is_not_paid() -> None:
    rows = [sold(date(2024, 1, 10), trial_end=date(2024, 2, 1))]
    assert moves(MONTHS[0], rows) == {"end": 0}
    assert moves(MONTHS[1], rows) == {"new": 50, "end": 50}
    left_in_trial = [sold(date(2024, 1, 10), date(2024, 1, 20), trial_end=date(2024, 2, 1))]
    assert moves(Q1, left_in_trial) == {"end": 0}


def test_switching_plans_on_one_day_is_expansion() -> None:
    rows = [sold(date(2023, 1, 1), date(2024, 2, 10)), sold(date(2024, 2, 10), amount="80")]
    assert moves(MONTHS[1], rows) == {"mrr_start": 50, "expansion": 30, "end": 80}


def test_one_of_two_is_contraction_and_a_second_is_expansion() -> None:
    rows = [sold(date(2023, 1, 1)), sold(date(2024, 1, 9), date(2024, 3, 9), "20")]
    assert moves(MONTHS[0], rows) == {"mrr_start": 50, "expansion": 20, "end": 70}
    assert moves(MONTHS[2], rows) == {"mrr_start": 70, "contraction": 20, "end": 50}
    assert moves(Q1, rows) == {"mrr_start": 50, "expansion": 20, "contraction": 20, "end": 50}


def test_back_after_a_gap_is_reactivated() -> None:
    rows = [sold(date(2023, 1, 1), date(2023, 6, 1)), sold(date(2024, 2, 9), amount="70")]
    assert moves(MONTHS[1], rows) == {"reactivated": 70, "end": 70}


def test_a_gap_inside_a_month_is_not_seen() -> None:
    rows = [sold(date(2023, 1, 1), date(2024, 2, 5)), sold(date(2024, 2, 20))]
    assert moves(MONTHS[1], rows) == {"mrr_start": 50, "end": 50}


def test_paid_days_between_two_instants_make_a_later_rise_a_return() -> None:
    rows = [sold(date(2024, 1, 5), date(2024, 1, 20)), sold(date(2024, 3, 10))]
    assert moves(MONTHS[0], rows) == {"end": 0}
    assert moves(MONTHS[2], rows) == {"reactivated": 50, "end": 50}
    # Both in one month: the first ever.
    rows = [sold(date(2024, 1, 5), date(2024, 1, 20)), sold(date(2024, 1, 25))]
    assert moves(MONTHS[0], rows) == {"new": 50, "end": 50}


def test_what_costs_nothing_is_no_first() -> None:
    rows = [sold(date(2023, 1, 1), amount="0"), sold(date(2024, 2, 9))]
    assert moves(MONTHS[1], rows) == {"new": 50, "end": 50}
    answer = mrr([MONTHS[0]], AS_OF, rows[:1])[MONTHS[0], TOTAL]
    assert (answer.value, answer.n) == (0, 0)


def test_a_subscription_of_no_day_is_no_first() -> None:
    rows = [sold(date(2023, 1, 1), date(2023, 1, 1)), sold(date(2024, 2, 9))]
    assert moves(MONTHS[1], rows) == {"new": 50, "end": 50}


def test_cents_move_too() -> None:
    rows = [sold(date(2024, 1, 9), date(2024, 2, 9), "0.50")]
    half = Fraction(1, 2)
    assert moves(MONTHS[0], rows) == {"new": half, "end": half}
    assert mrr(MONTHS[:1], AS_OF, rows)[MONTHS[0], TOTAL].n == 1
    assert moves(MONTHS[1], rows) == {"mrr_start": half, "churned": half, "end": 0}
    again = [*rows, sold(date(2024, 3, 9), amount="0.25")]
    assert moves(MONTHS[2], again) == {"reactivated": half / 2, "end": half / 2}


def test_as_of_ends_the_period() -> None:
    rows = [sold(date(2024, 1, 5), date(2024, 2, 20)), sold(date(2024, 2, 15), customer="b")]
    february = MONTHS[1]
    # On the 14th a has not left yet and b is not read.
    assert moves(february, rows, date(2024, 2, 14)) == {"mrr_start": 50, "end": 50}
    assert moves(february, rows, date(2024, 2, 20)) == {
        "mrr_start": 50,
        "churned": 50,
        "new": 50,
        "end": 50,
    }


def test_segments_hold_their_own_subscriptions() -> None:
    rows = [
        sold(date(2023, 1, 1), date(2024, 2, 10), plan="basic"),
        sold(date(2024, 2, 10), amount="80", plan="pro"),
        sold(date(2023, 1, 1), amount="5", customer="b", plan=None),
    ]
    found = mrr(MONTHS[1:2], AS_OF, rows, by=("plan",))
    assert {s: (a.value, a.n) for (_, s), a in found.items()} == {
        TOTAL: (85, 2),
        ("basic",): (0, 0),
        ("pro",): (80, 1),
        (None,): (5, 1),
    }
