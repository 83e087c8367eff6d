"""Leads, their conversion, and who got in touch with them."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from fractions import Fraction
from typing import Any

from .common import (
    Answer,
    Answers,
    Row,
    Rows,
    Segment,
    from_first_row,
    grid,
    inside,
    percent,
    quantile,
    segments_of,
    utc,
    wilson,
)
from .periods import Period
from .sales import Moments, cells, days, known


def plus_months(day: date, count: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _conversion(row: Row, day: Moments, as_of: date) -> date | None:
    when = day(row, "converted_at")
    if when is None:
        return as_of if row.get("converted") else None
    return when if when <= as_of else None


def leads(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    leads: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Leads created in the period."""
    day = days(zone)
    rows = known(leads, "created_at", day, as_of)
    answers: Answers = {}
    for period, segment, own in cells(periods, rows, segments_of(rows, customers, by, as_of)):
        new = [row for row in own if period.has(day(row, "created_at") or as_of, as_of)]
        done = sum(_conversion(row, day, as_of) is not None for row in new)
        answers[period, segment] = Answer(
            len(new) or None, len(new), {"converted": done if new else None}
        )
    return from_first_row(answers, as_of, (day(row, "created_at") for row in rows))


def lead_conversion_rate(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    leads: Rows,
    customers: Rows = (),
    *,
    basis: str = "cohort",
    window_days: int | None = None,
    window_months: int | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """100 x converted / created, of leads created in the period."""
    day = days(zone)
    rows = known(leads, "created_at", day, as_of)
    waits = [
        Fraction((became - born).days)
        for row in rows
        if (born := day(row, "created_at")) and (became := day(row, "converted_at"))
        if became <= as_of
    ]
    ages = basis == "cohort" and window_days is None and window_months is None
    slow = quantile(waits, Fraction(9, 10)) if ages else None
    answers: Answers = {}
    for period, segment, own in cells(periods, rows, segments_of(rows, customers, by, as_of)):
        created = converted = pending = untold = young = 0
        for row in own:
            born, became = day(row, "created_at"), _conversion(row, day, as_of)
            assert born
            if basis == "period" and became is not None and period.has(became, as_of):
                converted += 1
            if not period.has(born, as_of):
                continue
            created += 1
            if basis == "period":
                continue
            is_young = slow is not None and (as_of - born).days < slow
            young += is_young
            last = None
            if window_days is not None:
                last = born + timedelta(days=window_days)
            if window_months is not None:
                last = plus_months(born, window_months)
            if became is None:
                # A window ends with its last day, and is open on it.
                pending += is_young or (last is not None and last > as_of)
            elif last is None or became <= last:
                converted += 1
            else:
                untold += day(row, "converted_at") is None
        value = None if untold else percent(converted, created)
        sure = basis == "cohort" and (ages or not pending) and value is not None
        sure = sure and 10 * young <= created
        low, high = wilson(converted, created) if sure else (None, None)
        components = {"leads": created, "converted": converted, "pending": pending}
        if ages:
            components["slow_days"] = slow if created and slow else None
        answers[period, segment] = Answer(value, created, components, low, high)
    return answers


def _segments(
    rows: Rows, leads: Rows, customers: Rows, by: Sequence[str], as_of: date
) -> list[Segment]:
    """By the interaction's own column, else its lead's, else, of no known lead, its customer's."""
    of_lead = {
        row["lead_id"]: segment
        for row, segment in zip(leads, segments_of(leads, customers, by, as_of), strict=True)
    }
    found: list[Segment] = []
    columns = [c for c in by if c in rows[0] or c in customers[0]]
    for row, own in zip(rows, segments_of(rows, customers, columns, as_of), strict=True):
        mine = dict(zip(columns, own, strict=True))
        lead = dict(zip(by, of_lead.get(row["lead_id"], ()), strict=False))
        found.append(tuple((mine if c in row else lead or mine).get(c) for c in by))
    return found


def touches_per_lead(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    interactions: Rows,
    leads: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Interactions of the period with a lead that has a row / such leads."""
    day = days(zone)
    every = known(interactions, "occurred_at", day, as_of)
    rows = [row for row in every if row["lead_id"]]
    nobodys = [row for row in every if not row["lead_id"]]
    created = known(leads, "created_at", day, as_of)
    with_row = {row["lead_id"] for row in created}
    nobodys_homes = _segments(nobodys, created, customers, by, as_of)
    segments = _segments(rows, created, customers, by, as_of)
    first: dict[str, tuple[Any, list[Segment]]] = {}
    for row, segment in zip(rows, segments, strict=True):
        moment = utc(row["occurred_at"])
        when, there = first.get(row["lead_id"], (moment, []))
        if moment == when:
            there.append(segment)
        elif moment < when:
            there = [segment]
        first[row["lead_id"]] = min(when, moment), there
    # Of several first interactions the smallest value, column by column; blanks do not count.
    homes: dict[str, Segment] = {
        lead: tuple(
            min((s[i] for s in there if s[i] is not None), default=None)  # type: ignore[type-var]
            for i in range(len(by))
        )
        for lead, (_, there) in first.items()
    }
    lead_homes: list[Segment] = []
    for row, own in zip(created, segments_of(created, customers, by, as_of), strict=True):
        home: Segment = homes.get(row["lead_id"], (None,) * len(by))
        # Only what a column of the interactions says depends on there having been one.
        places = zip(by, home, own, strict=True)
        lead_homes.append(tuple(h if c in interactions[0] else o for c, h, o in places))
    answers: Answers = {}
    for period in periods:
        for segment in grid([*homes.values(), *lead_homes, *nobodys_homes]):
            counts: dict[str, int] = {}
            for row in rows:
                lead, when = row["lead_id"], day(row, "occurred_at")
                if when and period.has(when, as_of) and inside(homes[lead], segment):
                    counts[lead] = counts.get(lead, 0) + 1
            new = [
                row
                for row, home in zip(created, lead_homes, strict=True)
                if inside(home, segment) and period.has(day(row, "created_at") or as_of, as_of)
            ]
            reached = sum(row["lead_id"] in homes for row in new)
            strangers = sum(lead not in with_row for lead in counts)
            counts = {lead: count for lead, count in counts.items() if lead in with_row}
            touches = sum(counts.values())
            without = sum(
                inside(home, segment) and period.has(day(row, "occurred_at") or as_of, as_of)
                for row, home in zip(nobodys, nobodys_homes, strict=True)
            )
            answers[period, segment] = Answer(
                Fraction(touches, len(counts)) if counts else None,
                len(counts),
                {
                    "interactions": touches,
                    "touched": len(counts),
                    "leads": len(new) or None,
                    "reached": reached if new else None,
                    "share": percent(reached, len(new)),
                    "without_lead": without,
                    "leads_without_row": strangers,
                },
            )
    return answers


def interactions_count(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    interactions: Rows,
    leads: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Interactions of the period."""
    day = days(zone)
    rows = known(interactions, "occurred_at", day, as_of)
    created = known(leads, "created_at", day, as_of)
    answers: Answers = {}
    segments = _segments(rows, created, customers, by, as_of)
    for period, segment, own in cells(periods, rows, segments):
        here = [row for row in own if period.has(day(row, "occurred_at") or as_of, as_of)]
        named = [row["customer_id"] for row in here if row["customer_id"]]
        leads_named = sum(bool(row["lead_id"]) for row in here)
        answers[period, segment] = Answer(
            len(here) or None,
            len(here),
            {
                "with_lead": leads_named,
                "without_lead": len(here) - leads_named,
                "with_customer": len(named),
                "without_customer": len(here) - len(named),
                "per_customer": Fraction(len(named), len(set(named))) if named else None,
            },
        )
    return from_first_row(answers, as_of, (day(row, "occurred_at") for row in rows))
