"""Why customers left, in plain Python, one customer at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from tests.oracle.common import percent
from tests.oracle.customers import active, spans_of, undated_of
from tests.oracle.data import Dataset
from tests.oracle.mrr import level

from .oracle import Table


def churn_reasons(data: Dataset, start: date, tables: Collection[str]) -> Table:
    """Of the time from `start` to the last day known; `tables` are those beside customers."""
    until, people = data.as_of + timedelta(days=1), data["customers"]
    found: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"customers": 0, "lost": [], "tenures": [], "undated": 0}
    )
    for customer, own in spans_of(people, data.as_of).items():
        ends = [churn for _, churn in own if churn and churn < until]
        if active(own, until) or not ends or max(ends) < start:
            continue
        left = max(ends)
        signup, reason = max(
            (row["signup_date"], row["churn_reason"] or "")
            for row in people
            if row["customer_id"] == customer and row["churn_date"] == left
        )
        mine = found[reason]
        mine["customers"] += 1
        mine["tenures"].append((left - signup).days)
        mine["lost"].append(lost_revenue(data, customer, left, tables))
    for customer, first in undated_of(people, data.as_of).items():
        reason = max(
            row["churn_reason"] or ""
            for row in people
            if row["customer_id"] == customer and row["churn_date"] is None
        )
        found[reason]["undated"] += 1
        found[reason]["customers"] += first >= start
    total = sum(mine["customers"] for mine in found.values())
    rows = [
        {
            "reason": reason or None,
            "customers": mine["customers"],
            "share": percent(mine["customers"], total),
            "lost_revenue": sum(mine["lost"]) if tables and mine["lost"] else None,
            "median_tenure": median(mine["tenures"]) if mine["tenures"] else None,
            "undated": mine["undated"],
        }
        for reason, mine in found.items()
    ]
    return sorted(rows, key=lambda r: (-r["customers"], r["reason"] is None, r["reason"] or ""))


def lost_revenue(data: Dataset, customer: str, left: date, tables: Collection[str]) -> Fraction:
    if "subscriptions" in tables:
        rows = [row for row in data["subscriptions"] if row["customer_id"] == customer]
        for days in range((left - year_before(left)).days + 2):
            paid = level(rows, left - timedelta(days=days - 1))
            if paid > 0:
                return paid
        return Fraction(0)
    return sum(
        (
            Fraction(row["amount"])
            for row in data["transactions"]
            if row["customer_id"] == customer and year_before(left) <= row["date"] < left
        ),
        Fraction(0),
    )


def year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
