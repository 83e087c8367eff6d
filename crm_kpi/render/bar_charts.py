"""Parts of a whole, and goals, as bars and the like: `svg` text, finished numbers in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from crm_kpi.render import svg
from crm_kpi.render.svg import Svg, Tick

_SHORT = 8
"""Letters of a note that has room behind its bar on a phone, too."""
_PLAINLY = 0.09
"""A share that is large enough for its number to stand in it."""


@dataclass(frozen=True)
class Bar:
    """
    value: how long it is.
    note: fainter words behind its own.
    below: lines of such words below it, in a chart around zero.
    kind: good or bad, if either.
    """

    name: str
    value: float
    label: str
    note: str = ""
    below: Sequence[str] = ()
    kind: str = ""


def bars(rows: Sequence[Bar], label: str, most: float | None = None, room: float = 0.56) -> Svg:
    """A bar a row, with its words behind it.

    Args:
        most: what the longest would be; default: the largest value.
        room: how much of the width that takes.
    """
    notes_below = any(len(row.note) > _SHORT for row in rows)
    thick, gap = 18, 32 if notes_below else 15
    most = most or max((row.value for row in rows), default=1) or 1
    body = ""
    for index, row in enumerate(rows):
        y = index * (thick + gap) + 7.5
        length, line = room * max(0.0, row.value) / most, y + thick / 2 + 4.5
        body += svg.words(0, line, _cut(row.name), "lab", anchor="end", shift=-12)
        body += svg.box(0, y, max(length, 0.004), thick, "bar", svg.title(row.name))
        note = ""
        if row.note and notes_below:
            body += svg.words(0, y + thick + 14, row.note, "note")
        elif row.note:
            note = f'<tspan class="note" dx="8">{escape(row.note)}</tspan>'
        at = f'x="{svg.percent(length)}" y="{svg.pixels(line)}" dx="8"'
        body += f'<text {at} class="val">{escape(row.label)}{note}</text>'
    widest = max((len(_cut(row.name)) for row in rows), default=3) + 2
    return svg.drawing(len(rows) * (thick + gap), body, "bars", label, room=widest)


def around_zero(rows: Sequence[Bar], label: str) -> Svg:
    """A bar a row, to the left of a line where its value is below zero."""
    thick, gap, of_line, room = 16, 15, 16, 0.68
    low, high = min(0.0, *(row.value for row in rows)), max(0.0, *(row.value for row in rows))
    span = (high - low) or 1.0
    zero, y, body = room * -low / span, 5.0, ""
    for row in rows:
        length, line = room * abs(row.value) / span, y + thick / 2 + 4.5
        left = zero - length if row.value < 0 else zero
        kind = f"fill {row.kind}" if row.kind else "fill"
        body += svg.words(0, line, _cut(row.name), "lab", anchor="end", shift=-12)
        body += svg.box(left, y, max(length, 0.003), thick, kind, svg.title(row.name))
        body += svg.upright(zero, y - 4, y + thick + 4, "zero")
        body += svg.words(room, line, row.label, "val", shift=12)
        for place, note in enumerate(row.below):
            body += svg.words(0, y + thick + 15 + of_line * place, note, "note")
        y += thick + gap + of_line * len(row.below)
    widest = max((len(_cut(row.name)) for row in rows), default=3) + 2
    return svg.drawing(y, body, "bars", label, room=widest)


def stacked(
    names: Sequence[str],
    series: Mapping[str, Sequence[float]],
    texts: Mapping[str, Sequence[str]],
    label: str,
    tick: Tick,
    below: Sequence[str] = (),
    height: float = 256,
) -> Svg:
    """What came above a line and what went below it, a column a period.

    below: the series that went.
    """
    count = len(names)
    ups = [sum(v[i] for key, v in series.items() if key not in below) for i in range(count)]
    downs = [sum(v[i] for key, v in series.items() if key in below) for i in range(count)]
    low, high = -max([*downs, 0]), max([*ups, 0]) or 1
    at, top, bottom = svg.ticks(low, high), 10.0, height - 26

    def y_of(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    def x_of(index: int) -> float:
        return (index + 0.5) / count

    width = min(0.62 / count, 0.12)
    body = svg.grid(at, y_of, tick)
    for index in range(count):
        up = down = 0.0
        for key, values in series.items():
            size = values[index]
            if not size:
                continue
            if key in below:
                upper, lower = -down, -(down + size)
                down += size
            else:
                upper, lower = up + size, up
                up += size
            tall = max(1, y_of(lower) - y_of(upper) - 0.7)
            said = svg.title(texts[key][index])
            body += svg.box(x_of(index) - width / 2, y_of(upper), width, tall, f"s-{key}", said)
    body += svg.labels(names, x_of, height - 8)
    return svg.drawing(height, body, "stacked", label, room=svg.widest(at, tick))


def shares(
    names: Sequence[str],
    series: Mapping[str, Sequence[float]],
    texts: Mapping[str, Sequence[str]],
    label: str,
    tick: Tick,
    height: float = 216,
) -> Svg:
    """Parts of a whole from 0 to 1, a column a period; periods without any are left out."""
    there = [i for i in range(len(names)) if sum(values[i] for values in series.values())]
    top, bottom, count = 8.0, height - 26, max(1, len(there))

    def y_of(value: float) -> float:
        return bottom - (bottom - top) * value

    def x_of(place: int) -> float:
        return (place + 0.5) / count

    width = min(0.62 / count, 0.14)
    body = svg.grid((0, 0.5, 1), y_of, tick)
    for place, index in enumerate(there):
        whole, reached = sum(values[index] for values in series.values()), 0.0
        for key, values in series.items():
            size = values[index] / whole
            upper, lower = y_of(reached + size), y_of(reached)
            left = x_of(place) - width / 2
            said = svg.title(texts[key][index])
            body += svg.box(left, upper, width, max(0, lower - upper - 1), f"s-{key}", said)
            if size > _PLAINLY:
                y = (upper + lower) / 2 + 4
                body += svg.words(x_of(place), y, tick(size), f"in-{key}", anchor="middle")
            reached += size
    body += svg.labels([names[index] for index in there], x_of, height - 8)
    return svg.drawing(height, body, "shares", label, room=5)


@dataclass(frozen=True)
class Stage:
    """share: of those who came in, from 0 to 1; step: of the stage before, in words."""

    name: str
    reached: str
    share: float
    step: str
    days: str
    worst: bool = False


def funnel(stages: Sequence[Stage], label: str) -> Svg:
    """How many reached each stage, and how they went on from one to the next."""
    thick, gap, room = 36, 24, 0.84
    height = len(stages) * (thick + gap) - gap + 2
    body = inner = ""
    for index, stage in enumerate(stages):
        y, x = index * (thick + gap) + 1, room * (1 - stage.share) / 2
        middle = y + thick / 2 + 5
        body += svg.box(x, y, max(room * stage.share, 0.004), thick, "bar")
        if index:
            wide = room * (1 - stages[index - 1].share) / 2
            corners = [(wide, y - gap), (room - wide, y - gap), (room - x, y), (x, y)]
            inner += svg.path([(at, float(down)) for at, down in corners], "neck", closed=True)
            kind = "step-bad" if stage.worst else "step"
            body += svg.words(room / 2, y - gap / 2 + 4.5, stage.step, kind, anchor="middle")
        fits = "inbar" if stage.share > 0.2 else "val"
        at = room / 2 if stage.share > 0.2 else room - x
        body += svg.words(
            at, middle, stage.reached, fits, anchor="middle" if fits == "inbar" else "start",
            shift=0 if fits == "inbar" else 8,
        )  # fmt: skip
        body += svg.words(0, middle, _cut(stage.name), "lab", anchor="end", shift=-12)
        body += svg.words(1, middle, stage.days, "note", anchor="end")
    widest = max((len(_cut(stage.name)) for stage in stages), default=3) + 2
    return svg.drawing(height, svg.stretched(height, inner) + body, "funnel", label, room=widest)


def on_scale(value: float, target: float, low: float, high: float, kind: str) -> Svg:
    """A bar from one end of a scale to the value, with a mark at the target."""
    track = '<rect class="track" y="2" width="100%" height="8" rx="4"/>'
    size = svg.percent(max(0.01, _within(value, low, high)))
    fill = f'<rect class="fill {kind}" y="2" width="{size}" height="8" rx="4"/>'
    x = svg.percent(_within(target, low, high))
    mark = f'<line class="tmark" x1="{x}" x2="{x}" y1="0" y2="12"/>'
    return svg.drawing(12, track + fill + mark, "scale")


def ring(way: float, label: str, kind: str) -> Svg:
    """How far one is on the way, from 0 to 1, as a part of a circle."""
    part = svg.pixels(100 * _within(way, 0, 1))
    circle = 'cx="36" cy="36" r="29" pathLength="100"'
    body = f'<circle class="rtrack" {circle}/>'
    body += f'<circle class="rfill {kind}" {circle} stroke-dasharray="{part} 100"'
    body += ' transform="rotate(-90 36 36)"/>'
    body += f'<text x="36" y="41" text-anchor="middle" class="val">{escape(label)}</text>'
    return Svg(f'<svg class="ring" width="72" height="72" aria-hidden="true">{body}</svg>')


def thermometer(value: float, target: float, low: float, high: float, kind: str) -> Svg:
    """A tube that is filled up to the value, with a mark at the target."""
    top, bottom = 6.0, 82.0

    def y_of(number: float) -> str:
        return svg.pixels(bottom - (bottom - top) * _within(number, low, high))

    body = '<rect class="tube" x="13" y="2" width="12" height="92" rx="6"/>'
    body += '<circle class="tube" cx="19" cy="92" r="11"/>'
    body += f'<line class="mercury {kind}" x1="19" x2="19" y1="92" y2="{y_of(value)}"/>'
    body += f'<circle class="fill {kind}" cx="19" cy="92" r="8"/>'
    mark = y_of(target)
    body += f'<line class="tmark" x1="9" x2="31" y1="{mark}" y2="{mark}"/>'
    return Svg(f'<svg class="thermo" width="40" height="106" aria-hidden="true">{body}</svg>')


def share_bar(part: float) -> Svg:
    """A bar of a cell, from 0 to 1."""
    size = svg.percent(max(0.01, _within(part, 0, 1)))
    track = '<rect class="track" y="2" width="100%" height="8" rx="4"/>'
    fill = f'<rect class="fill" y="2" width="{size}" height="8" rx="4"/>'
    return svg.drawing(12, track + fill, "scale")


def _within(value: float, low: float, high: float) -> float:
    """Where a value lies between two ends, from 0 to 1."""
    return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.0


def _cut(name: str) -> str:
    return name if len(name) <= 14 else name[:13] + "…"
