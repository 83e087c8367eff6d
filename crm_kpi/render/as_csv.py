"""CSV: the fields of json as columns, with its digits; None is the empty cell.

`components`, `definition`, `benchmark` and `segment` are spread into a column per name, the
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

from crm_kpi.invisible import BLANKS, INVISIBLE
from crm_kpi.records import has_own_text, names, union_of_names
from crm_kpi.render.as_json import encode
from crm_kpi.render.numbers import plain
from crm_kpi.render.text import COMMAND, CONTROL, visible
from crm_kpi.results import Report, Result

_BLANK = f" {BLANKS}{INVISIBLE}"
_SIGNS = r"[=+\-@＝＋－＠]"
_FORMULA = re.compile(
    rf"\A(?:[\t\r\n]|[{_BLANK}]*{_SIGNS})|(?<=[;\t\r\n])[{INVISIBLE}]*{_SIGNS}(?=\S)"
)
"""Where a spreadsheet begins to compute: in front, also behind what is dropped there as blank,
and within a text where a reader that splits at semicolons, as in most of Europe and in Vietnam,
or at line ends takes it for a cell."""
_PLAIN = re.compile(r"\w[\w .-]*")
"""Most texts: neither `safe` nor CSV changes anything in them."""
_NUMBER = re.compile(r" *[+-][\d.,'\s]*%?", re.ASCII)
"""A sign with digits and their marks alone computes nothing."""
LEADING_COMMAND = rf"^[\s{INVISIBLE}]*(?:{COMMAND})"
"""A regex, of Rust too, of a text that a build would obey if a line began with it unquoted."""
_LEADING_COMMAND = re.compile(LEADING_COMMAND)
_LINE_OF_COMMAND = re.compile(rf"[\r\n](?=(?:[^\S\r\n]|[{INVISIBLE}])*(?:{COMMAND}))")
SUSPECT = (
    rf"(?:^|[;\t\r\n])(?:[\t\r\n]|[{_BLANK}]*{_SIGNS})|[{CONTROL}]"
    rf"|[\r\n][\s{INVISIBLE}]*(?:{COMMAND})"
)
"""A regex without look-around that finds every text which `safe` changes, and few others."""
_SPREAD = ("segment", "components", "definition", "benchmark")


def write(report: Report, stream: TextIO) -> None:
    rows = report.rows_alone("csv")
    if rows is None:
        columns = result_columns(report.results)
        lines = [line(columns)]
        lines += [line(get(result) for get in columns.values()) for result in report.results]
    else:
        headers = union_of_names(rows)
        lines = [line(headers)] if headers else []
        lines += [line(row.get(name) for name in headers) for row in rows]
    stream.write("".join([f"{one}\n" for one in lines]))


_Get = Callable[[Result], Any]


def result_columns(results: Sequence[Result]) -> dict[str, _Get]:
    """The columns by name, and how each is read from a result."""
    columns: dict[str, _Get] = {}
    for field in names(Result):
        if field == "segment":
            columns[field] = lambda result: ",".join(result.segment)
        elif field not in _SPREAD:
            columns[field] = attrgetter(field)
        if field in _SPREAD:
            for name in union_of_names(getattr(result, field) or {} for result in results):
                columns[f"{field}.{name}"] = _named(field, name)
    return columns


def _named(field: str, name: str) -> _Get:
    return lambda result: (getattr(result, field) or {}).get(name)


def line(values: Iterable[Any]) -> str:
    """One record, without its line end."""
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


def safe(text: str) -> str:
    """The text as no spreadsheet takes it for a formula, and without control characters.

    Where a line end would put what a build obeys in front of a line, it is a symbol.
    """
    text = visible(text, keep_layout=True)
    text = _LINE_OF_COMMAND.sub(lambda end: visible(end[0]), text)
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"'\g<0>", text)


@lru_cache(maxsize=4096)  # units, periods and segments come again and again
def _text(text: str) -> str:
    """A text cell, quoted where CSV needs it, and where a build would obey it."""
    if _PLAIN.fullmatch(text):
        return text
    text = safe(text)
    if any(sign in text for sign in '",\n\r') or _LEADING_COMMAND.match(text):
        return '"' + text.replace('"', '""') + '"'
    return text
