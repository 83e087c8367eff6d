"""How long customers with a contract have stayed, and who has left, as of the end of a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crm_kpi.errors import ConfigError
from crm_kpi.frames import customer_base
from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import stored_name
from crm_kpi.frames.timeline import ordinal
from crm_kpi.messages import text

Contracts = Literal["customers", "subscriptions"]


def contract_lives(
    context: FrameContext, *, contracts: Contracts, columns: Sequence[str] = ()
) -> nw.LazyFrame:
    """Each stay of a customer as it is known at a period's end, and nothing later.

    Of the customers table each row is a stay; of subscriptions all that had begun by then are
    one, from the first start to the last end.

    Grain: one row per period, and stay that began before its end.

    Columns:
        customer_id   text
        period        int
        tenure        int, days from the beginning to the end, or as long as it lasts so far
        gone          int, days since it ended; 0 while it lasts
        level:NAME    text, what the customer has in each of these columns of the customers table

    Source: customers; with contracts `subscriptions` these, too.

    Raises:
        ConfigError: the customers table has no such column.
    """
    ends = context.timeline.period_ends.select("period", "until")
    ends = ends.filter(nw.col("period").is_in([*context.timeline.calendar.predicted]))
    began, until = nw.col("began"), nw.col("until")
    if contracts == "customers":
        spans = context.frame(customer_base.active_spans, basis="contract", window=None)
        lives = spans.select("customer_id", *context.by, began="signup", ended="churn")
        lives = lives.join(ends, how="cross").filter(began < until)
    else:
        lives = _of_subscriptions(context, ends)
    last = nw.when(nw.col("ended") < until).then(nw.col("ended")).otherwise(until)
    found = lives.select(
        "customer_id",
        "period",
        *context.by,
        tenure=ordinal(last) - ordinal(began),
        gone=ordinal(until) - ordinal(last),
    )
    return context.backend.materialize(_with_levels(found, context, columns))


def _of_subscriptions(context: FrameContext, ends: nw.LazyFrame) -> nw.LazyFrame:
    rows = context.tables.without_customer_segments["subscriptions"]
    own = context.tables.own_segment_columns("subscriptions")
    ended = nw.col("ended")
    lasts = ended.is_null() | (ended >= nw.col("until"))
    stays = (
        rows.filter(~nw.col("customer_id").is_null())
        .select("customer_id", *own, began="start_date", ended="end_date")
        .join(ends, how="cross")
        .filter(nw.col("began") < nw.col("until"))
        .with_columns(lasts=lasts.cast(nw.Int64))
        .group_by("customer_id", "period", "until", *own)
        .agg(nw.col("began").min(), nw.col("ended").max(), nw.col("lasts").max())
        .with_columns(ended=nw.when(nw.col("lasts") == 0).then(nw.col("ended")))
    )
    return context.tables.attach_customer_segments(stays, "subscriptions")


def _with_levels(
    lives: nw.LazyFrame, context: FrameContext, columns: Sequence[str]
) -> nw.LazyFrame:
    if not columns:
        return lives
    there = context.tables.unfiltered.get("customers")
    names = [] if there is None else there.columns
    lacking = [name for name in columns if stored_name(name) not in names]
    if there is None or lacking:
        raise ConfigError(
            text("models.no_column", column=lacking[0]),
            hint=text("models.take_header"),
        )
    # Of several rows of one customer the last in the order of words, so that no order matters.
    levels = {f"level:{name}": nw.col(stored_name(name)).cast(nw.String).max() for name in columns}
    known = there.group_by("customer_id").agg(**levels)
    return lives.join(known, on="customer_id", how="left")
