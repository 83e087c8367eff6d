"""What winning, keeping and serving customers cost, month by month."""

from __future__ import annotations

from collections.abc import Iterator

from crm_kpi.demo import clock, plan
from crm_kpi.demo.customers import Customer
from crm_kpi.demo.dice import Dice
from crm_kpi.demo.files import Export, Row

EXPORT = Export("costs", ("date", "kind", "amount", "currency"))


def rows(customers: list[Customer], seed: int) -> Iterator[Row]:
    """Retention costs are the planned amount per retained customer, exactly."""
    dice = Dice(seed, "costs")
    tickets = plan.per_month("tickets", len(customers))
    for month in range(24):
        start, stop = plan.first_day(month), plan.first_day(month + 1)
        joined = sum(start <= c.signup < stop for c in customers)
        retained = sum(c.signup < start and c.churn >= stop for c in customers)
        keeping = retained * plan.MONTHS[month].retention_cost
        gifts = keeping * 3 // 5
        for day, kind, amount in (
            (5, "acquisition", joined * dice.between(120, 260) * 1000),
            (15, "retention", gifts),
            (20, "acquisition", joined * dice.between(40, 90) * 1000),
            (25, "retention", keeping - gifts),
            (28, "service", tickets[month] * dice.between(24, 30) * 1000),
        ):
            if amount:
                yield clock.iso(start + day - 1), kind, str(amount), "VND"
