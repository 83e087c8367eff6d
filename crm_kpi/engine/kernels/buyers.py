"""Who came, stayed and went, and what was spent so far: a cell and its neighbours.

The frames hold rows to be added up; here they are added up already.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import LARGEST, Whole, column, decimals
from crm_kpi.engine.kernels.cells import Cells, CustomerSegments, cells, customer_segments
from crm_kpi.engine.kernels.groups import Groups, beginnings
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule
from crm_kpi.frames.repeat_purchases import FLAGS


def first_purchase_slots(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame | None:
    """The frame of that name."""
    found = cells(context, order)
    if found is None or not found[1].height:
        return None
    mine, _ = found
    starts = beginnings(mine.customer)
    never = int(mine.slot.max()) + 1
    ordered = np.minimum.reduceat(np.where(mine.orders > 0, mine.slot, never), starts)
    slots = pl.Series(ordered.astype(np.int32))
    table = {
        "customer_id": mine.customer[starts].astype(np.uint32),
        "slot": mine.slot[starts].astype(np.int32),
        "ordered": pl.select(pl.when(slots < never).then(slots)).to_series(),
    }
    return context.backend.scan(pl.DataFrame(table))


def spending_to_date(context: FrameContext) -> nw.LazyFrame | None:
    """The frame of that name, by slot and segment."""
    found = cells(context, OrderRule())
    segments = customer_segments(context, "transactions")
    if found is None or segments is None or not found[1].height:
        return None
    mine, rows = found
    net = column(rows["gross"] + rows["refunds"])
    if net is None or net.scale is None:
        return None
    if int(np.abs(net.numbers).max()) * rows.height >= LARGEST:
        return None
    grid = _Grid(mine, segments, context)
    customers = grid.counts(beginnings(mine.customer)).ravel()
    amount = np.array(Groups(grid.of, {}, grid.size).sums(net.numbers), np.int64)
    there = np.flatnonzero(grid.counts())
    table = {
        "slot": (there // segments.count).astype(np.int32),
        "amount": decimals(amount[there], net.scale),
        "customers": customers[there],
    }
    return context.backend.scan(
        pl.DataFrame(table | segments.named(there % segments.count)).select(
            *segments.columns, *table
        )
    )


def buyers_vs_previous_period(context: FrameContext) -> nw.LazyFrame | None:
    """The frame of that name, by period and segment; None where a period is no slot, or does not
    follow the one before at once."""
    periods = _periods(context)
    found = cells(context, OrderRule())
    segments = customer_segments(context, "transactions")
    if periods is None or found is None or segments is None or not found[1].height:
        return None
    mine, _ = found
    bought = mine.orders > 0
    bought = mine.orders > 0
    grid = _Grid(mine.select(bought), segments, context)
    first = beginnings(grid.cells.customer)
    kept = grid.cells.slot[1:] == grid.cells.slot[:-1] + 1
    kept &= grid.cells.customer[1:] == grid.cells.customer[:-1]
    there, new, stayed = grid.counts(), grid.counts(first), grid.counts(np.flatnonzero(kept) + 1)
    nobody = np.zeros(segments.count, np.int64)
    rows = []
    for period, slot, before in periods:
        start = nobody if before is None else there[before]
        both = nobody if slot is None or before is None else stayed[slot]
        end, fresh = (nobody, nobody) if slot is None else (there[slot], new[slot])
        numbers = zip(start, end, start - both, fresh, end - fresh - both, strict=True)
        rows += [(period, i, *row) for i, row in enumerate(numbers) if row[0] or row[1]]
    table = pl.DataFrame(rows, schema=_ROWS, orient="row")
    names = segments.named(table["segment"].to_numpy())
    return context.backend.scan(table.drop("segment").with_columns(**names))


_ROWS = {"period": pl.Int32, "segment": pl.Int64} | dict.fromkeys(FLAGS, pl.Int64)


class _Grid:
    """Cells by slot and segment.

    of: the place of each, slot by slot.
    """

    def __init__(self, mine: Cells, segments: CustomerSegments, context: FrameContext) -> None:
        self.cells = mine
        self._shape = (len(context.timeline.bounds) + 1, segments.count)
        self.size = self._shape[0] * self._shape[1]
        self.of = mine.slot * segments.count + segments.of(mine.customer)

    def counts(self, which: Whole | None = None) -> Whole:
        """How many cells there are, or of some of them."""
        places = self.of if which is None else self.of[which]
        return np.bincount(places, minlength=self.size).reshape(self._shape)


def _periods(context: FrameContext) -> list[tuple[int, int | None, int | None]] | None:
    """Each period, its slot and that of the period before, which ends where it begins; None for
    one that has none, and altogether where one has several."""
    timeline = context.timeline
    found = []
    for i, period in enumerate(timeline.calendar.periods):
        before, start, until = map(timeline.slot, (period.before, period.start, period.until))
        if until > start + 1 or start > before + 1:
            return None
        found.append((i, start if until > start else None, before if start > before else None))
    return found
