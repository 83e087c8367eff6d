"""The team table: worked by hand, and the same numbers as the metrics by owner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.data import generate
from tests.oracle.data_sales import sales
from tests.oracle.data_service import tickets
from tests.support import ask, one

from .support import Row, report, table


def deal(name: str, owner: str | None, outcome: str, amount: Any, day: str = "2024-01-11") -> Row:
    return {
        "opportunity_id": name,
        "created_at": "2024-01-01T00:00",
        "closed_at": None if outcome == "open" else f"{day}T00:00",
        "outcome": outcome,
        "amount": amount,
        "owner": owner,
    }


DEALS = [
    *(deal(f"w{n}", "An", "won", 100) for n in range(4)),
    *(deal(f"l{n}", "An", "lost", 10) for n in range(4)),
    deal("b1", "Bình", "won", 900, "2024-01-05"),
    deal("b2", "Bình", "open", 900),
    deal("n1", None, "lost", 5),
    deal("x1", "Late", "won", 5, "2024-02-01"),  # closed after as_of
]
TICKETS = [
    {
        "ticket_id": f"T{n}",
        "created_at": "2024-01-05T08:00",
        "first_reply_at": "2024-01-05T10:00",
        "agent": "An" if n < 5 else "Chi",
    }
    for n in range(6)
]
SURVEYS = [
    {
        "survey": "csat",
        "score": s,
        "answered_at": "2024-01-06T08:00",
        "agent": a,
        "response_id": str(i),
    }
    for i, (s, a) in enumerate([(5, "An"), (2, "An"), (4, "Chi"), (3, None)])
]
TABLES = {"opportunities": DEALS, "tickets": TICKETS, "surveys": SURVEYS}


def by_owner(rows: list[Row]) -> dict[str | None, Row]:
    return {row["owner"]: row for row in rows}


def test_side_by_side() -> None:
    rows = table(TABLES, "team", as_of="2024-01-31", definition="{target: {An: 500, Chi: 10}}")
    assert [row["owner"] for row in rows] == ["Bình", "An", "Chi", None]
    found = by_owner(rows)
    assert found["An"] == {
        "owner": "An",
        "deals": 4,
        "amount": Decimal(400),
        "win_rate": 50.0,
        "sales_cycle": 10.0,
        "tickets": 5,
        "first_response": 2.0,
        "csat": 50.0,
        "target": Decimal(500),
        "target_share": 80.0,
        "small_n": "sales_cycle, csat",  # of 4 and 2; 8 deals and 5 replies are enough
        "needs_help": None,
    }
    bình = found["Bình"]
    assert (bình["deals"], bình["amount"], bình["win_rate"]) == (1, 900, 100.0)
    assert (bình["sales_cycle"], bình["tickets"], bình["target"]) == (4.0, None, None)
    assert bình["small_n"] == "win_rate, sales_cycle"
    chi = found["Chi"]
    assert (chi["deals"], chi["amount"], chi["target_share"]) == (None, None, None)
    nobody = found[None]
    assert (nobody["deals"], nobody["amount"], nobody["win_rate"]) == (0, 0, 0.0)


def test_one_target_for_everybody() -> None:
    rows = table(TABLES, "team", as_of="2024-01-31", definition="{target: 200}")
    shares = {row["owner"]: row["target_share"] for row in rows}
    assert shares == {"Bình": 450.0, "An": 200.0, "Chi": None, None: 0.0}


def test_metrics_are_as_the_config_defines_them() -> None:
    rows = table(
        TABLES,
        "team",
        as_of="2024-01-31",
        set_=[
            "definitions.csat={satisfied: 2}",
            "definitions.first_response_time={hours: business, business_hours: "
            '{weekdays: {mon-sun: "09:00-12:00"}}}',
            "definitions.win_rate={by: amount}",
        ],
    )
    an = by_owner(rows)["An"]
    # Both scores satisfy; 09:00 to 10:00; 400 of 440.
    assert (an["csat"], an["first_response"]) == (100.0, 1.0)
    assert an["win_rate"] == pytest.approx(100 * 400 / 440)


@pytest.mark.parametrize("alone", ["opportunities", "tickets", "surveys"])
def test_with_one_source(alone: str) -> None:
    rows = by_owner(table({alone: TABLES[alone]}, "team", as_of="2024-01-31"))
    everything = by_owner(table(TABLES, "team", as_of="2024-01-31"))
    columns = {
        "opportunities": ("deals", "amount", "win_rate", "sales_cycle"),
        "tickets": ("tickets", "first_response"),
        "surveys": ("csat",),
    }[alone]
    assert {c: rows["An"][c] for c in columns} == {c: everything["An"][c] for c in columns}
    others = {"deals", "tickets", "csat", "amount"} - set(columns)
    assert {rows["An"][c] for c in others} == {None}


def test_what_a_file_cannot_tell_is_null() -> None:
    bare = [{k: row[k] for k in ("ticket_id", "created_at", "agent")} for row in TICKETS]
    rows = by_owner(table({"tickets": bare}, "team", as_of="2024-01-31"))
    assert (rows["An"]["tickets"], rows["An"]["first_response"]) == (5, None)


def test_without_any_source_or_owner() -> None:
    customers = [{"customer_id": "A", "signup_date": "2024-01-01"}]
    found = report({"customers": customers}, "team", as_of="2024-01-31", must=False)
    assert [skip.reason for skip in found.skipped] == ["no opportunities source"]
    no_owner = [{k: v for k, v in row.items() if k != "owner"} for row in DEALS]
    found = report({"opportunities": no_owner}, "team", as_of="2024-01-31", must=False)
    assert [skip.reason for skip in found.skipped] == ["opportunities has no column owner"]


def test_the_range_that_is_asked_for() -> None:
    words = ["periods.from=2024-01-06"]
    rows = by_owner(table(TABLES, "team", as_of="2024-01-31", set_=words))
    assert "Bình" not in rows  # won on the 5th
    assert rows["An"]["tickets"] is None
    assert rows["An"]["deals"] == 4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_as_the_metrics_by_owner(seed: int) -> None:
    base, data = generate(seed), sales(seed)
    tables = {
        "opportunities": data["opportunities"],
        "tickets": tickets(base),
        "surveys": base["surveys"],
    }
    # The metrics split by one column, so agents are called owners in their tables.
    owned = {
        name: [
            {("owner" if column == "agent" else column): v for column, v in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    }
    options: dict[str, Any] = {"as_of": base.as_of, "timezone": base.timezone}
    metrics = {
        "win_rate": "win_rate",
        "sales_cycle": "sales_cycle",
        "tickets": "tickets",
        "first_response": "first_response_time",
        "csat": "csat",
    }
    answers = ask(owned, list(metrics.values()), every="all", by=["owner"], **options)
    rows = by_owner(table(tables, "team", **options))
    assert len(rows) == 3
    for owner, row in rows.items():
        for column, metric in metrics.items():
            assert row[column] == one(answers, metric, "all", owner=owner).value
        deals = one(answers, "win_rate", "all", owner=owner).components
        assert (row["deals"], row["amount"]) == (deals["won"], deals["won_amount"])


def test_who_has_a_target_is_listed_without_a_row() -> None:
    rows = table(
        TABLES,
        "team",
        as_of="2024-01-31",
        definition="{target: {Dung: 100}}",
        set_=[
            "thresholds.win_rate={target: {Em: 50, '*': 40}, by: owner}",
            "thresholds.csat={target: {Giang: 80, An: 80}, by: agent}",
        ],
    )
    found = by_owner(rows)
    assert set(found) == {"Bình", "An", "Chi", None, "Dung", "Em", "Giang"}
    won = ("deals", "amount", "target", "target_share")
    assert [found["Dung"][column] for column in won] == [0, 0, 100, 0.0]
    assert all(found[name][column] is None for name in ("Em", "Giang") for column in won)
    assert all(found[name]["tickets"] is None for name in ("Dung", "Em", "Giang"))


def test_who_needs_help() -> None:
    """The team wins 51 of 110. An has won 1 of 20, at most 24 % with 95 % confidence (Wilson);
    Bình 10 of 30, at most 51 %; the rest 40 of 60."""
    deals = [deal(f"a{n}", "An", "won" if n < 1 else "lost", 1) for n in range(20)]
    deals += [deal(f"b{n}", "Bình", "won" if n < 10 else "lost", 1) for n in range(30)]
    deals += [deal(f"c{n}", "Chi", "won" if n < 40 else "lost", 1) for n in range(60)]
    found = by_owner(table({"opportunities": deals}, "team", as_of="2024-01-31"))
    helped = {name: row["needs_help"] for name, row in found.items()}
    assert helped == {"An": "win_rate", "Bình": None, "Chi": None}
