"""Orders: which rows of the transactions make one, and what each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.tables import MONEY

OrderKey = Literal["id", "day", "row"]


@dataclass(frozen=True)
class OrderRule:
    """What one order is, and which of them count.

    Attributes:
        key: which rows make one:
            id    those of a customer that share a transaction_id; a row without one is an order
                  of its own. None is id, and row where the file has none
            day   those of one customer and day
            row   each row
        free: an order that is worth nothing counts, too.
    """

    key: OrderKey | None = None
    free: bool = False


def key_in_force(key: OrderKey | None, *, has_id: bool) -> OrderKey:
    """The key that is meant, by whether the file has a transaction_id."""
    return ("id" if has_id else "row") if key in (None, "id") else key


def transactions(context: FrameContext) -> nw.LazyFrame:
    """The rows of the transactions that are asked for, where a file names no customers with null.

    Grain: one row per row of the table.

    Columns: as those of transactions, with the segment columns that they have themselves, and
        customer_id   text; null for nobody
        day           date of the row

    Source: transactions.
    """
    rows = context.tables.without_customer_segments["transactions"]
    rows = rows.with_columns(day=nw.col("date"))
    if context.has("transactions", "customer_id"):
        return rows
    return rows.with_columns(customer_id=nw.lit(None, nw.String))


def is_row(context: FrameContext, order: OrderRule) -> bool:
    """Whether each sale line is an order."""
    names = ("transactions", "transaction_id")
    key = key_in_force(order.key, has_id=context.has(*names))
    return key == "row" or (key == "id" and names in context.tables.unique_columns)


def has_discounts(tables: SegmentedTables) -> bool:
    """Whether there can be rows that lower the value of another row's order."""
    return (
        "transaction_id" in tables.columns["transactions"]
        and ("transactions", "transaction_id") not in tables.unique_columns
    )


def is_sale(tables: SegmentedTables) -> nw.Expr:
    """Whether a row is a sale line, by its kind; without one, by an amount that is not below
    zero."""
    amount = nw.col("amount") >= 0
    if "kind" not in tables.columns["transactions"]:
        return amount
    kind = nw.col("kind")
    return nw.when(kind.is_null()).then(amount).otherwise(kind != "refund")


def row_is_order(context: FrameContext, order: OrderRule) -> nw.Expr:
    """Whether a row is an order, where each row is one or none."""
    amount = nw.col("amount")
    return is_sale(context.tables) & (amount >= 0) if order.free else amount > 0


def discounts(context: FrameContext) -> nw.LazyFrame:
    """Rows below zero without a kind that lower what an order is worth: on the day and under the
    id of a sale line. On another day, or under another id, such a row is a refund.

    Grain: one row per row of transactions that is a discount.

    Columns: as those of transactions, with the segment columns that they have themselves, and
        day   date of the row

    Source: transactions.
    """
    keys = ["transaction_id", "date"]
    below = context.frame(transactions).filter(
        nw.col("amount") < 0, ~nw.col("transaction_id").is_null()
    )
    if context.has("transactions", "kind"):
        below = below.filter(nw.col("kind").is_null())
    sales = context.tables.unfiltered["transactions"].filter(nw.col("amount") > 0).select(keys)
    # The few rows below zero first: the many others are looked at once, and not held.
    near = sales.join(below.select(keys).unique(keys), on=keys, how="semi").unique(keys)
    return context.backend.materialize(below.join(near, on=keys, how="semi"))


def orders(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """Orders, each on the day of its first sale line.

    An order is worth the sum of its sale and discount lines, whatever is refunded later. It counts
    when that is above zero, or not below where free orders count; a refund is none.

    Grain: one row per order.

    Columns:
        customer_id   text; null where the file names nobody
        day           date of the first sale line
        amount        money, what it is worth
        and the segment columns that transactions have themselves, the smallest value of the lines

    Source: transactions.
    """
    own = context.tables.own_segment_columns("transactions")
    columns = ["customer_id", "day", "amount", *own]
    rows = context.frame(transactions)
    if is_row(context, order):
        return rows.filter(row_is_order(context, order)).select(columns)
    key = "day" if order.key == "day" else "transaction_id"
    names = list(dict.fromkeys([*columns, key]))
    lines = rows.filter(is_sale(context.tables)).select(names)
    if has_discounts(context.tables):
        lines = nw.concat([lines, context.frame(discounts).select(names)])
    known = ~nw.col("customer_id" if key == "day" else key).is_null()
    day = {} if key == "day" else {"day": nw.col("day").min()}
    grouped = (
        lines.filter(known)
        .group_by("customer_id", key)
        .agg(nw.col("amount").sum(), **day, **{name: nw.col(name).min() for name in own})
    )
    amount = nw.col("amount")
    counts = amount >= 0 if order.free else amount > 0
    every = nw.concat([grouped.select(columns), lines.filter(~known).select(columns)])
    return context.backend.materialize(every.filter(counts))


def first_purchase_values(context: FrameContext) -> nw.LazyFrame:
    """What the first purchases of known customers were worth, as of each period's end.

    All that a customer buys on a day is one purchase, where it is worth more than nothing in the
    end: no row of a later day can change it.

    Grain: one row per period with a purchase by its end; none without transactions.

    Columns:
        period         int
        first_value    money, the sum of all first purchases
        first_buyers   int, how many these are

    Source: transactions.
    """
    if not context.has("transactions", "customer_id"):
        types = {"period": nw.Int32, "first_value": nw.Decimal(*MONEY), "first_buyers": nw.Int64}
        return context.backend.from_columns({name: [] for name in types}, types)
    purchases = (
        context.frame(transactions)
        .filter(~nw.col("customer_id").is_null())
        .group_by("customer_id", "day")
        .agg(nw.col("amount").sum())
        .filter(nw.col("amount") > 0)
    )
    purchases = context.backend.materialize(purchases)
    first = purchases.group_by("customer_id").agg(nw.col("day").min())
    by_day = (
        purchases.join(first, on=["customer_id", "day"], how="inner")
        .group_by("day")
        .agg(first_value=nw.col("amount").sum(), first_buyers=nw.len().cast(nw.Int64))
    )
    return context.backend.materialize(
        context.backend.materialize(by_day)
        .join(context.timeline.periods, how="cross")
        .filter(nw.col("day") < nw.col("until"))
        .group_by("period")
        .agg(nw.col("first_value").sum(), nw.col("first_buyers").sum())
    )
