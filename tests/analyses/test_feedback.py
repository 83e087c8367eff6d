"""Low scores with what customers wrote, worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from .support import Row, table


def answer(survey: str, score: int | None, at: str = "2024-03-04T09:00", **more: Any) -> Row:
    return {"survey": survey, "score": score, "answered_at": at, **more}


def test_newest_first_with_all_that_is_known() -> None:
    rows = [
        answer("csat", 3, "2024-03-04T09:00", comment="Giao trễ", customer_id="A", agent="An"),
        answer("nps", 6, "2024-03-05T09:00", channel="Zalo"),
        answer("nps", 0, "2024-03-05T09:00", comment=None),
        answer("nps", 0, "2024-04-01T00:00"),  # after as_of
        answer("nps", None, "2024-03-05T09:00", comment="không rõ"),
    ]
    found = table({"surveys": rows}, "feedback", as_of="2024-03-31")
    assert [(row["date"], row["score"]) for row in found] == [
        (date(2024, 3, 5), 0),
        (date(2024, 3, 5), 6),
        (date(2024, 3, 4), 3),
    ]
    assert found[2] == {
        "date": date(2024, 3, 4),
        "survey": "csat",
        "score": 3,
        "comment": "Giao trễ",
        "customer_id": "A",
        "agent": "An",
        "channel": None,
    }


@pytest.mark.parametrize(
    ("survey", "definition", "scale", "low"),
    [
        ("nps", "{}", range(11), range(7)),
        ("nps", "{scale: [1, 5]}", range(1, 6), range(1, 2)),  # 4 and 5 promote, 2 and 3 do not
        ("csat", "{}", range(1, 6), range(1, 4)),
        ("csat", "{scale: [1, 10]}", range(1, 11), range(1, 9)),
        ("ces", "{}", range(1, 8), range(1, 5)),
        ("ces", "{high_is_easy: false}", range(1, 8), range(4, 8)),  # the lower three are easy
    ],
)
def test_what_is_low_follows_the_definition(
    survey: str, definition: str, scale: range, low: range
) -> None:
    rows = [answer(survey, score) for score in scale]
    words = [f"definitions.{survey}={definition}"]
    found = table({"surveys": rows}, "feedback", as_of="2024-03-31", set_=words)
    assert [row["score"] for row in found] == list(low)


def test_of_the_range_alone() -> None:
    rows = [answer("nps", 1, "2024-02-29T23:59"), answer("nps", 2, "2024-03-01T00:00")]
    found = table({"surveys": rows}, "feedback", as_of="2024-03-31", set_=["periods.from=2024-03"])
    assert [row["score"] for row in found] == [2]
