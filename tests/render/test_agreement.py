"""All formats say the same of every result."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import Any

import pytest

from crm_kpi.render import About
from crm_kpi.render.cells import VALUES, result_row, segment_columns
from crm_kpi.render.speak import ENGLISH
from crm_kpi.render.text import visible
from crm_kpi.results import Report

Shown = Callable[..., str]


def as_text(value: Any) -> str:
    """A JSON value whose numbers were left as text, as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def digits(text: str) -> Any:
    """JSON with every number as its own digits."""
    return json.loads(text, parse_float=str, parse_int=str)


def spread(record: Mapping[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for field, value in record.items():
        if field == "segment":
            cells[field] = ",".join(value)
        if field in ("segment", "components", "definition", "benchmark"):
            cells |= {f"{field}.{name}": as_text(item) for name, item in (value or {}).items()}
        else:
            cells[field] = as_text(value)
    return cells


def test_ndjson_lines_are_the_results_of_json(report: Report, shown: Shown) -> None:
    lines = shown(report, "ndjson").splitlines()
    assert [digits(line) for line in lines] == digits(shown(report, "json"))["results"]


def test_csv_has_the_digits_of_json_cell_for_cell(
    report: Report, shown: Shown, hostile: str
) -> None:
    records = digits(shown(report, "json"))["results"]
    rows = list(csv.DictReader(StringIO(shown(report, "csv"), newline=""), strict=True))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        expected = spread(record)
        if expected.get("segment.kênh bán") == hostile:
            expected["segment.kênh bán"] = "'" + visible(hostile, keep_layout=True)
        for name in ("definition.scale", "definition.business_hours"):
            if row[name]:
                row[name] = as_text(digits(row[name]))
        assert row == dict.fromkeys(row, "") | expected


def test_csv_columns_stand_in_the_order_of_json(report: Report, shown: Shown) -> None:
    header = next(csv.reader(StringIO(shown(report, "csv"))))
    fields = list(dict.fromkeys(name.partition(".")[0] for name in header))
    assert fields == list(digits(shown(report, "json"))["results"][0])


def test_csv_tells_the_total_from_the_blank_segment(report: Report, shown: Shown) -> None:
    rows = csv.DictReader(StringIO(shown(report, "csv"), newline=""))
    nps = [row for row in rows if row["metric"] == "nps"]
    assert [row["segment"] for row in nps] == ["", *["kênh bán"] * 5]
    assert [row["value"] for row in nps if not row["segment.kênh bán"]] == ["62.0", "60.0"]


def markdown_rows(text: str) -> list[list[str]]:
    """The cells of every table row, unescaped."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [re.split(r"(?<!\\)(?:\\\\)* \| ", line[2:-2]) for line in lines]
    return [[unescape(re.sub(r"\\([^A-Za-z0-9\s])", r"\1", cell)) for cell in row] for row in rows]


def test_table_and_markdown_show_the_same_cells(
    report: Report, shown: Shown, about: Mapping[str, About]
) -> None:
    report.tables.clear()
    lines = shown(report, "table", verbose=True).splitlines()[1 : 1 + len(report.results)]
    rows = {
        tuple(row) for row in markdown_rows(shown(report, "markdown")) if row[0].startswith("2024")
    }
    assert len(lines) == len(report.results) == len(rows)
    for line, result in zip(lines, report.results, strict=True):
        segments = segment_columns([result], ENGLISH)
        cells = result_row(result, about[result.metric], segments, ENGLISH).cells
        expected = [cell for name, cell in cells.items() if cell and name != "metric"]
        assert all(cell in line for cell in expected)
        in_tables = set(expected) - {cells["definition"]}
        assert any(in_tables <= set(row) for row in rows), in_tables


@pytest.mark.parametrize("column", [column.key for column in VALUES[:2]])
def test_shown_numbers_are_the_exact_ones_rounded(
    column: str, report: Report, shown: Shown, about: Mapping[str, About]
) -> None:
    records = json.loads(shown(report, "json"), parse_float=Decimal, parse_int=Decimal)["results"]
    for result, record in zip(report.results, records, strict=True):
        text = result_row(result, about[result.metric], (), ENGLISH).cells[column]
        if record[column] is None:
            assert text in ("", "–")
            continue
        number = re.search(r"[+-]?[\d,]+(\.\d+)?", text)
        assert number
        rounded = Decimal(number[0].replace(",", ""))
        half = Decimal(5).scaleb(int(rounded.as_tuple().exponent) - 1)
        assert abs(rounded - record[column]) <= half
