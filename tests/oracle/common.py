"""What the domains share: the shape of an answer, segments, intervals, quantiles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from fractions import Fraction
from typing import Any

from .periods import Period

Row = Mapping[str, Any]
Rows = Sequence[Row]
Number = int | float | Fraction

Segment = tuple[str | None, ...]
"""One value per `by` column, None for a blank; empty for the total."""

TOTAL: Segment = ()

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


@dataclass(frozen=True)
class Answer:
    """One metric in one period and segment: exact where arithmetic is, else float."""

    value: Number | None
    n: int | None
    """None where the definitions name no whole number (churn rule `average`)."""
    components: Mapping[str, Number | None] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None


Answers = dict[tuple[Period, Segment], Answer]


def known(rows: Rows, column: str, as_of: date) -> list[Row]:
    """The rows that exist on `as_of`: those dated after it are not read."""
    return [row for row in rows if row[column] <= as_of]


def utc(moment: datetime) -> datetime:
    """On the one clock on which differences are elapsed time, whatever the zone's rules."""
    return moment.astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def customer_values(customers: Rows, column: str) -> dict[str, str | None]:
    """Each customer's value of a column; several rows of one customer must agree."""
    values: dict[str, str | None] = {}
    for row in customers:
        value = row[column]
        assert values.setdefault(row["customer_id"], value) == value, row
    return values


def segments_of(rows: Rows, customers: Rows, by: Sequence[str], as_of: date) -> list[Segment]:
    """The segment of each row: its own column, else its customer's; unknown customer None."""
    customers = known(customers, "signup_date", as_of)
    columns: list[list[str | None]] = []
    for column in by:
        if any(column in row for row in rows):
            columns.append([row[column] for row in rows])
        else:
            values = customer_values(customers, column)
            columns.append([values.get(row["customer_id"]) for row in rows])
    return [tuple(values[i] for values in columns) for i in range(len(rows))]


def grid(segments: Iterable[Segment]) -> list[Segment]:
    """The total, then every segment that occurs."""
    return [TOTAL, *sorted(set(segments) - {TOTAL}, key=none_last)]


def none_last(segment: Segment) -> tuple[tuple[bool, str], ...]:
    """Sort key: smallest first, None after every text."""
    return tuple((value is None, value or "") for value in segment)


def inside(own: Segment, wanted: Segment) -> bool:
    return wanted in (TOTAL, own)


def from_first_row(answers: Answers, as_of: date, days: Iterable[date | None]) -> Answers:
    """A count or a sum is 0 where nothing was there to count, from the first row of its table on;
    before that, it is no number. `days` are those of all rows that are read."""
    first = min((day for day in days if day is not None and day <= as_of), default=None)

    def settled(period: Period, answer: Answer) -> Answer:
        if answer.value or answer.n:
            return answer
        begun = first is not None and period.boundary(as_of) > first
        return replace(answer, value=0 if begun else None)

    return {key: settled(key[0], answer) for key, answer in answers.items()}


def percent(part: Number, whole: Number) -> Fraction | None:
    return None if whole == 0 else 100 * Fraction(part) / Fraction(whole)


def mean(values: Sequence[Number]) -> Fraction | None:
    return sum((Fraction(v) for v in values), Fraction(0)) / len(values) if values else None


def quantile(values: Sequence[Fraction], q: Fraction) -> Fraction | None:
    """Linear interpolation between the order statistics around rank q (n - 1), from 0."""
    if not values:
        return None
    ordered = sorted(values)
    rank = q * (len(ordered) - 1)
    below = math.floor(rank)
    above = math.ceil(rank)
    return ordered[below] + (rank - below) * (ordered[above] - ordered[below])


def wilson(part: int, whole: int) -> tuple[float | None, float | None]:
    """95 % interval of a proportion, in percent."""
    if whole == 0:
        return None, None
    p = part / whole
    z2 = Z * Z
    centre = p + z2 / (2 * whole)
    half = Z * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    scale = 1 + z2 / whole
    return 100 * (centre - half) / scale, 100 * (centre + half) / scale


def median_interval(values: Sequence[Fraction]) -> tuple[float | None, float | None]:
    """95 % interval of a median by order statistics, ranks from 1; none below 6 values."""
    n = len(values)
    if n < 6:
        return None, None
    lower = max(1, math.floor(n / 2 - Z * math.sqrt(n) / 2))
    upper = min(n, math.ceil(n / 2 + 1 + Z * math.sqrt(n) / 2))
    ordered = sorted(values)
    return float(ordered[lower - 1]), float(ordered[upper - 1])
