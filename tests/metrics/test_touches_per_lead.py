"""Interactions per lead, and the share of leads that have any."""

from __future__ import annotations

from typing import Any

from tests.support import ask, one

NAME = "touches_per_lead"


def touch(lead: str | None, when: str, channel: str = "web") -> Any:
    return {"occurred_at": when, "lead_id": lead, "channel": channel}


LEADS = [{"lead_id": str(i), "created_at": "2024-01-02", "channel": "fair"} for i in range(10)]
TOUCHES = [
    *(touch("0", f"2024-01-{day:02}") for day in range(3, 8)),  # 5
    *(touch("1", f"2024-01-{day:02}") for day in range(3, 8)),  # 5
    touch("2", "2024-01-09"),
    touch("3", "2024-01-31T23:59"),
    touch(None, "2024-01-09"),  # with a customer
    touch("0", "2024-02-01"),
    touch("4", "2024-02-02"),
]


def test_interactions_by_lead_and_share_of_leads_with_any() -> None:
    report = ask({"interactions": TOUCHES, "leads": LEADS}, [NAME], as_of="2024-02-29")
    january, february = (one(report, NAME, p) for p in ("2024-01", "2024-02"))
    assert (january.value, january.n, january.unit) == (3.0, 4, "ratio")  # 12 / 4
    assert january.components == {
        "interactions": 12,
        "touched": 4,
        "leads": 10,
        "reached": 5,  # and one of them only in February
        "share": 50.0,
        "without_lead": 1,
        "leads_without_row": 0,
    }
    assert (february.value, february.n) == (1.0, 2)
    assert february.components["share"] is None  # no leads created


def test_interactions_alone() -> None:
    report = ask({"interactions": TOUCHES}, [NAME], as_of="2024-02-29")
    january = one(report, NAME, "2024-01")
    assert (january.value, january.components["leads"], january.components["share"]) == (
        3.0,
        None,
        None,
    )


def test_by_the_channel_of_the_first_interaction() -> None:
    rows = [
        touch("0", "2024-01-03T10:00", "Zalo"),
        touch("0", "2024-01-03T09:00", "web"),
        touch("0", "2024-01-04", "Zalo"),
        touch("1", "2024-01-03", "Zalo"),
    ]
    report = ask(
        {"interactions": rows, "leads": LEADS}, [NAME], as_of="2024-01-31", by=("channel",)
    )
    web, zalo, none = (one(report, NAME, "2024-01", channel=c) for c in ("web", "Zalo", None))
    assert (web.value, web.components["share"]) == (3.0, 100.0)
    assert (zalo.value, zalo.n) == (1.0, 1)
    # The eight leads without any belong nowhere; `fair` is the leads' channel, not asked for.
    assert (none.value, none.components["leads"], none.components["share"]) == (None, 8, 0.0)
    assert none.reason == "no interaction with a lead"


def test_only_customers_were_called() -> None:
    report = ask(
        {"interactions": [touch(None, "2024-01-03"), touch("0", "2024-02-03")]},
        [NAME],
        as_of="2024-02-29",
    )
    result = one(report, NAME, "2024-01")
    assert (result.value, result.status) == (None, "no_data")


def test_by_a_column_of_the_leads() -> None:
    leads = [
        {"lead_id": "0", "created_at": "2024-01-02", "owner": "An"},
        {"lead_id": "1", "created_at": "2024-01-02", "owner": "Bình"},
        {"lead_id": "2", "created_at": "2024-01-02", "owner": "Bình"},
    ]
    rows = [touch(lead, "2024-01-03") for lead in ("0", "0", "1", "stranger")]
    tables = {"interactions": rows, "leads": leads}
    report = ask(tables, [NAME], as_of="2024-01-31", by=("owner",))
    an, binh, none = (one(report, NAME, "2024-01", owner=o) for o in ("An", "Bình", None))
    assert (an.value, an.components["share"]) == (2.0, 100.0)
    assert (binh.value, binh.components["share"]) == (1.0, 50.0)
    assert (none.value, none.components["leads_without_row"]) == (None, 1)  # the stranger
    only = one(ask(tables, [NAME], as_of="2024-01-31", where={"owner": ["Bình"]}), NAME, "2024-01")
    assert (only.value, only.components) == (binh.value, binh.components)


def test_leads_without_a_row_are_left_out_and_counted() -> None:
    rows = [touch("0", "2024-01-03"), touch("0", "2024-01-04"), touch("gone", "2024-01-05")]
    rows += [touch("gone", "2024-01-06"), touch("lost", "2024-01-06"), touch(None, "2024-01-07")]
    report = ask({"interactions": rows, "leads": LEADS}, [NAME], as_of="2024-01-31")
    january = one(report, NAME, "2024-01")
    assert (january.value, january.n) == (2.0, 1)
    parts = ("interactions", "without_lead", "leads_without_row")
    assert [january.components[name] for name in parts] == [2, 1, 2]
    alone = one(ask({"interactions": rows}, [NAME], as_of="2024-01-31"), NAME, "2024-01")
    assert (alone.value, alone.n) == (5 / 3, 3)
