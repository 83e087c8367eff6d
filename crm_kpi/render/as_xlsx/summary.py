"""The first sheet: what needs attention, and every KPI in the last whole period, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_kpi.messages import text
from crm_kpi.render import cells, overview_choice
from crm_kpi.render.as_html import attention
from crm_kpi.render.as_html.series import Series
from crm_kpi.render.as_xlsx import cell_formats
from crm_kpi.render.as_xlsx.book import BAD, GOOD, HEAD, SOFT, WARN, BookSheet, lines_of
from crm_kpi.render.as_xlsx.trends import Lines
from crm_kpi.render.outline import About, by_domain
from crm_kpi.results import KpiFinding, Rating, Report, Result, Status

_WIDTHS = (44, 19, 17, 15, 14, 14, 14, 9, 24, 15)
_VALUE, _CHANGE, _GOAL, _RATING, _LOW, _HIGH, _N, _TREND, _NOTE = range(1, 10)
_DOMAIN = {"bold": True, "bg_color": "#EEF2F7"}
_RATED: Mapping[Rating, dict[str, Any]] = {
    Rating.MET: {"font_color": GOOD, "bg_color": "#E0F2EF"},
    Rating.WARNING: {"font_color": WARN, "bg_color": "#FBF1D8"},
    Rating.MISSED: {"font_color": BAD, "bg_color": "#FCEBE3"},
}
_KINDS = {"bad": BAD, "warn": WARN, "good": GOOD}


def write(
    sheet: BookSheet,
    report: Report,
    series: Mapping[str, Series],
    about: Mapping[str, About],
    lines: Lines,
    facts: list[str],
) -> None:
    """facts: the period, against which, until when is known, and how much was read."""
    summary = Summary(sheet, report, series, about, lines)
    for column, width in enumerate(_WIDTHS):
        sheet.worksheet.set_column(column, column, width)
    title = report.asked.title or text("render.title")
    sheet.text(0, 0, title, bold=True, font_size=18)
    sheet.worksheet.set_row(0, 30)
    sheet.text(1, 0, " · ".join(facts), **SOFT)
    row = summary.write_findings(3)
    row = summary.write_kpis(row)
    made = text("page.made", version=report.version)
    sheet.text(row + 1, 0, made, **SOFT)
    sheet.worksheet.hide_gridlines(2)


class Summary:
    """The parts of the sheet, each from a row on."""

    def __init__(
        self,
        sheet: BookSheet,
        report: Report,
        series: Mapping[str, Series],
        about: Mapping[str, About],
        lines: Lines,
    ) -> None:
        self._sheet, self._report, self._series = sheet, report, series
        self._about, self._lines = about, lines
        self._speaker = sheet.book.speaker
        shown = overview_choice.periods(
            overview_choice.KpiRow(one.shown, ()) for one in series.values()
        )
        self._period = shown.period if shown else ""

    def write_findings(self, row: int) -> int:
        """What is bad, then what else there is to know; the row after."""
        known = [finding for finding in self._report.findings if finding.metric in self._series]
        shown = known[: attention.MOST_FINDINGS]
        bad = [finding for finding in shown if finding.level in attention.BAD]
        others = [finding for finding in shown if finding not in bad]
        parts = [(text("render.attention"), bad), (text("render.good_to_know"), others)]
        for heading, findings in parts:
            if not findings and (findings is others or len(self._series) < 2):
                continue
            self._sheet.text(row, 0, heading, bold=True, font_size=13)
            row += 1
            if not findings:
                values = (one.shown.value is not None for one in self._series.values())
                nothing = text("page.nothing") if any(values) else text("page.nothing_known")
                self._sheet.text(row, 0, nothing, **SOFT)
                row += 1
            for finding in findings:
                self._write_finding(row, finding)
                row += 1
            row += 1
        more = attention.more_findings(self._report, self._series, self._speaker)
        if more:
            self._sheet.text(row - 1, 0, more, **SOFT)
            row += 1
        return row

    def _write_finding(self, row: int, finding: KpiFinding) -> None:
        sheet, speaker, unit = self._sheet, self._speaker, self._series[finding.metric].shown.unit
        parts = [cells.segment(finding.segment, name, speaker) for name in finding.segment]
        title = ", ".join([speaker.say(self._about[finding.metric].title), *parts])
        kind, level = attention.LEVELS[finding.level]
        form = cell_formats.of_number(finding.value, unit, speaker, (finding.target,))
        top = {"valign": "top"}
        sheet.text(row, 0, title, bold=True, text_wrap=True, **top)
        sheet.number(row, _VALUE, finding.value, bold=True, num_format=form, **top)
        sheet.text(row, _CHANGE, level, bold=True, indent=1, font_color=_color(kind), **top)
        sheet.text(row, _GOAL, attention.reason(finding, unit, speaker), **top)
        sheet.make_room(row, lines_of(title, _WIDTHS[0]))

    def write_kpis(self, row: int) -> int:
        """A row a KPI under the heading of its domain; the row after."""
        heads = (
            *(text("page.kpi"), self._speaker.period(self._period) or text("page.value")),
            *(text("page.change"), text("page.goal_column"), text("workbook.rating")),
            *(text("workbook.low"), text("workbook.high"), text("render.n")),
            *(text("page.trend"), text("page.note")),
        )
        for column, heading in enumerate(heads):
            right = column in (_VALUE, _CHANGE, _GOAL, _LOW, _HIGH, _N)
            look = {"align": "right"} if right else {"indent": 1 if column else 0}
            self._sheet.text(row, column, heading, **HEAD, **look)
        self._sheet.worksheet.repeat_rows(row)
        row += 1
        for domain, metrics in by_domain(self._report.results, self._about).items():
            self._sheet.text(row, 0, domain, **_DOMAIN)
            for column in range(1, len(_WIDTHS)):
                self._sheet.blank(row, column, **_DOMAIN)
            row += 1
            for results in metrics:
                self._write_kpi(row, results[0].metric)
                row += 1
        return row

    def _write_kpi(self, row: int, metric: str) -> None:
        sheet, speaker, about = self._sheet, self._speaker, self._about[metric]
        shown = self._series[metric].shown
        title = speaker.say(about.title)
        sheet.text(row, 0, title, text_wrap=True, valign="vcenter")
        lines = self._write_value(row, shown)
        sheet.make_room(row, max(lines, lines_of(title, _WIDTHS[0])))
        if shown.target is not None:
            better = about.higher_is_better
            form = cell_formats.of_goal(shown.target, shown.unit, better, speaker)
            sheet.number(row, _GOAL, shown.target, num_format=form, valign="vcenter")
        if shown.rating:
            look = {**_RATED[shown.rating], "valign": "vcenter", "indent": 1}
            sheet.text(row, _RATING, cells.RATINGS[shown.rating], **look)
        for column, end in ((_LOW, shown.low), (_HIGH, shown.high)):
            if end is not None:
                form = cell_formats.of_number(end, shown.unit, speaker)
                sheet.number(row, column, end, num_format=form, valign="vcenter", **SOFT)
        if shown.n is not None:
            sheet.number(row, _N, shown.n, num_format="#,##0", valign="vcenter", **SOFT)
        if metric in self._lines.rows and _has_line(self._series[metric]):
            self._draw(row, metric)
        if note := self._note(shown):
            sheet.text(row, _NOTE, note, valign="vcenter", indent=1, **SOFT)

    def _write_value(self, row: int, shown: Result) -> int:
        """Value and change; where there is no value, the reason stands in their place. How many
        lines it takes."""
        sheet, speaker = self._sheet, self._speaker
        if shown.value is None:
            reason = speaker.say(shown.reason or text("render.no_data"))
            look = {"text_wrap": True, "valign": "vcenter", **SOFT}
            sheet.worksheet.merge_range(row, _VALUE, row, _CHANGE, "", sheet.book.format(**look))
            sheet.text(row, _VALUE, reason, **look)
            return lines_of(reason, _WIDTHS[_VALUE] + _WIDTHS[_CHANGE])
        form = cell_formats.of_result(shown, speaker)
        sheet.number(row, _VALUE, shown.value, bold=True, num_format=form, valign="vcenter")
        if shown.change is not None:
            good = cells.good(shown.change, self._about[shown.metric])
            look = {} if good is None else {"font_color": GOOD if good else BAD}
            form = cell_formats.of_change(shown.change, shown.unit, speaker)
            sheet.number(row, _CHANGE, shown.change, num_format=form, valign="vcenter", **look)
        return 1

    def _draw(self, row: int, metric: str) -> None:
        from xlsxwriter.utility import quote_sheetname, xl_range

        name, *place = self._lines.values(metric)
        self._sheet.worksheet.add_sparkline(
            row,
            _TREND,
            {
                "range": f"{quote_sheetname(name)}!{xl_range(*place)}",
                "series_color": "#2563A8",
                "last_point": True,
                "weight": 1.5,
                "empty_cells": "connect",
            },
        )

    def _note(self, shown: Result) -> str:
        """What to mind: few cases, a period that is not whole or another one, a part of it all."""
        said = [cells.segment_words(shown.segment, self._speaker)] if shown.segment else []
        if shown.period != self._period:
            said.append(self._speaker.period(shown.period))
        if shown.status is Status.LOW_N:
            said.append(text("page.few"))
        if shown.status is Status.PENDING:
            said.append(text("render.pending"))
        elif shown.partial:
            said.append(text("render.partial"))
        return " · ".join(self._speaker.say(words) for words in said)


def _has_line(series: Series) -> bool:
    return sum(result.value is not None for result in series.drawn) > 1


def _color(kind: str) -> str:
    return _KINDS.get(kind, SOFT["font_color"])
