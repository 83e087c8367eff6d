"""Reopen rate: the share of solved tickets that came back."""

from __future__ import annotations

import pytest

from tests.support import ask, one

from .rows import answer, ticket


def test_blank_reopenings_and_open_tickets_count_in_neither() -> None:
    rows = [
        ticket(n, "2024-03-04T00:00", "2024-03-05T00:00", reopens=reopens)
        for n, reopens in enumerate((0, 0, 1, 4, None))
    ]
    rows.append(ticket(9, "2024-03-04T00:00", None, reopens=1))  # open
    result = answer("reopen_rate", {"tickets": rows}, "2024-03")
    assert (result.value, result.n) == (50, 4)
    assert result.components == {"reopened": 2, "solved": 4, "unknown": 1}
    blank = answer("reopen_rate", {"tickets": rows[4:5]}, "2024-03")
    assert (blank.value, blank.reason) == (None, "no solved ticket says whether it was reopened")
    assert answer("reopen_rate", {"tickets": rows[5:]}, "2024-03").reason == "no ticket solved"


def test_three_of_sixty_reopened() -> None:
    rows = [
        ticket(n, "2024-03-04T00:00", "2024-03-05T00:00", reopens=int(n < 3), agent="AB"[n % 2])
        for n in range(60)
    ]
    report = ask({"tickets": rows}, ["reopen_rate"], as_of="2024-03-31", by=("agent",))
    assert one(report, "reopen_rate", "2024-03").value == 5
    assert one(report, "reopen_rate", "2024-03", agent="A").value == pytest.approx(200 / 30)
    assert one(report, "reopen_rate", "2024-03", agent="B").value == pytest.approx(100 / 30)
