"""What frames are built from: the tables, the calendar, and the engine's few verbs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Concatenate, ParamSpec, Protocol

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.timeline import Timeline

Options = ParamSpec("Options")


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

    def columns(self, frame: nw.LazyFrame) -> dict[str, Sequence[Any]]:
        """The columns of a frame, which may be long."""

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
    within: the context of which this one looks at a part, and the conditions that make the part;
        for frames that are a selection of its frames. None where its tables are others.
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
    timeline: Timeline
    within: tuple[Context, Sequence[nw.Expr]] | None = None
    _built: dict[Hashable, nw.LazyFrame] = field(default_factory=dict)
    _building: list[Hashable] = field(default_factory=list)
    _shared: set[Hashable] = field(default_factory=set)
    """The frames of which others are made."""

    def has(self, table: str, *columns: str) -> bool:
        return table in self.columns and self.columns[table].issuperset(columns)

    def frame(
        self,
        build: Callable[Concatenate[Context, Options], nw.LazyFrame],
        *args: Options.args,
        **options: Options.kwargs,
    ) -> nw.LazyFrame:
        """The frame that a function of `crm_kpi.frames` builds, with these options, once."""
        key = (build, tuple(sorted(options.items())))
        if self._building:
            self._shared.add(key)
        if key not in self._built:
            self._building.append(key)
            self._built[key] = build(self, *args, **options)
            self._building.pop()
        return self._built[key]

    def release(
        self, build: Callable[..., nw.LazyFrame], options: Sequence[tuple[str, Hashable]]
    ) -> None:
        """Nobody asks for the frame itself again: it goes, unless others are made of it."""
        key = (build, tuple(options))
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


def rows_in_periods(context: Context, *, table: str, at: str) -> nw.LazyFrame:
    """The rows of one table, each in the periods that its date falls into.

    `at` names the column with the day that counts.

    Grain: one row per row of the table and period that holds its day.

    Columns:
        all of the table, and its segment columns
        period   int, index in the calendar
        start    date, the period's first day
        until    date, the first day after it, or after what is known

    Source: the table.
    """
    days = context.timeline.days
    return context.tables[table].join(days, left_on=at, right_on="day", how="inner")
