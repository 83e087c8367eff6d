"""The headline as one picture: a tile a KPI, four beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.render import svg
from crm_kpi.render.as_html.cards import Card
from crm_kpi.render.as_image.picture import MARGIN, WIDTH, Headline, cut, lines, marked, text, whole
from crm_kpi.render.as_image.theme import Theme

ACROSS = 4
_GAP = 16
_TALL = 176
_EDGE = 18


def drawn(headline: Headline, cards: Sequence[Card], theme: Theme) -> str:
    """The whole picture as SVG that needs no other file."""
    across = min(ACROSS, len(cards))
    wide = (WIDTH - 2 * MARGIN - (ACROSS - 1) * _GAP) / ACROSS
    room = WIDTH - 2 * MARGIN
    body = text(MARGIN, 48, cut(headline.title, room, 22), theme.colour("ink"), 22, bold=True)
    body += text(MARGIN, 72, cut(headline.sub, room, 13.5), theme.colour("soft"), 13.5)
    y = 92.0
    for start in range(0, len(cards), across):
        for place, card in enumerate(cards[start : start + across]):
            body += _tile(card, MARGIN + place * (wide + _GAP), y, wide, theme)
        y += _TALL + _GAP
    return whole(WIDTH, y + MARGIN - _GAP, body, theme, headline.title)


def _tile(card: Card, x: float, y: float, wide: float, theme: Theme) -> str:
    ink, soft, room = theme.colour("ink"), theme.colour("soft"), wide - 2 * _EDGE
    frame = f'x="{svg.pixels(x)}" y="{svg.pixels(y)}" width="{svg.pixels(wide)}" height="{_TALL}"'
    body = f'<rect {frame} rx="12" fill="none" stroke="{theme.colour("line")}"/>'
    left = x + _EDGE
    for number, line in enumerate(lines(card.title, room, 13.5)):
        body += text(left, y + 28 + 17 * number, line, soft, 13.5)
    body += text(left, y + 76, card.value, ink, 24, bold=True)
    if card.pill:
        colour = theme.colour(card.pill.kind if card.pill.kind != "note" else "soft")
        body += text(x + wide - _EDGE, y + 75, card.pill.label, colour, 12.5, bold=True, end=True)
    if card.change:
        colour = theme.colour(card.tone or "soft")
        before = card.before if len(card.change) + len(card.before) < room / (0.5 * 13) else ""
        body += marked(left, y + 99, card.change, colour, 13, before, soft)
    elif not card.has_value:
        body += text(left, y + 99, cut(card.reason, room, 12.5), soft, 12.5)
    if isinstance(card.spark, svg.SvgChart):
        body += svg.placed(card.spark, left, y + _TALL - 58, room)
    return body
