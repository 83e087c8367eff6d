"""Numbers as programs and people spell them out, rewritten to what `number_styles` knows.

    1e+05                       100000
    1,2 tr, 1tr2, 25k, 2.3M     1,2 and a factor of a million; 1200000; and so on
    1.250.000,-, 1.250.000đ.    1.250.000, 1.250.000đ
    12-                         -12
    Rs. 500                     Rs 500
    １２３, ١٢٣                  123

An exponent that a spreadsheet wrote (`8.49123E+11`) has lost digits, and is no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

import polars as pl

from crm_kpi.currencies import SYMBOLS
from crm_kpi.sources.parsing.magnitudes import grouping, of_values

_FOREIGN_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９"
_FOREIGN_MARKS = {"٫": ".", "٬": ",", "．": ".", "，": ",", "－": "-", "％": "%"}
_FOREIGN = rf"[{_FOREIGN_DIGITS}{''.join(_FOREIGN_MARKS)}]"
_EXPONENT = r"(?i)\A[-+]?[0-9]+(?:[.,][0-9]+)?E[-+]?[0-9]{1,2}\z"
_ROUNDED = re.compile(r"[-+]?[0-9][.,]?(?P<decimals>[0-9]*)E\+(?P<exponent>[0-9]+)")
_PLAIN = r"\A-?[0-9](?:[0-9.,]*[0-9])?(?:[\s ]?[₫đ$€£])?\z"
_LETTER_BEHIND = r"[0-9][\s ]*\pL"
_DOT_BEHIND = r"(\pL)\.\z"
_DOT_BEFORE = r"\A([-(]?\s?\pL+/?)\.(\s*-?[0-9])"
_NO_CENTS = r"([0-9])[.,](?:[-–—]{1,2}|=)(\s*[\pL\p{Sc}]*)\z"
_MINUS_BEHIND = r"\A([^-−(]*[0-9][^-−(0-9]*)[-−]\z"
_INNER = re.compile(r"([-+]?)([0-9]+) ?(tr|triệu|k|tỷ|tỉ) ?([0-9]{1,3})")


@dataclass
class SpelledNumbers:
    """A column of numbers rewritten, and what was said in words."""

    text: pl.Series
    factor: pl.Series | None = None
    """What each is multiplied by, where a word says so; null where none does."""
    words: dict[str, str] = field(default_factory=dict)
    """Each word that multiplies: the first cell that holds it."""
    rewritten: tuple[int, str, str] | None = None
    """How many cells have signs, digits or exponents of their own, the first, and what it is."""
    grouped: pl.Series | None = None
    """Where a sign and three digits stand before a word that they part thousands for."""


def respelled(text: pl.Series, *, magnitudes: bool) -> SpelledNumbers:
    """Numbers without the spellings above; other text stays as it is.

    Args:
        magnitudes: words that multiply are read, as they are in amounts of money.
    """
    odd = text.filter(~text.str.contains(_PLAIN))
    if odd.is_empty():
        return SpelledNumbers(text)
    written = text
    # One such digit among others is no number: it fell in there.
    if (odd.str.contains(_FOREIGN) & ~odd.str.contains("[0-9]")).any():
        foreign = (text.str.contains(_FOREIGN) & ~text.str.contains("[0-9]")).fill_null(value=False)
        digits = {mark: str(place % 10) for place, mark in enumerate(_FOREIGN_DIGITS)}
        text = text.zip_with(~foreign, text.str.replace_many(digits | _FOREIGN_MARKS))
    if text is not written or odd.str.contains(r"[-−=–—.]\z|\A[-(]?\s?\pL+/?\.|,[-–—=]").any():
        text = text.str.replace(_DOT_BEHIND, "$1").str.replace(_DOT_BEFORE, "$1$2")
        text = text.str.replace(_NO_CENTS, "$1$2").str.replace(_MINUS_BEHIND, "-$1")
    if text is not written or odd.str.contains(_EXPONENT).any():
        exponents = text.str.contains(_EXPONENT).fill_null(value=False)
        text = _each(text, exponents, _whole) if exponents.any() else text
    spelled = SpelledNumbers(text)
    changed = (text != written).fill_null(value=False) if text is not written else None
    if changed is not None and changed.any():
        first = str(written.filter(changed)[0]), str(text.filter(changed)[0])
        spelled.rewritten = int(changed.sum()), *first
    if magnitudes and (text is not written or odd.str.contains(_LETTER_BEHIND).any()):
        _multiply(spelled)
    return spelled


def _each(text: pl.Series, mask: pl.Series, meant: Callable[[str], str]) -> pl.Series:
    """The cells of a mask replaced by what a function makes of each; they are few."""
    few = text.filter(mask).unique()
    new = pl.Series([meant(cell) for cell in few], dtype=pl.String)
    return text.replace_strict(few, new, default=text, return_dtype=pl.String)


def _whole(cell: str) -> str:
    """A number with an exponent, written out with the mark that it has; as it is where digits
    of it may be lost."""
    rounded = _ROUNDED.fullmatch(cell)
    if rounded and int(rounded["exponent"]) > len(rounded["decimals"]) > 0:
        return cell
    mark = "," if "," in cell else "."
    number = f"{Decimal(cell.replace(',', '.')):f}"
    if mark in cell and "." in number:
        number = number.rstrip("0").rstrip(".")
    return number.replace(".", mark)


@cache
def _word() -> str:
    words = "|".join(sorted(map(re.escape, of_values()), key=len, reverse=True))
    return rf"(?i)\A(.*[0-9])[\s ]?({words})\.?([\s ]?{SYMBOLS})?\z"


def _multiply(spelled: SpelledNumbers) -> None:
    text = spelled.text
    inner = text.str.contains(rf"(?i)\A{_INNER.pattern}\z").fill_null(value=False)
    if inner.any():
        text = _each(text, inner, _inner)
        spelled.words["tr"] = str(spelled.text.filter(inner)[0])
    fits = text.str.contains(_word()).fill_null(value=False)
    if fits.any():
        parts = text.str.extract_groups(_word()).struct.unnest()
        number, word, sign = (parts.to_series(place) for place in range(3))
        word = word.str.to_lowercase()
        few = word.unique().drop_nulls().sort().to_list()
        factors = of_values()
        spelled.factor = word.replace_strict(
            few, [factors[w] for w in few], default=None, return_dtype=pl.Int64
        )
        for one in few:
            spelled.words[one] = str(spelled.text.filter((word == one).fill_null(value=False))[0])
        by_groups = word.is_in([w for w in few if w in grouping()])
        spelled.grouped = by_groups & number.str.contains(r"[1-9][0-9]{0,2}[.,][0-9]{3}\z")
        text = text.zip_with(~fits, number + sign.fill_null(""))
    spelled.text = text


def _inner(cell: str) -> str:
    """`1tr2` is 1.2 million."""
    parts = _INNER.fullmatch(cell.lower())
    assert parts is not None
    sign, whole, word, part = parts.groups()
    return f"{sign}{int(Decimal(f'{whole}.{part}') * of_values()[word])}"
