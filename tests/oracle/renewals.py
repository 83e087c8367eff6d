"""Renewals: what was due, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from .common import (
    Answer,
    Answers,
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
from .terms import FEWEST, Term, terms


def renewal_rate(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    grace: int = 30,
    min_months: int = 3,
    by: Sequence[str] = (),
) -> Answers:
    """Of the renewals due in the period and decided, the percentage renewed.

    A renewal is what one customer has due on one day. It runs on, or each later row renews one,
    the nearest; a row that is due or over on the due day or before does not.
    """
    rows = known(subscriptions, "start_date", as_of)
    paid = [
        (row, segment)
        for row, segment in zip(rows, segments_of(rows, customers, by, as_of), strict=True)
        if monthly(row) > 0 and (row["end_date"] is None or row["end_date"] > paid_span(row)[0])
    ]
    every = terms([row for row, _ in paid], as_of, grace)
    due: dict[tuple[str, date], list[tuple[Term, Segment]]] = {}
    lengths: list[tuple[Term, Segment, bool]] = []
    for term, (row, segment) in zip(every, paid, strict=True):
        short = term.length < FEWEST[min_months]
        lengths.append((term, segment, short))
        for day in () if short else term.due(grace, as_of + timedelta(days=400)):
            due.setdefault((row["customer_id"], day), []).append((term, segment))

    # Those of the rows that do not run on, and the days around which a next one may begin.
    stopped: dict[tuple[str, date], tuple[date, set[date]]] = {}
    for (customer, day), found in due.items():
        over = [term for term, _ in found if not _runs_on(term, day, grace, as_of)]
        if over:
            began = min(term.row["start_date"] for term in over)
            ends = [day if term.end is None else min(term.end, day) for term in over]
            stopped[customer, day] = began, {day, max(ends)}

    following: dict[tuple[str, date], Fraction] = {}
    for row, _ in paid:
        lasts = [row["end_date"], row.get("due_date")]
        start = row["start_date"]
        near = []
        for (customer, day), (began, around) in stopped.items():
            if (
                customer == row["customer_id"]
                and start > began
                and all(last is None or last > day for last in lasts)
            ):
                # Of two days as near, the earlier.
                near += [
                    (abs((start - near_to).days), start < near_to, day)
                    for near_to in around
                    if abs((start - near_to).days) <= grace
                ]
        if near:
            nearest = min(near)[:2]
            for day in {each[2] for each in near if each[:2] == nearest}:
                key = row["customer_id"], day
                following[key] = following.get(key, Fraction(0)) + monthly(row)

    outcomes = []
    for (customer, day), found in due.items():
        end_of_grace = day + timedelta(days=grace)
        old = sum((monthly(term.row) for term, _ in found), Fraction(0))
        running = [term for term, _ in found if _runs_on(term, day, grace, as_of)]
        told = [
            term
            for term, _ in found
            if term not in running
            and term.row.get("renewed_at") is not None
            and term.row["renewed_at"] <= min(end_of_grace, as_of)
        ]
        next_ = following.get((customer, day))
        new = None
        if running or told or next_ is not None:
            new = sum((monthly(term.row) for term in running), Fraction(0))
            own = sum((monthly(term.row) for term in told), Fraction(0))
            new += own if next_ is None else next_
        place = min((segment for _, segment in found), key=none_last)
        outcomes.append((day, place, old, new, new is None and end_of_grace > as_of))

    answers = {}
    for period in periods:
        for segment in grid([*(each[1] for each in outcomes), *(each[1] for each in lengths)]):
            here = [
                (old, new, pending)
                for day, own, old, new, pending in outcomes
                if inside(own, segment) and period.has(day, as_of)
            ]
            end = period.boundary(as_of)
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
                    "short_terms": sum(
                        short
                        and inside(own, segment)
                        and term.start < end
                        and (term.end is None or term.end >= end)
                        for term, own, short in lengths
                    ),
                },
                low,
                high,
            )
    return answers


def _runs_on(term: Term, day: date, grace: int, as_of: date) -> bool:
    return day + timedelta(days=term.patience(grace)) <= as_of and term.runs_past(day, grace)
