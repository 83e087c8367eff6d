"""Customers to follow up, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from crm_kpi.errors import CrmKpiError
from crm_kpi.messages import text

from .support import Row, report, table


def bought(customer: str | None, *days: str) -> list[Row]:
    return [{"customer_id": customer, "date": day, "amount": 5} for day in days]


def contact(customer: str | None, moment: str) -> Row:
    return {"customer_id": customer, "occurred_at": moment}


PURCHASES = [
    *bought("week", "2024-01-24"),
    *bought("six days", "2024-01-25"),
    *bought("called", "2024-01-20"),
    *bought("same day", "2024-01-20"),
    *bought("before", "2024-01-01", "2024-01-20"),
    *bought("old", "2023-01-01"),
    *bought(None, "2024-01-02"),
]
CONTACTS = [
    contact("called", "2024-01-21T00:00:00"),
    contact("same day", "2024-01-20T23:59:59"),
    contact("before", "2024-01-10T12:00:00"),
    contact("old", "2024-02-01T00:00:00"),  # after as_of
    contact(None, "2024-01-30T12:00:00"),
]
SALES = {"transactions": PURCHASES, "interactions": CONTACTS}


def test_follow_up_a_week_after_the_last_purchase() -> None:
    rows = table(SALES, "follow_up", as_of="2024-01-31")
    assert [(row["customer_id"], row["days"]) for row in rows] == [
        ("week", 7),
        ("before", 11),
        ("same day", 11),
        ("old", 395),
    ]
    assert rows[1] == {
        "customer_id": "before",
        "purchased": date(2024, 1, 20),
        "days": 11,
        "last_interaction": date(2024, 1, 10),
        "name": None,
        "email": None,
    }


def test_follow_up_says_whom_to_write_to() -> None:
    def customer(name: str | None, email: str | None, signup: str) -> Row:
        return {"customer_id": "week", "name": name, "email": email, "signup_date": signup}

    known = [customer("An", "an@a.vn", "2024-01-02"), customer("An", "old@a.vn", "2020-01-01")]
    rows = table(SALES | {"customers": known}, "follow_up", as_of="2024-01-31")
    assert [(row["name"], row["email"]) for row in rows[:2]] == [("An", "an@a.vn"), (None, None)]
    without = [{"customer_id": "week", "signup_date": "2024-01-02"}]
    row = table(SALES | {"customers": without}, "follow_up", as_of="2024-01-31")[0]
    assert (row["customer_id"], row["name"], row["email"]) == ("week", None, None)


def test_follow_up_of_the_first_purchase_within_a_month() -> None:
    definition = "{purchase: first, after: 1 week, within: 30d}"
    rows = table(SALES, "follow_up", as_of="2024-01-31", definition=definition)
    # "before" was contacted after its first purchase, "old" is given up.
    assert [row["customer_id"] for row in rows] == ["week", "same day"]


def test_without_interactions_purchases_are_given_up_in_time() -> None:
    bought_only = {"transactions": PURCHASES}
    told = report(bought_only, "follow_up", as_of="2024-01-31", definition="{within: 30d}")
    rows = told.tables["follow_up"]
    assert [row["customer_id"] for row in rows] == ["week", "before", "called", "same day"]
    assert {row["last_interaction"] for row in rows} == {None}
    assert told.asides["follow_up"].notes == [text("analyses.no_interactions")]
    with pytest.raises(CrmKpiError, match="no interactions source"):
        report(bought_only, "follow_up", as_of="2024-01-31")


def test_a_contact_counts_through_whatever_channel() -> None:
    purchases = [row | {"channel": "web"} for row in PURCHASES]
    contacts = [row | {"channel": "phone"} for row in CONTACTS]
    tables = {"transactions": purchases, "interactions": contacts}
    rows = table(tables, "follow_up", as_of="2024-01-31", where={"channel": ["web"]})
    assert "called" not in {row["customer_id"] for row in rows}
