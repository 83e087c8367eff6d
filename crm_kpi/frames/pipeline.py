"""Open deals as a stock: one row per deal and change, with day and what it adds or takes away.

deals (+1 or -1), amount, and of the deals without an amount and with an
expected close the number: unpriced, dated. With `overdue` only while the
expected day of closing has passed and the deal is still open.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, overdue: bool) -> nw.LazyFrame:
    deals = context.frame("deals")
    begins, ends = nw.col("opened"), nw.col("closed")
    if overdue:
        # A deal that closes before it is overdue comes and goes on the same day.
        begins = nw.max_horizontal("opened", "expected")
        ends = nw.when(~ends.is_null()).then(nw.max_horizontal("closed", "opened", "expected"))
        deals = deals.filter(~nw.col("expected").is_null())
    one = nw.lit(1).cast(nw.Int64)
    changes = {
        "deals": one,
        "amount": nw.col("amount").fill_null(0),
        "unpriced": nw.col("amount").is_null().cast(nw.Int64),
        "dated": (~nw.col("expected").is_null()).cast(nw.Int64),
    }
    entered = deals.select(*context.by, day=begins, **changes)
    left = deals.select(*context.by, day=ends, **{name: -each for name, each in changes.items()})
    return nw.concat([entered, left.filter(~nw.col("day").is_null())])
