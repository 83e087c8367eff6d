"""A table of its own shape on a terminal: cohorts as a triangle, parts of a whole with bars."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from crm_kpi.messages import text
from crm_kpi.render import cells, triangle
from crm_kpi.render.barred import DRAWN, NARROWEST_BAR, with_bars
from crm_kpi.render.blocks import no_rows, rule, wrapped
from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.grid import (
    GAP,
    INDENT,
    NARROWEST,
    grid,
    indented,
    line_width,
    row_widths,
    shrink,
)
from crm_kpi.render.screen import Line, Screen, cell_width
from crm_kpi.render.speak import Speaker

_FIRST_OUT: Mapping[str, Sequence[str]] = {"forecast": ("start", "end", "high_80", "low_80")}
"""Analysis: the columns that go first where there is no room, as others say nearly the same."""


def table_block(
    name: str,
    records: Sequence[Mapping[str, Any]],
    screen: Screen,
    speaker: Speaker,
    *,
    verbose: bool,
) -> Iterator[Line]:
    """The lines of a table, under a heading.

    Where it is too wide texts are cut, then whole columns are left out from the right, which is
    said; a number is never cut.

    verbose: every row and column of it as they are, instead of a figure.
    """
    yield rule(cells.table_name(name, speaker), screen.width)
    if verbose:
        columns, rows = cells.table_rows(records, speaker, name)
        rows = shrink(columns, rows, _texts(columns), screen.width - len(INDENT))
        yield from indented(grid(columns, rows) if rows else [no_rows(speaker)])
    elif name == "cohorts" and triangle.fits(records):
        yield from triangle.triangle(records, screen, speaker, INDENT)
    else:
        yield from fitted_records(name, records, screen.width - len(INDENT), speaker)


def fitted_records(
    name: str, records: Sequence[Mapping[str, Any]], room: int, speaker: Speaker
) -> Iterator[Line]:
    """The records of a table in so much room, and what of it had to be left out."""
    drawn = DRAWN.get(name)
    every = drawn.every if drawn and len(records) > 2 * drawn.every else 1
    shown = records[every - 1 :: every]
    columns, rows = cells.table_rows(shown, speaker, name)
    columns = [c for c in columns if any(record.get(c.key) is not None for record in shown)]
    bars = len(GAP) + NARROWEST_BAR if drawn else 0
    kept = {columns[0].key, drawn.column if drawn else ""} if columns else set()
    fitting, rows = _narrowed(columns, rows, room - bars, kept, _FIRST_OUT.get(name, ()))
    if drawn:
        left = room - line_width(fitting, row_widths(fitting, rows)) - len(GAP)
        wide, barred = with_bars(drawn, shown, fitting, rows, left)
        yield from indented(grid(wide, barred) if rows else [no_rows(speaker)])
    else:
        yield from indented(grid(fitting, rows) if rows else [no_rows(speaker)])
    left_out = [column.title for column in columns if column not in fitting]
    said = [text("render.columns_left_out", columns=", ".join(left_out))] if left_out else []
    said += [text("render.some_rows", count=len(records))] if every > 1 else []
    for sentence in said:
        yield from indented([(part, "dim")] for part in wrapped(speaker.say(sentence), room))


def _narrowed(
    columns: list[TableColumn],
    rows: list[ReportRow],
    room: int,
    kept: Collection[str],
    first_out: Sequence[str],
) -> tuple[list[TableColumn], list[ReportRow]]:
    """The columns there is room for, and the rows with their texts cut to it; the last columns go
    first, after those that are `first_out`; those that are `kept` stay."""
    some, sizes = list(columns), row_widths(columns, rows)
    least = {
        column.key: sizes[column.key]
        if column.right
        else max(min(sizes[column.key], NARROWEST), cell_width(column.title))
        for column in columns
    }
    others = [column for column in some if column.key not in kept]
    by_key = {column.key: column for column in others}
    last = [by_key[key] for key in reversed(first_out) if key in by_key]
    others = [*(column for column in others if column not in last), *last]
    while others and line_width(some, least) > room:
        some.remove(others.pop())
    return some, shrink(some, rows, _texts(some), room)


def _texts(columns: Sequence[TableColumn]) -> list[TableColumn]:
    return [column for column in columns if not column.right]
