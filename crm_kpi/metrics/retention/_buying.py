"""What an order is: shared by every metric that counts orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.orders_and_revenue import OrderRule
from crm_kpi.kpi import Definition
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._spec import AggregateState
from crm_kpi.results import Number


class Ordering(Definition):
    order: OrderRule | None = Field(
        None,
        description="what one order is: id (rows of a customer that share a transaction_id), "
        "day (one customer and day) or row; default id, and row where the file has no id",
    )


def money(definition: Ordering) -> Sequence[Aggregation]:
    """State: lines, gross, refunds (of all rows, by their own date) and orders."""
    sums = {name: Sum(name) for name in ("lines", "gross", "refunds", "orders")}
    return [Aggregation(frame(orders_and_revenue.purchases, order=definition.order), sums)]


def components(state: AggregateState) -> dict[str, Number | None]:
    return {
        "revenue": state.gross + state.refunds,
        "orders": state.orders,
        "gross": state.gross,
        "refunds": state.refunds,
    }


def needs(definition: Definition) -> Mapping[str, Sequence[str]]:
    return {"transactions": ("customer_id", "date", "amount")}
