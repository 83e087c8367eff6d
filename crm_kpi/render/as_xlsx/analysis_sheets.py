"""The analyses: a sheet each, as an Excel table; cohorts as a matrix, some with a chart beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_kpi.records import union_of_names
from crm_kpi.render import cells
from crm_kpi.render.as_html.figures import WHAT
from crm_kpi.render.as_xlsx import cell_formats, forecast_chart
from crm_kpi.render.as_xlsx.book import HEAD, BookSheet
from crm_kpi.render.as_xlsx.excel_limits import is_too_long
from crm_kpi.render.as_xlsx.line_charts import GRID, LINE
from crm_kpi.render.triangle import Records, fits
from crm_kpi.results import Report, exact

_SEGMENT = "segment."
_BARS = 14
"""With more rows a table says it better."""
_PERCENT = '0" %"'
_SCALE = {
    "type": "3_color_scale",
    "min_color": "#F1F5FA",
    "mid_color": "#93BBDF",
    "max_color": "#3A7EBD",
}


@dataclass(frozen=True)
class ChartColumns:
    """What a chart of a table draws: y by x, as bars or as a curve."""

    kind: str
    x: str
    y: str
    ends: tuple[int, int] | None = None
    """Of the axes, where both have one by nature."""
    known_by: str | None = None
    """The curve ends where this column does."""


CHARTS: Mapping[str, ChartColumns] = {
    "funnel": ChartColumns("bar", "stage", "reached"),
    "pipeline": ChartColumns("bar", "stage", "amount"),
    "issues": ChartColumns("bar", "category", "tickets"),
    "spending": ChartColumns("bar", "category", "revenue"),
    "churn_reasons": ChartColumns("bar", "reason", "customers"),
    "concentration": ChartColumns("scatter", "share_of_customers", "share_of_revenue", (100, 100)),
    "survival": ChartColumns("scatter", "time", "survival", known_by="low"),
}


def write(sheet: BookSheet, name: str, records: Records, report: Report) -> None:
    sheet.refuse_larger(1 + len(records), 1, name)
    if name == "cohorts" and records and fits(records):
        _write_cohorts(sheet, records)
    else:
        _write_records(sheet, name, records, report)
    sheet.worksheet.repeat_rows(0)


def _write_records(sheet: BookSheet, name: str, records: Records, report: Report) -> None:
    speaker, names = sheet.book.speaker, union_of_names(records)
    blank = {key for key in names if key.startswith(_SEGMENT) or key == names[0]}
    rows = [
        [_cell(name, key, record.get(key), blank=key in blank) for key in names]
        for record in records
    ]
    looks = []
    for key in names:
        values = [record.get(key) for record in records]
        form = cell_formats.of_column(values, report.currency, speaker)
        if name == "forecast" and key in forecast_chart.NUMBERS:
            form = forecast_chart.cell_format(values, report, speaker) or form
        looks.append({"num_format": form})
    sheet.table([heading(key) for key in names], rows, looks)
    sheet.worksheet.freeze_panes(1, 0)
    segmented = any(key.startswith(_SEGMENT) for key in names)
    if name == "forecast" and records and not segmented:
        forecast_chart.draw(sheet, records, len(names), report)
    wanted = CHARTS.get(name)
    if wanted and records and not segmented:
        _draw(sheet, name, wanted, names, records)


def heading(name: str) -> str:
    """A column as people read it; one that was asked for by --by keeps its name."""
    if name.startswith(_SEGMENT):
        return cells.column_name(name.removeprefix(_SEGMENT))
    return cells.column_name(name).changed(lambda words: words.replace("_", " "))


def _cell(table: str, name: str, value: Any, *, blank: bool) -> Any:
    if value is None:
        return cells.BLANK if blank else None
    return cells.own_word(table, name, value)


def _write_cohorts(sheet: BookSheet, records: Records) -> None:
    """A row a cohort, a column for every period since; segments stand in front."""
    speaker = sheet.book.speaker
    by = [name for name in union_of_names(records) if name.startswith(_SEGMENT)]
    shares: dict[tuple[Any, ...], dict[int, Any]] = {}
    sizes: dict[tuple[Any, ...], Any] = {}
    for record in records:
        key = (*(record.get(name) for name in by), record["cohort"])
        shares.setdefault(key, {})[record["offset"]] = record["share"]
        sizes.setdefault(key, record["size"])
    offsets = sorted({offset for row in shares.values() for offset in row})
    first = len(by) + 2
    sheet.refuse_larger(1 + len(shares), first + len(offsets))
    titles = [
        *map(heading, (*by, "cohort", "size")),
        *(f"+{offset}" if offset else "0" for offset in offsets),
    ]
    for column, title in enumerate(titles):
        sheet.text(0, column, title, **HEAD, align="center" if column >= first else "left")
    for row, (key, row_shares) in enumerate(shares.items(), 1):
        look: dict[str, Any] = {"bold": True} if key[-1] == "all" else {}
        for column, part in enumerate(key[:-1]):
            sheet.text(row, column, cells.BLANK if part is None else part, **look)
        sheet.text(row, first - 2, _cohort(key[-1], sheet), **look)
        form = cell_formats.of_column(sizes.values(), None, speaker)
        sheet.number(row, first - 1, sizes[key], num_format=form, **look)
        for column, offset in enumerate(offsets, first):
            if row_shares.get(offset) is not None:
                look |= {"num_format": _PERCENT, "align": "center"}
                sheet.number(row, column, row_shares[offset], **look)
    _colour(sheet, offsets, first, len(shares))


def _cohort(label: str, sheet: BookSheet) -> str:
    if label == "all":
        return cells.TOTAL
    return sheet.book.speaker.period(label)


def _colour(sheet: BookSheet, offsets: Sequence[int], first: int, rows: int) -> None:
    """The first period has no colour: beside its 100 % all else would look the same."""
    worksheet = sheet.worksheet
    begin = first + (1 if offsets[0] == 0 and len(offsets) > 1 else 0)
    worksheet.conditional_format(1, begin, rows, first + len(offsets) - 1, _SCALE)
    worksheet.set_column(0, first - 2, 18)
    worksheet.set_column(first - 1, first - 1, 10)
    worksheet.set_column(first, first + len(offsets) - 1, 8)
    worksheet.freeze_panes(1, first)


def _draw(
    sheet: BookSheet, name: str, wanted: ChartColumns, names: Sequence[str], records: Records
) -> None:
    """Beside the table."""
    if not {wanted.x, wanted.y} <= {*names}:
        return
    known = [record for record in records if record.get(wanted.known_by or wanted.y) is not None]
    heights = [record[wanted.y] for record in known if record[wanted.y] is not None]
    if any(is_too_long(exact(height)) for height in heights):
        return  # they stand as text, which a chart draws as zero
    if wanted.ends and not all(0 <= height <= wanted.ends[1] for height in heights):
        return  # of sums below zero a share may be anything
    bars = wanted.kind == "bar"
    if len(known) < 2 or (bars and len(records) > _BARS):
        return
    last = len(records) if bars else len(known)
    x, y = names.index(wanted.x), names.index(wanted.y)
    chart = sheet.book.chart(wanted.kind, None if bars else "straight")
    series: dict[str, Any] = {
        "name": [sheet.name, 0, y],
        "categories": [sheet.name, 1, x, last, x],
        "values": [sheet.name, 1, y, last, y],
    }
    if bars:
        series |= {"fill": {"color": LINE}, "gap": 40, "data_labels": {"value": True}}
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_y_axis({"reverse": True, "line": {"none": True}})
    else:
        series |= {"line": {"color": LINE, "width": 2.25}, "marker": {"type": "none"}}
        ends = wanted.ends or (known[-1][wanted.x], 1)
        titles = (sheet.book.say(heading(column)) for column in (wanted.x, wanted.y))
        for put, end, title in zip((chart.set_x_axis, chart.set_y_axis), ends, titles, strict=True):
            grid = {"visible": True, "line": {"color": GRID}}
            put({"min": 0, "max": end, "name": title, "major_gridlines": grid})
    chart.add_series(series)
    title, sub = (sheet.book.say(words) for words in WHAT[name])
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": GRID}})
    chart.set_size({"width": 560, "height": 320})
    place = {"description": sub, "x_offset": 20, "y_offset": 10}
    sheet.worksheet.insert_chart(1, len(names), chart, place)
