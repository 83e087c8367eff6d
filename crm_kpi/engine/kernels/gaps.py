"""Gaps between the orders of a customer, from orders that follow one another."""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import BITS, Whole, bits
from crm_kpi.engine.kernels.cells import customer_segments
from crm_kpi.engine.kernels.groups import beginnings
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule
from crm_kpi.frames.repeat_purchases import order_sequence

_EPOCH = date(1970, 1, 1).toordinal()


def open_gaps(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame | None:
    """The frame of that name, added up by day, day of beginning and segment."""
    if context.tables.own_segment_columns("transactions"):
        return None
    table = context.backend.in_memory(context.frame(order_sequence, order=order))
    segments = customer_segments(context, "transactions")
    if table is None or segments is None or table["customer_id"].dtype != pl.UInt32:
        return None
    if not table.height or table["day"].null_count():
        return None
    segment = segments.of(table["customer_id"].cast(pl.Int64).to_numpy())
    day = table["day"].cast(pl.Int64).to_numpy()
    later = table["previous"].is_not_null().to_numpy()
    previous = table["previous"].cast(pl.Int64).fill_null(0).to_numpy()[later]
    lowest, highest = int(min(day.min(), previous.min(initial=0))), int(day.max())
    width = bits(highest - lowest)
    if 2 * width + bits(segments.count) > BITS:
        return None

    def packed(day: Whole, since: Whole, segment: Whole) -> Whole:
        return ((day - lowest << width) | since - lowest) * segments.count + segment

    begun, closed = packed(day, day, segment), packed(day[later], previous, segment[later])
    keys, counts = _counted(np.concatenate([begun, closed]), len(begun))
    when, place = np.divmod(keys, segments.count)
    found = {
        "day": pl.Series(((when >> width) + lowest).astype(np.int32)).cast(pl.Date),
        "since": (when & ((1 << width) - 1)) + lowest + _EPOCH,
        "change": counts,
    }
    return context.backend.scan(pl.DataFrame(found | segments.named(place)))


def _counted(keys: Whole, begun: int) -> tuple[Whole, Whole]:
    """Each key, and how many of the first ones have it less how many of the others."""
    signed = keys << 1
    signed[begun:] |= 1
    signed.sort()
    starts = beginnings(signed >> 1)
    change = 1 - 2 * (signed & 1)
    return signed[starts] >> 1, np.add.reduceat(change, starts)
