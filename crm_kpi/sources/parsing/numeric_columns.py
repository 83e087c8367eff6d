"""Columns of numbers: money, shares, scores and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from crm_kpi import messages
from crm_kpi.messages import Message
from crm_kpi.sources.parsing import number_styles
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.float_tails import without_tails
from crm_kpi.sources.reasons import Reason
from crm_kpi.tables import MONEY, Kind

DECIMAL = pl.Decimal(*MONEY)
_TOO_PRECISE = r"\.[0-9]{4}[0-9]*[1-9]"
_LARGEST_FACTOR = 1e29
"""Of the 38 digits, 8 stand behind the point; a tenth is left for what a float does not tell."""
_WHOLE = r"\A-?[0-9]+(?:\.0+)?\z"


def as_money(text: pl.Series, context: ColumnContext) -> TypedColumn:
    parsed, typed = _numbers(text, context)
    digits = parsed.digits
    precise = pl.Series([False]) if parsed.cents else digits.str.contains(_TOO_PRECISE)
    if precise.any():
        digits, floats = without_tails(digits)
        if floats:
            typed.notes.append(messages.text("parsing.float_tails", column=context.name))
            precise = digits.str.contains(_TOO_PRECISE)
    values = digits.cast(DECIMAL, strict=False)
    _judge(typed, parsed, values, context)
    if precise.any():
        typed.faults += context.fault(precise, Reason.TOO_PRECISE, parsed.text)
    typed.series = [values.alias(context.name)]
    return typed


def as_share(text: pl.Series, context: ColumnContext) -> TypedColumn:
    """A share from 0 to 1. Percent signs or any number above 1 say that it is in percent, and so
    does `(%)` in the header above whole numbers: under it, 1 is no certainty."""
    parsed, typed = _numbers(text, context)
    values = parsed.digits.cast(pl.Float64, strict=False)
    _judge(typed, parsed, values, context, percent=True)
    if parsed.percent.any():
        values = values.zip_with(~parsed.percent, values / 100)
    elif context.percent and (values == values.round()).all():
        values = values / 100
    elif (values > 1).any():
        values = values / 100
        typed.notes.append(messages.text("parsing.percent", column=context.name))
    outside = (values < 0) | (values > 1)
    typed.faults += context.fault(outside, Reason.PROBABILITY_OUT_OF_RANGE, parsed.text)
    typed.series = [values.alias(context.name)]
    return typed


def as_whole(text: pl.Series, context: ColumnContext) -> TypedColumn:
    """A score or a count. The range of a score depends on its survey, and is judged with it."""
    parsed, typed = _numbers(text, context)
    values = parsed.digits.cast(DECIMAL, strict=False)
    score = context.column.kind is Kind.SCORE
    hint = messages.text("parsing.words_as_numbers", table=context.spec.table, column=context.name)
    _judge(typed, parsed, values, context, hint=hint if score else None)
    fraction = ~parsed.digits.str.contains(_WHOLE)
    typed.faults += context.fault(
        fraction, Reason.FRACTIONAL_SCORE if score else Reason.NOT_WHOLE, parsed.text
    )
    if not score:
        typed.faults += context.fault(values < 0, Reason.NEGATIVE, parsed.text)
    whole = values.cast(pl.Int64, strict=False)
    beyond = values.is_not_null() & whole.is_null()
    typed.faults += context.fault(
        beyond, Reason.NOT_A_NUMBER, parsed.text, messages.text("parsing.digits_of_count")
    )
    typed.series = [whole.alias(context.name)]
    return typed


def multiplied(product: pl.Series, factor: pl.Series) -> pl.Series:
    """The product of two columns of `as_factors`; null where it has too many digits."""
    size = product.cast(pl.Float64).abs() * factor.cast(pl.Float64).abs()
    return product.set((size >= _LARGEST_FACTOR).fill_null(False), None) * factor


def as_factors(
    columns: Sequence[pl.Series], context: ColumnContext
) -> tuple[TypedColumn, list[pl.Series]]:
    """The numbers of several columns of which one is made, all written in one way; and what is
    wrong with them, still without a series."""
    every = replace(context, rows=pl.concat([context.rows] * len(columns)))
    parsed, typed = _numbers(pl.concat(columns), every)
    values = parsed.digits.cast(pl.Decimal(38, 8), strict=False)
    height = len(context.rows)
    series = []
    for at in range(len(columns)):
        mine = slice(at * height, (at + 1) * height)
        part = replace(
            parsed, text=parsed.text[mine], digits=parsed.digits[mine], percent=parsed.percent[mine]
        )
        _judge(typed, part, values[mine], context)
        series.append(values[mine])
    return typed, series


def _numbers(
    text: pl.Series, context: ColumnContext
) -> tuple[number_styles.ParsedNumbers, TypedColumn]:
    parsed = number_styles.parse(
        text,
        context.numbers,
        tidy=context.tidy,
        place=lambda i: context.place(context.rows[i]),
        column=context.name,
        option=context.option("numbers"),
        currency=context.currency,
    )
    typed = TypedColumn([], currencies=parsed.currencies)
    if parsed.note is not None:
        typed.notes.append(parsed.note)
    return parsed, typed


def _judge(
    typed: TypedColumn,
    parsed: number_styles.ParsedNumbers,
    values: pl.Series,
    context: ColumnContext,
    *,
    percent: bool = False,
    hint: Message | None = None,
) -> None:
    bad = parsed.text.is_not_null() & values.is_null()
    if not percent:
        bad |= parsed.percent
    typed.faults += context.fault(bad, Reason.NOT_A_NUMBER, parsed.text, hint)
