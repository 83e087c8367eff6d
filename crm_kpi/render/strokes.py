"""Numbers as strokes of letters: a bar in eighths of a cell, a line of eight heights."""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.results import Number

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"
GAP = "·"
"""A period without value between others."""


def bar(value: Number, most: Number, width: int) -> str:
    """A bar of at most `width` cells, which `most` fills; none for what is not above zero."""
    if value <= 0 or most <= 0:
        return ""
    eighths = min(8 * width, round(8 * width * float(value) / float(most)))
    whole, rest = divmod(eighths, 8)
    # What is there at all is seen.
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")) or _EIGHTHS[1]


def sparkline(values: Sequence[Number | None]) -> str:
    """A cell a value, from the lowest to the highest of them; a gap where there is none.

    One value alone has no height, and so no line.
    """
    there = [float(value) for value in values if value is not None]
    if len(there) < 2:
        return ""
    low, high = min(there), max(there)
    span = (high - low) or 1.0
    return "".join(
        GAP if value is None else _HEIGHTS[min(7, int(8 * (float(value) - low) / span))]
        for value in values
    )
