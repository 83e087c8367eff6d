"""The colours and strokes of the page, as a picture needs them: without variables."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from crm_kpi.render import as_html
from crm_kpi.render.as_html.heat_map import STEPS

FONTS = (
    'Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "DejaVu Sans", '
    '"Liberation Sans", "Open Sans", Ubuntu, Cantarell, sans-serif'
)
"""Of the usual systems: one of them must be there, as what draws a PNG looks for no other."""
_PAGE = Path(as_html.__file__).parent / "page.css"
_USED = re.compile(r"var\((--[\w-]+)\)")
_OF_PAGES = re.compile(r"^\.?(svg \{|chart|plot|p\d)|:hover")
"""Rules that lay out what a picture lays out itself."""


class Theme:
    """Light, or dark."""

    def __init__(self, *, dark: bool) -> None:
        colours, self._rules = _page()
        self._colours = colours["light"] | (colours["dark"] if dark else {})

    def colour(self, name: str) -> str:
        return self._colours[f"--{name}"]

    @property
    def style(self) -> str:
        """The rules of a picture, one a line."""
        depths = "\n".join(f".h{i} {{ fill: {self.colour(f'h{i}')} }}" for i in range(STEPS))
        rules = _USED.sub(lambda used: self._colours[used[1]], self._rules)
        return f"text {{ font-family: {FONTS} }}\n{rules}\n{depths}"


@cache
def _page() -> tuple[dict[str, dict[str, str]], str]:
    """Of the page's style the colours of both themes, and the rules of drawings."""
    style = _PAGE.read_text("utf-8")
    light = style.split(":root {", 1)[1].split("}", 1)[0]
    dark = style.split(":root[data-theme=dark] {", 1)[1].split("}", 1)[0]
    drawings = style.split("/* drawings */", 1)[1].split("/*", 1)[0]
    rules = [rule for rule in drawings.strip().splitlines() if not _OF_PAGES.search(rule)]
    inherited = "font-family: inherit; "
    colours = {"light": _variables(light), "dark": _variables(dark)}
    return colours, "\n".join(rules).replace(inherited, "")


def _variables(block: str) -> dict[str, str]:
    """Those that are set, by their names."""
    parts = (part.partition(":") for part in block.split(";"))
    return {name.strip(): value.strip() for name, _, value in parts if "--" in name}
