"""Markdown: a GitHub table per metric, with the cells of `table`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.benchmark_line import benchmark_lines
from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.outline import About, by_domain, distinct, shows_skipped
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Report, Result

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKUP = re.compile(r"[\\`*\[\]|$]|~(?!\s)|\b_|_\b")
"""What GitHub would read as markup: an underscore only at the edge of a word, a
tilde only before text."""
_BLOCK = re.compile(r"^\s*(?:(?=#+(?:\s|$)|[+-](?:\s|$)|[=-]+\s*$)|\d{1,9}(?=[.)](?:\s|$)))")
"""What stands before the mark of a heading, list or rule where a line begins."""
_LINK = re.compile(r"@(?=\w)|[#!](?=\d)|\bGH-(?=\d)|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
"""What GitHub and GitLab make a mention, a reference or a link of after all markup is read: a
backslash does not keep them from it, an invisible entity behind it does."""


def write(
    report: Report,
    stream: TextIO,
    about: Mapping[str, About],
    *,
    verbose: bool = False,
    language: str = "en",
) -> None:
    parts = _parts(report, about, Speaker(language), verbose=verbose)
    stream.write("\n\n".join(parts) + "\n")


def _parts(
    report: Report, about: Mapping[str, About], speaker: Speaker, *, verbose: bool
) -> Iterator[str]:
    for domain, metrics in by_domain(report.results, about).items():
        yield f"## {escaped(speaker.say(domain))}"
        for results in metrics:
            yield from _metric(results, about[results[0].metric], speaker)
    for name, records in report.tables.items():
        columns, rows = cells.table_rows(records, speaker, name)
        yield f"## {escaped(cells.table_name(name, speaker))}"
        yield _table(columns, rows) if rows else speaker.say(text("render.no_rows_sentence"))
    if shows_skipped(report, verbose=verbose):
        yield f"## {escaped(speaker.say(text('render.not_computed')))}"
        yield "\n".join(
            f"- {escaped(skip.metric)}: {escaped(visible(speaker.say(skip.reason)))}"
            for skip in report.skipped
        )


def _metric(results: Sequence[Result], about: About, speaker: Speaker) -> Iterator[str]:
    first = results[0]
    yield f"### {escaped(speaker.say(about.title))}"
    definitions = distinct(cells.definition(result.definition, speaker) for result in results)
    unit, formula = cells.unit_name(first.unit, speaker), speaker.say(about.formula)
    lines = [f"`{first.metric}` · {unit}", *formula.splitlines(), *definitions]
    lines += benchmark_lines(results, speaker)
    yield "  \n".join([lines[0], *map(escaped, lines[1:])])
    segments = cells.segment_columns(results, speaker)
    rows = [cells.result_row(result, about, segments, speaker) for result in results]
    columns = [cells.PERIOD, *segments, *cells.VALUES, cells.NOTE, cells.COMPONENTS]
    yield _table(cells.with_titles(cells.filled(columns, rows), speaker), rows)


def _table(columns: Sequence[TableColumn], rows: Sequence[ReportRow]) -> str:
    lines = [
        [escaped(column.title) for column in columns],
        ["---:" if column.right else "---" for column in columns],
        *([escaped(row.cells[column.key]) for column in columns] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def text_table(names: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table of plain values; None is an empty cell."""
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join('---' for _ in names)} |"
    for row in rows:
        texts = ("" if value is None else escaped(visible(str(value))) for value in row)
        yield f"| {' | '.join(texts)} |"


def escaped(text: str) -> str:
    """Text that is no markup."""
    text = _MARKUP.sub(r"\\\g<0>", text)
    text = _BLOCK.sub(r"\g<0>\\", text).translate(_HTML)
    return _LINK.sub(r"\g<0>&#8203;", text)
