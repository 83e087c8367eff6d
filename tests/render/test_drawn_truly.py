"""Nothing is drawn or told that the numbers do not say: below zero, of one height, empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from crm_kpi.render import charts, render, svg
from crm_kpi.render.as_html.figures import Figures
from crm_kpi.render.as_html.heat_map import MOST_COHORTS, heat_map
from crm_kpi.render.as_html.series import series_of
from crm_kpi.render.as_xlsx.line_charts import drawn
from crm_kpi.render.charts import Track
from crm_kpi.render.speak import Speaker
from crm_kpi.results import Asked, Report
from tests.render.conftest import ABOUT, result

Shown = Callable[..., str]


@pytest.mark.parametrize("value", [0.0, 3.5, -7.0, 1e17, -1e300])
def test_values_of_one_height_are_a_level_line(value: float) -> None:
    track = Track(values=[value, value])
    assert "<path" in charts.spark(track)
    assert "<path" in charts.trend(track, ["a", "b"], ["1", "1"], "label", str)
    assert len(svg.ticks(value, value)) > 0


def test_the_large_dot_is_the_value_that_is_told() -> None:
    """Not the period that is not over."""
    line = charts.spark(Track(values=[1, 2, 9], partial=True, told=1))
    (dot,) = (part for part in line.split("<circle")[1:] if 'class="last"' in part)
    assert f'cx="{svg.percent(0.015 + 0.97 / 2)}"' in dot


def cohorts(shares: list[float | None], number: int = 1) -> list[dict[str, Any]]:
    return [
        {"cohort": f"20{n:02}", "size": 9, "offset": offset, "share": share}
        for n in range(number)
        for offset, share in enumerate(shares)
    ]


@pytest.mark.parametrize(
    ("shares", "depths"), [([50, -30, 100], [5, 0, 9]), ([-30, -10, None], [0, 0, None])]
)
def test_a_share_below_zero_has_no_depth(shares: Any, depths: list[int | None]) -> None:
    (row,) = heat_map(cohorts([*shares]), Speaker()).rows
    assert [cell and cell.depth for cell in row.cells] == depths


def test_cohorts_that_are_not_drawn_are_counted() -> None:
    assert heat_map(cohorts([100, 50], MOST_COHORTS), Speaker()).more == ""
    more = heat_map(cohorts([100, 50], MOST_COHORTS + 3), Speaker()).more
    assert more == f"The last {MOST_COHORTS} of {MOST_COHORTS + 3} rows; JSON and CSV have all"


def test_revenue_below_zero_has_no_bar(report: Report) -> None:
    rows = [
        {"segment": name, "customers": 3, "share": 50.0, "share_of_revenue": share}
        for name, share in (("new", -2.9), ("loyal", 102.9))
    ]
    figure = Figures(report, Speaker()).of_table("rfm", rows)
    assert [name for name, _ in figure.charts] == ["buyers"]


def test_goals_that_differ_by_period_are_no_level_line() -> None:
    rows = [
        result("revenue", "VND", month, Decimal(5), target=Decimal(target))
        for month, target in ((1, 9), (2, 1))
    ]
    assert series_of(rows, Asked())["revenue"].track.target is None
    same = [replace(row, target=Decimal(9)) for row in rows]
    assert series_of(same, Asked())["revenue"].track.target == 9


def test_a_page_tells_which_rows_were_kept(report: Report, shown: Shown) -> None:
    report.asked = replace(report.asked, where={"region": ["Hà Nội", None]})
    for format, more in (("html", {}), ("overview", {"width": 200})):
        assert "only rows with region = Hà Nội | (blank)" in shown(report, format, **more)
    assert "only rows" not in shown(replace(report, asked=Asked()), "html")


def test_a_page_accounts_for_the_tables_that_it_needs(report: Report, shown: Shown) -> None:
    name = next(iter(report.sources))
    report.asked = replace(report.asked, tables=frozenset())
    assert f'<th scope="row">{name}</th><td class="r"' not in shown(report, "html")


def test_a_page_without_a_value_does_not_say_that_all_is_well(report: Report, shown: Shown) -> None:
    report.findings = []
    report.results = [replace(one, value=None, rating=None) for one in report.results]
    assert "There is no value yet that could be judged." in shown(report, "html")


def test_a_chart_of_a_workbook_has_all_its_values_as_numbers(report: Report) -> None:
    """A custom period's sum may stand as text where its months do not."""
    months = [result("revenue", "VND", month, Decimal(10**14 - 1)) for month in (1, 2)]
    year = result("revenue", "VND", 3, Decimal("12345678901234567.8"), period="2024")
    report.results, report.asked = [*months, year], Asked(custom=frozenset({"2024"}))
    assert drawn(series_of(report.results, report.asked), report) == []
    raw = BytesIO()
    stream = TextIOWrapper(raw, "utf-8")
    report.tables = {}
    render(report, "xlsx", stream, about=ABOUT)
    assert raw.getvalue().startswith(b"PK")


def test_tiles_are_there_where_no_kpi_has_a_value(report: Report, shown: Shown) -> None:
    report.tables = {}
    report.results = [replace(one, value=None) for one in report.results]
    assert "<svg" in shown(report, "svg")
    report.asked = Asked(headline=("no_such",))
    assert "<svg" in shown(report, "svg")
