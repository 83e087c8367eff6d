"""A forecast on a page and in a workbook: drawn after its past, and every number beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from crm_kpi.messages import text
from crm_kpi.render.as_html.figures import Figures
from crm_kpi.render.as_xlsx import workbook
from crm_kpi.render.outlook_chart import KnownAndExpected, outlook
from crm_kpi.render.speak import Speaker
from crm_kpi.results import Report
from tests.analyses.support import report
from tests.analyses.test_forecast import DEALS, months

AMOUNTS = [100 + 7 * (at % 12) + at for at in range(40)]


def asked(**options: Any) -> Report:
    tables = {"transactions": months(AMOUNTS, 2020 * 12 + 8), "opportunities": DEALS}
    return report(tables, "forecast", as_of="2023-12-31", **options)


def figure(answer: Report, language: str = "en") -> Any:
    return Figures(answer, Speaker(language)).of_table("forecast", answer.tables["forecast"])


def test_the_past_goes_on_in_its_bands() -> None:
    drawn = figure(asked())
    (_, chart), (heading, _) = drawn.charts
    assert chart.count('class="band"') == 2
    assert (chart.count('class="dot"'), chart.count('class="dot-ahead"')) == (36, 12)
    assert heading == "Open deals by expected close, weighted"
    assert drawn.legend == [("known", "known"), ("likely", "80 %"), ("band", "95 %")]
    assert drawn.sub == "Revenue: what was, and what is expected, with bands of 80 and 95 %"
    assert "Dec 2023: " in chart
    assert re.search(r"Jan 2024, expected: [\d.]+ \([\d.]+ to [\d.]+\)", chart)


def test_how_right_it_was_stands_below_and_every_number_in_the_table() -> None:
    drawn = figure(asked())
    assert drawn.note.startswith("The last ")
    assert "times as much as seasonal_naive" in drawn.note
    titles = [title for title, _ in drawn.table.titles]
    assert titles == ["What", "Period", "Value", "80 %", "95 %", "Method"]
    cells = [[cell.label for cell in row] for row in drawn.table.rows]
    assert len(cells) == 12 + 5
    assert [row[1] for row in cells[-3:]] == ["overdue", "later", "undated"]


def test_in_vietnamese() -> None:
    drawn = figure(asked(), "vi")
    assert (drawn.title, drawn.charts[0][0]) == ("Các kỳ tới mang lại gì?", "Doanh thu")
    assert "Tháng 1/2024, dự kiến: " in drawn.charts[0][1]
    assert [row[1].label for row in drawn.table.rows][-3:] == ["quá hạn", "sau đó", "chưa có ngày"]


def test_without_bands() -> None:
    drawn = figure(asked(set_=["periods.from=2023-03"]))
    assert 'class="band"' not in drawn.charts[0][1]
    assert drawn.legend == [("known", "known")]
    assert drawn.table.rows[0][3].label == "–"


@pytest.mark.parametrize("told", [{"by": ["channel"]}, {}])
def test_by_segment_or_without_its_past_it_is_a_table(told: dict[str, Any]) -> None:
    answer = asked(**told)
    if not told:
        answer = replace(answer, asides={})
    drawn = figure(answer)
    assert drawn.charts == ()
    assert drawn.table.rows


def test_a_wild_band_does_not_flatten_the_line() -> None:
    values = KnownAndExpected(known=[90, 110], ahead=[100], wide=[(1, 10_000)], likely=[(80, 120)])
    low, high = values.ends()
    assert (low, high) == (pytest.approx(80 - 24 - 88 * 0.06), pytest.approx(120 + 24 + 88 * 0.1))
    chart = outlook(values, ["a", "b", "c"], ["a", "b", "c"], "what", "ahead", str)
    heights = [float(y) for y in re.findall(r"[ML][-\d.]+ ([-\d.]+)", chart)]
    assert min(heights) >= 20
    assert max(heights) <= 264 - 26


def test_below_zero() -> None:
    chart = outlook(
        KnownAndExpected(known=[-5, 5], ahead=[-2]), ["a"] * 3, ["a"] * 3, "what", "ahead", str
    )
    assert 'class="grid zero"' in chart


def test_the_chart_of_the_workbook_draws_hidden_cells() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    answer = asked()
    book = openpyxl.load_workbook(BytesIO(workbook(answer, {}, "en")))
    sheet = book["Forecast"]
    (chart,) = sheet._charts
    area, line = chart._charts
    assert [len(area.series), len(line.series)] == [4, 2]
    first = sheet.max_column - 6
    rows = [[cell.value for cell in row[first - 1 :]] for row in sheet.iter_rows(min_row=2)]
    past, row = rows[35], rows[36]
    assert past[0] == "Dec ’23"
    assert past[1] == past[2] == AMOUNTS[-1]
    told = answer.tables["forecast"][0]
    assert row[1:3] == [None, told["value"]]
    assert sum(row[3:7]) == pytest.approx(told["high"])
    assert row[3] == pytest.approx(told["low"])
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(first)].hidden


def test_what_is_told_of_the_metric() -> None:
    answer = asked(set_=["currency=VND"])
    assert list(answer.metrics) == ["revenue", "forecast"]
    assert answer.metrics["revenue"].unit == "VND"
    assert answer.asides["forecast"].past[-1].end == date(2024, 1, 1)
    assert text("page.forecast")
