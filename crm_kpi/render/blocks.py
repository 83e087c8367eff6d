"""Terminal blocks: a heading and aligned rows that fit the width.

Too wide a block loses the components first, then the progress bar, the ends of
long segment names, the progress, and then as much of `_DROPPED` as it must.
Numbers are never cut. A note that finds no room beside its row stands beneath.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.benchmark_line import benchmark_lines
from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.grid import (
    GAP,
    INDENT,
    Widths,
    body,
    header,
    indented,
    line_width,
    row_widths,
    shrink,
)
from crm_kpi.render.outline import About, distinct
from crm_kpi.render.screen import Line, cell_width
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import inert, visible
from crm_kpi.results import Number, Result, Skipped

_BAR = 10
_GLUE = "\u00a0"
_DROPPED = ("interval", "n", "change")


def rule(title: str, width: int) -> Line:
    line = "─" * max(0, width - cell_width(title) - 4)
    return [("── ", "dim"), (title, "bold"), (f" {line}", "dim")]


def no_rows(speaker: Speaker) -> Line:
    return [(speaker.say(text("general.no_rows")), "dim")]


def metric_block(
    results: Sequence[Result], about: About, width: int, speaker: Speaker, *, verbose: bool
) -> Iterator[Line]:
    segments = cells.segment_columns(results, speaker)
    rows = [cells.result_row(result, about, segments, speaker) for result in results]
    room = width - len(INDENT)
    yield from _heading(results, about, room, speaker)
    columns, rows = _fitted(segments, rows, room, speaker)
    sizes = row_widths(columns, rows)
    yield from indented([header(columns, sizes)])
    for row in rows:
        yield from indented(_row(columns, row, sizes, room, speaker, verbose=verbose))


def skipped_block(skipped: Sequence[Skipped], width: int, speaker: Speaker) -> Iterator[Line]:
    yield rule(speaker.say(text("render.not_computed")), width)
    size = max(len(skip.metric) for skip in skipped)
    for skip in skipped:
        reason = wrapped(visible(speaker.say(skip.reason)), width - len(INDENT) - size - len(GAP))
        for metric, part in zip([skip.metric, *[""] * len(reason)], reason, strict=False):
            yield [(f"{INDENT}{metric:<{size}}{GAP}", ""), (part, "dim")]


def _heading(
    results: Sequence[Result], about: About, room: int, speaker: Speaker
) -> Iterator[Line]:
    first = results[0]
    unit = cells.unit_name(first.unit, speaker)
    yield [(speaker.say(about.title), "bold"), (f"{GAP}{first.metric} · {unit}", "dim")]
    definitions = distinct(cells.definition(result.definition, speaker) for result in results)
    others = benchmark_lines(results, speaker)
    for paragraph in (*speaker.say(about.formula).splitlines(), *definitions, *others):
        for line in wrapped(paragraph, room):
            yield [(INDENT + line, "dim")]


def _row(
    columns: Sequence[TableColumn],
    row: ReportRow,
    sizes: Widths,
    room: int,
    speaker: Speaker,
    *,
    verbose: bool,
) -> Iterator[Line]:
    """A row, and beneath it what has no room beside it."""
    shown = [column.key for column in columns]
    beneath = _left_out(shown, row, speaker) if verbose else []
    if row.empty:
        # The reason takes the place of the numbers that are not there.
        columns = columns[: shown.index("value") + 1]
    line = body(columns, row, sizes)
    if row.empty or "note" not in shown:
        note = row.cells["note"]
        if line_width(columns, sizes) + len(GAP) + cell_width(note) <= room:
            line.append((GAP + note, "dim"))
        else:
            beneath.insert(0, note)
    yield line
    for paragraph in beneath:
        for part in wrapped(paragraph, room - 2 * len(INDENT)):
            yield [(INDENT * 2 + part, "dim")]


def _left_out(shown: Sequence[str], row: ReportRow, speaker: Speaker) -> list[str]:
    values = [
        f"{speaker.say(column.title)} {row.cells[column.key]}"
        for column in cells.VALUES
        if column.key not in shown and row.cells[column.key]
    ]
    components = "" if "components" in shown else row.cells["components"]
    return distinct([" · ".join(values), components])


def _fitted(
    segments: list[TableColumn], rows: list[ReportRow], room: int, speaker: Speaker
) -> tuple[list[TableColumn], list[ReportRow]]:
    """The columns there is room for, and the rows with their texts cut to it."""
    valued = [row for row in rows if not row.empty]
    if not valued:
        few = [cells.PERIOD, *segments, cells.VALUES[0], cells.NOTE]
        return cells.with_titles(few, speaker), rows
    wanted = [cells.PERIOD, *segments, *cells.VALUES, cells.NOTE, cells.COMPONENTS]
    columns = cells.with_titles(cells.filled(wanted, valued), speaker)
    barred = [_with_bar(row) for row in rows]
    if _fits(columns, barred, room):
        return columns, barred
    columns = [column for column in columns if column.key != cells.COMPONENTS.key]
    for candidate in (barred, rows, shrink(columns, rows, segments, room)):
        if _fits(columns, candidate, room):
            return columns, candidate
    columns = [column for column in columns if column.key != "progress"]
    shrunk = shrink(columns, rows, segments, room)
    if _fits(columns, shrunk, room):
        return columns, shrunk
    columns = [column for column in columns if column.key != cells.NOTE.key]
    for dropped in (None, *_DROPPED):
        columns = [column for column in columns if column.key != dropped]
        shrunk = shrink(columns, rows, segments, room)
        if _fits(columns, shrunk, room):
            break
    return columns, shrunk


def _fits(columns: Sequence[TableColumn], rows: Sequence[ReportRow], room: int) -> bool:
    return line_width(columns, row_widths(columns, rows)) <= room


def _with_bar(row: ReportRow) -> ReportRow:
    if row.progress is None:
        return row
    text = f"{_bar(row.progress)} {row.cells['progress']:>7}"
    return replace(row, cells={**row.cells, "progress": text})


def _bar(progress: Number) -> str:
    """Ten cells; full only at the goal, and never fuller."""
    done = min(_BAR, max(0, int(progress * _BAR // 100)))
    return "━" * done + "─" * (_BAR - done)


def wrapped(text: str, room: int) -> list[str]:
    """Lines of a text; a name and its number (`orders 3 · gross 5`) stay together."""
    items = text.split(" · ")
    glued = (item.replace(" ", _GLUE) if len(item) <= room // 2 else item for item in items)
    lines = textwrap.wrap(
        " · ".join(glued), max(room, 20), break_long_words=False, break_on_hyphens=False
    )
    return [inert(line.replace(_GLUE, " ")) for line in lines]
