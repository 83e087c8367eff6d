"""A workbook with real numbers: what a page says, to be sorted, charted and computed with.

Sheets: summary, charts, trends, one an analysis, results, rows, rejected cells where lists are
asked for, definitions. All of it is made in memory and written when it is whole; nothing in it
depends on the time of day, so the same answer is the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from crm_kpi.messages import text
from crm_kpi.render.as_html import attention, period_facts
from crm_kpi.render.as_html.series import Series, series_of
from crm_kpi.render.as_xlsx import analysis_sheets, details, line_charts, summary, trends
from crm_kpi.render.as_xlsx.book import Book
from crm_kpi.render.as_xlsx.excel_limits import MOST_LETTERS_OF_NAME
from crm_kpi.render.outline import About, by_domain
from crm_kpi.render.speak import Speaker
from crm_kpi.results import Report


def write(
    report: Report, stream: TextIO, about: Mapping[str, About], *, language: str = "en"
) -> None:
    """The bytes of the workbook go to what lies under the stream.

    Raises:
        UsageError: a table has more rows or columns than a sheet holds.
    """
    content = workbook(report, about, language)
    stream.flush()
    stream.buffer.write(content)


def workbook(report: Report, about: Mapping[str, About], language: str) -> bytes:
    """The whole file."""
    speaker = Speaker(language)
    book = Book(period_facts.title(report, speaker), report.as_of, speaker)
    found = series_of(report.results, report.asked)
    metrics = [r.metric for rows in by_domain(report.results, about).values() for [r, *_] in rows]
    series = {metric: found[metric] for metric in metrics}
    if report.results:
        _write_kpis(book, report, series, about)
    for name, records in report.tables.items():
        sheet = book.sheet(_title(name, report, speaker))
        analysis_sheets.write(sheet, name, records, report)
    if report.results:
        details.write_results(book.sheet(text("workbook.results")), report)
    details.write_rows(book.sheet(text("page.read")), report)
    if report.asked.lists and any(audit.problems for audit in report.sources.values()):
        details.write_rejected(book.sheet(text("page.rejected")), report)
    if series or report.skipped:
        details.write_definitions(book.sheet(text("page.to_definitions")), report, series, about)
    return book.closed()


def _write_kpis(
    book: Book, report: Report, series: Mapping[str, Series], about: Mapping[str, About]
) -> None:
    """Summary, charts and trends; the first two draw what the last one holds."""
    first = book.sheet(text("workbook.summary"))
    drawn = line_charts.drawn(series, report)
    of_charts = book.sheet(text("workbook.charts")) if drawn else None
    lines = trends.write(book.sheet(text("workbook.trends")), series, about, report)
    if of_charts is not None:
        line_charts.write(of_charts, drawn, series, lines)
    said = [period_facts.period(series, book.speaker)]
    said += period_facts.facts(report, series, book.speaker)
    goals = attention.GoalLines(report, series, about, book.speaker).met
    summary.write(first, report, series, about, lines, [*said, *([goals] if goals else [])])


def _title(name: str, report: Report, speaker: Speaker) -> str:
    """What the sheet of an analysis is called: its title, or a shorter one that fits."""
    info = report.metrics.get(name)
    if info is None:
        return name
    title = speaker.say(info.title)
    return title if len(title) <= MOST_LETTERS_OF_NAME else info.short_title
