"""Why a KPI moved, on a terminal: bars around a line, and the sum that is the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_kpi.render import cells
from crm_kpi.render.blocks import no_rows, rule, wrapped
from crm_kpi.render.change_told import TABLE, ChangeAccount, EffectLine, changes
from crm_kpi.render.grid import GAP, INDENT, padded
from crm_kpi.render.screen import Line, Screen, cell_width
from crm_kpi.render.speak import Speaker
from crm_kpi.render.strokes import bar
from crm_kpi.render.triangle import Records
from crm_kpi.results import Report

_WIDEST_BAR, _NARROWEST_BAR = 24, 8
_LONGEST_NAME = 28
SEPARATOR = " · "
_TONES = {"good": "green", "bad": "red", "": "blue"}


def drivers_block(
    records: Records, report: Report, screen: Screen, speaker: Speaker
) -> Iterator[Line]:
    """The lines of a table of drivers, under a heading."""
    yield rule(cells.table_name(TABLE, speaker), screen.width)
    if not records:
        yield [(INDENT, ""), *no_rows(speaker)]
    room = screen.width - len(INDENT)
    for place, told in enumerate(changes(records, report, speaker)):
        if place:
            yield []
        yield [(told.title, "bold")]
        for line in wrapped(told.sub, room):
            yield [(INDENT + line, "dim")]
        for account in told.accounts:
            yield []
            yield from _account(account, room)


def _account(account: ChangeAccount, room: int) -> Iterator[Line]:
    lines = [*account.lines, account.whole]
    names = min(_LONGEST_NAME, max(cell_width(line.name) for line in lines))
    totals = max(cell_width(line.written) for line in lines)
    longest = max(cell_width(SEPARATOR.join(line.notes)) for line in lines)
    left = room - names - totals - 3 * len(GAP)
    width = min(_WIDEST_BAR, max(_NARROWEST_BAR, left - longest))
    has_room = left - width >= longest
    yield [(INDENT + account.heading, "bold")]
    for line in account.lines:
        more = SEPARATOR.join(line.notes)
        yield [
            (INDENT + padded(line.name, names) + GAP, ""),
            (padded(line.written, totals, right=True) + GAP, ""),
            (_bar(line.total, account.lines, width), _TONES[line.tone]),
            (GAP + more if has_room else "", "dim"),
        ]
        if more and not has_room:
            yield from ([(2 * INDENT + part, "dim")] for part in wrapped(more, room - len(INDENT)))
    whole = account.whole
    total = padded(whole.written, totals, right=True)
    yield [(INDENT + padded(whole.name, names) + GAP + total, "bold")]


def _bar(total: float, lines: Sequence[EffectLine], width: int) -> str:
    """A bar left or right of a line that stands where 0 is, in so many cells."""
    low, high = (abs(end(0.0, *(line.total for line in lines))) for end in (min, max))
    cells_left = round((width - 1) * low / (low + high)) if low + high else 0
    cells_right = width - 1 - cells_left
    if total >= 0:
        return " " * cells_left + "│" + f"{bar(total, high, cells_right):<{cells_right}}"
    whole = max(1, round(cells_left * -total / low))
    return " " * (cells_left - whole) + "█" * whole + "│" + " " * cells_right
