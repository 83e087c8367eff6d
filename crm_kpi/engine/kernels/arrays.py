"""Columns as arrays of whole numbers: how they come out of polars, and how they go back."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

_SETTINGS = {
    # It starts a thread a core for linear algebra, of which there is none here.
    "OPENBLAS_NUM_THREADS": "1",
    # Sorting by AVX-512 takes four times as long as by AVX2 on some processors (AMD's Zen 4), and
    # is little faster on others.
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL",
}


def _import_numpy() -> Any:
    """numpy, which looks at these settings when it is first imported, and never again."""
    mine = {name: value for name, value in _SETTINGS.items() if name not in os.environ}
    os.environ.update(mine)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # of features that a processor has not
        import numpy
    for name in mine:
        del os.environ[name]
    return numpy


_import_numpy()

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()
LARGEST = 1 << 63
"""Whole numbers of 64 bits are below."""
BITS = 63
"""Of a packed number: it stays above zero."""


@dataclass(frozen=True)
class WholeColumn:
    """A column of whole numbers, or of Decimals as so many units of their last digit.

    valid: which rows have a value; None where all have. The others' numbers mean nothing.
    scale: the Decimals' digits after the point; None for whole numbers.
    """

    numbers: Whole
    valid: Flags | None
    scale: int | None

    @property
    def told(self) -> Callable[[int], Any]:
        """What makes of a number what polars makes of it."""
        scale = self.scale
        if scale is None:
            return int
        return lambda number: Decimal(number).scaleb(-scale)


def column(series: pl.Series) -> WholeColumn | None:
    """A column as whole numbers; None where it is of another type, or one does not fit."""
    scale = None
    if isinstance(series.dtype, pl.Decimal):
        scale = series.dtype.scale
        nulls = series.null_count()
        series = series.to_physical().cast(pl.Int64, strict=False)
        if series.null_count() > nulls:
            return None
    elif not series.dtype.is_integer() or series.dtype == pl.UInt64:
        return None
    valid = ~series.is_null().to_numpy() if series.null_count() else None
    return WholeColumn(series.cast(pl.Int64).fill_null(0).to_numpy(), valid, scale)


def flags(series: pl.Series) -> Flags:
    """Which rows are true; a null is not."""
    return series.fill_null(value=False).to_numpy()


def decimals(numbers: Whole, scale: int) -> pl.Series:
    """Units of the last digit as Decimals again."""
    return pl.Series(numbers).cast(pl.Decimal(38, 0)) * Decimal(1).scaleb(-scale)


def number(day: date) -> int:
    """A day as polars holds it."""
    return day.toordinal() - EPOCH


def dates(days: Whole, *, where: Flags) -> pl.Series:
    """Days since 1970 as dates; null where there is none."""
    found = pl.Series(days.astype(np.int32)).cast(pl.Date)
    if where.all():
        return found
    return pl.select(pl.when(pl.Series(where)).then(found)).to_series()


def bits(largest: int) -> int:
    """How many bits hold the numbers from 0 to this one."""
    return max(largest.bit_length(), 1)
