"""Text from data, made safe to show: nothing in it may steer a terminal, or hide.

Nor may it command what reads the log of a build: GitHub obeys lines that begin with ::, Azure
and TeamCity what stands behind ## anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crm_kpi.invisible import ALWAYS, INVISIBLE, JOINERS, SELECTORS, TAGS

_STEERING = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"
_SURROGATES = "\ud800-\udfff"

CONTROL = f"\x00-\x08\x0b\x0c\x0e-\x1f{_STEERING}"
"""For the brackets of a regex: what a text may hold and nobody should see, layout aside."""
_CONTROL_BUT_LAYOUT = re.compile(f"[{CONTROL}{_SURROGATES}]")

_SHAPED = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u180a\u1820-\u18af"
"""Scripts in which a joiner changes how its neighbours look."""
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_UNSEEN = "|".join(
    (
        f"[{_STEERING}{_SURROGATES}{ALWAYS}{TAGS}]",
        f"[{JOINERS}](?!(?<=[{_SHAPED}].)[{_SHAPED}]|(?<=[{_EMOJI}{SELECTORS}].)[{_EMOJI}])",
        f"[{SELECTORS}](?<![{_EMOJI}].)(?!(?<=[0-9#*].)\u20e3)",
    )
)
_ODD = re.compile(f"[{_STEERING}{_SURROGATES}{INVISIBLE}]")
"""What may have to be shown: a class alone is searched several times as fast as what follows."""
_UNPRINTABLE = f"{_FLAG}|{_UNSEEN}"
"""Control characters above 0x1f, marks that reorder the text around them, line separators, lone
surrogates (a file name that is not UTF-8 has them, and they cannot be written), and what is
invisible. A joiner or selector is none where it shapes its neighbours; a whole flag is found
too, to be left alone: it is the only match of more than one letter. Seldom needed, so `re`
compiles it on first use."""
_LOW = re.compile("[\x00-\x1f]")

COMMAND = r"::|##\w*\["
"""A regex of what a build obeys."""
_AT_START = re.compile(r"\A(\s*)(?=::)")
ANYWHERE = re.compile(r"##(?=\w*\[)")


def visible(text: str, *, keep_layout: bool = False) -> str:
    r"""The text with every character that steers, hides or ends a line as a symbol or an escape.

    keep_layout: tab, line feed and carriage return stay (a quoted CSV cell may
    hold them), and so does what is only invisible or a command.

    >>> visible("a\x1b[31m\nb\x9b")
    'a␛[31m␊b\\x9b'
    """
    if keep_layout:
        return _CONTROL_BUT_LAYOUT.sub(_shown, text)
    if not (text.isascii() and text.isprintable()):
        text = _LOW.sub(_shown, replaced(text, _shown))
    return inert(text)


def replaced(text: str, escape: Callable[[re.Match[str]], str]) -> str:
    """The text with every letter above 0x1f that steers or hides escaped."""
    if (text.isascii() and text.isprintable()) or not _ODD.search(text):
        return text
    return re.sub(_UNPRINTABLE, lambda odd: odd[0] if len(odd[0]) > 1 else escape(odd), text)


def inert(line: str) -> str:
    r"""The line as no build takes it for a command.

    >>> print(inert("::error::x ##vso[task]"))
    \::error::x #\#vso[task]
    """
    if "::" in line:
        line = _AT_START.sub(r"\1\\", line)
    return ANYWHERE.sub(r"#\\#", line) if "##" in line else line


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
