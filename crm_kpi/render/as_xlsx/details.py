"""What stands behind the numbers: all results, where every row went, what the KPIs mean."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crm_kpi.messages import joined, text
from crm_kpi.render import cells
from crm_kpi.render.as_csv import result_columns
from crm_kpi.render.as_html.series import Series
from crm_kpi.render.as_xlsx import cell_formats
from crm_kpi.render.as_xlsx.book import WIDEST, BookSheet, Formed, lines_of
from crm_kpi.render.benchmark_line import benchmark_lines
from crm_kpi.render.outline import About
from crm_kpi.render.speak import Speaker
from crm_kpi.results import Number, Report, Result, Unit

_IN_UNIT = ("value", "low", "high", "previous", "target", "warning", "usual_low", "usual_high")
"""Columns of results in the unit of the value."""
_CHANGES = ("change", "change_low", "change_high")
_COUNTS = ("rows", "used", "rejected", "duplicates", "excluded", "future")
_WRAPPED = {"text_wrap": True, "valign": "top"}
_COUNT = {"num_format": "#,##0"}


def write_results(sheet: BookSheet, report: Report) -> None:
    """The columns of CSV, under the same names."""
    columns = result_columns(report.results)
    sheet.refuse_larger(1 + len(report.results), len(columns))
    speaker = sheet.book.speaker
    rows = [
        [_formed(name, get(result), result, speaker) for name, get in columns.items()]
        for result in report.results
    ]
    sheet.table([*columns], rows)
    sheet.worksheet.freeze_panes(1, 2)


def _formed(name: str, value: Any, result: Result, speaker: Speaker) -> Any:
    """A number in the form of its unit, and all else as it is."""
    if value is None or isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return value
    return Formed(value, {"num_format": _form(name, value, result, speaker)})


def _form(name: str, value: Number, result: Result, speaker: Speaker) -> str:
    if name in _IN_UNIT:
        limits = (result.target, result.warning) if name == "value" else ()
        return cell_formats.of_number(value, result.unit, speaker, limits)
    if name in _CHANGES:
        return cell_formats.of_change(value, result.unit, speaker)
    if name == "progress":
        return cell_formats.of_number(value, Unit.PERCENT, speaker, (100,))
    return cell_formats.of_column([value], None, speaker)


def write_rows(sheet: BookSheet, report: Report) -> None:
    """Where every row of every table went, of which files, and why rows were rejected."""
    table, file = text("page.table"), text("page.file")
    counts = [
        *(text("page.read"), text("page.used"), text("page.rejected")),
        *(text("page.duplicates"), text("page.excluded"), text("page.future")),
    ]
    rows = [
        [name, len(audit.paths), *(getattr(audit, count) for count in _COUNTS)]
        for name, audit in report.sources_needed.items()
    ]
    files = [
        [name, path, audit.sha256[at] if at < len(audit.sha256) else None]
        for name, audit in report.sources_needed.items()
        for at, path in enumerate(audit.paths)
    ]
    reasons = [
        [name, reason, count]
        for name, audit in report.sources_needed.items()
        for reason, count in sorted(audit.reasons.items(), key=lambda item: (-item[1], item[0]))
    ]
    row = _titled(sheet, 0, text("page.rows"))
    row = sheet.table(
        [table, text("workbook.files"), *counts], rows, [_COUNT] * (2 + len(counts)), row
    )
    row = _titled(sheet, row + 1, text("workbook.files_read"))
    row = sheet.table([table, file, "SHA-256"], files, top=row)
    if reasons:
        row = _titled(sheet, row + 1, text("page.reasons"))
        sheet.table([table, text("page.reason"), text("page.read")], reasons, [{}, {}, _COUNT], row)
    for column, width in enumerate((22, 44, 20, *[13] * 5)):
        sheet.worksheet.set_column(column, column, width)


def write_rejected(sheet: BookSheet, report: Report) -> None:
    """Every problem that was kept, with its cell: rows of the input."""
    headings = [
        *(text("page.table"), text("page.file"), text("page.line"), text("page.column")),
        *(text("page.cell"), text("page.reason"), text("workbook.hint")),
    ]
    rows = [
        [name, one.path, one.line, one.column, one.value, one.reason, one.hint]
        for name, audit in report.sources.items()
        for one in audit.problems
    ]
    sheet.table(headings, rows)
    sheet.worksheet.freeze_panes(1, 0)


def write_definitions(
    sheet: BookSheet, report: Report, series: Mapping[str, Series], about: Mapping[str, About]
) -> None:
    """Formula and definition in force of every KPI; what could not be computed, and why."""
    speaker = sheet.book.speaker
    row = 0
    if series:
        headings = [
            *(text("page.kpi"), text("workbook.id"), text("workbook.domain")),
            *(text("workbook.unit"), text("page.formula"), text("page.definition")),
        ]
        others = {
            name: "\n".join(benchmark_lines(each.all, speaker)) for name, each in series.items()
        }
        if any(others.values()):
            headings.append(text("page.benchmark"))
        rows: list[list[Any]] = []
        for name, of_kpi in series.items():
            shown, one = of_kpi.shown, about[name]
            definition = cells.definition(shown.definition, speaker)
            formula = joined(filter(None, (one.formula, one.backtest)), "\n")
            told = [others[name]] if any(others.values()) else []
            long = [Formed(words, _WRAPPED) for words in (formula, definition, *told)]
            rows.append([one.title, name, one.domain, cells.unit_said(shown.unit), *long])
        row = sheet.table(headings, rows) + 1
        for at, row_of_kpi in enumerate(rows, 1):
            words = (speaker.say(cell.value) for cell in row_of_kpi[4:])
            sheet.make_room(at, max(lines_of(each, WIDEST) for each in words))
    if report.skipped:
        row = _titled(sheet, row, text("render.not_computed"))
        for skip in report.skipped:
            info = report.metrics.get(skip.metric)
            sheet.text(row, 0, info.title if info else skip.metric)
            sheet.text(row, 1, skip.metric)
            sheet.text(row, 4, skip.reason)
            row += 1
    sheet.worksheet.freeze_panes(1, 1)


def _titled(sheet: BookSheet, row: int, title: str) -> int:
    """The row under a heading."""
    sheet.text(row, 0, title, bold=True, font_size=13)
    return row + 1
