"""The generator: always valid, always the same, nasty enough; and the oracle's own sums."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .buying import average_order_value, clv, purchase_frequency, repeat_purchase_rate, revenue
from .common import TOTAL, Answers, local_day
from .customers import churn_rate, customers, retention_rate
from .data import FIRST, Dataset, generate, write
from .mrr import mrr
from .periods import calendar
from .service import first_response_time
from .surveys import ces, csat, nps

SEEDS = range(4)


@pytest.fixture(params=SEEDS)
def data(request: pytest.FixtureRequest) -> Dataset:
    return generate(request.param)


def test_same_seed_same_rows() -> None:
    assert generate(1) == generate(1)
    assert generate(1) != generate(2)


def test_rows_are_valid(data: Dataset) -> None:
    assert 20 <= len({row["customer_id"] for row in data["customers"]}) <= 200
    for table, column in (("subscriptions", "subscription_id"), ("surveys", "response_id")):
        assert max(Counter(row[column] for row in data[table]).values()) == 1
    assert max(Counter(row["ticket_id"] for row in data["tickets"]).values()) == 1

    spans: dict[str, list[Any]] = {}
    for row in data["customers"]:
        spans.setdefault(row["customer_id"], []).append((row["signup_date"], row["churn_date"]))
    for own in spans.values():
        own.sort()
        assert all(churn is None or churn >= signup for signup, churn in own)
        assert all(a[1] is not None and a[1] <= b[0] for a, b in pairwise(own))
        assert len({signup for signup, _ in own}) == len(own)

    for row in data["subscriptions"]:
        assert row["customer_id"]
        assert row["amount"] >= 0
        assert row["end_date"] is None or row["end_date"] >= row["start_date"]
        assert row["interval_count"] != 0
    limits = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
    for row in data["surveys"]:
        lowest, highest = limits[row["survey"]]
        if row["score"] is not None:
            assert lowest <= row["score"] <= highest
            assert row["answered_at"] >= row["sent_at"]
    for row in data["tickets"]:
        reply = row["first_reply_at"]
        if reply is not None:
            assert reply >= row["created_at"]
            assert local_day(reply, data.zone) <= data.as_of


def test_the_nasty_cases_are_there() -> None:
    rows: dict[str, list[Any]] = {}
    for seed in SEEDS:
        found = generate(seed)
        for table in found.tables:
            rows.setdefault(table, []).extend({**row, "seed": seed} for row in found[table])
    per_customer = Counter((r["seed"], r["customer_id"]) for r in rows["customers"])
    assert max(per_customer.values()) >= 2
    assert any(r["signup_date"] == r["churn_date"] for r in rows["customers"])
    lines = Counter(
        (r["seed"], r["customer_id"], r["transaction_id"]) for r in rows["transactions"]
    )
    assert max(lines.values()) >= 4
    for column in ("customer_id", "transaction_id", "channel", "category"):
        assert any(r[column] is None for r in rows["transactions"])
    assert any(r["amount"] < 0 for r in rows["transactions"])
    assert any(r["amount"] == 0 for r in rows["transactions"])
    assert any(r["trial_end"] for r in rows["subscriptions"])
    starts = {(r["seed"], r["customer_id"], r["start_date"]) for r in rows["subscriptions"]}
    ends = {(r["seed"], r["customer_id"], r["end_date"]) for r in rows["subscriptions"]}
    assert starts & ends
    assert any(r["first_reply_at"] is None for r in rows["tickets"])
    assert any(r["score"] is None and r["answered_at"] is None for r in rows["surveys"])
    instants = Counter(
        (r["seed"], r["customer_id"], r["survey"], r["answered_at"])
        for r in rows["surveys"]
        if r["score"] is not None and r["customer_id"] is not None
    )
    assert max(instants.values()) >= 2


def test_files_hold_the_rows(data: Dataset, tmp_path: Path) -> None:
    paths = write(data, tmp_path)
    assert set(paths) == set(data.tables)

    def typed(text: str, like: object) -> object:
        if isinstance(like, datetime):
            return datetime.fromisoformat(text)
        if isinstance(like, date):
            return date.fromisoformat(text)
        if isinstance(like, Decimal | int):
            return type(like)(text)
        return text or None

    for table, path in paths.items():
        with path.open(encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        assert [
            {key: typed(text, row[key]) for key, text in found.items()}
            for found, row in zip(read, data[table], strict=True)
        ] == data[table]


def totals_are_sums(answers: Answers, *, components: bool = True) -> None:
    """n and the components that are counts or sums add up over the segments."""
    for period, segment in answers:
        if segment != TOTAL:
            continue
        total = answers[period, TOTAL]
        parts = [a for (p, s), a in answers.items() if p == period and s != TOTAL]
        if total.n is not None:
            assert sum(part.n or 0 for part in parts) == total.n
        if components:
            for name, value in total.components.items():
                if name not in ("annualised", "mean", "p90"):
                    assert sum(part.components[name] or 0 for part in parts) == value


@pytest.mark.parametrize("every", ["month", "quarter"])
def test_segments_add_up(data: Dataset, every: str) -> None:
    periods = calendar(every, max(FIRST, data.as_of.replace(month=1, day=1)), data.as_of)
    asked, zone = (periods, data.as_of), data.zone
    people, bought = data["customers"], data["transactions"]
    totals_are_sums(retention_rate(*asked, people, by=("region",)))
    totals_are_sums(customers(*asked, people, by=("segment", "channel")))
    for window in ("60d", "period"):
        for rule in ("set", "events", "stripe"):
            totals_are_sums(
                churn_rate(
                    *asked,
                    people,
                    bought,
                    rule=rule,
                    basis="activity",
                    window=window,
                    by=("channel",),
                )
            )
    for order in ("id", "day", "row"):
        for by in (("category",), ("segment",)):
            totals_are_sums(revenue(*asked, bought, people, order=order, by=by))
            totals_are_sums(average_order_value(*asked, bought, people, order=order, by=by))
            totals_are_sums(purchase_frequency(*asked, bought, people, order=order, by=by))
            totals_are_sums(repeat_purchase_rate(*asked, bought, people, order=order, by=by))
    totals_are_sums(clv(*asked, bought, people, by=("channel",)), components=False)
    totals_are_sums(mrr(*asked, data["subscriptions"], people, by=("region",)))
    for per in ("response", "customer"):
        totals_are_sums(nps(*asked, zone, data["surveys"], people, per=per, by=("agent",)))
    totals_are_sums(csat(*asked, zone, data["surveys"], people, by=("region",)))
    totals_are_sums(ces(*asked, zone, data["surveys"], people, by=("agent",)))
    totals_are_sums(first_response_time(*asked, zone, data["tickets"], people, by=("category",)))


def test_a_quarter_moves_as_its_months_do(data: Dataset) -> None:
    quarters = calendar("quarter", FIRST, data.as_of)
    months = calendar("month", FIRST, data.as_of)
    whole = mrr(quarters, data.as_of, data["subscriptions"])
    parts = mrr(months, data.as_of, data["subscriptions"])
    for quarter in quarters:
        inside = [m for m in months if quarter.start <= m.start < quarter.end]
        for name in ("new", "reactivated", "expansion", "contraction", "churned"):
            moved = sum(parts[month, TOTAL].components[name] or 0 for month in inside)
            assert whole[quarter, TOTAL].components[name] == moved
