"""What customers pay at the ends of windows: the first and the last change inside."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import LARGEST, Flags, Whole, column, decimals, number
from crm_kpi.engine.kernels.groups import beginnings
from crm_kpi.engine.kernels.purchase_cells import customer_segments
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.recurring_revenue import SCALE, months_before, mrr_changes


@dataclass(frozen=True)
class _Levels:
    """Changes, customer by customer, day by day, with what was paid before and after, unscaled.

    lapsed: after which nothing is paid until another month has begun, and something later.
    """

    customer: Whole
    day: Whole
    was: Whole
    now: Whole
    lapsed: Flags
    scale: int


def mrr_windows(context: FrameContext, *, months: int | None) -> nw.LazyFrame | None:
    """The frame of that name; None where customers are no numbers, or subscriptions have segments
    of their own."""
    segments = customer_segments(context, "subscriptions")
    levels = _levels(context)
    if segments is None or levels is None or levels.day.min() < number(context.timeline.first_day):
        return None
    parts = []
    for i, period in enumerate(context.timeline.calendar.periods):
        begins = period.start if months is None else months_before(period.until, months)
        inside = (levels.day >= number(begins)) & (levels.day < number(period.until))
        here = np.flatnonzero(inside)
        if not period.begun or not len(here):
            continue
        starts = beginnings(levels.customer[here])
        ends = np.append(starts[1:], len(here)) - 1
        parts.append(
            (
                levels.customer[here[starts]],
                np.full(len(starts), i),
                levels.was[here[starts]],
                levels.now[here[ends]],
                np.logical_or.reduceat(levels.lapsed[here], starts),
            )
        )
    if not parts:
        return None
    customer, period_, start, end, lapsed = map(np.concatenate, zip(*parts, strict=True))
    table = {
        "customer_id": pl.Series(customer.astype(np.uint32)),
        "period": pl.Series(period_.astype(np.int32)),
        "start": decimals(start, levels.scale) * Decimal(SCALE),
        "end": decimals(end, levels.scale) * Decimal(SCALE),
        "lapsed": pl.Series(lapsed.astype(np.int8)),
    }
    return context.backend.scan(pl.DataFrame(table | segments.named(segments.of(customer))))


def _levels(context: FrameContext) -> _Levels | None:
    if context.tables.own_segment_columns("subscriptions"):
        return None
    rows = context.frame(mrr_changes).select("customer_id", "day", "yearly", "running")
    table = context.backend.in_memory(rows)
    if table is None or table["customer_id"].dtype != pl.UInt32 or not table.height:
        return None
    if any(each.null_count() for each in table):
        return None
    # As whole numbers of 64 bits, which scaled ones are too large for; most are whole years' sums.
    scaled, by = table["yearly"].to_physical(), pl.lit(SCALE, pl.Int128)
    if pl.select(scaled % by != 0).to_series().any():
        return None
    yearly = column(pl.select((scaled // by).cast(pl.Int64, strict=False)).to_series())
    if yearly is None or yearly.valid is not None:
        return None
    if int(np.abs(yearly.numbers).max()) * table.height >= LARGEST:
        return None
    customer = table["customer_id"].cast(pl.Int64).to_numpy()
    day = table["day"].cast(pl.Int64).to_numpy()
    order = np.lexsort((day, customer))
    customer, day, change = customer[order], day[order], yearly.numbers[order]
    starts = beginnings(customer)
    now = _running(change, starts)
    paid = _running(table["running"].cast(pl.Int64).to_numpy()[order], starts)
    next_month = day.astype("M8[D]").astype("M8[M]") + np.timedelta64(1, "M")
    lapsed = np.zeros(len(day), np.bool_)
    lapsed[:-1] = (paid[:-1] == 0) & (day[1:] >= next_month.astype("M8[D]").astype(np.int64)[:-1])
    lapsed[starts[1:] - 1] = False  # nothing comes after a customer's last
    scale = table["yearly"].dtype.scale
    return _Levels(customer, day, now - change, now, lapsed, scale)


def _running(changes: Whole, starts: Whole) -> Whole:
    """The sums up to each change of a customer."""
    total = np.cumsum(changes)
    before = (total - changes)[starts]
    return total - np.repeat(before, np.diff(starts, append=len(changes)))
