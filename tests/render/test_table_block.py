"""Tables on a terminal: cohorts as a triangle, parts of a whole with bars."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from crm_kpi.render.screen import cell_width
from crm_kpi.results import Report
from tests.render import company

Shown = Callable[..., str]
COLOURED = re.compile(r"\x1b\[38;(?:5;\d+|2;[\d;]+);48;(?:5;\d+|2;\d+;\d+;\d+)m *(\d+)")


def tables(**of: list[dict[str, object]]) -> Report:
    report = company.company()
    report.results, report.findings, report.tables = [], [], dict(of)
    return report


def concentration() -> list[dict[str, object]]:
    return [
        {"share_of_customers": percent, "share_of_revenue": percent**0.5 * 10, "gini": 0.4}
        for percent in range(1, 101)
    ]


def test_the_colour_of_a_cell_says_its_number_again(shown: Shown) -> None:
    report = tables(cohorts=company.company().tables["cohorts"])
    plain = shown(report, "table", width=80, NO_COLOR="1")
    numbers = [word for line in plain.splitlines()[2:8] for word in line.split()[2:]]
    for environment in ({"TERM": "xterm"}, {"TERM": "xterm", "COLORTERM": "truecolor"}):
        text = shown(report, "table", width=80, **environment)
        assert COLOURED.findall(text) == numbers
    assert "48;2;" not in shown(report, "table", width=80, TERM="xterm")
    assert "\x1b" not in shown(report, "table", width=80, TERM="dumb", COLORTERM="truecolor")


def test_columns_of_a_triangle_without_room_are_counted(shown: Shown) -> None:
    report = tables(cohorts=company.company().tables["cohorts"])
    text = shown(report, "table", width=26, NO_COLOR="1")
    assert "+2" in text
    assert "+5" not in text
    assert "more column" in text
    assert max(map(cell_width, text.splitlines())) <= 26


def test_a_triangle_shows_the_beginning_where_some_are_gone_already(shown: Shown) -> None:
    rows = company.company().tables["cohorts"]
    rows[0] = rows[0] | {"share": 90.0}
    assert "size    0" in shown(tables(cohorts=rows), "table", width=80, NO_COLOR="1")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_bar_fills_the_room_that_is_left(shown: Shown, width: int) -> None:
    text = shown(tables(funnel=company.company().tables["funnel"]), "table", width=width)
    plain = re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()
    assert max(map(cell_width, plain)) <= width
    bars = [line.count("█") for line in plain if "█" in line]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] >= 8


def test_columns_without_room_are_named_and_v_shows_them(shown: Shown) -> None:
    report = tables(funnel=company.company().tables["funnel"])
    text = shown(report, "table", width=50, NO_COLOR="1")
    assert "no room for step_rate, median_days; -v shows all" in text
    assert "median_days" in shown(report, "table", width=50, verbose=True).splitlines()[1]


def test_a_curve_is_shown_in_tens(shown: Shown) -> None:
    text = shown(tables(concentration=concentration()), "table", width=80, NO_COLOR="1")
    assert len([line for line in text.splitlines() if "█" in line]) == 10
    assert "some of 100 rows; -v shows all" in text
    whole = shown(tables(concentration=concentration()), "table", width=80, verbose=True)
    assert len(whole.splitlines()) == 102


def test_a_table_without_rows(shown: Shown) -> None:
    text = shown(tables(cohorts=[], funnel=[]), "table", width=80, NO_COLOR="1")
    assert text.count("no rows") == 2
