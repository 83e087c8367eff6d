"""Text from data, file names and config, in every format: shown as it is, and nothing more."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from markdown_it import MarkdownIt

from crm_kpi.errors import Problem
from crm_kpi.render.as_csv import SUSPECT, safe
from crm_kpi.results import Refused, Report, Skipped

from .conftest import TEXTS

Shown = Callable[..., str]

PAYLOADS = (
    "=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "x;=1+1",
    'x";=HYPERLINK("y")', "a\n=1", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "&lt;b&gt;", "[x](javascript:y)", "![x](y)", "**b**", "_i_", "`c`", "~~s~~", "a|b", "\\|",
    "# h", "- l", "[bold red]x[/]", "\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "\x00", "\x7f",
    "\x08\x08", "a\u202eb", "\u2066x\u2069", "\u200f", "a\u2028b", "::error::x",
    "::set-output name=a::b", "\udcff", "##vso[task.complete]", "a\n::error::x", "a\r ##[error]x",
    "\ufeff=1", "\u200b\ufeff+1+cmd", " \xa0@SUM(A1)", "x;\u200b=1", "x;＝1", "\xad::x", "C1\u200b",
    "@octocat", "a@b.example", "https://x.example", "www.x.example", "#1", "1. x", "## h", "---",
)  # fmt: skip
HARMLESS = (
    "-5",
    "+84 901 234 567",
    "-1.250.000,50",
    "-12.5 %",
    "+",
    "-",
    "a - b",
    "5;3",
    "x=1",
    "a; - b",
    " -5",
)
OUR_COLOURS = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(params=PAYLOADS)
def payload(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hostile_report(report: Report, payload: str) -> Report:
    """The payload wherever a text of somebody else can stand."""
    for result in report.results:
        result.period = payload
        result.segment = {payload: payload}
        result.reason = payload
        result.definition = {"basis": payload, "keys": [payload], "map": {payload: payload}}
    report.tables = {"rfm": [{"customer_id": payload, payload: payload, "n": 1}]}
    report.skipped = [Skipped("fcr", (Refused(payload),))]
    for audit in report.sources.values():
        audit.paths = [payload]
        audit.columns = {"customer_id": payload}
        audit.notes = [payload]
        audit.problems = [Problem(payload, payload, 1, payload, payload, payload)]
        audit.reasons.clear()
        audit.reasons[payload] = 1
    return report


@pytest.mark.parametrize("format", TEXTS)
@pytest.mark.parametrize("width", [None, 100])
def test_nothing_steers_a_terminal(
    hostile_report: Report, shown: Shown, format: str, width: int | None
) -> None:
    more: dict[str, Any] = {"TERM": "xterm"} if width else {}
    text = OUR_COLOURS.sub("", shown(hostile_report, format, width=width, verbose=True, **more))
    # CSV keeps what nobody sees, too.
    layout = "\n\r\t\xa0\xad\u200b\ufeff" if format == "csv" else "\n\xa0"
    assert [letter for letter in text if not letter.isprintable() and letter not in layout] == []
    text.encode()  # no lone surrogates either


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_computes(hostile_report: Report, shown: Shown, delimiter: str) -> None:
    """Nor where the reader splits otherwise than we wrote."""
    of_results = shown(hostile_report, "csv")
    hostile_report.results = []
    of_table = shown(hostile_report, "csv")
    for text in (of_results, of_table):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            for cell in row:
                computes = cell.lstrip(" \xa0\xad\u200b\ufeff").startswith(
                    ("=", "+", "-", "@", "＝", "\t", "\r", "\n")
                )
                assert not computes or re.fullmatch(r"[+-]?[\d.]*", cell), cell


def test_every_csv_row_is_as_wide_as_the_header(hostile_report: Report, shown: Shown) -> None:
    header, *rows = csv.reader(io.StringIO(shown(hostile_report, "csv"), newline=""))
    assert {len(row) for row in rows} == {len(header)}


def test_json_gives_the_text_back(hostile_report: Report, shown: Shown, payload: str) -> None:
    found = json.loads(shown(hostile_report, "json"))
    assert found["results"][0]["segment"] == {payload: payload}
    assert found["results"][0]["reason"] == payload
    assert found["tables"]["rfm"][0]["customer_id"] == payload
    assert found["sources"]["customers"]["paths"] == [payload]


def test_markdown_is_text(hostile_report: Report, shown: Shown) -> None:
    """A parser of Markdown finds our headings, tables and one code span a metric, and no more."""
    text = shown(hostile_report, "markdown", verbose=True)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    kinds: set[str] = set()
    for token in parser.parse(text):
        kinds.add(token.type)
        for inner in token.children or ():
            kinds.add(inner.type)
            if inner.type == "code_inline":
                assert re.fullmatch(r"[a-z_]+", inner.content)
    allowed = {"inline", "text", "code_inline", "hardbreak", "softbreak", "text_special"}
    blocks = r"(heading|paragraph|table|thead|tbody|tr|th|td|bullet_list|list_item)_(open|close)"
    assert {kind for kind in kinds - allowed if not re.fullmatch(blocks, kind)} == set()


def test_markup_of_our_own_tools_is_not_read(
    hostile_report: Report, shown: Shown, payload: str
) -> None:
    if payload == "[bold red]x[/]":
        assert payload in shown(hostile_report, "table", width=200, TERM="xterm")


@pytest.mark.parametrize("text", HARMLESS)
def test_text_that_computes_nothing_stays(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("text", [*PAYLOADS, *HARMLESS, "x"])
def test_what_is_made_safe_is_found_before(text: str) -> None:
    if "\udcff" not in text and safe(text) != text:
        assert re.search(SUSPECT, text)
