"""Where every row of the input went, by table and file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Report, SourceAudit

MOST_FILES = 24
"""Files of a table that are named; a glob may match thousands."""
MOST_CELLS = 20
"""Rejected cells of a table that are shown, where they may be."""
_COUNTS = ("rows", "used", "rejected", "duplicates", "excluded", "future")


@dataclass(frozen=True)
class TableRead:
    table: str
    files: Sequence[tuple[str, str]]
    """Each with its SHA-256."""
    more: str
    counts: Sequence[tuple[str, int]]


def tables_read(report: Report, speaker: Speaker) -> Iterator[TableRead]:
    for name, audit in report.sources_needed.items():
        sums = [*audit.sha256, *[""] * (len(audit.paths) - len(audit.sha256))]
        files = [(visible(p), s) for p, s in zip(audit.paths, sums, strict=False)]
        more = len(files) - MOST_FILES
        numbers = [getattr(audit, count) for count in _COUNTS]
        yield TableRead(
            visible(name),
            files[:MOST_FILES],
            f"+ {speaker.count(more)}" if more > 0 else "",
            [(speaker.count(number), number) for number in numbers],
        )


def reasons(report: Report, speaker: Speaker) -> Iterator[tuple[str, str, str]]:
    """Table, why rows of it were rejected, and how many, the most frequent first."""
    for name, audit in report.sources.items():
        for reason, count in sorted(audit.reasons.items(), key=lambda item: (-item[1], item[0])):
            yield visible(name), visible(speaker.say(reason)), speaker.count(count)


def rejected_cells(report: Report, speaker: Speaker) -> Iterator[tuple[str, str, str, str, str]]:
    """Path, line, column, cell and reason; they are of the input, so only where lists may be."""
    for audit in report.sources.values() if report.asked.lists else ():
        yield from _cells(audit, speaker)


def _cells(audit: SourceAudit, speaker: Speaker) -> Iterator[tuple[str, str, str, str, str]]:
    for problem in audit.problems[:MOST_CELLS]:
        yield (
            visible(problem.path or ""),
            "" if problem.line is None else str(problem.line),
            visible(problem.column or ""),
            visible(problem.value or ""),
            visible(speaker.say(problem.reason)),
        )
