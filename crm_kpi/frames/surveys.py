"""Surveys: sent, answered, and each customer's latest answer."""

from __future__ import annotations

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext, rows_in_periods
from crm_kpi.tables import PLACE, day


def survey_answers(context: FrameContext) -> nw.LazyFrame:
    """The rows of the surveys table by the day they were answered.

    Grain: one row per row of the table and period of its answer.

    Columns:
        all of the table
        period    int
        squared   int, the square of the score; null where it is blank

    Source: surveys.
    """
    rows = context.frame(rows_in_periods, table="surveys", at=day("answered_at"))
    return rows.with_columns(squared=nw.col("score") * nw.col("score"))


def latest_answers(context: FrameContext, *, survey: str) -> nw.LazyFrame:
    """Each customer's latest answer to one survey in each period.

    Of answers at the same moment the one that stands later counts, file by file. Where files are
    read in place, that is the one with the higher response_id, then the higher score.

    Grain: one row per customer and period with an answer.

    Columns:
        all of the table
        period   int

    Source: surveys.
    """
    rows = context.frame(rows_in_periods, table="surveys", at=day("answered_at")).filter(
        (nw.col("survey") == survey) & ~nw.col("score").is_null() & ~nw.col("customer_id").is_null()
    )
    order = ["answered_at", *([PLACE] if PLACE in rows.columns else [])]
    if context.has("surveys", "response_id"):
        order.append("response_id")
    order += ["score", *context.by]
    latest = (
        nw.col("answered_at").cum_count(reverse=True).over("customer_id", "period", order_by=order)
    )
    return context.backend.materialize(rows.with_columns(place=latest).filter(nw.col("place") == 1))


def invitations(context: FrameContext) -> nw.LazyFrame:
    """Surveys by the day they were sent, and whether they are answered by now.

    Grain: one row per survey sent and period of its day.

    Columns:
        period     int
        answered   bool

    Source: surveys.
    """
    rows = context.frame(rows_in_periods, table="surveys", at=day("sent_at"))
    answered_on = nw.col(day("answered_at"))
    by_now = answered_on.is_null() | (answered_on < context.timeline.first_unknown_day)
    return rows.select("period", *context.by, answered=~nw.col("score").is_null() & by_now)
