"""`crm-kpi restated LOG`: what is no longer as it was first reported."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

SALES = "customer_id,date,amount,region\nA,2024-01-05,10.50,N\nB,2024-02-05,20,S\n"
LATE = "C,2024-01-06,5,N\n"
CONFIG = """\
currency: VND
as_of: 2024-03-31
sources: {transactions: {path: sales.csv}}
"""


@pytest.fixture
def folder(tmp_path: Path, crm_kpi: Run) -> Path:
    """Two KPIs of three months, reported once."""
    (tmp_path / "sales.csv").write_text(SALES)
    (tmp_path / "crm-kpi.yaml").write_text(CONFIG)
    done = crm_kpi("report", "revenue", "average_order_value", "--log", "k.ndjson")
    assert done.returncode == 0, done.stderr
    return tmp_path


def restated(crm_kpi: Run, *words: str) -> Any:
    done = crm_kpi("restated", "k.ndjson", "-f", "json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_has_changed(crm_kpi: Run, folder: Path) -> None:
    done = crm_kpi("restated", "k.ndjson", "--fail-on-change")
    assert (done.returncode, done.stdout) == (0, "6 values are as they were first reported\n")
    assert restated(crm_kpi)["changes"] == []


def test_more_rows(crm_kpi: Run, folder: Path) -> None:
    (folder / "sales.csv").write_text(SALES + LATE)
    found = restated(crm_kpi)
    assert found["compared"] == 6
    average, revenue = found["changes"]
    assert (average["metric"], average["period"]) == ("average_order_value", "2024-01")
    assert (average["first"], average["now"], average["difference"]) == (10.5, 7.75, -2.75)
    assert (revenue["first"], revenue["now"], revenue["difference"]) == (10.5, 15.5, 5)
    assert revenue["why"] == "transactions: 2 → 3 rows"
    assert crm_kpi("restated", "k.ndjson", "--fail-on-change").returncode == 4


def test_other_rows(crm_kpi: Run, folder: Path) -> None:
    (folder / "sales.csv").write_text(SALES.replace("10.50", "11"))
    (change, _) = restated(crm_kpi)["changes"]
    assert change["why"] == "transactions: other files with 2 rows as before"


def test_another_definition(crm_kpi: Run, folder: Path) -> None:
    (folder / "sales.csv").write_text(SALES + "Z,2024-02-06,0,N\n")
    (change,) = restated(crm_kpi, "--set", "definitions.average_order_value.free_orders=count")[
        "changes"
    ]
    assert (change["metric"], change["period"], change["now"]) == (
        "average_order_value",
        "2024-02",
        10,
    )
    assert change["why"] == "definition: free_orders drop → count; transactions: 2 → 3 rows"


def test_both_definitions_are_in_the_log(crm_kpi: Run, folder: Path) -> None:
    """Each is compared with itself."""
    (folder / "sales.csv").write_text(SALES + "Z,2024-02-06,0,N\n")
    words = ("--set", "definitions.average_order_value.free_orders=count")
    crm_kpi("report", "average_order_value", "--log", "k.ndjson", *words)
    assert restated(crm_kpi, *words)["changes"] == []


def test_another_reading(crm_kpi: Run, folder: Path) -> None:
    changes = restated(crm_kpi, "--set", "sources.transactions.where={region: [S]}")["changes"]
    whys = [change["why"] for change in changes]
    causes = "the config reads the files in another way; transactions: 2 → 1 rows"
    assert len(whys) > 1
    assert all(why.startswith(causes) for why in whys)
    (gone,) = (c for c in changes if c["metric"] == "average_order_value")
    assert (gone["first"], gone["now"], gone["difference"]) == (10.5, None, None)
    assert gone["why"].endswith("no value: no orders")


def test_the_end_of_what_is_known(crm_kpi: Run, tmp_path: Path) -> None:
    """The same file, read later: somebody has come back since."""
    rows = "customer_id,signup_date,churn_date\nA,2023-05-01,\nB,2023-05-01,2024-03-05\n"
    (tmp_path / "customers.csv").write_text(rows)
    words = ("--customers", "customers.csv")
    query = ("customers", "customers.csv", "--log", "k.ndjson", "--as-of", "2024-02-29")
    assert crm_kpi(*query).returncode == 0
    assert restated(crm_kpi, *words, "--as-of", "2024-06-30")["changes"] == []


def test_segments_and_conditions_are_asked_again(crm_kpi: Run, folder: Path) -> None:
    words = ("report", "revenue", "--log", "s.ndjson")
    assert crm_kpi(*words, "--by", "region").returncode == 0
    assert crm_kpi(*words, "--where", "region=N", "--every", "quarter").returncode == 0
    (folder / "sales.csv").write_text((SALES + LATE).replace(",S\n", ",W\n"))
    done = crm_kpi("restated", "s.ndjson", "-f", "csv")
    rows = [*csv.DictReader(StringIO(done.stdout))]
    assert [(r["period"], r["segment.region"], r["where.region"], r["now"]) for r in rows] == [
        ("2024-01", "", "", "15.5"),
        ("2024-01", "N", "", "15.5"),
        ("2024-01", "S", "", ""),
        ("2024-02", "S", "", ""),
        ("2024-03", "S", "", ""),
        ("2024-Q1", "", "N", "15.5"),
    ]
    assert rows[3]["why"] == "there is no such segment or period any more"
    done = crm_kpi("restated", "s.ndjson", "--by", "region", "-f", "ndjson")
    assert len(done.stdout.splitlines()) == 4
    done = crm_kpi("restated", "s.ndjson", "--every", "quarter", "-f", "ndjson")
    assert len(done.stdout.splitlines()) == 1


def test_some_periods_alone(crm_kpi: Run, folder: Path) -> None:
    (folder / "sales.csv").write_text(SALES + LATE)
    assert restated(crm_kpi, "--from", "2024-02")["changes"] == []
    assert restated(crm_kpi, "--from", "2024-02")["compared"] == 4
    assert restated(crm_kpi, "--to", "2024-01")["compared"] == 2


def test_a_kpi_that_is_no_more(crm_kpi: Run, folder: Path) -> None:
    path = folder / "k.ndjson"
    path.write_text(path.read_text().replace('"metric": "revenue"', '"metric": "turnover"'))
    whys = {change["why"] for change in restated(crm_kpi)["changes"]}
    assert whys == {"no KPI is called so any more"}


def test_for_people(crm_kpi: Run, folder: Path) -> None:
    (folder / "sales.csv").write_text(SALES + LATE)
    shown = crm_kpi("restated", "k.ndjson").stdout.splitlines()
    assert shown[0] == "2 of 6 values are not what was first reported"
    assert shown[1].split() == [
        *("metric", "period", "reported", "first", "now", "difference", "why"),
    ]
    assert shown[3].split()[3:7] == ["10", "VND", "16", "VND"]
    said = crm_kpi("restated", "k.ndjson", "--language", "vi").stdout
    assert said.startswith("2 trên 6 giá trị không còn như lúc báo cáo lần đầu\n")
    assert "transactions: 2 → 3 dòng" in said
    page = crm_kpi("restated", "k.ndjson", "-f", "markdown").stdout
    assert "| revenue | 2024-01 |" in page


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("missing.ndjson",), 3, "missing.ndjson cannot be read"),
        (("sales.csv",), 3, "sales.csv has no line of a log of values"),
        (("k.ndjson", "--every", "week"), 2, "no value of the log is asked for"),
        (("k.ndjson", "-o", "k.ndjson", "-f", "json"), 2, "is an input"),
        (("k.ndjson", "-f", "html"), 2, "'html' is not one of"),
        ((), 2, "LOG"),
    ],
)
def test_what_cannot_be_answered(
    crm_kpi: Run, folder: Path, words: tuple[str, ...], code: int, what: str
) -> None:
    done = crm_kpi("restated", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert what in done.stderr
