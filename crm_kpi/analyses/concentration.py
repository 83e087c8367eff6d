"""Concentration: how much of the revenue the best customers bring, percent by percent.

    share_of_customers   the best 1, 2, ... 100 percent: ceil(share x customers)
    share_of_revenue     what they bring, in percent of all revenue (Pareto curve)
    gini                 0 where all bring the same, towards 1 where one brings
                         all: 2 x sum of (rank x revenue) / (n x revenue) - (n + 1) / n;
                         the same in every row, and null where a customer is below nothing

Customers are those with a transaction in the range asked for, also where
refunds leave nothing or less: they stay in the base, and the others then bring
more than 100 percent. Of equal customers the smaller id comes first. Without
revenue above zero there is nothing to have a share of, and no row.
"""

from __future__ import annotations

from fractions import Fraction

import narwhals.stable.v2 as nw

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.orders import OrderRule
from crm_kpi.kpi import Definition
from crm_kpi.metrics._state import ratio


def rows(scope: Scope, definition: Definition) -> list[Row]:
    context = scope.context
    best_first = ["cost", "customer_id"]
    ranked = context.backend.materialize(
        context.frame(orders_and_revenue.spending, order=OrderRule())
        .select("customer_id", "net", cost=-nw.col("net"), one=nw.lit(1).cast(nw.Int64))
        .with_columns(
            place=nw.col("one").cum_sum().over("one", order_by=best_first),
            so_far=nw.col("net").cum_sum().over("one", order_by=best_first),
        )
    )
    # Added up from the best on, a customer is in as many sums as have a rank up to theirs.
    (total,) = scope.rows(
        ranked.select(
            n=nw.col("one").sum(),
            net=nw.col("net").sum(),
            by_rank=nw.col("so_far").sum(),
            least=nw.col("net").min(),
        )
    )
    n, revenue = total["n"], total["net"]
    if not n or revenue <= 0:
        return []
    places = {percent: -(-percent * n // 100) for percent in range(1, 101)}
    wanted = ranked.filter(nw.col("place").is_in(sorted(set(places.values()))))
    so_far = {row["place"]: row["so_far"] for row in scope.rows(wanted.select("place", "so_far"))}
    gini = 2 * Fraction(total["by_rank"]) / (n * Fraction(revenue)) - Fraction(n + 1, n)
    return [
        {
            "share_of_customers": percent,
            "share_of_revenue": ratio(100 * so_far[place], revenue),
            "gini": None if total["least"] < 0 else float(gini),
        }
        for percent, place in places.items()
    ]


ANALYSIS = Analysis(
    needs=always(transactions=("customer_id", "date", "amount")),
    rows=rows,
    sources=(
        "Lorenz, Methods of Measuring the Concentration of Wealth, Publications of the American "
        "Statistical Association 1905",
        "Gini, Variabilità e mutabilità, 1912",
    ),
)
