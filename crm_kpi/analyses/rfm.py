"""RFM: customers by how recently, how often and for how much they bought.

    recency     days from the last order to as_of
    frequency   orders
    monetary    sum of all amounts, net of refunds
    r, f, m     the fifth of the customers one falls into by each, 5 being best:
                (rank - 1) x 5 // n + 1, equal customers share the lowest rank

All orders up to as_of count, whatever the periods; customers with an order are
listed, the highest monetary first. `per: segment` gives one row per segment:
customers, their share, mean recency and frequency, monetary and its share
(in percent).

    segment                r      f
    champions              5      4-5
    loyal                  3-4    4-5
    potential loyalists    4-5    2-3
    new                    5      1
    promising              4      1
    need attention         3      3
    about to sleep         3      1-2
    cannot lose            1-2    5
    at risk                1-2    3-4
    hibernating            1-2    1-2
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import narwhals.stable.v2 as nw
from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.timeline import ordinal
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.periods import DAY

SEGMENTS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "champions": ((5, 5), (4, 5)),
    "loyal": ((3, 4), (4, 5)),
    "potential loyalists": ((4, 5), (2, 3)),
    "new": ((5, 5), (1, 1)),
    "promising": ((4, 4), (1, 1)),
    "need attention": ((3, 3), (3, 3)),
    "about to sleep": ((3, 3), (1, 2)),
    "cannot lose": ((1, 2), (5, 5)),
    "at risk": ((1, 2), (3, 4)),
    "hibernating": ((1, 2), (1, 2)),
}
"""Name: lowest and highest r, lowest and highest f. Every pair is in exactly one."""

COLUMNS = ("customer_id", "recency", "frequency", "monetary", "r", "f", "m", "segment")


class Rfm(Ordering):
    per: Literal["customer", "segment"] = Field(
        "customer", description="one row per customer, or per segment"
    )


def rows(scope: Scope, definition: Rfm) -> list[Row]:
    customers = _customers(scope, definition)
    if definition.per == "segment":
        return _per_segment(scope, customers)
    found = scope.rows(customers.select(*COLUMNS))
    return sorted(found, key=lambda row: (-row["monetary"], row["customer_id"]))


def _customers(scope: Scope, definition: Rfm) -> nw.LazyFrame:
    context = scope.context
    as_of = (context.timeline.first_unknown_day - DAY).toordinal()
    everybody = (
        context.frame(orders_and_revenue.revenue_by_customer_slot, order=definition.rule)
        .filter(~nw.col("customer_id").is_null())
        .group_by("customer_id")
        .agg(
            last=nw.col("last").max(),
            frequency=nw.col("orders").sum(),
            monetary=(nw.col("gross") + nw.col("refunds")).sum(),
        )
        .filter(nw.col("frequency") > 0)
        .with_columns(all=nw.lit(1).cast(nw.Int64), recency=as_of - ordinal(nw.col("last")))
        .with_columns(freshness=-nw.col("recency"))
    )
    scored = everybody.with_columns(
        r=_fifth("freshness"), f=_fifth("frequency"), m=_fifth("monetary")
    )
    segment = nw.lit(None, nw.String)
    for name, (r, f) in SEGMENTS.items():
        inside = nw.col("r").is_between(*r) & nw.col("f").is_between(*f)
        segment = nw.when(inside).then(nw.lit(name)).otherwise(segment)
    return scored.with_columns(segment=segment)


def _fifth(column: str) -> nw.Expr:
    rank = nw.col(column).rank("min").over("all").cast(nw.Int64)
    return (rank - 1) * 5 // nw.col("all").sum().over("all") + 1


def _per_segment(scope: Scope, customers: nw.LazyFrame) -> list[Row]:
    sums = customers.group_by("segment").agg(
        nw.col("all").sum(), *(nw.col(c).sum() for c in ("recency", "frequency", "monetary"))
    )
    found = {row["segment"]: row for row in scope.rows(sums)}
    everybody = sum(row["all"] for row in found.values())
    revenue = sum((row["monetary"] for row in found.values()), Decimal(0))
    return [
        {
            "segment": name,
            "customers": row["all"],
            "share": ratio(100 * row["all"], everybody),
            "recency": ratio(row["recency"], row["all"]),
            "frequency": ratio(row["frequency"], row["all"]),
            "monetary": row["monetary"],
            "share_of_revenue": (
                float(100 * Fraction(row["monetary"]) / Fraction(revenue)) if revenue > 0 else None
            ),
        }
        for name in SEGMENTS
        if (row := found.get(name))
    ]


ANALYSIS = Analysis(
    needs=always(transactions=("customer_id", "date", "amount")),
    rows=rows,
    definition=Rfm,
    sources=(
        "Hughes, Strategic Database Marketing, 1994 (fifths by recency, frequency, monetary)",
        "own definition: equal customers have equal scores, and segments go by r and f alone, so "
        "that everybody is in exactly one",
    ),
)
