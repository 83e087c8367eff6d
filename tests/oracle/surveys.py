"""What customers answer: NPS, CSAT, CES."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from fractions import Fraction

from .common import (
    Answer,
    Answers,
    Row,
    Rows,
    Segment,
    grid,
    inside,
    local_day,
    mean,
    percent,
    segments_of,
    utc,
    wilson,
)
from .periods import Period

Scores = dict[tuple[Period, Segment], list[int]]


def _answers(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    surveys: Rows,
    customers: Rows,
    survey: str,
    per: str,
    by: Sequence[str],
) -> Scores:
    """The scores of each period and segment; a blank score is no answer."""
    assert per in ("response", "customer", "nobody"), per
    mine = [
        row
        for row in surveys
        if row.get("survey", survey) == survey
        and row["score"] is not None
        and local_day(row["answered_at"], zone) <= as_of
    ]
    segments = segments_of(mine, customers, by, as_of)
    scores: Scores = {}
    for period in periods:
        given = [
            (row, segment)
            for row, segment in zip(mine, segments, strict=True)
            if period.has(local_day(row["answered_at"], zone), as_of)
        ]
        if per == "customer":
            given = _latest(given)
        if per == "nobody":
            given = [(row, segment) for row, segment in given if row.get("customer_id") is None]
        for wanted in grid(segments):
            scores[period, wanted] = [row["score"] for row, own in given if inside(own, wanted)]
    return scores


def _latest(given: Sequence[tuple[Row, Segment]]) -> list[tuple[Row, Segment]]:
    """Each known customer's last answer; of two at one instant the later row."""
    last: dict[str, tuple[Row, Segment]] = {}
    for row, segment in given:
        customer = row.get("customer_id")
        if customer is None:
            continue
        if customer not in last or _when(row) >= _when(last[customer][0]):
            last[customer] = (row, segment)
    return list(last.values())


def _when(row: Row) -> datetime:
    return utc(row["answered_at"])


def nps(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    surveys: Rows,
    customers: Rows = (),
    *,
    per: str = "response",
    by: Sequence[str] = (),
) -> Answers:
    """Percentage of promoters (9-10) less percentage of detractors (0-6)."""
    answers = {}
    nobodys = _answers(periods, as_of, zone, surveys, customers, "nps", "nobody", by)
    for key, scores in _answers(periods, as_of, zone, surveys, customers, "nps", per, by).items():
        n = len(scores)
        promoters = sum(1 for score in scores if score >= 9)
        detractors = sum(1 for score in scores if score <= 6)
        value = percent(promoters - detractors, n)
        low = high = None
        more = {"anonymous": len(nobodys[key])} if per == "customer" else {}
        if value is not None:
            p, d = promoters / n, detractors / n
            half = 1.96 * 100 * math.sqrt((p + d - (p - d) ** 2) / n)
            low, high = float(value) - half, float(value) + half
        answers[key] = Answer(
            value,
            n,
            {
                "promoters": promoters,
                "passives": n - promoters - detractors,
                "detractors": detractors,
                **more,
            },
            low,
            high,
        )
    return answers


def csat(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    surveys: Rows,
    customers: Rows = (),
    *,
    satisfied: int = 4,
    by: Sequence[str] = (),
) -> Answers:
    """Percentage of answers at or above `satisfied`."""
    answers = {}
    for key, scores in _answers(
        periods, as_of, zone, surveys, customers, "csat", "response", by
    ).items():
        happy = sum(1 for score in scores if score >= satisfied)
        low, high = wilson(happy, len(scores))
        answers[key] = Answer(
            percent(happy, len(scores)),
            len(scores),
            {"satisfied": happy, "mean": mean(scores)},
            low,
            high,
        )
    return answers


def ces(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    surveys: Rows,
    customers: Rows = (),
    *,
    method: str = "mean",
    high_is_easy: bool = True,
    by: Sequence[str] = (),
) -> Answers:
    """Mean of 1-7 where 7 is very easy, or the percentage of 5-7."""
    assert method in ("mean", "share"), method
    answers = {}
    for key, raw in _answers(
        periods, as_of, zone, surveys, customers, "ces", "response", by
    ).items():
        scores = raw if high_is_easy else [8 - score for score in raw]
        easy = sum(1 for score in scores if score >= 5)
        value: Fraction | None = mean(scores)
        low: float | None = None
        high: float | None = None
        if method == "share":
            value = percent(easy, len(scores))
            low, high = wilson(easy, len(scores))
        answers[key] = Answer(
            value, len(scores), {"satisfied": easy, "mean": mean(scores)}, low, high
        )
    return answers


def response_rate(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    surveys: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Percentage of the surveys sent in the period that have a score."""
    rows = [
        row
        for row in surveys
        if row["answered_at"] is None or local_day(row["answered_at"], zone) <= as_of
    ]
    segments = segments_of(rows, customers, by, as_of)
    answers = {}
    for period in periods:
        for segment in grid(segments):
            sent = [
                row
                for row, own in zip(rows, segments, strict=True)
                if inside(own, segment)
                and row["sent_at"] is not None
                and period.has(local_day(row["sent_at"], zone), as_of)
            ]
            answered = sum(1 for row in sent if row["score"] is not None)
            unsent = sum(
                1
                for row, own in zip(rows, segments, strict=True)
                if inside(own, segment)
                and row["sent_at"] is None
                and row["score"] is not None
                and period.has(local_day(row["answered_at"], zone), as_of)
            )
            low, high = wilson(answered, len(sent))
            components = {"sent": len(sent), "answered": answered, "unsent": unsent}
            answers[period, segment] = Answer(
                percent(answered, len(sent)), len(sent), components, low, high
            )
    return answers
