"""Columns whose rows leave open how their dates are written: what else in the file tells.

Another column proves it, if it parts day and month by the same mark; else the headers do, where
they are Vietnamese. Columns that contradict one another prove nothing, and neither do headers then.
"""

from __future__ import annotations

from collections.abc import Iterable

from crm_kpi.sources.parsing.column_context import TypedColumn
from crm_kpi.sources.parsing.date_formats import DAY_FIRST, DAY_FORMATS, MONTH_FIRST
from crm_kpi.sources.parsing.dates import DateOrder, OpenDates


def settled(
    error: Exception, columns: Iterable[TypedColumn], *, vietnamese: bool
) -> TypedColumn | None:
    """The column as it is read with what others tell; None where they tell nothing.

    Args:
        columns: the others of the file that are read.
        vietnamese: by the headers of the file.
    """
    if not isinstance(error, OpenDates) or error.again is None:
        return None
    others = list(columns)
    proofs: dict[str, str] = {}
    for other in others:
        way = other.proved
        if way in DAY_FORMATS and DAY_FORMATS[way][1] == error.mark:
            proofs.setdefault(DAY_FORMATS[way][0], other.header)
    if error.short_years:
        column = _agreeing(error, others)
        if column is not None:
            return column
    elif len(proofs) == 1:
        ((order, header),) = proofs.items()
        return _read(error, DateOrder(order, header))
    if vietnamese and proofs.keys() <= {DAY_FIRST}:
        return _read(error, DateOrder(DAY_FIRST, short_years=True))
    return None


def _agreeing(error: OpenDates, others: Iterable[TypedColumn]) -> TypedColumn | None:
    """A column with years of two digits, read in the one order in which all of its rows are the
    days that another column has with four."""
    found = []
    for other in others:
        if not other.dated:
            continue
        for order in (DAY_FIRST, MONTH_FIRST):
            column = _read(error, DateOrder(order, other.header, short_years=True))
            if column is None:
                continue
            same = (column.series[-1] == other.series[-1]).drop_nulls()
            if len(same) and same.all():
                found.append(column)
    days = [column.series[-1] for column in found]
    return found[0] if found and all(days[0].equals(other) for other in days) else None


def _read(error: OpenDates, order: DateOrder) -> TypedColumn | None:
    assert error.again is not None
    try:
        column: TypedColumn = error.again(order)
    except OpenDates:
        return None
    return column
