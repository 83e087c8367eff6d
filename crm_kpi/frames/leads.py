"""Leads: created, contacted and converted."""

from __future__ import annotations

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext, rows_in_periods
from crm_kpi.frames.orders import first_purchase_values
from crm_kpi.frames.timeline import ordinal
from crm_kpi.periods import DAY
from crm_kpi.tables import day


def lead_conversions(context: FrameContext) -> nw.LazyFrame:
    """Leads and the day each became a customer, as known at `as_of`.

    A date after `as_of` has not come yet, whatever the flag says.

    Grain: one row per lead.

    Columns:
        created      date
        conversion   date; null while a lead is none. Where `converted` says yes and no date is
                     given, the day of `as_of`, the first on which it is known for sure
        dated        int, 1 where the date is given, else 0
        told         int, 0 when the file says nowhere who converted, else 1

    Source: leads.
    """
    has_date, has_flag = (context.has("leads", c) for c in ("converted_at", "converted"))
    dated = nw.col(day("converted_at")) if has_date else nw.lit(None, nw.Date)
    conversion: nw.Expr = nw.when(dated < context.timeline.first_unknown_day).then(dated)
    if has_flag:
        only_said = dated.is_null() & nw.col("converted")
        today = nw.lit(context.timeline.first_unknown_day - DAY, nw.Date)
        conversion = nw.when(only_said).then(today).otherwise(conversion)
    return context.backend.materialize(
        context.tables.filtered["leads"].select(
            *context.by,
            created=nw.col(day("created_at")),
            conversion=conversion,
            dated=(~dated.is_null()).cast(nw.Int64),
            told=nw.lit(int(has_date or has_flag)).cast(nw.Int64),
        )
    )


def slow_conversion(context: FrameContext) -> nw.LazyFrame:
    """How long it takes to convert a lead: the 90th percentile of all leads of the file.

    Grain: one row.

    Columns:
        slow   int, tenths of days between creation and conversion, by linear interpolation; null
               where no conversion has a date

    Source: leads.
    """
    if not context.has("leads", "converted_at"):
        return context.backend.from_columns({"slow": [None]}, {"slow": nw.Int64})
    became = nw.col(day("converted_at"))
    days = ordinal(became) - ordinal(nw.col(day("created_at")))
    rows = (
        context.tables.unfiltered["leads"]
        .filter(became < context.timeline.first_unknown_day)
        .select(days=days)
    )
    value, n = nw.col("days"), nw.col("n")
    place = (n - 1) * 9 // 10 + 1
    ranked = rows.with_columns(
        rank=value.rank("ordinal").cast(nw.Int64), n=value.count().cast(nw.Int64)
    )
    found = ranked.select(
        n=n.max(),
        below=nw.when(nw.col("rank") == place).then(value).max(),
        above=nw.when(nw.col("rank") == place + 1).then(value).max(),
    )
    below = nw.col("below")
    way = nw.col("above").fill_null(0) - below
    share = (n - 1) * 9 % 10
    return context.backend.materialize(
        found.select(slow=10 * below + nw.when(share > 0).then(share * way).otherwise(0))
    )


def lead_cohorts(context: FrameContext, *, window: str | None, aging: bool) -> nw.LazyFrame:
    """Leads in the periods in which they were created, and whether they converted in time.

    `window` is an offset such as 30d or 3mo; its last day is inside. Without one, and with `aging`,
    those are pending that are younger than `slow_conversion`.

    Grain: one row per lead and period of its creation.

    Columns, as known at `as_of`:
        period      int
        converted   int, 1 within `window` of the day of creation; without one, at any time
        pending     int, 1 when not converted, and the window is still open
        untold      int, 1 when converted, but without a date, and the window has passed: in time or
                    late
        told        int, 1 when the file says at all who converted
        young, slow int, with `aging`: 1 when younger than `slow_conversion`; and that

    Source: leads.
    """
    rows = context.frame(lead_conversions).join(
        context.timeline.days, left_on="created", right_on="day", how="inner"
    )
    conversion = nw.col("conversion")
    done = ~conversion.is_null()
    open_ = late = untold = nw.lit(value=False)
    beside: dict[str, nw.Expr] = {}
    if aging:
        rows = rows.join(context.frame(slow_conversion), how="cross")
        age = context.timeline.first_unknown_day.toordinal() - 1 - ordinal(nw.col("created"))
        open_ = (age * 10 < nw.col("slow")).fill_null(value=False)
        beside = {"young": open_.cast(nw.Int64), "slow": nw.col("slow").fill_null(0)}
    if window is not None:
        last = nw.col("created").dt.offset_by(window)
        open_ = last >= context.timeline.first_unfinished_day
        late = done & (conversion > last)
        untold = late & (nw.col("dated") == 0)
    return context.backend.materialize(
        rows.select(
            "period",
            "told",
            *context.by,
            converted=(done & ~late).cast(nw.Int64),
            pending=(~done & open_).cast(nw.Int64),
            untold=untold.cast(nw.Int64),
            **beside,
        )
    )


def converted_leads(context: FrameContext) -> nw.LazyFrame:
    """Leads in the periods in which they became customers, whenever they were created.

    Grain: one row per lead and period of its conversion.

    Columns:
        period   int

    Source: leads.
    """
    return (
        context.frame(lead_conversions)
        .join(context.timeline.days, left_on="conversion", right_on="day", how="inner")
        .select("period", *context.by)
    )


OPEN, CONVERTED, UNDATED = 0, 1, 2
"""What has become of a lead by a period's end."""


