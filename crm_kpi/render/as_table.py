"""The table for people: grouped with headings on a terminal, one line a result elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TextIO

from crm_kpi.messages import text
from crm_kpi.render import cells, change_told
from crm_kpi.render.blocks import metric_block, no_rows, rule, skipped_block
from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.drivers_block import drivers_block
from crm_kpi.render.grid import GAP, NARROWEST, body, grid, header, line_width, row_widths
from crm_kpi.render.outline import About, by_domain, shows_skipped
from crm_kpi.render.screen import Line, Screen, cut, emit
from crm_kpi.render.speak import Speaker
from crm_kpi.render.table_block import table_block
from crm_kpi.render.text import visible
from crm_kpi.results import Report, Result

COMPACT = 120
"""Columns of a line off a terminal, as far as no number has to be cut for it."""
_SHORTEST_NOTE = 8
_LEFT_OUT = ("interval", "n")
"""Columns of which -v tells where numbers are so long that there is no room for them."""


def write(
    report: Report,
    stream: TextIO,
    about: Mapping[str, About],
    *,
    verbose: bool = False,
    language: str = "en",
) -> None:
    speaker = Speaker(language)
    screen = Screen.of(stream)
    if screen.terminal:
        blocks = _for_terminal(report, about, screen, speaker, verbose=verbose)
    else:
        blocks = _for_pipe(report, about, speaker, verbose=verbose)
    lines: list[Line] = []
    for block in blocks:
        if lines:
            lines.append([])
        lines += block
    emit(lines, stream, colour=screen.colour)


def _for_terminal(
    report: Report, about: Mapping[str, About], screen: Screen, speaker: Speaker, *, verbose: bool
) -> Iterator[Iterable[Line]]:
    for domain, metrics in by_domain(report.results, about).items():
        yield [rule(speaker.say(domain), screen.width)]
        for results in metrics:
            shown = about[results[0].metric]
            yield metric_block(results, shown, screen.width, speaker, verbose=verbose)
    for name, records in report.tables.items():
        if name == change_told.TABLE and not verbose:
            yield drivers_block(records, report, screen, speaker)
        else:
            yield table_block(name, records, screen, speaker, verbose=verbose)
    if shows_skipped(report, verbose=verbose):
        yield skipped_block(report.skipped, screen.width, speaker)


def _for_pipe(
    report: Report, about: Mapping[str, About], speaker: Speaker, *, verbose: bool
) -> Iterator[Iterable[Line]]:
    """Nothing is wrapped, and every line of a result says what it is about."""
    if report.results:
        yield _lines_of_results(report.results, about, speaker, verbose=verbose)
    for name, records in report.tables.items():
        if report.results or len(report.tables) > 1:
            yield [[(cells.table_name(name, speaker), "bold")]]
        table = cells.table_rows(records, speaker, name)
        yield grid(*table) if records else [no_rows(speaker)]
    if shows_skipped(report, verbose=verbose):
        reasons = (
            text("render.metric_not_computed", metric=skip.metric, reason=skip.reason)
            for skip in report.skipped
        )
        yield [[(visible(speaker.say(reason)), "")] for reason in reasons]


def _lines_of_results(
    results: list[Result], about: Mapping[str, About], speaker: Speaker, *, verbose: bool
) -> Iterator[Line]:
    """A line a result: all that there is of it where it may be as long as it wants, else what fits.

    The reason why there is no value stands in place of the numbers that are not there.
    """
    segments = cells.segment_columns(results, speaker)
    rows = [cells.result_row(r, about[r.metric], segments, speaker, whole=verbose) for r in results]
    values = [column for column in cells.VALUES if verbose or column.key != "progress"]
    segment = [cells.SEGMENT] if segments else []
    columns = cells.with_titles(
        [cells.METRIC, cells.PERIOD, *segment, *values, cells.NOTE], speaker
    )
    if verbose:
        last = cells.with_titles([cells.COMPONENTS, cells.DEFINITION], speaker)
        yield from grid([*columns, *last], rows)
        return
    columns, rows = _fitting(columns, rows)
    sizes = row_widths(columns, rows)
    yield header(columns, sizes)
    until = [column.key for column in columns].index("value") + 1
    for row in rows:
        if row.empty:
            start = body(columns[:until], row, sizes)
            whole = max(COMPACT, line_width(columns, sizes))
            room = whole - line_width(columns[:until], sizes) - len(GAP)
            yield [*start, (GAP + cut(row.cells["note"], max(NARROWEST, room)), "dim")]
        else:
            yield body(columns, row, sizes)


def _fitting(
    columns: list[TableColumn], rows: list[ReportRow]
) -> tuple[list[TableColumn], list[ReportRow]]:
    """Notes are cut until a line fits, then segments; then columns are left out, if they must."""
    for key, least in (("note", _SHORTEST_NOTE), ("segment", NARROWEST)):
        sizes = row_widths(columns, rows)
        if key in sizes and (excess := line_width(columns, sizes) - COMPACT) > 0:
            limit = max(least, sizes[key] - excess)
            rows = [
                row
                if row.empty and key == "note"
                else replace(row, cells={**row.cells, key: cut(row.cells[key], limit)})
                for row in rows
            ]
    for key in _LEFT_OUT:
        if line_width(columns, row_widths(columns, rows)) > COMPACT:
            columns = [column for column in columns if column.key != key]
    return columns, rows
