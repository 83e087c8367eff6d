"""Leads created."""

from __future__ import annotations

from typing import Any

from tests.support import ask, one


def test_leads_created_and_what_became_of_them() -> None:
    rows: list[dict[str, Any]] = [
        {"lead_id": "1", "created_at": "2024-01-31T23:30", "converted_at": None},
        {"lead_id": "2", "created_at": "2024-01-02", "converted_at": "2024-02-10"},
        {"lead_id": "3", "created_at": "2024-02-01", "converted_at": None},
    ]
    report = ask({"leads": rows}, ["leads"], as_of="2024-03-31")
    january, february = (one(report, "leads", p) for p in ("2024-01", "2024-02"))
    assert (january.value, january.n, january.unit) == (2, 2, "count")
    assert january.components == {"converted": 1}  # by now, wherever the conversion lies
    assert (february.value, february.previous, february.change) == (1, 2, -1)


def test_by_channel() -> None:
    rows = [
        {"lead_id": str(i), "created_at": "2024-01-02", "channel": c}
        for i, c in enumerate(("web", "web", "Zalo", None))
    ]
    report = ask({"leads": rows}, ["leads"], as_of="2024-01-31", by=("channel",))
    found = {r.segment.get("channel", "total"): r.value for r in report.results}
    assert found == {"total": 4, "web": 2, "Zalo": 1, None: 1}


def test_without_a_word_on_conversion() -> None:
    """Neither converted_at nor converted: nothing is known of it, which is not 0."""
    rows = [{"lead_id": "1", "created_at": "2024-01-02"}]
    result = one(ask({"leads": rows}, ["leads"], as_of="2024-01-31"), "leads", "2024-01")
    assert (result.value, result.components) == (1, {"converted": None})


def test_the_day_is_that_of_the_reporting_zone() -> None:
    rows = [{"lead_id": "1", "created_at": "2024-01-31T17:00+00:00"}]  # midnight in Hanoi
    report = ask({"leads": rows}, ["leads"], as_of="2024-02-29", timezone="Asia/Ho_Chi_Minh")
    assert one(report, "leads", "2024-02").value == 1


def test_no_leads() -> None:
    rows = [
        {"lead_id": "1", "created_at": "2024-01-02"},
        {"lead_id": "2", "created_at": "2024-03-02"},
    ]
    result = one(ask({"leads": rows}, ["leads"], as_of="2024-03-31"), "leads", "2024-02")
    assert (result.value, result.status, result.reason) == (0, "low_n", None)
