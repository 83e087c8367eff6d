"""Files with faults in them: what people really export, as text.

    files = generate(seed)      # table: rows, each {column: text}

Ids that stand twice, with stays that overlap and stays that do not; blanks in required
columns; days that no calendar has; customers who left before they came; e-mail addresses
and telephone numbers in several spellings, of which a list says which are one.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

AS_OF = date(2024, 6, 30)
FIRST = date(2023, 1, 1)

Row = dict[str, str]

EMAILS: dict[str, str | None] = {
    "an@example.com": "an@example.com",
    "An@Example.com": "an@example.com",
    "AN@EXAMPLE.COM": "an@example.com",
    "binh.le+shop@cafe-sua.vn": "binh.le+shop@cafe-sua.vn",
    "Binh.Le+Shop@cafe-sua.vn": "binh.le+shop@cafe-sua.vn",
    "hòa@ví-dụ.vn": "hòa@ví-dụ.vn",
    "HÒA@ví-dụ.vn": "hòa@ví-dụ.vn",
    "o'neil@example.org": "o'neil@example.org",
    "no address": None,
    "two@@example.com": None,
    "dot..dot@example.com": None,
    "me@localhost": None,
    "me@shop.test": None,
}
"""Text: its key; None for no address."""

PHONES: dict[str, str | None] = {
    "0912345678": "+84912345678",
    "0912 345 678": "+84912345678",
    "912345678": "+84912345678",
    "+84 912.345.678": "+84912345678",
    "(091) 234-5678": "+84912345678",
    "0084912345678": "+84912345678",
    "0909000111": "+84909000111",
    "909000111": "+84909000111",
    "+84 24 3825 1234": "+842438251234",
    "024 3825 1234": "+842438251234",
    "+1 650 253 0000": "+16502530000",
    "12345": None,
    "n/a": None,
    "001 234 567 8901": "+12345678901",
    "0912 345 678 901": None,
}

DAYS = (None, "2024-02-31", "soon")


def generate(seed: int) -> dict[str, list[Row]]:
    random = Random(f"quality {seed}")
    ids = [f"c{number}" for number in range(random.randint(20, 60))]
    segments = {one: random.choice(("smb", "Khách lẻ", "")) for one in ids}
    customers: list[Row] = []
    for one in [*ids, *random.choices(ids, k=12), "", ""]:
        signup = _day(random, bad=0.06, beyond=20)
        customers.append(
            {
                "customer_id": one,
                "signup_date": signup,
                "churn_date": _day(random, bad=0.05) if random.random() < 0.5 else "",
                "email": random.choice((*EMAILS, f"{one}{random.randrange(9)}@example.com", "")),
                "phone": random.choice((*PHONES, f"090{random.randrange(10**5):05}88", "")),
                "segment": segments.get(one, "smb"),
                "updated_at": _day(random, bad=0.1) if random.random() < 0.9 else "",
                "acquisition_cost": random.choice(("", "0", "12.50", "ten")),
            }
        )
    if random.random() < 0.7:
        customers.append(dict(random.choice(customers)))  # equal in every column
    transactions: list[Row] = [
        {
            "customer_id": random.choice((*ids, "stranger", "")),
            "date": _day(random, bad=0.03, beyond=20),
            "amount": random.choice(("10", "2.5", "-3", "", "much")),
        }
        for _ in range(random.randint(30, 90))
    ]
    for rows in (customers, transactions):
        random.shuffle(rows)
    return {"customers": customers, "transactions": transactions}


def write(tables: Mapping[str, Sequence[Row]], folder: Path) -> dict[str, str]:
    paths = {}
    for table, rows in tables.items():
        paths[table] = str(folder / f"{table}.csv")
        with open(paths[table], "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return paths


def _day(random: Random, *, bad: float, beyond: int = 0) -> str:
    if random.random() < bad:
        return random.choice(DAYS) or ""
    length = (AS_OF - FIRST).days + beyond
    return (FIRST + timedelta(days=random.randint(0, length))).isoformat()
