"""One figure as a picture of its own: a heading, its value, its charts one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from crm_kpi.render import svg
from crm_kpi.render.as_html.heat_map import HeatMap
from crm_kpi.render.as_image.theme import Theme
from crm_kpi.render.svg import SvgChart

WIDTH = 1120
MARGIN = 32
_LETTER = 7.8
"""Pixels of a letter beside an axis, as on the page."""
_NARROWEST = 760
_HEAT_ROW = 28
_NARROWEST_CELL, _WIDEST_CELL = 30, 64


@dataclass(frozen=True)
class Headline:
    """What a picture says before its charts; each may be empty.

    tone: good or bad, of the change.
    """

    title: str
    value: str = ""
    change: str = ""
    tone: str = ""
    sub: str = ""


@dataclass(frozen=True)
class Panel:
    """
    name: a heading, empty where there is one chart alone.
    legend: the kind of a colour, and what it stands for.
    """

    name: str
    chart: SvgChart
    legend: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Picture:
    headline: Headline
    panels: Sequence[Panel] = ()
    heat: HeatMap | None = None
    note: str = ""
    """What to mind, below all."""


def drawn(picture: Picture, theme: Theme) -> str:
    """The whole picture as SVG that needs no other file."""
    width = float(WIDTH)
    body, y = _headline(picture.headline, theme)
    for panel in picture.panels:
        if panel.name:
            body += text(MARGIN, y + 12, panel.name, theme.colour("ink"), 14, bold=True)
            y += 30
        if panel.legend:
            body += _legend(panel.legend, y, theme)
            y += 26
        left = MARGIN + _LETTER * panel.chart.room
        body += svg.placed(panel.chart, left, y, WIDTH - MARGIN - left)
        y += panel.chart.height + 24
    if picture.heat:
        heat, width, y = _heat(picture.heat, y, theme)
        body += heat
    for line in lines(picture.note, WIDTH - 2 * MARGIN, 12.5, most=3) if picture.note else ():
        body += text(MARGIN, y + 4, line, theme.colour("soft"), 12.5)
        y += 19
    return whole(width, y + MARGIN - 20, body, theme, picture.headline.title)


def whole(width: float, height: float, body: str, theme: Theme, label: str) -> str:
    """SVG of this size, on the theme's ground."""
    size = f'width="{svg.pixels(width)}" height="{svg.pixels(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {svg.pixels(width)} '
        f'{svg.pixels(height)}" role="img" aria-label="{escape(label)}">'
        f"<style>{escape(theme.style, quote=False)}</style>"
        f'<rect width="100%" height="100%" fill="{theme.colour("card")}"/>{body}</svg>\n'
    )


def text(
    x: float,
    y: float,
    words: str,
    colour: str,
    size: float,
    *,
    bold: bool = False,
    end: bool = False,
) -> str:
    """A line of text; end: x is where it ends."""
    weight = "font-weight: 600; " if bold else ""
    anchor = ' text-anchor="end"' if end else ""
    place = f'x="{svg.pixels(x)}" y="{svg.pixels(y)}"'
    style = f"font-size: {size:g}px; {weight}fill: {colour}"
    return f'<text {place}{anchor} style="{style}">{escape(words)}</text>'


def marked(
    x: float, y: float, words: str, colour: str, size: float, beside: str = "", soft: str = ""
) -> str:
    """Bold words that may begin with a mark, and fainter ones beside them.

    The mark stands by itself: a font that has it would take the words along.
    """
    mark, _, rest = words.partition(" ")
    body, left = "", 0.0
    if rest and not mark.isalnum() and len(mark) == 1:
        body, words, left = text(x, y, mark, colour, size), rest, 1.25 * size
    style = f"font-size: {size:g}px; font-weight: 400; fill: {soft}"
    more = f'<tspan dx="4" style="{style}"> {escape(beside)}</tspan>' if beside else ""
    said = text(x + left, y, words, colour, size, bold=True)
    return body + said.removesuffix("</text>") + more + "</text>"


