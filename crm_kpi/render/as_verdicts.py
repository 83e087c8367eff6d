"""`check` for people: a line for every goal, the worst first, that can be read in a chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.blocks import NO_ROWS
from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.grid import body, grid, widths
from crm_kpi.render.numbers import amount, exact, shown
from crm_kpi.render.outline import About
from crm_kpi.render.screen import Line, Screen, emit
from crm_kpi.render.table_block import table_block
from crm_kpi.render.text import visible
from crm_kpi.results import Rating, Report, Result, Status

_VERDICTS = {
    Rating.MISSED: text("render.missed"),
    None: text("check.no_data"),
    Rating.WARNING: text("check.near"),
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
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool = False
) -> None:
    """The verdicts, and below them the rows of the lists that should be shorter."""
    screen = Screen.of(stream)
    lines: list[Line] = [*verdicts(report.results, about)]
    for name, records in report.tables.items():
        lines.append([])
        if screen.terminal:
            lines += table_block(name, records, screen, verbose=verbose)
        else:
            lines.append([(visible(name), "bold")])
            lines += grid(*cells.table_rows(records)) if records else [NO_ROWS]
    emit(lines, stream, colour=screen.colour)


def verdicts(results: Sequence[Result], about: Mapping[str, About]) -> Iterator[Line]:
    order = list(_VERDICTS)
    worst_first = sorted(results, key=lambda result: order.index(result.rating))
    rows = [_row(result, about[result.metric]) for result in worst_first]
    columns = cells.filled(_COLUMNS, rows)
    sizes = widths(columns, rows)
    yield from (body(columns, row, sizes) for row in rows)


def plain(line: Line) -> str:
    """A line as it is without colour."""
    return "".join(span for span, _ in line).rstrip()


def _row(result: Result, about: About) -> ReportRow:
    goal = cells.goal(result.target, result.unit, about.higher_is_better)
    was = "" if result.previous is None else amount(result.previous, result.unit)
    return ReportRow(
        {
            "rating": _VERDICTS[result.rating],
            "title": visible(about.title),
            "segment": ", ".join(cells.segment(result.segment, name) for name in result.segment),
            "value": cells.value(result),
            "goal": text("check.goal", goal=goal) if goal else "",
            "period": visible(result.period),
            "was": text("check.was", value=was) if was else "",
            "note": " · ".join(_notes(result)),
        },
        rating=result.rating,
    )


def _notes(result: Result) -> Iterator[str]:
    if result.n is not None:
        yield text("check.n", n=shown(exact(result.n), 0))
    if result.status is Status.LOW_N:
        yield text("render.low_n")
    ends = result.low, result.high
    if result.rating is not Rating.MET and None not in (*ends, result.target):
        low, high, target = (exact(end) for end in (*ends, result.target) if end is not None)
        if low <= target <= high:
            yield text("check.within_error")
    if result.reason:
        yield visible(result.reason)
