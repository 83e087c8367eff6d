"""The funnel worked out by hand: order, skipping, ways out, days."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.analyses.funnel import _table
from crm_kpi.errors import IdentityError, UsageError

from .support import Row, report, table


def deal(name: str, outcome: str | None = None, closed: str | None = None, **more: Any) -> Row:
    row = {"opportunity_id": name, "created_at": "2024-01-01T00:00", "outcome": outcome}
    return row | {"closed_at": closed} | more


def way(name: str, *entries: tuple[str, str]) -> list[Row]:
    return [{"opportunity_id": name, "stage": s, "entered_at": f"{at}T00:00"} for s, at in entries]


# a is won through all stages, b skips the demo, c is lost after the demo, d stays in Lead,
# e is open in Offer.
DEALS = [
    deal("a", "won", "2024-01-20T00:00"),
    deal("b", "won", "2024-01-10T00:00"),
    deal("c", "lost", "2024-01-15T00:00"),
    deal("d"),
    deal("e"),
]
CHANGES = [
    *way("a", ("Lead", "2024-01-01"), ("Demo", "2024-01-03"), ("Offer", "2024-01-10")),
    *way("b", ("Lead", "2024-01-01"), ("Offer", "2024-01-05")),
    *way("c", ("Lead", "2024-01-02"), ("Demo", "2024-01-08")),
    *way("d", ("Lead", "2024-01-02")),
    *way("e", ("Lead", "2024-01-02"), ("Demo", "2024-01-03"), ("Offer", "2024-01-04")),
]
TABLES = {"opportunities": DEALS, "stage_changes": CHANGES}


def reached(rows: list[Row]) -> dict[str, int]:
    return {row["stage"]: row["reached"] for row in rows}


def test_stages_in_the_order_learned() -> None:
    rows = table(TABLES, "funnel", as_of="2024-03-31")
    # Offer was reached by a, b and e; b skipped the demo, which counts as passed.
    assert reached(rows) == {"Lead": 5, "Demo": 4, "Offer": 3, "won": 2}
    assert [row["step_rate"] for row in rows] == [None, 80.0, 75.0, pytest.approx(200 / 3)]
    assert [row["overall_rate"] for row in rows] == [100.0, 80.0, 60.0, 40.0]
    # Lead: a 2, b 4, c 6, e 1 days, d is still there. Demo: 7, 7 (until lost), 1.
    # Offer: 10 and 5, e is still there.
    assert [row["median_days"] for row in rows] == [3.0, 7.0, 7.5, None]


def test_ways_out_are_no_stages_and_a_stage_may_mean_won() -> None:
    changes = [
        *CHANGES,
        *way("a", ("Closed Won", "2024-01-20")),
        *way("b", ("Closed Won", "2024-01-10")),
        *way("c", ("Closed Lost", "2024-01-15")),
    ]
    tables = {"opportunities": DEALS, "stage_changes": changes}
    rows = table(tables, "funnel", as_of="2024-03-31")
    assert reached(rows) == {"Lead": 5, "Demo": 4, "Offer": 3, "Closed Won": 2}
    assert [row["median_days"] for row in rows] == [3.0, 7.0, 7.5, None]


def test_deals_that_are_all_lost_in_a_stage_leave_it_a_stage() -> None:
    deals = [deal("x", "lost", "2024-01-09T00:00"), deal("y", "lost", "2024-01-09T00:00")]
    changes = [
        *way("x", ("Lead", "2024-01-01"), ("Demo", "2024-01-05")),
        *way("y", ("Lead", "2024-01-01")),
    ]
    rows = table({"opportunities": deals, "stage_changes": changes}, "funnel", as_of="2024-03-31")
    assert reached(rows) == {"Lead": 2, "Demo": 1, "won": 0}
    assert rows[-1]["step_rate"] == 0.0


def test_deals_that_are_won_on_their_first_day_leave_their_stage_a_stage() -> None:
    deals = [deal(name, "won", "2024-01-01T09:00") for name in "xy"] + [deal("z")]
    changes = [*way("x", ("New", "2024-01-01")), *way("y", ("New", "2024-01-01"))]
    changes += way("z", ("New", "2024-01-01"))
    rows = table({"opportunities": deals, "stage_changes": changes}, "funnel", as_of="2024-03-31")
    assert reached(rows) == {"New": 3, "won": 2}


def test_without_outcomes_two_dead_ends_are_refused() -> None:
    changes = [
        *way("a", ("Lead", "2024-01-01"), ("Gewonnen", "2024-01-10")),
        *way("b", ("Lead", "2024-01-01"), ("Verloren", "2024-01-10")),
    ]
    with pytest.raises(UsageError, match="Gewonnen, Verloren") as caught:
        table({"stage_changes": changes}, "funnel", as_of="2024-03-31")
    assert "--opportunities" in str(caught.value.hint)
    rows = table(
        {"stage_changes": changes},
        "funnel",
        as_of="2024-03-31",
        definition="{stages: [Lead, Gewonnen]}",
    )
    assert reached(rows) == {"Lead": 2, "Gewonnen": 1}


def test_stage_changes_alone() -> None:
    rows = table({"stage_changes": CHANGES}, "funnel", as_of="2024-03-31")
    assert reached(rows) == {"Lead": 5, "Demo": 4, "Offer": 3}


def test_stages_named_in_the_config_and_no_stage_changes() -> None:
    deals = [
        deal("a", "won", "2024-01-20T00:00", stage="Offer"),
        deal("b", stage="Demo"),
        deal("c", "lost", "2024-01-20T00:00", stage="Lost"),
        deal("d", stage=None),
    ]
    definition = "{stages: [Lead, Demo, Offer]}"
    rows = table({"opportunities": deals}, "funnel", as_of="2024-03-31", definition=definition)
    assert reached(rows) == {"Lead": 4, "Demo": 2, "Offer": 1, "won": 1}
    assert {row["median_days"] for row in rows} == {None}


def test_deals_alone_need_their_stages() -> None:
    found = report({"opportunities": DEALS}, "funnel", as_of="2024-03-31", must=False)
    assert [skip.reason for skip in found.skipped] == ["opportunities has no column stage"]


SNAPSHOT = [
    deal("a", "won", "2024-01-20T00:00", stage="Thắng", probability=1.0),
    deal("b", "won", "2024-01-20T00:00", stage="Thắng", probability=1.0),
    deal("c", "lost", "2024-01-20T00:00", stage="Thua", probability=0.0),
    deal("d", stage="Báo giá", probability=0.5),
    deal("e", stage="Tiếp cận", probability=0.1),
    deal("f", stage="Tiếp cận", probability=0.2),
]


def test_deals_alone_in_the_order_of_their_odds() -> None:
    rows = table({"opportunities": SNAPSHOT}, "funnel", as_of="2024-03-31")
    # c got at least to the first stage; Thua is the way out.
    assert list(reached(rows).items()) == [("Tiếp cận", 6), ("Báo giá", 3), ("Thắng", 2)]


def test_an_order_that_nothing_tells_is_refused() -> None:
    bare = [{k: v for k, v in row.items() if k != "probability"} for row in SNAPSHOT]
    with pytest.raises(UsageError, match="Báo giá, Tiếp cận comes first") as caught:
        table({"opportunities": bare}, "funnel", as_of="2024-03-31")
    assert "definitions.funnel.stages" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["won", "Won", "Closed Won"])
def test_a_stage_that_is_called_won_is_named_once(name: str) -> None:
    """Though it was entered days before the deal was closed."""
    deals = [deal("a", "won", "2024-01-20T00:00"), deal("b")]
    changes = [
        *way("a", ("Lead", "2024-01-01"), (name, "2024-01-15")),
        *way("b", ("Lead", "2024-01-01")),
    ]
    tables = {"opportunities": deals, "stage_changes": changes}
    for definition in ("", f"{{stages: [Lead, {name}]}}"):
        rows = table(tables, "funnel", as_of="2024-03-31", definition=definition)
        assert reached(rows) == {"Lead": 2, name: 1}


def test_leads_alone_are_followed_as_leads() -> None:
    leads: list[Row] = [
        {"lead_id": "1", "created_at": "2024-01-01T00:00", "converted": True},
        {"lead_id": "2", "created_at": "2024-01-01T00:00", "converted": False},
    ]
    rows = table({"leads": leads}, "funnel", as_of="2024-03-31")
    assert reached(rows) == {"lead": 2, "converted": 1}
    both = table({"leads": leads} | TABLES, "funnel", as_of="2024-03-31")
    assert reached(both) == {"Lead": 5, "Demo": 4, "Offer": 3, "won": 2}


def test_a_stage_that_is_misspelt_is_no_silent_zero() -> None:
    with pytest.raises(UsageError, match="'Ofer'") as caught:
        table(TABLES, "funnel", as_of="2024-03-31", definition="{stages: [Lead, Ofer]}")
    assert caught.value.hint == "did you mean 'Offer'?"


def test_stages_nobody_has_entered_yet() -> None:
    definition = "{stages: [Lead, Offer, Contract]}"
    rows = table(TABLES, "funnel", as_of="2024-03-31", definition=definition)
    # Who is won has passed the contract.
    assert reached(rows) == {"Lead": 5, "Offer": 3, "Contract": 2, "won": 2}


def test_what_is_dated_after_as_of_has_not_happened() -> None:
    rows = table(TABLES, "funnel", as_of="2024-01-09")
    # b is won on the 10th; a and c are in the demo.
    assert reached(rows) == {"Lead": 5, "Demo": 4, "Offer": 2, "won": 0}


def test_a_stage_entered_twice_counts_once_and_its_days_add_up() -> None:
    changes = way(
        "a", ("Lead", "2024-01-01"), ("Demo", "2024-01-03"), ("Lead", "2024-01-04")
    ) + way("a", ("Demo", "2024-01-10"))
    deals = [deal("a", "won", "2024-01-20T00:00")]
    rows = table({"opportunities": deals, "stage_changes": changes}, "funnel", as_of="2024-03-31")
    assert [(r["stage"], r["reached"], r["median_days"]) for r in rows] == [
        ("Lead", 1, 8.0),  # 2 + 6
        ("Demo", 1, 11.0),  # 1 + 10
        ("won", 1, None),
    ]


def test_deals_of_the_range_and_the_order_of_all() -> None:
    late = [deal("z") | {"created_at": "2024-02-01T00:00"}]
    changes = [*CHANGES, *way("z", ("Offer", "2024-02-02"))]
    tables = {"opportunities": [*DEALS, *late], "stage_changes": changes}
    rows = table(tables, "funnel", as_of="2024-03-31", set_=["periods.from=2024-02"])
    assert reached(rows) == {"Lead": 1, "Demo": 1, "Offer": 1, "won": 0}


def test_a_segment_has_the_stages_of_all() -> None:
    deals = [row | {"owner": "An" if row["opportunity_id"] == "d" else "Bình"} for row in DEALS]
    tables = {"opportunities": deals, "stage_changes": CHANGES}
    rows = table(tables, "funnel", as_of="2024-03-31", by=["owner"])
    an = [row for row in rows if row["segment.owner"] == "An"]
    assert reached(an) == {"Lead": 1, "Demo": 0, "Offer": 0, "won": 0}
    assert [row["step_rate"] for row in an] == [None, 0.0, None, None]


def test_leads() -> None:
    leads: list[Row] = [
        {"lead_id": "1", "created_at": "2024-01-01T00:00", "converted_at": "2024-01-03T00:00"},
        {"lead_id": "2", "created_at": "2024-01-01T00:00", "converted_at": "2024-01-09T00:00"},
        {"lead_id": "3", "created_at": "2024-01-01T00:00", "converted_at": "2024-04-01T00:00"},
        {"lead_id": "4", "created_at": "2024-01-01T00:00", "converted": True},
        {"lead_id": "5", "created_at": "2024-01-01T00:00", "converted": False},
    ]
    lead, converted = table(
        {"leads": leads}, "funnel", as_of="2024-03-31", definition="{of: leads}"
    )
    assert (lead["reached"], lead["median_days"]) == (5, 5.0)  # 2 and 8 days
    assert (converted["reached"], converted["step_rate"]) == (3, 60.0)


def test_no_deals_no_rows() -> None:
    empty: dict[str, list[Row]] = {"opportunities": [], "stage_changes": []}
    assert table(empty, "funnel", as_of="2024-03-31") == []
    assert table({"leads": []}, "funnel", as_of="2024-03-31", definition="{of: leads}") == []


def test_a_funnel_that_loses_somebody_is_a_fault() -> None:
    with pytest.raises(IdentityError):
        _table(["a", "b"], {0: 3, 2: 1}, {})
    with pytest.raises(IdentityError):
        _table(["a", "b"], {0: -1, 1: 3}, {})
