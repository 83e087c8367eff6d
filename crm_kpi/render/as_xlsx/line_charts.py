"""Charts: a native line a KPI, with its goal; they draw the cells of Trends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from crm_kpi.messages import text
from crm_kpi.render import overview_choice
from crm_kpi.render.as_html.series import MOST_DRAWN, Series
from crm_kpi.render.as_xlsx import cell_formats
from crm_kpi.render.as_xlsx.book import SOFT, WARN, BookSheet
from crm_kpi.render.as_xlsx.excel_limits import is_too_long
from crm_kpi.render.as_xlsx.trends import Lines, key_of
from crm_kpi.render.speak import is_money
from crm_kpi.results import Report, exact

MOST_CHARTS = 24
LINE, GRID = "#2563A8", "#E1E5EA"
_WIDTH, _HEIGHT = 560, 260
_ROWS, _COLUMNS = 14, 9
"""Cells that a chart covers, with what stays free around it."""
_PRINTED, _ROWS_OF_PAGE = 72, 3 * _ROWS
"""Percent of its size, so that three charts stand below each other on A4."""
_GOALS = 2 * _COLUMNS + 4
"""The first column of the goals, which are drawn and not seen."""
_MILLION, _LARGE = 1_000_000, 20
_SMALL = {"size": 9, "color": SOFT["font_color"]}


def drawn(series: Mapping[str, Series], report: Report) -> list[str]:
    """The KPIs that have a chart, what people ask for first."""
    lines = [metric for metric, one in series.items() if _can_be_drawn(one)]
    lines.sort(key=lambda metric: overview_choice.rank(metric, report.asked))
    return lines[:MOST_CHARTS]


def _can_be_drawn(series: Series) -> bool:
    """Two values at least; none of them stands as text, which a chart would draw as zero."""
    values = [exact(result.value) for result in series.all if result.value is not None]
    several = sum(result.value is not None for result in series.drawn) > 1
    return several and not series.shown.segment and not any(map(is_too_long, values))


def write(sheet: BookSheet, metrics: list[str], series: Mapping[str, Series], lines: Lines) -> None:
    worksheet = sheet.worksheet
    worksheet.hide_gridlines(2)
    for place, metric in enumerate(metrics):
        goals = _write_goals(sheet, place, series[metric], lines)
        chart = _chart(sheet, series[metric], lines, goals)
        row, column = place // 2 * _ROWS, 1 + place % 2 * _COLUMNS
        worksheet.insert_chart(row, column, chart, {"description": metric, "y_offset": 6})
    worksheet.set_column(0, 0, 2)
    worksheet.set_column(_GOALS, _GOALS + MOST_DRAWN, None, None, {"hidden": True})
    # Charts are not cut by the end of a page: breaks hold where nothing is fitted to pages.
    worksheet.set_print_scale(_PRINTED)
    rows = (len(metrics) + 1) // 2 * _ROWS
    worksheet.print_area(0, 0, rows - 1, 2 * _COLUMNS)
    worksheet.set_h_pagebreaks([*range(_ROWS_OF_PAGE, rows, _ROWS_OF_PAGE)])


def _write_goals(sheet: BookSheet, row: int, series: Series, lines: Lines) -> list[Any] | None:
    """The goal of every period, in the columns of its line; None where there is nothing to draw."""
    first, last = lines.drawn
    targets = {lines.columns[key_of(result)]: result.target for result in series.drawn}
    written = [
        sheet.number(row, _GOALS + column - first, target)
        for column, target in targets.items()
        if target is not None and first <= column <= last
    ]
    if not written or not all(written):
        return None
    return [sheet.name, row, _GOALS, row, _GOALS + last - first]


def _chart(sheet: BookSheet, series: Series, lines: Lines, goals: list[Any] | None) -> Any:
    # A cell, as a text of others could be taken for a formula.
    title = [lines.sheet.name, lines.rows[series.metric], 0]
    chart = sheet.book.chart("line")
    chart.add_series(
        {
            "name": title,
            "categories": lines.periods,
            "values": lines.values(series.metric),
            "line": {"color": LINE, "width": 2.25},
            "marker": {
                "type": "circle",
                "size": 5,
                "fill": {"color": LINE},
                "border": {"color": "#FFFFFF"},
            },
        }
    )
    if goals:
        chart.add_series(
            {
                "name": [lines.sheet.name, 0, lines.first - 1],
                "categories": lines.periods,
                "values": goals,
                "line": {"color": WARN, "width": 1.25, "dash_type": "dash"},
                "marker": {"type": "none"},
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom"} if goals else {"none": True})
    chart.set_x_axis(
        {
            "num_font": _SMALL,
            "num_format": cell_formats.of_axis(series.shown.period, sheet.book.speaker),
            "line": {"color": GRID},
            "text_axis": True,
            "label_position": "low",
        }
    )
    chart.set_y_axis(
        {
            "num_font": _SMALL,
            "num_format": tick_format(
                [exact(r.value) for r in series.drawn if r.value is not None],
                series.shown.unit,
                sheet,
            ),
            "major_gridlines": {"visible": True, "line": {"color": GRID}},
            "line": {"none": True},
        }
    )
    chart.show_blanks_as("span")
    chart.show_hidden_data()
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    chart.set_chartarea({"border": {"color": GRID}})
    return chart


def tick_format(values: Sequence[Decimal], unit: str, sheet: BookSheet) -> str:
    """Numbers beside the axis: large amounts in millions, and no decimals where all are large."""
    most = max(map(abs, values))
    if is_money(unit) and most >= _MILLION:
        decimals = "" if most >= _LARGE * _MILLION else ".0"
        return f'#,##0{decimals},,"{sheet.book.say(text("workbook.millions"))}"'
    form = cell_formats.of_number(most, unit, sheet.book.speaker)
    return form.replace(".0", "", 1) if most >= _LARGE else form
