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
from functools import cache, partial
from math import isfinite

from crm_kpi.sources.marks import MARKS

Look = Callable[[str], str]
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

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].|\[(?!h|m|s)[^\]]*\]', re.I)
"""Text that stands in the format as it is, a currency, padding, a colour or a condition."""

_EPOCH = datetime(1899, 12, 30)
_FIRST, _AFTER_LAST = 61, 2_958_466
"""1900-03-01, before which spreadsheets count a day that never was, and 10000-01-01."""
_YEARS_OF_1904 = 1462
_DAY = 86_400_000
"""Milliseconds, to which a moment in a cell is exact."""


def look(code: str | int, *, since_1904: bool) -> Look | None:
    """How cells of a format look, by its code or its built-in number; None for bare numbers."""
    text = _BUILT_IN.get(code, "") if isinstance(code, int) else code
    first = _first_section(text)
    literals = [next(filter(None, found), "") for found in _LITERAL.findall(first)]
    shown = _LITERAL.sub("", first).replace("General", "")
    if re.search(r"\[(?:h+|m+|s+)\]", shown, re.I):
        return duration
    if re.search(r"[ymdhs]", shown, re.I):
        clock_only = re.search(r"[hs]", shown, re.I) and not re.search(r"[yd]", shown, re.I)
        return cache(partial(moment, clock_only=bool(clock_only), since_1904=since_1904))
    if "%" in shown:
        return percent
    bare = re.findall(MARKS, shown)
    marks = [one for one in (*map(str.strip, literals), *bare) if re.fullmatch(MARKS, one)]
    if marks:
        return partial(amount, mark=marks[0])
    return partial(padded, width=len(shown)) if re.fullmatch("00+", shown) else None


def _first_section(code: str) -> str:
    """The section for positive numbers; a semicolon in quotes parts nothing."""
    found = re.match(r'(?:"[^"]*"|\\.|[^;"\\])*', code)
    return found[0] if found else ""


def number(text: str) -> str:
    """A number with the 15 digits that a spreadsheet is exact to.

    >>> number("901234567"), number("0.30000000000000004"), number("1E+20"), number("12.125")
    ('901234567', '0.3', '100000000000000000000', '12.1250')
    """
    if len(text) < 16 and text.isdecimal():
        return text
    value = float(text)
    if not isfinite(value):
        return text
    shown = f"{value:.15g}"
    if "e" in shown:
        shown = f"{Decimal(shown):f}"
    return shown + "0" if shown[-4:-3] == "." else shown


def percent(text: str) -> str:
    """A share as it is shown: 0.25 is 25%."""
    value = float(text)
    return f"{number(str(Decimal(f'{value:.15g}') * 100))}%" if isfinite(value) else text


def amount(text: str, mark: str) -> str:
    return f"{mark} {number(text)}"


def padded(text: str, width: int) -> str:
    """A whole number in a format of zeros, as phones and ids are shown: 0901234567."""
    return number(text).zfill(width)


def duration(text: str) -> str:
    """Elapsed hours, as many as there are: 1.5 is 36:00:00."""
    value = float(text)
    if not isfinite(value):
        return text
    seconds = round(value * 86_400)
    minutes, second = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def moment(text: str, *, clock_only: bool, since_1904: bool) -> str:
    """A day, with its time of day if it has one. A number that is no day stays a number."""
    value = float(text)
    if clock_only and 0 <= value < 1:
        return str((_EPOCH + timedelta(milliseconds=round(value * _DAY))).time())
    value += _YEARS_OF_1904 if since_1904 else 0
    if not _FIRST <= value < _AFTER_LAST:
        return number(text)
    when = _EPOCH + timedelta(milliseconds=round(value * _DAY))
    if (when.hour, when.minute, when.second, when.microsecond) == (0, 0, 0, 0):
        return f"{when:%Y-%m-%d}"
    return when.isoformat(" ", "milliseconds" if when.microsecond else "seconds")
