"""JSON: the whole report as one object, one result, row or problem a line.

Written here rather than by the json module because money must keep all its
digits as a plain number, which that module cannot write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from types import NoneType
from typing import Any, TextIO

from crm_kpi.records import has_own_text, record, recorder
from crm_kpi.render.numbers import plain
from crm_kpi.render.text import ANYWHERE, replaced
from crm_kpi.results import SCHEMA_VERSION, Report, Result, SourceAudit


def write(report: Report, stream: TextIO) -> None:
    fields = {
        "schema_version": encode(SCHEMA_VERSION),
        "tool": encode({"name": "crm-kpi", "version": report.version}),
        "as_of": encode(report.as_of),
        "timezone": encode(report.timezone),
        "currency": encode(report.currency),
        "sources": _lines(
            (f"{_quote(name)}: {_source(audit)}" for name, audit in report.sources.items()),
            "{}",
            "  ",
        ),
        "results": _lines(map(encode_result, report.results), "[]", "  "),
        "tables": _lines(
            (
                f"{_quote(name)}: {_lines(map(encode, rows), '[]', '   ')}"
                for name, rows in report.tables.items()
            ),
            "{}",
            "  ",
        ),
        "skipped": _lines(
            (encode(record(skip)) for skip in report.skipped),
            "[]",
            "  ",
        ),
        "metrics": _lines(
            (f"{_quote(name)}: {encode(record(info))}" for name, info in report.metrics.items()),
            "{}",
            "  ",
        ),
        "findings": _lines(
            (encode(record(finding)) for finding in report.findings),
            "[]",
            "  ",
        ),
    }
    before = "{"
    for name, text in fields.items():  # not joined: the rows of a table may be most of the memory
        stream.write(f'{before}"{name}": ')
        stream.write(text)
        before = ",\n "
    stream.write("}\n")


def encode_result(result: Result) -> str:
    """One result on one line."""
    return encode(_result(result))


_result = recorder(Result)


def encode(value: Any) -> str:
    """A value as JSON on one line: decimals with all digits, dates as ISO text."""
    return _ENCODERS.get(type(value), _of_derived)(value)


def _of_object(value: Mapping[str, Any]) -> str:
    encoder, other = _ENCODERS.get, _of_derived  # in a loop over all cells of a table
    fields = [f"{_quote(name)}: {encoder(type(item), other)(item)}" for name, item in value.items()]
    return "{" + ", ".join(fields) + "}"


def _of_derived(value: Any) -> str:
    """A value whose type is not one of those below, but derives from one."""
    if has_own_text(value):
        return _quote(str(value))
    if isinstance(value, str):
        return _quote(str.__str__(value))  # found by its hash: an enum takes long for its own
    for kind, encoder in _ENCODERS.items():
        if isinstance(value, kind):
            return encoder(value)
    raise TypeError(f"{type(value).__name__} has no place in a report: {value!r}")


@lru_cache(maxsize=4096)  # names, periods and units come again and again
def _quote(text: str) -> str:
    """A JSON string; beyond what JSON demands, nothing that steers or hides is left in it."""
    return printable(encode_basestring(text))


_ENCODERS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda value: "null",
    str: _quote,
    bool: lambda value: "true" if value else "false",
    **dict.fromkeys((int, float, Decimal), plain),
    dict: _of_object,
    **dict.fromkeys((list, tuple), lambda value: f"[{', '.join(map(encode, value))}]"),
    date: lambda value: f'"{value.isoformat()}"',
}


def printable(text: str) -> str:
    """JSON in which what steers a terminal or a build, or is invisible, stands as an escape."""
    text = replaced(text, _escaped)
    return ANYWHERE.sub(r"#\\u0023", text) if "##" in text else text


def _escaped(match: re.Match[str]) -> str:
    return encode_basestring_ascii(match[0])[1:-1]


def _lines(items: Iterable[str], brackets: str, indent: str) -> str:
    """Items one a line between brackets; the brackets alone where there are none."""
    body = f",\n{indent}".join(items)
    return f"{brackets[0]}\n{indent}{body}{brackets[1]}" if body else brackets


def _source(audit: SourceAudit) -> str:
    """Where every row of a source went; its table's name is the key that it stands under."""
    values = record(audit)
    # The most frequent first; by name where equal, so that every run agrees.
    reasons = sorted(audit.reasons.items(), key=lambda item: (-item[1], item[0]))
    values |= {
        "reasons": dict(reasons),
        "problems": (),
        "meaning": [record(one) for one in audit.meaning],
    }
    texts = {name: encode(value) for name, value in values.items()}
    texts["problems"] = _lines((encode(record(one)) for one in audit.problems), "[]", "    ")
    return "{" + ", ".join(f"{_quote(name)}: {text}" for name, text in texts.items()) + "}"


def write_lines(report: Report, stream: TextIO) -> None:
    """NDJSON: one result a line, or the rows of the one table that is the answer."""
    rows = report.rows_alone("ndjson")
    lines = map(encode_result, report.results) if rows is None else map(encode, rows)
    stream.write("".join([f"{line}\n" for line in lines]))
