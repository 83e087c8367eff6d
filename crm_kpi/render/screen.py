"""The stream that a table goes to: is it a terminal, how wide, in colour?

Judged for the given stream alone, so that a piped answer stays plain while
messages on the terminal are coloured.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

Span = tuple[str, str]
"""A text and its style, a rich style definition; "" for none."""
Line = Sequence[Span]

_DEFAULT_WIDTH = 80


@dataclass(frozen=True)
class Screen:
    terminal: bool
    colour: bool
    width: int
    true_colour: bool = False
    """Whether it shows any colour; else those of the palette of 256."""

    @classmethod
    def of(cls, stream: TextIO) -> Screen:
        """What the stream is, and what `NO_COLOR`, `FORCE_COLOR` and `TERM` ask.

        A `NO_COLOR` that is not empty wins over `FORCE_COLOR`, which wins over
        `TERM=dumb`. Only colour can be forced: off a terminal the layout stays
        that of a pipe.
        """
        terminal = stream.isatty()
        dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
        wanted = bool(os.environ.get("FORCE_COLOR")) or (terminal and not dumb)
        colour = wanted and not os.environ.get("NO_COLOR")
        return cls(terminal, colour, _width(stream), colour and _true_colour())


def cell_width(text: str) -> int:
    """Columns that a text takes on a screen: 2 for a wide letter, 0 for a combining one."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int) -> str:
    """The text, ended by an ellipsis where it is wider."""
    if cell_width(text) <= width:
        return text
    from rich.cells import set_cell_size

    return set_cell_size(text, width - 1).rstrip() + "…"


def emit(lines: Iterable[Line], stream: TextIO, *, colour: bool) -> None:
    """Writes the lines as they are: never wrapped, never cut."""
    if not colour:
        texts = ("".join(text for text, _ in line).rstrip() for line in lines)
        stream.write("".join([f"{text}\n" for text in texts]))
        return
    from rich.console import Console
    from rich.segment import Segment, Segments
    from rich.style import Style

    segments: list[Segment] = []
    for line in lines:
        segments += [Segment(text, Style.parse(style)) for text, style in line]
        segments.append(Segment.line())
    # Segments go out as they are: no markup is parsed in them. The styles are those of the
    # stream's screen already: of a colour with a name the reader's own theme decides.
    console = Console(
        file=stream,
        force_terminal=True,
        color_system="truecolor",
        no_color=False,
        legacy_windows=False,
    )
    console.print(Segments(segments), soft_wrap=True, end="")


def _true_colour() -> bool:
    return os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")


def _width(stream: TextIO) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
    except (OSError, ValueError):
        return _DEFAULT_WIDTH
