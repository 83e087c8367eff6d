"""The workbook: the numbers of JSON, text that stays text, nobody who should not be named."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.cli.for_people import FORMATS, PAGES
from crm_kpi.errors import Problem, UsageError
from crm_kpi.render.as_xlsx import excel_limits
from crm_kpi.render.as_xlsx.book import Book
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Asked, Refused, Report, Skipped
from tests.messages.vietnamese import english_words
from tests.render.conftest import ABOUT, no_data, on_a_terminal, result
from tests.render.workbooks import formulas_of, opened, rows_of, texts_of

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "samples" / "crm-kpi.yaml"
MONTHS = ("report", "-c", str(CONFIG), "--every", "month", "--from", "2023-12-01", "--last", "13")
FEW = ("revenue", "nps", "retention_rate", "mrr")
Written = Callable[..., bytes]
Booked = Callable[..., bytes]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What `crm-kpi` with these words writes to a file."""

    def run(*words: str, name: str = "report.xlsx") -> bytes:
        path = tmp_path_factory.mktemp("book") / name
        command = [sys.executable, "-m", "crm_kpi", *words, "-q", "-o", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=path.parent)
        assert (done.returncode, done.stderr) == (0, "")
        return path.read_bytes()

    return run


@pytest.fixture(scope="module")
def sample(written: Written) -> bytes:
    """All KPIs and analyses of the sample company over 13 months."""
    return written(*MONTHS)


@pytest.fixture(scope="module")
def answer(written: Written) -> dict[str, Any]:
    """The same as JSON."""
    return dict(parsed(written(*MONTHS, name="report.json")))


def parsed(content: bytes) -> Any:
    """JSON with all digits."""
    return json.loads(content, parse_float=Decimal)


