"""Everything about one customer, in order of time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import UsageError
from tests.corpus.program import crm_kpi

from .support import Row, table

MARCH = "2024-03-31"
TABLES: dict[str, list[Row]] = {
    "customers": [
        {"customer_id": "A", "signup_date": "2024-01-02", "churn_date": "2024-03-20",
         "segment": "retail"},
        {"customer_id": "B", "signup_date": "2024-01-02", "churn_date": None, "segment": None},
    ],
    "transactions": [
        {"customer_id": "A", "date": "2024-01-05", "amount": 100, "transaction_id": "O1",
         "product": "espresso", "kind": "upsell"},
        {"customer_id": "A", "date": "2024-01-06", "amount": -30, "transaction_id": None,
         "product": None, "kind": None},
        {"customer_id": "B", "date": "2024-01-07", "amount": 7, "transaction_id": "O2",
         "product": None, "kind": "sale"},
        {"customer_id": None, "date": "2024-01-07", "amount": 9, "transaction_id": "O3",
         "product": None, "kind": "sale"},
    ],
    "tickets": [
        {"ticket_id": "T1", "created_at": "2024-01-05T08:00", "solved_at": "2024-01-06T08:00",
         "customer_id": "A", "category": "billing", "agent": "An"},
        {"ticket_id": "T2", "created_at": "2024-03-30T08:00", "solved_at": "2024-04-01T08:00",
         "customer_id": "A", "category": None, "agent": None},
    ],
    "surveys": [
        {"survey": "nps", "score": 3, "answered_at": "2024-01-05T09:00", "customer_id": "A",
         "comment": "giao trễ"},
    ],
    "subscriptions": [
        {"customer_id": "A", "start_date": "2024-02-01", "end_date": "2024-06-01", "amount": 50,
         "subscription_id": "S1", "plan": "pro"},
    ],
    "opportunities": [
        {"opportunity_id": "D1", "created_at": "2024-02-02T10:00", "closed_at": "2024-02-03T10:00",
         "outcome": "won", "amount": 900, "customer_id": "A", "stage": "signed"},
    ],
}  # fmt: skip


def history(customer: str, tables: Any = TABLES, **options: Any) -> list[Row]:
    definition = f'{{customer: "{customer}"}}'
    return table(tables, "history", as_of=MARCH, definition=definition, **options)


def test_all_of_one_in_order_of_time() -> None:
    found = [tuple(row.values()) for row in history("A")]
    assert found == [
        (date(2024, 1, 2), "signup", "retail", None),
        (date(2024, 1, 5), "upsell", "O1 · espresso", Decimal(100)),
        (date(2024, 1, 5), "ticket", "T1 · billing", None),
        (date(2024, 1, 5), "nps", "3 · giao trễ", None),
        (date(2024, 1, 6), "order", "", Decimal(-30)),
        (date(2024, 1, 6), "ticket solved", "T1 · An", None),
        (date(2024, 2, 1), "subscription", "S1 · pro", Decimal(50)),
        (date(2024, 2, 2), "deal", "D1", Decimal(900)),
        (date(2024, 2, 3), "deal won", "D1 · signed", Decimal(900)),
        (date(2024, 3, 20), "left", "", None),
        (date(2024, 3, 30), "ticket", "T2", None),  # solved after as_of
    ]


def test_without_a_customer_it_is_that_of_all() -> None:
    found = table(TABLES, "history", as_of=MARCH)
    assert [row for row in found if row["customer_id"] == "A"] == [
        {"customer_id": "A"} | row for row in history("A")
    ]
    assert {row["customer_id"] for row in found} == {"A", "B"}


def test_of_whatever_tables_there_are() -> None:
    for name in ("customers", "tickets", "surveys"):
        assert history("A", {name: TABLES[name]}), name


def test_an_unknown_customer_is_refused_with_near_ones() -> None:
    rows = [{"customer_id": f"KH000{n}", "date": "2024-01-01", "amount": 1} for n in range(3)]
    with pytest.raises(UsageError) as error:
        history("kh0001", {"transactions": rows})
    assert "no customer 'kh0001' in transactions" in error.value.message
    assert "KH0001" in str(error.value.hint)
    with pytest.raises(UsageError) as error:
        history("Zoë", {"transactions": rows})
    assert error.value.hint is None


def test_the_command(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "o.csv").write_text("customer_id,date,amount\n007,2024-01-05,10\n7,2024-01-06,20\n")
    (tmp_path / "t.csv").write_text("ticket_id,created_at,customer_id\nT1,2024-01-07 10:00,007\n")
    found = crm_kpi("history", "007", "o.csv", "--tickets", "t.csv", "-f", "csv")
    assert found.out == ("date,what,text,amount\n2024-01-05,order,,10\n2024-01-07,ticket,T1,\n")
    found = crm_kpi("history", "8", "o.csv")
    assert (found.code, found.out) == (2, "")
    assert "no customer '8' in transactions" in found.err
    assert crm_kpi("history").code == 2
