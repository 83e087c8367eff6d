"""Amounts that a program kept as floats, and wrote with all that a float has: 71.37199999999999.

A float holds 15 digits for certain. What stands behind them is the error of the arithmetic that
made it, and no part of the amount: 71.372.
"""

from __future__ import annotations

import math
from decimal import Decimal

import polars as pl

from crm_kpi.tables import MONEY

_CANDIDATE = r"\A-?[0-9]{0,12}\.[0-9]{5,20}\z"
_CERTAIN = 15
_NEAR = 2
"""How many steps of a float lie between an amount and what arithmetic makes of it, at most."""
_STEP = Decimal(1).scaleb(-MONEY[1])


def without_tails(digits: pl.Series) -> pl.Series:
    """Numbers with a point; those that end in a float's error are the amounts that were meant."""
    texts = digits.filter(digits.str.contains(_CANDIDATE)).unique().drop_nulls()
    meant = {text: amount for text in texts if (amount := _amount(text)) is not None}
    if not meant:
        return digits
    return digits.replace([*meant], [*meant.values()])


def _amount(text: str) -> str | None:
    """The amount that a float's text means; None for a text that no float has, or that means
    more decimals than money has."""
    written, number = Decimal(text), float(text)
    if len(written.as_tuple().digits) <= _CERTAIN:
        return None
    if written not in (Decimal(repr(number)), Decimal(f"{number:.16g}"), Decimal(f"{number:.17g}")):
        return None
    amount = written.quantize(_STEP)
    near = abs(written - amount) <= _NEAR * Decimal(math.ulp(number))
    return f"{amount:f}" if near else None
