"""The one list of formats: what each is called, what it can hold, and what writes it.

A writer is imported when it is called, so that the list costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from crm_kpi.render.outline import About
    from crm_kpi.results import Report


class Writer(Protocol):
    def __call__(
        self, report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool
    ) -> None: ...


@dataclass(frozen=True)
class Format:
    """
    write: writes a report; None for what lists alone are written in.
    ending: of files that hold it.
    lists: whether lists are written in it: the catalogue, and the problems of `validate`.
    """

    name: str
    write: Writer | None
    ending: str | None = None
    lists: bool = True


def _table(report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool) -> None:
    from crm_kpi.render import as_table

    as_table.write(report, stream, about, verbose=verbose)


def _json(report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool) -> None:
    from crm_kpi.render import as_json

    as_json.write(report, stream)


def _ndjson(report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool) -> None:
    from crm_kpi.render import as_json

    as_json.write_lines(report, stream)


def _csv(report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool) -> None:
    from crm_kpi.render import as_csv

    as_csv.write(report, stream)


def _markdown(report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool) -> None:
    from crm_kpi.render import as_markdown

    as_markdown.write(report, stream, about, verbose=verbose)


FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format("table", _table, ".txt"),
        Format("json", _json, ".json"),
        Format("ndjson", _ndjson, ".ndjson"),
        Format("csv", _csv, ".csv"),
        Format("markdown", _markdown, ".md"),
        Format("github", None),
    )
}

REPORT_FORMATS = tuple(name for name, format in FORMATS.items() if format.write)
"""Formats of answers."""
LIST_FORMATS = tuple(name for name, format in FORMATS.items() if format.lists)
"""Formats of the problems that `validate` lists."""
CATALOGUE_FORMATS = tuple(name for name in REPORT_FORMATS if FORMATS[name].lists)
"""Formats of the list of KPIs, and of what is told of one."""
