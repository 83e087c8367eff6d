"""Columns made from several of theirs: a product, a difference, a join, a time after another."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from crm_kpi import messages
from crm_kpi.sources.names import unmapped
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.columns import typed
from crm_kpi.sources.parsing.numeric_columns import DECIMAL, as_factors, multiplied
from crm_kpi.sources.parsing.spelled_durations import SPELLED, microseconds
from crm_kpi.sources.parsing.text_ops import stripped
from crm_kpi.sources.parsing.time_columns import in_calendar, local
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.spec import DerivedColumn
from crm_kpi.tables import Kind, day

_MICROSECONDS = {
    "milliseconds": 1_000,
    "seconds": 1_000_000,
    "minutes": 60_000_000,
    "hours": 3_600_000_000,
    "days": 86_400_000_000,
}
_KNOWN = messages.text("parsing.known_durations")
_LONGEST = 10_000 * 366 * _MICROSECONDS["days"]
"""Of a time after another: beyond it lies no day of ours, and a number of 64 bits ends."""


def make(
    derived: DerivedColumn,
    context: ColumnContext,
    base: ColumnContext | None,
    text: Mapping[str, pl.Series],
) -> TypedColumn:
    """The column that `derived` describes. `base` is the one that `after` names."""
    if derived.product:
        return _product(derived, context, text)
    if derived.minus:
        return _difference(derived, context, text)
    if derived.join:
        texts = (stripped(text[unmapped(header)]) for header in derived.join)
        parts = [text.alias(str(i)) for i, text in enumerate(texts)]
        joined = pl.select(pl.concat_str(parts, separator=" ", ignore_nulls=True)).to_series()
        return typed(stripped(joined), context)
    assert base is not None
    return _after(derived, context, base, text)


def _product(
    derived: DerivedColumn, context: ColumnContext, text: Mapping[str, pl.Series]
) -> TypedColumn:
    """Their numbers multiplied, rounded half to even to 4 decimals."""
    texts = [text[unmapped(header)] for header in derived.product]
    result, (product, *factors) = as_factors(texts, context)
    there = product.is_not_null()
    for factor in factors:
        there &= factor.is_not_null()
        product = multiplied(product, factor)
    result.faults += context.fault(
        there & product.is_null(), Reason.NOT_A_NUMBER, text[unmapped(derived.product[0])]
    )
    result.series = [product.cast(DECIMAL).alias(context.name)]
    return result


def _difference(
    derived: DerivedColumn, context: ColumnContext, text: Mapping[str, pl.Series]
) -> TypedColumn:
    """The first of their numbers less the others; beside one that is filled, a blank is nothing."""
    result, (rest, *others) = as_factors(
        [text[unmapped(header)] for header in derived.minus], context
    )
    filled = pl.select(pl.any_horizontal(*(other.is_not_null() for other in others))).to_series()
    rest = rest.zip_with(~filled, rest.fill_null(0))
    for other in others:
        rest = rest - other.fill_null(0)
    result.series = [rest.cast(DECIMAL).alias(context.name)]
    return result


def _after(
    derived: DerivedColumn,
    context: ColumnContext,
    base: ColumnContext,
    text: Mapping[str, pl.Series],
) -> TypedColumn:
    """A time, or a day, so many minutes, hours or days after another."""
    unit, header = next(
        (unit, name) for unit in _MICROSECONDS if (name := getattr(derived, unit)) is not None
    )
    begun = typed(text[base.name], base)
    start = begun.series[0].cast(pl.Datetime("us"))
    written = context.tidy(text[unmapped(header)])
    spelled = written.str.contains(SPELLED).fill_null(value=False)
    result, (length,) = as_factors([written.set(spelled, None)], context)
    result.offsets = begun.offsets
    within = length.abs() * 1.0 <= _LONGEST / _MICROSECONDS[unit]
    micros = (length.set(~within, None) * _MICROSECONDS[unit]).cast(pl.Int64)
    if spelled.any():
        told = microseconds(written.set(~spelled, None), unit)
        result.faults += context.fault(
            spelled & told.is_null(), Reason.NOT_A_DURATION, written, _KNOWN
        )
        within &= told.is_null() | (told <= _LONGEST)
        micros = micros.zip_with(~spelled, told.set(told > _LONGEST, None))
    moments = start + micros.cast(pl.Duration("us"))
    result.faults += context.fault(
        ~within & start.is_not_null(), Reason.OUTSIDE_CALENDAR, text[unmapped(header)]
    )
    if context.column.kind is Kind.DATE:
        if base.column.kind is Kind.TIME:
            moments = local(moments, context.timezone)
        result.series = [moments.dt.date().alias(context.name)]
    else:
        result.series = [
            moments.alias(context.name),
            local(moments, context.timezone).dt.date().alias(day(context.name)),
        ]
    return in_calendar(result, text[unmapped(header)], context)
