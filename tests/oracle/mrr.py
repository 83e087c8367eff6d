"""Monthly recurring revenue and its movements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from .common import Answer, Answers, Row, Rows, from_first_row, grid, inside, known, segments_of
from .periods import DAY, Period

PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}


def monthly(row: Row) -> Fraction:
    """What one subscription brings in a month."""

    def given(column: str, default: int) -> int:
        value = row.get(column)
        return default if value is None else int(value)

    per_year = PER_YEAR[row.get("interval") or "month"]
    yearly = Fraction(row["amount"]) * per_year
    return yearly / given("interval_count", 1) / 12


def paid_span(row: Row) -> tuple[date, date | None]:
    """From the first paid day, after any trial, to the end date (no longer paid)."""
    start: date = row["start_date"]
    trial_end = row.get("trial_end")
    return max(start, trial_end) if trial_end is not None else start, row.get("end_date")


def level(rows: Rows, boundary: date) -> Fraction:
    """MRR of these subscriptions on the last day before the boundary."""
    total = Fraction(0)
    for row in rows:
        start, end = paid_span(row)
        if start < boundary and (end is None or end >= boundary):
            total += monthly(row)
    return total


def paid_before(rows: Rows, boundary: date) -> bool:
    """Whether there was a day before the boundary with a level above zero."""
    for row in rows:
        start, end = paid_span(row)
        if monthly(row) > 0 and start < boundary and (end is None or end > start):
            return True
    return False


def instants(period: Period, as_of: date) -> list[date]:
    """The start, every month start inside, the end."""
    end = period.boundary(as_of)
    found = [period.start]
    day = period.start + DAY
    while day < end:
        if day.day == 1:
            found.append(day)
        day += DAY
    return [*found, end]


def mrr(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """MRR at the period's end; n counts the paying customers then.

    Movements are judged customer by customer from instant to instant, within the
    subscriptions of the segment. A rise from zero is `new` when no day before was paid.
    """
    rows = known(subscriptions, "start_date", as_of)
    segments = segments_of(rows, customers, by, as_of)
    answers = {}
    for period in periods:
        for segment in grid(segments):
            of_customer: dict[str, list[Row]] = {}
            for row, own in zip(rows, segments, strict=True):
                if inside(own, segment):
                    of_customer.setdefault(row["customer_id"], []).append(row)
            answers[period, segment] = _movements(of_customer, instants(period, as_of))
    return from_first_row(answers, as_of, (row["start_date"] for row in rows))


def _movements(of_customer: dict[str, list[Row]], spine: Sequence[date]) -> Answer:
    moved = dict.fromkeys(
        ("new", "reactivated", "expansion", "contraction", "churned"), Fraction(0)
    )
    at_start = Fraction(0)
    at_end = Fraction(0)
    paying = 0
    anything = False
    for rows in of_customer.values():
        levels = [level(rows, instant) for instant in spine]
        at_start += levels[0]
        at_end += levels[-1]
        paying += levels[-1] > 0
        anything = anything or any(found > 0 for found in levels)
        for i in range(1, len(spine)):
            was, now = levels[i - 1], levels[i]
            if was == 0 and now > 0:
                kind = "reactivated" if paid_before(rows, spine[i - 1]) else "new"
                moved[kind] += now
            elif was > 0 and now == 0:
                moved["churned"] += was
            elif now > was:
                moved["expansion"] += now - was
            elif now < was:
                moved["contraction"] += was - now
    gained = moved["new"] + moved["reactivated"] + moved["expansion"]
    assert at_start + gained - moved["contraction"] - moved["churned"] == at_end
    return Answer(at_end if anything else None, paying, {"mrr_start": at_start, **moved})
