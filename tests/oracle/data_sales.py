"""Leads, deals, stage changes and interactions for the customers of `data.generate`.

As nasty as those, and as valid: conversions on the last day of a window and by flag
alone, closings after `as_of`, open deals with a date of closing or without one of
creation, blank and zero amounts, odds in percent or not, blank and impossible ones,
stages entered twice, on one day, at one moment, before the deal was created and after
it was closed, leads and deals that nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .data import CHANNELS, Dataset, Row, _amount, _day, _moment, generate

STAGES = ("Tiếp cận", "Báo giá", "negotiation", "closing")
OWNERS = ("An", "Bình", None)


def sales(seed: int) -> Dataset:
    """The customers of that seed, and the sales tables; the same seed gives the same rows."""
    base = generate(seed)
    random = Random(f"sales {seed}")
    customers = [*{row["customer_id"] for row in base["customers"]}]
    buyers = [*sorted(customers), "stranger", None, None]
    leads = _leads(random, buyers, base.as_of)
    deals = _deals(random, buyers, base.as_of, percent=seed % 2 == 0)
    tables = {
        "customers": base["customers"],
        "leads": leads,
        "opportunities": deals,
        "stage_changes": _stage_changes(random, deals, base.as_of),
        "interactions": _interactions(random, leads, buyers, base.as_of),
    }
    for rows in tables.values():
        random.shuffle(rows)
    return Dataset(seed, base.as_of, base.timezone, tables)


def _leads(random: Random, buyers: Sequence[str | None], as_of: date) -> list[Row]:
    rows: list[Row] = []
    for number in range(len(buyers) * 2):
        created = _moment(random, as_of, beyond=2)
        wait = timedelta(days=random.choice((0, 1, 29, 30, 31, 91, 92, 200)))
        converted: datetime | None = created + wait
        if random.random() < 0.5:
            converted = None
        rows.append(
            {
                "lead_id": f"{number:03d}",
                "created_at": created,
                "converted_at": converted,
                "converted": random.choice((True, False, None)) if converted is None else True,
                "customer_id": random.choice(buyers),
                "channel": random.choice(CHANNELS),
                "owner": random.choice(OWNERS),
            }
        )
    return rows


def _deals(
    random: Random, buyers: Sequence[str | None], as_of: date, *, percent: bool
) -> list[Row]:
    rows: list[Row] = []
    for number in range(len(buyers) * 2):
        created: datetime | None = _moment(random, as_of, beyond=2)
        assert created is not None
        outcome = random.choice(("won", "won", "lost", "open", "open", None))
        wait = timedelta(seconds=random.choice((0, 60, 86_400, random.randrange(20_000_000))))
        closed: datetime | None = created + wait
        if outcome is None or (outcome == "open" and random.random() < 0.7):
            closed = None
        if random.random() < 0.05:
            created = None
        chance = random.choice((0.0, 0.1, 0.25, 0.333, 0.7, 1.0, None, None, -0.1))
        if percent and chance is not None:
            chance = random.choice((round(chance * 100, 1), 33.3, 100.0, 0.7, 1.0, 100.1))
        rows.append(
            {
                "opportunity_id": f"D{number:03d}",
                "created_at": created,
                "closed_at": closed,
                "stage": random.choice((*STAGES, None)),
                "outcome": outcome,
                "amount": random.choice((_amount(random), _amount(random), Decimal(0), None)),
                "probability": chance,
                "expected_close": random.choice((None, _day(random, as_of, beyond=60))),
                "owner": random.choice(OWNERS),
                "channel": random.choice(CHANNELS),
                "customer_id": random.choice(buyers),
            }
        )
    return rows


def _stage_changes(random: Random, deals: Sequence[Row], as_of: date) -> list[Row]:
    rows: list[Row] = []
    for deal in deals:
        if random.random() < 0.2:
            continue
        entered: Any = deal["created_at"] or _moment(random, as_of)
        entered += timedelta(days=random.choice((0, 0, 0, -3, 5)))
        for _ in range(random.randint(1, 5)):
            stage = random.choice(STAGES)
            identity = random.choice((deal["opportunity_id"],) * 20 + ("nobody's",))
            rows.append({"opportunity_id": identity, "stage": stage, "entered_at": entered})
            entered += timedelta(hours=random.choice((0, 1, 24, 500, 2000)))
    return rows


def _interactions(
    random: Random, leads: Sequence[Row], buyers: Sequence[str | None], as_of: date
) -> list[Row]:
    rows: list[Row] = []
    for _ in range(len(leads) * 2):
        lead = random.choice(leads)
        occurred = lead["created_at"] + timedelta(hours=random.choice((0, 0, -5, 30, 900)))
        if random.random() < 0.2:
            occurred = _moment(random, as_of, beyond=2)
        rows.append(
            {
                "occurred_at": occurred,
                "lead_id": random.choice((lead["lead_id"],) * 5 + (None, "nobody's")),
                "customer_id": random.choice((lead["customer_id"], random.choice(buyers))),
                "channel": random.choice(CHANNELS),
                "kind": random.choice(("call", "email")),
            }
        )
    return rows
