"""The body of an e-mail, as every mail program shows it: a table, styles on the spot, no picture.

Gmail drops SVG and Outlook most of CSS: the line of past values is made of letters.
"""

from __future__ import annotations

from pathlib import Path

from crm_kpi.notify.notice import Notice
from crm_kpi.render.as_html import templates

_COLOURS = {"bad": "#a11d12", "warn": "#8f6000", "note": "#566270", "good": "#0b6e69"}
"""On white, each of a contrast above 4.5; a mark and a word say the same."""


def body(notice: Notice) -> str:
    """HTML in which everything that comes from data is escaped."""
    template = templates.get("mail.html.j2", Path(__file__).parent)
    return template.render(notice=notice, colours=_COLOURS).rstrip() + "\n"
