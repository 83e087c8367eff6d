"""Durations as programs and people spell them out: `01:30:00`, `2h 5m`, `1 hour 30 minutes`."""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

SPELLED = r"[:\pL]"
"""What a duration has that is no plain number."""

_SECOND = 1_000_000
_UNITS = (
    (86_400, r"d|days?|ngày|tage?|jours?|días?|dias?|giorn[io]|dagen|dag"),
    (3_600, r"h|hrs?|hours?|giờ|tiếng|stunden?|std\.?|heures?|horas?|or[ea]|uur|uren"),
    (60, r"m|mins?|minutes?|phút|minuten?|minutos?|minut[io]"),
    (1, r"s|secs?|seconds?|giây|sekunden?|sek\.?|secondes?|segundos?|second[io]|seconden"),
)
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_AND = "(?:and |và |und |et |y |e )?"
_PARTS = re.compile(
    "".join(
        rf"(?:(?P<u{seconds}>{_NUMBER})\s*(?:{words})(?![^\W\d_])[\s,]*{_AND})?"
        for seconds, words in _UNITS
    ),
    re.IGNORECASE,
)
_ISO = re.compile(
    rf"P(?:(?P<u86400>{_NUMBER})D)?(?:T(?:(?P<u3600>{_NUMBER})H)?(?:(?P<u60>{_NUMBER})M)?"
    rf"(?:(?P<u1>{_NUMBER})S)?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:(?P<days>[0-9]+)(?:\s*(?:days?|d|ngày),?\s*|\.))?"
    r"(?P<first>[0-9]+):(?P<second>[0-5][0-9])(?::(?P<third>[0-5][0-9](?:\.[0-9]{1,9})?))?",
    re.IGNORECASE,
)


def microseconds(text: pl.Series, unit: str) -> pl.Series:
    """Spelled durations in microseconds; null for other text.

    Args:
        unit: of the column; two parts of a clock are minutes and seconds where it is minutes or
            less, and hours and minutes otherwise.
    """
    few = text.unique().drop_nulls()
    values = [_microseconds(cell.strip(), unit) for cell in few]
    meant = pl.Series(values, dtype=pl.Int64)
    return text.replace_strict(few, meant, default=None, return_dtype=pl.Int64)


def _microseconds(cell: str, unit: str) -> int | None:
    clock = _CLOCK.fullmatch(cell)
    if clock is not None:
        first, second, third = int(clock["first"]), int(clock["second"]), clock["third"]
        if third is None and unit in ("minutes", "seconds", "milliseconds"):
            return (first * 60 + second) * _SECOND
        hours = int(clock["days"] or 0) * 24 + first
        return int((hours * 3_600 + second * 60 + Decimal(third or 0)) * _SECOND)
    parts = _PARTS.fullmatch(cell) or _ISO.fullmatch(cell)
    if parts is None or not any(parts.groupdict().values()):
        return None
    seconds = sum(
        int(name[1:]) * Decimal(value.replace(",", "."))
        for name, value in parts.groupdict().items()
        if value
    )
    return int(seconds * _SECOND)
