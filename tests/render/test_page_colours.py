"""The colours of the page: read by everybody, told apart by those who see red and green alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import crm_kpi

CSS = (Path(crm_kpi.__file__).parent / "render" / "as_html" / "page.css").read_text("utf-8")
_COLOUR = re.compile(r"(--[\w-]+): (#[0-9a-f]{3,6})(?=[;\s])")


def colours(start: str) -> dict[str, str]:
    """The colours that are named in one block of the style."""
    block = CSS[CSS.index(start) :]
    return dict(_COLOUR.findall(block[: block.index("}")]))


LIGHT = colours(":root {")
THEMES = {
    "light": LIGHT,
    "dark, asked for": LIGHT | colours(":root[data-theme=dark] {"),
    "dark, by the system": LIGHT | colours(":root:not([data-theme=light]) {"),
}
BLIND = {
    "deutan": [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
               (-0.011820, 0.042940, 0.968881)],
    "protan": [(0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
               (-0.003882, -0.048116, 1.051998)],
}  # fmt: skip
"""Machado, Oliveira and Fernandes, 2009, at full severity, for linear red, green and blue."""
TEXTS = [
    *((text, paper) for text in ("ink", "soft", "faint", "accent") for paper in ("card", "bg")),
    *((tone, paper) for tone in ("good", "bad", "warn") for paper in ("card", f"{tone}-bg")),
    ("soft", "note-bg"), ("on", "s1"), ("on", "s5"), ("on", "accent"), ("on0", "s0"),
    *(("low", f"h{depth}") for depth in range(7)),
    *(("high", f"h{depth}") for depth in range(7, 10)),
]  # fmt: skip
APART = [
    ("good", "bad"),
    ("bad", "warn"),
    ("good", "warn"),
    ("s1", "s5"),
    ("s3", "s5"),
    ("s4", "s5"),
]


def linear(colour: str) -> list[float]:
    letters = colour.lstrip("#")
    letters = "".join(2 * letter for letter in letters) if len(letters) == 3 else letters
    parts = [int(letters[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def dot(weights: Sequence[float], parts: Sequence[float]) -> float:
    return sum(weight * part for weight, part in zip(weights, parts, strict=True))


def contrast(first: str, second: str) -> float:
    """As WCAG has it, from 1 to 21."""
    light = sorted(dot((0.2126, 0.7152, 0.0722), linear(colour)) for colour in (first, second))
    return (light[1] + 0.05) / (light[0] + 0.05)


def distance(first: str, second: str, blind: str) -> float:
    """Between two colours in CIELAB, as somebody with this sight has it."""

    def lab(colour: str) -> tuple[float, float, float]:
        parts = linear(colour)
        seen = [min(1.0, max(0.0, dot(row, parts))) for row in BLIND[blind]]
        to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
        white = (0.95047, 1.0, 1.08883)
        ratios = [dot(row, seen) / most for row, most in zip(to_xyz, white, strict=True)]
        x, y, z = (r ** (1 / 3) if r > 0.008856 else 7.787 * r + 16 / 116 for r in ratios)
        return 116 * y - 16, 500 * (x - y), 200 * (y - z)

    pairs = zip(lab(first), lab(second), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


@pytest.mark.parametrize("theme", THEMES)
def test_a_text_stands_out_from_its_ground(theme: str) -> None:
    named: Mapping[str, str] = THEMES[theme]
    faint = {
        pair: round(found, 2)
        for pair in TEXTS
        if (found := contrast(named[f"--{pair[0]}"], named[f"--{pair[1]}"])) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("blind", BLIND)
@pytest.mark.parametrize("theme", THEMES)
def test_good_and_bad_differ_for_everybody(theme: str, blind: str) -> None:
    named = THEMES[theme]
    close = {
        pair: round(found, 1)
        for pair in APART
        if (found := distance(named[f"--{pair[0]}"], named[f"--{pair[1]}"], blind)) < 10
    }
    assert close == {}


def test_both_ways_to_the_dark_are_one() -> None:
    assert THEMES["dark, asked for"] == THEMES["dark, by the system"]
    assert contrast("#000", "#fff") == pytest.approx(21)
