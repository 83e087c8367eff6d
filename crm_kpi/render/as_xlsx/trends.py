"""Trends: a row a KPI, and a segment of it, a column a period; charts and sparklines draw these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm_kpi.messages import text
from crm_kpi.records import union_of_names
from crm_kpi.render import cells
from crm_kpi.render.as_html.series import MOST_DRAWN, Series
from crm_kpi.render.as_xlsx import cell_formats
from crm_kpi.render.as_xlsx.book import HEAD, SOFT, BookSheet
from crm_kpi.render.outline import About
from crm_kpi.results import GOALS, Report, Result

_PERIOD_WIDTH = 15


PeriodKey = tuple[str, date, date]


def key_of(result: Result) -> PeriodKey:
    """What tells one period from another."""
    return result.period, result.start, result.end


@dataclass(frozen=True)
class PeriodColumn:
    """custom: it lies outside of the rhythm, so it is in no line, and called by its name."""

    label: str
    start: date
    end: date
    partial: bool
    custom: bool

    @property
    def place(self) -> tuple[bool, date, date, str]:
        return self.custom, self.end, self.start, self.label


@dataclass
class Lines:
    """Where in the sheet the values stand that can be drawn as a line.

    regular: how many of the periods are of the rhythm; they come first.
    columns: of every period.
    rows: KPI: the row of the whole; only those whose values are all numbers in the sheet.
    """

    sheet: BookSheet
    first: int
    regular: int
    columns: Mapping[PeriodKey, int]
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def drawn(self) -> tuple[int, int]:
        """The first and the last column of a line: the latest periods."""
        last = self.first + self.regular - 1
        return max(self.first, last - MOST_DRAWN + 1), last

    def values(self, metric: str) -> list[Any]:
        """A range, as charts name it."""
        row = self.rows[metric]
        return [self.sheet.name, row, self.drawn[0], row, self.drawn[1]]

    @property
    def periods(self) -> list[Any]:
        return [self.sheet.name, 0, self.drawn[0], 0, self.drawn[1]]


def write(
    sheet: BookSheet, series: Mapping[str, Series], about: Mapping[str, About], report: Report
) -> Lines:
    """All values of all periods; a cell stays empty where there is none: `Results` says why."""
    speaker = sheet.book.speaker
    periods = period_columns(report)
    by = union_of_names(result.segment for result in report.results)
    headings = [
        *(text("page.kpi"), text("workbook.id")),
        *(cells.column_name(name) for name in by),
        *(text("workbook.unit"), text("page.goal_column")),
    ]
    first = len(headings)
    columns = {(one.label, one.start, one.end): at for at, one in enumerate(periods, first)}
    lines = Lines(sheet, first, sum(not period.custom for period in periods), columns)
    parts = [part for one in series.values() for part in _whole_first(one)]
    sheet.refuse_larger(1 + len(parts), len(headings) + len(periods))
    for column, heading in enumerate(headings):
        sheet.text(0, column, heading, **HEAD)
    _write_periods(sheet, periods, first)
    for row, part in enumerate(parts, 1):
        shown = part.shown
        sheet.text(row, 0, about[part.metric].title)
        sheet.text(row, 1, part.metric, **SOFT)
        for column, name in enumerate(by, 2):
            sheet.text(row, column, cells.segment(shown.segment, name, speaker))
        sheet.text(row, first - 2, cells.unit_said(shown.unit), **SOFT)
        if shown.target is not None:
            form = cell_formats.of_goal(
                shown.target, shown.unit, about[part.metric].higher_is_better, speaker
            )
            sheet.number(row, first - 1, shown.target, num_format=form)
        if _write_values(sheet, row, columns, part) and not shown.segment:
            lines.rows[part.metric] = row
    _lay_out(sheet, parts, by, first, len(periods), about)
    return lines


def period_columns(report: Report) -> list[PeriodColumn]:
    """Those of the rhythm in the order of time, then those of the config's own."""
    own = {name for name, info in report.metrics.items() if info.domain == GOALS}
    rhythm = {key_of(one) for one in report.results if one.metric not in own}
    found: dict[PeriodKey, PeriodColumn] = {}
    for one in report.results:
        key = key_of(one)
        if key not in found or one.partial:
            custom = one.period in report.asked.custom or key not in rhythm
            found[key] = PeriodColumn(*key, one.partial, custom)
    return sorted(found.values(), key=lambda period: period.place)


def _whole_first(series: Series) -> Iterator[Series]:
    """The whole, where it is told, and every segment."""
    if not series.shown.segment:
        yield series
    yield from series.segments


def _write_periods(sheet: BookSheet, periods: list[PeriodColumn], first: int) -> None:
    speaker = sheet.book.speaker
    for column, period in enumerate(periods, first):
        look = {**HEAD, "align": "right"}
        if period.custom or period.label == "all":
            sheet.text(0, column, speaker.period(period.label), **look)
        else:
            form = cell_formats.of_period(period.label, speaker)
            sheet.day(0, column, period.start, **{**look, "num_format": form})
        if period.partial:
            sheet.comment(0, column, text("render.partial"))


def _write_values(
    sheet: BookSheet, row: int, columns: Mapping[PeriodKey, int], part: Series
) -> bool:
    """Whether all of them are numbers in the sheet."""
    drawable = True
    for result in part.all:
        if result.value is not None:
            column = columns[key_of(result)]
            drawable &= sheet.number(row, column, result.value, **_look(result, sheet))
    return drawable


def _look(result: Result, sheet: BookSheet) -> dict[str, Any]:
    form = cell_formats.of_result(result, sheet.book.speaker)
    return {"num_format": form, **({"italic": True, **SOFT} if result.partial else {})}


def _lay_out(
    sheet: BookSheet,
    parts: list[Series],
    by: list[str],
    first: int,
    periods: int,
    about: Mapping[str, About],
) -> None:
    speaker = sheet.book.speaker
    titles = max((len(speaker.say(about[part.metric].title)) for part in parts), default=0)
    ids = max((len(part.metric) for part in parts), default=0)
    worksheet = sheet.worksheet
    worksheet.set_column(0, 0, min(50, titles + 2))
    worksheet.set_column(1, 1, ids + 4)
    worksheet.set_column(2, first - 1, 14)
    worksheet.set_column(first, first + periods - 1, _PERIOD_WIDTH)
    worksheet.freeze_panes(1, 2 + len(by))
    worksheet.autofilter(0, 0, len(parts), first + periods - 1)
    worksheet.repeat_rows(0)
