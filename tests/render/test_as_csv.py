"""CSV and NDJSON of an answer that is a table of its own shape, and CSV's dangers."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO

import pytest

from crm_kpi.errors import UsageError
from crm_kpi.render import render
from crm_kpi.render.text import visible
from crm_kpi.results import Report

Shown = Callable[..., str]


@pytest.fixture
def cohorts(report: Report) -> Report:
    report.results = []
    del report.tables["rfm"]
    return report


def test_the_only_table_is_what_csv_writes(cohorts: Report, shown: Shown, hostile: str) -> None:
    text = shown(cohorts, "csv")
    assert text.splitlines()[:2] == [
        "cohort,size,offset,active,share,mature,note,amount",
        "2024-01-01,1200,0,1200,1.0,true,'=1+1,",
    ]
    rows = list(csv.DictReader(StringIO(text, newline="")))
    assert rows[1]["note"] == "'" + visible(hostile, keep_layout=True)
    assert (rows[2]["share"], rows[2]["mature"], rows[2]["amount"]) == ("", "false", "12.3450")


def test_the_only_table_is_what_ndjson_writes(cohorts: Report, shown: Shown) -> None:
    lines = shown(cohorts, "ndjson").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(shown(cohorts, "json"))["tables"][
        "cohorts"
    ]


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_an_empty_table_is_no_line(format: str, cohorts: Report, shown: Shown) -> None:
    cohorts.tables = {"rfm": []}
    assert shown(cohorts, format) == ""


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_several_tables_are_refused(format: str, report: Report, shown: Shown) -> None:
    report.results = []
    with pytest.raises(UsageError, match=f"{format} holds one table.*cohorts, rfm"):
        shown(report, format)


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_results_and_a_table_are_refused_with_the_way_out(format: str, report: Report) -> None:
    stream = StringIO()
    with pytest.raises(UsageError, match="has 3: the results, cohorts, rfm") as refused:
        render(report, format, stream, about={})
    assert "-o DIR/" in str(refused.value.hint)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-cmd|'/c calc'!A0", "'-cmd|'/c calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ("-12.5", "-12.5"),
        ("+84901234567", "+84901234567"),
        ("007", "007"),
        ('a "b"', '"a ""b"""'),
        ("a,b", '"a,b"'),
        ("a\nb", '"a\nb"'),
        ("\x1b[2J\x00", "␛[2J␀"),
        ("Hà Nội", "Hà Nội"),
    ],
)
def test_text_cells(text: str, cell: str, cohorts: Report, shown: Shown) -> None:
    cohorts.tables = {"rfm": [{"customer_id": text, "r": 1}]}
    assert shown(cohorts, "csv") == f"customer_id,r\n{cell},1\n"


def test_a_setting_within_another_may_be_unset(report: Report, shown: Shown) -> None:
    report.results[0].definition = {"sla": {"high": None, "low": 4}, "unset": None}
    assert "sla (high –, low 4)" in shown(report, "table", verbose=True)
