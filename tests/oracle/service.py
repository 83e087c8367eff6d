"""How long customers wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from fractions import Fraction

from .common import (
    Answer,
    Answers,
    Rows,
    grid,
    inside,
    local_day,
    mean,
    median_interval,
    quantile,
    segments_of,
    utc,
)
from .periods import Period

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def first_response_time(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    tickets: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Median hours from creation to the first reply, over tickets created in the period.

    n counts the answered tickets. A reply after `as_of` has not happened yet.
    """
    rows = [row for row in tickets if local_day(row["created_at"], zone) <= as_of]
    segments = segments_of(rows, customers, by, as_of)
    answers = {}
    for period in periods:
        for segment in grid(segments):
            waits: list[Fraction] = []
            unanswered = 0
            for row, own in zip(rows, segments, strict=True):
                if not inside(own, segment):
                    continue
                if not period.has(local_day(row["created_at"], zone), as_of):
                    continue
                reply = row["first_reply_at"]
                if reply is None or local_day(reply, zone) > as_of:
                    unanswered += 1
                else:
                    wait = utc(reply) - utc(row["created_at"])
                    waits.append(Fraction(wait // MICROSECOND, HOUR // MICROSECOND))
            low, high = median_interval(waits)
            answers[period, segment] = Answer(
                quantile(waits, Fraction(1, 2)),
                len(waits),
                {
                    "mean": mean(waits),
                    "p90": quantile(waits, Fraction(9, 10)),
                    "unanswered": unanswered,
                },
                low,
                high,
            )
    return answers
