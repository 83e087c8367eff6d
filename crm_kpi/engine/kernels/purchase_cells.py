"""The cells of `revenue_by_customer_slot` as arrays, and the segments of their customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import Flags, Whole
from crm_kpi.engine.kernels.groups import coded, grouped
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule
from crm_kpi.frames.orders_and_revenue import revenue_by_customer_slot


@dataclass(frozen=True)
class PurchaseCells:
    """What each known customer bought in each slot, customer by customer, slot by slot."""

    customer: Whole
    slot: Whole
    orders: Whole

    def select(self, rows: Flags | Whole) -> PurchaseCells:
        """Some of the cells, or in another order."""
        return PurchaseCells(self.customer[rows], self.slot[rows], self.orders[rows])


def cells(context: FrameContext, order: OrderRule) -> tuple[PurchaseCells, pl.DataFrame] | None:
    """The cells, and all of their columns beside; None where customers are no numbers, or rows
    have segments of their own."""
    if context.tables.own_segment_columns("transactions"):
        return None
    table = context.backend.in_memory(context.frame(revenue_by_customer_slot, order=order))
    if table is None or table["customer_id"].dtype != pl.UInt32:
        return None
    if table["customer_id"].null_count():
        table = table.drop_nulls("customer_id")
    columns = (table[name].cast(pl.Int64) for name in ("customer_id", "slot", "orders"))
    found = PurchaseCells(*(each.to_numpy() for each in columns))
    keys = found.customer * (int(found.slot.max(initial=0)) + 1) + found.slot
    if not (keys[1:] > keys[:-1]).all():
        places = np.argsort(keys)
        return found.select(places), table[places]
    return found, table


@dataclass(frozen=True)
class CustomerSegments:
    """The segments that customers have by their table.

    by_customer: the segment's number by the customer's; the last is that of all others.
    columns: what the segments are, by number.
    """

    by_customer: Whole
    columns: Mapping[str, list[Any]]
    count: int

    def of(self, customers: Whole) -> Whole:
        """The segments' numbers of customers."""
        return self.by_customer[np.minimum(customers, len(self.by_customer) - 1)]

    def named(self, segments: Whole) -> dict[str, pl.Series]:
        """The segment columns of rows, by the numbers of their segments."""
        places = pl.Series(segments)
        return {
            name: pl.Series(values, dtype=pl.String).gather(places)
            for name, values in self.columns.items()
        }


def customer_segments(context: FrameContext, table: str) -> CustomerSegments | None:
    """The segments of a table's customers; None where they are no numbers."""
    tables = context.tables
    names = tables.customer_segment_columns(table)
    unsplit = np.zeros(1, np.int64)
    if not names or tables.customer_segments is None:
        return CustomerSegments(unsplit, {name: [None] for name in names}, 1)
    if tables.lacking.get(table, frozenset()).issuperset(names):
        return CustomerSegments(unsplit, {name: [None] for name in names}, 1)
    rows = context.backend.in_memory(tables.customer_segments.select("customer_id", *names))
    if rows is None or rows["customer_id"].dtype != pl.UInt32:
        return None
    rows = rows.drop_nulls("customer_id")
    ids = rows["customer_id"].cast(pl.Int64).to_numpy()
    groups = grouped({name: coded(rows[name]) for name in names}, rows.height)
    if groups is None:
        return None
    by_customer = np.full(int(ids.max(initial=-1)) + 2, groups.count)
    by_customer[ids] = groups.of
    columns = {name: [*values, None] for name, values in groups.keys.items()}
    return CustomerSegments(by_customer, columns, groups.count + 1)
