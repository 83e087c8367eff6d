"""Completeness, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.errors import ConfigError
from tests.metrics.files import ask_files
from tests.support import ask, one

BLANKS = [{"customer_id": f"{n}", "signup_date": "2024-01-01", "name": "An"} for n in range(100)]


def test_294_of_300_are_98_percent() -> None:
    rows = [row | {"name": None} if n < 6 else row for n, row in enumerate(BLANKS)]
    report = ask(
        {"customers": rows},
        ["completeness"],
        as_of="2024-06-30",
        every="all",
        definitions={"completeness": "{columns: [name]}"},
    )
    result = one(report, "completeness", "all")
    assert (result.value, result.n, result.unit) == (98.0, 100, "percent")
    assert result.components == {
        "cells": 300,  # of customer_id, signup_date and name
        "ok": 294,
        "name": 94.0,
        "customer_id": 100.0,
        "signup_date": 100.0,
    }
    assert list(result.components)[2] == "name"  # the worst first


def test_rejected_rows_are_looked_at_and_what_cannot_be_read_is_filled(tmp_path: Path) -> None:
    text = """customer_id,signup_date,email
1,2024-01-01,a@example.com
2,,b@example.com
3,soon,
"""
    report = ask_files(tmp_path, {"customers": text}, ["completeness"])
    result = one(report, "completeness", "all")
    # 9 cells: one date and one address are blank; "soon" is no date, but it is filled.
    assert result.n == 3
    assert (result.components["ok"], result.components["cells"]) == (7, 9)
    assert result.value == pytest.approx(100 * 7 / 9)
    assert "phone" not in result.components  # the file has no such column


def test_a_row_counts_from_its_date_on() -> None:
    rows = [
        {"customer_id": "1", "signup_date": "2024-01-05", "email": None},
        {"customer_id": "2", "signup_date": "2024-02-05", "email": "b@example.com"},
    ]
    report = ask({"customers": rows}, ["completeness"], as_of="2024-03-31")
    values = {r.period: (r.components["ok"], r.components["cells"]) for r in report.results}
    assert values == {"2024-01": (2, 3), "2024-02": (5, 6), "2024-03": (5, 6)}


def test_an_undated_row_is_known_on_the_last_day(tmp_path: Path) -> None:
    text = "customer_id,signup_date\n1,2024-01-05\n2,\n"
    words = ["periods.every=quarter"]
    report = ask_files(tmp_path, {"customers": text}, ["completeness"], words=words)
    assert [r.n for r in report.results] == [1, 2]


def test_a_survey_that_nobody_answered_lacks_nothing() -> None:
    rows = [
        {"survey": "nps", "score": 9, "answered_at": "2024-01-02", "response_id": "1"},
        {"survey": "nps", "score": None, "answered_at": None, "response_id": "2"},
        {"survey": "nps", "score": None, "answered_at": "2024-01-03", "response_id": "3"},
    ]
    report = ask(
        {"surveys": rows},
        ["completeness"],
        as_of="2024-06-30",
        every="all",
        definitions={"completeness": "{table: surveys}"},
    )
    result = one(report, "completeness", "all")
    assert (result.components["ok"], result.components["cells"]) == (3, 4)


def test_no_rows_are_null_with_a_reason() -> None:
    report = ask({"customers": []}, ["completeness"], as_of="2024-06-30", every="all")
    result = one(report, "completeness", "all")
    assert (result.value, result.n, result.reason) == (None, 0, "no rows")


def test_a_column_that_the_table_lacks_is_told() -> None:
    with pytest.raises(ConfigError) as caught:
        ask(
            {"customers": BLANKS},
            ["completeness"],
            as_of="2024-06-30",
            definitions={"completeness": "{columns: [emial]}"},
        )
    assert "customers has no column emial; did you mean 'email'?" in str(caught.value.problems[0])
