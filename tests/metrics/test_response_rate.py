"""Response rate: by the day of sending."""

from __future__ import annotations

from typing import Any

from tests.support import ask, one

Row = dict[str, Any]


def sent(at: str | None, score: int | None, answered: str | None, survey: str = "nps") -> Row:
    return {"survey": survey, "score": score, "sent_at": at, "answered_at": answered}


ROWS = [
    sent("2024-03-31T23:00", 9, "2024-04-02T10:00"),  # answered in April, sent in March
    sent("2024-03-04T09:00", 0, "2024-03-04T10:00"),
    sent("2024-03-04T09:00", None, None),
    sent("2024-03-04T09:00", None, "2024-03-05T10:00", "csat"),  # opened, no score
    sent("2024-04-04T09:00", None, None),
    sent(None, 9, "2024-03-05T10:00"),  # nobody knows when it was sent
]


def test_answered_of_sent() -> None:
    report = ask({"surveys": ROWS}, ["response_rate"], as_of="2024-04-30")
    march = one(report, "response_rate", "2024-03")
    assert (march.value, march.n) == (50, 4)
    assert march.components == {"sent": 4, "answered": 2, "unsent": 1}
    assert march.reason == "1 answer without a date of sending left out"
    april = one(report, "response_rate", "2024-04")
    assert (april.value, april.components["answered"]) == (0, 0)


def test_a_quarter_of_five_hundred() -> None:
    rows = [
        sent("2024-03-04T09:00", 9 if n < 125 else None, "2024-03-05T09:00" if n < 125 else None)
        for n in range(500)
    ]
    result = one(
        ask({"surveys": rows}, ["response_rate"], as_of="2024-03-31"), "response_rate", "2024-03"
    )
    assert (result.value, result.n, result.unit) == (25, 500, "percent")
    assert result.low is not None
    assert result.high is not None
    assert result.low < 25 < result.high


def test_nothing_sent() -> None:
    report = ask({"surveys": ROWS[5:]}, ["response_rate"], as_of="2024-03-31")
    result = one(report, "response_rate", "2024-03")
    assert (result.value, result.reason) == (None, "1 answer without a date of sending left out")


def test_nothing_at_all() -> None:
    rows = [sent("2024-02-01T09:00", None, None)]
    report = ask({"surveys": rows}, ["response_rate"], as_of="2024-03-31")
    assert one(report, "response_rate", "2024-03").reason == "no surveys sent"


def test_by_survey() -> None:
    report = ask({"surveys": ROWS}, ["response_rate"], as_of="2024-04-30", by=("survey",))
    assert one(report, "response_rate", "2024-03", survey="nps").n == 3
    assert one(report, "response_rate", "2024-03", survey="csat").value == 0
