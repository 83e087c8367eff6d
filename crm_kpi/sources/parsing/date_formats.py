"""How a date can be written: the shapes that are recognised, and the formats that are declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import UsageError

YEAR_FIRST, DAY_FIRST, MONTH_FIRST = "year first", "day first", "month first"
EXCEL, UNIX, UNIX_MS = "excel", "unix", "unix_ms"
COUNTED = (EXCEL, UNIX, UNIX_MS)
"""Dates that are counted, which is always declared."""
SERIAL = r"\A[0-9]{1,7}(?:[.,][0-9]+)?\z"
"""A spreadsheet's day number, with the time of day as its fraction."""

_ORDERS = {YEAR_FIRST: "%Y{0}%m{0}%d", DAY_FIRST: "%d{0}%m{0}%Y", MONTH_FIRST: "%m{0}%d{0}%Y"}
_MARKS = ("-", "/", ".")
DAY_FORMATS = {
    text.format(mark): (order, mark) for order, text in _ORDERS.items() for mark in _MARKS
}
"""Formats of a day without time that can be recognised in text: order and mark of each."""

_YEAR, _PART, _PADDED = "[1-9][0-9]{3}", "[0-9]{1,2}", "[0-9]{2}"
_OFFSET = r"(?:Z|UTC|GMT|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)"
_DAY = re.compile(
    rf"(?P<year>{_YEAR}(?P<a>[-/.]){_PART}(?P=a){_PART})(?![0-9])"
    rf"|{_PART}(?P<b>[-/.]){_PART}(?P=b){_YEAR}(?![0-9])"
)
_CLOCK = re.compile(
    r"(?P<gap>T|,? +)(?P<hour>[0-9]{1,2}):[0-5][0-9]"
    r"(?P<second>:[0-5][0-9](?P<fraction>\.[0-9]{1,9})?)?"
    rf"(?P<half> ?[AaPp][Mm])?(?P<offset> ?{_OFFSET})?"
)


@dataclass(frozen=True)
class DateShape:
    """One way to write a moment: exactly what `regex` takes, and what `format` then reads.

    `order` is None while day first and month first are both possible; a format
    that was declared whole has no `mark`. A fraction of a second and an offset
    are read apart from `format`, which would take several times as long.
    """

    regex: str
    format: str
    mark: str = ""
    order: str | None = None
    has_time: bool = False
    fraction: bool = False
    offset: bool = False
    width: int = 0
    """Of what `format` reads, where that is always the same and the rest stands behind it."""

    @property
    def day_format(self) -> str:
        return _ORDERS[self.order or DAY_FIRST].format(self.mark)

    def proof(self, order: str) -> str:
        """A regex of the text that can only be of this order: its day is above 12."""
        day, month = "(?:1[3-9]|2[0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
        first, second = (day, month) if order == DAY_FIRST else (month, day)
        return rf"\A{first}{re.escape(self.mark)}{second}{re.escape(self.mark)}"


def shape_of(text: str, day_format: str | None) -> DateShape | None:
    """The shape of this text, or None. A declared `day_format` admits no other day."""
    day = _DAY.match(text)
    clock = text[day.end() :] if day else ""
    time = _CLOCK.fullmatch(clock) if clock else None
    if day is None or (clock and time is None):
        return None
    mark = day["a"] or day["b"]
    # Nobody writes the month first with dots.
    order = YEAR_FIRST if day["year"] else DAY_FIRST if mark == "." else None
    if day_format is not None:
        order, wanted = DAY_FORMATS[day_format]
        if mark != wanted or (order == YEAR_FIRST) != bool(day["year"]):
            return None
    # Two digits each is by far the most frequent, and the quickest to check.
    part = _PADDED if len(day[0]) == 10 else _PART
    fields = (_YEAR, part, part) if day["year"] else (part, part, _YEAR)
    shape = _clock_shape(time) if time else DateShape("", "")
    fixed = (
        time is not None
        and part == _PADDED
        and len(time["gap"] + time["hour"]) == 3
        and time["second"] is not None
        and time["half"] is None
    )
    return replace(
        shape,
        regex=rf"\A{re.escape(mark).join(fields)}{shape.regex}\z",
        mark=mark,
        order=order,
        has_time=time is not None,
        width=len("2024-01-31T23:59:59") if fixed else 0,
    )


