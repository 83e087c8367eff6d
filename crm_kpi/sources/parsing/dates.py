"""Dates and times: one order of day and month for a whole column, proved by all its rows.

Shape before cast: a text must look like a date, to the character, before any
parser sees it. Text that starts with the year says its own order. Anything else
is read day first and month first; the rows that only one of the two can read
are the proof, and a column without such a row is an error, not a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import DataError, IdentityError
from crm_kpi.messages import Message
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


def parse(
    text: pl.Series, declared: str | None, *, tidy: Tidy, place: RowPlace, column: str, option: str
) -> ParsedDates:
    """Parse a column of text.

    `declared` is a strptime format or one of `date_formats.COUNTED`; a format of a day also takes
    text that has a time of day behind it. `place` is that of a position of the column; `column`
    and `option` name it and the config key in messages. Raises DataError when the order of day
    and month is open, or proved both ways.
    """
    if declared is None or declared in DAY_FORMATS:
        shape = _only_shape(text, declared)
        text = text if shape else tidy(text)
        stamps = ParsedDates(text, written=declared)
        shapes = [(shape, text)] if shape else _shapes(_spelled(text, declared), declared)
        _recognise(stamps, shapes, place, column, option)
        return stamps
    text = tidy(text)
    stamps = ParsedDates(text, written=declared)
    if declared in date_formats.COUNTED:
        stamps.add(*date_formats.counted(text, declared))
    else:
        shape = date_formats.declared(declared, option)
        text = date_spelling.clocks(text)
        try:
            stamps.add(*date_formats.read(shape, date_formats.only(text, shape.regex), DAY_FIRST))
        except pl.exceptions.ComputeError as error:
            raise date_formats.no_format(declared, option) from error
    return stamps


def _spelled(text: pl.Series, declared: str | None) -> pl.Series:
    """The text in the shapes that are recognised; where an order is declared, no other one."""
    text = date_spelling.clocks(text)
    return date_spelling.months(text) if declared is None else text


def _recognise(
    stamps: ParsedDates,
    shapes: Iterable[tuple[DateShape, pl.Series]],
    place: RowPlace,
    column: str,
    option: str,
) -> None:
    open_shapes = []
    evidence = _Evidence()
    for shape, part in shapes:
        if shape.order is not None:
            stamps.add(*date_formats.read(shape, part, shape.order))
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
    order = _decide(evidence, stamps.text, place, column, option)
    stamps.written = replace(open_shapes[0][0], order=order).day_format
    for shape, part in open_shapes:
        stamps.add(*date_formats.read(shape, part, order))


def _decide(evidence: _Evidence, text: pl.Series, place: RowPlace, column: str, option: str) -> str:
    hint = messages.text("parsing.declare_order", option=option)
    if evidence.day_first and evidence.month_first:
        rows = sorted([min(evidence.day_first), min(evidence.month_first)])
        raise DataError(
            messages.text(
                "parsing.both_orders", column=column, cells=with_places(text, rows, place)
            ),
            hint=messages.text("parsing.other_order_rejected", hint=hint),
        )
    if evidence.open and not evidence.day_first and not evidence.month_first:
        row = min(evidence.open)
        path, line = place(row)
        raise DataError(
            messages.text(
                "parsing.order_open", path=path, line=line, column=column, cell=text[row]
            ),
            hint=hint,
        )
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
    if bad.str.contains(r"[-/. ][0-9]{2}(?: |\z)").any() and declared is None:
        return messages.text("parsing.short_year")
    if declared is not None:
        return messages.text("parsing.declared_is", option=option, format=declared)
    return messages.text("parsing.declare_dates", option=option)
