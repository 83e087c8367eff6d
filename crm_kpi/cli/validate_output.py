"""What `validate` found, in each format that it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TextIO

from crm_kpi.cli import language
from crm_kpi.errors import Problem, by_kind
from crm_kpi.records import record
from crm_kpi.render.as_csv import line
from crm_kpi.render.as_json import encode
from crm_kpi.render.as_markdown import text_table
from crm_kpi.render.cells import column_name
from crm_kpi.render.text import visible


class Level(StrEnum):
    ERROR = "error"
    """A report would refuse."""
    WARNING = "warning"
    """A report would run: a rejected row within the limit, a cell of poor quality."""


@dataclass(frozen=True)
class Finding:
    problem: Problem
    level: Level = Level.ERROR

    def record(self) -> dict[str, Any]:
        return {**record(self.problem), "level": self.level.value}


COLUMNS = ("path", "line", "column", "value", "reason", "hint", "level")


def write(findings: Sequence[Finding], format: str, stream: TextIO) -> None:
    _WRITERS[format](findings, stream)


def _as_text(findings: Sequence[Finding], stream: TextIO) -> None:
    """By kind; the other formats have every place."""
    kinds = by_kind(found.problem for found in findings)
    stream.writelines(f"{visible(language.say(kind))}\n" for kind in kinds)


def _as_json(findings: Sequence[Finding], stream: TextIO) -> None:
    body = ",\n ".join(encode(found.record()) for found in findings)
    stream.write(f"[\n {body}\n]\n" if body else "[]\n")


def _as_ndjson(findings: Sequence[Finding], stream: TextIO) -> None:
    stream.writelines(f"{encode(found.record())}\n" for found in findings)


def _as_csv(findings: Sequence[Finding], stream: TextIO) -> None:
    """For people too: names of files and headers are shown as in the other lists."""
    stream.write(f"{line(COLUMNS)}\n")
    for found in findings:
        cells = found.record()
        shown = (visible(v) if isinstance(v, str) else v for v in map(cells.get, COLUMNS))
        stream.write(f"{line(shown)}\n")


def _as_markdown(findings: Sequence[Finding], stream: TextIO) -> None:
    cells = [found.record() for found in findings]
    rows = [
        [None if row[name] is None else language.say(row[name]) for name in COLUMNS]
        for row in cells
    ]
    names = [language.say(column_name(name)) for name in COLUMNS]
    stream.writelines(f"{line}\n" for line in text_table(names, rows))


def _as_github(findings: Sequence[Finding], stream: TextIO) -> None:
    """Workflow commands, which GitHub shows beside the lines of the files."""
    for found in findings:
        problem = found.problem
        places = {"file": problem.path, "line": problem.line, "title": problem.column or "crm-kpi"}
        properties = ",".join(
            f"{name}={_property(str(place))}" for name, place in places.items() if place is not None
        )
        what = language.say(Problem(problem.reason, value=problem.value, hint=problem.hint))
        stream.write(f"::{found.level} {properties}::{_data(what)}\n")


def _data(text: str) -> str:
    """A message: nothing in it ends the command or begins another."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_WRITERS: dict[str, Callable[[Sequence[Finding], TextIO], None]] = {
    "table": _as_text,
    "json": _as_json,
    "ndjson": _as_ndjson,
    "csv": _as_csv,
    "markdown": _as_markdown,
    "github": _as_github,
}
