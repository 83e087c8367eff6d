"""Renewals: what was due, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from .common import (
    Answer,
    Answers,
    Row,
    Rows,
    Segment,
    grid,
    inside,
    known,
    none_last,
    percent,
    segments_of,
    wilson,
)
from .mrr import monthly, paid_span
from .periods import Period


def renewal_rate(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    grace: int = 30,
    by: Sequence[str] = (),
) -> Answers:
    """Of the renewals due in the period and decided, the percentage renewed.

    A renewal is what one customer has due on one day. Each later term renews one, the
    nearest; a term that is due or over on the due day or before does not.
    """
    rows = known(subscriptions, "start_date", as_of)
    column = "due_date" if any("due_date" in row for row in rows) else "end_date"
    paid = [
        (row, segment)
        for row, segment in zip(rows, segments_of(rows, customers, by, as_of), strict=True)
        if monthly(row) > 0 and (row["end_date"] is None or row["end_date"] > paid_span(row)[0])
    ]
    due: dict[tuple[str, date], list[tuple[Row, Segment]]] = {}
    for row, segment in paid:
        if row[column] is not None and row[column] > paid_span(row)[0]:
            due.setdefault((row["customer_id"], row[column]), []).append((row, segment))

    following: dict[tuple[str, date], Fraction] = {}
    for row, _ in paid:
        lasts = [row["end_date"], row[column]]
        near = []
        for (customer, day), terms in due.items():
            began = min(term["start_date"] for term, _ in terms)
            if (
                customer == row["customer_id"]
                and abs((row["start_date"] - day).days) <= grace
                and row["start_date"] > began
                and all(last is None or last > day for last in lasts)
            ):
                near.append((abs((row["start_date"] - day).days), day))
        if near:
            key = row["customer_id"], min(near)[1]
            following[key] = following.get(key, Fraction(0)) + monthly(row)

    outcomes = []
    for (customer, day), terms in due.items():
        end_of_grace = day + timedelta(days=grace)
        old = sum((monthly(term) for term, _ in terms), Fraction(0))
        renewed = [
            monthly(term)
            for term, _ in terms
            if term.get("renewed_at") is not None and term["renewed_at"] <= min(end_of_grace, as_of)
        ]
        new = following.get((customer, day))
        if new is None and renewed:
            new = sum(renewed, Fraction(0))
        place = min((segment for _, segment in terms), key=none_last)
        outcomes.append((day, place, old, new, new is None and end_of_grace > as_of))

    answers = {}
    for period in periods:
        for segment in grid(segment for _, segment, *_ in outcomes):
            here = [
                (old, new, pending)
                for day, own, old, new, pending in outcomes
                if inside(own, segment) and period.has(day, as_of)
            ]
            decided = [(old, new) for old, new, pending in here if not pending]
            count = sum(1 for _, new in decided if new is not None)
            value = sum((old for old, _ in decided), Fraction(0))
            low, high = wilson(count, len(decided))
            answers[period, segment] = Answer(
                percent(count, len(decided)),
                len(decided),
                {
                    "due": len(decided),
                    "renewed": count,
                    "pending": len(here) - len(decided),
                    "revenue_rate": percent(
                        sum((min(old, new or Fraction(0)) for old, new in decided), Fraction(0)),
                        value,
                    ),
                    "net": percent(
                        sum((new or Fraction(0) for _, new in decided), Fraction(0)), value
                    ),
                },
                low,
                high,
            )
    return answers
