"""Tickets of which only the days are known."""

from __future__ import annotations

import pytest

from crm_kpi.readings import How, Reading
from tests.sources.conftest import read

HEADER = "ticket_id,created_at,first_reply_at,solved_at\n"


def readings(rows: str, **how: object) -> list[Reading]:
    return read("tickets", HEADER + rows, **how).audit.meaning


@pytest.mark.parametrize("timezone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
def test_durations_of_days_are_said(timezone: str) -> None:
    found = readings("1,2024-01-31,2024-02-01,\n2,2024-02-10,2024-02-10,\n", timezone=timezone)
    assert [(r.column, r.how, r.rows) for r in found] == [
        ("created_at", How.CONVENTIONAL, 2),
        ("first_reply_at", How.CONVENTIONAL, 2),
    ]


def test_one_time_of_day_is_enough() -> None:
    found = readings("1,2024-01-31 09:00,2024-02-01,\n2,2024-02-10,2024-02-10,2024-02-11 00:00\n")
    assert [r.column for r in found] == ["first_reply_at", "solved_at"]
    assert readings("1,2024-01-31 09:00,2024-01-31 10:00,2024-02-01 08:00\n") == []


def test_without_ends_nothing_is_asked() -> None:
    assert read("tickets", "ticket_id,created_at\n1,2024-01-31\n").audit.meaning == []
