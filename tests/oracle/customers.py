"""Customers who stay, leave, join and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from .common import (
    Answer,
    Answers,
    Number,
    Rows,
    Segment,
    from_first_row,
    grid,
    inside,
    known,
    percent,
    segments_of,
    wilson,
)
from .orders import by_customer, homes, purchases
from .periods import Period, before, years

Span = tuple[date, date | None]
"""Signup and churn: a customer on the first of these days, no longer on the second."""

Spans = Mapping[str, Sequence[Span]]


@dataclass(frozen=True)
class Turnover:
    """Who was there before and after one period, and what happened in between."""

    start: set[str]
    end: set[str]
    new: set[str]
    returned: set[str]
    lost: set[str]
    joined_and_left: set[str]
    joined: set[str]
    """First signup ever in the period, whether still there or not."""
    events: int
    undated: set[str] = field(default_factory=set)
    """Signed up by the end, and known to have left, but not when."""
    placed: set[str] = field(default_factory=set)
    """Those of them who can only have left inside."""
    ever: int = 0
    """Customers who signed up by the end, the undated ones too."""

    @property
    def untold(self) -> bool:
        """More than one in a hundred left, and nobody knows when."""
        return 100 * len(self.undated - self.placed) > self.ever

    def components(self) -> dict[str, Number | None]:
        assert len(self.start) - len(self.lost) + len(self.new) + len(self.returned) == len(
            self.end
        )
        return {
            "customers_start": len(self.start),
            "customers_end": len(self.end),
            "customers_new": len(self.new),
            "customers_returned": len(self.returned),
            "customers_lost": len(self.lost),
            "joined_and_left": len(self.joined_and_left),
            "undated": len(self.undated),
        }


def spans_of(customers: Rows, as_of: date) -> dict[str, list[Span]]:
    """The spans of each customer who has not left on an unknown day."""
    spans: dict[str, list[Span]] = {}
    unknown = undated_of(customers, as_of)
    for row in known(customers, "signup_date", as_of):
        if row["customer_id"] not in unknown:
            span = row["signup_date"], row.get("churn_date")
            spans.setdefault(row["customer_id"], []).append(span)
    return spans


def undated_of(customers: Rows, as_of: date) -> dict[str, date]:
    """Who has left without a date, and the day of the first signup."""
    rows = known(customers, "signup_date", as_of)
    left = {r["customer_id"] for r in rows if r.get("churned") and r.get("churn_date") is None}
    return {c: min(r["signup_date"] for r in rows if r["customer_id"] == c) for c in left}


def merged(days: Sequence[date], length: int) -> list[Span]:
    """Purchase days as spans: each lasts `length` days, those that touch are one."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        end = day + timedelta(days=length)
        if spans and day <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((day, end))
    return [(start, end) for start, end in spans]


def active(spans: Sequence[Span], boundary: date) -> bool:
    """The state on the last day before the boundary."""
    return any(
        signup < boundary and (churn is None or churn >= boundary) for signup, churn in spans
    )


def of_spans(
    spans: Spans, period: Period, as_of: date, undated: Mapping[str, date] | None = None
) -> Turnover:
    """`undated`: who has left on an unknown day, and the day of the first signup."""
    end_boundary = period.boundary(as_of)
    start = {c for c in spans if active(spans[c], period.start)}
    end = {c for c in spans if active(spans[c], end_boundary)}
    first = {c: min(signup for signup, _ in spans[c]) for c in spans}
    gone = {c for c, signup in (undated or {}).items() if signup < end_boundary}
    placed = {
        c
        for c, signup in (undated or {}).items()
        if period.has(signup, as_of) and end_boundary > as_of
    }
    began = {c for c in spans if any(period.has(signup, as_of) for signup, _ in spans[c])}
    return Turnover(
        start=start,
        end=end,
        new={c for c in end - start if period.has(first[c], as_of)},
        returned={c for c in end - start if first[c] < period.start},
        lost=start - end,
        joined_and_left=(began - start - end) | placed,
        joined={c for c in spans if period.has(first[c], as_of)} | placed,
        events=len(placed)
        + sum(
            1
            for c in spans
            for _, churn in spans[c]
            if churn is not None and period.has(churn, as_of)
        ),
        undated=gone,
        placed=placed,
        ever=len(gone) + sum(day < end_boundary for day in first.values()),
    )


def of_buyers(days: Mapping[str, Sequence[date]], period: Period, as_of: date) -> Turnover:
    """Bought in the calendar period before, bought in this one."""
    earlier = before(period)
    start = {c for c in days if any(earlier.has(day, as_of) for day in days[c])}
    end = {c for c in days if any(period.has(day, as_of) for day in days[c])}
    new = {c for c in end - start if period.has(min(days[c]), as_of)}
    lost = start - end
    return Turnover(
        start=start,
        end=end,
        new=new,
        returned=end - start - new,
        lost=lost,
        joined_and_left=set(),
        joined=new,
        events=len(lost),
    )


