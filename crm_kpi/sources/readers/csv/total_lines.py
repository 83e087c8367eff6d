"""Lines within a table that are no rows of it: totals of some or all rows, and headings of groups.

A row of a customer must never be taken for such a line. So it needs evidence: of the ids and the
dates one at most is filled, and that by the words of the line, so that no metric could count it.
A total has a word for it, and nothing but numbers beside it. Where its words name a count or a
period too, or nothing else (`Cộng tháng 1`, `Grand Total`), it is none for sure. Others (`Total
Hanoi`) may be all that is left of a row, and stay one until they prove to be the sum of the rows
around them: `meaning.totals` asks when those are typed. A heading stands alone in its record, in
more words than one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import polars as pl

from crm_kpi.sources.unicode import normalized

MOST = 10_000
"""Records that may be such lines; where more are, ids and dates are simply missing."""

_WORDS = Path(__file__).parent / "words" / "totals.json"
_LONGEST = 80
"""Letters of what such a line says."""
_NUMBER = r"[-+(]?\s*+[^\w\s]{0,3}\s*+\d[\d.,' \u00a0]*+\s*+(?:%|[^\W\d_]{1,4}|[^\w\s]{1,3})?\)?"
AMOUNT = re.compile(_NUMBER)
"""A number, with a currency or a unit of few letters."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_LETTER_FIRST = r"\A\s*\pL"


@cache
def _words(kind: str) -> tuple[str, ...]:
    words: Mapping[str, list[str]] = json.loads(_WORDS.read_text("utf-8"))
    return tuple(normalized("NFC", word).casefold() for word in words[kind])


@cache
def _label() -> re.Pattern[str]:
    before, behind, other = (
        "|".join(sorted(map(re.escape, _words(kind)), key=len, reverse=True))
        for kind in ("before", "behind", "not")
    )
    asian = r"(?<=[\u3040-\u9fff\uac00-\ud7af])"
    return re.compile(
        rf"(?!(?:{other})\b)[\W_]*(?:(?:{before})(?:\b|{asian})[^\n]*"
        rf"|[^\n]*(?:\b|(?=[\u3040-\u9fff\uac00-\ud7af]))(?:{behind})[\W_]*)"
    )


@cache
def _label_words() -> re.Pattern[str]:
    """What makes a label: the words in front at its beginning, those behind at its end."""
    before, behind = (
        "|".join(sorted(map(re.escape, _words(kind)), key=len, reverse=True))
        for kind in ("before", "behind")
    )
    return re.compile(rf"\A[\W_]*(?:{before})|(?:{behind})[\W_]*\Z")


def is_label(text: str) -> bool:
    """Whether a cell says that its line is a total.

    >>> is_label("Cộng tháng 1"), is_label("Tổng số đơn: 8"), is_label("KH01 Total")
    (True, True, True)
    >>> is_label("Tổng công ty X")
    False
    """
    return (
        len(text) <= _LONGEST and _label().fullmatch(normalized("NFC", text).casefold()) is not None
    )


AROUND = " .:;*()-–—"
"""What may stand around the words of a total."""


def adds_up(text: str) -> bool:
    """Whether the words of a total say that it is a sum, not an average or a number of rows.

    >>> adds_up("Cộng tháng 1"), adds_up("Average"), adds_up("Trung bình tháng")
    (True, False, False)
    """
    folded = normalized("NFC", text).casefold()
    return not any(word in folded for word in _words("average"))


def is_sure(text: str) -> bool:
    """Whether the words of a total name nothing that may be a customer, an order or a product.

    >>> is_sure("Cộng tháng 1"), is_sure("Grand total"), is_sure("Total Gas")
    (True, True, False)
    >>> is_sure("Total Jan 2024"), is_sure("Total Repair 5 shampoo"), is_sure("KH01 Total")
    (True, False, False)
    """
    folded = normalized("NFC", text).casefold().strip(AROUND)
    if folded in {*_words("before"), *_words("behind")}:
        return True
    if _DIGIT.search(folded) is None:
        return False
    rest = _label_words().sub(" ", folded)
    return set(_LETTERS.findall(rest)) <= set(_words("of"))


_NAME = 4
"""Letters of words that are names as well: Som, Suma."""


def words_alone() -> frozenset[str]:
    """The words of a total which are no name by themselves, in small letters."""
    every = {*_words("before"), *_words("behind")} - {*_words("average")}
    return frozenset(word for word in every if not word.isascii() or len(word) > _NAME)


def may_be(keys: Collection[int], types: Mapping[str, pl.DataType]) -> pl.Expr | None:
    """Which records of a frame may be such lines, by the columns of ids and dates, and few
    others; None where none can be."""
    there = [(str(at), types[str(at)]) for at in sorted(set(keys)) if str(at) in types]
    if not there:
        return None
    empty = [_is_empty(name, dtype) for name, dtype in there]
    if len(there) > 1:
        return pl.sum_horizontal(empty) >= len(there) - 1
    name, dtype = there[0]
    return empty[0] | pl.col(name).str.contains(_LETTER_FIRST) if dtype == pl.String else empty[0]


def _is_empty(name: str, dtype: pl.DataType) -> pl.Expr:
    """Null, nothing, or something with a blank in front, which is seldom."""
    cell = pl.col(name)
    return cell.is_null() | (cell < "!") if dtype == pl.String else cell.is_null()


def label(cells: Sequence[str], keys: Collection[int]) -> str | None:
    """What a line of a total says; None for another record.

    >>> label(["Cộng tháng 1", "", "", "6300000"], {0, 1, 2})
    'Cộng tháng 1'
    >>> label(["KH1", "", "", "5"], {0, 1, 2})
    """
    words = [at for at, cell in enumerate(cells) if cell and not AMOUNT.fullmatch(cell)]
    if not words or not is_label(cells[words[0]]):
        return None
    at = words[0]
    if any(cells[key] for key in keys if key != at and key < len(cells)):
        return None
    # Beside the sum, a line may name other totals: `Tổng số đơn: 8`, `Tổng tiền: 11.050.000`.
    return cells[at] if all(is_label(cells[other]) for other in words[1:]) else None


def heads_a_group(
    cells: Sequence[str], keys: Collection[int], above: Iterable[Sequence[str]]
) -> bool:
    """Whether a record is nothing but a heading of the rows below it: `Tháng 1`, `Branch Hanoi`.

    Args:
        above: the first rows of the table, whose ids show whether an id has several words here.
    """
    filled = [at for at, cell in enumerate(cells) if cell]
    if len(filled) != 1:
        return False
    at, cell = filled[0], cells[filled[0]]
    parts = cell.split()
    if len(cell) > _LONGEST or len(parts) < 2 or not any(map(_WORD.search, parts)):
        return False
    if not cell[0].isalnum():
        return False
    rows = (row for row in above if any(map(_DIGIT.search, [*row[:at], *row[at + 1 :]])))
    return at not in keys or not any(" " in row[at] for row in rows)
