"""Columns that are counted as of each step: what was known at its start, and nothing of later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.analyses.support import table
from tests.support import ask, one

from .test_clv_predicted import said

HALF = date(2023, 12, 31)
NAME = "expected_churn"
Tables = Mapping[str, list[dict[str, Any]]]


def company() -> Tables:
    """Who has asked for help lately, or said a low score last, leaves."""
    random = Random(3)
    found: dict[str, list[dict[str, Any]]] = {"customers": [], "tickets": [], "surveys": []}
    for i in range(500):
        who, begun = f"M{i:03d}", date(2022, 1, 1) + timedelta(days=random.randrange(600))
        asked: list[date] = []
        scores: list[tuple[date, int]] = []
        step, ended = 0, None
        while begun + timedelta(days=30 * step) < date(2024, 6, 1):
            start = begun + timedelta(days=30 * step)
            lately = sum(start - timedelta(days=90) <= day < start for day in asked)
            low = scores and scores[-1][1] < 7
            if random.random() < 0.005 + 0.25 * lately + (0.3 if low else 0):
                ended = start + timedelta(days=random.randrange(1, 30))
                break
            if random.random() < 0.15:
                asked.append(start + timedelta(days=random.randrange(30)))
            if random.random() < 0.1:
                scores.append((start + timedelta(days=random.randrange(30)), random.randrange(11)))
            step += 1
        member = {"customer_id": who, "signup_date": str(begun), "churn_date": ended and str(ended)}
        found["customers"].append(member)
        found["tickets"] += [
            {"ticket_id": f"{who}-{k}", "customer_id": who, "created_at": f"{day}T10:00"}
            for k, day in enumerate(asked)
        ]
        found["surveys"] += [
            {"customer_id": who, "survey": "nps", "score": score, "answered_at": f"{day}T11:00"}
            for day, score in scores
        ]
    return found


TABLES = company()
BOTH = "{columns: [tickets_90d, last_score], horizon: 30d}"


def asked_of(tables: Tables = TABLES, definition: str = BOTH, **options: Any) -> Any:
    options = {"as_of": HALF, "every": "quarter", **options}
    return ask(tables, [NAME], definitions={NAME: definition}, **options)


def levels(who: str, begun: date) -> tuple[str, str]:
    """What was known when the step began that the customer is in."""
    start = begun + timedelta(days=(HALF + timedelta(days=1) - begun).days // 30 * 30)
    days = [
        date.fromisoformat(row["created_at"][:10])
        for row in TABLES["tickets"]
        if row["customer_id"] == who
    ]
    asked = sum(start - timedelta(days=90) <= day < start for day in days)
    last = max(
        (
            (row["answered_at"], row["score"])
            for row in TABLES["surveys"]
            if row["customer_id"] == who and row["answered_at"] < str(start)
        ),
        default=None,
    )
    score = "blank"
    if last is not None:
        score = "0-6" if last[1] < 7 else "7-8" if last[1] < 9 else "9-10"
    return "3+" if asked >= 3 else str(asked), score


def test_each_customer_is_told_by_what_was_known() -> None:
    rows = table(TABLES, "churn_risk", as_of=HALF, definition=BOTH)
    begun = {
        row["customer_id"]: date.fromisoformat(row["signup_date"]) for row in TABLES["customers"]
    }
    assert len(rows) > 100
    for row in rows:
        found = re.search("tickets_90d ([^,]+), last_score ([^:]+): ", row["reason"])
        assert found, row["reason"]
        assert found.groups() == levels(row["customer_id"], begun[row["customer_id"]])


def test_they_tell_who_leaves() -> None:
    result = one(asked_of(), NAME, "2023-Q4")
    assert result.reason is None
    plain = one(asked_of(definition="{basis: contract, horizon: 30d}"), NAME, "2023-Q4")
    assert (result.n, result.components["events"]) == (plain.n, plain.components["events"])
    assert result.components["exposure"] == plain.components["exposure"]
    assert result.value != plain.value


def test_engines_agree_and_later_rows_change_nothing() -> None:
    expected = said(asked_of().results)
    assert said(asked_of(set_=["engine=duckdb"]).results) == expected
    dates = {"customers": "signup_date", "tickets": "created_at", "surveys": "answered_at"}
    known = {
        name: [row for row in rows if row[dates[name]] < "2024-01-01"][::-1]
        for name, rows in TABLES.items()
    }
    assert said(asked_of(known).results) == expected


def test_without_tickets_there_are_none() -> None:
    found = asked_of({"customers": TABLES["customers"]})
    assert found.results == []
    assert found.skipped[0].reason == "no tickets and no surveys source"
