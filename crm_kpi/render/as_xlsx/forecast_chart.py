"""A forecast as a native chart: the line goes on, dashed, in its bands.

It draws cells right of the table, which are not seen: what was known is in no row of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_kpi.messages import text
from crm_kpi.render.as_html.forecast_figure import MOST_KNOWN, NAME, ForecastRow
from crm_kpi.render.as_xlsx import cell_formats
from crm_kpi.render.as_xlsx.book import BookSheet
from crm_kpi.render.as_xlsx.excel_limits import is_too_long
from crm_kpi.render.as_xlsx.line_charts import GRID, LINE, tick_format
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Number, Report, Result, exact

_WIDTH, _HEIGHT, _COLUMNS = 720, 340, 12
"""The chart, and the columns that it covers."""
_WIDE, _LIKELY = "#DCE7F2", "#B5CCE4"
_STEPS = ("low", "low_80", "high_80", "high")
"""The ends of both bands, from below."""
NUMBERS = ("value", *_STEPS)


def cell_format(values: Sequence[Number | None], report: Report, speaker: Speaker) -> str | None:
    """That of a column of the table, in the unit of the metric; None where that is not known."""
    known = [abs(exact(value)) for value in values if value is not None]
    aside = report.asides.get(NAME)
    if aside is None or not aside.past or not known:
        return None
    return cell_formats.of_number(max(known), aside.past[0].unit, speaker)


def draw(sheet: BookSheet, records: Sequence[ForecastRow], columns: int, report: Report) -> None:
    """Right of a table of so many columns; nothing where a value stands as text there."""
    aside = report.asides.get(NAME)
    if aside is None or not aside.past:
        return
    past = aside.past[-MOST_KNOWN:]
    ahead = [record for record in records if record["metric"] == past[0].metric]
    values = [result.value for result in past] + [record["value"] for record in ahead]
    if any(value is None or is_too_long(exact(value)) for value in values):
        return
    first = columns + _COLUMNS
    series = _written(sheet, first, past, ahead)
    sheet.worksheet.set_column(first, first + 1 + len(series), None, None, {"hidden": True})
    numbers = [exact(value) for value in values if value is not None]
    form = tick_format(numbers, past[0].unit, sheet)
    chart = _chart(sheet, series, len(past) + len(ahead), first, form)
    sheet.worksheet.insert_chart(1, columns, chart)


def _written(
    sheet: BookSheet, first: int, past: Sequence[Result], ahead: Sequence[ForecastRow]
) -> dict[str, int]:
    """The cells that are drawn: series and its column."""
    speaker, begun = sheet.book.speaker, len(past)
    for row, period in enumerate([*(r.period for r in past), *(r["period"] for r in ahead)], 1):
        sheet.text(row, first, visible(speaker.period(period, axis=True)))
    columns: dict[str, dict[int, Number | None]] = {
        "known": {row: result.value for row, result in enumerate(past, 1)},
        # From the last known value on, so that the line is one.
        "ahead": {row: record["value"] for row, record in enumerate(ahead, begun + 1)}
        | {begun: past[-1].value},
    }
    has_bands = all(record["low"] is not None and record["low"] >= 0 for record in ahead)
    for below, step in zip((None, *_STEPS), _STEPS, strict=False) if has_bands else ():
        columns[step] = {begun: past[-1].value if below is None else 0} | {
            row: record[step] - (record[below] if below else 0)
            for row, record in enumerate(ahead, begun + 1)
        }
    for at, cells in enumerate(columns.values(), first + 1):
        for row, number in cells.items():
            if number is not None:
                sheet.number(row, at, number)
    return {name: first + 1 + at for at, name in enumerate(columns)}


def _chart(sheet: BookSheet, series: Mapping[str, int], rows: int, first: int, form: str) -> Any:
    say = sheet.book.say
    names = {"known": text("page.known"), "ahead": text("page.ahead")}
    periods = [sheet.name, 1, first, rows, first]

    def cells(name: str) -> list[Any]:
        return [sheet.name, 1, series[name], rows, series[name]]

    line = sheet.book.chart("line")
    for name, more in (("known", {}), ("ahead", {"dash_type": "dash"})):
        line.add_series(
            {
                "name": say(names[name]),
                "categories": periods,
                "values": cells(name),
                "line": {"color": LINE, "width": 2.25, **more},
                "marker": {"type": "none"},
            }
        )
    chart, hidden = line, []
    if "low" in series:
        chart = sheet.book.chart("area", "stacked")
        fills = {"low": None, "low_80": _WIDE, "high_80": _LIKELY, "high": _WIDE}
        levels = {"high_80": 80, "high": 95}
        hidden = [0, 1]
        for name, fill in fills.items():
            level = levels.get(name)
            chart.add_series(
                {
                    "name": say(text("page.band", level=level)) if level else name,
                    "categories": periods,
                    "values": cells(name),
                    "fill": {"color": fill} if fill else {"none": True},
                    "border": {"none": True},
                }
            )
        chart.combine(line)
    chart.set_title({"name": say(text("page.forecast")), "name_font": {"size": 12},
                     "overlay": False})  # fmt: skip
    chart.set_legend({"position": "bottom", "delete_series": hidden})
    small = {"num_font": {"size": 9}, "line": {"color": GRID}}
    chart.set_x_axis({**small, "text_axis": True, "label_position": "low"})
    grid = {"visible": True, "line": {"color": GRID}}
    chart.set_y_axis({**small, "num_format": form, "major_gridlines": grid})
    chart.show_hidden_data()
    chart.show_blanks_as("span")
    chart.set_chartarea({"border": {"color": GRID}})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart
