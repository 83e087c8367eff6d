"""First response time: who counts, when, and how the middle is taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support import ask, one

Row = dict[str, Any]
NOON = datetime(2024, 3, 9, 12)


def ticket(number: int, hours: float | None, created: datetime = NOON, **more: Any) -> Row:
    reply = None if hours is None else created + timedelta(hours=hours)
    return {
        "ticket_id": str(number),
        "created_at": created.isoformat(),
        "first_reply_at": reply and reply.isoformat(),
        **more,
    }


def test_median_mean_and_p90() -> None:
    rows = [ticket(n, hours) for n, hours in enumerate((4, 1, 3, 2, None))]
    report = ask({"tickets": rows}, ["first_response_time"], as_of="2024-04-30")
    march = one(report, "first_response_time", "2024-03")
    assert (march.value, march.n, march.unit) == (2.5, 4, "hours")  # between 2 and 3
    # Rank 0.9 x 3 = 2.7 from 0: 3 + 0.7 x (4 - 3)
    assert march.components == {"mean": 2.5, "p90": 3.7, "unanswered": 1}
    assert (march.low, march.high) == (None, None)  # below six values
    april = one(report, "first_response_time", "2024-04")
    assert (april.value, april.n, april.status) == (None, 0, "no_data")
    assert april.reason == "no tickets; no rows of tickets in 2024-04: a file missing?"


def test_nobody_has_answered() -> None:
    report = ask({"tickets": [ticket(1, None)]}, ["first_response_time"], as_of="2024-03-31")
    march = one(report, "first_response_time", "2024-03")
    assert (march.value, march.status, march.reason) == (None, "no_data", "no ticket answered")
    assert march.components == {"mean": None, "p90": None, "unanswered": 1}


def test_a_reply_after_as_of_has_not_happened() -> None:
    rows = [ticket(1, 1), ticket(2, 24)]
    report = ask({"tickets": rows}, ["first_response_time"], as_of="2024-03-09")
    result = one(report, "first_response_time", "2024-03")
    assert (result.value, result.components["unanswered"]) == (1, 1)


def test_segments_add_up() -> None:
    rows = [ticket(1, 1, agent="An"), ticket(2, 3, agent=None), ticket(3, None, agent="An")]
    report = ask({"tickets": rows}, ["first_response_time"], as_of="2024-03-31", by=("agent",))
    an = one(report, "first_response_time", "2024-03", agent="An")
    assert (an.value, an.components["unanswered"]) == (1, 1)
    nobody = one(report, "first_response_time", "2024-03", agent=None)
    assert (nobody.value, nobody.components["unanswered"]) == (3, 0)


def test_calendar_and_business_hours_side_by_side() -> None:
    # Friday 17:00 to Monday 09:00 is 64 hours; open are 1 on Friday and 1 on Monday.
    rows = [ticket(1, 64, datetime(2024, 3, 8, 17))]
    report = ask(
        {"tickets": rows},
        ["first_response_time", "in_office"],
        as_of="2024-03-31",
        definitions={
            "in_office": "{metric: first_response_time, hours: business, "
            'business_hours: {weekdays: {mon-fri: "08:00-18:00"}}}'
        },
    )
    assert one(report, "first_response_time", "2024-03").value == 64
    assert one(report, "in_office", "2024-03").value == 2
