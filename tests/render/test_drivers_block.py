"""Why a KPI moved, for people: on a terminal, as bars around zero, and in a card of a page."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crm_kpi.render.as_html.accounts import account_charts
from crm_kpi.render.bar_charts import Bar, around_zero
from crm_kpi.render.change_told import MOST, changes
from crm_kpi.render.drivers_block import drivers_block
from crm_kpi.render.screen import Screen, cell_width
from crm_kpi.render.speak import Speaker
from crm_kpi.results import Report
from tests.analyses.support import report
from tests.metrics.rows import sale, scores

ANSWERS = [
    row | {"agent": agent}
    for agent, day, good, bad in (
        *(("basic", "2024-01-10", 88, 12), ("pro", "2024-01-10", 291, 9)),
        *(("basic", "2024-02-10", 180, 20), ("pro", "2024-02-10", 195, 5)),
    )
    for row in scores("csat", *[5] * good, *[1] * bad, day=day)
]


def told(**options: str) -> Report:
    definition = "{metric: csat, by: [agent]}"
    return report({"surveys": ANSWERS}, "drivers", as_of="2024-02-29", definition=definition)


def lines(found: Report, width: int, language: str = "en") -> list[str]:
    screen = Screen(terminal=True, colour=False, width=width)
    block = drivers_block(found.tables["drivers"], found, screen, Speaker(language))
    return ["".join(text for text, _ in line).rstrip() for line in block]


def test_bars_and_the_sum_that_is_the_change() -> None:
    assert lines(told(), 96)[1:] == [
        "Customer Satisfaction Score",
        "  Feb 2024 against Jan 2024 · 94.8 % to 93.8 % (▼ -1.0 pts) · 95 %: -4.3 to 2.3 · may be "
        "chance",
        "",
        "  by agent",
        "  basic  -0.6 pts  ███████████████████████│  "
        "88.0 % to 90.0 % · rate +0.8 pts, mix -1.3 pts",
        "  pro    -0.4 pts       ██████████████████│  "
        "97.0 % to 97.5 % · rate +0.3 pts, mix -0.8 pts",
        "  sum    -1.0 pts",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_line_is_longer_than_the_screen(width: int, language: str) -> None:
    assert all(cell_width(line) <= width for line in lines(told(), width, language))


def test_vietnamese() -> None:
    said = "\n".join(lines(told(), 100, "vi"))
    assert "Tháng 2/2024 so với Tháng 1/2024" in said
    assert "do tỷ lệ +0,8 điểm, do cơ cấu -1,3 điểm" in said
    assert "tổng   -1,0 điểm" in said


def test_many_segments_are_told_together() -> None:
    rows = [
        sale("A", f"2024-0{month}-10", 10 * month * place, channel=f"C{place:02}")
        for place in range(1, MOST + 4)
        for month in (1, 2)
    ]
    found = report(
        {"transactions": rows},
        "drivers",
        as_of="2024-02-29",
        definition="{metric: revenue, by: [channel]}",
    )
    (change,) = changes(found.tables["drivers"], found, Speaker())
    account = change.accounts[0]
    assert [line.name for line in account.lines[-2:]] == ["C04", "3 others"]
    assert sum(line.total for line in account.lines) == account.whole.total == 1200
    assert {line.tone for line in account.lines[:-1]} == {"good"}


def test_nothing_to_tell() -> None:
    found = report({"surveys": []}, "drivers", as_of="2024-02-29", definition="{metric: csat}")
    assert lines(found, 80)[1:] == ["  no rows"]


def boxes(svg: str) -> Sequence[str]:
    return [part.split("/>")[0].split(">")[0] for part in svg.split("<rect ")[1:]]


def test_bars_go_both_ways_from_zero() -> None:
    left, right = boxes(around_zero([Bar("a", -3, "-3", kind="bad"), Bar("b", 1, "+1")], "x"))
    assert 'class="fill bad"' in left
    assert 'width="51%"' in left  # 3 of 4 parts of 68 percent
    assert 'x="51%"' in right
    assert 'width="17%"' in right


def test_a_chart_says_its_sum_to_those_who_cannot_see_it() -> None:
    found = told()
    (change,) = changes(found.tables["drivers"], found, Speaker())
    ((heading, chart),) = account_charts(change)
    assert heading == "by agent"
    assert 'aria-label="Customer Satisfaction Score, by agent: sum -1.0 pts"' in chart
