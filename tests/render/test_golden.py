"""Every format as it stands, character for character.

`CRM_KPI_UPDATE_GOLDEN=1 pytest tests/render` writes the files anew; read the
difference before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.render import REPORT_FORMATS
from crm_kpi.results import Report
from tests.render import company

GOLDEN = Path(__file__).parent / "golden"

CASES: dict[str, dict[str, Any]] = {
    "report.json": {"format": "json"},
    "report.ndjson": {"format": "ndjson"},
    "report.csv": {"format": "csv"},
    "report.md": {"format": "markdown", "verbose": True},
    "table-pipe.txt": {"format": "table"},
    "table-pipe-verbose.txt": {"format": "table", "verbose": True},
    "table-60-verbose.txt": {"format": "table", "width": 60, "verbose": True, "TERM": "dumb"},
    "table-80.txt": {"format": "table", "width": 80, "NO_COLOR": "1"},
    "table-200.txt": {"format": "table", "width": 200, "NO_COLOR": "1"},
    "table-80-colour.txt": {"format": "table", "width": 80, "TERM": "xterm-256color"},
}

OVERVIEWS: dict[str, dict[str, Any]] = {
    f"overview-{language}-{width}{ending}.txt": {
        "format": "overview", "language": language, "width": width, **environment
    }
    for language in ("en", "vi")
    for width in (60, 80, 120)
    for ending, environment in (
        ("", {"NO_COLOR": "1"}),
        ("-colour", {"TERM": "xterm-256color"}),
    )
}  # fmt: skip
OTHERS: dict[str, dict[str, Any]] = {
    "overview-true-colour.txt": {"width": 80, "TERM": "xterm", "COLORTERM": "truecolor"},
    "overview-narrow.txt": {"width": 38, "TERM": "dumb"},
    "overview-pipe.txt": {},
}
MATRICES: dict[str, dict[str, Any]] = {
    "matrix-en-60.txt": {"width": 60, "NO_COLOR": "1"},
    "matrix-vi-80.txt": {"width": 80, "NO_COLOR": "1", "language": "vi"},
    "matrix-narrow.txt": {"width": 38, "NO_COLOR": "1"},
}


@pytest.mark.parametrize("name", CASES)
def test_output_is_as_it_was(name: str, report: Report, shown: Callable[..., str]) -> None:
    as_golden(name, shown(report, **CASES[name]))


@pytest.mark.parametrize("name", [*OVERVIEWS, *OTHERS])
def test_an_overview_is_as_it_was(name: str, shown: Callable[..., str]) -> None:
    case = {"format": "overview", **{**OVERVIEWS, **OTHERS}[name]}
    as_golden(name, shown(company.company(), about=company.ABOUT, **case))


@pytest.mark.parametrize("name", MATRICES)
def test_a_matrix_is_as_it_was(name: str, shown: Callable[..., str]) -> None:
    report = company.company(by=True)
    as_golden(name, shown(report, "overview", about=company.ABOUT, **MATRICES[name]))


def as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("CRM_KPI_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_bytes().decode()


def test_every_format_has_a_golden_file() -> None:
    cases = [*CASES.values(), *OVERVIEWS.values()]
    there = {case["format"] for case in cases}
    assert there == {*REPORT_FORMATS} - {"html", "xlsx"}  # of whose style no test should know all


@pytest.mark.parametrize("format", REPORT_FORMATS)
def test_output_is_the_same_on_every_run(
    format: str, report: Report, shown: Callable[..., str]
) -> None:
    assert shown(report, format) == shown(report, format)
