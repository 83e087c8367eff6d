"""Benchmarks: the shipped table, and files of the user's own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crm_kpi.errors import DataError
from crm_kpi.results import Benchmark
from crm_kpi.sources.loading import benchmarks_file
from crm_kpi.sources.mapping.session import Session

UNITS = {"nps": "points", "csat": "percent", "average_order_value": "money"}
HEAD = "metric,industry,value,period,source,grade"


def read(tmp_path: Path, *lines: str, head: str = HEAD) -> tuple[Benchmark, ...]:
    path = tmp_path / "ours.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return benchmarks_file.read(str(path), UNITS, Session())


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "nps,quán cà phê,41.5,survey,Hiệp hội,B")
    assert found == Benchmark(
        metric="nps",
        industry="quán cà phê",
        value=Decimal("41.5"),
        unit="points",
        period="survey",
        region=None,
        year=None,
        source="Hiệp hội",
        n=None,
        grade="B",
        url=None,
        note=None,
    )


def test_money_is_in_a_currency(tmp_path: Path) -> None:
    head = f"{HEAD},unit,year"
    (found,) = read(tmp_path, "average_order_value,retail,80,month,X,B,USD,2024", head=head)
    assert (found.unit, found.year) == ("USD", "2024")


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("npss,retail,1,survey,X,A", "metric", "unknown metric npss"),
        ("nps,,1,survey,X,A", "industry", "blank"),
        ("nps,retail,much,survey,X,A", "value", "not a number"),
        ("nps,retail,NaN,survey,X,A", "value", "not a number"),
        ("nps,retail,1e999999999,survey,X,A", "value", "not a number"),
        ("nps,retail,1,fortnight,X,A", "period", "should be one of day, week"),
        ("nps,retail,1,survey,,A", "source", "blank"),
        ("nps,retail,1,survey,X,D", "grade", "should be one of A, B, C"),
    ],
)
def test_a_row_that_cannot_be_right(tmp_path: Path, line: str, column: str, reason: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, "nps,media,3,survey,X,A", line)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (3, column)
    assert reason in str(problem)


def test_a_unit_that_the_kpi_has_not(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, "csat,retail,1,ticket,X,A,points", head=f"{HEAD},unit")
    assert "unit: should be percent" in str(caught.value.problems[0])


def test_columns_that_lack(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column source, grade"):
        read(tmp_path, "nps,retail,1,survey", head="metric,industry,value,period")


def test_the_shipped_table_has_what_people_ask_for() -> None:
    lines = benchmarks_file.SHIPPED.read_text(encoding="utf-8").splitlines()
    assert lines[0].split(",") == [
        *("metric", "industry", "value", "unit", "period", "region", "year", "source"),
        *("n", "grade", "url", "note"),
    ]