def _clock_shape(clock: re.Match[str]) -> DateShape:
    """The part of the shape that is the time of day."""
    gap = clock["gap"]
    hour = _PADDED if len(clock["hour"]) == 2 else _PART
    regex = f"{gap}{hour}:[0-5][0-9]"
    text = f"{gap}{'%I' if clock['half'] else '%H'}:%M"
    if clock["second"]:
        regex, text = f"{regex}:[0-5][0-9]", f"{text}:%S"
    if clock["fraction"]:
        regex += r"\.[0-9]{1,9}"
    if clock["half"]:
        blank = " " if clock["half"].startswith(" ") else ""
        regex, text = f"{regex}{blank}[AaPp][Mm]", f"{text}{blank}%p"
    if clock["offset"]:
        regex += f" ?{_OFFSET}"
    return DateShape(regex, text, fraction=bool(clock["fraction"]), offset=bool(clock["offset"]))


@cache
def any_shape(day_format: str | None) -> str:
    """A regex of the text for which `shape_of` finds a shape."""
    years = [rf"{_YEAR}{mark}{_PART}{mark}{_PART}" for mark in map(re.escape, _MARKS)]
    others = [rf"{_PART}{mark}{_PART}{mark}{_YEAR}" for mark in map(re.escape, _MARKS)]
    days = [*years, *others]
    if day_format is not None:
        order, mark = DAY_FORMATS[day_format]
        days = [(years if order == YEAR_FIRST else others)[_MARKS.index(mark)]]
    clock = re.sub(r"\?P<\w+>", "?:", _CLOCK.pattern)
    return rf"\A(?:{'|'.join(days)})(?:{clock})?\z"


def only(text: pl.Series, regex: str) -> pl.Series:
    """The text that the regex takes; null in place of other text."""
    fits = text.str.contains(regex)
    return text if fits.all() else text.set(~fits.fill_null(False), None)


def read(
    shape: DateShape,
    text: pl.Series,
    order: str,
    offsets: set[int] | None = None,
    *,
    wall: bool = False,
) -> tuple[str, pl.Series]:
    """Text of this shape, as `days` (Date), `local` or `instants` (Datetime[us]).

    A day or hour that does not exist becomes null.

    Args:
        offsets: is given the offsets that are written, in minutes.
        wall: offsets are passed over: the time is read as a clock there showed it.
    """
    day_format = _ORDERS[shape.order or order].format(shape.mark) if shape.mark else ""
    if not shape.has_time:
        return "days", text.str.to_date(day_format + shape.format, strict=False)
    if not shape.fraction and not shape.offset:
        return "local", _moments(text, day_format + shape.format)
    base, tail = _parts(shape, text)
    moments = _moments(base, day_format + shape.format)
    if shape.fraction:
        micros = tail.str.extract(r"\A\.([0-9]{1,6})").str.pad_end(6, "0")
        moments += micros.cast(pl.Int64).cast(pl.Duration("us"))
    if not shape.offset:
        return "local", moments
    written = tail.str.replace(r"\A\.[0-9]+", "")
    few = {offset: _minutes(offset.strip()) for offset in written.unique().drop_nulls()}
    if offsets is not None:
        offsets.update(few.values())
    return ("local", moments) if wall else ("instants", moments - _offsets(written, few))


def _moments(text: pl.Series, written: str) -> pl.Series:
    return text.str.to_datetime(written, strict=False, time_unit="us", cache=False)


