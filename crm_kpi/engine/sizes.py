"""Sums that would leave their type are refused before they are made: polars makes some of them
anew from the other end, without a word.

Amounts have 38 digits, 4 of them behind the point; counts have 64 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.frames.recurring_revenue import PER_YEAR, SCALE
from crm_kpi.messages import text
from crm_kpi.sources.loading.loaded_table import ScannedTable, TableInput
from crm_kpi.tables import TABLES, Kind, Table

MOST_MONEY, MOST_COUNTED = 1e33, 2.0**62
"""A tenth and a half of what fits, as they are compared with floats."""
YEARLY = max(PER_YEAR.values()) * SCALE
"""By how much the amount of a subscription is multiplied at most."""


def check(loaded: Mapping[str, TableInput]) -> None:
    """Refuses sums that would be wrong.

    Raises:
        DataError: the sum of a column does not fit into its type.
    """
    for name, found in loaded.items():
        if isinstance(found, ScannedTable):
            continue
        for column in summed(TABLES[name]):
            if column in found.frame.columns and _is_large(name, column, found.frame):
                raise too_large(name, column)


def summed(table: Table) -> list[str]:
    """The columns of which sums are made."""
    kinds = (Kind.MONEY, Kind.COUNT, Kind.SCORE)
    return [column.name for column in table.columns if column.kind in kinds]


def most(table: str, column: str) -> float:
    """What the values of a column may add up to."""
    if TABLES[table][column].kind is not Kind.MONEY:
        return MOST_COUNTED
    return MOST_MONEY / (YEARLY if table == "subscriptions" else 1)


def too_large(table: str, column: str) -> DataError:
    """What is told of a column whose sum does not fit into its type."""
    return DataError(
        text("engine.sum_too_large", table=table, column=column, most=most(table, column)),
        hint=text("engine.look_for_ids"),
    )


def _is_large(table: str, column: str, frame: Any) -> bool:
    values: pl.Series = frame[column]
    ends = [abs(float(str(end))) for end in (values.min(), values.max()) if end is not None]
    if max(ends, default=0.0) * len(values) < most(table, column):
        return False  # as nearly always, without a look at each value
    return bool(values.cast(pl.Float64).abs().sum() >= most(table, column))
