"""`check` for people: a line for every goal, the worst first, that can be read in a chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from crm_kpi.messages import Message, text
from crm_kpi.render import cells
from crm_kpi.render.blocks import no_rows
from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.grid import body, grid, widths
from crm_kpi.render.outline import About
from crm_kpi.render.screen import Line, Screen, emit
from crm_kpi.render.speak import Speaker
from crm_kpi.render.table_block import table_block
from crm_kpi.render.text import visible
from crm_kpi.results import Rating, Report, Result, Status, UnusualSide

_VERDICTS = {
    Rating.MISSED: text("render.missed"),
    None: text("check.no_data"),
    Rating.WARNING: text("check.near"),
    UnusualSide.CHANGED: text("check.unusual"),
    Rating.MET: text("render.met"),
}
"""In the order in which they are shown."""
_COLUMNS = (
    TableColumn("rating", ""),
    TableColumn("title", ""),
    TableColumn("segment", ""),
    TableColumn("value", "", right=True),
    TableColumn("goal", ""),
    TableColumn("period", ""),
    TableColumn("was", ""),
    TableColumn("note", ""),
)


def write(
    report: Report,
    stream: TextIO,
    about: Mapping[str, About],
    *,
    verbose: bool = False,
    language: str = "en",
) -> None:
    """The verdicts, and below them the rows of the lists that should be shorter."""
    screen, speaker = Screen.of(stream), Speaker(language)
    lines: list[Line] = [*verdicts(report.results, about, speaker)]
    for name, records in report.tables.items():
        lines.append([])
        if screen.terminal:
            lines += table_block(name, records, screen, speaker, verbose=verbose)
        else:
            lines.append([(cells.table_name(name, speaker), "bold")])
            table = cells.table_rows(records, speaker, name)
            lines += grid(*table) if records else [no_rows(speaker)]
    emit(lines, stream, colour=screen.colour)


def verdicts(
    results: Sequence[Result], about: Mapping[str, About], speaker: Speaker
) -> Iterator[Line]:
    order = list(_VERDICTS.values())
    worst_first = sorted(results, key=lambda result: order.index(_verdict(result)))
    rows = [_row(result, about[result.metric], speaker) for result in worst_first]
    columns = cells.filled(_COLUMNS, rows)
    sizes = widths(columns, rows)
    yield from (body(columns, row, sizes) for row in rows)


def plain(line: Line) -> str:
    """A line as it is without colour."""
    return "".join(span for span, _ in line).rstrip()


def _verdict(result: Result) -> Message:
    """How it stands to its goal; without one, that it is unusual."""
    return _VERDICTS[UnusualSide.CHANGED if result.unusual and not result.rating else result.rating]


def _row(result: Result, about: About, speaker: Speaker) -> ReportRow:
    goal = cells.goal(result.target, result.unit, about.higher_is_better, speaker)
    was = "" if result.previous is None else speaker.amount(result.previous, result.unit)
    return ReportRow(
        {
            "rating": speaker.say(_verdict(result)),
            "title": visible(speaker.say(about.title)),
            "segment": cells.segment_words(result.segment, speaker),
            "value": cells.value(result, speaker),
            "goal": speaker.say(text("check.goal", goal=goal)) if goal else "",
            "period": cells.period(result.period, speaker),
            "was": speaker.say(text("check.was", value=was)) if was else "",
            "note": " · ".join(visible(speaker.say(note)) for note in _notes(result, speaker)),
        },
        rating=result.rating,
    )


def _notes(result: Result, speaker: Speaker) -> Iterator[str]:
    if result.n is not None:
        yield text("check.n", n=speaker.count(result.n))
    if result.status is Status.LOW_N:
        yield text("render.low_n")
    if result.rating is not Rating.MET and result.within_error:
        yield text("check.within_error")
    if result.unusual:
        usual = speaker.interval(result.usual_low, result.usual_high, result.unit, cells.NOTHING)
        yield text("check.usual", range=usual)
    if result.reason:
        yield result.reason
