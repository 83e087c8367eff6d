"""What an order is: shared by every metric that counts orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, Self

from pydantic import Field

from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.orders import OrderKey, OrderRule, key_in_force
from crm_kpi.kpi import Definition
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._spec import AggregateState
from crm_kpi.results import Number


class Ordering(Definition):
    order: OrderKey | None = Field(
        None,
        description="what one order is: id (rows of a customer that share a transaction_id), "
        "day (one customer and day) or row; default id, and row where the file has no id",
    )
    free_orders: Literal["drop", "count"] = Field(
        "drop", description="whether an order that is worth nothing counts"
    )

    @property
    def rule(self) -> OrderRule:
        return OrderRule(self.order, free=self.free_orders == "count")

    def in_force(self, columns: Mapping[str, Collection[str]]) -> Self:
        has_id = "transaction_id" in columns.get("transactions", ())
        return self.model_copy(update={"order": key_in_force(self.order, has_id=has_id)})


def money(definition: Ordering) -> Sequence[Aggregation]:
    """State: lines, gross, refunds (of all rows, by their own date), orders and their value."""
    sums = {name: Sum(name) for name in orders_and_revenue.SUMS}
    return [Aggregation(frame(orders_and_revenue.purchases, order=definition.rule), sums)]


def components(state: AggregateState) -> dict[str, Number | None]:
    return {
        "revenue": state.gross + state.refunds,
        "orders": state.orders,
        "gross": state.gross,
        "refunds": state.refunds,
    }


def needs(definition: Definition) -> Mapping[str, Sequence[str]]:
    return {"transactions": ("customer_id", "date", "amount")}


def needs_no_customers(definition: Definition) -> Mapping[str, Sequence[str]]:
    return {"transactions": ("date", "amount")}
