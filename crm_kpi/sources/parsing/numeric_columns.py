"""Columns of numbers: money, shares, scores and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import DataError
from crm_kpi.messages import Message, joined
from crm_kpi.readings import How, Reading
from crm_kpi.sources.parsing import number_styles
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.float_tails import without_tails
from crm_kpi.sources.parsing.magnitudes import of_values
from crm_kpi.sources.reasons import Reason
from crm_kpi.tables import MONEY, Kind

DECIMAL = pl.Decimal(*MONEY)
_TOO_PRECISE = r"\.[0-9]{4}[0-9]*[1-9]"
_LARGEST_FACTOR = 1e29
"""Of the 38 digits, 8 stand behind the point; a tenth is left for what a float does not tell."""
_WHOLE = r"\A-?[0-9]+(?:\.0+)?\z"


def as_money(text: pl.Series, context: ColumnContext) -> TypedColumn:
    parsed, typed = _numbers(text, context, money=True)
    if not parsed.cents:
        _read_floats(parsed, typed, context)
    values = parsed.digits.cast(DECIMAL, strict=False)
    if parsed.factor is not None:
        values = _times(parsed, values)
    _judge(typed, parsed, values, context)
    if not parsed.cents:
        precise = parsed.digits.str.contains(_TOO_PRECISE)
        if parsed.factor is not None:
            precise &= parsed.factor.is_null()
        typed.faults += context.fault(precise, Reason.TOO_PRECISE, parsed.text)
    typed.series = [values.alias(context.name)]
    return typed


def _times(parsed: number_styles.ParsedNumbers, values: pl.Series) -> pl.Series:
    """Amounts, of which some are multiplied by the word behind them."""
    assert parsed.factor is not None
    digits = parsed.digits.set(parsed.factor.is_null(), None).cast(pl.Decimal(38, 10), strict=False)
    product = multiplied(digits, parsed.factor.cast(pl.Decimal(38, 0))).cast(DECIMAL, strict=False)
    return values.zip_with(parsed.factor.is_null(), product)


def _read_floats(
    parsed: number_styles.ParsedNumbers, typed: TypedColumn, context: ColumnContext
) -> None:
    """`71.37199999999999` is 71.372, as a program wrote the number that it held."""
    if not parsed.digits.str.contains(_TOO_PRECISE).any():
        return
    written = without_tails(parsed.digits)
    tails = (written != parsed.digits).fill_null(value=False)
    if not tails.any():
        return
    example = (
        str(parsed.text.filter(tails)[0]),
        f"{Decimal(written.filter(tails)[0]).normalize():f}",
    )
    parsed.digits = written
    typed.readings.append(
        Reading(
            context.header,
            messages.text("parsing.float_tails"),
            How.PROVED,
            messages.text("parsing.float_tail", cell=example[0], number=example[1]),
            int(tails.sum()),
            short=messages.text("parsing.spelled_short", cell=example[0], number=example[1]),
        )
    )


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
    """The numbers of several columns of which one is made, and what is wrong with them, still
    without a series. Each is written in one way; what a column leaves open, the others prove."""
    typed, series = TypedColumn([]), []
    try:
        each = [_numbers(text, context) for text in columns]
    except DataError:
        every = replace(context, rows=pl.concat([context.rows] * len(columns)))
        parsed, joint = _numbers(pl.concat(columns), every)
        height = len(context.rows)
        parts = [slice(at * height, (at + 1) * height) for at in range(len(columns))]
        each = [(_cut(parsed, part), joint) for part in parts]
    for parsed, told in each:
        values = parsed.digits.cast(pl.Decimal(38, 8), strict=False)
        _judge(typed, parsed, values, context)
        series.append(values)
        typed.currencies = tuple(dict.fromkeys((*typed.currencies, *told.currencies)))
        typed.notes = list(dict.fromkeys((*typed.notes, *told.notes)))
        typed.readings = list(dict.fromkeys((*typed.readings, *told.readings)))
    return typed, series


def _cut(parsed: number_styles.ParsedNumbers, part: slice) -> number_styles.ParsedNumbers:
    return replace(
        parsed, text=parsed.text[part], digits=parsed.digits[part], percent=parsed.percent[part]
    )


def _numbers(
    text: pl.Series, context: ColumnContext, *, money: bool = False
) -> tuple[number_styles.ParsedNumbers, TypedColumn]:
    parsed = number_styles.parse(
        text,
        context.numbers,
        tidy=context.tidy,
        place=lambda i: context.place(context.rows[i]),
        column=context.name,
        option=context.option("numbers"),
        currency=context.currency,
        convention="1.234,56" if context.vietnamese else None,
        money=money,
    )
    typed = TypedColumn([], currencies=parsed.currencies)
    if parsed.note is not None:
        typed.notes.append(parsed.note)
    if parsed.convention is not None:
        way = parsed.convention
        typed.readings.append(
            Reading(
                context.header,
                messages.text("parsing.read_as", way=way),
                *context.why_vietnamese,
                int(parsed.text.is_not_null().sum()),
                short=messages.text("loading.numbers_as", style=way),
            )
        )
    if parsed.spelled is not None:
        rows, cell, number = parsed.spelled
        typed.readings.append(
            Reading(
                context.header,
                messages.text("parsing.spelled"),
                How.CONVENTIONAL,
                messages.text("parsing.spelled_as", cell=cell, number=number),
                rows,
                short=messages.text("parsing.spelled_short", cell=cell, number=number),
            )
        )
    if parsed.words:
        words = joined(map(_multiplier, parsed.words), ", ")
        rows = 0 if parsed.factor is None else len(parsed.factor) - parsed.factor.null_count()
        cell = next(iter(parsed.words.values()))
        typed.readings.append(
            Reading(
                context.header,
                words,
                How.CONVENTIONAL,
                messages.text("parsing.word_behind", cell=cell),
                rows,
                short=words,
            )
        )
    return parsed, typed


def _multiplier(word: str) -> Message:
    return messages.text("parsing.multiplies", word=word, factor=of_values()[word])


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
