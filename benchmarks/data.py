"""Seeded synthetic exports with canonical headers: python benchmarks/data.py DIR --size S|M|L

S, M and L have 10 thousand, 1 million and 10 million transactions, a tenth as many
customers and surveys, a fifth as many tickets, over the three years 2022 to 2024.
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

START = date(2022, 1, 1)
DAYS = (date(2025, 1, 1) - START).days
SIZES = {"S": 10_000, "M": 1_000_000, "L": 10_000_000}
SEGMENTS = ("SMB", "Mid-Market", "Enterprise", "Consumer")
CHANNELS = ("organic", "paid", "referral", "partner", "event")


def days(offsets: Any) -> pl.Series:
    first = (START - date(1970, 1, 1)).days
    return pl.Series(offsets.astype(np.int32) + first).cast(pl.Date)


def moments(seconds: Any) -> pl.Series:
    first = int(datetime(START.year, START.month, START.day, tzinfo=UTC).timestamp())
    return pl.Series((seconds + first) * 1_000_000).cast(pl.Datetime("us"))


def named(prefix: str, numbers: Any, width: int) -> pl.Series:
    frame = pl.DataFrame({"n": numbers.astype(np.int64)})
    return frame.select(prefix + pl.col("n").cast(pl.String).str.zfill(width)).to_series()


def picked(random: Any, words: tuple[str, ...], n: int, shares: Any = None) -> pl.Series:
    return pl.Series(np.array(words, dtype=object)[random.choice(len(words), n, p=shares)])


def masked(values: pl.Series, keep: Any) -> pl.Series:
    return pl.select(pl.when(pl.Series(keep)).then(values)).to_series()


def write(folder: Path, size: str, seed: int = 7) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    sales = SIZES[size]
    people = sales // 10

    def save(name: str, columns: dict[str, Any]) -> None:
        frame = pl.DataFrame(columns)
        frame.write_csv(folder / f"{name}.csv", datetime_format="%Y-%m-%dT%H:%M:%S")

    signup = np.minimum(random.random(people) ** 0.8 * DAYS, DAYS - 1).astype(np.int64)
    churn = signup + random.exponential(600, people).astype(np.int64) + 20
    save(
        "customers",
        {
            "customer_id": named("C", np.arange(people), 8),
            "signup_date": days(signup),
            "churn_date": masked(days(np.minimum(churn, DAYS)), churn < DAYS),
            "segment": picked(random, SEGMENTS, people, [0.35, 0.2, 0.1, 0.35]),
            "channel": picked(random, CHANNELS, people),
            "email": named("user", np.arange(people), 1) + "@example.com",
        },
    )

    weight = np.cumsum(random.pareto(1.6, people) + 0.1)
    who = np.searchsorted(weight / weight[-1], random.random(sales)).clip(0, people - 1)
    span = np.minimum(churn, DAYS - 1) - signup
    when = signup[who] + (random.random(sales) * (span[who] + 1)).astype(np.int64)
    order = np.argsort(when, kind="stable")
    who, when = who[order], when[order]
    refund = random.random(sales) < 0.03
    amount = np.round(np.exp(random.normal(3.6, 0.9, sales)), 2) * np.where(refund, -1, 1)
    save(
        "transactions",
        {
            "transaction_id": named("T", np.arange(sales), 9),
            "customer_id": named("C", who, 8),
            "date": days(when),
            "amount": pl.Series(amount).round(2),
            "channel": picked(random, CHANNELS, sales),
            "kind": pl.Series(np.where(refund, "refund", "sale")),
        },
    )

    payers = np.flatnonzero(random.random(people) < 0.4)
    spells = []
    for number, share in enumerate((1.0, 0.45, 0.2)):
        some = payers[random.random(len(payers)) < share]
        start = signup[some] + (span[some] * number * 0.33).astype(np.int64)
        end = signup[some] + (span[some] * (number + 1) * 0.33).astype(np.int64)
        spells.append((some, start, np.minimum(end if number < 2 else DAYS + 1, churn[some])))
    some, start, end = (np.concatenate(parts) for parts in zip(*spells, strict=True))
    save(
        "subscriptions",
        {
            "subscription_id": named("S", np.arange(len(some)), 8),
            "customer_id": named("C", some, 8),
            "start_date": days(start),
            "end_date": masked(days(np.minimum(end, DAYS)), end < DAYS),
            "interval": pl.Series(["month"] * len(some)),
            "amount": pl.Series(
                random.choice(
                    [19.0, 49.0, 99.0, 249.0, 999.0], len(some), p=[0.35, 0.3, 0.2, 0.1, 0.05]
                )
            ),
        },
    )

    answers = sales // 10
    kind = random.choice(3, answers, p=[0.5, 0.35, 0.15])
    nps = random.choice(
        11, answers, p=[0.02, 0.01, 0.02, 0.03, 0.04, 0.06, 0.07, 0.15, 0.2, 0.2, 0.2]
    )
    score = np.select(
        [kind == 0, kind == 1],
        [nps, random.integers(1, 6, answers)],
        random.integers(1, 8, answers),
    )
    save(
        "surveys",
        {
            "response_id": pl.Series(np.arange(answers)),
            "customer_id": named("C", random.integers(0, people, answers), 8),
            "answered_at": days(random.integers(0, DAYS, answers)),
            "survey": pl.Series(np.array(["nps", "csat", "ces"], dtype=object)[kind]),
            "score": pl.Series(score),
        },
    )

    tickets = sales // 5
    created = random.integers(0, DAYS * 86_400, tickets)
    reply = created + np.exp(random.normal(7.5, 1.1, tickets)).astype(np.int64)
    solved = reply + np.exp(random.normal(10, 1.2, tickets)).astype(np.int64)
    end_of_time = DAYS * 86_400
    save(
        "tickets",
        {
            "ticket_id": pl.Series(np.arange(tickets)),
            "customer_id": named("C", random.integers(0, people, tickets), 8),
            "created_at": moments(created),
            "first_reply_at": masked(moments(reply), reply < end_of_time),
            "solved_at": masked(
                moments(solved), (random.random(tickets) >= 0.06) & (solved < end_of_time)
            ),
            "agent_replies": pl.Series(random.geometric(0.62, tickets)),
            "priority": picked(random, ("low", "normal", "high"), tickets),
        },
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    write(given.folder, given.size, given.seed)
