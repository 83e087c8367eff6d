"""Columns of files whose cells have types of their own: workbooks, Parquet, databases.

Their dates and numbers come as canonical text, which says by itself how it is to be read.
What a source declares about dates and numbers is about its other text: a workbook may well
hold true dates in some cells of a column and `31/12/2024` as text in others.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import DataError
from crm_kpi.readings import How, Reading
from crm_kpi.sources.parsing import columns
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.date_formats import read_serials
from crm_kpi.tables import Kind

_DATES = (Kind.DATE, Kind.TIME)
_NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.SCORE, Kind.COUNT)
_ISO = r"\A[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z?)?\z"
_PLAIN = r"\A-?[0-9]+(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?\z"
_AFTER_THE_12TH = r"\A\s*(?:1[3-9]|2[0-9]|3[01])[-/.]"
_DAYS = 6
"""Days of a month that true dates have to fall on, to be sure that they avoid all others."""


def typed(text: pl.Series, context: ColumnContext) -> TypedColumn:
    """Type a column: canonical cells as what they are, others as declared.

    Raises DataError as `columns.typed` does, and for dates that a spreadsheet program took for
    those of another country.
    """
    dates = context.column.kind in _DATES
    if not dates and context.column.kind not in _NUMBERS:
        return columns.typed(text, context)
    if dates and context.workbook and context.dates is None:
        text, counted = _counted_days(text, context)
    else:
        counted = []
    own = text.str.contains(_ISO if dates else _PLAIN)
    swapped = dates and _is_swapped(text, own, context)
    column = _typed(text, own, context, dates)
    column.readings += counted
    if swapped:
        column.notes.append(messages.text("parsing.may_be_swapped", column=context.name))
    return column


_DAY_NUMBER = r"\A(?:[2-7][0-9]{4}|80000)(?:\.[0-9]+)?\z"


def _counted_days(text: pl.Series, context: ColumnContext) -> tuple[pl.Series, list[Reading]]:
    """Text with the day numbers of a spreadsheet as days, and what is said of them."""
    fits = text.str.contains(_DAY_NUMBER).fill_null(value=False)
    if not fits.any():
        return text, []
    moments = read_serials(text.set(~fits, None))
    whole = ~text.str.contains(".", literal=True).fill_null(value=False)
    days, times = (moments.dt.strftime(way) for way in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"))
    written = days.zip_with(whole, times)
    reading = Reading(
        context.header,
        messages.text("parsing.day_numbers"),
        How.CONVENTIONAL,
        messages.text("parsing.day_numbers_evidence", cell=text.filter(fits)[0]),
        int(fits.sum()),
        short=messages.text("parsing.day_numbers_short", column=context.header),
    )
    return text.zip_with(~fits, written), [reading]


def _typed(text: pl.Series, own: pl.Series, context: ColumnContext, dates: bool) -> TypedColumn:
    if (context.dates if dates else context.numbers) is None or not own.any():
        return columns.typed(text, context)
    free = replace(context, spec=replace(context.spec, dates=None, numbers=None))
    if own.all():
        return columns.typed(text, free)
    if context.column.kind is Kind.NUMBER:
        # Whether shares are in percent is told by all rows together.
        return columns.typed(text, context)
    own = own.fill_null(False)
    cells = columns.typed(text.set(~own, None), free)
    others = columns.typed(text.set(own, None), context)
    pairs = zip(cells.series, others.series, strict=True)
    return TypedColumn(
        [canonical.zip_with(own, other) for canonical, other in pairs],
        [*cells.faults, *others.faults],
        tuple(dict.fromkeys((*cells.currencies, *others.currencies))),
        [*cells.notes, *others.notes],
        [*cells.readings, *others.readings],
    )


def _is_swapped(text: pl.Series, own: pl.Series, context: ColumnContext) -> bool:
    """Whether it looks so; where there are enough dates to be sure, DataError.

    A program that expects 12/31/2024 makes 2024-05-02 of 05/02/2024, and leaves 13/02/2024 as
    text. Then no true date is after the 12th, and all text is."""
    others = text.filter(~own.fill_null(True))
    if others.is_empty() or not others.str.contains(_AFTER_THE_12TH).all():
        return False
    days = text.filter(own.fill_null(False)).str.slice(8, 2).cast(pl.UInt8).unique()
    if days.is_empty() or (days > 12).any():
        return False
    if len(days) < _DAYS:
        return True
    row = context.rows.filter(~own.fill_null(True))[0]
    path, line = context.place(row)
    what = messages.text(
        "parsing.swapped", path=path, line=line, column=context.name, cell=others[0]
    )
    raise DataError(what, hint=messages.text("parsing.export_again"))
