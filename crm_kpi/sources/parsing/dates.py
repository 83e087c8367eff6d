"""Dates and times: one order of day and month for a whole column, proved by all its rows.

Shape before cast: a text must look like a date, to the character, before any
parser sees it. Text that starts with the year says its own order. Anything else
is read day first and month first; the rows that only one of the two can read
are the proof, and a column without such a row is an error, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import DataError, IdentityError
from crm_kpi.messages import Message, joined
from crm_kpi.sources.parsing import date_formats, date_spelling
from crm_kpi.sources.parsing.date_formats import (
    DAY_FIRST,
    DAY_FORMATS,
    EXCEL,
    MONTH_FIRST,
    UNIX,
    UNIX_MS,
    DateShape,
)
from crm_kpi.sources.parsing.text_ops import first_true, with_places
from crm_kpi.sources.rejects import RowPlace

Tidy = Callable[[pl.Series], pl.Series]
"""Strips text and takes out words for missing: needed only where not all of it has one shape."""


@dataclass
class ParsedDates:
    """A parsed column: each value stands in one of three, or in none if `text` is no date."""

    text: pl.Series

    days: pl.Series | None = None
    """Date, of text without time of day."""
    local: pl.Series | None = None
    """Datetime[us] as written, of text without offset."""
    instants: pl.Series | None = None
    """Datetime[us] in UTC, of text with an offset."""
    written: str | None = None
    """The format of the day, where it was proved or declared."""
    by_convention: bool = False
    """Its rows leave the order open, and `Convention` has decided."""
    short_years: bool = False
    """Years have two digits, and nobody has declared it."""
    buddhist: bool = False
    """All years are those of the calendar of Thailand, and were converted."""
    offsets: set[int] = field(default_factory=set)
    """The offsets from UTC that are written, in minutes."""

    def add(self, kind: str, values: pl.Series) -> None:
        """More values of one kind, where there are none yet."""
        there = getattr(self, kind)
        merged = values if there is None else there.zip_with(there.is_not_null(), values)
        setattr(self, kind, merged)


@dataclass
class _Evidence:
    """Positions of the first rows that say something about the order of day and month."""

    day_first: set[int] = field(default_factory=set)
    month_first: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    """Rows that both orders read, as different days."""

    @staticmethod
    def note(rows: set[int], mask: pl.Series) -> None:
        if (row := first_true(mask)) is not None:
            rows.add(row)


class OpenDates(DataError):
    """A column whose rows leave open how its dates are written; another column may tell."""

    mark = ""
    """What stands between day and month."""
    short_years = False
    again: Callable[[DateOrder], Any] | None = None
    """Reads the column, as a `TypedColumn`, when the order is known."""


@dataclass(frozen=True)
class DateOrder:
    """What decides where the rows of a column leave open how their dates are written."""

    order: str
    of: str | None = None
    """The header of the column that proves it; None for a convention."""
    short_years: bool = False
    """Years may have two digits."""


@dataclass(frozen=True)
class Decider:
    """What decides of a column, and how it is named in messages."""

    place: RowPlace
    """Of a position of the column."""
    column: str
    option: str
    order: DateOrder | None = None
    wall: bool = False


def parse(
    text: pl.Series,
    declared: str | None,
    *,
    tidy: Tidy,
    place: RowPlace,
    column: str,
    option: str,
    order: DateOrder | None = None,
    wall: bool = False,
) -> ParsedDates:
    """Parse a column of text.

    `declared` is a strptime format or one of `date_formats.COUNTED`; a format of a day also takes
    text that has a time of day behind it. `place` is that of a position of the column; `column`
    and `option` name it and the config key in messages. `order` decides where the rows do not;
    with `wall`, times are those that clocks showed where they were written, without their offset.

    Raises OpenDates when the order of day and month is open, DataError when it is proved both ways.
    """
    decider = Decider(place, column, option, order, wall)
    common = date_spelling.of_buddha(text)
    if common is not None:
        stamps = _parse(common, declared, tidy, decider)
        stamps.text, stamps.buddhist = tidy(text), True
        return stamps
    return _parse(text, declared, tidy, decider)


def _parse(text: pl.Series, declared: str | None, tidy: Tidy, decider: Decider) -> ParsedDates:
    if declared in date_formats.SHORT_DAYS:
        text = tidy(text)
        spelled = date_spelling.clocks(date_spelling.plain(text))
        long = _with_long_years(spelled, first=declared.startswith("%y"))
        stamps = _parse(long, date_formats.SHORT_DAYS[declared], tidy, decider)
        stamps.text = text
        return stamps
    if declared is None or declared in DAY_FORMATS:
        shape = _only_shape(text, declared)
        text = text if shape else tidy(text)
        stamps = ParsedDates(text, written=declared)
        if shape:
            _recognise(stamps, [(shape, text)], decider)
            return stamps
        spelled = text
        if not text.str.contains(date_formats.any_shape(declared)).all():
            spelled = _spelled(text, declared)
        if declared is None and _has_short_years(spelled):
            spelled = _decided_years(spelled, stamps, decider)
        _recognise(stamps, _shapes(spelled, declared), decider)
        return stamps
    text = tidy(text)
    stamps = ParsedDates(text, written=declared)
    if declared in date_formats.COUNTED:
        stamps.add(*date_formats.counted(text, declared))
    else:
        shape = date_formats.declared(declared, decider.option)
        text = date_spelling.clocks(text)
        fitting = date_formats.only(text, shape.regex)
        try:
            kind, values = date_formats.read(
                shape, fitting, DAY_FIRST, stamps.offsets, wall=decider.wall
            )
        except pl.exceptions.ComputeError as error:
            raise date_formats.no_format(declared, decider.option) from error
        if "%y" in declared:  # 69 is 1969
            late = (values.dt.year() == _LAST_SHORT + 1).fill_null(value=False)
            values = values.zip_with(~late, values.dt.offset_by("-100y"))
        stamps.add(kind, values)
    return stamps


_LAST_SHORT = 2068
"""The last year that two digits can mean."""
_SHORT_DAY = r"\A([0-9]{1,2}[-/.])([0-9]{1,2}[-/.])([0-9]{2})(\z|[^0-9].*\z)"


def _has_short_years(text: pl.Series) -> bool:
    """Whether all rows end their day in two digits."""
    first = text.first(ignore_nulls=True)
    return (
        first is not None
        and re.match(_SHORT_DAY.replace(r"\z", r"\Z"), str(first)) is not None
        and bool(text.str.contains(_SHORT_DAY).all())
    )


def _with_long_years(text: pl.Series, *, first: bool = False) -> pl.Series:
    """Days whose year, which stands last or first, has two digits, with four of them."""
    fits = text.str.contains(_SHORT_DAY).fill_null(value=False)
    if not fits.any():
        return text
    parts = text.str.extract_groups(_SHORT_DAY).struct.unnest()
    front, middle, back, rest = (parts.to_series(place) for place in range(4))
    if first:
        mark = front.str.tail(1)
        front = date_spelling.long_year(front.str.head(-1).str.zfill(2)) + mark
    else:
        back = date_spelling.long_year(back)
    return text.zip_with(~fits, front + middle + back + rest)


def _decided_years(text: pl.Series, stamps: ParsedDates, decider: Decider) -> pl.Series:
    """Text with years of four digits, where something says that two stand for them.

    Raises OpenDates where nothing does.
    """
    order = decider.order
    ways = {DAY_FIRST: "%d/%m/%y", MONTH_FIRST: "%m/%d/%y"}
    if order is not None and order.short_years and _may_be(text, ways[order.order]):
        stamps.short_years = True
        return _with_long_years(text)
    row = first_true(text.is_not_null()) or 0
    path, line = decider.place(row)
    what = messages.text(
        "parsing.year_open", path=path, line=line, column=decider.column, cell=stamps.text[row]
    )
    mark = str(text[row]).lstrip("0123456789")[0]
    fitting = [way for way in (*ways.values(), "%y/%m/%d") if _may_be(text, way)]
    shown = [way.replace("/", mark) for way in fitting or ("%d/%m/%y",)]
    error = OpenDates(
        what,
        hint=messages.text(
            "parsing.declare_year",
            option=decider.option,
            ways=joined((f'"{way}"' for way in shown), messages.text("general.or")),
            way=shown[0],
        ),
    )
    error.mark, error.short_years = mark, True
    raise error


def _may_be(text: pl.Series, way: str) -> bool:
    """Whether all days of two digits each can be written so."""
    days = {"d": "(?:0?[1-9]|[12][0-9]|3[01])", "m": "(?:0?[1-9]|1[0-2])", "y": "[0-9]{2}"}
    first, second, third = (days[letter] for letter in way.replace("%", "").split("/"))
    return bool(text.str.contains(rf"\A{first}[-/.]{second}[-/.]{third}(?:\z|[^0-9])").all())


def _spelled(text: pl.Series, declared: str | None) -> pl.Series:
    """The text in the shapes that are recognised; where an order is declared, no other one."""
    text = date_spelling.clocks(date_spelling.plain(text))
    return date_spelling.months(text) if declared is None else text


def _recognise(
    stamps: ParsedDates, shapes: Iterable[tuple[DateShape, pl.Series]], decider: Decider
) -> None:
    open_shapes = []
    evidence = _Evidence()

    def add(shape: DateShape, part: pl.Series, order: str) -> None:
        stamps.add(*date_formats.read(shape, part, order, stamps.offsets, wall=decider.wall))

    for shape, part in shapes:
        if shape.order is not None:
            add(shape, part, shape.order)
            continue
        open_shapes.append((shape, part))
        evidence.note(evidence.day_first, part.str.contains(shape.proof(DAY_FIRST)))
        evidence.note(evidence.month_first, part.str.contains(shape.proof(MONTH_FIRST)))
    if not open_shapes:
        return
    if not evidence.day_first and not evidence.month_first:
        for shape, part in open_shapes:
            (_, first), (_, second) = (
                date_formats.read(shape, part, o) for o in (DAY_FIRST, MONTH_FIRST)
            )
            evidence.note(evidence.open, first != second)
    order = _decide(evidence, stamps, open_shapes[0][0].mark, decider)
    if evidence.day_first or evidence.month_first or stamps.by_convention:
        stamps.written = replace(open_shapes[0][0], order=order).day_format
    for shape, part in open_shapes:
        add(shape, part, order)


def _decide(evidence: _Evidence, stamps: ParsedDates, mark: str, decider: Decider) -> str:
    hint = messages.text("parsing.declare_order", option=decider.option)
    text = stamps.text
    if evidence.day_first and evidence.month_first:
        rows = sorted([min(evidence.day_first), min(evidence.month_first)])
        raise DataError(
            messages.text(
                "parsing.both_orders",
                column=decider.column,
                cells=with_places(text, rows, decider.place),
            ),
            hint=messages.text("parsing.other_order_rejected", hint=hint),
        )
    if evidence.open and not evidence.day_first and not evidence.month_first:
        if decider.order is not None:
            stamps.by_convention = True
            return decider.order.order
        row = min(evidence.open)
        path, line = decider.place(row)
        error = OpenDates(
            messages.text(
                "parsing.order_open", path=path, line=line, column=decider.column, cell=text[row]
            ),
            hint=hint,
        )
        error.mark = mark
        raise error
    return MONTH_FIRST if evidence.month_first else DAY_FIRST


def _only_shape(text: pl.Series, day_format: str | None) -> DateShape | None:
    """The shape that all of the text has, if it has one."""
    first = text.first(ignore_nulls=True)
    shape = date_formats.shape_of(str(first), day_format)
    return shape if shape and text.str.contains(shape.regex).all() else None


def _shapes(text: pl.Series, day_format: str | None) -> Iterator[tuple[DateShape, pl.Series]]:
    """The shapes that the text has, each with its part of the column; null elsewhere."""
    sieved = False
    while (first := text.first(ignore_nulls=True)) is not None:
        shape = date_formats.shape_of(str(first), day_format)
        if shape is not None:
            fits = text.str.contains(shape.regex)
            if fits.all():
                yield shape, text
                return
            fits = fits.fill_null(False)
            yield shape, text.set(~fits, None)
            text = text.set(fits, None)
        elif sieved:
            raise IdentityError(f"{first!r} passed as a date, but has the shape of none")
        if not sieved:
            # Rows of no shape at all would be looked at one by one: they go at once.
            text, sieved = date_formats.only(text, date_formats.any_shape(day_format)), True


_LOOKS = {
    EXCEL: (r"\A[3-6][0-9]{4}(\.[0-9]+)?\z", messages.text("parsing.day_numbers")),
    UNIX: (r"\A1[0-9]{9}(\.[0-9]+)?\z", messages.text("parsing.seconds_since_1970")),
    UNIX_MS: (r"\A1[0-9]{12}\z", messages.text("parsing.milliseconds_since_1970")),
}
"""What counted dates of our time look like, and what they are."""


def hint(bad: pl.Series, declared: str | None, option: str) -> Message:
    """What to do about text that is no date."""
    for word, (looks, what) in _LOOKS.items():
        if declared != word and bad.str.contains(looks).any():
            return messages.text("parsing.declare_counted", what=what, option=option, word=word)
    if bad.str.contains(_SHORT_DAY).any() and declared is None:
        return messages.text("parsing.short_year")
    if declared is not None:
        return messages.text("parsing.declared_is", option=option, format=declared)
    return messages.text("parsing.declare_dates", option=option)