def as_json(value: Any) -> Any:
    """A cell as JSON has it: dates as text; empty text is null in neither."""
    return value.date().isoformat() if isinstance(value, datetime) else value


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """A result of JSON with the columns of CSV."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if name == "segment":
            found["segment"] = ",".join(value) or None
        if name in ("segment", "components", "definition"):
            found |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            found[name] = value
    return {
        name: json.dumps(value, ensure_ascii=False, default=float)
        if isinstance(value, (list, dict))
        else value
        for name, value in found.items()
    }


def records_of(sheet: Any, first: int = 1) -> list[dict[str, Any]]:
    """The rows of a sheet under its headings, without empty cells."""
    headings, *rows = rows_of(sheet)[first - 1 :]
    return [
        {
            name: as_json(value)
            for name, value in zip(headings, row, strict=True)
            if value is not None
        }
        for row in rows
    ]


def same(mine: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    wanted = [
        {name: value for name, value in flat(record).items() if value not in (None, "")}
        for record in theirs
    ]
    assert len(mine) == len(wanted)
    for here, there in zip(mine, wanted, strict=True):
        assert here == {name: _in_a_cell(value) for name, value in there.items()}


def _in_a_cell(value: Any) -> Any:
    """What stands for it in a sheet: numbers have at most 15 digits."""
    if isinstance(value, Decimal):
        return float(Context(prec=15).plus(value))
    return visible(value) if isinstance(value, str) and value[:1] not in "[{" else value


@pytest.mark.parametrize("more", [(), ("--by", "segment")])
def test_results_are_those_of_json(written: Written, more: tuple[str, ...]) -> None:
    words = ("report", *FEW, *MONTHS[1:], *more)
    theirs = parsed(written(*words, name="report.json"))["results"]
    same(records_of(opened(written(*words))["Results"]), theirs)


def test_results_of_all_kpis_are_those_of_json(sample: bytes, answer: dict[str, Any]) -> None:
    same(records_of(opened(sample)["Results"]), answer["results"])


@pytest.mark.parametrize("more", [(), ("--by", "segment")])
def test_trends_are_the_values_of_json(written: Written, more: tuple[str, ...]) -> None:
    words = ("report", *FEW, *MONTHS[1:], *more)
    theirs = parsed(written(*words, name="report.json"))["results"]
    sheet = opened(written(*words))["Trends"]
    headings, *rows = rows_of(sheet)
    first = headings.index("Goal") + 1
    assert {type(heading) for heading in headings[first:]} == {datetime}
    found = {
        (row[1], *row[2 : first - 2], as_json(day)): value
        for row in rows
        for day, value in zip(headings[first:], row[first:], strict=True)
        if value is not None
    }
    names = ["segment"] if more else []
    assert headings[2 : first - 2] == names
    assert found == {
        (
            one["metric"],
            *(_segment(one["segment"], name) for name in names),
            one["start"],
        ): _in_a_cell(one["value"])
        for one in theirs
        if one["value"] is not None
    }
    assert sheet.freeze_panes
    assert sheet.auto_filter.ref == sheet.dimensions


def _segment(segment: dict[str, str | None], name: str) -> str:
    return segment[name] or "(blank)" if name in segment else "(all)"


def test_tables_are_those_of_json(written: Written) -> None:
    names = ("funnel", "concentration", "issues", "rfm", "cohorts", "survival")
    words = ("report", *names, "-c", str(CONFIG), "--set", "definitions.rfm.per=segment")
    theirs = parsed(written(*words, name="report.json"))["tables"]
    book = opened(written(*words))
    sheets = dict(zip(theirs, book.sheetnames, strict=False))
    for name, records in theirs.items():
        rows = rows_of(book[sheets[name]])[1:]
        if name == "cohorts":
            shares = [one["share"] for one in records if one["share"] is not None]
            cells = [cell for row in rows for cell in row[2:] if cell is not None]
            assert cells == [_in_a_cell(share) for share in shares]
            assert book[sheets[name]].conditional_formatting
        else:
            assert rows == [[_in_a_cell(value) for value in one.values()] for one in records]
            assert len(book[sheets[name]].tables) == 1
    assert len(book[sheets["funnel"]]._charts) == len(book[sheets["concentration"]]._charts) == 1


def test_the_sheets(sample: bytes) -> None:
    book = opened(sample)
    assert book.sheetnames[:3] == ["Summary", "Charts", "Trends"]
    assert book.sheetnames[-3:] == ["Results", "Rows", "Definitions"]
    assert len(book.sheetnames) == 6 + 15
    assert len(book["Charts"]._charts) == 24
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert book["Summary"].page_setup.fitToHeight == 0
    assert book["Summary"].sheet_properties.pageSetUpPr.fitToPage


def test_the_summary(sample: bytes) -> None:
    sheet = opened(sample)["Summary"]
    rows = rows_of(sheet)
    assert rows[0][0] == "Customer report"
    assert "Dec 2024 · compared with Nov 2024" in rows[1][0]
    assert "2 of 5 goals met" in rows[1][0]
    assert [row[0] for row in rows[3:7]] == [
        "Needs attention",
        "First contact resolution",
        "Customer Satisfaction Score",
        "Net Promoter Score",
    ]
    csat = next(row for row in sheet.iter_rows(min_row=9) if "Satisfaction" in str(row[0].value))
    assert csat[1].value == pytest.approx(76.4705882352941, abs=1e-13)
    assert csat[1].number_format == '0.0" %"'
    assert csat[3].number_format == '"≥ "0.0" %"'
    assert csat[4].value == "~ warning"
    money = next(row for row in sheet.iter_rows(min_row=9) if row[0].value == "Revenue")
    assert (money[1].value, money[1].number_format) == (287071600, '#,##0" ₫"')
    assert money[2].number_format.startswith('+#,##0" ₫";-')
    nothing = next(row for row in rows if row[0] == "Customer Effort Score")
    assert nothing[1:3] == ["no answers", None]


def test_there_are_sparklines_and_dashed_goals(sample: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(sample)
    shutil.unpack_archive(tmp_path / "a.xlsx", tmp_path / "a", "zip")
    first = (tmp_path / "a/xl/worksheets/sheet1.xml").read_text("utf-8")
    assert first.count("<x14:sparkline>") > 40
    charts = [path.read_text("utf-8") for path in (tmp_path / "a/xl/charts").glob("chart*.xml")]
    dashed = sum('<a:prstDash val="dash"/>' in chart for chart in charts)
    assert dashed == 5 + 1  # the goals, and what is expected
    lines = [chart for chart in charts if "<c:lineChart>" in chart]
    assert all('<c:dispBlanksAs val="span"/>' in chart for chart in lines)


def test_the_same_input_is_the_same_file(sample: bytes, written: Written) -> None:
    assert written(*MONTHS) == sample


def test_rows_are_accounted_for(sample: bytes, answer: dict[str, Any]) -> None:
    texts = {*texts_of(sample)}
    for audit in answer["sources"].values():
        assert {*audit["paths"], *audit["sha256"]} <= texts
    rows = rows_of(opened(sample)["Rows"])
    customers = answer["sources"]["customers"]
    counts = ("rows", "used", "rejected", "duplicates", "excluded", "future")
    wanted = ["customers", 1, *(customers[count] for count in counts)]
    assert wanted in rows


def test_nobody_of_the_input_is_named(sample: bytes, written: Written) -> None:
    with (ROOT / "samples" / "customers.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    columns = ("Mã khách hàng", "Tên khách hàng", "Email", "Điện thoại")
    cells = {row[name].strip() for row in rows for name in columns} - {""}
    for table in ("tickets", "leads", "opportunities", "surveys"):
        lines = (ROOT / "samples" / f"{table}.csv").read_text("utf-8").splitlines()[1:]
        cells |= {name for line in lines if len(name := re.split("[,;]", line)[0].strip('"')) > 4}
    assert len(cells) > 1000
    assert cells.isdisjoint(texts_of(sample))
    with_lists = written(*MONTHS, "--set", "report.lists=true")
    assert not cells.isdisjoint(texts_of(with_lists))
    assert "Rejected" in opened(with_lists).sheetnames
    assert "31/02/2024" in {*texts_of(with_lists)} - {*texts_of(sample)}


def test_sizes(sample: bytes, written: Written) -> None:
    assert len(sample) <= 500 * 1024
    assert len(written(*MONTHS, "--by", "segment")) <= 1536 * 1024
    assert len(written("report", *FEW, "-c", str(CONFIG))) <= 100 * 1024


def test_sixty_periods_and_more(written: Written) -> None:
    longer = ("--every", "week", "--from", "2023-01-01", "--last", "70")
    book = opened(written("report", *FEW, "-c", str(CONFIG), *longer))
    headings = rows_of(book["Trends"])[0]
    assert sum(isinstance(heading, datetime) for heading in headings) == 70
    first, last = re.findall(r"\$([A-Z]+)\$1", book["Charts"]._charts[0].series[0].cat.numRef.f)
    assert last == book["Trends"].cell(1, len(headings)).column_letter
    assert _number(last) - _number(first) == 59


def _number(letters: str) -> int:
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - 64
    return found


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_empty_table_is_a_workbook(written: Written, tmp_path: Path, language: str) -> None:
    empty = tmp_path / "orders.csv"
    empty.write_text("customer_id,date,amount\n", "utf-8")
    words = ("report", "--transactions", str(empty), "--as-of", "2024-03-31", "--every", "all")
    book = opened(written(*words, "--language", language))
    assert book.sheetnames[0] == {"en": "Summary", "vi": "Tổng quan"}[language]
    reasons = {row[1] for row in rows_of(book.worksheets[0]) if row[0]}
    assert {"en": "no orders", "vi": "không có đơn hàng"}[language] in reasons


def test_a_single_analysis_is_a_workbook(written: Written) -> None:
    book = opened(written("cohorts", "-c", str(CONFIG), name="cohorts.xlsx"))
    assert book.sheetnames == ["Cohorts", "Rows"]


def test_one_kpi_has_the_last_periods(written: Written) -> None:
    surveys = str(ROOT / "samples" / "surveys.csv")
    book = opened(written("nps", surveys, "--as-of", "2024-12-31"))
    assert book.sheetnames == ["Summary", "Charts", "Trends", "Results", "Rows", "Definitions"]
    assert book["Results"].max_row == 1 + 13


def test_surveys_alone(written: Written) -> None:
    surveys = str(ROOT / "samples" / "surveys.csv")
    book = opened(written("report", "--surveys", surveys, "--as-of", "2024-12-31"))
    assert "Not computed" in {row[0] for row in rows_of(book["Definitions"])}


def test_a_customer_has_a_history(written: Written) -> None:
    book = opened(written("history", "KH0008", "-c", str(CONFIG), name="history.xlsx"))
    dates = [row[0] for row in rows_of(book.worksheets[0])[1:]]
    assert dates
    assert {type(day) for day in dates} <= {datetime, str}


def test_verdicts_are_a_workbook(written: Written) -> None:
    book = opened(written("check", "-c", str(CONFIG), "--exit-zero", name="check.xlsx"))
    assert book.sheetnames[0] == "Summary"


def test_a_folder_has_a_workbook_for_each_part(tmp_path: Path) -> None:
    words = ("report", "revenue", "funnel", "-c", str(CONFIG), "-q", "-f", "xlsx", "-o", "out/")
    subprocess.run([sys.executable, "-m", "crm_kpi", *words], cwd=tmp_path, check=True)
    assert sorted(os.listdir(tmp_path / "out")) == ["funnel.xlsx", "results.xlsx"]
    results = opened((tmp_path / "out/results.xlsx").read_bytes())
    assert results.sheetnames[0] == "Summary"


def test_vietnamese_says_so(written: Written) -> None:
    content = written(*MONTHS, "--language", "vi")
    book = opened(content)
    assert book.sheetnames[:3] == ["Tổng quan", "Biểu đồ", "Xu hướng"]
    assert "Cần chú ý" in {*texts_of(content)}
    named = {word for row in rows_of(book["Kết quả"]) for word in row if isinstance(word, str)}
    names = frozenset(word.lower() for text in named for word in re.findall(r"[a-z]+", text))
    people = {"báo", *re.findall(r"[a-z]+", str(CONFIG.relative_to(ROOT)))}
    found = {
        word
        for text in (text.replace(f"{ROOT}", "") for text in texts_of(content))  # wherever it lies
        if not re.fullmatch(r"[0-9a-f]{64}|[a-z_.,/]+|\[.*|\{.*", text) and "100 x" not in text
        for word in english_words(text, names)
    }
    assert found - people == set()


HOSTILE_NAMES = ("=cmd|' /C calc'!A0", "[a]:*?/\\'", "History", "'", "", "x" * 300, "😀" * 40)


def test_names_of_sheets() -> None:
    book = Book("title", date(2024, 1, 1), Speaker())
    names = [
        book.sheet(name).name for name in (*HOSTILE_NAMES, *HOSTILE_NAMES, "summary", "SUMMARY")
    ]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set("[]:*?/\\") & {*name}
        assert name[0] != "'" != name[-1]
        assert name.casefold() != "history"
    assert opened(book.closed()).sheetnames == names


def test_headings_of_tables() -> None:
    names = ["a", "A", "", " ", "a (2)", "ß", "SS", "x" * 300, "x" * 300]
    found = excel_limits.unique_headings(names, "(blank)")
    assert found[:5] == ["a", "A (2)", "(blank)", "(blank) (2)", "a (2) (2)"]
    assert len({name.casefold() for name in found}) == len(found)
    assert max(map(len, found)) == 255


PAYLOADS = (
    "=cmd|' /C calc'!A0", '=HYPERLINK("https://x.example","y")', "+1+1", "-2+3", "@SUM(A1)",
    "{=1+1}", "https://x.example", "mailto:a@b.example", "internal:'Rows'!A1", "12345",
    "2024-01-01", "=Trends!$A$1", "a\u202eb", "\x00\x1b[31m", "\ufffe\uffff", "\udcff", "_x0041_",
    "<b>&amp;</b>", "\n=1", "", "x" * 40_000,
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_is_text(report: Report, booked: Booked, payload: str) -> None:
    for each in report.results:
        each.segment = {payload: payload} if each.segment else {}
        each.reason = payload
        each.definition = {"basis": payload, "keys": [payload], "map": {payload: payload}}
        each.components = {payload: 1}
    report.tables["rfm"] = [{"customer_id": payload, payload: payload, "n": 1}]
    report.tables["funnel"] = [
        {"stage": payload, "reached": n, "step_rate": None, "overall_rate": 100.0, "median_days": 1}
        for n in (1, 2)
    ]
    report.tables[payload] = [{payload: payload}]
    report.skipped = [Skipped("fcr", (Refused(payload),))]
    report.asked = Asked(title=payload, lists=True)
    for audit in report.sources.values():
        audit.paths, audit.notes = [payload], [payload]
        audit.problems = [Problem(payload, payload, 1, payload, payload, payload)]
        audit.reasons.clear()
        audit.reasons[payload] = 1
    about = {
        name: replace(one, title=payload, formula=payload, domain=payload)
        for name, one in ABOUT.items()
    }
    content = booked(report, about=about)
    assert formulas_of(content) == []
    texts = [*texts_of(content)]
    assert not any(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ufffe\uffff]", t) for t in texts)
    cells = {len(text.encode("utf-16-le")) // 2 for text in texts}
    assert max(cells) <= 32_767
    wanted = visible(payload)
    if 0 < len(wanted) < 32_767 and "\ufffe" not in wanted:
        assert texts.count(wanted) > 10
    for sheet in opened(content):
        assert [
            cell.coordinate for row in sheet.iter_rows() for cell in row if cell.hyperlink
        ] == []


def test_long_numbers_are_text_with_a_note(report: Report, booked: Booked) -> None:
    long, fits = Decimal("98765432109876543210.7650"), Decimal("123456789012345")
    quotient = Decimal(1_000_000) / 3
    values = [long, fits, quotient, Decimal("0.10"), 10**300, Decimal(0)]
    report.results = [result("revenue", "VND", at, v) for at, v in enumerate(values, 1)]
    report.findings, report.tables = [], {"rfm": [{"monetary": long, "n": 2**60}]}
    book = opened(booked(report))
    names, *rows = [[*row] for row in book["Results"].iter_rows()]
    column = [cell.value for cell in names].index("value")
    cells = [row[column] for row in rows]
    assert [cell.value for cell in cells] == [
        "98765432109876543210.7650",
        123456789012345,
        333333.333333333,
        0.1,
        1e300,
        0,
    ]
    assert [bool(cell.comment) for cell in cells] == [True, False, False, False, False, False]
    assert "Charts" not in book.sheetnames  # a text would be drawn as zero
    rfm = book.worksheets[2]
    assert rows_of(rfm)[1] == ["98765432109876543210.7650", "1152921504606846976"]


def test_more_rows_than_a_sheet_holds(
    report: Report, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_limits, "MOST_ROWS", 40)
    report.tables = {"rfm": [{"n": n} for n in range(39)]}
    booked(report)
    report.tables = {"rfm": [{"n": n} for n in range(40)]}
    with pytest.raises(UsageError, match="rfm: 41 rows, and a sheet holds 40") as caught:
        booked(report)
    assert "-f csv" in str(caught.value.hint)
    monkeypatch.setattr(excel_limits, "MOST_COLUMNS", 12)
    report.tables = {}
    with pytest.raises(UsageError, match=r"Results: \d+ columns, and a sheet holds 12"):
        booked(report)


def test_all_without_a_value(report: Report, booked: Booked) -> None:
    report.results = [no_data("nps", "points", month, "no answers") for month in (1, 2)]
    report.findings, report.tables = [], {}
    book = opened(booked(report))
    assert book.sheetnames == ["Summary", "Trends", "Results", "Rows", "Definitions"]
    assert ["Net Promoter Score", "no answers"] in [row[:2] for row in rows_of(book["Summary"])]


def test_an_answer_of_nothing_but_segments(report: Report, booked: Booked) -> None:
    report.results = [replace(one, segment={"plan": "A"}) for one in report.results[:3]]
    report.findings = []
    assert rows_of(opened(booked(report))["Trends"])[1][2] == "A"


def test_dates_before_excel_counts_are_text(report: Report, booked: Booked) -> None:
    days = [date(1850, 1, 1), date(1999, 12, 31), datetime(2024, 1, 2, 3, 4)]
    report.results, report.findings, report.tables = [], [], {"rfm": [{"day": d} for d in days]}
    cells = [row[0] for row in rows_of(opened(booked(report)).worksheets[0])[1:]]
    assert cells == ["1850-01-01", datetime(1999, 12, 31), datetime(2024, 1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("unit", "value", "form"),
    [
        ("percent", 98.2, '0.0" %"'),
        ("percent", 94.96, '0.00" %"'),
        ("points", 48.9, '0.0" pts"'),
        ("VND", Decimal(5), '#,##0" ₫"'),
        ("EUR", Decimal(5), '#,##0.00" €"'),
        ("KWD", Decimal(5), '#,##0.000" KWD"'),
        ("money", Decimal(5), "#,##0.00"),
        ("count", 7, "#,##0"),
        ("hours", 7.25, '#,##0.0" h"'),
        ("score", 4.08, "0.00"),
    ],
)
def test_numbers_have_the_form_of_their_unit(
    report: Report, booked: Booked, unit: str, value: Any, form: str
) -> None:
    report.results = [result("nps", unit, 1, value, target=95)]
    report.findings, report.tables = [], {}
    row = next(r for r in opened(booked(report))["Summary"].iter_rows() if r[1].value == value)
    assert row[1].number_format == form


def test_xlsx_is_for_people() -> None:
    assert "xlsx" in FORMATS
    assert "xlsx" in PAGES


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals to open")
def test_a_terminal_is_told_to_name_a_file() -> None:
    done = on_a_terminal(*MONTHS, "-f", "xlsx")
    assert done.returncode == 2
    assert "-o report.xlsx writes a file to open" in done.stderr


def test_a_pipe_gets_the_bytes(sample: bytes) -> None:
    command = [sys.executable, "-m", "crm_kpi", *MONTHS, "-f", "xlsx", "-q"]
    assert subprocess.run(command, capture_output=True).stdout == sample


@pytest.mark.parametrize(
    "words", [("--help",), ("nps", str(ROOT / "samples/surveys.csv"), "-f", "json", "-q")]
)
def test_other_formats_and_help_import_no_writer_of_workbooks(words: tuple[str, ...]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "crm_kpi", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "crm_kpi.cli.process" in done.stderr
    assert not re.search("xlsxwriter|as_xlsx", done.stderr)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_numbers(sample: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(sample)
    # Sheet 3 alone, with all digits and its own form of dates.
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,3"
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", options, "report.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=240)
    (made,) = tmp_path.glob("*.csv")
    with made.open(encoding="utf-8") as file:
        theirs = [*csv.reader(file)]
    mine = rows_of(opened(sample)["Trends"])
    assert len(theirs) == len(mine)
    for here, there in zip(mine[1:], theirs[1:], strict=True):
        for cell, seen in zip(here, there, strict=True):
            if isinstance(cell, (int, float)):
                assert float(seen) == pytest.approx(cell, rel=1e-14)
            else:
                assert seen == (cell or "")
