"""Deals: won and lost, how fast, and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction

from .common import (
    Answer,
    Answers,
    Row,
    Rows,
    from_first_row,
    mean,
    median_interval,
    percent,
    quantile,
    segments_of,
    utc,
    wilson,
)
from .periods import Period
from .sales import Moments, cells, days, known

HALF, NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)


def _closed(own: Rows, period: Period, day: Moments, as_of: date, outcome: str) -> list[Row]:
    return [
        row
        for row in own
        if row["outcome"] == outcome and (when := day(row, "closed_at")) and period.has(when, as_of)
    ]


def _amounts(rows: Rows) -> list[Decimal]:
    return [row["amount"] for row in rows if row["amount"] is not None]


def win_rate(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    deals: Rows,
    customers: Rows = (),
    *,
    of: str = "count",
    by: Sequence[str] = (),
) -> Answers:
    """100 x won / (won + lost), of deals closed in the period."""
    day = days(zone)
    rows = known(deals, "created_at", day, as_of)
    answers: Answers = {}
    for period, segment, own in cells(periods, rows, segments_of(rows, customers, by, as_of)):
        won, lost = (_closed(own, period, day, as_of, o) for o in ("won", "lost"))
        n = len(won) + len(lost)
        value = percent(len(won), n)
        low, high = wilson(len(won), n)
        paid, missed = (Fraction(sum(_amounts(found))) for found in (won, lost))
        if of == "amount":
            low = high = None
            refused = any(not row["amount"] for row in lost)
            refused |= any(row["amount"] is None for row in won)
            value = None if refused else percent(paid, paid + missed)
        answers[period, segment] = Answer(
            value,
            n,
            {
                "won": len(won),
                "lost": len(lost),
                "won_amount": paid if _amounts(won) else None,
                "lost_amount": missed if _amounts(lost) else None,
            },
            low,
            high,
        )
    return answers


def _cycles(won: Rows) -> list[Fraction]:
    return [
        Fraction((utc(row["closed_at"]) - utc(row["created_at"])) // timedelta(seconds=1), 86_400)
        for row in won
        if row["created_at"] is not None
    ]


def sales_cycle(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    deals: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Median days from creation to winning, of deals won in the period."""
    day = days(zone)
    rows = known(deals, "created_at", day, as_of)
    answers: Answers = {}
    for period, segment, own in cells(periods, rows, segments_of(rows, customers, by, as_of)):
        won = _closed(own, period, day, as_of, "won")
        cycles = _cycles(won)
        low, high = median_interval(cycles)
        answers[period, segment] = Answer(
            quantile(cycles, HALF),
            len(cycles),
            {"mean": mean(cycles), "p90": quantile(cycles, NINE_TENTHS), "won": len(won)},
            low,
            high,
        )
    return answers


def is_open(row: Row, instant: date, day: Moments, as_of: date) -> bool:
    """Created before the instant, and open or closed no earlier than it."""
    created, closed = day(row, "created_at"), day(row, "closed_at")
    if row["outcome"] in ("won", "lost"):
        return created is not None and closed is not None and created < instant <= closed
    # Of an open deal without a date of creation nothing is known but that it is open today.
    return (as_of if created is None else created) < instant


