"""What each customer did in a period: one row per customer and period with a change.

Flags (0 or 1), for a customer who is or is not there at the start and the end:

    lost            there at the start, not at the end
    new             there at the end, not at the start, first signup ever inside
    returned        there at the end, not at the start, signed up before
    joined_and_left at neither end, but joined inside
    first           first signup ever inside, whether still there at the end or not

and `events`, how many spans ended inside (a customer can leave twice).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, basis: str, window: int | None = None) -> nw.LazyFrame:
    spans = context.frame("spans", basis=basis, window=window)
    there_at_start = (nw.col("signup") < nw.col("start")).cast(nw.Int64)
    there_at_end = (nw.col("churn").is_null() | (nw.col("churn") >= nw.col("until"))).cast(nw.Int64)
    keys = ["customer_id", "period", "start", "first", *context.by]
    zero, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    left = spans.join(context.days, left_on="churn", right_on="day", how="inner").select(
        *keys, s=there_at_start, e=zero, loss=one, join=zero
    )
    joined = spans.join(context.days, left_on="signup", right_on="day", how="inner").select(
        *keys, s=zero, e=there_at_end, loss=zero, join=one
    )
    changes = nw.concat([left, joined])
    per_customer = changes.group_by("customer_id", "period").agg(
        *(nw.col(name).max() for name in ("s", "e", "join", "start", "first", *context.by)),
        events=nw.col("loss").sum(),
    )
    s, e = nw.col("s") == 1, nw.col("e") == 1
    inside = nw.col("first") >= nw.col("start")
    return context.keep(
        per_customer.select(
            "customer_id",
            "period",
            *context.by,
            "events",
            lost=(s & ~e).cast(nw.Int64),
            new=(e & ~s & inside).cast(nw.Int64),
            returned=(e & ~s & ~inside).cast(nw.Int64),
            first=(inside & (nw.col("join") == 1)).cast(nw.Int64),
            joined_and_left=(~s & ~e & (nw.col("join") == 1)).cast(nw.Int64),
        )
    )
