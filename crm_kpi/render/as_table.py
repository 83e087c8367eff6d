"""The table for people: grouped with headings on a terminal, one line a result elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.blocks import metric_block, no_rows, rule, skipped_block, table_block
from crm_kpi.render.grid import grid
from crm_kpi.render.outline import About, by_domain, shows_skipped
from crm_kpi.render.screen import Line, Screen, emit
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Report, Result


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
        blocks = _for_terminal(report, about, screen.width, speaker, verbose=verbose)
    else:
        blocks = _for_pipe(report, about, speaker, verbose=verbose)
    lines: list[Line] = []
    for block in blocks:
        if lines:
            lines.append([])
        lines += block
    emit(lines, stream, colour=screen.colour)


def _for_terminal(
    report: Report, about: Mapping[str, About], width: int, speaker: Speaker, *, verbose: bool
) -> Iterator[Iterable[Line]]:
    for domain, metrics in by_domain(report.results, about).items():
        yield [rule(speaker.say(domain), width)]
        for results in metrics:
            shown = about[results[0].metric]
            yield metric_block(results, shown, width, speaker, verbose=verbose)
    for name, records in report.tables.items():
        yield table_block(name, records, width, speaker)
    if shows_skipped(report, verbose=verbose):
        yield skipped_block(report.skipped, width, speaker)


def _for_pipe(
    report: Report, about: Mapping[str, About], speaker: Speaker, *, verbose: bool
) -> Iterator[Iterable[Line]]:
    """Nothing is cut or wrapped, and every line of a result says what it is about."""
    if report.results:
        yield _lines_of_results(report.results, about, speaker)
    for name, records in report.tables.items():
        if report.results or len(report.tables) > 1:
            yield [[(cells.table_name(name, speaker), "bold")]]
        yield grid(*cells.table_rows(records, speaker)) if records else [no_rows(speaker)]
    if shows_skipped(report, verbose=verbose):
        reasons = (
            text("render.metric_not_computed", metric=skip.metric, reason=skip.reason)
            for skip in report.skipped
        )
        yield [[(visible(speaker.say(reason)), "")] for reason in reasons]


def _lines_of_results(
    results: list[Result], about: Mapping[str, About], speaker: Speaker
) -> Iterator[Line]:
    segments = cells.segment_columns(results, speaker)
    rows = [cells.result_row(r, about[r.metric], segments, speaker) for r in results]
    columns = (cells.METRIC, cells.PERIOD, *segments, *cells.VALUES)
    last = (cells.NOTE, cells.COMPONENTS, cells.DEFINITION)
    yield from grid(cells.said([*columns, *last], speaker), rows)
