"""How many tickets come, stay and come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from fractions import Fraction

from .business import elapsed, midnight
from .common import (
    Answer,
    Answers,
    Row,
    Rows,
    from_first_row,
    local_day,
    percent,
    quantile,
    utc,
    wilson,
)
from .periods import DAY, Period
from .service import cells, created_in, happened, solved_in


def tickets(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """How many were created in the period; how many of those are solved by now."""
    answers = {}
    for (period, segment), rows in cells(periods, as_of, zone, tickets, customers, by):
        created = created_in(period, as_of, zone, rows)
        solved = [row for row in created if happened(row["solved_at"], zone, as_of + DAY)]
        components = {"solved": len(solved), "open": len(created) - len(solved)}
        answers[period, segment] = Answer(len(created) or None, len(created), components)
    return from_first_row(answers, as_of, (local_day(row["created_at"], zone) for row in tickets))


def ticket_backlog(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """How many are open at the period's end, and for how many days."""

    def open_at(instant: date, rows: Rows) -> list[Row]:
        return [
            row
            for row in rows
            if local_day(row["created_at"], zone) < instant
            and not happened(row["solved_at"], zone, instant)
        ]

    answers = {}
    for (period, segment), rows in cells(periods, as_of, zone, tickets, customers, by):
        until = period.boundary(as_of)
        there = open_at(until, rows)
        ages = [elapsed(row["created_at"], midnight(until, zone), None) / 24 for row in there]
        ever = any(local_day(row["created_at"], zone) < until for row in rows)
        answers[period, segment] = Answer(
            len(there) if ever else None,
            len(there),
            {
                "open_start": len(open_at(period.start, rows)),
                "created": len(created_in(period, as_of, zone, rows)),
                "solved": len(solved_in(period, as_of, zone, rows)),
                "median_age": quantile(ages, Fraction(1, 2)),
            },
        )
    return from_first_row(answers, as_of, (local_day(row["created_at"], zone) for row in tickets))


def reopen_rate(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Percentage of the tickets solved in the period that were reopened."""
    answers = {}
    for (period, segment), rows in cells(periods, as_of, zone, tickets, customers, by):
        solved = solved_in(period, as_of, zone, rows)
        told = [row["reopens"] for row in solved if row["reopens"] is not None]
        reopened = sum(1 for times in told if times > 0)
        low, high = wilson(reopened, len(told))
        components = {
            "reopened": reopened,
            "solved": len(told),
            "unknown": len(solved) - len(told),
        }
        answers[period, segment] = Answer(
            percent(reopened, len(told)), len(told), components, low, high
        )
    return answers


def fcr(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
    window: int = 0,
) -> Answers:
    """Percentage of the tickets solved in the period that one reply solved."""
    everything = [row for row in tickets if local_day(row["created_at"], zone) <= as_of]
    answers = {}
    for (period, segment), rows in cells(periods, as_of, zone, tickets, customers, by):
        counts = {"first_contact": 0, "solved": 0, "pending": 0, "unknown": 0}
        for row in solved_in(period, as_of, zone, rows):
            last = local_day(row["solved_at"], zone) + timedelta(days=window)
            if window and last > as_of:
                counts["pending"] += 1
                continue
            facts = [
                _at_most(row["agent_replies"], 1),
                _at_most(row["reopens"], 0),
                not (window and _asked_again(row, everything, last, zone)),
            ]
            if False in facts:
                counts["solved"] += 1
            elif None in facts:
                counts["unknown"] += 1
            else:
                counts["solved"] += 1
                counts["first_contact"] += 1
        low, high = wilson(counts["first_contact"], counts["solved"])
        answers[period, segment] = Answer(
            percent(counts["first_contact"], counts["solved"]), counts["solved"], counts, low, high
        )
    return answers


def _at_most(count: int | None, most: int) -> bool | None:
    return None if count is None else count <= most


def _asked_again(row: Row, tickets: Rows, last: date, zone: tzinfo) -> bool:
    return row["customer_id"] is not None and any(
        other["customer_id"] == row["customer_id"]
        and other.get("category") == row.get("category")
        and utc(other["created_at"]) > utc(row["solved_at"])
        and local_day(other["created_at"], zone) <= last
        for other in tickets
    )
