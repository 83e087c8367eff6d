"""Customers of whom a list has several rows: stays one after another, or one stay told twice."""

from __future__ import annotations

from datetime import date

import polars as pl

from crm_kpi.tables import JOINED, ROW

_STAY, _END = "\0stay", "\0end"


def joined_stays(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with one row for all rows of a customer whose stays overlap: from the first
    signup to the last end, and in the other columns what was updated or signed up last. Where
    there are such rows, `JOINED` tells them from the others."""
    key = "customer_id"
    several = frame.filter(pl.col(key).is_not_null() & pl.col(key).is_duplicated())
    ends = pl.col("churn_date") if "churn_date" in frame.columns else pl.lit(None, pl.Date)
    spans = several.with_columns(ends.fill_null(date.max).alias(_END))
    spans = spans.filter(pl.col("signup_date") < pl.col(_END)).sort(key, "signup_date", ROW)
    # The latest end of the stays that started before.
    before = pl.col(_END).cum_max().shift().over(key)
    starts = (pl.col("signup_date") >= before).fill_null(value=True)
    spans = spans.with_columns(starts.cum_sum().over(key).alias(_STAY))
    spans = spans.filter(pl.len().over(key, _STAY) > 1)
    if spans.is_empty():
        return frame
    told = [pl.col("signup_date")]
    if "updated_at" in frame.columns:
        told = [pl.col("updated_at").fill_null(date.min), *told]
    latest = spans.sort(key, _STAY, *told, ROW)
    columns = [name for name in frame.columns if name != key]
    last = {name: pl.col(name).drop_nulls().last() for name in columns}
    last["signup_date"] = pl.col("signup_date").min()
    last[ROW] = pl.col(ROW).last()
    if "churn_date" in columns:
        end = pl.col(_END).max()
        last["churn_date"] = pl.when(end < date.max).then(end)
    whole = latest.group_by(key, _STAY, maintain_order=True).agg(**last)
    others = frame.filter(~frame[ROW].is_in(spans[ROW].implode()))
    whole = whole.select(*frame.columns, pl.lit(value=True).alias(JOINED))
    others = others.with_columns(pl.lit(value=False).alias(JOINED))
    return pl.concat([others, whole]).sort(ROW)
