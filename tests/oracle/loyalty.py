"""Customers who keep buying, and what one is worth against what it costs to win one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from .buying import clv
from .common import Answer, Answers, Rows, from_first_row, grid, percent, wilson
from .costs import spent
from .customers import turnovers
from .periods import DAY, Period
from .spending import Spending


def loyal_customers(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    orders: int = 3,
    window: int = 365,
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """Customers with so many orders in the days before the end, if anybody has ever bought."""
    spending = Spending(as_of, transactions, customers, order, by)
    answers = {}
    for period in periods:
        end = period.boundary(as_of)
        for segment in grid(spending.place.values()):
            counts, ever = [], False
            for customer in spending.inside(segment):
                days = spending.orders.get(customer, [])
                counts.append(sum(1 for day in days if end - window * DAY <= day < end))
                ever = ever or any(day < end for day in days)
            buyers = sum(1 for count in counts if count)
            loyal = sum(1 for count in counts if count >= orders)
            answers[period, segment] = Answer(
                loyal if ever else None,
                buyers,
                {"customers": buyers, "share": percent(loyal, buyers)},
            )
    return from_first_row(answers, as_of, (row["date"] for row in transactions))


def additional_purchase_rate(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Of the customers with an order, the percentage with two categories or more."""
    spending = Spending(as_of, transactions, customers, None, by)
    answers = {}
    for period in periods:
        for segment in grid(spending.place.values()):
            kinds = []
            for customer in spending.buyers(segment, period, as_of):
                bought = {
                    row["category"]
                    for row in spending.rows[customer]
                    if row["amount"] > 0 and period.has(row["date"], as_of)
                }
                kinds.append(bought - {None})
            several = sum(1 for own in kinds if len(own) >= 2)
            low, high = wilson(several, len(kinds))
            answers[period, segment] = Answer(
                percent(several, len(kinds)),
                len(kinds),
                {"customers": len(kinds), "additional_customers": several},
                low,
                high,
            )
    return answers


def cac(
    periods: Sequence[Period],
    as_of: date,
    costs: Rows,
    customers: Rows,
    *,
    by: Sequence[str] = (),
) -> Answers:
    """Acquisition costs of the period per customer who signed up in it for the first time."""
    answers = {}
    for (period, segment), turnover in turnovers(periods, as_of, customers, by=by).items():
        bills = spent(costs, "acquisition", period, as_of, segment, by)
        new = len(turnover.joined)
        answers[period, segment] = Answer(
            sum(bills, Fraction(0)) / new if bills and new else None,
            new,
            {"costs": sum(bills, Fraction(0)), "customers_new": new},
        )
    return answers


def ltv_cac(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows,
    costs: Rows,
    *,
    lifetime: str | Fraction = "observed",
    by: Sequence[str] = (),
) -> Answers:
    """CLV against CAC."""
    prices = cac(periods, as_of, costs, customers, by=by)
    answers = {}
    for key, worth in clv(
        periods, as_of, transactions, customers, lifetime=lifetime, by=by
    ).items():
        price = prices[key].value if key in prices else None
        known = worth.value is not None and price
        answers[key] = Answer(
            Fraction(worth.value or 0) / Fraction(price or 1) if known else None,
            worth.n,
            {"clv": worth.value, "cac": price},
        )
    return answers
