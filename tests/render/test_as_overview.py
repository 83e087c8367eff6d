"""The overview: what it shows, in which order, and that it fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.render import About, as_overview
from crm_kpi.render.screen import Screen, cell_width
from crm_kpi.render.strokes import bar, sparkline
from crm_kpi.results import Asked, MetricInfo, Rating, Report, Result, Status
from tests.render import company

Shown = Callable[..., str]
ESCAPE = re.compile(r"\x1b\[[\d;]*m")


def lines_of(shown: Shown, report: Report, **how: Any) -> list[str]:
    given = {"width": 80, "about": company.ABOUT, "NO_COLOR": "1"} | how
    return shown(report, "overview", **given).splitlines()


def titles(lines: list[str]) -> list[str]:
    """Of the lines of KPIs, in their order."""
    first = next(place for place, line in enumerate(lines) if line.startswith("──"))
    found = (re.match(r"[✓~✗ ] ([A-Z].*?)  ", line) for line in lines[first:])
    return [match[1] for match in found if match]


def test_what_is_bad_comes_first(shown: Shown) -> None:
    lines = lines_of(shown, company.company())
    at = lines.index("Needs attention")
    assert lines[at + 1].startswith("~ NPS")
    assert "1.0 pts short of the goal of 50.0 pts, within the error" in lines[at + 1]
    assert lines.index("Good to know") == at + 2
    assert at < next(i for i, line in enumerate(lines) if line.startswith("──"))


def test_of_a_domain_come_the_first_six_and_those_with_a_goal(shown: Shown) -> None:
    report = company.company()
    lines = lines_of(shown, report)
    assert titles(lines)[:6] == [
        "Revenue", "Customers", "Retention rate", "Order value", "Purchase frequency",
        "Loyal customers",
    ]  # fmt: skip
    assert "2 more KPIs: --all" in lines
    last = [r for r in report.results if r.metric == "time_between_purchases"][-1]
    last.target, last.rating = Decimal(30), Rating.MISSED
    lines = lines_of(shown, report)
    assert any(line.startswith("✗ Time between purchases") for line in lines)
    report.asked = Asked(whole=True)
    lines = lines_of(shown, report)
    assert any("Revenue per customer" in line for line in lines)
    assert not any("--all" in line for line in lines)


def test_the_headline_and_named_kpis_come_first(shown: Shown) -> None:
    report = company.company()
    report.asked = Asked(headline=("revenue_per_customer",), title="Cà phê")
    lines = lines_of(shown, report)
    assert titles(lines)[0] == "Revenue per customer"
    assert lines[0] == "Cà phê · Dec 2024 · compared with Nov 2024"
    report.asked = Asked(names=tuple(company.UNITS))
    assert len([line for line in lines_of(shown, report) if "▼" in line]) >= 11


def test_few_cases_stand_in_one_line_unless_they_are_asked_for(shown: Shown) -> None:
    report = company.company()
    lines = lines_of(shown, report)
    assert "Too few cases to stand here (1): Reopen rate (12)" in lines
    assert "Reopen rate" not in titles(lines)
    report.asked = Asked(names=("reopen_rate",))
    lines = lines_of(shown, report)
    assert "Reopen rate" in titles(lines)
    assert "* few cases" in lines


def test_the_latest_whole_period_is_shown(shown: Shown) -> None:
    report = company.company()
    for result in report.results:
        result.partial = result.period == "2024-12"
    lines = lines_of(shown, report)
    assert "Nov 2024" in lines[0]
    for result in report.results:
        result.partial = True
    assert "Dec 2024 (partial)" in lines_of(shown, report)[0]


def test_periods_of_their_own_are_none_of_the_rhythm(shown: Shown) -> None:
    report = company.company()
    tet = replace(report.results[-1], period="Tết", end=date(2025, 2, 1))
    report.results.append(tet)
    report.asked = Asked(custom=frozenset(["Tết"]))
    assert "Dec 2024" in lines_of(shown, report)[0]


def test_a_kpi_without_value_gives_its_reason(shown: Shown) -> None:
    report = company.company()
    for result in report.results:
        if result.metric == "csat":
            result.value, result.change = None, None
            result.status, result.reason = Status.NO_DATA, "no answers since the spring"
    line = next(line for line in lines_of(shown, report) if line.startswith("  CSAT"))
    assert line.endswith("no answers since the spring")


def test_narrower_the_goal_goes_then_half_of_the_history_never_a_number(shown: Shown) -> None:
    report = company.company()
    wide, middle, narrow = (lines_of(shown, report, width=width) for width in (100, 64, 52))
    line = {
        name: next(each for each in lines if each.startswith("~ NPS") and "▼" in each)
        for name, lines in (("wide", wide), ("middle", middle), ("narrow", narrow))
    }
    assert "≥ 50.0" in line["wide"]
    assert "45.0 to 53.0" in line["wide"]
    assert "≥" not in line["middle"]
    assert "▁▇▄▁█▅▂█▆▃▁▇▄" in line["middle"]
    assert line["narrow"].endswith("▂█▆▃▁▇▄")
    for words in line.values():
        assert "49.0 pts" in words
        assert "▼ -11.3 pts" in words


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("by", [False, True])
def test_without_colour_nothing_lacks(shown: Shown, environment: dict[str, str], by: bool) -> None:
    report = company.company(by=by)
    plain = lines_of(shown, report, **({"NO_COLOR": ""} | environment))
    coloured = lines_of(shown, report, NO_COLOR="", TERM="xterm-256color")
    assert "\x1b" not in "".join(plain)
    assert [ESCAPE.sub("", line).rstrip() for line in coloured] == plain


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("by", [False, True])
@pytest.mark.parametrize("width", [40, 44, 50, 60, 72, 80, 100, 120, 200])
def test_every_line_is_within_the_width(shown: Shown, language: str, by: bool, width: int) -> None:
    report = company.company(by=by)
    lines = lines_of(shown, report, width=width, language=language)
    assert max(map(cell_width, lines)) <= width


words = st.text("aàbĩ 客戶.-|", min_size=1, max_size=30)
numbers = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**12), 10**12, places=2),
    st.floats(-1e6, 1e6),
)


@given(
    st.lists(st.tuples(words, numbers, numbers, st.booleans()), min_size=1, max_size=8),
    st.integers(44, 200),
    st.sampled_from(["en", "vi"]),
    st.sampled_from(["percent", "points", "VND", "count", "hours"]),
)
def test_lines_fit_whatever_they_say(
    rows: list[tuple[str, Any, Any, bool]], width: int, language: str, unit: str
) -> None:
    report = company.company()
    report.results, report.findings, report.tables = [], [], {}
    about = {}
    for place, (title, value, change, rated) in enumerate(rows):
        name = f"k{place}"
        about[name] = About(title, "a / b", "Domain", True)
        report.metrics[name] = MetricInfo(title, title, "sales", unit, True, "a / b")
        result = Result(
            name, "2024-12", date(2024, 12, 1), date(2025, 1, 1), False, {}, value, unit,
            40, None, None, {}, {}, change=None if value is None else change,
        )  # fmt: skip
        if rated and value is not None:
            result.target, result.rating = 5, Rating.MISSED
        if value is None:
            result.reason = title
        report.results.append(result)
    screen = Screen(terminal=True, colour=False, width=width)
    blocks = as_overview.blocks(report, about, screen, language)
    lines = ["".join(text for text, _ in line) for block in blocks for line in block]
    assert max(map(cell_width, lines)) <= width


def test_a_bar_is_never_longer_than_its_room() -> None:
    assert bar(100, 100, 8) == "█" * 8
    assert bar(50, 100, 8) == "█" * 4
    assert bar(1, 10_000, 8) == "▏"
    assert bar(1, 16, 8) == "▌"
    assert bar(0, 100, 8) == bar(-5, 100, 8) == bar(5, 0, 8) == ""
    assert bar(250, 100, 8) == "█" * 8


def test_a_line_of_history() -> None:
    assert sparkline([1, None, 2, 3]) == "▁·▅█"
    assert sparkline([5, 5, 5]) == "▁▁▁"
    assert sparkline([None, 1]) == ""
    assert sparkline([Decimal(1), 1.5]) == "▁█"
