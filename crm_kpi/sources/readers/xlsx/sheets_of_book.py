"""The sheets of a workbook by name and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.sources.unicode import normalized

MOST_NAMED = 50
"""Sheets that a message names."""


@dataclass(frozen=True)
class SheetEntry:
    """A sheet by its name, and where in the archive it stands."""

    name: str
    part: str
    hidden: bool


def sheets_like(path: str, sheets: Sequence[SheetEntry], wanted: str | int) -> list[SheetEntry]:
    """The sheet of a name, or of a position from 1; else those whose names fit a pattern such as
    `Tháng *`. Raises UsageError if there is none."""
    names = [sheet.name for sheet in sheets]
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return [sheets[wanted - 1]]
    folded = [_folded(name) for name in names]
    if isinstance(wanted, str):
        pattern = _folded(wanted)
        if pattern in folded:
            return [sheets[folded.index(pattern)]]
        like = [s for s, name in zip(sheets, folded, strict=True) if fnmatchcase(name, pattern)]
        if like:
            return like
    numbered = [f"{i} {name}" for i, name in enumerate(names, 1)]
    raise UsageError(
        text("files.no_such_sheet", path=path, sheet=wanted),
        hint=text("files.sheets_are", sheets=listed(numbered)),
    )


def _folded(name: str) -> str:
    return normalized("NFC", name).casefold().strip()


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    first, more = ", ".join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    return text("files.and_more_sheets", sheets=first, more=more) if more > 0 else first
