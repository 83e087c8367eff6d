"""Tickets with all their columns, and surveys by the day they were sent: small, nasty, valid.

    tickets(dataset), invitations(dataset)

Solutions and replies after `as_of`, solved the moment they were created, customers who
ask again at once, reopened and open ones, blanks, priorities in capitals.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from .data import FIRST, OFFSETS, Dataset, Row
from .periods import DAY

WAITS = (0, 1, 60, 1800, 3600, 3600, 4 * 3600, 24 * 3600, 48 * 3600)
"""Seconds; the last ones are targets of the tests, to be met exactly."""


def tickets(dataset: Dataset) -> list[Row]:
    random = Random(f"tickets {dataset.seed}")
    customers = [row["customer_id"] for row in dataset["customers"][:12]]
    rows: list[Row] = []
    for number in range(random.randint(150, 400)):
        created = _moment(random, dataset)
        customer = random.choice((*customers, "stranger", None))
        category = random.choice(("billing", "N/A", None))
        if rows and random.random() < 0.3:  # the same matter again, near the last solution
            last = rows[-1]
            customer, category = last["customer_id"], last["category"]
            again = (last["solved_at"] or last["created_at"]) + timedelta(
                seconds=random.choice((-1, 0, 1, 3600, 86_400 * 3, 86_400 * 7, 86_400 * 8))
            )
            created = max(again, datetime.combine(FIRST, time(), UTC)).astimezone(
                random.choice(OFFSETS)
            )
        reply = _after(random, created)
        first = _after(random, reply)
        if random.random() < 0.05:
            reply = first = created
        reopened = random.random() < 0.25
        solved: datetime | None = _after(random, first) if reopened else first
        state = random.random()
        if state < 0.15:  # nothing yet, or replied to, or solved once and open again
            solved = None
        rows.append(
            {
                "ticket_id": f"{number:04d}",
                "created_at": created,
                "first_reply_at": None if state < 0.05 else reply,
                "first_solved_at": None if state < 0.1 or random.random() < 0.1 else first,
                "solved_at": solved,
                "agent_replies": random.choice((0, 1, 1, 1, 1, 2, 5, None)),
                "reopens": random.choice((1, 3, None)) if reopened else random.choice((0, 0, None)),
                "customer_id": customer,
                "agent": random.choice(("An", "Bình", None)),
                "category": category,
                "priority": random.choice(("high", "High", "normal", "low", None)),
                "channel": random.choice(("Zalo", "email", None)),
            }
        )
    random.shuffle(rows)
    return rows


def invitations(dataset: Dataset) -> list[Row]:
    """Surveys that were sent: answered, answered after `as_of`, not answered, not dated."""
    random = Random(f"invitations {dataset.seed}")
    customers = [row["customer_id"] for row in dataset["customers"]]
    rows: list[Row] = []
    for number in range(random.randint(100, 300)):
        sent = _moment(random, dataset)
        answered = _after(random, sent)
        score = random.choice((None, 0, 5, 9, 10))
        rows.append(
            {
                "response_id": f"r{number}",
                "survey": random.choice(("nps", "csat")),
                "score": min(score, 5) if score is not None else None,
                "sent_at": sent if random.random() < 0.95 else None,
                "answered_at": None if score is None and random.random() < 0.8 else answered,
                "customer_id": random.choice((*customers, "stranger", None)),
                "agent": random.choice(("An", "Bình", None)),
            }
        )
    return rows


def _moment(random: Random, dataset: Dataset) -> datetime:
    """Any second up to some days after `as_of`, often at a bound of a day or of a working day."""
    days = (dataset.as_of - FIRST).days + 5
    clock = random.choice((time(0), time(23, 59, 59), time(8), time(17, 30), time(2, 30), None))
    if clock is None:
        clock = time(random.randrange(24), random.randrange(60), random.randrange(60))
    zone = random.choice((dataset.zone, *OFFSETS))
    return datetime.combine(FIRST + DAY * random.randint(0, days), clock, zone)


def _after(random: Random, moment: datetime) -> datetime:
    seconds = random.choice((*WAITS, random.randrange(90_000), random.randrange(900_000)))
    later = moment.astimezone(UTC) + timedelta(seconds=seconds)
    return later.astimezone(random.choice(OFFSETS))
