"""No text steers, hides, or commands the build whose log it stands in."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.cli import validate_output
from crm_kpi.cli.validate_output import Finding
from crm_kpi.errors import Problem
from crm_kpi.render import render
from crm_kpi.render.as_csv import line, safe
from crm_kpi.render.as_json import encode
from crm_kpi.render.as_markdown import escaped
from crm_kpi.render.screen import cell_width
from crm_kpi.render.text import visible
from crm_kpi.results import Refused, Report, Skipped
from tests.render.conftest import ABOUT, result

PIECES = (
    "::", "::error title=x::y", "##vso[task.setvariable]", "##[error]", "##teamcity[x", "#", ":",
    "\n", "\r", "\r\n", "\t", "\x0b", "\x85", "\u2028", " ", "\xa0", "\u3000", "\ufeff", "\u200b",
    "\xad", "\u200d", "\ufe0f", "\U000e0041", "\u3164", "\u2800", "\u034f", "\u202e", "\x1b[31m",
    "\x00", "\udcff", "a", "Đ", "=1", "@x", "👩", "\U0001f3f4", '"', ",", "|", "\\",
)  # fmt: skip
hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3))).map("".join)
OBEYED = re.compile(r"\s*::|.*##\w*\[")
JOINERS = "\u200c\u200d\ufe0e\ufe0f"
VISIBLE_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def hidden(text: str) -> list[str]:
    text = VISIBLE_FORMATS.sub("", text.replace(FLAG, ""))
    kinds = ("Cc", "Cf", "Cs", "Zl", "Zp")
    fillers = "\u034f\u115f\u1160\u2800\u3164\uffa0\ufeff"
    return [
        one
        for one in text
        if one not in JOINERS and (unicodedata.category(one) in kinds or one in fillers)
    ]


def lines(text: str) -> list[str]:
    return re.split(r"\r\n|[\n\r]", text)


def report_of(text: str) -> Report:
    one = result("revenue", "VND", 1, 5, segment={text: text}, reason=text, period=text)
    one.definition = {"basis": text}
    report = Report("1", one.start, "UTC", None, {}, [one], {}, [])
    report.tables = {"rfm": [{text: text, "n": 1}, {text: None, "n": 2}]}
    report.skipped = [Skipped("fcr", (Refused(text),))]
    return report


@given(hostile)
def test_what_people_read_of_any_text(text: str) -> None:
    shown = visible(text)
    assert hidden(shown) == []
    assert not OBEYED.match(shown)
    assert visible(shown) == shown
    report = report_of(text)
    for format in ("table", "markdown"):
        for results in (report.results, []):
            report.results = results
            stream = io.StringIO(newline="")
            render(report, format, stream, about=ABOUT, verbose=True)
            found = stream.getvalue()
            assert hidden(found.replace("\n", "")) == []
            assert [one for one in lines(found) if OBEYED.match(one)] == []


@given(hostile, st.sampled_from(["table", "csv", "markdown"]))
def test_problems_of_any_text(text: str, format: str) -> None:
    stream = io.StringIO(newline="")
    problem = Problem(text or "?", text, 1, text, text, text)
    validate_output.write([Finding(problem)], format, stream)
    assert hidden(stream.getvalue().replace("\n", "")) == []
    assert [one for one in lines(stream.getvalue()) if OBEYED.match(one)] == []


@given(hostile)
def test_annotations_of_any_text(text: str) -> None:
    stream = io.StringIO(newline="")
    validate_output.write([Finding(Problem(text, text, 1, text, text, text))], "github", stream)
    (found,) = lines(stream.getvalue())[:-1]
    assert found.startswith("::error ")
    assert not re.search(r"##\w*\[", found)
    assert hidden(found) == []


@given(hostile, hostile)
def test_csv_of_any_text(text: str, other: str) -> None:
    record = line([text, other, -5])
    assert [one for one in lines(record) if re.match(r"\s*(::|##\w*\[)", one)] == []
    (row,) = csv.reader(io.StringIO(record, newline=""))
    assert row == [safe(text), safe(other), "-5"]


@given(hostile)
def test_json_of_any_text(text: str) -> None:
    shown = encode({text: text})
    assert json.loads(shown) == {text: text}
    assert hidden(shown) == []
    assert not OBEYED.match(shown)


@pytest.mark.parametrize(
    "text",
    [
        "Hà Nội", "می\u200cخواهم", "क\u094d\u200dष", "❤\ufe0f", "1\ufe0f\u20e3", FLAG, "a::b",
        "👩\u200d💻", "👩🏽\u200d💻", "🏳\ufe0f\u200d🌈", "山田\u3000太郎", "1\xa0234", "C#",
        "[::]", "# 5",
    ],
)  # fmt: skip
def test_usual_text_stays(text: str) -> None:
    assert visible(text) == text
    assert encode(text) == f'"{text}"'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("C1\u200b", "C1\\u200b"),
        ("C1\xad", "C1\\xad"),
        ("\ufeffC1", "\\ufeffC1"),
        ("C\u200d1", "C\\u200d1"),
        ("C\u200c1", "C\\u200c1"),
        ("C1\ufe0f", "C1\\ufe0f"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f\\ufe0f"),
        ("C1\U000e0041", "C1\\U000e0041"),
        ("C1\U000e0100", "C1\\U000e0100"),
        ("\u3164", "\\u3164"),
        ("C1\u2800", "C1\\u2800"),
        ("a\u034fb", "a\\u034fb"),
        ("::error::x", "\\::error::x"),
        ("\xa0 ::x", "\xa0 \\::x"),
        ("a ##vso[x] ##[y]", "a #\\#vso[x] #\\#[y]"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert visible(text) == shown
    rows = [{"customer_id": text, "n": 1}, {"customer_id": "C1", "n": 22}]
    stream = io.StringIO()
    report = Report("1", report_of("").as_of, "UTC", None, {}, [], {"rfm": rows}, [])
    render(report, "table", stream, about=ABOUT)
    assert len({cell_width(one) for one in stream.getvalue().splitlines()}) == 1


def test_awrapped_line_is_no_command() -> None:
    from crm_kpi.render.blocks import wrapped

    assert wrapped("a" * 20 + " ::error::x", 20) == ["a" * 20, "\\::error::x"]


def test_json_escapes() -> None:
    assert encode("\ufeff\u200b\xad\x7f\udcff\u2028\U000e0041 ##vso[x]") == (
        '"\\ufeff\\u200b\\u00ad\\u007f\\udcff\\u2028\\udb40\\udc41 #\\u0023vso[x]"'
    )


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
@pytest.mark.parametrize("front", ["\ufeff", "\u200b", " ", "\xa0", "\u3000\ufeff", "\xad "])
def test_a_formula_behind_what_nobody_sees(sign: str, front: str) -> None:
    text = f"{front}{sign}SUM(A1)"
    assert safe(text) == f"'{text}"
    assert safe(f"x;{sign}A1") == f"x;'{sign}A1"
    assert safe(f"x;\ufeff{sign}A1") == f"x;'\ufeff{sign}A1"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("::error::x", '"::error::x"'),
        ("##vso[x]", '"##vso[x]"'),
        (" \ufeff::x", '" \ufeff::x"'),
        ("a::b", "a::b"),
        ("a\n::b", "a␊::b"),
        ("a\r\n ##[b]", '"a\r␊ ##[b]"'),
        ("a\nb::c", '"a\nb::c"'),
        (" -5", " -5"),
        ("x; -50%", "x; -50%"),
    ],
)
def test_csv_cells(text: str, cell: str) -> None:
    assert line([text]) == cell


def test_many_line_ends_take_no_time_that_grows_faster_than_they() -> None:
    """What is quadratic would take minutes."""
    for text in ("\n" * 300_000, " " * 300_000, "\n" + " " * 300_000, "\u200b" * 300_000):
        assert safe(f"x{text}y") == f"x{text}y"
        escaped(visible(f"{text}y"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@octocat", "@&#8203;octocat"),
        ("mai@example.com", "mai@&#8203;example.com"),
        ("#12 !3 GH-4", "#&#8203;12 !&#8203;3 GH-&#8203;4"),
        ("https://x.example", "https:&#8203;//x.example"),
        ("WWW.x.example", "WWW&#8203;.x.example"),
        ("a @ b, C# 5:30 #a", "a @ b, C# 5:30 #a"),
        ("## h", "\\## h"),
        ("12. x", "12\\. x"),
        ("> q", "&gt; q"),
        ("---", "\\---"),
        ("-5", "-5"),
        ("1.5", "1.5"),
    ],
)
def test_markdown_of(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize("text", ["see https://x.example", "www.x.example", "a@x.example"])
def test_markdown_makes_no_links(text: str) -> None:
    from markdown_it import MarkdownIt

    def kinds(text: str) -> Any:
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        return [
            inner.type for token in parser.parse(text) for inner in token.children or () if inner
        ]

    assert "link_open" not in kinds(escaped(visible(f"<{text}> {text} [x](y) ![x](y)")))