def cut(words: str, width: float, size: float) -> str:
    """As much of a line as fits into so many pixels."""
    most = int(width / (0.56 * size))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def lines(words: str, width: float, size: float, most: int = 2) -> list[str]:
    """A text in so many lines at most, broken between words."""
    fits, written = int(width / (0.56 * size)), [""]
    for word in words.split():
        longer = f"{written[-1]} {word}".strip()
        if len(longer) <= fits or not written[-1]:
            written[-1] = longer
        else:
            written.append(word)
    if len(written) > most:
        written = [*written[: most - 1], " ".join(written[most - 1 :])]
    return [cut(line, width, size) for line in written]


def _headline(headline: Headline, theme: Theme) -> tuple[str, float]:
    """The heading, and where it ends."""
    wide, y = WIDTH - 2 * MARGIN, 46.0
    body = text(MARGIN, y, cut(headline.title, wide, 19), theme.colour("ink"), 19, bold=True)
    if headline.value:
        y += 38
        body += text(MARGIN, y, headline.value, theme.colour("ink"), 27, bold=True)
        beside = MARGIN + 0.6 * 27 * len(headline.value) + 14
        colour = theme.colour(headline.tone or "soft")
        body += marked(beside, y, headline.change, colour, 14)
    if headline.sub:
        y += 24
        body += text(MARGIN, y, cut(headline.sub, wide, 13.5), theme.colour("soft"), 13.5)
    return body, y + 26


def _legend(legend: Sequence[tuple[str, str]], y: float, theme: Theme) -> str:
    body, x = "", float(MARGIN)
    for key, name in legend:
        body += f'<rect class="k-{key}" x="{svg.pixels(x)}" y="{svg.pixels(y)}" '
        body += 'width="11" height="11" rx="2"/>'
        body += text(x + 17, y + 10, name, theme.colour("soft"), 12.5)
        x += 17 + 7.2 * len(name) + 20
    return body


def _heat(heat: HeatMap, y: float, theme: Theme) -> tuple[str, float, float]:
    """Cohorts as coloured cells; how wide the picture is, and where they end."""
    names = max(len(name) for name in [heat.cohort, *(row.cohort for row in heat.rows)])
    sizes = max(len(size) for size in [heat.size, *(row.size for row in heat.rows)])
    first = MARGIN + 7.4 * names + 16
    left = first + 7.4 * sizes + 10
    room = (WIDTH - MARGIN - left) / max(1, len(heat.offsets))
    wide = min(_WIDEST_CELL, max(_NARROWEST_CELL, room))
    soft, ink = theme.colour("soft"), theme.colour("ink")
    body = text(MARGIN, y + 14, heat.cohort, soft, 12.5, bold=True)
    body += text(left - 10, y + 14, heat.size, soft, 12.5, bold=True, end=True)
    for column, offset in enumerate(heat.offsets):
        body += _centred(left + (column + 0.5) * wide, y + 14, f"+{offset}", soft)
    for row in heat.rows:
        y += _HEAT_ROW
        body += text(MARGIN, y + 14, row.cohort, ink, 12.5, bold=row.whole)
        body += text(left - 10, y + 14, row.size, soft, 12.5, end=True)
        for column, cell in enumerate(row.cells):
            if cell is None:
                continue
            x, colour = left + column * wide, soft
            if cell.depth is not None:
                colour = theme.colour("high" if cell.depth > 6 else "low")
                body += (
                    f'<rect class="h{cell.depth}" x="{svg.pixels(x + 1)}" y="{svg.pixels(y - 4)}" '
                )
                body += f'width="{svg.pixels(wide - 2)}" height="{_HEAT_ROW - 2}" rx="4"/>'
            body += _centred(x + wide / 2, y + 14, cell.label, colour)
    return body, max(_NARROWEST, left + wide * len(heat.offsets) + MARGIN), y + _HEAT_ROW + 16


def _centred(x: float, y: float, words: str, colour: str) -> str:
    place = f'x="{svg.pixels(x)}" y="{svg.pixels(y)}" text-anchor="middle"'
    return f'<text {place} style="font-size: 12.5px; fill: {colour}">{escape(words)}</text>'
