"""What was and what is expected, as one line over time: what is expected is dashed, in its bands.

Every value is beside the chart as text, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_kpi.render import svg
from crm_kpi.render.charts import axis_ends, tip
from crm_kpi.render.svg import Svg, Tick

_FURTHEST = 1.6
"""A band of 95 % that reaches so much higher than all else is cut by the end of the chart: the
line would be flat beside it."""

Band = Sequence[tuple[float, float]]
"""The ends of a band, a period after the other; empty where there is none."""


@dataclass(frozen=True, kw_only=True)
class KnownAndExpected:
    """Values that are known, those that are expected after them, and their bands."""

    known: Sequence[float]
    ahead: Sequence[float]
    wide: Band = ()
    likely: Band = ()

    def ends(self) -> tuple[float, float]:
        """The lowest and the highest that is drawn."""
        near = [*self.known, *self.ahead, *(end for ends in self.likely for end in ends)]
        low, high = min(near), max(near)
        reach = (_FURTHEST - 1) * ((high - low) or abs(high) or 1)
        wide = [end for ends in self.wide for end in ends]
        low = max(min([low, *wide]), low - reach)
        return axis_ends(low, min(max([high, *wide]), high + reach))


def outlook(
    values: KnownAndExpected,
    names: Sequence[str],
    texts: Sequence[str],
    label: str,
    words: str,
    tick: Tick,
    height: float = 264,
) -> Svg:
    """
    Args:
        names: of the periods, the known ones first.
        texts: what each says to whoever points at it.
        words: what the expected ones are called.
    """
    low, high = values.ends()
    at = svg.ticks(low, high)
    top, bottom, count = 20.0, height - 26, len(names)
    begun = len(values.known)

    def y_of(value: float) -> float:
        inside = min(max(value, low), high)
        return bottom - (bottom - top) * (inside - low) / (high - low)

    def x_of(index: int) -> float:
        return (index + 0.5) / count

    points = [(x_of(i), y_of(v)) for i, v in enumerate([*values.known, *values.ahead])]
    now = points[begun - 1]
    body = svg.grid(at, y_of, tick) + svg.labels(names, x_of, height - 8)
    inner = ""
    for band in (values.wide, values.likely):
        upper = [(x_of(begun + i), y_of(end)) for i, (_, end) in enumerate(band)]
        lower = [(x_of(begun + i), y_of(end)) for i, (end, _) in enumerate(band)]
        if band:
            inner += svg.path([now, *upper, *reversed(lower)], "band", closed=True)
    inner += svg.path(points[:begun], "line") + svg.path(points[begun - 1 :], "line-ahead")
    body += svg.stretched(height, inner)
    between = begun / count
    body += svg.upright(between, top - 12, bottom, "now")
    body += svg.words(between, top - 8, words, "tick", shift=6)
    for index, (point, said) in enumerate(zip(points, texts, strict=True)):
        hit = svg.box(index / count, top, 1 / count, bottom - top, "hit")
        dot = svg.dot(point, 3.5, "dot-ahead" if index >= begun else "dot")
        body += f'<g class="pt">{hit}{dot}' + tip(point, said) + "</g>"
    return svg.drawing(height, body, "outlook", label, room=svg.widest(at, tick))
