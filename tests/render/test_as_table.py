from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

from crm_kpi.render import About, render
from crm_kpi.render.screen import Screen, cell_width
from crm_kpi.results import Report

Shown = Callable[..., str]
ESCAPE = re.compile(r"\x1b\[[\d;]*m")


def without(report: Report, *metrics: str) -> Report:
    report.results = [result for result in report.results if result.metric not in metrics]
    return report


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, crm_kpi.render; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert not {"rich", "polars", "narwhals", "pydantic", "yaml"} & set(loaded.split())


@pytest.mark.parametrize("width", [80, 100, 140, 200])
def test_a_terminal_is_never_overrun(width: int, report: Report, shown: Shown) -> None:
    text = shown(without(report, "revenue"), "table", width=width, verbose=True)
    assert max(map(cell_width, ESCAPE.sub("", text).splitlines())) <= width


@pytest.mark.parametrize("width", [20, 40, 80])
def test_numbers_are_never_cut(width: int, report: Report, shown: Shown) -> None:
    text = shown(report, "table", width=width, verbose=True, NO_COLOR="1")
    words = text.split()
    for number in (
        "98,765,432,109,876,543,210,987,654,321,099", "-1,250,000", "-1,250,100", "94.96",
        "54.04", "1,234,567",
    ):  # fmt: skip
        assert number in words


def test_what_has_no_room_stands_beneath_when_asked_for(report: Report, shown: Shown) -> None:
    assert "95 % interval 76.4 to 99.1" not in shown(report, "table", width=60, NO_COLOR="1")
    text = shown(report, "table", width=60, verbose=True, NO_COLOR="1")
    assert "      95 % interval 76.4 to 99.1 · progress 100.0 %\n" in text


def test_off_a_terminal_each_result_is_one_whole_line(report: Report, shown: Shown) -> None:
    report.tables.clear()
    text = shown(report, "table")
    header, *lines = text.splitlines()
    assert header.split()[:2] == ["metric", "period"]
    assert [line.split()[:2] for line in lines] == [
        [result.metric, result.period] for result in report.results
    ]
    assert text == shown(report, "table", COLUMNS="20")
    whole = shown(report, "table", verbose=True)
    assert "…" not in whole
    assert whole.splitlines()[1].endswith("annualised 54.04  basis contract")


def test_off_a_terminal_a_line_has_at_most_120_columns(report: Report, shown: Shown) -> None:
    """As long as no number has to be cut for it."""
    report = without(report, "revenue", "purchase_frequency")
    report.tables.clear()
    report.results[0].reason = "a reason " * 20
    report.results[3].reason = "no customers " * 20
    header, first, *lines = shown(report, "table").splitlines()
    assert "interval" not in header
    assert max(map(cell_width, [header, first, *lines])) <= 120
    assert "low n:…" in first
    assert "no data: no customers no customers" in lines[2]


def test_the_columns_of_a_line(report: Report, shown: Shown) -> None:
    report.results = [result for result in report.results if result.metric == "nps"]
    report.tables.clear()
    header, *_ = shown(report, "table").splitlines()
    assert header.split() == [
        "metric", "period", "segment", "value", "change", "n", "95", "%", "interval", "goal",
        "rating", "note",
    ]  # fmt: skip


def test_segments_stand_in_one_column(report: Report, shown: Shown) -> None:
    report.results = [result for result in report.results if result.metric == "nps"]
    report.tables.clear()
    for result in report.results[1:]:
        result.segment = {"agent": "An", **result.segment}
    lines = shown(report, "table").splitlines()
    assert lines[1].split()[2] == "(all)"
    assert "An, (blank)" in lines[2]


def test_empty_columns_are_left_out_on_a_terminal_only(report: Report, shown: Shown) -> None:
    report.results = [result for result in report.results if result.metric == "tickets"]
    report.tables.clear()
    assert "goal" not in shown(report, "table", width=200)
    assert "goal" in shown(report, "table")


def test_rows_without_value_give_their_reason(report: Report, shown: Shown) -> None:
    lines = shown(report, "table", width=80, NO_COLOR="1").splitlines()
    assert "  2024-04        –  no data: no customers at the start" in lines
    assert "  2024-02        –  partial · pending: the period has not begun" in lines


def test_a_metric_without_any_value(report: Report, shown: Shown) -> None:
    report.results = report.results[3:4]
    report.tables.clear()
    assert shown(report, "table", width=80, NO_COLOR="1").splitlines()[-2:] == [
        "  period   value  note",
        "  2024-04      –  no data: no customers at the start",
    ]


@pytest.mark.parametrize("width", [None, 80])
def test_ratings_can_be_read_without_colour(
    width: int | None, report: Report, shown: Shown
) -> None:
    text = shown(report, "table", width=width, NO_COLOR="1")
    assert "\x1b" not in text
    for rating in ("✓ met", "~ warning", "✗ missed"):
        assert rating in text


def test_colours(report: Report, shown: Shown) -> None:
    text = shown(report, "table", width=100, TERM="xterm")
    assert "\x1b[32m✓ met" in text
    assert "\x1b[33m~ warning" in text
    assert "\x1b[31m✗ missed" in text
    assert "\x1b[31m▼ -28.3" in text  # retention falls: bad
    assert "\x1b[32m▼ -0.034" in text  # churn falls: good
    assert "▲ +7" in text
    assert "m▲ +7" not in text  # tickets: neither
    assert set(ESCAPE.findall(text)) == {f"\x1b[{code}m" for code in (0, 1, 2, 31, 32, 33)}