def turnovers(
    periods: Sequence[Period],
    as_of: date,
    customers: Rows,
    transactions: Rows = (),
    *,
    basis: str = "contract",
    window: str = "period",
    order: str | None = None,
    by: Sequence[str] = (),
) -> dict[tuple[Period, Segment], Turnover]:
    """The turnover of each period and segment.

    basis   `contract`  signup and churn dates
            `activity`  purchases, with window `Nd` (one within N days before the
                        instant) or `period` (the period before, this period)
    """
    if basis == "contract":
        rows = known(customers, "signup_date", as_of)
        own = segments_of(rows, rows, by, as_of)
        place = {row["customer_id"]: segment for row, segment in zip(rows, own, strict=True)}
        return of_places(periods, as_of, spans_of(rows, as_of), place, undated_of(rows, as_of))
    assert basis == "activity", basis
    rows = known(transactions, "date", as_of)
    orders = purchases(rows, segments_of(rows, customers, by, as_of), order)
    place = homes(orders)
    days = {c: [o.day for o in own_orders] for c, own_orders in by_customer(orders).items()}
    if window != "period":
        length = int(window.removesuffix("d"))
        spans = {c: merged(days[c], length) for c in days}
        return of_places(periods, as_of, spans, place)
    return {
        (period, segment): of_buyers(
            {c: days[c] for c in days if inside(place[c], segment)}, period, as_of
        )
        for period in periods
        for segment in grid(place.values())
    }


def of_places(
    periods: Sequence[Period],
    as_of: date,
    spans: Spans,
    place: Mapping[str, Segment],
    undated: Mapping[str, date] | None = None,
) -> dict[tuple[Period, Segment], Turnover]:
    return {
        (period, segment): of_spans(
            {c: spans[c] for c in spans if inside(place[c], segment)},
            period,
            as_of,
            {c: day for c, day in (undated or {}).items() if inside(place[c], segment)},
        )
        for period in periods
        for segment in grid(place.values())
    }


def retention_rate(
    periods: Sequence[Period],
    as_of: date,
    customers: Rows,
    transactions: Rows = (),
    *,
    basis: str = "contract",
    window: str = "period",
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """Of those there at the start, the percentage there at the end."""
    answers = {}
    for key, t in turnovers(
        periods, as_of, customers, transactions, basis=basis, window=window, order=order, by=by
    ).items():
        stayed = len(t.start & t.end)
        if t.untold:
            answers[key] = Answer(None, len(t.start), t.components())
            continue
        low, high = wilson(stayed, len(t.start))
        value = percent(stayed, len(t.start))
        if value is not None:
            counted = len(t.end) - len(t.new) - len(t.returned)
            assert value == 100 * Fraction(counted, len(t.start))
        answers[key] = Answer(value, len(t.start), t.components(), low, high)
    return answers


def churn_share(t: Turnover, rule: str) -> Fraction | None:
    """The share that left, by one of the four rules."""
    top, bottom = {
        "set": (len(t.lost), Fraction(len(t.start))),
        "events": (t.events, Fraction(len(t.start))),
        "stripe": (t.events, Fraction(len(t.start) + len(t.joined))),
        "average": (len(t.lost), Fraction(len(t.start) + len(t.end), 2)),
    }[rule]
    return None if bottom == 0 else top / bottom


def annualised(share: Fraction | None, length: Fraction) -> float | None:
    """What would have left after a year at this pace; none for more than everybody."""
    if share is None or share > 1:
        return None
    stayed: float = float(1 - share) ** float(1 / length)
    return 100 * (1 - stayed)


def churn_rate(
    periods: Sequence[Period],
    as_of: date,
    customers: Rows,
    transactions: Rows = (),
    *,
    rule: str = "set",
    basis: str = "contract",
    window: str = "period",
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """The percentage that left; the interval belongs to rule `set`, a true proportion."""
    answers = {}
    for key, t in turnovers(
        periods, as_of, customers, transactions, basis=basis, window=window, order=order, by=by
    ).items():
        period = key[0]
        share = churn_share(t, rule)
        n = {
            "set": len(t.start),
            "events": len(t.start),
            "stripe": len(t.start) + len(t.joined),
            "average": None,
        }[rule]
        low, high = wilson(len(t.lost), len(t.start)) if rule == "set" else (None, None)
        components = t.components()
        components["events"] = t.events
        if t.untold:
            components["annualised"] = None
            answers[key] = Answer(None, n, components)
            continue
        components["annualised"] = annualised(share, years(period.start, period.boundary(as_of)))
        answers[key] = Answer(None if share is None else 100 * share, n, components, low, high)
    return answers


def customers(
    periods: Sequence[Period],
    as_of: date,
    customers: Rows,
    transactions: Rows = (),
    *,
    basis: str = "contract",
    window: str = "period",
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """Customers at the end."""
    answers, untold = {}, set()
    for key, t in turnovers(
        periods, as_of, customers, transactions, basis=basis, window=window, order=order, by=by
    ).items():
        components = t.components()
        components["net"] = len(t.end) - len(t.start)
        answers[key] = Answer(None if t.untold else len(t.end), len(t.end), components)
        untold |= {key} if t.untold else set()
    rows, column = (customers, "signup_date") if basis == "contract" else (transactions, "date")
    counted = from_first_row(answers, as_of, (row[column] for row in rows))
    return counted | {key: answers[key] for key in untold}
