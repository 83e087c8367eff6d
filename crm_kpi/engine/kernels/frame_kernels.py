"""Which frames numpy builds: those over many rows, and the functions that do it.

It knows no numpy, as `order_statistics` does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.engine.kernels import order_statistics
from crm_kpi.frames import orders_and_revenue, recurring_revenue, repeat_purchases
from crm_kpi.frames.context import FrameContext

Build = Callable[..., nw.LazyFrame]
_KERNELS: Mapping[Build, tuple[str, str]] = {
    orders_and_revenue.first_purchase_slots: ("buyers", "transactions"),
    orders_and_revenue.revenue_by_customer_slot: ("purchases", "transactions"),
    orders_and_revenue.spending_to_date: ("buyers", "transactions"),
    recurring_revenue.mrr_windows: ("recurring", "subscriptions"),
    repeat_purchases.buyers_vs_previous_period: ("buyers", "transactions"),
    repeat_purchases.closed_gaps: ("gaps", "transactions"),
    repeat_purchases.open_gaps: ("gaps", "transactions"),
}
"""The file of the kernel, whose name is that of the frame, and the table that is gone through."""


def builder(build: Build) -> Build:
    """What builds a frame: its kernel, and the frame's own function where that says None."""
    if build not in _KERNELS:
        return build
    module, table = _KERNELS[build]

    def fastest(context: FrameContext, **options: Any) -> nw.LazyFrame:
        found = None
        if _has_many_rows(context, table):
            found = getattr(_imported(module), build.__name__)(context, **options)
        return build(context, **options) if found is None else found

    return fastest


def with_lag(
    table: pl.DataFrame, by: str, order: str, columns: Mapping[str, tuple[str, int]]
) -> pl.DataFrame | None:
    """As `Backend.with_lag`; None where the engine is to do it."""
    if table.height < order_statistics.FEWEST_ROWS:
        return None
    found: pl.DataFrame | None = _imported("sequences").with_lag(table, by, order, columns)
    return found


def _imported(module: str) -> Any:
    import_module("crm_kpi.engine.kernels.arrays")  # before all others, as it sets numpy up
    return import_module(f"crm_kpi.engine.kernels.{module}")


def _has_many_rows(context: FrameContext, table: str) -> bool:
    while context.parent_slice is not None:  # a part is not picked out only to be counted
        context, _ = context.parent_slice
    counted = context.tables.without_customer_segments[table].select(rows=nw.len())
    (row,) = context.backend.fetch([counted])[0]
    return bool(row["rows"] >= order_statistics.FEWEST_ROWS)
