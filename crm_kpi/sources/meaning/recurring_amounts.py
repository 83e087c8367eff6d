"""What subscriptions add up to by the month, for questions that have to show it."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from crm_kpi.messages import Message, as_number, text
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.meaning.question import HeaderView
from crm_kpi.sources.spec import ReadOptions

PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}


def plan_header(view: HeaderView) -> tuple[str, ...]:
    """The header of the plan, where the file has one."""
    source = view.spec.columns.get("plan")
    if isinstance(source, str):
        return (source,)
    places = headers.matches(view.table, "plan", view.headers) if source is None else []
    constant = "plan" in view.spec.constants
    return tuple(view.headers[place] for place in places[:1] if not constant)


def has(view: HeaderView, column: str) -> bool:
    """Whether a column of ours will be read from the file, or is declared to be constant."""
    if column in view.spec.columns or column in view.spec.constants:
        return True
    return len(headers.matches(view.table, column, view.headers)) == 1


def has_any(view: HeaderView, column: str) -> bool:
    """The same, also where several headers can be the column."""
    return has(view, column) or bool(headers.matches(view.table, column, view.headers))


def monthly(frame: pl.DataFrame, amounts: pl.Series, options: ReadOptions) -> Message:
    """`MRR 1,220`: what is paid for by the month on `as_of`, if each row's amount is this one.

    Args:
        frame: the rows, with `interval` and `interval_count` where there are such.
    """
    last = options.as_of
    if options.until_data:
        newest = frame["start_date"].filter(frame["start_date"] <= last).max()
        last = newest if newest is not None else last  # type: ignore[assignment]
    there = (pl.col("start_date") <= last).fill_null(value=False)
    if "end_date" in frame.columns:
        there &= pl.col("end_date").is_null() | (pl.col("end_date") > last)
    interval = pl.col("interval") if "interval" in frame.columns else pl.lit(None, pl.String)
    count = pl.col("interval_count") if "interval_count" in frame.columns else pl.lit(1)
    sums = (
        frame.with_columns(amounts.alias("amount"))
        .filter(there)
        .group_by(
            interval.cast(pl.String).fill_null("month").alias("interval"),
            count.fill_null(1).cast(pl.Int64).alias("count"),
        )
        .agg(pl.col("amount").sum())
    )
    total = sum(
        (
            Fraction(amount) * PER_YEAR[unit] / (12 * times)
            for unit, times, amount in sums.iter_rows()
            if times and unit in PER_YEAR
        ),
        Fraction(),
    )
    return text("meaning.mrr_is", total=_number(total))


def _number(value: Fraction) -> Message:
    shown = f"{float(value):,.2f}"
    return as_number(shown.removesuffix(".00"))
