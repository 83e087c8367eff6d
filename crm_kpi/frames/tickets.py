"""Tickets: created, open, answered and solved.

With a schedule, seconds are those in which the business is open.
"""

from __future__ import annotations

from datetime import date

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.business_hours import Schedule, with_elapsed_seconds
from crm_kpi.frames.context import FrameContext, rows_in_periods
from crm_kpi.tables import day

NEVER = date.max
KEYS = ("customer_id", "category")


def created_tickets(context: FrameContext) -> nw.LazyFrame:
    """Tickets by the day they were created, and whether they are solved by now.

    Grain: one row per ticket and period of its creation.

    Columns:
        period   int
        solved   int, 1 when solved by the last known day, else 0
        dated    int, 1 when the file has a column that says so, else 0

    Source: tickets.
    """
    rows = context.frame(rows_in_periods, table="tickets", at=day("created_at"))
    none, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    if not context.has("tickets", "solved_at"):
        return rows.select("period", *context.by, solved=none, dated=none)
    solved = nw.col(day("solved_at")) < context.timeline.first_unknown_day
    return rows.select(
        "period", *context.by, solved=nw.when(solved).then(one).otherwise(none), dated=one
    )


def open_tickets(context: FrameContext) -> nw.LazyFrame:
    """The tickets that are open at each period's end, with their age.

    Grain: one row per ticket and period at whose end it is open.

    Columns:
        period   int
        age      int, seconds from created_at to the period's end

    Source: tickets.
    """
    solved_on = nw.col(day("solved_at"))
    tickets = context.tables.filtered["tickets"].select(
        "created_at",
        *context.by,
        created_on=nw.col(day("created_at")),
        # Who is not solved is open until the last known day: one comparison below, no null,
        # which lets an engine join by range and not pair every ticket with every period.
        open_until=nw.when(~solved_on.is_null())
        .then(solved_on)
        .otherwise(context.timeline.first_unknown_day),
    )
    until = nw.col("until")
    pairs = tickets.join(context.timeline.period_ends, how="cross").filter(
        nw.col("created_on") < until, nw.col("open_until") >= until
    )
    age = context.backend.seconds_between(nw.col("created_at"), nw.col("ends"))
    return context.backend.materialize(pairs.select("period", *context.by, age=age))


def ticket_changes(context: FrameContext) -> nw.LazyFrame:
    """Open tickets as a running total.

    Grain: one row per ticket created and per ticket solved.

    Columns:
        day       date on which it was created or last solved
        change    int, +1 or -1
        created   int, 1 for a ticket created, else 0

    Source: tickets.
    """
    tickets = context.tables.filtered["tickets"]
    one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    created = tickets.select(*context.by, day=nw.col(day("created_at")), change=one, created=one)
    solved_on = nw.col(day("solved_at"))
    solved = tickets.filter(~solved_on.is_null()).select(
        *context.by, day=solved_on, change=-one, created=none
    )
    return nw.concat([created, solved])


def ticket_waits(
    context: FrameContext, *, event: str, schedule: Schedule | None, columns: tuple[str, ...]
) -> nw.LazyFrame:
    """Tickets by the day they were created, with how long they waited for one event.

    Grain: one row per ticket and period of its creation.

    Columns:
        period    int
        seconds   int, from created_at to `event`; null while it has not happened
        waited    int, seconds from created_at to the last known instant
        and the `columns` asked for

    Source: tickets.
    """
    rows = context.frame(rows_in_periods, table="tickets", at=day("created_at"))
    rows = with_elapsed_seconds(
        rows.with_columns(now=nw.lit(context.timeline.now, nw.Datetime("us"))),
        context,
        schedule,
        seconds=("created_at", event),
        waited=("created_at", "now"),
    )
    happened = nw.col(day(event)) < context.timeline.first_unknown_day
    return context.backend.materialize(
        rows.select(
            "period",
            *context.by,
            *columns,
            seconds=nw.when(happened).then(nw.col("seconds")),
            waited=nw.col("waited"),
        )
    )


