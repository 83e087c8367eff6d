"""What programs and shops write where a customer is nobody in particular, by language.

`words/walk_in/` has a file a language, each with its source: `names` mean nobody wherever they
stand, `ids` only as an id, or as the name of an id under which much is sold: they may be a
surname. Punctuation alone is no id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polars as pl

from crm_kpi.sources.meaning.column_words import MOST
from crm_kpi.sources.names import key

ZERO = r"\A0+\z"
"""An id that may be nobody's, or that of the first customer."""

_FOLDER = Path(__file__).parent / "words" / "walk_in"
_LONGEST = 60
"""Characters of such a word, at most."""
_NUMBERED = re.compile(r"(?:[\s_\-–]{0,9}\([^()]*\)|[\s_\-–]{1,9}[0-9]{1,4})\s{0,9}\Z")
"""`Khách lẻ 2`, `Walk-in (shop A)`."""
_MARKS = r"[-–—.…?_/*#+~]"
_NINES = re.compile(r"9{9,}")
_LIKELY = (
    r"\A(?:[^0-9@]*(?:\(.*\)|[\s_\-–][0-9]{1,4})?|[1269]{9,}|6[6.]+-6|9{8}0|(?i:xaxx0101010{3}))\z"
)
"""What all such words match, and few ids: no digits but behind them, or those of a known number."""


@cache
def _words() -> tuple[Mapping[str, list[str]], ...]:
    return tuple(json.loads(file.read_text("utf-8")) for file in sorted(_FOLDER.glob("*.json")))


@cache
def _keys(kind: str) -> frozenset[str]:
    return frozenset(key(word) for words in _words() for word in words[kind]) - {""}


def is_nobody(name: str) -> bool:
    """Whether a name means nobody in particular, wherever it stands.

    >>> is_nobody("KHACH LE"), is_nobody("Khách lẻ 2"), is_nobody("Lê Khách")
    (True, True, False)
    """
    if len(name) > _LONGEST:
        return False
    names = _keys("names")
    return key(name) in names or key(_NUMBERED.sub("", name)) in names


def is_no_id(word: str) -> bool:
    """Whether an id means nobody in particular, or that there is none.

    >>> [is_no_id(word) for word in ("#N/A", "-", "guest", "9999999999999", "KH01")]
    [True, True, True, True, False]
    """
    if len(word) > _LONGEST:
        return False
    folded = key(word)
    known = folded in _keys("ids") or _NINES.fullmatch(folded) is not None
    return known or re.fullmatch(_MARKS + "+", word) is not None or is_nobody(word)


def may_be(ids: pl.Series) -> pl.Series:
    """The different ids of which one could be such a word, or is of zeros alone."""
    return ids.filter(ids.str.contains(f"{_LIKELY}|{ZERO}").fill_null(value=False)).unique()


def few(column: pl.Series) -> list[str]:
    """The different values of a column of which one could be such a word."""
    likely = column.filter(column.str.contains(_LIKELY).fill_null(value=False)).unique().sort()
    if len(likely) > MOST:  # a column of names: without accents and marks, as `key` folds them
        bare = likely.str.to_lowercase().str.replace_all("đ", "d").str.normalize("NFD")
        bare = bare.str.replace(r"[\s_\-–]*(?:\(.*\)|[0-9]+)\s*\z", "")
        bare = bare.str.replace_all(r"[^\p{L}\p{N}]", "")
        likely = likely.filter(bare.is_in(["", *_keys("names"), *_keys("ids")]))
    return likely.to_list()


def _bare(word: str) -> str:
    """A word without its accents, and with its blanks."""
    return " ".join(map(key, word.split()))


@cache
def as_pattern() -> str:
    """A regular expression of the words as they are usually written, for engines that look at
    columns themselves."""
    words = [word for of in _words() for kind in ("names", "ids") for word in of[kind]]
    # Not by `(?i)`, which does not know all letters in every engine.
    forms = (str.lower, str.upper, str.title, str.capitalize)
    spelled = {form(known) for word in words for known in (word, _bare(word)) for form in forms}
    parts = (
        r"[\s_-]*".join(map(re.escape, re.split(r"[\s\-_]+", word))) for word in sorted(spelled)
    )
    return rf"\A(?:{'|'.join(parts)}|9{{9,}}|{_MARKS}+)\z"
