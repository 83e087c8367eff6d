"""Values over time as lines, and curves: `svg` text, finished numbers in.

A line is dotted over a gap and into a period that is not over. Every value is beside the chart as
text, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from html import escape

from crm_kpi.render import svg
from crm_kpi.render.svg import Point, Svg, Tick

Heights = Sequence[float | None]

_LETTER = 6.6
"""Pixels that a letter is wide, about."""
_NEAR_ZERO = 0.35
"""An axis begins at zero where the lowest value is below so much of the highest."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """Values of a KPI, and what they are seen against.

    lows, highs: the 95 % interval of each, empty where there is none.
    usual: the range in which the last value was to be expected.
    missed: places of values that missed their goal.
    partial: the last period is not over.
    told: the place of the value that stands beside the line; None: the last.
    """

    values: Heights
    lows: Heights = ()
    highs: Heights = ()
    target: float | None = None
    usual: tuple[float, float] | None = None
    missed: Collection[int] = field(default_factory=frozenset)
    partial: bool = False
    told: int | None = None


def spark(track: Track, height: float = 44, frame: tuple[float, float] | None = None) -> Svg:
    """A small line without words; nothing of fewer than two values.

    frame: a range that other lines are drawn in, too.
    """
    values = [value for value in track.values if value is not None]
    if len(values) < 2:
        return Svg()
    pool = [*values, *(frame or ()), *([] if track.target is None else [track.target])]
    low, high = _apart(min(pool), max(pool))
    edge = (high - low) * 0.06
    low, high = low - edge, high + edge
    last = len(track.values) - 1
    told = last if track.told is None else track.told

    def y_of(value: float) -> float:
        return height - 5 - (height - 10) * (value - low) / (high - low)

    points = [
        None if value is None else (0.015 + 0.97 * index / last, y_of(value))
        for index, value in enumerate(track.values)
    ]
    body = _usual(track, low, high, y_of)
    if track.target is not None:
        body += svg.level(y_of(track.target), "target")
    body += svg.stretched(height, _line(points, partial=track.partial))
    for index, point in enumerate(points):
        if point is not None and index != told and (_lone(points, index) or index in track.missed):
            body += svg.dot(point, 2.5, _dot(track, index))
    if (end := points[told]) is not None:
        body += svg.dot(end, 4, _dot(track, told, "last"))
    return svg.drawing(height, body, "spark")


def trend(
    track: Track,
    names: Sequence[str],
    texts: Sequence[str],
    label: str,
    tick: Tick,
    goal: str = "",
    height: float = 236,
) -> Svg:
    """A large chart; whoever points at a value reads it.

    Args:
        names: of the periods.
        texts: of the values.
        goal: of the target.
    """
    given = (*track.values, *track.lows, *track.highs, track.target)
    pool = [value for value in given if value is not None]
    if not pool:
        return Svg()
    low, high = axis_ends(min(pool), max(pool))
    at = svg.ticks(low, high)
    top, bottom, count = 12.0, height - 26, len(track.values)

    def y_of(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    def x_of(index: int) -> float:
        return (index + 0.5) / count

    body = svg.grid(at, y_of, tick) + svg.labels(names, x_of, height - 8)
    body += _usual(track, low, high, y_of)
    points = [None if v is None else (x_of(i), y_of(v)) for i, v in enumerate(track.values)]
    upper = [None if v is None else (x_of(i), y_of(v)) for i, v in enumerate(track.highs)]
    lower = [None if v is None else (x_of(i), y_of(v)) for i, v in enumerate(track.lows)]
    bands = [
        svg.path([*above, *reversed(below)], "band", closed=True)
        for above, below in zip(svg.runs(upper), svg.runs(lower), strict=False)
        if len(above) == len(below) > 1
    ]
    body += svg.stretched(height, "".join(bands) + _line(points, partial=track.partial))
    for index, (above, below) in enumerate(zip(upper, lower, strict=True)):
        if above is not None and below is not None and _lone(upper, index):
            body += svg.upright(above[0], above[1], below[1], "whisker")
    if track.target is not None:
        body += svg.level(y_of(track.target), "target")
        body += svg.words(1, y_of(track.target) - 6, goal, "targettext", anchor="end")
    for index, point in enumerate(points):
        if point is not None:
            said = f"{names[index]}: {texts[index]}"
            hit = svg.box(index / count, top, 1 / count, bottom - top, "hit")
            body += f'<g class="pt">{hit}{svg.dot(point, 3.5, _dot(track, index))}'
            body += tip(point, said) + "</g>"
    return svg.drawing(height, body, "trend", label, room=svg.widest(at, tick))


@dataclass(frozen=True)
class Mark:
    """A point of a curve with words beside it."""

    x: float
    y: float
    label: str


def curve(
    points: Sequence[Point],
    label: str,
    below: str,
    x_tick: Tick,
    tick: Tick,
    *,
    lows: Sequence[float] = (),
    highs: Sequence[float] = (),
    marks: Sequence[Mark] = (),
    steps: bool = False,
    even: bool = False,
    height: float = 264,
) -> Svg:
    """A share, from 0 to 1, by some number from 0 on.

    Args:
        below: what is counted below the axis.
        steps: it stays until the next point.
        even: a line from corner to corner.
    """
    most = max((x for x, _ in points), default=0) or 1
    top, bottom = 10.0, height - 44

    def y_of(value: float) -> float:
        return bottom - (bottom - top) * value

    def line(values: Sequence[float]) -> list[Point]:
        corners: list[Point] = []
        for (x, _), value in zip(points, values, strict=True):
            if steps and corners:
                corners.append((x / most, corners[-1][1]))
            corners.append((x / most, y_of(value)))
        return corners

    body = svg.grid((0, 0.25, 0.5, 0.75, 1), y_of, tick)
    for value in svg.ticks(0, most, 5):
        anchor = "middle" if 0 < value < most else "end" if value else "start"
        body += svg.words(value / most, bottom + 18, x_tick(value), "tick", anchor=anchor)
    body += svg.words(0.5, height - 6, below, "axis", anchor="middle")
    inner = svg.path([(0, y_of(0)), (1, y_of(1))], "even") if even else ""
    if lows:
        inner += svg.path([*line(highs), *reversed(line(lows))], "band", closed=True)
    inner += svg.path(line([y for _, y in points]), "line")
    body += svg.stretched(height, inner)
    for mark in marks:
        x, y = mark.x / most, y_of(mark.y)
        body += svg.upright(x, y, bottom, "mark")
        body += f'<line class="mark" x2="{svg.percent(x)}" y1="{svg.pixels(y)}" '
        body += f'y2="{svg.pixels(y)}"/>' + svg.dot((x, y), 5, "last")
        if x < 0.55:
            body += svg.words(x, y + 18, mark.label, "val", shift=10)
        else:
            body += svg.words(x, y - 10, mark.label, "val", anchor="end", shift=-8)
    return svg.drawing(height, body, "curve", label, room=5)


def axis_ends(low: float, high: float) -> tuple[float, float]:
    """Those of an axis for values from one to another, from zero on where that is near."""
    if 0 < low < _NEAR_ZERO * high:
        low = 0
    low, high = _apart(low, high)
    span = high - low
    return low if low == 0 else low - span * 0.06, high + span * 0.1


def _apart(low: float, high: float) -> tuple[float, float]:
    beside = max(1.0, abs(low) / 100)  # large numbers have no digit for one more
    return (low, high) if high > low else (low - beside, high + beside)


def _usual(track: Track, low: float, high: float, y_of: Callable[[float], float]) -> str:
    """The usual range as far as it is seen."""
    if track.usual is None:
        return ""
    from_, to = max(track.usual[0], low), min(track.usual[1], high)
    return svg.box(0, y_of(to), 1, y_of(from_) - y_of(to), "usual") if to > from_ else ""


def _line(points: Sequence[Point | None], *, partial: bool) -> str:
    line, before = "", None
    for run in svg.runs(points):
        if before is not None:
            line += svg.path([before, run[0]], "line-gap")
        ends = partial and run[-1] is points[-1] and len(run) > 1
        solid = run[:-1] if ends else run
        if len(solid) > 1:
            line += svg.path(solid, "line")
        if ends:
            line += svg.path(run[-2:], "line-gap")
        before = run[-1]
    return line


def _lone(points: Sequence[Point | None], index: int) -> bool:
    """Whether no line leads to a point."""
    beside = [points[i] for i in (index - 1, index + 1) if 0 <= i < len(points)]
    return all(point is None for point in beside)


def _dot(track: Track, index: int, kind: str = "dot") -> str:
    return f"{kind} bad" if index in track.missed else kind


def tip(point: Point, label: str) -> str:
    """The words at a point, which stay inside the chart."""
    x, y = point
    width = len(label) * _LETTER + 16
    left = -width * (0.12 if x < 0.15 else 0.88 if x > 0.85 else 0.5)
    top = y - 32 if y > 44 else y + 12
    frame = f'<rect x="{svg.percent(x)}" y="{svg.pixels(top)}" '
    frame += f'width="{svg.pixels(width)}" height="22" rx="5"/>'
    inside = f'<text x="{svg.percent(x)}" y="{svg.pixels(top + 15)}" dx="8">'
    return (
        f'<g class="tip" transform="translate({svg.pixels(left)} 0)">{frame}{inside}'
        f"{escape(label)}</text></g>"
    )
