"""A line a KPI: mark, title, value, interval, change, history and goal, as far as they fit.

The interval is there where it fits; narrower, the goal goes first, then the older half of the
history, then titles are cut, and the history is gone. No number is cut: where even those do not
fit, lines are plain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.blocks import wrapped
from crm_kpi.render.grid import GAP, NARROWEST, padded
from crm_kpi.render.outline import About
from crm_kpi.render.overview_choice import PERIODS, KpiRow
from crm_kpi.render.screen import Line, Span, cell_width, cut
from crm_kpi.render.speak import Speaker
from crm_kpi.render.strokes import sparkline
from crm_kpi.render.text import visible
from crm_kpi.results import Rating, Result, Status

NARROW = 40
"""Columns below which nothing is aligned."""
STAR = "*"
MARKS = {Rating.MET: ("✓", "green"), Rating.WARNING: ("~", "yellow"), Rating.MISSED: ("✗", "red")}
_HALF = PERIODS // 2 + 1


@dataclass(frozen=True)
class KpiLine:
    """One row as text."""

    title: str
    mark: Span
    value: str
    interval: str
    change: str
    tone: str
    history: str
    goal: str
    instead: str
    """Why there is no value."""


def short_value(result: Result, speaker: Speaker) -> str:
    """The value, with a star where it rests on few cases."""
    if result.value is None:
        return ""
    limits = (result.target, result.warning)
    star = STAR if result.status is Status.LOW_N else ""
    return speaker.short(result.value, result.unit, limits=limits) + star


def line_of(row: KpiRow, about: About, title: str, speaker: Speaker) -> KpiLine:
    result = row.result
    empty, change = result.value is None, result.change
    good = cells.good(change, about)
    return KpiLine(
        title=visible(speaker.say(title)),
        mark=MARKS[result.rating] if result.rating else ("", ""),
        value=short_value(result, speaker),
        interval=cells.interval(result, speaker),
        change="" if change is None else speaker.change(change, result.unit, short=True),
        tone="" if good is None else "green" if good else "red",
        history="" if empty else sparkline(row.history),
        goal=cells.goal(result.target, result.unit, about.higher_is_better, speaker),
        instead=visible(speaker.say(result.reason or text("render.no_data"))) if empty else "",
    )


@dataclass(frozen=True)
class Layout:
    """The width of each column; 0 where it is left out."""

    title: int
    value: int
    interval: int
    change: int
    history: int
    goal: int

    @property
    def width(self) -> int:
        parts = (self.value, self.interval, self.change, self.history, self.goal)
        return 2 + self.title + sum(len(GAP) + part for part in parts if part)


def layout(lines: Sequence[KpiLine], width: int) -> Layout | None:
    """What fits; None where not even the numbers do."""
    if width < NARROW:
        return None

    def widest(name: str) -> int:
        """Of the lines that are aligned; a title stands in all of them."""
        return max((cell_width(getattr(line, name)) for line in lines), default=0)

    title = widest("title")
    found = Layout(
        title=title,
        value=widest("value"),
        interval=widest("interval"),
        change=widest("change"),
        history=widest("history"),
        goal=widest("goal"),
    )
    half = min(found.history, _HALF)
    for narrower in (
        {},
        {"interval": 0},
        {"goal": 0},
        {"history": half},
        {"title": max(min(found.title, 20), NARROWEST)},
        {"history": 0},
    ):
        if found.width <= width:
            return found
        found = replace(found, **narrower)
        if "title" in narrower or "history" in narrower:
            spare = width - found.width
            found = replace(found, title=min(title, max(NARROWEST, found.title + spare)))
    return found if found.width <= width else None


def kpi_lines(lines: Sequence[KpiLine], fitting: Layout | None, width: int) -> Iterator[Line]:
    for line in lines:
        if fitting is None:
            yield from _plain(line, width)
        elif line.instead:
            yield _without_value(line, fitting, width)
        else:
            yield _aligned(line, fitting)


def starred(lines: Sequence[KpiLine]) -> list[KpiLine]:
    """The lines with room for the star of those that have one, so that digits stay aligned."""
    if not any(line.value.endswith(STAR) for line in lines):
        return [*lines]
    return [
        line if line.value.endswith(STAR) else replace(line, value=f"{line.value} ")
        for line in lines
    ]


def _plain(line: KpiLine, width: int) -> Iterator[Line]:
    """All of it in a row; where that is too long, its parts on rows of their own.

    On a very narrow screen the row is left to the terminal.
    """
    mark, style = line.mark
    start: Span = (f"{mark} " if mark else "", style)
    parts = [p for p in (line.value.strip(), line.change, line.goal, line.instead) if p]
    whole = " ".join([line.title, *parts])
    if width < NARROW or len(start[0]) + cell_width(whole) <= width:
        yield [start, (whole, "")]
        return
    yield [start, (cut(line.title, width - len(start[0])), "")]
    for part in parts:
        yield from ([(f"{GAP}{words}", "")] for words in wrapped(part, width - len(GAP)))


def _without_value(line: KpiLine, fitting: Layout, width: int) -> Line:
    """The reason stands where the numbers would."""
    room = width - 2 - fitting.title - len(GAP)
    title = f"  {padded(line.title, fitting.title)}{GAP}"
    return [(title + cut(line.instead, room), "dim")]


def _aligned(line: KpiLine, fitting: Layout) -> Line:
    mark, style = line.mark
    history = line.history[-fitting.history :] if fitting.history else ""
    parts: list[tuple[str, str, int, bool]] = [
        (line.value, "bold", fitting.value, True),
        (line.interval, "dim", fitting.interval, False),
        (line.change, line.tone, fitting.change, False),
        (history, "cyan", fitting.history, True),
        (line.goal, "dim", fitting.goal, False),
    ]
    spans: list[Span] = [(f"{mark or ' '} ", style), (padded(line.title, fitting.title), "")]
    for words, tone, size, right in parts:
        if size:
            spans += [(GAP, ""), (padded(words, size, right=right), tone)]
    return spans
