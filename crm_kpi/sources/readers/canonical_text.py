"""Typed columns as canonical text: what a careful person would have written into a CSV.

whole numbers   901234567, also where they are stored as floats
other numbers   1234.5, the shortest that is the same float; with three decimals a fourth,
                12.1250, as 12.125 alone may be 12125
days            2024-12-31
moments         2024-12-31 14:30:00.25, with Z behind them where they have a zone
times of day    14:30:00
flags           true, false
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl

_EXPONENT = "[0-9][eE]"
_THREE = r"(\.[0-9]{3})\z"
_MANY_YEARS = timedelta(days=1000 * 365)
_EPOCH = date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = (date.min - _EPOCH).days, (date.max - _EPOCH).days
_SIZES = {"ms": 86_400_000, "us": 86_400_000_000, "ns": None}
"""A day in each unit; as nanoseconds, 64 bits hold no year that cannot be written."""
_CLOCK = "%H:%M:%S%.f"


def holds_many(kind: pl.DataType) -> bool:
    """Whether a cell of this type holds several values; its text is only good to be compared."""
    return kind.is_nested() or kind == pl.Object


def text(values: pl.Series) -> pl.Series:
    """The column as text; null stays null."""
    kind = values.dtype
    if kind == pl.String:
        return values
    if kind.is_float():
        return numbers(values.cast(pl.String))
    if isinstance(kind, pl.Decimal):
        return (values.cast(pl.Decimal(38, 4)) if kind.scale == 3 else values).cast(pl.String)
    if kind == pl.Date or isinstance(kind, pl.Datetime):
        return _dated(values, kind)
    if kind == pl.Time:
        return values.dt.to_string(_CLOCK)
    if holds_many(kind) or kind == pl.Duration:
        return pl.Series(
            [None if one is None else str(one) for one in values.to_list()], dtype=pl.String
        )
    return values.cast(pl.String)


def shortest(value: float) -> str:
    """One number, as `text` gives it.

    >>> shortest(7.0), shortest(0.1), shortest(1e16), shortest(12.125)
    ('7', '0.1', '10000000000000000', '12.1250')
    """
    shown = repr(value)
    if "e" in shown:
        shown = f"{Decimal(shown):f}"
    shown = shown.removesuffix(".0")
    return shown + "0" if shown[-4:-3] == "." else shown


def numbers(shown: pl.Series) -> pl.Series:
    """Numbers as programs print them: no exponent, nothing that could be read two ways."""
    if shown.str.contains(_EXPONENT).any():
        few = shown.filter(shown.str.contains(_EXPONENT)).unique().drop_nulls()
        plain = [f"{Decimal(one):f}" for one in few]
        shown = shown.replace(few, pl.Series(plain, dtype=pl.String))
    shown = shown.str.strip_suffix(".0")
    # Replacing is slow where there is nothing to be replaced.
    return shown.str.replace(_THREE, "${1}0") if shown.str.contains(_THREE).any() else shown


def _dated(values: pl.Series, kind: pl.DataType) -> pl.Series:
    """Days and moments; those of no year that can be written as what is stored, which nobody
    takes for a date."""
    stored = values.to_physical()
    size = _SIZES[kind.time_unit] if isinstance(kind, pl.Datetime) else 1
    if size is None:
        return _moments(values)
    odd = (stored < _FIRST_DAY * size) | (stored >= (_LAST_DAY + 1) * size)
    if odd.any():
        counted = stored.cast(pl.String) + " since 1970"
        return _dated(values.set(odd, None), kind).zip_with(~odd, counted)
    return _days(values) if kind == pl.Date else _moments(values)


def _days(values: pl.Series) -> pl.Series:
    """Few days stand in many rows: each is written once."""
    first, last = values.min(), values.max()
    if not isinstance(first, date) or not isinstance(last, date) or last - first > _MANY_YEARS:
        return values.cast(pl.String)
    shown = pl.date_range(first, last, eager=True).cast(pl.String)
    return shown.gather((values - first).dt.total_days()).alias(values.name)


def _moments(values: pl.Series) -> pl.Series:
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None:
        return values.dt.convert_time_zone("UTC").dt.to_string(f"%Y-%m-%d {_CLOCK}") + "Z"
    return values.dt.to_string(f"%Y-%m-%d {_CLOCK}")
