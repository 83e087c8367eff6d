"""Several KPIs by segment: a row a segment, a column a KPI; what has no room stands below."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.blocks import wrapped
from crm_kpi.render.grid import GAP, NARROWEST, padded
from crm_kpi.render.kpi_lines import STAR, short_value
from crm_kpi.render.overview_choice import KpiRow
from crm_kpi.render.screen import Line, cell_width
from crm_kpi.render.speak import Speaker

_TITLE = 12
"""Columns that a line of a title takes, if its words let it."""
_HEAD = 24
"""Columns of a segment's name."""
_SORTS_LAST = float("-inf")

_Segment = tuple[tuple[str, str | None], ...]


def matrix(
    columns: Mapping[str, Sequence[KpiRow]],
    titles: Mapping[str, str],
    corner: str,
    width: int,
    speaker: Speaker,
) -> Iterator[Line]:
    """The lines of a matrix.

    Args:
        columns: per KPI a row for the whole and for each segment.
        corner: what all of it is about, such as its period.
    """
    table = {
        name: {tuple(row.result.segment.items()): row for row in rows}
        for name, rows in columns.items()
    }
    first = next(iter(table))
    ordered = sorted(
        dict.fromkeys(segment for rows in table.values() for segment in rows),
        key=lambda segment: _place(segment, table[first]),
    )
    names = {segment: _name(segment, ordered, speaker) for segment in ordered}
    widest = max(map(cell_width, (corner, *names.values())))
    head = min(widest, max(NARROWEST, min(_HEAD, width // 3)))
    texts = {
        name: {segment: _value(rows.get(segment), speaker) for segment in ordered}
        for name, rows in table.items()
    }
    heads = {name: textwrap.wrap(titles[name], _TITLE, break_on_hyphens=False) for name in table}
    sizes = {
        name: max(map(cell_width, (*(f"{line} " for line in heads[name]), *texts[name].values())))
        for name in table
    }
    for number, group in enumerate(_groups(sizes, width - head)):
        if number:
            yield []
        yield from _titles(group, heads, sizes, padded(corner, head))
        for segment in ordered:
            spans = [(padded(names[segment], head), "bold" if not segment else "")]
            for name in group:
                row = table[name].get(segment)
                style = "dim" if row is None or row.result.value is None else ""
                spans.append((GAP + padded(texts[name][segment], sizes[name], right=True), style))
            yield spans
    said = [text("render.sorted_by", title=titles[first])]
    if any(word.endswith(STAR) for words in texts.values() for word in words.values()):
        said.insert(0, text("render.few_cases"))
    for sentence in said:
        yield from ([(part, "dim")] for part in wrapped(speaker.say(sentence), width))


def _place(segment: _Segment, rows: Mapping[_Segment, KpiRow]) -> tuple[int, float]:
    """The whole first, then those with the largest value of the first KPI."""
    row = rows.get(segment)
    value = row.result.value if row else None
    return len(segment) and 1, -float(_SORTS_LAST if value is None else value)


def _name(segment: _Segment, every: Sequence[_Segment], speaker: Speaker) -> str:
    columns = dict.fromkeys(name for each in every for name, _ in each)
    words = [cells.segment(dict(segment), name, speaker) for name in columns]
    return ", ".join(words if segment else words[:1])


def _value(row: KpiRow | None, speaker: Speaker) -> str:
    words = short_value(row.result, speaker) if row else ""
    return words if words.endswith(STAR) else f"{words or cells.NOTHING} "


def _groups(sizes: Mapping[str, int], room: int) -> Iterator[list[str]]:
    """The columns that stand beside each other."""
    group: list[str] = []
    left = room
    for name, size in sizes.items():
        if group and left < len(GAP) + size:
            yield group
            group, left = [], room
        group.append(name)
        left -= len(GAP) + size
    if group:
        yield group


def _titles(
    group: Sequence[str], heads: Mapping[str, Sequence[str]], sizes: Mapping[str, int], corner: str
) -> Iterator[Line]:
    """Titles of several lines end on the last of them."""
    height = max(len(heads[name]) for name in group)
    for at in range(height):
        words = corner if at == height - 1 else " " * cell_width(corner)
        for name in group:
            place = at - (height - len(heads[name]))
            part = f"{heads[name][place]} " if place >= 0 else ""
            words += GAP + padded(part, sizes[name], right=True)
        yield [(words, "dim")]