def pipeline_value(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    deals: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Sum of the amounts of the deals open at the period's end."""
    day = days(zone)
    rows = known(deals, "created_at", day, as_of)
    answers: Answers = {}
    for period, segment, own in cells(periods, rows, segments_of(rows, customers, by, as_of)):
        end = period.boundary(as_of)
        found = [row for row in own if is_open(row, end, day, as_of)]
        dated = [row for row in found if row["expected_close"] is not None]
        late = [row for row in dated if row["expected_close"] < end]
        priced = _amounts(found)
        answers[period, segment] = Answer(
            Fraction(sum(priced)) if priced else None,
            len(found),
            {
                "deals": len(found),
                "overdue": Fraction(sum(_amounts(late))) if dated else None,
                "unpriced": len(found) - len(priced),
            },
        )
    return from_first_row(answers, as_of, (day(row, "created_at") for row in rows))


def stages_of(deals: Rows, changes: Rows) -> dict[str, list[Row]]:
    """The stage changes of each deal in order; of those at one moment, by name."""
    found: dict[str, list[Row]] = {row["opportunity_id"]: [] for row in deals}
    for change in sorted(changes, key=lambda row: (utc(row["entered_at"]), row["stage"])):
        found.get(change["opportunity_id"], []).append(change)
    return found


def stage_at(row: Row, steps: Rows, instant: date, day: Moments) -> str | None:
    stage: str | None = steps[0]["stage"] if steps else row["stage"]
    for step in steps:
        entered = day(step, "entered_at")
        if entered and entered < instant:
            stage = step["stage"]
    return stage


def learned_odds(
    deals: Rows, stages: dict[str, list[Row]], instant: date, day: Moments
) -> dict[str, tuple[int, int]]:
    """Per stage (won, closed) of the deals closed before the instant that had been in it."""
    odds: dict[str, tuple[int, int]] = {}
    for row in deals:
        closed = day(row, "closed_at")
        if row["outcome"] not in ("won", "lost") or closed is None or closed >= instant:
            continue
        steps = stages[row["opportunity_id"]]
        visited = {s["stage"] for s in steps if (day(s, "entered_at") or instant) < instant}
        if not steps and row["stage"] is not None:
            visited = {row["stage"]}
        for stage in visited:
            won, all_ = odds.get(stage, (0, 0))
            odds[stage] = won + (row["outcome"] == "won"), all_ + 1
    return odds


def weighted_pipeline(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    deals: Rows,
    changes: Rows = (),
    customers: Rows = (),
    *,
    learned: bool = False,
    by: Sequence[str] = (),
) -> Answers:
    """Sum of amount x probability of the deals open at the period's end."""
    day = days(zone)
    rows = known(deals, "created_at", day, as_of)
    stages = stages_of(rows, known(changes, "entered_at", day, as_of))
    written = [Fraction(str(r["probability"])) for r in rows if r.get("probability") is not None]
    top = 100 if any(p > 1 for p in written) else 1
    answers: Answers = {}
    for period, segment, own in cells(periods, rows, segments_of(rows, customers, by, as_of)):
        end = period.boundary(as_of)
        odds = learned_odds(rows, stages, end, day)
        value, weighted = Fraction(0), 0
        found = [row for row in own if is_open(row, end, day, as_of)]
        for row in found:
            chance: Fraction | None = None
            if learned:
                stage = stage_at(row, stages[row["opportunity_id"]], end, day)
                if stage in odds:
                    chance = Fraction(*odds[stage])
            elif row["probability"] is not None:
                chance = Fraction(str(row["probability"])) / top
            if chance is not None and 0 <= chance <= 1 and row["amount"] is not None:
                value += Fraction(row["amount"]) * chance
                weighted += 1
        dated = [row for row in found if row.get("expected_close") is not None]
        late = [row for row in dated if row["expected_close"] < end]
        since = 0
        if not (learned and changes):
            since = sum(
                row["outcome"] in ("won", "lost") and (day(row, "closed_at") or end) <= as_of
                for row in found
            )
        answers[period, segment] = Answer(
            value if weighted else None,
            len(found),
            {
                "deals": len(found),
                "amount": Fraction(sum(_amounts(found))),
                "unweighted": len(found) - weighted,
                "closed_since": since,
                "overdue": Fraction(sum(_amounts(late))) if dated else None,
            },
        )
    return from_first_row(answers, as_of, (day(row, "created_at") for row in rows))


def sales_velocity(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    deals: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Open deals x average won amount x win rate / median cycle."""
    day = days(zone)
    rows = known(deals, "created_at", day, as_of)
    answers: Answers = {}
    for period, segment, own in cells(periods, rows, segments_of(rows, customers, by, as_of)):
        won, lost = (_closed(own, period, day, as_of, o) for o in ("won", "lost"))
        ready = sum(is_open(row, period.boundary(as_of), day, as_of) for row in own)
        amount, cycle = mean([Fraction(a) for a in _amounts(won)]), quantile(_cycles(won), HALF)
        rate = percent(len(won), len(won) + len(lost))
        value = None
        if amount is not None and cycle and rate is not None:
            value = ready * amount * (rate / 100) / cycle
        answers[period, segment] = Answer(
            value,
            len(won) + len(lost),
            {
                "deals": ready,
                "average_won_amount": amount,
                "win_rate": rate,
                "sales_cycle": cycle,
                "won": len(won),
                "lost": len(lost),
            },
        )
    return answers
