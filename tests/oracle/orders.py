"""What an order is, when it was, and which segment its customer belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .common import Row, Rows, Segment, none_last


@dataclass(frozen=True)
class Order:
    """A purchase, and what it is worth."""

    customer: str | None
    day: date
    segment: Segment
    value: Decimal


def parts_of(rows: Rows) -> list[str]:
    """What each row is: `sale`, `discount` or `refund`."""
    sold = {
        (row["transaction_id"], row["date"])
        for row in rows
        if row.get("transaction_id") is not None and row["amount"] > 0
    }
    found = []
    for row in rows:
        kind = row.get("kind")
        if kind is not None:
            found.append("refund" if kind == "refund" else "sale")
        elif row["amount"] >= 0:
            found.append("sale")
        else:
            near = (row.get("transaction_id"), row["date"]) in sold
            found.append("discount" if near else "refund")
    return found


def purchases(
    rows: Rows, segments: Sequence[Segment], order: str | None, free: str = "drop"
) -> list[Order]:
    """The orders whose sale and discount lines are worth more than nothing; with `free` count
    those worth nothing, too. Refunds touch none of them.

    order   `id`   rows of one customer that share a transaction_id
            `day`  rows of one customer on one day
            `row`  each row
            None   `id` when the file has a transaction_id, else `row`

    A row without the transaction_id (`id`) or the customer (`day`) it would be grouped by
    is an order of its own. An order lies on the first day of its lines and in the segment
    of a line of that day, the smallest one where they differ.
    """
    rule = order or "id"
    if rule == "id" and not any("transaction_id" in row for row in rows):
        rule = "row"
    groups: dict[object, list[int]] = {}
    for i, (row, part) in enumerate(zip(rows, parts_of(rows), strict=True)):
        if part != "refund":
            groups.setdefault(_group(row, rule, i), []).append(i)
    found = []
    for members in groups.values():
        net = sum((rows[i]["amount"] for i in members), Decimal(0))
        if net > 0 or (net == 0 and free == "count"):
            day = min(rows[i]["date"] for i in members)
            first = [segments[i] for i in members if rows[i]["date"] == day]
            customer = rows[members[0]]["customer_id"]
            found.append(Order(customer, day, min(first, key=none_last), net))
    return found


def _group(row: Row, rule: str, i: int) -> object:
    customer = row["customer_id"]
    if rule == "id" and row["transaction_id"] is not None:
        return ("id", customer, row["transaction_id"])
    if rule == "day" and customer is not None:
        return ("day", customer, row["date"])
    assert rule in ("id", "day", "row"), rule
    return ("row", i)


def by_customer(orders: Sequence[Order]) -> dict[str, list[Order]]:
    """The orders of each known customer."""
    found: dict[str, list[Order]] = {}
    for order in orders:
        if order.customer is not None:
            found.setdefault(order.customer, []).append(order)
    return found


def homes(orders: Sequence[Order]) -> dict[str, Segment]:
    """Where each customer's first purchase ever was; of several that day the smallest."""
    found = {}
    for customer, own in by_customer(orders).items():
        day = min(order.day for order in own)
        found[customer] = min((o.segment for o in own if o.day == day), key=none_last)
    return found