def ticket_waits_and_targets(
    context: FrameContext,
    *,
    event: str,
    schedule: Schedule | None,
    targets: tuple[tuple[str, int], ...],
    rest: int | None,
) -> nw.LazyFrame:
    """Tickets by the day they were created, with how long they waited and how long they may.

    The target goes by priority: `targets` by its name in small letters, `rest` for every other one
    and the blank one.

    Grain: one row per ticket and period of its creation.

    Columns:
        period    int
        seconds   int, as in `ticket_waits`
        so_far    int, the same; of who is still waiting, to the last known instant
        target    int, seconds; null for none

    Source: tickets.
    """
    columns = ("priority",) if targets else ()
    rows = context.frame(ticket_waits, event=event, schedule=schedule, columns=columns)
    target: nw.Expr = nw.lit(rest, nw.Int64)
    for priority, seconds in targets:
        named = nw.col("priority").str.to_lowercase() == priority
        target = nw.when(named).then(nw.lit(seconds).cast(nw.Int64)).otherwise(target)
    took = nw.col("seconds")
    so_far = nw.when(took.is_null()).then(nw.col("waited")).otherwise(took)
    return rows.with_columns(so_far=so_far, target=target)


def ticket_ages(context: FrameContext, *, schedule: Schedule | None) -> nw.LazyFrame:
    """Tickets by the day they were created, with how long they lived, as known at the period's end.

    Grain: one row per ticket and period of its creation.

    Columns:
        period    int
        seconds   int, from created_at to solved_at, or, of a ticket that is still open, to the
                  period's end
        ended     bool, whether it was solved by then

    Source: tickets.
    """
    solved_on, ended = nw.col(day("solved_at")), nw.col("ended")
    rows = (
        context.frame(rows_in_periods, table="tickets", at=day("created_at"))
        .with_columns(ended=~solved_on.is_null() & (solved_on < nw.col("until")))
        .select("period", *context.by, "created_at", "solved_at", "ended")
        .join(context.timeline.period_ends.select("period", "ends"), on="period", how="inner")
        .with_columns(left=nw.when(ended).then(nw.col("solved_at")).otherwise(nw.col("ends")))
    )
    rows = with_elapsed_seconds(rows, context, schedule, seconds=("created_at", "left"))
    return context.backend.materialize(rows.select("period", *context.by, "seconds", "ended"))


def resolution_times(context: FrameContext, *, schedule: Schedule | None) -> nw.LazyFrame:
    """Tickets by the day they were last solved, with the time that it took.

    Grain: one row per ticket and period of its last solution.

    Columns:
        period    int
        seconds   int, from created_at to solved_at
        first     int, seconds from created_at to first_solved_at; null where the file has none

    Source: tickets.
    """
    rows = context.frame(rows_in_periods, table="tickets", at=day("solved_at"))
    spans = {"seconds": ("created_at", "solved_at")}
    if context.has("tickets", "first_solved_at"):
        spans["first"] = ("created_at", "first_solved_at")
    else:
        rows = rows.with_columns(first=nw.lit(None, nw.Int64))
    rows = with_elapsed_seconds(rows, context, schedule, **spans)
    return context.backend.materialize(rows.select("period", *context.by, "seconds", "first"))


def follow_ups(context: FrameContext, *, days: int) -> nw.LazyFrame:
    """Tickets by the day they were last solved, and whether the customer had to ask again.

    Blank categories are one category; without a category column all are. A ticket without a
    customer has no follow-up. Whatever `--where` leaves out is looked through too: who asks again
    through another channel asks again.

    Grain: one row per ticket and period of its last solution.

    Columns:
        agent_replies, reopens   int, as in the table
        came_back   bool, a new ticket of the same customer and category was created after this one
                    was solved, at most `days` days later
        pending     bool, those days are not over yet

    Source: tickets.
    """
    has_category = context.has("tickets", "category")
    category = nw.col("category").fill_null("") if has_category else nw.lit("")
    solved_on = nw.col(day("solved_at"))
    solved = context.frame(rows_in_periods, table="tickets", at=day("solved_at")).select(
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
    created = context.tables.unfiltered["tickets"].select(
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
    return context.backend.materialize(
        nw.concat([solved, created])
        .with_columns(following=following)
        .filter(~nw.col("period").is_null())
        .select(
            "period",
            "agent_replies",
            "reopens",
            *context.by,
            came_back=~nw.col("customer_id").is_null() & (nw.col("following") <= last),
            pending=last >= context.timeline.first_unfinished_day,
        )
    )