def test_colour_changes_nothing_but_colour(report: Report, shown: Shown) -> None:
    coloured = ESCAPE.sub("", shown(report, "table", width=80, TERM="xterm"))
    plain = shown(report, "table", width=80, NO_COLOR="1")
    assert [line.rstrip() for line in coloured.splitlines()] == plain.splitlines()


@pytest.mark.parametrize(
    ("width", "environment", "colour"),
    [
        (80, {}, True),
        (80, {"TERM": "dumb"}, False),
        (80, {"NO_COLOR": "1"}, False),
        (80, {"NO_COLOR": ""}, True),
        (80, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (80, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (None, {}, False),
        (None, {"FORCE_COLOR": "1"}, True),
        (None, {"FORCE_COLOR": ""}, False),
    ],
)
def test_when_there_is_colour(
    width: int | None, environment: dict[str, str], colour: bool, report: Report, shown: Shown
) -> None:
    assert ("\x1b[" in shown(report, "table", width=width, **environment)) is colour


def test_forced_colour_does_not_make_a_terminal(report: Report, shown: Shown) -> None:
    forced = ESCAPE.sub("", shown(report, "table", FORCE_COLOR="1"))
    lines = [line.rstrip() for line in forced.splitlines()]
    assert lines == shown(report, "table").splitlines()


@pytest.mark.parametrize("width", [None, 80, 200])
def test_data_cannot_steer_the_terminal(width: int | None, report: Report, shown: Shown) -> None:
    report.results[0].reason = "odd value '\x1b]0;x\x07' [bold]"
    report.results[0].period = "Tết\r2024"
    text = shown(report, "table", width=width, verbose=True, NO_COLOR="1")
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert "low n: odd value '␛]0;x␇' [bold]" in text
    assert "Tết␍2024" in text


def test_columns_stay_aligned_with_wide_and_combining_letters(report: Report, shown: Shown) -> None:
    lines = shown(report, "table", width=200, NO_COLOR="1").splitlines()
    rows = [line for line in lines if line.startswith("  2024-12")]
    assert len({cell_width(line[: line.index(" pts")]) for line in rows}) == 1


@pytest.mark.parametrize(
    ("progress", "bar"),
    [
        (-12.5, "────────── -12.5 %"),
        (0, "──────────   0.0 %"),
        (9.99, "──────────  10.0 %"),
        (55.0, "━━━━━─────  55.0 %"),
        (99.99, "━━━━━━━━━─ 99.99 %"),
        (100, "━━━━━━━━━━ 100.0 %"),
        (250, "━━━━━━━━━━ 250.0 %"),
    ],
)
def test_the_bar_is_clamped_and_the_number_is_not(
    progress: float, bar: str, report: Report, shown: Shown
) -> None:
    report.results[0].progress = progress
    del report.results[1:]
    assert bar in shown(report, "table", width=200, NO_COLOR="1")


def test_skipped_metrics_are_listed_when_asked_for(report: Report, shown: Shown) -> None:
    for width in (None, 80):
        assert "no tickets source" not in shown(report, "table", width=width)
        assert "no tickets source" in shown(report, "table", width=width, verbose=True)
    report.results, report.tables = [], {}
    for width in (None, 80):
        assert "no tickets source" in shown(report, "table", width=width)


def test_headings_follow_the_given_order(report: Report, shown: Shown) -> None:
    report.results.reverse()
    text = shown(report, "table", width=80, NO_COLOR="1")
    domains = [line.split(" ", 1)[1].strip("─ ") for line in text.splitlines() if line[:2] == "──"]
    assert domains == [
        "Retention and buying", "Surveys", "Service", "Sales", "cohorts", "rfm",
    ]  # fmt: skip


def test_totals_and_blanks_of_two_dimensions_have_names(report: Report, shown: Shown) -> None:
    del report.results[3:]
    report.tables.clear()
    first, second, third = report.results
    first.segment, second.segment, third.segment = {}, {"a": "x"}, {"a": "x", "b": None}
    lines = shown(report, "table", width=120, NO_COLOR="1").splitlines()
    cells = [line.split()[1:3] for line in lines if line.startswith("  2024")]
    assert cells == [["(all)", "(all)"], ["x", "(all)"], ["x", "(blank)"]]


def test_the_width_is_that_of_the_stream(
    report: Report, about: Mapping[str, About], monkeypatch: pytest.MonkeyPatch
) -> None:
    pty, fcntl, termios = map(pytest.importorskip, ("pty", "fcntl", "termios"))
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 97, 0, 0))
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        assert Screen.of(stream) == Screen(terminal=True, colour=True, width=97)
        report.results, report.tables = report.results[:1], {}
        render(report, "table", stream, about=about)
        stream.flush()
        text = os.read(ours, 65536).decode()
    os.close(ours)
    assert cell_width(ESCAPE.sub("", text).splitlines()[0]) == 97


def test_a_closed_or_made_up_terminal_is_80_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    with open(os.devnull, "w") as stream:
        assert Screen.of(stream).width == 80
