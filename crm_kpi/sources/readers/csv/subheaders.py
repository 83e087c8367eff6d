"""What stands right below a header and explains it: the questions and codes of Qualtrics, the
kinds of answers of SurveyMonkey, the descriptions of TikTok Shop.

A row of a customer must never be taken for such a line. So the first records alone are looked
at, and a line needs evidence: codes that Qualtrics alone writes; or it has no id and no date, or
sentences in their place, and no number anywhere, while the record below it has them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

MOST = 3
"""Records below the header that are looked at: two that may explain it, and one to compare."""

_IMPORT_ID = re.compile(r'\s*\{\s*"ImportId"\s*:')
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*%?")
_DIGIT = re.compile(r"\d")


def subheaders(head: Sequence[Sequence[str]], keys: Collection[int]) -> list[int]:
    """Which of the first records explain the header.

    Args:
        head: the first records with their fields.
        keys: the positions of ids and dates.

    >>> subheaders([["", "", "Response"], ["118", "2024-01-22", "10"]], {0, 1})
    [0]
    """
    coded = [row for row, cells in enumerate(head) if any(map(_IMPORT_ID.match, cells))]
    if coded:
        return list(range(coded[-1] + 1))
    if len(head) < 2 or not keys or max(keys) >= min(map(len, head[:2])):
        return []
    first, below = ([cell.strip() for cell in cells] for cells in head[:2])
    if not any(first) or any(map(_NUMBER.fullmatch, first)):
        return []
    over = [(first[key], below[key]) for key in keys]
    if not any(_DIGIT.search(cell) for _, cell in over):
        return []
    if not any(cell for cell, _ in over):
        return [0]
    return [0] if _explains(first, over) else []


def _explains(first: Sequence[str], over: Sequence[tuple[str, str]]) -> bool:
    """Whether words stand where the record below has ids and dates, and no digit anywhere."""
    words = [_WORD.findall(cell) for cell, _ in over]
    if not all(words) or max(map(len, words)) < 2 or any(map(_DIGIT.search, first)):
        return False
    return all(_DIGIT.search(cell) for _, cell in over if cell)
