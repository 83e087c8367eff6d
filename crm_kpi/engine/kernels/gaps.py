"""Gaps between the orders of a customer, from orders that follow one another."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import EPOCH, Flags, Whole, dates, number
from crm_kpi.engine.kernels.purchase_cells import CustomerSegments, customer_segments
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule
from crm_kpi.frames.repeat_purchases import order_sequence

_MOST_PLACES = 1 << 23


@dataclass(frozen=True)
class _Sequence:
    """Orders one after the other, days as numbers.

    later: which are not the first of their customer, and so have a `previous` day.
    """

    customer: Whole
    day: Whole
    previous: Whole
    later: Flags
    segments: CustomerSegments


def closed_gaps(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame | None:
    """The frame of that name."""
    mine = _sequence(context, order)
    if mine is None:
        return None
    customer, day = mine.customer[mine.later], mine.day[mine.later]
    table = {
        "customer_id": pl.Series(customer.astype(np.uint32)),
        "day": dates(day, where=np.ones(len(day), np.bool_)),
        "days": pl.Series(day - mine.previous[mine.later]),
    }
    return context.backend.scan(
        pl.DataFrame(table | mine.segments.named(mine.segments.of(customer)))
    )


def open_gaps(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame | None:
    """The frame of that name, added up by slot, day of beginning and segment."""
    mine = _sequence(context, order)
    if mine is None:
        return None
    timeline, count = context.timeline, mine.segments.count
    lowest = int(mine.day.min())
    length = int(mine.day.max()) - lowest + 1
    size = (len(timeline.bounds) + 1) * length * count
    if size > _MOST_PLACES or number(timeline.first_day) > lowest:
        return None
    slots = np.searchsorted([*map(number, timeline.bounds)], lowest + np.arange(length), "right")
    segment = mine.segments.of(mine.customer)
    first = slots[mine.day - lowest] * length
    begun = (first + mine.day - lowest) * count + segment
    closed = ((first + mine.previous - lowest) * count + segment)[mine.later]
    change = np.bincount(begun, minlength=size) - np.bincount(closed, minlength=size)
    there = np.flatnonzero(change)
    place, which = np.divmod(there, count)
    table = {
        "slot": pl.Series((place // length).astype(np.int32)),
        "since": pl.Series(place % length + lowest + EPOCH),
        "change": pl.Series(change[there]),
    }
    return context.backend.scan(pl.DataFrame(table | mine.segments.named(which)))


def _sequence(context: FrameContext, order: OrderRule) -> _Sequence | None:
    """The orders; None where customers are no numbers, or rows have segments of their own."""
    if context.tables.own_segment_columns("transactions"):
        return None
    segments = customer_segments(context, "transactions")
    table = context.backend.in_memory(context.frame(order_sequence, order=order))
    if table is None or segments is None or table["customer_id"].dtype != pl.UInt32:
        return None
    if not table.height or table["day"].null_count():
        return None
    previous = table["previous"].cast(pl.Int64)
    return _Sequence(
        table["customer_id"].cast(pl.Int64).to_numpy(),
        table["day"].cast(pl.Int64).to_numpy(),
        previous.fill_null(0).to_numpy(),
        previous.is_not_null().to_numpy(),
        segments,
    )
