"""SVG text that fits any width: what stands beside another is in percent, what stands below in
pixels, and words never scale.

Lines and bands lie in an inner drawing that is stretched, in which strokes keep their width;
dots, bars and words lie outside it. There are classes only, no styles and no script, so that a
page may forbid both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from html import escape
from math import ceil, floor, log10

Point = tuple[float, float]
"""From the left as a part of the width, from the top in pixels."""
Tick = Callable[[float], str]
"""How a number is written beside an axis."""

_WIDE = 1000
"""Width of what is stretched."""
_STRETCHED = re.compile(r'<svg class="st" width="100%" height="([^"]*)" viewBox="[^"]*"[^>]*>')
_LINE = re.compile(r'\bd="([^"]*)"')
_CORNER = re.compile(r"([ML])([-.0-9]+) ")
_MOST_LABELS = 13
_WIDEST_LABEL = 14


class Svg(str):
    """Text that is SVG already: a template takes it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


class SvgChart(Svg):
    """A chart of a page, and what one needs who places it by hand.

    body: all that is in it.
    room: letters that stand left of it.
    """

    height: float
    body: str
    room: int


def drawing(height: float, body: str, kind: str, label: str = "", room: int = 0) -> SvgChart:
    """A chart.

    Args:
        label: what it shows, for those who cannot see it; without one it is left out for them,
            since the same is said beside it.
        room: letters that stand left of it.
    """
    seen = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    room = min(room, _WIDEST_LABEL)
    svg = f'<svg class="chart {kind}" height="{pixels(height)}" {seen}>{body}</svg>'
    chart = SvgChart(f'<div class="plot p{room}">{svg}</div>' if room else svg)
    chart.height, chart.body, chart.room = height, body, room
    return chart


def placed(chart: SvgChart, x: float, y: float, width: float) -> str:
    """A chart at a place of a picture, as wide as is said.

    Nothing in it is stretched any more: not every program keeps strokes as they are.
    """
    scale = width / _WIDE
    body = _STRETCHED.sub(r'<svg class="st" width="100%" height="\1">', chart.body)
    body = _LINE.sub(lambda line: f'd="{_CORNER.sub(partial(_moved, scale), line[1])}"', body)
    place = f'x="{pixels(x)}" y="{pixels(y)}" width="{pixels(width)}"'
    return f'<svg {place} height="{pixels(chart.height)}" overflow="visible">{body}</svg>'


def _moved(scale: float, corner: re.Match[str]) -> str:
    return f"{corner[1]}{pixels(scale * float(corner[2]))} "


def stretched(height: float, body: str) -> str:
    """An inner drawing as wide as there is room."""
    box = f'viewBox="0 0 {_WIDE} {pixels(height)}" preserveAspectRatio="none"'
    return f'<svg class="st" width="100%" height="{pixels(height)}" {box}>{body}</svg>'


def path(points: Iterable[Point], kind: str, *, closed: bool = False) -> str:
    """A line through points, for an inner drawing."""
    corners = "L".join(f"{pixels(_WIDE * x)} {pixels(y)}" for x, y in points)
    return f'<path class="{kind}" d="M{corners}{"Z" if closed else ""}"/>'


def words(
    x: float, y: float, label: str, kind: str, *, anchor: str = "start", shift: float = 0
) -> str:
    """A text; shift: so many pixels further right."""
    moved = f' dx="{pixels(shift)}"' if shift else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    place = f'x="{percent(x)}" y="{pixels(y)}"'
    return f'<text {place}{moved}{side} class="{kind}">{escape(label)}</text>'


def box(x: float, y: float, width: float, height: float, kind: str, more: str = "") -> str:
    """A rectangle, x and width as parts of the width."""
    left = f' x="{percent(x)}"' if x else ""
    size = f'width="{percent(width)}" height="{pixels(height)}"'
    tag = f'<rect class="{kind}"{left} y="{pixels(y)}" {size}'
    return f"{tag}>{more}</rect>" if more else f"{tag}/>"


def level(y: float, kind: str) -> str:
    """A line across the whole width."""
    return f'<line class="{kind}" x2="100%" y1="{pixels(y)}" y2="{pixels(y)}"/>'


def upright(x: float, top: float, bottom: float, kind: str) -> str:
    """A line up and down, x as a part of the width."""
    across = f'x1="{percent(x)}" x2="{percent(x)}"'
    return f'<line class="{kind}" {across} y1="{pixels(top)}" y2="{pixels(bottom)}"/>'


def dot(point: Point, radius: float, kind: str) -> str:
    place = f'cx="{percent(point[0])}" cy="{pixels(point[1])}"'
    return f'<circle class="{kind}" {place} r="{pixels(radius)}"/>'


def title(label: str) -> str:
    """What a shape shows, where somebody points at it."""
    return f"<title>{escape(label)}</title>"


def pixels(number: float) -> str:
    """A length, to a tenth of a pixel."""
    written = f"{number:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def percent(part: float) -> str:
    """A part of the width, to a hundredth of a percent."""
    return f"{100 * part:.2f}".rstrip("0").rstrip(".") + "%"


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers from one end to the other."""
    if high <= low:
        high = low + max(1.0, abs(low) / 100)
    rough = (high - low) / about
    power = 10.0 ** floor(log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
    first, last = ceil(low / step - 1e-6), floor(high / step + 1e-6)
    return [round(place * step, 10) for place in range(first, last + 1)]


def grid(at: Sequence[float], height_of: Callable[[float], float], tick: Tick) -> str:
    """A line and a number for each tick."""
    lines = []
    for value in at:
        zero = " zero" if value == 0 and at[0] < 0 else ""
        y = height_of(value)
        lines.append(level(y, f"grid{zero}"))
        lines.append(words(0, y + 4, tick(value), "tick", anchor="end", shift=-8))
    return "".join(lines)


def widest(at: Iterable[float], tick: Tick) -> int:
    """Letters that the numbers beside an axis need."""
    return max((len(tick(value)) for value in at), default=0) + 1


def labels(names: Sequence[str], place: Callable[[int], float], y: float) -> str:
    """Names below an axis, as many as there is room for; on a phone every third of those."""
    step = max(1, ceil(len(names) / _MOST_LABELS))
    there = []
    for index, name in enumerate(names):
        back = len(names) - 1 - index
        if back % step == 0:
            spare = " spare" if (back // step) % 3 and len(names) > 5 else ""
            there.append(words(place(index), y, name, f"tick{spare}", anchor="middle"))
    return "".join(there)


def runs(points: Iterable[Point | None]) -> Iterator[list[Point]]:
    """The points between gaps."""
    run: list[Point] = []
    for point in points:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run
