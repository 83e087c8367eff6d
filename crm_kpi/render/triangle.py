"""Cohorts on a terminal: a row each, a column for every period since, the deeper the more stayed.

The colour of a cell says again what its number says, so without colour nothing lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.blocks import wrapped
from crm_kpi.render.grid import GAP, padded
from crm_kpi.render.numbers import common_decimals
from crm_kpi.render.screen import Line, Screen, Span, cell_width
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Number, exact

_OWN = frozenset(("cohort", "size", "offset", "active", "share", "undated"))
_SEGMENT = "segment."
_TRUE = (
    "#1b3a57", "#1f4a70", "#255b8a", "#2d6da3", "#3a80b9", "#5094c9", "#6ea9d7", "#90bfe4",
    "#b3d4ee", "#d6e8f7",
)  # fmt: skip
_PALETTE = (17, 24, 31, 74, 117, 195)
"""Of the 256 colours of a terminal, from the darkest to the lightest."""
_WHITE_ON = 4, 2
"""So many of the darkest of both carry white letters, the others black ones; each has a contrast
of 4.5 and more."""

Records = Sequence[Mapping[str, Any]]


def fits(records: Records) -> bool:
    """Whether these are rows of cohorts and nothing else."""
    names = {name for record in records for name in record if not name.startswith(_SEGMENT)}
    return {"cohort", "size", "offset", "share"} <= names <= _OWN


def triangle(records: Records, screen: Screen, speaker: Speaker, indent: str) -> Iterator[Line]:
    """The lines of the cohorts; as many offsets as fit the width, numbers are never cut."""
    rows: dict[tuple[str, ...], dict[int, Number | None]] = {}
    sizes: dict[tuple[str, ...], str] = {}
    decimals = common_decimals([exact(record["size"]) for record in records])
    for record in records:
        by = (record[name] for name in record if name.startswith(_SEGMENT))
        names = (
            *(cells.plain_cell(value, 0, speaker) for value in by),
            cells.cohort(str(record["cohort"]), speaker),
        )
        rows.setdefault(names, {})[record["offset"]] = record["share"]
        sizes.setdefault(names, speaker.number(exact(record["size"]), decimals))
    offsets = sorted({offset for shares in rows.values() for offset in shares})
    if all(shares.get(0) in (100, None) for shares in rows.values()):
        offsets = [offset for offset in offsets if offset]  # all of them began it
    titles = [
        *(visible(n.removeprefix(_SEGMENT)) for n in records[0] if n.startswith(_SEGMENT)),
        visible(speaker.say(cells.column_name("cohort"))),
    ]
    heads = [max(map(cell_width, column)) for column in zip(titles, *rows, strict=True)]
    size_title = visible(speaker.say(cells.column_name("size")))
    size = max(map(cell_width, (size_title, *sizes.values())))
    texts = {offset: _column(offset, rows.values(), speaker) for offset in offsets}
    cell = max((len(t) for column in texts.values() for t in column), default=0) + 1
    room = screen.width - len(indent) - sum(heads) - len(GAP) * len(heads) - size
    if (cell + 1) * len(offsets) <= room:
        cell += 1
    there = offsets[: max(1, room // cell)]
    yield [
        (
            indent + _names(titles, heads) + " " * (size - cell_width(size_title)) + size_title,
            "dim",
        ),
        ("".join(_title(offset).rjust(cell) for offset in there), "dim"),
    ]
    most = max((float(s) for row in rows.values() for o, s in row.items() if o and s), default=0.0)
    for place, (names, shares) in enumerate(rows.items()):
        spans: list[Span] = [(indent + _names(names, heads) + sizes[names].rjust(size), "")]
        last = max((o for o in there if o in shares), default=-1)
        for offset in there:
            if offset > last:
                break
            word = texts[offset][place + 1].rjust(cell)
            share = shares.get(offset)
            spans.append((word, "" if share is None else _style(float(share), most, screen)))
        yield spans
    more = len(offsets) - len(there)
    said = [text("render.triangle_is")]
    said += [text("render.more_columns", count=more)] if more else []
    for sentence in said:
        for part in wrapped(speaker.say(sentence), screen.width - len(indent)):
            yield [(indent + part, "dim")]


def _names(names: Sequence[str], sizes: Sequence[int]) -> str:
    return "".join(padded(n, size) + GAP for n, size in zip(names, sizes, strict=True))


def _title(offset: int) -> str:
    return f"+{offset}" if offset else "0"


def _column(offset: int, rows: Any, speaker: Speaker) -> list[str]:
    """The title and the cells of one offset; nothing where a cohort is too young."""
    column = [_title(offset)]
    for shares in rows:
        share = shares.get(offset)
        known = "" if offset not in shares else cells.NOTHING
        column.append(known if share is None else speaker.number(exact(share), 0))
    return column


def _style(share: float, most: float, screen: Screen) -> str:
    colours: Sequence[str | int] = _TRUE if screen.true_colour else _PALETTE
    level = min(len(colours) - 1, int(len(colours) * share / most)) if most else 0
    letters = "white" if level < _WHITE_ON[0 if screen.true_colour else 1] else "black"
    colour = colours[level]
    letter = (
        {"white": "#ffffff", "black": "#000000"}
        if screen.true_colour
        else {"white": "color(231)", "black": "color(16)"}
    )
    return f"{letter[letters]} on {colour if isinstance(colour, str) else f'color({colour})'}"
