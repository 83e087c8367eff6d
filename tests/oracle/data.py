"""Small, nasty, valid data: everything that may lawfully stand in a file, and nothing else.

    dataset = generate(seed)
    paths = write(dataset, folder)      # canonical CSV files

Several spans per customer, same-day joins and leaves, refunds with and without an id of
their own, orders of several lines over several days, purchases of unknown and of missing
customers, trials, plan switches, overlapping subscriptions, unanswered tickets and
surveys, blanks, twins such as the ids 7 and 007, rows dated after `as_of`.

Each customer's own columns are the same on all of its rows. `channel` is the same on all
lines of an order, `category` differs between them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

FIRST = date(2023, 1, 1)
AS_OFS = (date(2024, 6, 30), date(2024, 7, 1), date(2024, 8, 14), date(2024, 2, 29))
ZONES = ("UTC", "Asia/Ho_Chi_Minh", "America/New_York", "Europe/Berlin")
OFFSETS = tuple(timezone(timedelta(minutes=m)) for m in (0, 420, -300, 330, 120))

SEGMENTS = ("smb", "enterprise", "N/A", "Khách lẻ", None)
CHANNELS = ("web", "shop", "Zalo, Facebook", None)
REGIONS = ("Hà Nội", 'the "south"', None)
PLANS = {"basic": Decimal("9.99"), "pro": Decimal("49.00"), "gold": Decimal("1200.00")}

INTERVALS = (
    *(("month", None), ("month", 1), ("month", None), ("month", 3), ("quarter", 1)),
    *(("year", 1), ("year", 2), ("week", 2), ("day", 30)),
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Dataset:
    seed: int
    as_of: date
    timezone: str
    tables: dict[str, list[Row]]

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.timezone)

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]


def generate(seed: int) -> Dataset:
    """20 to 200 customers and what they did; the same seed gives the same rows."""
    random = Random(seed)
    as_of = random.choice(AS_OFS)
    zone = random.choice(ZONES)
    ids = ["7", "007", "a1", "Ánh-01", *(f"C{i:04d}" for i in range(random.randint(16, 196)))]
    buyers = [*ids, "stranger", None]
    tables = {
        "customers": _customers(random, ids, as_of),
        "transactions": _transactions(random, buyers, as_of),
        "subscriptions": _subscriptions(random, [*ids, "stranger"], as_of),
        "surveys": _surveys(random, buyers, as_of),
        "tickets": _tickets(random, buyers, as_of, ZoneInfo(zone)),
    }
    for rows in tables.values():
        random.shuffle(rows)
    return Dataset(seed, as_of, zone, tables)


def write(dataset: Dataset, folder: Path) -> dict[str, Path]:
    """One `TABLE.csv` per table, with ISO dates, UTC offsets and plain decimals."""
    paths = {}
    for table, rows in dataset.tables.items():
        paths[table] = folder / f"{table}.csv"
        with paths[table].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0])
            writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return paths


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _day(random: Random, as_of: date, beyond: int = 0) -> date:
    """Any day from the first on; every fourth is the first or last of a month."""
    day = FIRST + timedelta(days=random.randint(0, (as_of - FIRST).days + beyond))
    if random.random() < 0.25:
        day = day.replace(day=1) - timedelta(days=random.randint(0, 1))
    return max(day, FIRST)


def _moment(random: Random, as_of: date, beyond: int = 0) -> datetime:
    """Any second, often near a midnight, under any offset."""
    clock = random.choice((time(0, 0), time(23, 59, 59), time(17, 0), None, None))
    if clock is None:
        clock = time(random.randrange(24), random.randrange(60), random.randrange(60))
    naive = datetime.combine(_day(random, as_of, beyond), clock, UTC)
    return naive.astimezone(random.choice(OFFSETS))


def _amount(random: Random) -> Decimal:
    return random.choice(
        (
            Decimal(random.randint(1, 99_999)) / 100,
            Decimal("0.01"),
            Decimal("1250000.00"),
            Decimal("33.33"),
        )
    ).quantize(Decimal("0.01"))


def _customers(random: Random, ids: Sequence[str], as_of: date) -> list[Row]:
    rows = []
    for customer in ids:
        own = {
            "segment": random.choice(SEGMENTS),
            "region": random.choice(REGIONS),
            "channel": random.choice(CHANNELS),
        }
        signup = _day(random, as_of, beyond=5)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            churn = signup + timedelta(days=random.choice((0, 0, 1, 20, 31, 90, 200)))
            stays = random.random() < 0.4
            rows.append(
                {
                    "customer_id": customer,
                    "signup_date": signup,
                    "churn_date": None if stays else churn,
                    **own,
                }
            )
            if stays:
                break
            # Back on the day of leaving, unless that was the day of joining.
            soonest = 1 if churn == signup else 0
            signup = churn + timedelta(days=random.choice((soonest, 1, 1, 15, 40, 120)))
    return rows


def _transactions(random: Random, buyers: Sequence[str | None], as_of: date) -> list[Row]:
    rows: list[Row] = []

    def line(
        customer: str | None, day: date, order: str | None, channel: str | None, amount: Decimal
    ) -> Row:
        return {
            "transaction_id": order,
            "customer_id": customer,
            "date": day,
            "amount": amount,
            "kind": "refund" if amount < 0 else "sale",
            "channel": channel,
            "category": random.choice(("tea", "cups", "N/A", None)),
        }

    for number in range(len(buyers) * random.randint(2, 5)):
        customer = random.choice(buyers)
        # Two shops may use one number for orders of different customers.
        order = f"{random.randrange(number + 1):05d}" if random.random() < 0.05 else f"{number:05d}"
        order_id = None if random.random() < 0.05 else order
        day = _day(random, as_of, beyond=3)
        channel = random.choice(CHANNELS)
        lines = [
            line(customer, day, order_id, channel, _amount(random))
            for _ in range(random.choice((1, 1, 1, 2, 4)))
        ]
        if random.random() < 0.1:  # delivered, and dated, later
            lines[-1]["date"] = day + timedelta(days=random.choice((1, 35)))
        if random.random() < 0.1:  # the same line twice
            lines.append(dict(lines[0]))
        if random.random() < 0.05:
            lines[0]["amount"] = Decimal("0.00")
        total = sum((found["amount"] for found in lines), Decimal(0))
        back = day + timedelta(days=random.choice((0, 3, 40)))
        match random.randrange(12):
            case 0 if total > 0:  # all of it back, under the order's own id
                lines.append(line(customer, back, order_id, channel, -total))
            case 1 if total > 0:  # some of it back, under an id of its own
                part = (total / 3).quantize(Decimal("0.01")) + Decimal("0.01")
                lines.append(line(customer, back, f"R{number:05d}", channel, -part))
            case 2:  # a second order of the same customer on the same day, elsewhere
                other = random.choice(CHANNELS)
                lines.append(line(customer, day, f"S{number:05d}", other, _amount(random)))
            case _:
                pass
        rows += lines
    return rows


def _subscriptions(random: Random, ids: Sequence[str], as_of: date) -> list[Row]:
    rows: list[Row] = []

    def add(customer: str, start: date, end: date | None, plan: str) -> None:
        interval, count = random.choice(INTERVALS)
        trial = random.choice((None, None, None, 0, 14, 30))
        rows.append(
            {
                "subscription_id": f"sub_{len(rows):04d}",
                "customer_id": customer,
                "start_date": start,
                "end_date": end,
                "amount": random.choice((PLANS[plan], PLANS[plan], Decimal("0.00"))),
                "interval": interval,
                "interval_count": count,
                "plan": random.choice((plan, plan, plan, None)),
                "trial_end": None if trial is None else start + timedelta(days=trial),
            }
        )

    for customer in ids:
        if random.random() < 0.3:
            continue
        start = _day(random, as_of, beyond=3)
        for _ in range(random.randint(1, 4)):
            plan = random.choice(sorted(PLANS))
            end = start + timedelta(days=random.choice((0, 5, 31, 60, 200, 400)))
            add(customer, start, None if random.random() < 0.3 else end, plan)
            # Switched the same day, overlapping, or back after a while.
            start = max(FIRST, end + timedelta(days=random.choice((0, 0, -20, 1, 10, 90))))
    return rows


def _surveys(random: Random, buyers: Sequence[str | None], as_of: date) -> list[Row]:
    rows: list[Row] = []
    for number in range(len(buyers) * 3):
        survey, lowest, highest = random.choice((("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7)))
        answered: datetime | None = _moment(random, as_of, beyond=2)
        assert answered is not None
        sent = answered - timedelta(hours=random.choice((0, 1, 100)))
        score = random.choice((None, *range(lowest, highest + 1), highest, highest))
        if rows and random.random() < 0.1:  # twice at the same instant
            twin = random.choice(rows)
            if twin["answered_at"] is not None:
                answered, sent = twin["answered_at"], twin["sent_at"]
        row = {
            "response_id": f"{random.choice('aBz0')}{number}",
            "survey": survey,
            "customer_id": random.choice(buyers),
            "score": score,
            "sent_at": sent,
            "answered_at": None if score is None and random.random() < 0.5 else answered,
            "agent": random.choice(("An", "Bình", None)),
        }
        if rows and random.random() < 0.1:  # by the same customer to the same survey
            twin = random.choice(rows)
            if twin["survey"] == survey and twin["answered_at"] is not None:
                row |= {key: twin[key] for key in ("customer_id", "sent_at")}
                row["answered_at"] = twin["answered_at"]
        rows.append(row)
    return rows


def _tickets(random: Random, buyers: Sequence[str | None], as_of: date, zone: tzinfo) -> list[Row]:
    rows: list[Row] = []
    for number in range(len(buyers) * 2):
        created = _moment(random, as_of, beyond=2)
        wait = timedelta(seconds=random.choice((0, 1, 1800, 3600, random.randrange(400_000))))
        reply: datetime | None = (created + wait).astimezone(random.choice(OFFSETS))
        # Nobody has answered yet what is answered after as_of.
        late = reply is not None and reply.astimezone(zone).date() > as_of
        if random.random() < 0.2 or late:
            reply = None
        rows.append(
            {
                "ticket_id": f"{number:03d}",
                "created_at": created,
                "first_reply_at": reply,
                "customer_id": random.choice(buyers),
                "agent": random.choice(("An", "Bình", None)),
                "category": random.choice(("billing", "N/A", None)),
                "priority": random.choice(("high", "low")),
            }
        )
    return rows
