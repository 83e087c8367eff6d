"""Dates as programs and people spell them out, rewritten to the shapes that `date_formats` knows.

    31 Dec 2024, December 31, 2024, ngày 31 tháng 12 năm 2024    2024-12-31
    3:05 CH, 3:05 p.m.                                           3:05 PM
    15:05 31/12/2024                                             31/12/2024 15:05
    GMT+7                                                        +07

A month that is named leaves nothing open. A year of two digits stays as it is, and is no date.
"""

from __future__ import annotations

import polars as pl

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_NUMBERS = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
_NAMES = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_MONTH = rf"(?:(?P<name>{_NAMES})\.?|(?:tháng|thg|th)\.? ?(?P<number>1[0-2]|0?[1-9]))"
_DAY, _YEAR, _GAP = "(?P<day>[0-9]{1,2})", "(?P<year>[1-9][0-9]{3})", "[-/., ]{1,2}"
_NAMED_DAYS = (
    rf"(?i)\A(?:ngày )?{_DAY}{_GAP}{_MONTH}(?:{_GAP}| năm ){_YEAR}(?P<rest>|[^0-9].*)\z",
    rf"(?i)\A{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}(?P<rest>|[^0-9].*)\z",
)
_CLOCK_FIRST = r"\A([0-9]{1,2}:[0-9:]+(?: ?[AaPp][Mm])?),? ([0-9]{1,4}[-/.][-/.0-9]+)\z"


def clocks(text: pl.Series) -> pl.Series:
    """Halves of the day and offsets written as AM, PM and +07; the date before its time."""
    if text.str.contains(r"(?i)[0-9] ?(?:SA|CH|[ap]\.m\.)").any():
        text = text.str.replace(r"(?i)([0-9]) ?(?:SA\b|a\.m\.)", "$1 AM")
        text = text.str.replace(r"(?i)([0-9]) ?(?:CH\b|p\.m\.)", "$1 PM")
    if text.str.contains(r"(?:GMT|UTC) ?[+-]").any():
        text = text.str.replace(r" ?(?:GMT|UTC) ?([+-])([0-9](?::?[0-5][0-9])?)\z", " ${1}0$2")
        text = text.str.replace(r" ?(?:GMT|UTC) ?([+-][0-9]{2}(?::?[0-5][0-9])?)\z", " $1")
    return text.str.replace(_CLOCK_FIRST, "$2 $1")


def months(text: pl.Series) -> pl.Series:
    """Days whose month is named, in English or Vietnamese, as year, month and day."""
    if not text.str.contains(r"(?i)[a-zắ]{2}").any():
        return text
    for pattern in _NAMED_DAYS:
        fits = text.str.contains(pattern).fill_null(False)
        if fits.any():
            parts = text.str.extract_groups(pattern).struct.unnest()
            named = (
                parts["name"]
                .str.to_lowercase()
                .replace_strict(
                    list(_NUMBERS), list(_NUMBERS.values()), default=None, return_dtype=pl.Int64
                )
            )
            month = named.fill_null(parts["number"].cast(pl.Int64))
            padded = month.cast(pl.String).str.zfill(2)
            day = parts["day"].str.zfill(2)
            text = text.zip_with(~fits, parts["year"] + "-" + padded + "-" + day + parts["rest"])
    return text
