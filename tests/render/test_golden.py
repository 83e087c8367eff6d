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


@pytest.mark.parametrize("name", CASES)
def test_output_is_as_it_was(name: str, report: Report, shown: Callable[..., str]) -> None:
    text = shown(report, **CASES[name])
    path = GOLDEN / name
    if os.environ.get("CRM_KPI_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_bytes().decode()


def test_every_format_has_a_golden_file() -> None:
    assert {case["format"] for case in CASES.values()} == set(REPORT_FORMATS)


@pytest.mark.parametrize("format", REPORT_FORMATS)
def test_output_is_the_same_on_every_run(
    format: str, report: Report, shown: Callable[..., str]
) -> None:
    assert shown(report, format) == shown(report, format)