def _parts(shape: DateShape, text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """What `format` reads, and the fraction and offset behind or in it."""
    if shape.width:
        return text.str.head(shape.width), text.str.slice(shape.width)
    base = text.str.replace(rf" ?{_OFFSET}\z", "") if shape.offset else text
    if shape.fraction:
        base = base.str.replace(r"(:[0-9]{2})\.[0-9]+", "$1")
    fraction = text.str.extract(r":[0-9]{2}(\.[0-9]+)").fill_null("")
    return base, fraction + text.str.extract(rf"( ?{_OFFSET})\z").fill_null("")


def _offsets(written: pl.Series, few: Mapping[str, int]) -> pl.Series:
    """The offset from UTC that each text is; `few` are their minutes."""
    found = written.replace_strict(
        list(few), list(few.values()), return_dtype=pl.Int64, default=None
    )
    return (found * 60_000_000).cast(pl.Duration("us"))


def _minutes(offset: str) -> int:
    digits = offset[1:].replace(":", "")
    if not digits.isdigit():
        return 0
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if offset.startswith("-") else minutes


_DIRECTIVES = {
    "Y": _YEAR, "y": "[0-9]{2}", "m": _PART, "d": _PART, "b": "[A-Za-z]{3}", "B": "[A-Za-z]+",
    "H": _PART, "I": _PART, "M": "[0-5][0-9]", "S": "[0-5][0-9]", "f": "[0-9]{1,9}",
    "p": "[AaPp][Mm]", "%": "%",
}  # fmt: skip
SHORT_DAYS = {written.replace("%Y", "%y"): written for written in DAY_FORMATS}
"""Formats of a day with a year of two digits, which are declared: the same with four."""
_SHORT = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M"}


@cache
def declared(text: str, option: str) -> DateShape:
    """The shape of a declared strptime format that is more than a day's.

    Raises UsageError for a format that does not make a date.
    """
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    pattern, offset = re.sub(r" ?%z$", "", text), text.endswith("%z")
    pattern = pattern.replace(".%f", "%.f")
    fraction = "%.f" in pattern
    names = set(re.findall(r"%(.)", pattern.replace("%.f", "")))
    parts = ({"Y", "y"}, {"m", "b", "B"}, {"d"})
    if not names <= _DIRECTIVES.keys() or not all(part & names for part in parts):
        raise no_format(text, option)
    regex = "".join(
        _DIRECTIVES[piece[1]]
        if re.fullmatch(r"%.", piece)
        else r"\.[0-9]{1,9}"
        if piece == "%.f"
        else re.escape(piece).replace(r"\ ", " +")
        for piece in re.findall(r"%\.f|%.|[^%]+", pattern)
    )
    return DateShape(
        rf"\A{regex}{f' ?{_OFFSET}' if offset else ''}\z",
        pattern.replace("%.f", ""),
        has_time=bool(names & {"H", "I", "M", "S"}),
        fraction=fraction,
        offset=offset,
    )


def no_format(text: str, option: str) -> UsageError:
    return UsageError(
        messages.text("parsing.no_date_format", option=option, format=text),
        hint=messages.text("parsing.write_date_format", words=", ".join(COUNTED)),
    )


def counted(text: pl.Series, declared: str) -> tuple[str, pl.Series]:
    """Text that counts days or seconds, as `local` or `instants`; null for other text."""
    if declared == EXCEL:
        return "local", read_serials(text)
    digits = "{12,13}" if declared == UNIX_MS else r"{9,10}(?:\.[0-9]+)?"
    numbers = only(text, rf"\A[0-9]{digits}\z").cast(pl.Decimal(38, 6))
    micros = numbers * (1_000 if declared == UNIX_MS else 1_000_000)
    return "instants", micros.cast(pl.Int64).cast(pl.Datetime("us"))


def read_serials(text: pl.Series) -> pl.Series:
    """Serial days of a spreadsheet, to the millisecond; null for other text."""
    days = only(text, SERIAL).str.replace(",", ".", literal=True).cast(pl.Float64)
    # 2,958,465 is 9999-12-31; below 61 stands the 29 February 1900 that never was.
    days = days.set((days < 61) | (days >= 2_958_466), None)
    millis = (days * 86_400_000).round().cast(pl.Int64)
    first = pl.Series([-2_209_161_600_000], dtype=pl.Int64)  # 1899-12-30
    return (millis + first).cast(pl.Datetime("ms")).cast(pl.Datetime("us"))