def lead_ages(context: FrameContext, *, history: int) -> nw.LazyFrame:
    """Leads as each period's end knows them, at the ages at which they were seen in the last
    `history` days of it; those that had converted before are left out.

    Grain: one row per period, outcome and ages, and what first purchases were worth by then.

    Columns:
        period         int
        outcome        int: OPEN; CONVERTED in these days; UNDATED by now, nobody knows when
        entered        int, days since creation when these days began; 0 for a lead created in them
        age            int, days since creation at the period's end, or at the conversion
        leads          int
        first_value    money, what first purchases were worth by then; null where there is none
        first_buyers   int, whose these are; null likewise

    Source: leads, transactions.
    """
    created, conversion, until = (nw.col(name) for name in ("created", "conversion", "until"))
    by_day = (
        context.frame(lead_conversions)
        .with_columns(undated=~conversion.is_null() & (nw.col("dated") == 0))
        .group_by(*context.by, "created", "conversion", "undated")
        .agg(leads=nw.len().cast(nw.Int64))
    )
    seen = (
        context.backend.materialize(by_day)
        .join(context.timeline.periods, how="cross")
        .filter(created < until)
    )
    end, born = ordinal(until), ordinal(created)
    last = nw.when(conversion < until).then(ordinal(conversion)).otherwise(end - 1)
    outcome = nw.when(conversion < until).then(CONVERTED).otherwise(OPEN)
    before = end - history - born
    ages = seen.select(
        *context.by,
        "period",
        "leads",
        outcome=nw.when(nw.col("undated")).then(UNDATED).otherwise(outcome).cast(nw.Int64),
        entered=nw.when(before > 0).then(before).otherwise(0).cast(nw.Int64),
        age=(last - born).cast(nw.Int64),
    )
    # Those that converted before these days were not seen in them.
    there = (nw.col("outcome") == UNDATED) | (nw.col("age") >= nw.col("entered"))
    values = context.frame(first_purchase_values)
    return context.backend.materialize(ages.filter(there).join(values, on="period", how="left"))


def interactions(context: FrameContext) -> nw.LazyFrame:
    """Interactions in the periods in which they were.

    Grain: one row per interaction and period.

    Columns:
        period        int
        customer_id   text; null for nobody who is known
        lead_id       text; null without a lead

    Source: interactions.
    """
    absent = {
        name: nw.lit(None, nw.String)
        for name in ("customer_id", "lead_id")
        if not context.has("interactions", name)
    }
    rows = context.frame(rows_in_periods, table="interactions", at=day("occurred_at"))
    rows = rows.with_columns(**absent) if absent else rows
    return rows.select("period", *context.by, "customer_id", "lead_id")


def lead_interactions(context: FrameContext) -> nw.LazyFrame:
    """How often somebody got in touch with a lead.

    Grain: one row per lead and period with an interaction.

    Columns:
        lead_id   text
        period    int
        touches   int, interactions, above 0
        known     int, 0 where there are leads and none with that id, else 1

    Source: interactions, leads.
    """
    touches = (
        context.frame(interactions)
        .filter(~nw.col("lead_id").is_null())
        .group_by("lead_id", "period")
        .agg(touches=nw.len().cast(nw.Int64))
        .with_columns(known=nw.lit(1).cast(nw.Int64))
    )
    if context.has("leads", "lead_id"):
        one = nw.lit(1).cast(nw.Int64)
        there = context.tables.unfiltered["leads"].select("lead_id").unique(["lead_id"])
        touches = (
            touches.drop("known")
            .join(there.with_columns(known=one), on="lead_id", how="left")
            .with_columns(known=nw.col("known").fill_null(0))
        )
    if context.by:
        touches = touches.join(context.frame(interaction_segments), on="lead_id", how="left")
    return context.backend.materialize(touches)


def interaction_segments(context: FrameContext) -> nw.LazyFrame:
    """The segment of each lead somebody got in touch with: where their first interaction was.

    A channel may differ between the interactions of a lead; then the first one decides (of several
    at that moment, the smallest value), so that segments add up.

    Grain: one row per lead with an interaction.

    Columns:
        lead_id   text
        and the segment columns

    Source: interactions.
    """
    rows = context.tables.filtered["interactions"].filter(~nw.col("lead_id").is_null())
    first = rows.group_by("lead_id").agg(first=nw.col("occurred_at").min())
    return context.backend.materialize(
        rows.join(first, on="lead_id", how="inner")
        .filter(nw.col("occurred_at") == nw.col("first"))
        .group_by("lead_id")
        .agg(**{name: nw.col(name).min() for name in context.by})
    )


def contacted_leads(context: FrameContext) -> nw.LazyFrame:
    """Leads in the periods in which they were created, and whether anybody got in touch with them.

    By a column of the interactions a lead is where its first interaction was, and nowhere (null)
    without one. Without a leads table there are no rows.

    Grain: one row per lead and period of its creation.

    Columns:
        period    int
        reached   int, 1 with any interaction by now, else 0

    Source: leads, interactions.
    """
    if not context.has("leads", "lead_id"):
        types = {"period": nw.Int32, **dict.fromkeys(context.by, nw.String), "reached": nw.Int64}
        return context.backend.from_columns({name: [] for name in types}, types)
    touched = context.tables.own_segment_columns("interactions")
    leads = context.tables.customer_segment_columns("interactions")
    reached = context.frame(interaction_segments).select(
        "lead_id", *touched, found=nw.lit(1).cast(nw.Int64)
    )
    return (
        context.frame(rows_in_periods, table="leads", at=day("created_at"))
        .select("lead_id", "period", *leads)
        .join(reached, on="lead_id", how="left")
        .select("period", *context.by, reached=nw.col("found").fill_null(0))
    )
