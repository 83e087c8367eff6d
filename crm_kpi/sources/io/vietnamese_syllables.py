"""Whether words are Vietnamese: each is one syllable, and there are few ways to build one.

    an initial consonant (b, c, ch, …), a rhyme (an, oai, uyên, …), at most one tone

So bytes that come out as syllables, word by word, are Vietnamese in that encoding and in no other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_TONES = frozenset("\u0300\u0309\u0303\u0301\u0323")
_ONSET = "(?:ngh|ng|nh|n|ch|c|đ|d|gh|gi|g|kh|k|h|l|m|ph|p|b|qu|q|r|s|th|tr|t|v|x)?"
_RHYMES = (
    "a(?:ch|c|i|m|ng|nh|n|o|p|t|u|y)?", "ă(?:c|m|ng|n|p|t)", "â(?:c|m|ng|n|p|t|u|y)",
    "e(?:c|m|ng|n|o|p|t)?", "ê(?:ch|m|nh|n|p|t|u)?", "i(?:a|ch|m|nh|n|p|t|u)?",
    "iê(?:c|m|ng|n|p|t|u)", "o(?:c|i|m|ng|n|p|t)?", "oa(?:ch|c|i|m|ng|nh|n|o|p|t|y)?",
    "oă(?:c|m|ng|n|t)", "oe(?:m|n|o|t)?", "oo(?:c|ng)", "ô(?:c|i|m|ng|n|p|t)?", "ơ(?:i|m|n|p|t)?",
    "u(?:a|c|i|m|ng|n|p|t)?", "uâ(?:ng|n|t|y)", "uê(?:ch|nh|n)?", "uô(?:c|i|m|ng|n|t)", "uơ",
    "uy(?:a|ch|nh|n|p|t|u)?", "uyê(?:n|t)", "ư(?:a|c|i|m|ng|n|t|u)?", "ươ(?:c|i|m|ng|n|p|t|u)",
    "y(?:ch|m|nh|n|p|t)?", "yê(?:m|ng|n|t|u)",
)  # fmt: skip
_SYLLABLE = re.compile(f"{_ONSET}(?:{'|'.join(_RHYMES)})")
_WORD = re.compile(r"[^\W\d_]+")
_OWN = frozenset("ăđơưĂĐƠƯ")


def _marked(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if not word.isascii())


def is_syllable(word: str) -> bool:
    """
    >>> is_syllable("Nguyễn"), is_syllable("Café"), is_syllable("đơn")
    (True, False, True)
    """
    parts = unicodedata.normalize("NFD", word.lower())
    bare = "".join(letter for letter in parts if letter not in _TONES)
    tones = len(parts) - len(bare)
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def is_vietnamese(text: str, least: int) -> bool:
    """Whether every word with a mark is a syllable, there are so many of them, and one of them has
    a letter or a tone that the languages of Western Europe lack.

    Args:
        text: composed, in NFC.
        least: different words.
    """
    words = set(_marked(text))
    own = any(letter in _OWN or letter > "\u1e00" for word in words for letter in word)
    return len(words) >= least and own and all(map(is_syllable, words))
