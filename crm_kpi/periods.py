"""The calendar: half-open periods [start, end), their labels, and what they are compared with.

Everything here is a plain date in the reporting time zone. Nothing reads the
clock: `as_of` is given, and is the last day that can be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from crm_kpi.errors import UsageError
from crm_kpi.messages import text

MAX_PERIODS = 100_000
DAY = timedelta(days=1)
FIRST, LAST = date(1900, 1, 1), date(9998, 12, 31)
"""The days that are known here: what lies a period before or after one is still a date."""


class OutsideCalendar(ValueError):
    """A day that exists, but not here."""


@dataclass(frozen=True)
class KnownUntil:
    """Until when is known: to the end of a day, or to a moment of it on the clock of a zone."""

    day: date
    local: datetime | None = None
    timezone: str = "UTC"

    @property
    def written(self) -> date:
        """As it was given: a date, or a date with a time."""
        return self.local or self.day

    @property
    def moment(self) -> datetime | None:
        """The moment as a TIME column holds it."""
        if self.local is None:
            return None
        zoned = self.local.replace(tzinfo=ZoneInfo(self.timezone))
        return zoned.astimezone(UTC).replace(tzinfo=None)

    @property
    def over(self) -> date:
        """The first day that is not over."""
        return self.day if self.local else self.day + DAY


@dataclass(frozen=True)
class Period:
    """Half-open [start, end); `until` is the end of what is known of it.

    `before` is where the period before it starts (it ends at `start`).
    `partial`: not whole, because `as_of`, `from` or `to` cuts it.
    """

    label: str
    start: date
    end: date
    until: date
    before: date
    partial: bool

    @property
    def years(self) -> Fraction:
        """Its length: whole months are twelfths, anything else is days / 365.25."""
        return years_between(self.start, self.until)

    @property
    def begun(self) -> bool:
        return self.until > self.start


@dataclass(frozen=True)
class Calendar:
    """The periods to answer for, and the ones that these are compared with.

    `periods` holds both; the first `shown` are the answer. `compared[i]` is the
    index of the period that period i is compared with. `rhythm`: that of the regular
    periods; None where all time is one. `row`: the indices of the regular periods one after the
    other, first those before the first that is shown. `predicts_last`: what is predicted is so at
    the last whole period, or the last that has begun where none is whole, and the one before.
    """

    periods: tuple[Period, ...]
    shown: int
    compared: dict[int, int]
    rhythm: Rhythm | None = None
    row: tuple[int, ...] = ()
    predicts_last: bool = False

    @property
    def answer(self) -> tuple[Period, ...]:
        return self.periods[: self.shown]

    @property
    def predicted(self) -> tuple[int, ...]:
        """The indices of the periods at which something is predicted: those that have begun and
        are shown, or compared with those."""
        wanted = {*range(self.shown), *self.compared.values()}
        if self.predicts_last:
            begun = [i for i in self.row if i < self.shown and self.periods[i].begun]
            last = [i for i in begun if not self.periods[i].partial][-1:] or begun[-1:]
            wanted = {*last, *(self.compared[i] for i in last if i in self.compared)}
        return tuple(i for i in sorted(wanted) if self.periods[i].begun)

    @property
    def bounds(self) -> tuple[date, ...]:
        """Every day on which a period, or the one before it, begins or ends."""
        days = {day for p in self.periods for day in (p.before, p.start, p.until)}
        return tuple(sorted(days))


def years_between(start: date, end: date) -> Fraction:
    """Years from start to end; exact twelfths between equal days of the month."""
    if start.day == end.day:
        return Fraction((end.year - start.year) * 12 + end.month - start.month, 12)
    return Fraction((end - start).days * 4, 1461)


YEAR = 12 * 31
"""The parts of a year in which `year_parts` counts."""


def year_parts(day: date) -> int:
    """The day's number in a year of twelve months of 31 days: between equal days of the month lie
    whole twelfths, and every day is a part at least."""
    return (day.year * 12 + day.month) * 31 + day.day


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Rhythm:
    """How time is cut: `every`, the month in which the (fiscal) year begins, and whether weeks
    begin on Sunday."""

    every: str
    fiscal: int = 1
    sunday: bool = False

    def floor(self, day: date) -> date:
        """The first day of the period that holds `day`."""
        if self.every == "day":
            return day
        if self.every == "week":
            return day - timedelta(days=(day.weekday() + self.sunday) % 7)
        months = _MONTHS[self.every]
        return _add_months(day, -((day.month - self.fiscal) % months))

    def next(self, start: date) -> date:
        if self.every in ("day", "week"):
            return start + timedelta(days=7 if self.every == "week" else 1)
        return _add_months(start, _MONTHS[self.every])

    def previous(self, start: date) -> date:
        return self.floor(start - DAY)

    def label(self, start: date) -> str:
        """2024-01-31, 2024-W05, 2024-01, 2024-Q1, 2024; a fiscal year is named after
        the calendar year in which it ends: FY2025, FY2025-Q1. A week from Sunday has the
        number of the ISO week that begins the day after."""
        if self.every == "day":
            return start.isoformat()
        if self.every == "week":
            year, week, _ = (start + self.sunday * DAY).isocalendar()
            return f"{year:04}-W{week:02}"
        if self.every == "month":
            return f"{start.year:04}-{start.month:02}"
        year_start = Rhythm("year", self.fiscal).floor(start)
        year = year_start.year + (self.fiscal > 1)
        name = f"FY{year:04}" if self.fiscal > 1 else f"{year:04}"
        if self.every == "year":
            return name
        quarter = ((start.month - self.fiscal) % 12) // 3 + 1
        return f"{name}-Q{quarter}"


_LABEL = re.compile(
    r"(?P<fy>FY)?(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)


def parse_moment(written: str, fiscal: int = 1, *, sunday: bool = False) -> tuple[date, date]:
    """The half-open range that a date or a period label names, as `Rhythm` cuts time.

    Raises:
        OutsideCalendar: it names days before FIRST or after LAST.
        ValueError: it is neither; its message says what is.
    """
    wrong = ValueError(text("engine.no_moment", written=written))
    match = _LABEL.fullmatch(written.strip())
    if match is None:
        raise wrong
    parts = match.groupdict()
    year = int(parts["year"])
    try:
        if parts["fy"]:
            if parts["week"] or parts["month"]:
                raise wrong
            start = date(year - (fiscal > 1), fiscal, 1)
            rhythm = Rhythm("year", fiscal)
        elif parts["week"]:
            start = date.fromisocalendar(year, int(parts["week"]), 1) - sunday * DAY
            rhythm = Rhythm("week")
        elif parts["day"]:
            start = date(year, int(parts["month"]), int(parts["day"]))
            rhythm = Rhythm("day")
        elif parts["month"]:
            start, rhythm = date(year, int(parts["month"]), 1), Rhythm("month")
        else:
            start, rhythm = date(year, 1, 1), Rhythm("year")
        if parts["quarter"]:
            start, rhythm = _add_months(start, 3 * int(parts["quarter"]) - 3), Rhythm("quarter")
            rhythm = Rhythm("quarter", start.month)
        if not FIRST <= start <= LAST:
            raise OutsideCalendar(
                text("engine.outside_calendar", written=written, first=FIRST.year, last=LAST.year)
            )
        return start, rhythm.next(start)
    except OutsideCalendar:
        raise
    except (ValueError, OverflowError) as error:
        raise wrong from error


@dataclass(frozen=True)
class Range:
    """A custom period; both days are inside it."""

    name: str
    start: date
    end: date


def build(
    every: str,
    *,
    start: date,
    end: date,
    as_of: KnownUntil,
    clipped: tuple[bool, bool] = (False, False),
    last: int | None = None,
    fiscal: int = 1,
    sunday: bool = False,
    custom: Iterable[Range] = (),
    earlier: int = 0,
) -> Calendar:
    """The calendar of a run.

    Args:
        start, end: half-open bounds. A bound that the user set cuts the period
            it falls into (`clipped`); one taken from the data does not.
        last: keep only the last so many periods of the rhythm.
        earlier: how many of those before them are looked at, too, without being shown.

    Raises:
        UsageError: start after end, or more than 100,000 periods.
    """
    if start >= end:
        raise UsageError(
            text("engine.first_after_last", first=start, last=end - DAY),
            hint=text("engine.check_range_and_config"),
        )
    known, over = as_of.day + DAY, as_of.over
    rhythm = None if every == "all" else Rhythm(every, fiscal, sunday)
    before: list[Period] = []
    if rhythm is None:
        main = [Period("all", start, end, min(end, known), start, end > over)]
        compared_ranges: list[Period | None] = [None]
    else:
        most = last if last is None else max(last, min(last + earlier, MAX_PERIODS))
        main = _regular(rhythm, start, end, as_of, clipped, most)
        if last is not None:
            before, main = main[:-last], main[-last:]
        compared_ranges = [_comparable(period, rhythm) for period in main]
    regular = 0 if rhythm is None else len(main)
    for extra in custom:
        stop = extra.end + DAY
        # No row lies before FIRST, so that nothing is left out.
        first = extra.start - min(stop - extra.start, extra.start - FIRST)
        main.append(Period(extra.name, extra.start, stop, min(stop, known), first, stop > over))
        compared_ranges.append(None)
    calendar, places = _with_earlier(_with_comparisons(main, compared_ranges), before)
    return replace(calendar, rhythm=rhythm, row=(*places, *range(regular)))


def _regular(
    rhythm: Rhythm,
    start: date,
    end: date,
    as_of: KnownUntil,
    clipped: tuple[bool, bool],
    last: int | None,
) -> list[Period]:
    periods: list[Period] = []
    known = as_of.day + DAY
    at = rhythm.floor(start)
    if last is not None:
        at = rhythm.floor(end - DAY)
        for _ in range(last - 1):
            if rhythm.previous(at) < rhythm.floor(start):
                break
            at = rhythm.previous(at)
    while at < end:
        stop = rhythm.next(at)
        first = max(at, start) if clipped[0] else at
        after = min(stop, end) if clipped[1] else stop
        partial = after > as_of.over or (first, after) != (at, stop)
        periods.append(
            Period(rhythm.label(at), first, after, min(after, known), rhythm.previous(at), partial)
        )
        if len(periods) > MAX_PERIODS:
            raise UsageError(
                text(
                    "engine.too_many_periods",
                    most=MAX_PERIODS,
                    every=rhythm.every,
                    start=start,
                    end=end,
                ),
                hint=text("engine.choose_longer"),
            )
        at = stop
    return periods


def _comparable(period: Period, rhythm: Rhythm) -> Period | None:
    """The same part of the period before, when it can be known."""
    whole_start = rhythm.floor(period.start)
    try:
        start = rhythm.previous(whole_start)
        before = rhythm.previous(start)
    except OverflowError:
        return None
    first = min(start + (period.start - whole_start), whole_start)
    if period.until >= rhythm.next(whole_start):
        stop = whole_start
    else:
        stop = min(start + (period.until - whole_start), whole_start)
    if stop <= first:
        return None
    whole = (first, stop) == (start, whole_start)
    return Period(rhythm.label(start), first, stop, stop, before, not whole)


def range_before(periods: Sequence[Period], rhythm: Rhythm | None) -> Period | None:
    """As many periods of the rhythm, right before these and as far as these are known; without
    a rhythm as many days. None where they would begin before FIRST."""
    start, until = periods[0].start, periods[-1].until

    def earlier(day: date) -> date:
        if rhythm is None:
            return day - (until - start)
        whole = at = rhythm.floor(day)
        for _ in periods:
            at = rhythm.previous(at)
        return min(at + (day - whole), rhythm.next(at))

    if start - FIRST < until - start:
        return None
    first, stop = earlier(start), min(earlier(until), start)
    return Period("before", first, stop, stop, first, partial=False) if first < stop else None


def _with_comparisons(main: list[Period], wanted: Sequence[Period | None]) -> Calendar:
    index = {(p.start, p.until): i for i, p in enumerate(main) if p.begun}
    every = list(main)
    compared: dict[int, int] = {}
    for i, other in enumerate(wanted):
        if other is None or not main[i].begun:
            continue
        key = (other.start, other.until)
        if key not in index:
            index[key] = len(every)
            every.append(replace(other, end=other.until))
        compared[i] = index[key]
    return Calendar(tuple(every), len(main), compared)


def _with_earlier(calendar: Calendar, before: Iterable[Period]) -> tuple[Calendar, list[int]]:
    """The calendar with these periods, and the index of each."""
    index = {(p.start, p.until): i for i, p in enumerate(calendar.periods)}
    every, places = list(calendar.periods), []
    for period in before:
        places.append(index.get((period.start, period.until), len(every)))
        if places[-1] == len(every):
            every.append(period)
    return replace(calendar, periods=tuple(every)), places
