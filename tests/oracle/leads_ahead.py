"""Expected conversions: every lead on every day of the history, counted one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction

from .common import Answer, Answers, Rows, segments_of
from .periods import Period
from .sales import Moments, cells, days, known

Fate = tuple[date, date | None, bool]
"""When a lead was created and converted, and whether nobody knows when it was."""


def expected_conversions(
    periods: Sequence[Period],
    as_of: date,
    zone: tzinfo,
    leads: Rows,
    customers: Rows,
    transactions: Rows,
    *,
    horizon: int = 90,
    history: int = 90,
    by: Sequence[str] = (),
) -> Answers:
    """The sum over open leads of 1 - S(age + horizon) / S(age)."""
    day = days(zone)
    rows = known(leads, "created_at", day, as_of)
    segments = segments_of(rows, customers, by, as_of)
    answers: Answers = {}
    whole = {period: own for period, _, own in cells(periods, rows, [()] * len(rows))}
    for period, segment, own in cells(periods, rows, segments):
        end = period.boundary(as_of)
        everybody = _fates(whole[period], day, as_of, end)
        seen, turned = _counted(everybody, end, history)
        mine = _fates(own, day, as_of, end)
        still = [born for born, became, vague in mine if _open(became, end) and not vague]
        waiting = [(end - born).days - 1 for born in still]
        begin = end - timedelta(days=history)
        done = sum(
            became is not None and begin <= became < end for _, became, vague in mine if not vague
        )
        undated = sum(vague for *_, vague in mine)
        parts: dict[str, int | Fraction | float | None]
        parts = {"conversions": done, "undated": undated, "expected_revenue": None}
        if sum(turned.values()) < 30:
            answers[period, segment] = Answer(None, len(waiting), parts)
            continue
        chances = [1 - _stays(age, age + horizon, seen, turned) for age in waiting]
        value = sum(chances, Fraction())
        half = 1.959963984540054 * math.sqrt(sum((p * (1 - p) for p in chances), Fraction()))
        worth = _first_purchase(transactions, end)
        parts["expected_revenue"] = None if worth is None else value * worth
        low, high = max(0.0, float(value) - half), min(float(len(waiting)), float(value) + half)
        answers[period, segment] = Answer(value, len(waiting), parts, low, high)
    return answers


def _fates(rows: Rows, day: Moments, as_of: date, end: date) -> list[Fate]:
    fates = []
    for row in rows:
        born, became = day(row, "created_at"), day(row, "converted_at")
        if born is not None and born < end:
            vague = became is None and bool(row["converted"])
            fates.append((born, became if became is None or became <= as_of else None, vague))
    return fates


def _open(became: date | None, end: date) -> bool:
    return became is None or became >= end


def _counted(fates: list[Fate], end: date, history: int) -> tuple[Counter[int], Counter[int]]:
    """Per age the lead-days of the history, and the conversions."""
    seen: Counter[int] = Counter()
    turned: Counter[int] = Counter()
    for at in (end - timedelta(days=back) for back in range(history, 0, -1)):
        for born, became, vague in fates:
            if vague or at < born or (became is not None and became < at):
                continue
            seen[(at - born).days] += 1
            turned[(at - born).days] += became == at
    return seen, turned


def _stays(age: int, until: int, seen: Counter[int], turned: Counter[int]) -> Fraction:
    """S(until) / S(age)."""
    share = Fraction(1)
    for each in range(age + 1, until + 1):
        if turned[each]:
            share *= 1 - Fraction(turned[each], seen[each])
    return share


def _first_purchase(transactions: Rows, end: date) -> Fraction | None:
    """What known customers had bought by the end of the first day on which they bought."""
    days: dict[str, dict[date, Decimal]] = {}
    for row in transactions:
        if row["customer_id"] is not None and row["date"] < end:
            own = days.setdefault(row["customer_id"], {})
            own[row["date"]] = own.get(row["date"], Decimal(0)) + row["amount"]
    bought = [sorted(d for d, amount in own.items() if amount > 0) for own in days.values()]
    first = [own[when[0]] for own, when in zip(days.values(), bought, strict=True) if when]
    return Fraction(sum(first)) / len(first) if first else None
