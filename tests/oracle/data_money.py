"""What `data.py` lacks for costs, renewals and upselling: one more table, and columns more.

    dataset = generate(seed)                    # costs; upsells; due dates and renewals
    dataset = generate(seed, due_dates=False)   # subscriptions whose end date ends the term

Costs carry segment columns of their own, for they belong to no customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from . import data
from .data import Dataset, Row


def generate(seed: int, *, due_dates: bool = True) -> Dataset:
    base = data.generate(seed)
    random = Random(f"money {seed}")
    tables = dict(base.tables)
    tables["costs"] = _costs(random, base.as_of)
    tables["transactions"] = [_upsold(random, row) for row in base["transactions"]]
    subscriptions = [*base["subscriptions"], *_chains(random, base["customers"], base.as_of)]
    if due_dates:
        subscriptions = [_due(random, row) for row in subscriptions]
    tables["subscriptions"] = subscriptions
    return replace(base, tables=tables)


def _costs(random: Random, as_of: date) -> list[Row]:
    rows = []
    for _ in range(random.randint(20, 60)):
        rows.append(
            {
                "date": data.FIRST + timedelta(days=random.randint(0, (as_of - data.FIRST).days)),
                "amount": Decimal(random.randint(-500, 90_000)) / 100,
                "kind": random.choice(("acquisition", "retention", "retention", "service", None)),
                "segment": random.choice(data.SEGMENTS),
                "region": random.choice(data.REGIONS),
                "channel": random.choice(data.CHANNELS),
            }
        )
    return rows


def _upsold(random: Random, row: Row) -> Row:
    kinds = (row["kind"], row["kind"], "upsell", "cross_sell", "renewal", None)
    return row | {"kind": random.choice(kinds)}


def _chains(random: Random, customers: Sequence[Row], as_of: date) -> list[Row]:
    """Terms one after the other, some parallel, with gaps and overlaps of all kinds."""
    rows: list[Row] = []
    for customer in random.sample(sorted({row["customer_id"] for row in customers}), 15):
        for _ in range(random.choice((1, 1, 2))):
            start = data.FIRST + timedelta(days=random.randint(0, 200))
            length = random.choice((7, 28, 30, 31, 61, 90, 365))
            while start <= as_of and len(rows) < 400:
                end = start + timedelta(days=length)
                rows.append(
                    {
                        "subscription_id": f"term_{len(rows):04d}",
                        "customer_id": customer,
                        "start_date": start,
                        "end_date": end,
                        "amount": random.choice((Decimal(10), Decimal(10), Decimal("12.50"))),
                        "interval": "month",
                        "interval_count": 1,
                        "plan": random.choice(("basic", "pro")),
                        "trial_end": None,
                    }
                )
                gap = random.choice((0, 0, 0, 0, -3, 1, 10, 29, 30, 31, 45))
                start = max(end + timedelta(days=gap), start + timedelta(days=1))
    return rows


def _due(random: Random, row: Row) -> Row:
    """A due date at the end or later, if any, and maybe a renewal around it."""
    due: Any = None
    renewed: Any = None
    if random.random() < 0.8:
        ends = row["end_date"] or row["start_date"] + timedelta(days=180)
        due = ends + timedelta(days=random.choice((0, 0, 0, 0, 60)))
        if random.random() < 0.4:
            renewed = due + timedelta(days=random.choice((-200, -10, 0, 7, 29, 30, 31, 90)))
    return row | {"due_date": due, "renewed_at": renewed}
