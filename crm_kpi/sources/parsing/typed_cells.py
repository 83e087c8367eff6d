"""Columns of files whose cells have types of their own: workbooks, Parquet, databases.

Their dates and numbers come as canonical text, which says by itself how it is to be read.
What a source declares about dates and numbers is about its other text: a workbook may well
hold true dates in some cells of a column and `31/12/2024` as text in others.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.sources.parsing import columns
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
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
    own = text.str.contains(_ISO if dates else _PLAIN)
    swapped = dates and _is_swapped(text, own, context)
    found = _typed(text, own, context, dates)
    if swapped:
        found.notes.append(
            f"{context.name}: day and month may be swapped: the true dates are all up to the 12th "
            "of a month, and the dates that are text all after it"
        )
    return found


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
    one, other = (
        columns.typed(text.set(~own, None), free),
        columns.typed(text.set(own, None), context),
    )
    return TypedColumn(
        [mine.zip_with(own, theirs) for mine, theirs in zip(one.series, other.series, strict=True)],
        [*one.faults, *other.faults],
        tuple(dict.fromkeys((*one.currencies, *other.currencies))),
        [*one.notes, *other.notes],
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
    raise DataError(
        f"{context.place(row)}: column {context.name}: dates after the 12th of a month are text "
        f"here ({others[0]!r}), and all others are true dates: their day and month were swapped "
        "when the file was opened in a program that expects the month first",
        hint="export the file again, and import its dates as text, day first",
    )
