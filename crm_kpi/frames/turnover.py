"""Buyers of a period against buyers of the period before, as numbers to be added up.

Rows of customers and periods, with

    start      1: bought in the period before
    end        1: bought in this one
    lost       1 at the start, taken back where the end is reached too
    new        1 at the end, if the first purchase ever lies inside
    returned   1 at the end otherwise, taken back where they were there at the start
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context

FLAGS = ("start", "end", "lost", "new", "returned")


def build(context: Context) -> nw.LazyFrame:
    keys = ["customer_id", "period", *context.their_by("transactions")]
    now = context.frame("buyers", order=None).select(keys)
    bought = context.frame("bought", order=None).filter(
        nw.col("orders") > 0, ~nw.col("customer_id").is_null()
    )
    before = bought.join(context.slots_before, on="slot", how="inner").select(keys)
    if context.own_by("transactions") or not context.slots_before_are_single:
        before = before.unique(keys[:2])
    both = now.join(before.select(keys[:2]), on=keys[:2], how="inner")
    begins = context.slots_of_periods.group_by("period").agg(begins=nw.col("slot").min())
    first = context.frame("firsts", order=None).select("customer_id", "ordered")
    ends = now.join(first, on="customer_id", how="inner").join(begins, on="period", how="inner")
    fresh = (nw.col("ordered") >= nw.col("begins")).cast(nw.Int8)
    changes = [
        _with(ends, keys, end=1, new=fresh, returned=1 - fresh),
        _with(before, keys, start=1, lost=1),
        _with(both, keys, lost=-1, returned=-1),
    ]
    return buyer_segments.attach_own(nw.concat(changes), context, order=None)


def _with(rows: nw.LazyFrame, keys: list[str], **flags: nw.Expr | int) -> nw.LazyFrame:
    """The keys with these flags; the others are 0."""
    found = dict.fromkeys(FLAGS, 0) | flags
    return rows.select(
        *keys,
        **{
            # Of one byte each, as the rows are many; their sums are as long as any.
            name: (nw.lit(flag) if isinstance(flag, int) else flag).cast(nw.Int8)
            for name, flag in found.items()
        },
    )
