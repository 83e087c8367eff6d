"""NDJSON: one result a line, as in json; or the rows of the one table that is the answer."""

from __future__ import annotations

from typing import TextIO

from crm_kpi.render.as_json import encode, encode_result
from crm_kpi.render.record import only_table
from crm_kpi.results import Report


def write(report: Report, stream: TextIO) -> None:
    rows = only_table(report, "ndjson")
    lines = map(encode_result, report.results) if rows is None else map(encode, rows)
    stream.write("".join([f"{line}\n" for line in lines]))
