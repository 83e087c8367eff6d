"""The calendar as frames read it: periods, days, slots and instants, in small tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from crm_kpi.frames._narwhals import nw
from crm_kpi.periods import DAY, Calendar, Period


@dataclass
class Timeline:
    """The calendar of a run, and tables of it that are made once.

    bounds: all days on which a period, or the one before it, begins or ends, in order. They cut
        time into slots: 0 lies before the first, and so on. Each period is some slots in a row.
    first_day: the first on which anything happened.
    first_unknown_day: the day after `as_of`.
    timezone: the reporting time zone, an IANA name.
    moment: until when the last known day is known, as a TIME column holds it; None for its end.
    from_columns: what makes an engine's small frame of Python values and their types.
    """

    calendar: Calendar
    bounds: tuple[date, ...]
    first_day: date
    first_unknown_day: date
    timezone: str
    from_columns: Callable[[Mapping[str, Sequence[Any]], Mapping[str, Any]], nw.LazyFrame]
    moment: datetime | None = None

    @property
    def now(self) -> datetime:
        """The instant up to which is known, as a TIME column holds it."""
        return self.moment or self.instant(self.first_unknown_day)

    @property
    def first_unfinished_day(self) -> date:
        """The first day of which something may still come."""
        return self.first_unknown_day - DAY if self.moment else self.first_unknown_day

    def instant(self, day: date) -> datetime:
        """When that day begins in the reporting time zone, as a TIME column holds it."""
        begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone))
        return begins.astimezone(UTC).replace(tzinfo=None)

    def slot(self, day: date) -> int:
        """The slot that a day lies in; a bound begins one."""
        return bisect_right(self.bounds, day)

    @cached_property
    def periods(self) -> nw.LazyFrame:
        """One row per period that has begun: period, start, until."""
        begun = self._begun
        return self._table(
            period=[i for i, _ in begun],
            start=[period.start for _, period in begun],
            until=[period.until for _, period in begun],
        )

    @cached_property
    def period_ends(self) -> nw.LazyFrame:
        """The instant at which each period ends, as far as it is known: period, until, ends."""
        begun = self._begun
        return self._table(
            period=[i for i, _ in begun],
            until=[period.until for _, period in begun],
            ends=[min(self.instant(period.until), self.now) for _, period in begun],
        )

    @cached_property
    def days(self) -> nw.LazyFrame:
        """One row per day and period that holds it: day, period, start, until."""
        columns: dict[str, list[Any]] = {"day": [], "period": [], "start": [], "until": []}
        for i, period in enumerate(self.calendar.periods):
            length = max((period.until - period.start).days, 0)
            columns["day"] += [period.start + timedelta(days=n) for n in range(length)]
            columns["period"] += [i] * length
            columns["start"] += [period.start] * length
            columns["until"] += [period.until] * length
        return self._table(**columns)

    @cached_property
    def slots(self) -> nw.LazyFrame:
        """One row per day that is known: day, slot."""
        count = (self.first_unknown_day - self.first_day).days
        days = [self.first_day + timedelta(days=n) for n in range(count)]
        return self._table(day=days, slot=list(map(self.slot, days)))

    @cached_property
    def slots_of_periods(self) -> nw.LazyFrame:
        """One row per slot and period that it is in: slot, period."""
        return self._table(**self._slots_from("start", "until"))

    @cached_property
    def slots_before(self) -> nw.LazyFrame:
        """The same for the period before each period."""
        return self._table(**self._slots_from("before", "start"))

    @cached_property
    def slots_to_date(self) -> nw.LazyFrame:
        """One row per period at which something is predicted, and slot up to its end: slot, period,
        until."""
        columns: dict[str, list[Any]] = {"slot": [], "period": [], "until": []}
        for i in self.calendar.predicted:
            period = self.calendar.periods[i]
            slots = range(self.slot(period.until))
            columns["slot"] += slots
            columns["period"] += [i] * len(slots)
            columns["until"] += [period.until] * len(slots)
        return self._table(**columns)

    @cached_property
    def slots_after(self) -> nw.LazyFrame:
        """One row per period, and the slot that begins where it ends: slot, period."""
        begun = self._begun
        return self._table(
            slot=[self.slot(period.until) for _, period in begun], period=[i for i, _ in begun]
        )

    @property
    def periods_are_slots(self) -> bool:
        """Whether no period has more than one slot."""
        return self._single("start", "until")

    @property
    def slots_before_are_single(self) -> bool:
        """Whether the period before each period has no more than one."""
        return self._single("before", "start")

    @cached_property
    def instants(self) -> nw.LazyFrame:
        """Every day since the first with the next instant at which levels are compared.

        Instants are month starts and the bounds of the periods. Periods that
        overlap are laid into different layers, each with instants of its own:
        layer, day, instant, period (null outside the layer's periods).
        """
        columns: dict[str, list[Any]] = {"layer": [], "day": [], "instant": [], "period": []}
        for number, layer in enumerate(self._layers()):
            periods = {i: self.calendar.periods[i] for i in layer}
            bounds = {bound for each in periods.values() for bound in (each.start, each.until)}
            inside = {
                period.start + timedelta(days=n): i
                for i, period in periods.items()
                for n in range((period.until - period.start).days)
            }
            instant = self.first_unknown_day
            day = self.first_unknown_day - DAY
            while day >= self.first_day:
                columns["layer"].append(number)
                columns["day"].append(day)
                columns["instant"].append(instant)
                columns["period"].append(inside.get(day))
                if day.day == 1 or day in bounds:
                    instant = day
                day -= DAY
        return self._table(**columns)

    @property
    def _begun(self) -> list[tuple[int, Period]]:
        return [(i, period) for i, period in enumerate(self.calendar.periods) if period.begun]

    def _single(self, first: str, stop: str) -> bool:
        periods = self._slots_from(first, stop)["period"]
        return len(set(periods)) == len(periods)

    def _slots_from(self, first: str, stop: str) -> dict[str, list[int]]:
        columns: dict[str, list[int]] = {"slot": [], "period": []}
        for i, period in enumerate(self.calendar.periods):
            slots = range(self.slot(getattr(period, first)), self.slot(getattr(period, stop)))
            columns["slot"] += slots
            columns["period"] += [i] * len(slots)
        return columns

    def _table(self, **columns: Sequence[Any]) -> nw.LazyFrame:
        whole, days = ("layer", "period", "slot"), ("day", "instant", "start", "until")
        types: dict[str, Any] = {"ends": nw.Datetime("us")}
        types |= dict.fromkeys(whole, nw.Int32) | dict.fromkeys(days, nw.Date)
        return self.from_columns(columns, {name: types[name] for name in columns})

    def _layers(self) -> list[list[int]]:
        """Period indexes, laid so that no two in a layer overlap."""
        layers: list[list[int]] = []
        ends: list[date] = []
        for i, period in sorted(self._begun, key=lambda item: item[1].start):
            for number, end in enumerate(ends):
                if end <= period.start:
                    layers[number].append(i)
                    ends[number] = period.until
                    break
            else:
                layers.append([i])
                ends.append(period.until)
        return layers


def ordinal(day: nw.Expr) -> nw.Expr:
    """The day's number, counted as `date.toordinal` does.

    Lengths of time are then the same arithmetic of whole numbers on every engine.
    """
    years = day.dt.year().cast(nw.Int64) - 1
    leaps = years // 4 - years // 100 + years // 400
    return years * 365 + leaps + day.dt.ordinal_day().cast(nw.Int64)


def year_parts(day: nw.Expr) -> nw.Expr:
    """The day's number in a year of twelve months of 31 days, as `periods.year_parts` counts it.

    Whole months and years come out whole, and every day counts.
    """
    months = day.dt.year().cast(nw.Int64) * 12 + day.dt.month().cast(nw.Int64)
    return months * 31 + day.dt.day().cast(nw.Int64)
