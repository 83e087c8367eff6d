"""Spending by category or product: what sells, to how many, and what they buy next.

    revenue          sum of the amounts, net of refunds, with or without a customer
    share            of all revenue, in percent; null where that is not above zero
    buyers           customers with a purchase (an amount above zero) in the category
    second_category  the share of them who bought in another category too, in percent
    days_to_next     median days from a customer's first purchase in the category to
                     the next day on which they bought anything; those who did not
                     buy again are left out

Transactions of the range asked for; with `of: product` by product, and the
columns are called so. Rows without a category are one, the category null, and no
second category to anybody. Without customers in the file what is told of buyers
is null. The highest revenue first.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Literal

import narwhals.stable.v2 as nw
from pydantic import Field

from crm_kpi.analyses._median import median, middle
from crm_kpi.analyses._spec import Analysis, Row, Scope, count_if
from crm_kpi.frames.context import FrameContext, rows_in_periods
from crm_kpi.frames.timeline import ordinal
from crm_kpi.kpi import Definition, Needs
from crm_kpi.metrics._state import ratio

NOBODY = {"buyers": 0, "second": 0}


class Spending(Definition):
    of: Literal["category", "product"] = Field(
        "category", description="what the rows are: category or product"
    )


def needs(definition: Spending, tables: Collection[str]) -> Needs:
    return {"transactions": ("date", "amount", definition.of)}


def rows(scope: Scope, definition: Spending) -> list[Row]:
    context, of = scope.context, definition.of
    lines = context.frame(rows_in_periods, table="transactions", at="date")
    sums = scope.rows(lines.group_by(of).agg(revenue=nw.col("amount").sum()))
    total = sum((row["revenue"] for row in sums), Decimal(0))
    named = context.has("transactions", "customer_id")
    counts, medians = _told_of_buyers(context, lines, of) if named else ({}, {})
    found = []
    for row in sums:
        count = counts.get(row[of], NOBODY)
        days = medians.get(row[of])
        found.append(
            {
                of: row[of],
                "revenue": row["revenue"],
                "share": ratio(100 * row["revenue"], total) if total > 0 else None,
                "buyers": count["buyers"] if named else None,
                f"second_{of}": (
                    ratio(100 * count["second"], count["buyers"]) if count["buyers"] else None
                ),
                "days_to_next": None if days is None else float(days),
            }
        )
    return sorted(found, key=lambda row: (-row["revenue"], row[of] is None, row[of] or ""))


def _told_of_buyers(
    context: FrameContext, lines: nw.LazyFrame, of: str
) -> tuple[dict[str | None, Row], dict[str | None, Any]]:
    """Per category how many bought it and another, and the median of days until the next."""
    bought = lines.filter(nw.col("amount") > 0, ~nw.col("customer_id").is_null())
    buyers = context.backend.materialize(_buyers(context, bought, of))
    counted = buyers.group_by(of).agg(
        buyers=nw.len().cast(nw.Int64), second=count_if(nw.col("others") > 0)
    )
    counts, waits = context.backend.fetch([counted, middle(buyers, "days", of)])
    return {row[of]: row for row in counts}, {row[of]: median(row) for row in waits}


def _buyers(context: FrameContext, bought: nw.LazyFrame, of: str) -> nw.LazyFrame:
    """One row per customer and category: others (categories bought beside it), days (to the
    next purchase, null where there is none)."""
    firsts = bought.group_by("customer_id", of).agg(first=nw.col("date").min())
    named = nw.when(~nw.col(of).is_null()).then(1).otherwise(0)
    others = named.sum().over("customer_id") - named
    days = bought.select("customer_id", day=nw.col("date")).unique(["customer_id", "day"])
    days = context.backend.with_lag(days, "customer_id", "day", {"next": ("day", -1)})
    return (
        firsts.with_columns(others=others)
        .join(days, left_on=["customer_id", "first"], right_on=["customer_id", "day"], how="left")
        .select(of, "others", days=ordinal(nw.col("next")) - ordinal(nw.col("first")))
    )


ANALYSIS = Analysis(
    short_title="Spending",
    needs=needs,
    rows=rows,
    definition=Spending,
    sources=(
        "own definition: the export's own categories with what they bring, and beside it who "
        "buys on, because revenue alone does not tell where customers begin",
    ),
)
