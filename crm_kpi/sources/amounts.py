"""Columns of numbers: money, shares, scores and counts."""

from __future__ import annotations

import polars as pl

from crm_kpi.sources import numbers
from crm_kpi.sources.reading import Reading, Typed
from crm_kpi.sources.rejects import (
    FRACTIONAL_SCORE,
    NEGATIVE,
    NOT_A_NUMBER,
    NOT_WHOLE,
    PROBABILITY_OUT_OF_RANGE,
    TOO_PRECISE,
)
from crm_kpi.sources.series import tidy
from crm_kpi.tables import Kind

MONEY = pl.Decimal(38, 4)
_TOO_PRECISE = r"\.[0-9]{4}[0-9]*[1-9]"
_WHOLE = r"\A-?[0-9]+(?:\.0+)?\z"


def as_money(text: pl.Series, how: Reading) -> Typed:
    found, typed = _numbers(text, how)
    values = found.digits.cast(MONEY, strict=False)
    _judge(typed, found, values, how)
    if not found.cents:
        precise = found.digits.str.contains(_TOO_PRECISE)
        typed.faults += how.fault(precise, TOO_PRECISE, found.text)
    typed.series = [values.alias(how.name)]
    return typed


def as_share(text: pl.Series, how: Reading) -> Typed:
    """A share from 0 to 1; percent signs, or any number above 1, say that it is in percent."""
    found, typed = _numbers(text, how)
    values = found.digits.cast(pl.Float64, strict=False)
    _judge(typed, found, values, how, percent=True)
    if found.percent.any():
        values = values.zip_with(~found.percent, values / 100)
    elif (values > 1).any():
        values = values / 100
        typed.notes.append(f"{how.name}: read as percent, as some are above 1")
    outside = (values < 0) | (values > 1)
    typed.faults += how.fault(outside, PROBABILITY_OUT_OF_RANGE, found.text)
    typed.series = [values.alias(how.name)]
    return typed


def as_whole(text: pl.Series, how: Reading) -> Typed:
    """A score or a count. The range of a score depends on its survey, and is judged with it."""
    found, typed = _numbers(text, how)
    values = found.digits.cast(MONEY, strict=False)
    _judge(typed, found, values, how)
    score = how.column.kind is Kind.SCORE
    fraction = ~found.digits.str.contains(_WHOLE)
    typed.faults += how.fault(fraction, FRACTIONAL_SCORE if score else NOT_WHOLE, found.text)
    if not score:
        typed.faults += how.fault(values < 0, NEGATIVE, found.text)
    typed.series = [values.cast(pl.Int64, strict=False).alias(how.name)]
    return typed


def as_factor(text: pl.Series, how: Reading) -> Typed:
    """Any number, for a column that is made from several."""
    found, typed = _numbers(text, how)
    values = found.digits.cast(pl.Decimal(38, 8), strict=False)
    _judge(typed, found, values, how)
    typed.series = [values]
    return typed


def _numbers(text: pl.Series, how: Reading) -> tuple[numbers.Numbers, Typed]:
    found = numbers.parse(
        text,
        how.numbers,
        tidy=tidy,
        place=lambda i: how.place(how.rows[i]),
        what=f"column {how.name}",
        option=how.option("numbers"),
    )
    typed = Typed([], currencies=found.currencies)
    if found.written is not None and how.numbers is None:
        typed.notes.append(f"{how.name}: read as {found.written}, which its rows prove")
    return found, typed


def _judge(
    typed: Typed,
    found: numbers.Numbers,
    values: pl.Series,
    how: Reading,
    *,
    percent: bool = False,
) -> None:
    bad = found.text.is_not_null() & values.is_null()
    if not percent:
        bad |= found.percent
    typed.faults += how.fault(bad, NOT_A_NUMBER, found.text)
