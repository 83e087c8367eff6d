"""A naive calendar: a period is the run of days that share a label."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from `start` to the day before `end`."""

    label: str
    start: date
    end: date
    every: str
    fiscal_year_start: int = 1

    def boundary(self, as_of: date) -> date:
        """Where the period ends for somebody who knows nothing after `as_of`."""
        assert self.start <= as_of, f"{self.label} lies after {as_of}"
        return min(self.end, as_of + DAY)

    def has(self, day: date, as_of: date) -> bool:
        return self.start <= day < self.boundary(as_of)


def label(day: date, every: str, fiscal_year_start: int = 1) -> str:
    """The name of the period a day belongs to; a fiscal year is named after its first day's."""
    if every == "day":
        return day.isoformat()
    if every == "week":
        iso = day.isocalendar()
        return f"{iso.year}-W{iso.week:02d}"
    if every == "month":
        return f"{day.year}-{day.month:02d}"
    months = day.year * 12 + (day.month - 1) - (fiscal_year_start - 1)
    year, month = divmod(months, 12)
    if every == "quarter":
        return f"{year}-Q{month // 3 + 1}"
    if every == "year":
        return f"{year}"
    raise ValueError(every)


def containing(day: date, every: str, fiscal_year_start: int = 1) -> Period:
    """The whole period around a day."""
    name = label(day, every, fiscal_year_start)
    start = day
    while label(start - DAY, every, fiscal_year_start) == name:
        start -= DAY
    end = day + DAY
    while label(end, every, fiscal_year_start) == name:
        end += DAY
    return Period(name, start, end, every, fiscal_year_start)


def calendar(every: str, first: date, last: date, fiscal_year_start: int = 1) -> list[Period]:
    """Every whole period that has a day from `first` to `last`, both inclusive."""
    if every == "all":
        return [Period("all", first, last + DAY, "all")]
    periods = [containing(first, every, fiscal_year_start)]
    while periods[-1].end <= last:
        periods.append(containing(periods[-1].end, every, fiscal_year_start))
    return periods


def before(period: Period) -> Period:
    """The calendar period that ends where this one starts."""
    return containing(period.start - DAY, period.every, period.fiscal_year_start)


def days_360(start: date, end: date) -> int:
    """Days between two dates when every month has 30 of them."""
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + end.day - start.day


def years(start: date, end: date) -> Fraction:
    """Length in years: whole calendar months are twelfths, else days / 365.25."""
    if start.day == 1 and end.day == 1:
        return Fraction(days_360(start, end), 360)
    return Fraction((end - start).days * 4, 1461)
