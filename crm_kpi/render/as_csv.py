"""CSV: the fields of json as columns, with its digits; None is the empty cell.

`components`, `definition` and `segment` are spread into a column per name, the
union over all results. Before the `segment.NAME` columns stands `segment`: the
names that the row is cut by, empty for the total, which otherwise could not be
told from the segment of the blank values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, TextIO

from crm_kpi.render.as_json import encode
from crm_kpi.render.numbers import plain
from crm_kpi.render.record import RESULT_FIELDS, has_own_text, only_table, union_of_names
from crm_kpi.render.text import visible
from crm_kpi.results import Report, Result

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_SPREAD = ("segment", "components", "definition")


def write(report: Report, stream: TextIO) -> None:
    rows = only_table(report, "csv")
    if rows is None:
        names, cells = _result_columns(report.results)
        lines = [_line(names), *(_line(get(result) for get in cells) for result in report.results)]
    else:
        names = union_of_names(rows)
        lines = [_line(names)] if names else []
        lines += [_line(row.get(name) for name in names) for row in rows]
    stream.write("".join([f"{line}\n" for line in lines]))


_Get = Callable[[Result], Any]


def _result_columns(results: Sequence[Result]) -> tuple[list[str], list[_Get]]:
    """Names of the columns, and how each is read from a result."""
    columns: dict[str, _Get] = {}
    for field in RESULT_FIELDS:
        if field == "segment":
            columns[field] = lambda result: ",".join(result.segment)
        elif field not in _SPREAD:
            columns[field] = attrgetter(field)
        if field in _SPREAD:
            for name in union_of_names(getattr(result, field) for result in results):
                columns[f"{field}.{name}"] = _named(field, name)
    return list(columns), list(columns.values())


def _named(field: str, name: str) -> _Get:
    return lambda result: getattr(result, field).get(name)


def _line(values: Iterable[Any]) -> str:
    return ",".join(map(_cell, values))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return _text(str(value) if has_own_text(value) else encode(value))


@lru_cache(maxsize=4096)  # units, periods and segments come again and again
def _text(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula, quoted where CSV needs it."""
    text = visible(text, keep_layout=True)
    if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    if any(sign in text for sign in '",\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
