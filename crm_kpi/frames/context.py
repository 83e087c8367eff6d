"""What frames are built from: the tables, the timeline, and the engine; each frame once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Concatenate, ParamSpec

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.backend import Backend
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.frames.timeline import Timeline
from crm_kpi.periods import Calendar

_Options = ParamSpec("_Options")


@dataclass
class FrameContext:
    """The tables, the timeline and the engine of a run, and the frames that are built of them.

    parent_slice: the context of which this one looks at a part, and the conditions that make the
        part; for frames that are a selection of its frames. None where its tables are others.
    """

    tables: SegmentedTables
    timeline: Timeline
    backend: Backend
    parent_slice: tuple[FrameContext, Sequence[nw.Expr]] | None = None
    _built: dict[Hashable, nw.LazyFrame] = field(default_factory=dict, init=False)
    _building: list[Hashable] = field(default_factory=list, init=False)
    _shared: set[Hashable] = field(default_factory=set, init=False)
    """The frames of which others are made."""

    @property
    def by(self) -> tuple[str, ...]:
        """The segment columns, the same names on every table and frame."""
        return self.tables.by

    def has(self, table: str, *columns: str) -> bool:
        """Whether there is such a table, and it has these columns."""
        there = self.tables.columns
        return table in there and there[table].issuperset(columns)

    def frame(
        self,
        build: Callable[Concatenate[FrameContext, _Options], nw.LazyFrame],
        *args: _Options.args,
        **options: _Options.kwargs,
    ) -> nw.LazyFrame:
        """The frame that a function of `crm_kpi.frames` builds, with these options, once."""
        key = (build, tuple(sorted(options.items())))
        if self._building:
            self._shared.add(key)
        if key not in self._built:
            self._building.append(key)
            self._built[key] = self.backend.builder(build)(self, *args, **options)
            self._building.pop()
        return self._built[key]

    def release(
        self, build: Callable[..., nw.LazyFrame], options: Sequence[tuple[str, Hashable]]
    ) -> None:
        """Nobody asks for the frame itself again: it goes, unless others are made of it."""
        key = (build, tuple(options))
        if key not in self._shared:
            self._built.pop(key, None)

    def for_segment(self, values: Mapping[str, str | None]) -> FrameContext:
        """The context of one segment, by segment columns and their values; it is not split."""
        conditions = {name: _is(name, value) for name, value in values.items()}
        # Where a customer's rows are in several segments, a part of their orders is no selection.
        has_parts = bool(self.tables.own_segment_columns("transactions"))
        return FrameContext(
            self.tables.with_rows(_RowsOfSegment(self, conditions)),
            self.timeline,
            self.backend,
            None if has_parts else (self, list(conditions.values())),
        )

    def for_calendar(self, calendar: Calendar) -> FrameContext:
        """The same rows in other periods of the same time."""
        timeline = replace(self.timeline, calendar=calendar)
        return FrameContext(self.tables, timeline, self.backend, (self, ()))


def _is(name: str, value: str | None) -> nw.Expr:
    column = nw.col(name)
    return column.is_null() if value is None else column == value


class _RowsOfSegment(Mapping[str, "nw.LazyFrame"]):
    """The rows of one segment, table by table, picked out when they are first asked for."""

    def __init__(self, context: FrameContext, conditions: Mapping[str, nw.Expr]) -> None:
        self._context, self._conditions = context, conditions
        self._tables: dict[str, nw.LazyFrame] = {}

    def __getitem__(self, table: str) -> nw.LazyFrame:
        if table not in self._tables:
            tables = self._context.tables
            lacking = tables.lacking.get(table, ())
            rows = tables.filtered[table]
            mine = [each for name, each in self._conditions.items() if name not in lacking]
            if mine:
                rows = self._context.backend.materialize(rows.filter(*mine))
            self._tables[table] = rows
        return self._tables[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._context.tables.filtered)

    def __len__(self) -> int:
        return len(self._context.tables.filtered)


def rows_in_periods(context: FrameContext, *, table: str, at: str) -> nw.LazyFrame:
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
    return context.tables.filtered[table].join(days, left_on=at, right_on="day", how="inner")
