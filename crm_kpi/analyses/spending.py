"""Spending by category: what sells, to how many, and what they buy next.

    revenue          sum of the amounts, net of refunds, with or without a customer
    share            of all revenue, in percent; null where that is not above zero
    buyers           customers with a purchase (an amount above zero) in the category
    second_category  the share of them who bought in another category too, in percent
    days_to_next     median days from a customer's first purchase in the category to
                     the next day on which they bought anything; those who did not
                     buy again are left out

Transactions of the range asked for. Rows without a category are one, the
category null, and no second category to anybody. The highest revenue first.
"""

from __future__ import annotations

from decimal import Decimal

import narwhals.stable.v2 as nw

from crm_kpi.analyses._median import median, middle
from crm_kpi.analyses._spec import Analysis, Row, Scope, always, count_if
from crm_kpi.frames.context import FrameContext, rows_in_periods
from crm_kpi.frames.timeline import ordinal
from crm_kpi.kpi import Definition
from crm_kpi.metrics._state import ratio

CATEGORY = nw.col("category")


def rows(scope: Scope, definition: Definition) -> list[Row]:
    context = scope.context
    lines = context.frame(rows_in_periods, table="transactions", at="date")
    revenue = lines.group_by("category").agg(revenue=nw.col("amount").sum())
    bought = lines.filter((nw.col("amount") > 0) & ~nw.col("customer_id").is_null())
    buyers = context.backend.materialize(_buyers(context, bought))
    counted = buyers.group_by("category").agg(
        buyers=nw.len().cast(nw.Int64), second=count_if(nw.col("others") > 0)
    )
    sums, counts, waits = context.backend.fetch(
        [revenue, counted, middle(buyers, "days", "category")]
    )
    total = sum((row["revenue"] for row in sums), Decimal(0))
    by_category = {row["category"]: row for row in counts}
    medians = {row["category"]: median(row) for row in waits}
    found = []
    for row in sums:
        count = by_category.get(row["category"], {"buyers": 0, "second": 0})
        days = medians.get(row["category"])
        found.append(
            {
                "category": row["category"],
                "revenue": row["revenue"],
                "share": ratio(100 * row["revenue"], total) if total > 0 else None,
                "buyers": count["buyers"],
                "second_category": (
                    ratio(100 * count["second"], count["buyers"]) if count["buyers"] else None
                ),
                "days_to_next": None if days is None else float(days),
            }
        )
    return sorted(found, key=_order)


def _buyers(context: FrameContext, bought: nw.LazyFrame) -> nw.LazyFrame:
    """One row per customer and category: others (categories bought beside it), days (to the
    next purchase, null where there is none)."""
    firsts = bought.group_by("customer_id", "category").agg(first=nw.col("date").min())
    named = nw.when(~CATEGORY.is_null()).then(1).otherwise(0)
    others = named.sum().over("customer_id") - named
    days = bought.select("customer_id", day=nw.col("date")).unique(["customer_id", "day"])
    days = context.backend.with_lag(days, "customer_id", "day", {"next": ("day", -1)})
    return (
        firsts.with_columns(others=others)
        .join(days, left_on=["customer_id", "first"], right_on=["customer_id", "day"], how="left")
        .select("category", "others", days=ordinal(nw.col("next")) - ordinal(nw.col("first")))
    )


def _order(row: Row) -> tuple[Decimal, bool, str]:
    return -row["revenue"], row["category"] is None, row["category"] or ""


ANALYSIS = Analysis(
    needs=always(transactions=("customer_id", "date", "amount", "category")),
    rows=rows,
    sources=(
        "own definition: the export's own categories with what they bring, and beside it who "
        "buys on, because revenue alone does not tell where customers begin",
    ),
)
