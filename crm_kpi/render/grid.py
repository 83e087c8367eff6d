"""Rows of cells as aligned lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from crm_kpi.render.barred import BAR
from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.screen import Line, Span, cell_width, cut
from crm_kpi.results import Rating

GAP = "  "
INDENT = "  "
NARROWEST = 12
"""Columns that a text keeps at least when it is cut."""
HEADER = "dim"
_RATINGS = {Rating.MET: "green", Rating.WARNING: "yellow", Rating.MISSED: "red"}
_QUIET = frozenset(("interval", "note", "components", "definition"))

Widths = Mapping[str, int]


def widths(columns: Sequence[TableColumn], rows: Sequence[ReportRow]) -> dict[str, int]:
    """The width of each column: that of its widest cell or its title."""
    return {
        column.key: max(
            cell_width(column.title),
            max((cell_width(row.cells[column.key]) for row in rows), default=0),
        )
        for column in columns
    }


def row_widths(columns: Sequence[TableColumn], rows: Sequence[ReportRow]) -> dict[str, int]:
    """Widths; the note of a row without value does not count, it has the whole line."""
    return widths(
        columns,
        [replace(row, cells={**row.cells, "note": ""}) if row.empty else row for row in rows],
    )


def line_width(columns: Sequence[TableColumn], sizes: Widths) -> int:
    return sum(sizes[column.key] for column in columns) + len(GAP) * (len(columns) - 1)


def header(columns: Sequence[TableColumn], sizes: Widths) -> Line:
    texts = (padded(column.title, sizes[column.key], right=column.right) for column in columns)
    return [(GAP.join(texts), HEADER)]


def body(columns: Sequence[TableColumn], row: ReportRow, sizes: Widths) -> list[Span]:
    spans: list[Span] = []
    for column in columns:
        text = padded(row.cells[column.key], sizes[column.key], right=column.right)
        spans += [(GAP, "")] if spans else []
        spans.append((text, style(column.key, row)))
    return spans


def grid(columns: Sequence[TableColumn], rows: Sequence[ReportRow]) -> Iterator[Line]:
    sizes = widths(columns, rows)
    yield header(columns, sizes)
    for row in rows:
        yield body(columns, row, sizes)


def style(key: str, row: ReportRow) -> str:
    """Colour repeats what marks and words say; it never says more."""
    if key == "rating" and row.rating:
        return _RATINGS[row.rating]
    if key == "change" and row.good is not None:
        return "green" if row.good else "red"
    if key == BAR:
        return "blue"
    return "dim" if key in _QUIET else ""


def shrink(
    columns: Sequence[TableColumn], rows: list[ReportRow], texts: Iterable[TableColumn], room: int
) -> list[ReportRow]:
    """The rows with the widest of these text columns cut until a line fits, if it can."""
    sizes = row_widths(columns, rows)
    limits = {column.key: sizes[column.key] for column in texts}
    while limits and (excess := line_width(columns, sizes) - room) > 0:
        widest = max(limits, key=lambda key: limits[key])
        if limits[widest] <= NARROWEST:
            break
        limits[widest] = sizes[widest] = max(NARROWEST, limits[widest] - excess)
    return [
        replace(
            row, cells={**row.cells, **{key: cut(row.cells[key], limits[key]) for key in limits}}
        )
        for row in rows
    ]


def indented(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        yield [(INDENT, ""), *line]


def padded(words: str, size: int, *, right: bool = False) -> str:
    """The words in so many columns, cut where they are wider: numbers are never given less."""
    wide = cell_width(words)
    if wide > size:
        words = cut(words, size)
        wide = cell_width(words)
    space = " " * (size - wide)
    return space + words if right else words + space
