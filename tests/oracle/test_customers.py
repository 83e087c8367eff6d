"""Joining, leaving and coming back, by dates and by purchases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .common import TOTAL
from .customers import annualised, churn_rate, customers, of_spans, retention_rate, turnovers
from .periods import calendar, containing

AS_OF = date(2024, 12, 31)
MARCH = containing(date(2024, 3, 1), "month")


def span(customer: str, signup: date, churn: date | None = None, **more: object) -> Any:
    return {"customer_id": customer, "signup_date": signup, "churn_date": churn, **more}


def bought(customer: str | None, day: date, amount: int = 10, **more: object) -> Any:
    return {"customer_id": customer, "date": day, "amount": Decimal(amount), **more}


def test_edges_of_the_period() -> None:
    rows = [
        span("joins on the first day", date(2024, 3, 1)),
        span("joins on the last day", date(2024, 3, 31)),
        span("joins the day after", date(2024, 4, 1)),
        span("leaves on the first day", date(2024, 1, 1), date(2024, 3, 1)),
        span("leaves on the last day", date(2024, 1, 1), date(2024, 3, 31)),
        span("leaves the day after", date(2024, 1, 1), date(2024, 4, 1)),
        span("left the day before", date(2024, 1, 1), date(2024, 2, 29)),
    ]
    turnover = turnovers([MARCH], AS_OF, rows)[MARCH, TOTAL]
    leaving = {"leaves on the first day", "leaves on the last day"}
    assert turnover.start == {*leaving, "leaves the day after"}
    assert turnover.new == {"joins on the first day", "joins on the last day"}
    assert turnover.returned == set()
    assert turnover.lost == leaving
    assert turnover.end == {*turnover.new, "leaves the day after"}
    assert turnover.events == 2


def test_one_period_ends_as_the_next_one_starts() -> None:
    rows = [span("a", date(2024, 2, 10), date(2024, 3, 1)), span("b", date(2024, 3, 1))]
    months = calendar("month", date(2024, 2, 1), date(2024, 4, 1))
    found = [turnovers(months, AS_OF, rows)[month, TOTAL] for month in months]
    assert [t.end for t in found] == [{"a"}, {"b"}, {"b"}]
    assert [t.start for t in found[1:]] == [t.end for t in found[:-1]]


def test_several_spans() -> None:
    rows = [
        # There on both sides: neither lost nor returned, but one loss event.
        span("there and back", date(2023, 1, 1), date(2024, 3, 5)),
        span("there and back", date(2024, 3, 9)),
        # A customer long ago: returned, not new.
        span("old friend", date(2023, 1, 1), date(2023, 2, 1)),
        span("old friend", date(2024, 3, 9)),
        # Joined twice in March: new once; one event.
        span("second try", date(2024, 3, 2), date(2024, 3, 4)),
        span("second try", date(2024, 3, 20)),
        # Never there at a boundary, one of them not for a single day.
        span("visitor", date(2024, 3, 2), date(2024, 3, 4)),
        span("same day", date(2024, 3, 2), date(2024, 3, 2)),
        span("visits again", date(2023, 1, 1), date(2023, 2, 1)),
        span("visits again", date(2024, 3, 2), date(2024, 3, 4)),
    ]
    turnover = turnovers([MARCH], AS_OF, rows)[MARCH, TOTAL]
    assert turnover.start == {"there and back"}
    assert turnover.new == {"second try"}
    assert turnover.returned == {"old friend"}
    assert turnover.lost == set()
    assert turnover.joined_and_left == {"visitor", "same day", "visits again"}
    assert turnover.joined == {"second try", "visitor", "same day"}
    assert turnover.events == 5  # back, try, visitor, same day, again
    answer = customers([MARCH], AS_OF, rows)[MARCH, TOTAL]
    assert (answer.value, answer.components["net"]) == (3, 2)  # 3 at the end, 1 at the start


def test_days_after_as_of_do_not_exist() -> None:
    rows = [
        span("leaves later", date(2024, 1, 1), date(2024, 3, 16)),
        span("leaves today", date(2024, 1, 1), date(2024, 3, 15)),
        span("joins today", date(2024, 3, 15)),
        span("joins later", date(2024, 3, 16)),
    ]
    answer = churn_rate([MARCH], date(2024, 3, 15), rows)[MARCH, TOTAL]
    assert answer.value == 50  # of two at the start, one left up to the 15th
    assert answer.components["events"] == 1
    assert answer.components["customers_new"] == 1
    # 15 days are 15 / 365.25 years: 24.35 times a year.
    assert answer.components["annualised"] == pytest.approx(100 * (1 - 0.5**24.35))


def test_churned_without_a_date_is_in_no_month_but_in_one_that_leaves_no_other() -> None:
    rows = [
        {"customer_id": "a", "signup_date": date(2024, 1, 1), "churned": True},
        {"customer_id": "b", "signup_date": date(2024, 3, 1), "churned": True},
    ]
    months = calendar("month", date(2024, 2, 1), date(2024, 3, 15))
    found = turnovers(months, date(2024, 3, 15), rows)
    assert [found[m, TOTAL].events for m in months] == [0, 1]
    assert [found[m, TOTAL].undated for m in months] == [{"a"}, {"a", "b"}]
    assert found[MARCH, TOTAL].joined_and_left == {"b"}
    assert [found[m, TOTAL].untold for m in months] == [True, True]


def test_nobody_is_no_number() -> None:
    rows = [span("a", date(2024, 3, 5)), span("b", date(2024, 4, 5))]
    months = calendar("month", date(2024, 2, 1), date(2024, 3, 1))
    assert [a.value for a in retention_rate(months, AS_OF, rows).values()] == [None, None]
    assert [a.value for a in customers(months, AS_OF, rows).values()] == [None, 1]
    assert churn_rate(months, AS_OF, rows)[MARCH, TOTAL].low is None


def test_only_the_set_of_the_lost_has_an_interval() -> None:
    rows = [span("a", date(2024, 1, 1)), span("b", date(2024, 1, 1), date(2024, 3, 5))]
    answer = churn_rate([MARCH], AS_OF, rows)[MARCH, TOTAL]
    # Half of two: 50 -+ 1.96 x 100 x sqrt(1 / 8 + 3.8415 / 16) / (1 + 3.8415 / 2)
    assert answer.low == pytest.approx(9.4531, abs=1e-4)
    assert answer.high == pytest.approx(90.5469, abs=1e-4)
    for rule in ("events", "stripe", "average"):
        assert churn_rate([MARCH], AS_OF, rows, rule=rule)[MARCH, TOTAL].low is None


def test_annualised() -> None:
    assert annualised(Fraction(1, 10), Fraction(1)) == pytest.approx(10)
    # A quarter: 1 - 0.9^4 = 1 - 0.6561
    assert annualised(Fraction(1, 10), Fraction(1, 4)) == pytest.approx(34.39)
    assert annualised(Fraction(1), Fraction(1, 12)) == 100
    assert annualised(Fraction(3, 2), Fraction(1, 12)) is None


def test_activity_within_30_days() -> None:
    # Spans 10 January to 10 March (9 February touches 10 January + 30) and 20 April to 20 May.
    rows = [bought("a", day) for day in (date(2024, 1, 10), date(2024, 2, 9), date(2024, 4, 20))]
    months = calendar("month", date(2024, 1, 1), date(2024, 5, 1))
    found = turnovers(months, AS_OF, (), rows, basis="activity", window="30d")
    steps = [found[month, TOTAL] for month in months]
    assert [len(t.start) for t in steps] == [0, 1, 1, 0, 1]
    assert [len(t.new) for t in steps] == [1, 0, 0, 0, 0]
    assert [len(t.returned) for t in steps] == [0, 0, 0, 1, 0]
    assert [len(t.lost) for t in steps] == [0, 0, 1, 0, 1]
    assert [t.events for t in steps] == [0, 0, 1, 0, 1]


def test_edges_of_the_activity_window() -> None:
    # The 30 days before 1 April are 2 to 31 March.
    rows = [bought("on", date(2024, 3, 2)), bought("off", date(2024, 3, 1))]
    months = calendar("month", date(2024, 3, 1), date(2024, 4, 1))
    found = turnovers(months, AS_OF, (), rows, basis="activity", window="30d")
    assert found[MARCH, TOTAL].end == {"on"}
    assert found[MARCH, TOTAL].joined_and_left == {"off"}
    assert [found[m, TOTAL].events for m in months] == [1, 1]  # 31 March and 1 April


def test_a_refund_leaves_the_order_an_activity() -> None:
    rows = [
        bought("a", date(2024, 3, 20), 10, transaction_id="1"),
        bought("a", date(2024, 3, 25), -10, transaction_id="1"),
    ]
    found = turnovers([MARCH], AS_OF, (), rows, basis="activity", window="30d")
    assert found[MARCH, TOTAL].end == {"a"}


def test_activity_from_period_to_period() -> None:
    rows = [
        bought("stays", date(2024, 2, 1)),
        bought("stays", date(2024, 3, 31)),
        bought("goes", date(2024, 2, 29)),
        bought("back", date(2024, 1, 31)),
        bought("back", date(2024, 3, 1)),
        bought("new", date(2024, 3, 1)),
        bought(None, date(2024, 2, 1)),
    ]
    turnover = turnovers([MARCH], AS_OF, (), rows, basis="activity")[MARCH, TOTAL]
    assert turnover.start == {"stays", "goes"}
    assert turnover.end == {"stays", "back", "new"}
    assert (turnover.new, turnover.returned, turnover.lost) == ({"new"}, {"back"}, {"goes"})
    answer = retention_rate([MARCH], AS_OF, (), rows, basis="activity")[MARCH, TOTAL]
    assert answer.value == 50


def test_segments_of_customers() -> None:
    rows = [
        span("a", date(2024, 1, 1), region="north"),
        span("b", date(2024, 1, 1), date(2024, 3, 9), region="north"),
        span("c", date(2024, 1, 1), region=None),
    ]
    answers = retention_rate([MARCH], AS_OF, rows, by=("region",))
    values = {segment: answer.value for (_, segment), answer in answers.items()}
    assert values == {TOTAL: Fraction(200, 3), ("north",): 50, (None,): 100}


def test_a_customer_is_where_the_first_purchase_was() -> None:
    rows = [
        bought("a", date(2024, 1, 9), channel=None),  # the same day twice: "shop" before None
        bought("a", date(2024, 1, 9), channel="shop"),
        bought("a", date(2024, 2, 9), channel="app"),
        bought("a", date(2023, 1, 9), -10, channel="refunds are no purchase"),
        bought("b", date(2024, 2, 9), channel="app"),
    ]
    found = turnovers([MARCH], AS_OF, (), rows, basis="activity", window="60d", by=("channel",))
    assert {s: t.start for (_, s), t in found.items()} == {
        TOTAL: {"a", "b"},
        ("app",): {"b"},
        ("shop",): {"a"},
    }
    # By a column of the customers table: the customer's own, None when unknown.
    people = [span("a", date(2024, 1, 1), region="north")]
    found = turnovers([MARCH], AS_OF, people, rows, basis="activity", window="60d", by=("region",))
    assert {s: t.start for (_, s), t in found.items()} == {
        TOTAL: {"a", "b"},
        ("north",): {"a"},
        (None,): {"b"},
    }


def test_spans_that_overlap_are_one_presence() -> None:
    spans = {"a": [(date(2024, 1, 1), date(2024, 3, 9)), (date(2024, 3, 1), None)]}
    turnover = of_spans(spans, MARCH, AS_OF)
    assert turnover.start == turnover.end == {"a"}
