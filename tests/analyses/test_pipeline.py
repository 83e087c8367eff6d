"""The open deals, by stage and one by one, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import ConfigError

from .support import Row, report, table


def deal(name: str, stage: str, amount: Any, chance: Any, **more: Any) -> Row:
    return {
        "opportunity_id": name,
        "created_at": "2024-01-01T00:00",
        "closed_at": None,
        "outcome": "open",
        "stage": stage,
        "amount": amount,
        "probability": chance,
        **more,
    }


DEALS = [
    deal("a", "Offer", 50_000, 40, expected_close="2024-01-31", owner="An", customer_id="A"),
    deal("b", "Offer", 30_000, 80, expected_close="2024-02-01", owner="Bình", customer_id="B"),
    deal("c", "Demo", 10_000, None, customer_id="C"),
    deal("d", "Demo", None, 50),
    deal("e", "Demo", 7, 50, outcome="won", closed_at="2024-01-20"),
    deal("f", "Demo", 1_000, 50, outcome="won", closed_at="2024-02-01"),  # after as_of: still open
]
CHANGES = [
    {"opportunity_id": name, "stage": stage, "entered_at": f"2024-01-{day:02}T08:00"}
    for name, stage, day in [
        *(("a", "Demo", 1), ("a", "Offer", 17), ("b", "Demo", 1), ("b", "Offer", 18)),
        *(("c", "Demo", 1), ("d", "Demo", 1), ("e", "Demo", 1), ("f", "Demo", 31)),
    ]
]
INTERACTIONS = [{"occurred_at": "2024-01-30T08:00", "customer_id": "C"}]
TABLES = {"opportunities": DEALS, "stage_changes": CHANGES, "interactions": INTERACTIONS}


def test_by_stage() -> None:
    rows = table(TABLES, "pipeline", as_of="2024-01-31")
    # Demo: c is worth 10,000 without odds, d has odds of nothing, f 1,000 at 50 %. Untouched: d.
    # Offer: 20,000 + 24,000. a was due on the 31st, which is over, and has stood since the 17th,
    # 14 days before; b for 13.
    assert rows == [
        {
            "stage": "Demo",
            "deals": 3,
            "amount": Decimal(11_000),
            "weighted": Decimal(500),
            "overdue": None,
            "untouched": 1,
        },
        {
            "stage": "Offer",
            "deals": 2,
            "amount": Decimal(80_000),
            "weighted": Decimal(44_000),
            "overdue": 1,
            "untouched": 1,
        },
    ]


def test_one_by_one() -> None:
    rows = table(TABLES, "pipeline", as_of="2024-01-31", definition="{deals: list}")
    assert [row["opportunity_id"] for row in rows] == ["b", "a", "f", "c", "d"]
    assert rows[1] == {
        "opportunity_id": "a",
        "stage": "Offer",
        "owner": "An",
        "customer_id": "A",
        "amount": Decimal(50_000),
        "probability": 40.0,
        "weighted": Decimal(20_000),
        "expected_close": date(2024, 1, 31),
        "overdue": True,
        "days_untouched": 14,
    }
    assert (rows[3]["weighted"], rows[3]["days_untouched"]) == (None, 1)


def test_what_no_source_tells_is_null() -> None:
    alone = [{k: v for k, v in row.items() if k != "expected_close"} for row in DEALS]
    rows = table({"opportunities": alone}, "pipeline", as_of="2024-01-31")
    assert [row["stage"] for row in rows] == ["Offer", "Demo"]  # the highest amount first
    assert all(row["overdue"] is None and row["untouched"] is None for row in rows)


def test_how_long_untouched() -> None:
    rows = table(TABLES, "pipeline", as_of="2024-01-31", definition="{untouched: 13d}")
    assert [row["untouched"] for row in rows] == [1, 2]
    with pytest.raises(ConfigError):
        table(TABLES, "pipeline", as_of="2024-01-31", definition="{untouched: 48h}")


def test_of_one_owner() -> None:
    found = report(TABLES, "pipeline", as_of="2024-01-31", where={"owner": ["An"]})
    assert [(row["stage"], row["deals"]) for row in found.tables["pipeline"]] == [("Offer", 1)]


def test_nothing_open() -> None:
    assert table({"opportunities": [DEALS[4]]}, "pipeline", as_of="2024-01-31") == []
