"""Text from data, made safe to show: nothing in it may steer a terminal."""

from __future__ import annotations

import re

_STEERING = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"
_SURROGATES = "\ud800-\udfff"
UNPRINTABLE = re.compile(f"[{_STEERING}{_SURROGATES}]")
"""Control characters above 0x1f, marks that reorder the text around them, line
separators, and lone surrogates (a file name that is not UTF-8 has them, and
they cannot be written)."""

CONTROL = f"\x00-\x08\x0b\x0c\x0e-\x1f{_STEERING}"
"""For the brackets of a regex: what a text may hold and nobody should see, layout aside."""
_CONTROL = re.compile(f"[\x00-\x1f{_STEERING}{_SURROGATES}]")
_CONTROL_BUT_LAYOUT = re.compile(f"[{CONTROL}{_SURROGATES}]")


def visible(text: str, *, keep_layout: bool = False) -> str:
    r"""The text with every control character as a symbol or an escape.

    keep_layout: tab, line feed and carriage return stay (a quoted CSV cell may
    hold them).

    >>> visible("a\x1b[31m\nb\x9b")
    'a␛[31m␊b\\x9b'
    """
    if text.isascii() and text.isprintable():
        return text
    return (_CONTROL_BUT_LAYOUT if keep_layout else _CONTROL).sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
