"""Customers' value: what each customer has paid, and will pay within a year.

    frequency            purchases after the first; all of a day are one
    recency, T           from the first purchase to the last, and to the last known day, in `unit`
    p_alive              the chance of not having left for good already
    expected_purchases   within the horizon, not discounted
    expected_value       what one purchase is worth
    future               purchases of each month x expected_value, discounted
    historic             the sum of all amounts up to that day, refunds too

as in clv_predicted, of which historic + future are the mean: the same customers, parameters and
`definitions.clv_predicted`. Everything is as at the last day that is asked for. Where nothing can
be learnt, what is predicted is null, and a reason is beside it.

By customer_id. With `per: tenth` a row is a tenth of the customers, those first who will pay most:
what they will pay and have paid, and their share of what all will pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Any, Literal

import narwhals.stable.v2 as nw
from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.frames.buying_history import buying_history, repeat_spending
from crm_kpi.models._buyers import WithValue, buyers_of, learn_value
from crm_kpi.periods import DAY
from crm_kpi.prediction.buying import WEEK
from crm_kpi.prediction.spending import CELL, MANY

_PREDICTED = {
    "p_alive": "alive",
    "expected_purchases": "purchases",
    "expected_value": "worth",
    "future": "future",
}


class CustomersValue(WithValue):
    per: Literal["customer", "tenth"] = Field(
        "customer", description="one row per customer, or per tenth of them"
    )


def rows(scope: Scope, definition: CustomersValue) -> list[Row]:
    context, alike = scope.context, ("repeats", "recency", "age")
    (period,) = scope.periods
    spent = context.frame(repeat_spending, free=definition.free, many=MANY, cell=CELL)
    means = context.backend.fetch_table(
        spent.group_by("repeats", "near", "exactly").agg(count=nw.len(), paid=nw.col("paid").sum())
    )
    history = context.frame(buying_history, free=definition.free)
    customers = context.backend.fetch_table(
        history.select("customer_id", "paid", "historic", *alike)
    ).sort("customer_id")
    counted = customers.group_by(*alike).agg(count=nw.len())
    outlook = learn_value(buyers_of(counted), means, period.until - DAY, definition)
    scope.mind(outlook.learnt.reason)
    each = buyers_of(customers.with_columns(count=nw.lit(1)))
    if outlook.expected is None:
        each = each.with_columns(
            nw.lit(None, nw.Float64).alias(name) for name in _PREDICTED.values()
        )
    else:
        each = outlook.of(each)
    each = each.sort("customer_id")
    found: list[Row] = []
    for row in each.rows(named=True):
        found.append(
            {
                "customer_id": row["customer_id"],
                "frequency": row["x"],
                "recency": definition.in_unit(row["t"] / WEEK),
                "T": definition.in_unit(row["age"] / WEEK),
                **{name: row[ours] for name, ours in _PREDICTED.items()},
                "historic": row["historic"],
            }
        )
    refusal = outlook.learnt.refusal
    if definition.per == "tenth":
        return [] if refusal else _per_tenth(found)
    return [row | {"reason": refusal} for row in found] if refusal else found


def _per_tenth(customers: Sequence[Row]) -> list[Row]:
    best = sorted(customers, key=lambda row: (-row["future"], row["customer_id"]))
    whole = fsum(row["future"] for row in best)
    tenths: list[list[Row]] = [[] for _ in range(10)]
    for place, row in enumerate(best):
        tenths[10 * place // len(best)].append(row)
    found: list[Row] = []
    for number, mine in enumerate(tenths, 1):
        future: Any = fsum(row["future"] for row in mine)
        found.append(
            {
                "tenth": number,
                "customers": len(mine),
                "expected_purchases": fsum(row["expected_purchases"] for row in mine),
                "future": future,
                "share_of_future": 100 * future / whole if whole else None,
                "historic": sum(row["historic"] for row in mine),
            }
        )
    return [row for row in found if row["customers"]]


ANALYSIS = Analysis(
    needs=always(transactions=("customer_id", "date", "amount")),
    rows=rows,
    definition=CustomersValue,
    follows="clv_predicted",
    sources=("as clv_predicted, of which these are the parts, customer by customer",),
)
