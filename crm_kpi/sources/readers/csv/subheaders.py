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


def of(head: Sequence[Sequence[str]], keys: Collection[int]) -> list[int]:
    """Which of the first records explain the header.

    Args:
        head: the first records with their fields.
        keys: the positions of ids and dates.

    >>> of([["", "", "Response"], ["118", "2024-01-22", "10"]], {0, 1})
    [0]
    """
    coded = [row for row, cells in enumerate(head) if any(map(_IMPORT_ID.match, cells))]
    if coded:
        return list(range(coded[-1] + 1))
    if len(head) < 2 or not keys or max(keys) >= len(head[0]) or len(head[0]) != len(head[1]):
        return []  # a program writes such a line as wide as the others
    first, below = ([cell.strip() for cell in cells] for cells in head[:2])
    if not any(first) or any(map(_NUMBER.fullmatch, first)):
        return []
    over = [(first[key], below[key]) for key in keys]
    if not any(_DIGIT.search(cell) for _, cell in over):
        return []
    if not any(cell for cell, _ in over):
        return [0]
    return [0] if _explains(first, [cell for cell, _ in over]) else []


def _explains(first: Sequence[str], over: Sequence[str]) -> bool:
    """Whether words stand in the place of all ids and dates, sentences among them, and no digit
    anywhere."""
    words = [len(_WORD.findall(cell)) for cell in over]
    return all(words) and max(words) > 1 and not any(map(_DIGIT.search, first))
