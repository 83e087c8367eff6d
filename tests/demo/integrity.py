"""What must hold in every set of sample data, whatever its size and seed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import date, datetime, timedelta

from .reading import SHAPES, Export, Row, slash_date, slash_time

AS_OF = date(2024, 12, 31)
FIRST = date(2023, 1, 1)
EVENTS = {
    "transactions": "date",
    "tickets": "created_at",
    "opportunities": "created_at",
    "interactions": "occurred_at",
}
"""Tables whose rows happen to somebody who is a customer at the time: their column of time."""
WORDS = {
    ("transactions", "kind"): {"sale", "refund", "upsell", "cross_sell"},
    ("subscriptions", "interval"): {"day", "week", "month", "quarter", "year"},
    ("surveys", "survey"): {"nps", "csat", "ces"},
    ("opportunities", "outcome"): {"won", "lost", "open"},
    ("costs", "kind"): {"acquisition", "retention", "service"},
}


def check(tables: dict[str, Export]) -> None:
    lifetimes = {
        row["customer_id"]: (row["signup_date"], row["churn_date"] or date.max)
        for row in tables["customers"].rows
    }
    for name, export in tables.items():
        check_table(name, export)
        for row in export.rows:
            customer = row.get("customer_id")
            if customer not in (None, "KH0000"):
                assert customer in lifetimes, (name, row)
                if name in EVENTS:
                    start, stop = lifetimes[customer]
                    assert start <= day(row[EVENTS[name]]) < stop, (name, row)
    check_subscriptions(tables["subscriptions"].rows, lifetimes)
    check_surveys(tables["surveys"].rows)
    check_tickets(tables["tickets"].rows)
    check_leads(tables["leads"].rows, tables["interactions"].rows, lifetimes)
    check_deals(tables["opportunities"].rows, tables["stage_changes"].rows)
    check_refunds(tables["transactions"].rows)


def day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def check_table(name: str, export: Export) -> None:
    assert len(export.rejected) * 100 < max(len(export.cells), 1), name
    for column in export.header:
        texts = [cells[column] for cells in export.cells]
        for text in texts:
            assert text == unicodedata.normalize("NFC", text.strip()), (name, text)
        reader = SHAPES[name].types.get(column)
        values = [row[column] for row in export.rows if row[column] is not None]
        if values and reader in (slash_date, slash_time):
            assert max(value.day for value in values) > 12, (name, column)
        if values and reader is not None and reader.__name__ == "dotted":
            assert any(re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", text) for text in texts), column
        if column in ("date", "signup_date", "start_date") or column.endswith("_at"):
            assert all(day(value) <= AS_OF for value in values), (name, column)
        if (name, column) in WORDS:
            assert set(values) <= WORDS[name, column]


def check_subscriptions(rows: list[Row], lifetimes: dict[str, tuple[date, date]]) -> None:
    for row in rows:
        signup, churn = lifetimes[row["customer_id"]]
        assert signup <= row["start_date"] < (row["end_date"] or date.max) <= churn, row
        assert row["unit_amount"] > 0
        assert row["quantity"] >= 1
        assert row["currency"] == "VND"
        assert row["renewed_at"] is None or row["due_date"] is not None
        if row["trial_end"] is not None:
            assert row["trial_end"] > row["start_date"]
    terms = {(row["customer_id"], row["start_date"]) for row in rows}
    for row in rows:
        if row["renewed_at"]:
            assert (row["customer_id"], max(row["due_date"], row["renewed_at"])) in terms, row


def check_surveys(rows: list[Row]) -> None:
    for row in rows:
        assert (row["score"] is None) == (row["answered_at"] is None), row
        assert row["sent_at"] is not None
        assert row["sent_at"].date() >= FIRST
        assert row["score"] is not None or row["comment"] is None
        assert (row["agent"] is not None) == (row["survey"] == "csat")


def check_tickets(rows: list[Row]) -> None:
    for row in rows:
        replied, first, solved = (
            row[name] for name in ("first_reply_at", "first_solved_at", "solved_at")
        )
        assert (row["agent_replies"] == 0) == (replied is None), row
        assert first is None or replied is not None
        assert solved is None or (first is not None and (first < solved) == (row["reopens"] > 0))
        status = "solved" if solved else "open" if replied else "new"
        assert row["status"] == status


def check_leads(
    rows: list[Row], interactions: list[Row], lifetimes: dict[str, tuple[date, date]]
) -> None:
    ids = {row["lead_id"] for row in rows}
    for row in rows:
        converted = row["converted_at"] is not None
        assert converted == (row["customer_id"] is not None) == (row["status"] == "converted")
        assert row["created_at"].date() >= FIRST
        if converted:
            assert row["converted_at"].date() == lifetimes[row["customer_id"]][0]
    customers = [row["customer_id"] for row in rows if row["customer_id"]]
    assert len(customers) == len(set(customers))
    for row in interactions:
        assert (row["lead_id"] is None) != (row["customer_id"] is None)
        assert row["lead_id"] is None or row["lead_id"] in ids


def check_deals(deals: list[Row], changes: list[Row]) -> None:
    ways: dict[str, list[Row]] = defaultdict(list)
    for change in changes:
        ways[change["opportunity_id"]].append(change)
    assert ways.keys() == {deal["opportunity_id"] for deal in deals}
    for deal in deals:
        way = ways[deal["opportunity_id"]]
        entered = [change["entered_at"] for change in way]
        assert entered == sorted(entered)
        assert entered[0] == deal["created_at"]
        assert way[-1]["stage"] == deal["stage"]
        assert len({change["stage"] for change in way}) == len(way)
        assert (deal["outcome"] == "open") == (deal["closed_at"] is None)
        assert deal["closed_at"] in (None, entered[-1])
        assert 0 <= deal["probability"] <= 1
        assert deal["amount"] > 0


def check_refunds(rows: list[Row]) -> None:
    sales: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        assert row["amount"] != 0, row
        assert (row["amount"] < 0) == (row["kind"] == "refund"), row
        if row["kind"] != "refund":
            sales[row["customer_id"], row["product"]].append(row)
    for row in rows:
        if row["kind"] == "refund":
            assert any(
                sale["amount"] == -row["amount"]
                and timedelta(0) < row["date"] - sale["date"] < timedelta(days=7)
                for sale in sales[row["customer_id"], row["product"]]
            ), row
