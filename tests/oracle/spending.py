"""What customers spend: per customer, in a period and so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .common import (
    Answer,
    Answers,
    Number,
    Row,
    Rows,
    Segment,
    grid,
    inside,
    known,
    mean,
    median_interval,
    none_last,
    percent,
    quantile,
    segments_of,
)
from .orders import by_customer, homes, parts_of, purchases
from .periods import Period


class Spending:
    """The transactions of known customers, each customer in one place."""

    def __init__(
        self,
        as_of: date,
        transactions: Rows,
        customers: Rows,
        order: str | None,
        by: Sequence[str],
    ) -> None:
        rows = known(transactions, "date", as_of)
        segments = segments_of(rows, customers, by, as_of)
        orders = purchases(rows, segments, order)
        self.orders = {c: sorted(o.day for o in own) for c, own in by_customer(orders).items()}
        self.rows: dict[str, list[Row]] = {}
        self.refunds: dict[str, list[Row]] = {}
        mine: dict[str, list[Segment]] = {}
        for row, segment, part in zip(rows, segments, parts_of(rows), strict=True):
            if row["customer_id"] is not None:
                if part == "refund":
                    self.refunds.setdefault(row["customer_id"], []).append(row)
                self.rows.setdefault(row["customer_id"], []).append(row)
                mine.setdefault(row["customer_id"], []).append(segment)
        self.place = homes(orders)
        for customer, own in self.rows.items():
            if customer not in self.place:  # no order: where the first row was
                first = min(row["date"] for row in own)
                here = [s for r, s in zip(own, mine[customer], strict=True) if r["date"] == first]
                self.place[customer] = min(here, key=none_last)

    def inside(self, segment: Segment) -> list[str]:
        return [c for c in self.rows if inside(self.place[c], segment)]

    def amounts(self, customer: str, period: Period, as_of: date) -> list[Decimal]:
        return [r["amount"] for r in self.rows[customer] if period.has(r["date"], as_of)]

    def buyers(self, segment: Segment, period: Period, as_of: date) -> list[str]:
        return [
            c
            for c in self.inside(segment)
            if any(period.has(day, as_of) for day in self.orders.get(c, []))
        ]


def total(amounts: Sequence[Decimal]) -> Fraction:
    return sum((Fraction(amount) for amount in amounts), Fraction(0))


def revenue_per_customer(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """Net amounts of all known customers per customer with an order."""
    spending = Spending(as_of, transactions, customers, order, by)
    answers = {}
    for period in periods:
        for segment in grid(spending.place.values()):
            amounts = [
                a for c in spending.inside(segment) for a in spending.amounts(c, period, as_of)
            ]
            refunds = total(
                [
                    row["amount"]
                    for c in spending.inside(segment)
                    for row in spending.refunds.get(c, [])
                    if period.has(row["date"], as_of)
                ]
            )
            buyers = spending.buyers(segment, period, as_of)
            days = [day for c in buyers for day in spending.orders[c]]
            revenue = total(amounts)
            answers[period, segment] = Answer(
                revenue / len(buyers) if buyers else None,
                len(buyers),
                {
                    "revenue": revenue,
                    "orders": sum(1 for day in days if period.has(day, as_of)),
                    "gross": revenue - refunds,
                    "refunds": refunds,
                    "customers": len(buyers),
                },
            )
    return answers


def time_between_purchases(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """Days between consecutive orders, by the later one; who ever bought has an open gap."""
    spending = Spending(as_of, transactions, customers, order, by)
    answers = {}
    for period in periods:
        for segment in grid(spending.place.values()):
            gaps = []
            waits: list[tuple[int, bool]] = []
            still_open = 0
            end = period.boundary(as_of)
            for customer in spending.inside(segment):
                days = spending.orders.get(customer, [])
                for i in range(1, len(days)):
                    if period.has(days[i], as_of):
                        gaps.append(Fraction((days[i] - days[i - 1]).days))
                    if days[i] < end:
                        waits.append(((days[i] - days[i - 1]).days, True))
                so_far = [day for day in days if day < end]
                if so_far:
                    waits.append(((end - so_far[-1]).days, False))
                    still_open += 1
            low, high = median_interval(gaps)
            answers[period, segment] = Answer(
                quantile(gaps, Fraction(1, 2)),
                len(gaps),
                {
                    "mean": mean(gaps),
                    "p90": quantile(gaps, Fraction(9, 10)),
                    "open": still_open,
                    "km_median": half_back(waits),
                },
                low,
                high,
            )
    return answers


def half_back(waits: Sequence[tuple[int, bool]]) -> int | None:
    """The first wait at which the Kaplan-Meier share of those who still wait is a half or less."""
    share = Fraction(1)
    for length in sorted({length for length, ended in waits if ended}):
        at_risk = sum(1 for other, _ in waits if other >= length)
        share *= 1 - Fraction(waits.count((length, True)), at_risk)
        if share <= Fraction(1, 2):
            return length
    return None


def revenue_concentration(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    top: int = 20,
    by: Sequence[str] = (),
) -> Answers:
    """The top percentage of the customers with a transaction, and their share of revenue."""
    spending = Spending(as_of, transactions, customers, None, by)
    answers = {}
    for period in periods:
        for segment in grid(spending.place.values()):
            found = {
                c: total(spending.amounts(c, period, as_of))
                for c in spending.inside(segment)
                if spending.amounts(c, period, as_of)
            }
            best = [found[c] for c in sorted(found, key=lambda c: (-found[c], c))]
            n, revenue = len(best), sum(best, Fraction(0))
            components: dict[str, Number | None] = {
                "customers": n,
                "revenue": revenue,
                "below_zero": sum(1 for net in best if net < 0),
                "customers_for_80": None,
                "gini": None,
            }
            value = None
            if revenue > 0:
                value = percent(sum(best[: math.ceil(Fraction(top * n, 100))]), revenue)
                needed = next(k for k in range(1, n + 1) if sum(best[:k]) >= revenue * 4 / 5)
                components["customers_for_80"] = percent(needed, n)
                components["gini"] = gini(best) if best[-1] >= 0 else None
            answers[period, segment] = Answer(value, n, components)
    return answers


def gini(values: Sequence[Fraction]) -> Fraction:
    """Half the mean difference of all pairs, against the mean."""
    differences = sum((abs(a - b) for a in values for b in values), Fraction(0))
    return differences / (2 * len(values) * sum(values))


def clv_historic(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Everything that customers with a transaction have paid so far, on average."""
    spending = Spending(as_of, transactions, customers, None, by)
    answers = {}
    for period in periods:
        for segment in grid(spending.place.values()):
            sums = []
            for customer in spending.inside(segment):
                so_far = [
                    row["amount"]
                    for row in spending.rows[customer]
                    if row["date"] < period.boundary(as_of)
                ]
                if so_far:
                    sums.append(total(so_far))
            answers[period, segment] = Answer(
                mean(sums), len(sums), {"revenue": sum(sums), "customers": len(sums)}
            )
    return answers
