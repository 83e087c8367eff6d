"""What frames are built from: the tables, the calendar, and the engine's few verbs."""

from __future__ import annotations

import importlib
from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
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

    def keep_parts(
        self, part: Callable[[date, date], nw.LazyFrame], bounds: Sequence[date]
    ) -> nw.LazyFrame:
        """The rows of `part`, which has those of the days from one date to another, between the
        first of these bounds and the last. The same as keep, where memory is no matter."""

    def table(self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any]) -> nw.LazyFrame:
        """A small frame from Python values."""

    def text(self, column: str) -> nw.Expr:
        """A column as text: an engine may hold ids as codes."""

    def collect(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        """The rows of small frames."""

    def beside(
        self, frame: nw.LazyFrame, by: str, order: str, columns: Mapping[str, tuple[str, int]]
    ) -> nw.LazyFrame:
        """The rows with what stands so many rows before (after, if negative) among those with
        the same `by`, in the order of `order`; name: (column, rows)."""

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
    bounds: all days on which a period, or the one before it, begins or ends, in order. They cut
        time into slots: 0 lies before the first, and so on. Each period is some slots in a row.
    within: the context of which this one looks at a part, and the conditions that make the part;
        for frames that are a selection of its frames. None where its tables are others.
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
    bounds: tuple[date, ...]
    known: date
    first_day: date
    timezone: str
    within: tuple[Context, Sequence[nw.Expr]] | None = None
    _built: dict[Hashable, nw.LazyFrame] = field(default_factory=dict)
    _building: list[Hashable] = field(default_factory=list)
    _shared: set[Hashable] = field(default_factory=set)
    """The frames of which others are made."""

    def has(self, table: str, *columns: str) -> bool:
        return table in self.columns and self.columns[table].issuperset(columns)

    def frame(self, name: str, **options: Hashable) -> nw.LazyFrame:
        key = (name, tuple(sorted(options.items())))
        if self._building:
            self._shared.add(key)
        if key not in self._built:
            module = importlib.import_module(f"crm_kpi.frames.{name}")
            self._building.append(key)
            self._built[key] = module.build(self, **options)
            self._building.pop()
        return self._built[key]

    def release(self, name: str, options: Sequence[tuple[str, Hashable]]) -> None:
        """Nobody asks for the frame itself again: it goes, unless others are made of it."""
        key = (name, tuple(options))
        if key not in self._shared:
            self._built.pop(key, None)

    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        return self.adapter.keep(frame)

    def beside(self, frame: nw.LazyFrame, **columns: tuple[str, int]) -> nw.LazyFrame:
        """The rows with a value of the customer's row so many days of theirs before (after, if
        negative), in the order of `day`; name=(column, rows)."""
        return self.adapter.beside(frame, "customer_id", "day", columns)

    def own_by(self, table: str) -> list[str]:
        """The segment columns that stand in the rows of `bare`."""
        return [name for name in self.by if name in self.own.get(table, ())]

    def their_by(self, table: str) -> list[str]:
        """The others, which its customers have."""
        return [name for name in self.by if name not in self.own.get(table, ())]

    def with_theirs(self, frame: nw.LazyFrame, table: str) -> nw.LazyFrame:
        """The frame with the other segment columns, those that its customers have."""
        theirs = self.their_by(table)
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
        return self._once("days", self._days)

    def slot(self, day: date) -> int:
        """The slot that a day lies in; a bound begins one."""
        return bisect_right(self.bounds, day)

    @property
    def slots(self) -> nw.LazyFrame:
        """One row per day that is known: day, slot."""
        return self._once("slots", self._slots)

    @property
    def slots_of_periods(self) -> nw.LazyFrame:
        """One row per slot and period that it is in: slot, period."""
        return self._once(
            "slots_of_periods", lambda: self._table(self._slots_from("start", "until"))
        )

    @property
    def slots_before(self) -> nw.LazyFrame:
        """The same for the period before each period."""
        return self._once("slots_before", lambda: self._table(self._slots_from("before", "start")))

    @property
    def periods_are_slots(self) -> bool:
        """Whether no period has more than one slot."""
        return self._single("start", "until")

    @property
    def slots_before_are_single(self) -> bool:
        """Whether the period before each period has no more than one."""
        return self._single("before", "start")

    def _single(self, first: str, stop: str) -> bool:
        periods = self._slots_from(first, stop)["period"]
        return len(set(periods)) == len(periods)

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

    def _slots(self) -> nw.LazyFrame:
        count = (self.known - self.first_day).days
        days = [self.first_day + timedelta(days=n) for n in range(count)]
        return self._table({"day": days, "slot": list(map(self.slot, days))})

    def _slots_from(self, first: str, stop: str) -> dict[str, list[int]]:
        columns: dict[str, list[int]] = {"slot": [], "period": []}
        for i, period in enumerate(self.calendar.periods):
            slots = range(self.slot(getattr(period, first)), self.slot(getattr(period, stop)))
            columns["slot"] += slots
            columns["period"] += [i] * len(slots)
        return columns

    def _table(self, columns: Mapping[str, Sequence[Any]]) -> nw.LazyFrame:
        types = {"day": nw.Date, "slot": nw.Int32, "period": nw.Int32}
        return self.adapter.table(columns, {name: types[name] for name in columns})

    def _days(self) -> nw.LazyFrame:
        columns: dict[str, list[Any]] = {"day": [], "period": [], "start": [], "until": []}
        for i, period in enumerate(self.calendar.periods):
            length = max((period.until - period.start).days, 0)
            columns["day"] += [period.start + timedelta(days=n) for n in range(length)]
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
