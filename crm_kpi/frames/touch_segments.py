"""The segment of each lead somebody got in touch with: where their first interaction was.

One row per lead with an interaction: lead_id and the segment columns. A channel
may differ between the interactions of a lead; then the first one decides (of
several at that moment, the smallest value), so that segments add up.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    rows = context.tables["interactions"].filter(~nw.col("lead_id").is_null())
    first = rows.group_by("lead_id").agg(first=nw.col("occurred_at").min())
    return context.keep(
        rows.join(first, on="lead_id", how="inner")
        .filter(nw.col("occurred_at") == nw.col("first"))
        .group_by("lead_id")
        .agg(**{name: nw.col(name).min() for name in context.by})
    )
