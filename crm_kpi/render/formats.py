"""The one list of formats: what each is called, what it can hold, and what writes it.

A writer is imported when it is called, so that the list costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from crm_kpi.errors import UsageError
from crm_kpi.messages import text

if TYPE_CHECKING:
    from crm_kpi.render.outline import About
    from crm_kpi.results import Report


class Writer(Protocol):
    def __call__(
        self,
        report: Report,
        stream: TextIO,
        about: Mapping[str, About],
        *,
        verbose: bool,
        language: str,
    ) -> None: ...


@dataclass(frozen=True)
class Format:
    """
    write: writes a report; None for what lists alone are written in.
    ending: of files that hold it.
    several: whether one file of it holds results and tables, or several tables.
    lists: whether lists are written in it: the catalogue, and the problems of `validate`.
    terminal: whether it can be read on a terminal.
    """

    name: str
    write: Writer | None
    ending: str | None = None
    several: bool = True
    lists: bool = True
    terminal: bool = True


def _table(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_table

    as_table.write(report, stream, about, verbose=verbose, language=language)


def _overview(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_overview

    as_overview.write(report, stream, about, verbose=verbose, language=language)


def _json(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_json

    as_json.write(report, stream)


def _ndjson(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_json

    as_json.write_lines(report, stream)


def _csv(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_csv

    as_csv.write(report, stream)


def _markdown(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_markdown

    as_markdown.write(report, stream, about, verbose=verbose, language=language)


def _html(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_html

    as_html.write(report, stream, about, language=language)


def _svg(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_image

    as_image.write_svg(report, stream, about, language=language)


def _png(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_image

    as_image.write_png(report, stream, about, language=language)


def _pdf(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_pdf

    as_pdf.write(report, stream, about, language=language)


def _xlsx(
    report: Report, stream: TextIO, about: Mapping[str, About], *, verbose: bool, language: str
) -> None:
    from crm_kpi.render import as_xlsx

    as_xlsx.write(report, stream, about, language=language)


FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format("table", _table, ".txt"),
        Format("overview", _overview, lists=False),
        Format("json", _json, ".json"),
        Format("ndjson", _ndjson, ".ndjson", several=False),
        Format("csv", _csv, ".csv", several=False),
        Format("markdown", _markdown, ".md"),
        Format("html", _html, ".html", lists=False, terminal=False),
        Format("png", _png, ".png", several=False, lists=False, terminal=False),
        Format("svg", _svg, ".svg", several=False, lists=False, terminal=False),
        Format("pdf", _pdf, ".pdf", lists=False, terminal=False),
        Format("xlsx", _xlsx, ".xlsx", lists=False, terminal=False),
        Format("github", None),
    )
}

REPORT_FORMATS = tuple(name for name, format in FORMATS.items() if format.write)
"""Formats of answers."""
LIST_FORMATS = tuple(name for name, format in FORMATS.items() if format.lists)
"""Formats of the problems that `validate` lists."""
CATALOGUE_FORMATS = tuple(name for name in REPORT_FORMATS if FORMATS[name].lists)
"""Formats of the list of KPIs, and of what is told of one."""


def format_of(path: str | Path, formats: Sequence[str] = REPORT_FORMATS) -> str | None:
    """Which of the formats the ending of a file says; None where it has no ending.

    Raises:
        UsageError: none of them has this ending.
    """
    ending = Path(path).suffix.lower()
    if not ending:
        return None
    endings = {FORMATS[name].ending: name for name in formats if FORMATS[name].ending}
    if ending not in endings:
        raise unknown_ending(path, formats)
    return endings[ending]


def unknown_ending(path: str | Path, formats: Sequence[str] = REPORT_FORMATS) -> UsageError:
    """What is said of a file whose ending is that of no format."""
    endings = ", ".join(filter(None, (FORMATS[name].ending for name in formats)))
    return UsageError(
        text("render.unknown_ending", path=path, endings=endings), hint=text("render.say_format")
    )
