"""Dates as programs and people spell them out, rewritten to the shapes that `date_formats` knows.

    31 Dec 2024, ngày 31 tháng 12 năm 2024, 31 de dezembro de 2024    2024-12-31
    2024年12月31日, 令和6年12月31日, 2024. 12. 31.                    2024-12-31
    Thứ 3, 31/12/2024, Tue 31/12/2024, 31/12/2024 (Di.)               31/12/2024
    3:05 CH, 3:05 p. m., 오후 3:05                                    3:05 PM
    14h05, 14 giờ 05                                                  14:05
    15:05 31/12/2024, 31/12/2024 - 15:05                              31/12/2024 15:05
    GMT+7, GMT+0700 (Indochina Time)                                  +07
    3:05 AM PST, 3:05 AM PDT                                          3:05 AM -08, -07
    31/12/2567                                                        31/12/2024, if all are so

A month that is named leaves nothing open. A year of two digits stays as it is, unless the month
is named: `01/Mar/24` is written day first by everybody, `Mar-01-24` with the year last. The words
stand in `words/calendar.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

BUDDHIST = 543
"""Years that the calendar of Thailand is ahead."""
_BUDDHIST = r"(?:\A|[^0-9])2[4-6][0-9]{2}(?:[^0-9]|\z)"
_YEAR_OF_BUDDHA = re.compile(r"(?<![0-9])2[4-6][0-9]{2}(?![0-9])")

_DAY, _YEAR, _GAP = "(?P<day>[0-9]{1,2})", "(?P<year>[1-9][0-9]{3})", "[-/., ]{1,2}"
_SHORT = "(?P<year>[0-9]{2})"
_PARTICLE = "(?:de |of |d')?"
_CLOCK_FIRST = (
    r"(?i)\A([0-9]{1,2}:[0-9:]+(?: ?[AP]M)?)(?:,| -)? (?:ngày )?([0-9]{1,4}[-/.][-/.0-9]+)\z"
)
_FORMS = {
    # The name of a zone behind its offset, as JavaScript writes it.
    r"((?:GMT|UTC|Z| )[-+0-9:]*) \([^()]*\)\z": "$1",
    r"(?i) (?:uhr|hrs|giờ)\z": "",
    r"([1-9][0-9]{3}) ?[年년] ?([0-9]{1,2}) ?[月월] ?([0-9]{1,2}) ?[日일號号]?": "$1-$2-$3",
    r"\A([1-9][0-9]{3})[./] ([0-9]{1,2})[./] ([0-9]{1,2})\.?": "$1-$2-$3",
    r"\A([1-9][0-9]{3})\.([0-9]{1,2})\.([0-9]{1,2})\.(?: |\z)": "$1-$2-$3 ",
    r"\A([0-9]{1,2})\. ([0-9]{1,2})\. ([1-9][0-9]{3})": "$1.$2.$3",
    r"([0-9]) ?(?:時|时|点|點|시) ?([0-9]{1,2}) ?(?:分|분)(?: ?([0-9]{1,2}) ?(?:秒|초))?": (
        "$1:$2:$3"
    ),
    r"(?i)([0-9]) ?(?:h|giờ) ?([0-5][0-9])(?: ?(?:phút|p|m|min|'))?(?: ?([0-5][0-9])s)?\b": (
        "$1:$2:$3"
    ),
    r"(?i)(\A|[ ,])([0-9]{1,2}) ?(?:h|giờ)(?:[ ,]|\z)": "$1$2:00 ",
    r":(?:\z| )": " ",
    r"(?i)([0-9])(?: -| –|,)? (?:lúc|at|um|à|a las|às|alle|om|-|–) ([0-9]{1,2}:)": "$1 $2",
    r"(?i)\A(?:ngày|le|el|am|il|op) ([0-9])": "$1",
    r"  +": " ",
    r"[ ,]+\z": "",
}
"""Patterns, and what each becomes."""
_ODD = (
    r"[^\x00-\x7F]|  |\. |\.\z|(?i)[0-9] ?h|\)\z| [-] | (?:uhr|hrs|at|um|om|alle|a las)\b"
    r"|\A(?:le|el|am|il|op) "
)
"""What text has of which one of these may be true."""


_FOREIGN = "[٠-٩۰-۹๐-๙０-９]"
_PACIFIC = {"PST": "-08", "PDT": "-07"}
"""Of zones that are named by letters, those of the reports of marketplaces."""
_LONG = 4
"""Letters of a name that is no abbreviation."""


@cache
def _words() -> Mapping[str, Any]:
    file = Path(__file__).parent / "words" / "calendar.json"
    content: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return content


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _numbers() -> Mapping[str, int]:
    return {name: int(n) for n, names in _words()["months"].items() for name in names}


@cache
def _named_days() -> tuple[str, ...]:
    month = (
        rf"(?:(?P<name>{_either(_numbers())})\.?|(?:tháng|thg|th)\.? ?(?P<number>1[0-2]|0?[1-9]))"
    )
    rest = r"(?P<rest>|[^0-9].*)\z"
    day_first = rf"(?i)\A(?:ngày )?{_DAY}(?:\.|er|º|ª|st|nd|rd|th)?"
    return (
        rf"{day_first}(?:{_GAP}| ){_PARTICLE}{month}(?:{_GAP}(?:de |del |of )?| năm ){_YEAR}{rest}",
        rf"(?i)\A{month}{_GAP}{_DAY}(?:st|nd|rd|th)?{_GAP}{_YEAR}{rest}",
        rf"(?i)\A{_DAY}[-/ ]{month}[-/ ]{_SHORT}{rest}",
        rf"(?i)\A{month}-{_DAY}-{_SHORT}{rest}",
        rf"(?i)\A{month}{_GAP}{_DAY}(?P<rest> [0-9:]+(?: [A-Z]{{3}})?) {_YEAR}\z",
    )


@cache
def _weekday() -> tuple[str, str, str]:
    names = _either(_words()["weekdays"])
    long = _either(
        name for name in _words()["weekdays"] if len(name) >= (2 if name > "\u3000" else _LONG)
    )
    date = (
        r"[0-9]{1,4}[-/.年년].*|[0-9]{1,2}\.? .*\pL.*|ngày .*"
        r"|\pL{3,}\.? +[0-9]{1,2}(?:st|nd|rd|th)?,? .*[0-9]{4}.*"
    )
    return (
        rf"(?i)\A\(?(?:{names})\)?(?:\.,?|,)? ?({date})\z",
        # Behind a day; behind a time two letters may be a half of it, as `SA` in Vietnamese.
        rf"(?i)(?:([-/.][0-9]{{1,4}}\.?)(?:,? | ?\()(?:{names})|,? \(?(?:{long}))\.?\)?\z",
        rf"(?i)([0-9日일]) ?\((?:{names})\.?\)",
    )


@cache
def _halves() -> tuple[tuple[str, str, str], ...]:
    """Per half of the day: its word behind a time, before it, and ours."""
    halves = (("before_noon", "AM"), ("after_noon", "PM"))
    return tuple(
        (
            rf"(?i)([0-9]) ?(?:{_either(_words()[of])})(?:\s|\z|\b)",
            rf"(?i)(?:{_either(_words()[of])}) ?([0-9]{{1,2}}(?::[0-9]{{2}})+)",
            ours,
        )
        for of, ours in halves
    )


def plain(text: pl.Series) -> pl.Series:
    """Text with the usual blanks and digits, without weekdays, and days and times as numbers."""
    if text.str.contains(r"[\x{A0}\x{202F}\x{2009}٠-٩۰-۹๐-๙０-９：／]").any():
        # One such digit among others is no date: it fell in there.
        whole = ~(text.str.contains(_FOREIGN) & text.str.contains("[0-9]")).fill_null(value=True)
        text = text.str.replace_many(_usual()).zip_with(whole, text)
    if text.str.contains(r"\pL").any():
        text = _without_weekdays(text)
    if not text.str.contains(_ODD).any():
        return text
    for era, before in _words()["eras"].items():
        if text.str.contains(era, literal=True).any():
            text = _each(text, era, lambda cell, e=era, b=before: _of_era(cell, e, b))
    for pattern, new in _FORMS.items():
        text = text.str.replace_all(pattern, new)
    return text


@cache
def _usual() -> dict[str, str]:
    digits = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９"
    blanks = dict.fromkeys("\u00a0\u202f\u2009", " ")
    return {d: str(i % 10) for i, d in enumerate(digits)} | blanks | {"：": ":", "／": "/"}


def _without_weekdays(text: pl.Series) -> pl.Series:
    before, behind, within = _weekday()
    text = text.str.replace(within, "$1")
    text = text.str.replace(before, "$1")
    return text.str.replace(behind, "$1")


def _each(text: pl.Series, holding: str, mean: Any) -> pl.Series:
    few = text.filter(text.str.contains(holding).fill_null(value=False)).unique()
    new = pl.Series([mean(cell) for cell in few], dtype=pl.String)
    return text.replace_strict(few, new, default=text, return_dtype=pl.String)


def _of_era(cell: str, era: str, before: int) -> str:
    def year(written: re.Match[str]) -> str:
        return f"{before + (1 if written[1] == '元' else int(written[1]))}年"

    return re.sub(rf"{era} ?([0-9]{{1,3}}|元) ?年", year, cell)


def clocks(text: pl.Series) -> pl.Series:
    """Halves of the day and offsets written as AM, PM and +07; the date before its time."""
    if text.str.contains(r"(?i)[0-9] ?(?:SA|CH|[ap]\. ?m|sáng|chiều|tối)|[오午上下]").any():
        for behind, before, ours in _halves():
            text = text.str.replace(before, f"$1 {ours}")
            text = text.str.replace(behind, f"$1 {ours} ").str.strip_chars_end(" ")
        text = text.str.replace_all("  ", " ", literal=True)
    if text.str.contains(r"(?:GMT|UTC) ?[+-]").any():
        text = text.str.replace(r" ?(?:GMT|UTC) ?([+-])([0-9](?::?[0-5][0-9])?)\z", " ${1}0$2")
        text = text.str.replace(r" ?(?:GMT|UTC) ?([+-][0-9]{2}(?::?[0-5][0-9])?)\z", " $1")
    if text.str.contains(r" P[SD]T\z").any():
        for zone, offset in _PACIFIC.items():
            text = text.str.replace(rf"(:[0-9]{{2}}(?: ?[AaPp][Mm])?) {zone}\z", f"$1 {offset}")
    return text.str.replace(_CLOCK_FIRST, "$2 $1")


def months(text: pl.Series) -> pl.Series:
    """Days whose month is named, in eight languages, as year, month and day."""
    if not text.str.contains(r"(?i)[a-zắ]{2}").any():
        return text
    for pattern in _named_days():
        fits = text.str.contains(pattern).fill_null(False)
        if fits.any():
            parts = text.str.extract_groups(pattern).struct.unnest()
            numbers = _numbers()
            named = (
                parts["name"]
                .str.to_lowercase()
                .replace_strict(
                    list(numbers), list(numbers.values()), default=None, return_dtype=pl.Int64
                )
            )
            month = named.fill_null(parts["number"].cast(pl.Int64))
            padded = month.cast(pl.String).str.zfill(2)
            day = parts["day"].str.zfill(2)
            year = long_year(parts["year"])
            text = text.zip_with(~fits, year + "-" + padded + "-" + day + parts["rest"])
    return text


def long_year(year: pl.Series) -> pl.Series:
    """Years of two digits from 1969 to 2068, others as they are."""
    short = year.str.len_bytes() == 2
    century = pl.Series(["20", "19"]).gather((year.cast(pl.Int64) > 68).cast(pl.UInt32))
    return year.zip_with(~short, century + year)


def of_buddha(text: pl.Series) -> pl.Series | None:
    """The text with the years of the common calendar where all of them are Buddhist, else None."""
    first = text.first(ignore_nulls=True)
    if first is None or not _YEAR_OF_BUDDHA.search(str(first)):
        return None
    if not text.str.contains(_BUDDHIST).all():
        return None

    def common(cell: str) -> str:
        return _YEAR_OF_BUDDHA.sub(lambda year: str(int(year[0]) - BUDDHIST), cell, count=1)

    return _each(text, _BUDDHIST, common)
