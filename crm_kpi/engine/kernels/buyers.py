"""Who came, stayed and went, and what was spent so far: a cell and its neighbours.

The frames hold rows to be added up; here they are added up already.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import LARGEST, Flags, Whole, column, decimals
from crm_kpi.engine.kernels.groups import Groups, beginnings
from crm_kpi.engine.kernels.purchase_cells import (
    CustomerSegments,
    PurchaseCells,
    cells,
    customer_segments,
)
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
    """The frame of that name, by period and segment."""
    found = cells(context, OrderRule())
    segments = customer_segments(context, "transactions")
    if found is None or segments is None or not found[1].height:
        return None
    mine, _ = found
    bought = mine.orders > 0
    presence = _Presence(mine.select(bought), segments, context)
    rows = []
    for i, period in enumerate(context.timeline.calendar.periods):
        before, start, until = map(
            context.timeline.slot, (period.before, period.start, period.until)
        )
        numbers = presence.between(before, start, max(until, start))
        rows += [(i, segment, *row) for segment, row in enumerate(numbers) if row[0] or row[1]]
    table = pl.DataFrame(rows, schema=_ROWS, orient="row")
    names = segments.named(table["segment"].to_numpy())
    return context.backend.scan(table.drop("segment").with_columns(**names))


_ROWS = {"period": pl.Int32, "segment": pl.Int64} | dict.fromkeys(FLAGS, pl.Int64)


class _Grid:
    """PurchaseCells by slot and segment.

    of: the place of each, slot by slot.
    """

    def __init__(
        self, mine: PurchaseCells, segments: CustomerSegments, context: FrameContext
    ) -> None:
        self._shape = (len(context.timeline.bounds) + 1, segments.count)
        self.size = self._shape[0] * self._shape[1]
        self.of = mine.slot * segments.count + segments.of(mine.customer)

    def counts(self, which: Whole | None = None) -> Whole:
        """How many cells there are, or of some of them."""
        places = self.of if which is None else self.of[which]
        return np.bincount(places, minlength=self.size).reshape(self._shape)


class _Presence:
    """Who bought in the slots of a period, and in those of the period before."""

    def __init__(
        self, mine: PurchaseCells, segments: CustomerSegments, context: FrameContext
    ) -> None:
        self._cells, self._segments = mine, segments
        self._grid = _Grid(mine, segments, context)
        self._firsts = beginnings(mine.customer)
        again = mine.slot[1:] == mine.slot[:-1] + 1
        again &= mine.customer[1:] == mine.customer[:-1]
        self._there, self._new = self._grid.counts(), self._grid.counts(self._firsts)
        self._kept = self._grid.counts(np.flatnonzero(again) + 1)

    def between(self, before: int, start: int, until: int) -> list[tuple[int, ...]]:
        """The flags' sums by segment, for a period from one slot to another."""
        if start == before + 1 and until == start + 1:  # most often: what is counted already
            was, now = self._there[before], self._there[start]
            new, kept = self._new[start], self._kept[start]
        else:
            here, there = self._places(before, start), self._places(start, until)
            customer = self._cells.customer
            both = np.intersect1d(customer[here], customer[there], assume_unique=True)
            new = self._counted(self._firsts[self._within(self._firsts, start, until)])
            was, now = self._counted(here), self._counted(there)
            kept = np.bincount(self._segments.of(both), minlength=self._segments.count)
        columns = (was, now, was - kept, new, now - new - kept)
        return [*zip(*(each.tolist() for each in columns), strict=True)]

    def _within(self, places: Whole, start: int, until: int) -> Flags:
        slot = self._cells.slot[places]
        return (slot >= start) & (slot < until)

    def _places(self, start: int, until: int) -> Whole:
        """One cell of each customer with some in these slots."""
        slot = self._cells.slot
        found = np.flatnonzero((slot >= start) & (slot < until))
        return found[beginnings(self._cells.customer[found])]

    def _counted(self, places: Whole) -> Whole:
        segments = self._segments.of(self._cells.customer[places])
        return np.bincount(segments, minlength=self._segments.count)
