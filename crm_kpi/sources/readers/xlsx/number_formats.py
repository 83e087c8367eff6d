"""Numbers of a workbook as the text that a person sees in their cells.

A cell holds a bare number; its number format makes it a day, a share or an amount in a
currency. What is written here is canonical, so that nobody has to guess again: days as
`2024-12-31`, moments as `2024-12-31 14:30:00`, numbers with a point and no groups. A number
with three decimals gets a fourth (`1.2500`), as `1.250` alone may be 1250.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from math import isfinite

from crm_kpi import messages
from crm_kpi.currencies import SYMBOLS

CellFormatter = Callable[[str], str]
"""How the cells of one number format look: the number as stored, to text."""

_BUILT_IN = {
    **dict.fromkeys((9, 10), "0%"),
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), "hh:mm:ss"),
    22: "yyyy-mm-dd hh:mm",
    46: "[h]:mm:ss",
}
"""Formats that a workbook names by number alone. Those of money show the currency of the
reader's system, so they say nothing about the amount."""

LONGEST_CODE = 255
"""Characters of a format, as many as Excel takes."""
LONGEST_NUMBER = 400
"""Characters of a number; the largest has 309 digits, and programs write up to 24."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_TIMES_HELD = 1 << 16
"""Days and moments of one format that are kept as text: they come again and again."""

_EPOCH = datetime(1899, 12, 30)
_FIRST, _AFTER_LAST = 61, 2_958_466
"""1900-03-01, before which spreadsheets count a day that never was, and 10000-01-01."""
_YEARS_OF_1904 = 1462
_DAY = 86_400_000
"""Milliseconds, to which a moment in a cell is exact."""


def formatter(code: str | int, *, since_1904: bool) -> CellFormatter | None:
    """How cells of a format look, by its code or its built-in number; None for bare numbers."""
    shown, literals = _first_section(_BUILT_IN.get(code, "") if isinstance(code, int) else code)
    shown = shown.replace("General", "")
    letters = frozenset(shown.lower())
    if _ELAPSED.search(shown):
        return duration
    if letters & frozenset("ymdhs"):
        clock_only = bool(letters & frozenset("hs")) and not letters & frozenset("yd")
        times = partial(moment, clock_only=clock_only, since_1904=since_1904)
        return lru_cache(_TIMES_HELD)(times)
    if "%" in shown:
        return percent
    bare = re.findall(SYMBOLS, shown)
    marks = [sign for sign in (*map(str.strip, literals), *bare) if re.fullmatch(SYMBOLS, sign)]
    if marks:
        return partial(amount, mark=marks[0])
    zeros = len(shown) > 1 and not shown.strip("0")
    return partial(padded, width=len(shown)) if zeros else None


def _first_section(code: str) -> tuple[str, list[str]]:
    """What the section for positive numbers shows of a number, and the texts around it.

    Texts are in quotes, behind a backslash, or the currency in `[$€-407]`. Padding, colours and
    conditions are neither; `[h]` stays, as it counts hours. A semicolon in quotes parts nothing.

    >>> _first_section('_-[Red]#,##0.00\\\\ [$€-1] "net";@')
    ('#,##0.00 ', [' ', '€', 'net'])
    """
    shown: list[str] = []
    literals: list[str] = []
    at = 0
    while at < len(code) and code[at] != ";":
        sign = code[at]
        end = at + 1
        if sign == '"' or sign == "\\":
            end = code.find('"', end) if sign == '"' else end + 1
            if not at < end <= len(code):
                break
            literals.append(code[at + 1 : end])
            end += sign == '"'
        elif sign in "_*":
            end += 1
        elif sign == "[" and code[end : end + 1].lower() not in tuple("hms"):
            close = code.find("]", end)
            if close < 0:
                shown.append(sign)
            elif code[end] == "$":
                literals.append(code[end + 1 : close].partition("-")[0])
            end = close + 1 if close > 0 else end
        else:
            shown.append(sign)
        at = end
    return "".join(shown), literals


def number(text: str) -> str:
    """A number with the 15 digits that a spreadsheet is exact to. Raises ValueError, as all that
    follow, for a text that is none as programs write them.

    >>> number("901234567"), number("0.30000000000000004"), number("1E+20"), number("12.125")
    ('901234567', '0.3', '100000000000000000000', '12.1250')
    """
    if len(text) < 16 and text.isdecimal() and text.isascii() and text[0] != "0":
        return text
    shown = f"{real(text):.15g}"
    if "e" in shown:
        shown = f"{Decimal(shown):f}"
    return shown + "0" if shown[-4:-3] == "." else shown


def real(text: str) -> float:
    """The number that a cell stores. Python reads more as one: `1_0`, ` 1`, `inf`, `١`.

    >>> real("-0"), real("1.5E3")
    (0.0, 1500.0)
    """
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise ValueError(messages.text("files.no_number", number=text[:40]))
    value = float(text)
    if not isfinite(value):
        raise ValueError(messages.text("files.infinite", number=text[:40]))
    return value or 0.0


def percent(text: str) -> str:
    """A share as it is shown: 0.25 is 25%."""
    return f"{number(str(Decimal(f'{real(text):.15g}') * 100))}%"


def amount(text: str, mark: str) -> str:
    return f"{mark} {number(text)}"


def padded(text: str, width: int) -> str:
    """A whole number in a format of zeros, as phones and ids are shown: 0901234567."""
    return number(text).zfill(width)


def duration(text: str) -> str:
    """Elapsed hours, as many as there are: 1.5 is 36:00:00. A number beyond all days stays one."""
    value = real(text)
    if abs(value) >= _AFTER_LAST:
        return number(text)
    seconds = round(value * 86_400)
    minutes, second = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def moment(text: str, *, clock_only: bool, since_1904: bool) -> str:
    """A day, with its time of day if it has one. A number that is no day stays a number."""
    value = real(text)
    if clock_only and 0 <= value < 1:
        return str((_EPOCH + timedelta(milliseconds=round(value * _DAY))).time())
    value += _YEARS_OF_1904 if since_1904 else 0
    if not _FIRST <= value < _AFTER_LAST or round(value * _DAY) >= _AFTER_LAST * _DAY:
        return number(text)
    when = _EPOCH + timedelta(milliseconds=round(value * _DAY))
    if (when.hour, when.minute, when.second, when.microsecond) == (0, 0, 0, 0):
        return f"{when:%Y-%m-%d}"
    return when.isoformat(" ", "milliseconds" if when.microsecond else "seconds")
