"""What frames are built from: the tables, the calendar, and the engine's few verbs."""

from __future__ import annotations

import importlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from crm_kpi.periods import DAY, Calendar


class Adapter(Protocol):
    """The few things that narwhals cannot say for every engine alike."""

    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """The same frame, computed now, because several queries read it."""

    def table(self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any]) -> nw.LazyFrame:
        """A small frame from Python values."""

    def collect(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        """The rows of small frames, all computed together."""

    def seconds(self, start: nw.Expr, end: nw.Expr) -> nw.Expr:
        """Whole seconds from one instant to another."""


@dataclass
class Context:
    """Frames ask for tables, other frames and day tables here, and get each once.

    tables: typed tables by name, with the segment columns beside.
    bare: the same tables, whose rows may lack the segment columns that they have through their
        customer: for frames that have fewer rows than the table, and look them up then.
    customers: customer_id and segment columns, one row per customer.
    whole: the tables with all rows, also those that `--where` leaves out.
    marked: all rows with the segment columns, and `kept`: whether `--where` keeps the row. For
        what is judged by other rows, which may be among those that are left out. Rejected rows
        stand here too, as `crm_kpi.tables.rejected(table)`, where there are any.
    columns: which canonical columns each table really has.
    unique: columns that are known to name one row, as (table, column).
    by: the segment columns, the same names on every table.
    own: which of them a table has itself, and not from the customer or lead that a row names.
    known: the first day after `as_of`.
    timezone: the reporting time zone, an IANA name.
    """

    adapter: Adapter
    tables: Mapping[str, nw.LazyFrame]
    bare: Mapping[str, nw.LazyFrame]
    customers: nw.LazyFrame | None
    whole: Mapping[str, nw.LazyFrame]
    marked: Mapping[str, nw.LazyFrame]
    columns: Mapping[str, frozenset[str]]
    unique: frozenset[tuple[str, str]]
    by: tuple[str, ...]
    own: Mapping[str, frozenset[str]]
    calendar: Calendar
    known: date
    first_day: date
    timezone: str
    _built: dict[Hashable, nw.LazyFrame] = field(default_factory=dict)

    def has(self, table: str, *columns: str) -> bool:
        return table in self.columns and self.columns[table].issuperset(columns)

    def frame(self, name: str, **options: Hashable) -> nw.LazyFrame:
        key = (name, tuple(sorted(options.items())))
        if key not in self._built:
            module = importlib.import_module(f"crm_kpi.frames.{name}")
            self._built[key] = module.build(self, **options)
        return self._built[key]

    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        return self.adapter.keep(frame)

    def own_by(self, table: str) -> list[str]:
        """The segment columns that stand in the rows of `bare`."""
        return [name for name in self.by if name in self.own.get(table, ())]

    def with_theirs(self, frame: nw.LazyFrame, table: str) -> nw.LazyFrame:
        """The frame with the other segment columns, those that its customers have."""
        theirs = [name for name in self.by if name not in self.own.get(table, ())]
        if not theirs:
            return frame
        if self.customers is None:
            return frame.with_columns(nw.lit(None, nw.String).alias(name) for name in theirs)
        found = self.customers.select("customer_id", *theirs)
        return frame.join(found, on="customer_id", how="left")

    def seconds(self, start: nw.Expr, end: nw.Expr) -> nw.Expr:
        return self.adapter.seconds(start, end)

    def instant(self, day: date) -> datetime:
        """When that day begins in the reporting time zone, as a TIME column holds it."""
        begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone))
        return begins.astimezone(UTC).replace(tzinfo=None)

    @property
    def periods(self) -> nw.LazyFrame:
        """One row per period: period, start, until."""
        return self._once("periods", self._periods)

    @property
    def days(self) -> nw.LazyFrame:
        """One row per day and period that holds it: day, period, start, until."""
        return self._once("days", lambda: self._days(before=False))

    @property
    def days_before(self) -> nw.LazyFrame:
        """The same for the period before each period: day, period, start, until."""
        return self._once("days_before", lambda: self._days(before=True))

    @property
    def instants(self) -> nw.LazyFrame:
        """Every day since the first with the next instant at which levels are compared.

        Instants are month starts and the bounds of the periods. Periods that
        overlap are laid into different layers, each with instants of its own:
        layer, day, instant, period (null outside the layer's periods).
        """
        return self._once("instants", self._instants)

    def _once(self, name: str, make: Any) -> nw.LazyFrame:
        if name not in self._built:
            self._built[name] = make()
        return self._built[name]

    def _periods(self) -> nw.LazyFrame:
        periods = [(i, p) for i, p in enumerate(self.calendar.periods) if p.begun]
        return self.adapter.table(
            {
                "period": [i for i, _ in periods],
                "start": [p.start for _, p in periods],
                "until": [p.until for _, p in periods],
            },
            {"period": nw.Int32, "start": nw.Date, "until": nw.Date},
        )

    def _days(self, *, before: bool) -> nw.LazyFrame:
        columns: dict[str, list[Any]] = {"day": [], "period": [], "start": [], "until": []}
        for i, period in enumerate(self.calendar.periods):
            first, stop = (period.before, period.start) if before else (period.start, period.until)
            length = max((stop - first).days, 0)
            columns["day"] += [first + timedelta(days=n) for n in range(length)]
            columns["period"] += [i] * length
            columns["start"] += [period.start] * length
            columns["until"] += [period.until] * length
        return self.adapter.table(
            columns, {"day": nw.Date, "period": nw.Int32, "start": nw.Date, "until": nw.Date}
        )

    def _instants(self) -> nw.LazyFrame:
        columns: dict[str, list[Any]] = {"layer": [], "day": [], "instant": [], "period": []}
        for number, layer in enumerate(self._layers()):
            bounds = {self.calendar.periods[i].start for i in layer}
            bounds |= {self.calendar.periods[i].until for i in layer}
            inside = {
                self.calendar.periods[i].start + timedelta(days=n): i
                for i in layer
                for n in range(
                    (self.calendar.periods[i].until - self.calendar.periods[i].start).days
                )
            }
            instant = self.known
            day = self.known - DAY
            while day >= self.first_day:
                columns["layer"].append(number)
                columns["day"].append(day)
                columns["instant"].append(instant)
                columns["period"].append(inside.get(day))
                if day.day == 1 or day in bounds:
                    instant = day
                day -= DAY
        return self.adapter.table(
            columns, {"layer": nw.Int32, "day": nw.Date, "instant": nw.Date, "period": nw.Int32}
        )

    def _layers(self) -> list[list[int]]:
        """Period indexes, laid so that no two in a layer overlap."""
        layers: list[list[int]] = []
        ends: list[date] = []
        for i, period in sorted(enumerate(self.calendar.periods), key=lambda item: item[1].start):
            if not period.begun:
                continue
            for number, end in enumerate(ends):
                if end <= period.start:
                    layers[number].append(i)
                    ends[number] = period.until
                    break
            else:
                layers.append([i])
                ends.append(period.until)
        return layers
