"""Recurring revenue beyond MRR: its pace, who pays it, how it holds and grows."""

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
)
from .mrr import instants, level, monthly, mrr, paid_span
from .periods import DAY, Period
from .spending import total

UPSOLD = ("upsell", "cross_sell")


class Accounts:
    """The subscriptions of each customer; a customer is where the first paid one was."""

    def __init__(self, as_of: date, rows: Rows, customers: Rows, by: Sequence[str]) -> None:
        rows = known(rows, "start_date", as_of)
        self.rows: dict[str, list[Row]] = {}
        first: dict[str, list[tuple[date, Segment]]] = {}
        for row, segment in zip(rows, segments_of(rows, customers, by, as_of), strict=True):
            start, end = paid_span(row)
            if monthly(row) > 0 and (end is None or end > start):
                self.rows.setdefault(row["customer_id"], []).append(row)
                first.setdefault(row["customer_id"], []).append((start, segment))
        self.place = {
            customer: min((s for day, s in found if day == min(found, key=_day)[0]), key=none_last)
            for customer, found in first.items()
        }

    def inside(self, segment: Segment) -> list[list[Row]]:
        return [rows for c, rows in self.rows.items() if inside(self.place[c], segment)]


def _day(found: tuple[date, Segment]) -> date:
    return found[0]


def arr(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    return {
        key: Answer(None if a.value is None else 12 * a.value, a.n, {"mrr": a.value or 0})
        for key, a in mrr(periods, as_of, subscriptions, customers, by=by).items()
    }


def arpa(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    accounts = Accounts(as_of, subscriptions, customers, by)
    answers = {}
    for period in periods:
        for segment in grid(accounts.place.values()):
            levels = [level(rows, period.boundary(as_of)) for rows in accounts.inside(segment)]
            paying = [found for found in levels if found > 0]
            whole = sum(paying, Fraction(0))
            answers[period, segment] = Answer(
                whole / len(paying) if paying else None,
                len(paying),
                {"mrr": whole, "customers": len(paying)},
            )
    return answers


def year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


def year_before(boundary: date) -> date:
    """The boundary such that the days before it are those that, a year later, are before this."""
    day = boundary - timedelta(days=370)
    while year_later(day) < boundary:
        day += DAY
    return day


def retention(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    net: bool,
    window: str = "12 months",
    final: bool = False,
    by: Sequence[str] = (),
) -> Answers:
    """Of what the customers of the start paid, what they pay at the end; gross: no more than then.

    final   who paid nothing at some month start in between does not count as back
    """
    accounts = Accounts(as_of, subscriptions, customers, by)
    answers = {}
    for period in periods:
        end = period.boundary(as_of)
        start = period.start if window == "period" else year_before(end)
        months = [day for day in _days(start + DAY, end) if day.day == 1]
        for segment in grid(accounts.place.values()):
            pairs = []
            for rows in accounts.inside(segment):
                was, now = level(rows, start), level(rows, end)
                if was > 0:
                    gone = final and any(level(rows, month) == 0 for month in months)
                    pairs.append((was, Fraction(0) if gone else now))
            before = sum((was for was, _ in pairs), Fraction(0))
            after = sum((now if net else min(was, now) for was, now in pairs), Fraction(0))
            answers[period, segment] = Answer(
                percent(after, before),
                len(pairs),
                {
                    "mrr_start": before,
                    "expansion": sum((now - was for was, now in pairs if now > was), Fraction(0)),
                    "contraction": sum(
                        (was - now for was, now in pairs if 0 < now < was), Fraction(0)
                    ),
                    "churned": sum((was for was, now in pairs if now == 0), Fraction(0)),
                },
            )
    return answers


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days)]


def quick_ratio(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    accounts = Accounts(as_of, subscriptions, customers, by)
    answers = {}
    for (period, segment), found in mrr(periods, as_of, subscriptions, customers, by=by).items():
        moved = {name: Fraction(v or 0) for name, v in found.components.items()}
        del moved["mrr_start"]
        movements = 0
        for rows in accounts.inside(segment):
            levels = [level(rows, instant) for instant in instants(period, as_of)]
            movements += sum(1 for i in range(1, len(levels)) if levels[i] != levels[i - 1])
        lost = moved["contraction"] + moved["churned"]
        won = moved["new"] + moved["reactivated"] + moved["expansion"]
        answers[period, segment] = Answer(won / lost if lost else None, movements, moved)
    return answers


def expansion_rate(
    periods: Sequence[Period],
    as_of: date,
    subscriptions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """What the customers of the start pay more at the end, of what they paid."""
    found = retention(periods, as_of, subscriptions, customers, net=True, window="period", by=by)
    answers = {}
    for key, kept in found.items():
        start, added = (Fraction(kept.components[n] or 0) for n in ("mrr_start", "expansion"))
        components = {"mrr_start": start, "expansion": added}
        answers[key] = Answer(percent(added, start), kept.n, components)
    return answers


def upselling_rate(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Expansion as the share of upsell and cross-sell income, net of its refunds, in revenue."""
    rows = known(transactions, "date", as_of)
    segments = segments_of(rows, customers, by, as_of)
    orders: dict[str, set[str]] = {}
    for row in rows:
        if row["amount"] > 0 and row.get("transaction_id"):
            kind = row["kind"] if row["kind"] in UPSOLD else ""
            orders.setdefault(row["transaction_id"], set()).add(kind)
    told = any(row["kind"] in UPSOLD for row in rows)
    answers = {}
    for period in periods:
        for segment in grid(segments):
            here = [
                row
                for row, own in zip(rows, segments, strict=True)
                if inside(own, segment) and period.has(row["date"], as_of)
            ]
            sums = dict.fromkeys((*UPSOLD, "unassigned"), Fraction(0))
            for row in here:
                kinds = orders.get(row.get("transaction_id") or "", set())
                if row["kind"] in UPSOLD:
                    sums[row["kind"]] += Fraction(row["amount"])
                elif row["amount"] < 0 and kinds - {""}:
                    of = "unassigned" if "" in kinds else max(kinds)
                    sums[of] += Fraction(row["amount"])
            revenue = total([row["amount"] for row in here])
            income = sums["upsell"] + sums["cross_sell"]
            answers[period, segment] = Answer(
                percent(income, revenue) if revenue > 0 and told else None,
                len(here),
                {"revenue": revenue, **sums},
            )
    return answers
