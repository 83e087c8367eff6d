"""Tickets by the day they were last solved, and whether the customer had to ask again.

    came_back   a new ticket of the same customer and category was created after
                this one was solved, at most `days` days later
    pending     those days are not over yet

Blank categories are one category; without a category column all are. A ticket
without a customer has no follow-up. Whatever `--where` leaves out is looked
through too: who asks again through another channel asks again.
"""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day

NEVER = date.max
KEYS = ("customer_id", "category")


def build(context: Context, *, days: int) -> nw.LazyFrame:
    has_category = context.has("tickets", "category")
    category = nw.col("category").fill_null("") if has_category else nw.lit("")
    solved_on = nw.col(day("solved_at"))
    solved = context.frame("rows", table="tickets", at=day("solved_at")).select(
        "customer_id",
        "period",
        "agent_replies",
        "reopens",
        *context.by,
        category=category,
        at=nw.col("solved_at"),
        solved_on=solved_on,
        created_on=nw.lit(NEVER),
        # Of events at one moment, the new ticket comes first: it was not made after the other.
        place=nw.lit(1).cast(nw.Int64),
    )
    created = context.whole["tickets"].select(
        "customer_id",
        period=nw.lit(None, nw.Int32),
        agent_replies=nw.lit(None, nw.Int64),
        reopens=nw.lit(None, nw.Int64),
        **{name: nw.lit(None, nw.String) for name in context.by},
        category=category,
        at=nw.col("created_at"),
        solved_on=nw.lit(None, nw.Date),
        created_on=nw.col(day("created_at")),
        place=nw.lit(0).cast(nw.Int64),
    )
    following = nw.col("created_on").cum_min(reverse=True).over(*KEYS, order_by=["at", "place"])
    last = nw.col("solved_on").dt.offset_by(f"{days}d")
    return context.keep(
        nw.concat([solved, created])
        .with_columns(following=following)
        .filter(~nw.col("period").is_null())
        .select(
            "period",
            "agent_replies",
            "reopens",
            *context.by,
            came_back=~nw.col("customer_id").is_null() & (nw.col("following") <= last),
            pending=last >= context.known,
        )
    )
