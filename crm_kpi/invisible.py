"""Letters that nobody sees: what differs by them alone looks the same."""

from __future__ import annotations

JOINERS = "\u200c\u200d"
"""They shape Persian and Indic words, and join emoji."""
SELECTORS = "\ufe0e\ufe0f"
"""Whether a sign is shown as text or as emoji."""
TAGS = "\U000e0000-\U000e0fff"
"""The flags of England, Scotland and Wales are written with some of them."""
ALWAYS = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u206f\u2800\u3164\ufdd0-\ufdef"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
"""Invisible wherever they stand: zero width, soft hyphen, fillers, what is no letter at all."""
REORDERING = "\u061c\u200e\u200f\u202a-\u202e"
"""With some of `ALWAYS`, marks that turn the text around them to the left or to the right."""
INVISIBLE = f"{ALWAYS}{JOINERS}{SELECTORS}{TAGS}{REORDERING}"
"""For the brackets of a regex, as all above: every letter that takes no room."""
BLANKS = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Likewise, what looks like a space."""
