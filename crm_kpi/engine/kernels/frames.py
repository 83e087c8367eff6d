"""Which frames numpy builds: those over many rows, and the functions that do it.

It knows no numpy, as `order_statistics` does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.engine.kernels.order_statistics import FEWEST_ROWS
from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.context import FrameContext

Build = Callable[..., nw.LazyFrame]
_KERNELS: Mapping[Build, tuple[str, str]] = {
    orders_and_revenue.revenue_by_customer_slot: ("purchases", "transactions"),
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
            import_module("crm_kpi.engine.kernels.arrays")
            kernels = import_module(f"crm_kpi.engine.kernels.{module}")
            found = getattr(kernels, build.__name__)(context, **options)
        return build(context, **options) if found is None else found

    return fastest


def _has_many_rows(context: FrameContext, table: str) -> bool:
    counted = context.tables.without_customer_segments[table].select(rows=nw.len())
    (row,) = context.backend.fetch([counted])[0]
    return bool(row["rows"] >= FEWEST_ROWS)
