"""How long customers wait: for the first reply, for the solution, within the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from fractions import Fraction

from .business import Week, elapsed, midnight
from .common import (
    Answer,
    Answers,
    Number,
    Row,
    Rows,
    Segment,
    grid,
    inside,
    local_day,
    mean,
    median_interval,
    percent,
    quantile,
    segments_of,
    wilson,
)
from .periods import DAY, Period

Event = datetime | None


def happened(moment: Event, zone: tzinfo, before: date) -> bool:
    """Whether there is a moment, on a day before that one."""
    return moment is not None and local_day(moment, zone) < before


def cells(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows,
    by: Sequence[str],
) -> Iterator[tuple[tuple[Period, Segment], list[Row]]]:
    """Each period and segment with all the tickets of that segment that were ever created."""
    rows = [row for row in tickets if local_day(row["created_at"], zone) <= as_of]
    segments = segments_of(rows, customers, by, as_of)
    for period in periods:
        for segment in grid(segments):
            mine = [row for row, own in zip(rows, segments, strict=True) if inside(own, segment)]
            yield (period, segment), mine


def created_in(period: Period, as_of: date, zone: tzinfo, rows: Rows) -> list[Row]:
    return [row for row in rows if period.has(local_day(row["created_at"], zone), as_of)]


def solved_in(period: Period, as_of: date, zone: tzinfo, rows: Rows) -> list[Row]:
    return [
        row
        for row in rows
        if row["solved_at"] is not None and period.has(local_day(row["solved_at"], zone), as_of)
    ]


def _median(times: Sequence[Fraction], more: Mapping[str, Number | None]) -> Answer:
    low, high = median_interval(times)
    return Answer(
        quantile(times, Fraction(1, 2)),
        len(times),
        {"mean": mean(times), "p90": quantile(times, Fraction(9, 10)), **more},
        low,
        high,
    )


def first_response_time(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
    week: Week | None = None,
) -> Answers:
    """Median hours from creation to the first reply, over tickets created in the period.

    n counts the answered tickets. A reply after `as_of` has not happened yet.
    """
    answers = {}
    for (period, segment), rows in cells(periods, as_of, zone, tickets, customers, by):
        created = created_in(period, as_of, zone, rows)
        answered = [row for row in created if happened(row["first_reply_at"], zone, as_of + DAY)]
        waits = [elapsed(row["created_at"], row["first_reply_at"], week) for row in answered]
        answers[period, segment] = _median(waits, {"unanswered": len(created) - len(answered)})
    return answers


def resolution_time(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
    week: Week | None = None,
) -> Answers:
    """Median hours from creation to the last solution, over tickets solved in the period."""
    answers = {}
    for (period, segment), rows in cells(periods, as_of, zone, tickets, customers, by):
        until = period.boundary(as_of)
        solved = solved_in(period, as_of, zone, rows)
        first = [
            elapsed(row["created_at"], row["first_solved_at"], week)
            for row in solved
            if row.get("first_solved_at") is not None
        ]
        still_open = [
            row
            for row in rows
            if local_day(row["created_at"], zone) < until
            and not happened(row["solved_at"], zone, until)
        ]
        lives = []
        for row in created_in(period, as_of, zone, rows):
            ended = happened(row["solved_at"], zone, until)
            end = row["solved_at"] if ended else midnight(until, zone)
            lives.append((elapsed(row["created_at"], end, week), ended))
        answers[period, segment] = _median(
            [elapsed(row["created_at"], row["solved_at"], week) for row in solved],
            {
                "first_solved": quantile(first, Fraction(1, 2)),
                "open": len(still_open),
                "km_median": survival_median(lives),
            },
        )
    return answers


def survival_median(lives: Sequence[tuple[Fraction, bool]]) -> Fraction | None:
    """The first time at which the Kaplan-Meier curve is at one half or below."""
    survival = Fraction(1)
    for time in sorted({time for time, ended in lives if ended}):
        at_risk = sum(1 for other, _ in lives if other >= time)
        deaths = sum(1 for other, ended in lives if ended and other == time)
        survival *= 1 - Fraction(deaths, at_risk)
        if survival <= Fraction(1, 2):
            return time
    return None


def sla_attainment(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
    week: Week | None = None,
    targets: Mapping[str, int],
    clock: str = "solved_at",
) -> Answers:
    """Percentage of tickets created in the period that were done within `targets`, in hours.

    By priority in small letters; `*` is every other one. Judged as of the end of `as_of`.
    """
    now = midnight(as_of + DAY, zone)
    answers = {}
    for (period, segment), rows in cells(periods, as_of, zone, tickets, customers, by):
        counts = dict.fromkeys(("met", "breached", "open", "no_target"), 0)
        for row in created_in(period, as_of, zone, rows):
            target = targets.get((row["priority"] or "").lower(), targets.get("*"))
            done = happened(row[clock], zone, as_of + DAY)
            took = elapsed(row["created_at"], row[clock] if done else now, week)
            if target is None:
                counts["no_target"] += 1
            elif took > target:
                counts["breached"] += 1
            else:
                counts["met" if done else "open"] += 1
        n = counts["met"] + counts["breached"]
        low, high = wilson(counts["met"], n)
        answers[period, segment] = Answer(percent(counts["met"], n), n, counts, low, high)
    return answers
