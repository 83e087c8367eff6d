"""What crm-kpi costs where there is little to compute: its start, and one workbook."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from asked import PROGRAM, TEN, report

Commands = dict[str, list[str]]
BASES = ("python", "polars", "calamine")
WORKBOOK_ROWS = 50_000
CALAMINE = """import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
print(len(book.get_sheet_by_index(0).to_python()))"""
OPENPYXL = """import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
print(sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)))"""
WORKBOOK = """import sys, xlsxwriter
from datetime import date, timedelta
book = xlsxwriter.Workbook(sys.argv[1])
sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
sheet.write_row(0, 0, ["response_id", "customer_id", "answered_at", "survey", "score", "comment"])
for row in range(1, int(sys.argv[2]) + 1):
    sheet.write_row(row, 0, [row, f"C{row % 9973:06}"])
    sheet.write_datetime(row, 2, date(2024, 1, 1) + timedelta(row % 366), day)
    sheet.write_row(row, 3, ["nps", row * 7 % 11, f"answer {row}"])
book.close()"""


def python(code: str, *words: str) -> list[str]:
    return [sys.executable, "-c", code, *words]


def start(config: Path) -> Commands:
    """Help, one KPI and the ten tables of small files, beside what Python and polars take to
    start."""
    return {
        "python": python("pass"),
        "polars": python("import polars"),
        "version": [*PROGRAM, "--version"],
        "help": [*PROGRAM, "--help"],
        "nps": [*PROGRAM, "nps", str(config.parent / "surveys.csv"), "-q", "-f", "json"],
        "ten-small": report(config, *TEN),
    }


def xlsx(config: Path) -> Commands:
    """NPS of a workbook beside libraries that read its cells, and do nothing with them."""
    path = str(config.parent / "answers.xlsx")
    subprocess.run(python(WORKBOOK, path, str(WORKBOOK_ROWS)), check=True)
    return {
        "calamine": python(CALAMINE, path),
        "openpyxl": python(OPENPYXL, path),
        "nps-xlsx": [*PROGRAM, "nps", path, "-q", "-f", "json"],
    }


KINDS: dict[str, Callable[[Path], Commands]] = {"start": start, "xlsx": xlsx}
NAMES = (
    "python",
    "polars",
    "version",
    "help",
    "nps",
    "ten-small",
    "calamine",
    "openpyxl",
    "nps-xlsx",
)
