"""Durations in place of moments."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read, rejected


def tickets(header: str, *values: str, **how: object) -> LoadedTable:
    lines = (f'{place},2024-01-05 09:00,"{value}"' for place, value in enumerate(values))
    return read("tickets", "\n".join([f"ticket_id,created_at,{header}", *lines, ""]), **how)


def replies(header: str, *values: str) -> list[str]:
    found = tickets(header, *values).frame["first_reply_at"].to_list()
    return [moment and f"{moment:%H:%M:%S}" for moment in found]


@pytest.mark.parametrize(
    ("header", "value"),
    [("First reply time (min)", "90"), ("First response time (in hrs)", "1.5"),
     ("first_reply_minutes", "90"), ("Time to first response (secs)", "5400"),
     ("First response time (ms)", "5400000"), ("Thời gian phản hồi đầu tiên (phút)", "90"),
     ("Erstreaktionszeit (Minuten)", "90"), ("First response time (in hrs)", "01:30:00"),
     ("First reply time in minutes", "90:00"), ("First reply time in minutes", "1h 30m"),
     ("First reply time in minutes", "1 hour 30 minutes"), ("first_reply_hours", "PT1H30M"),
     ("first_reply_hours", "0 days 01:30:00"), ("first_reply_hours", "1 giờ 30 phút")],
)  # fmt: skip
def test_ways_to_write_an_hour_and_a_half(header: str, value: str) -> None:
    assert replies(header, value, "") == ["10:30:00", None]


def test_it_is_said() -> None:
    (reading,) = tickets("First reply time (min)", "30").audit.meaning
    assert (reading.column, reading.how) == ("First reply time (min)", How.CONVENTIONAL)
    assert reading.reading == "so many minutes after created_at"


def test_resolution() -> None:
    loaded = tickets("resolution_hours", "2d 3h")
    assert loaded.frame["solved_at"].to_list() == [datetime(2024, 1, 7, 12)]


@pytest.mark.parametrize(
    "header",
    ["First reply time in minutes within business hours", "First response time",
     "Time to resolution", "Age (days)"],
)  # fmt: skip
def test_headers_that_are_no_duration_of_ours(header: str) -> None:
    loaded = tickets(header, "30")
    assert {"first_reply_at", "solved_at"}.isdisjoint(loaded.columns)
    assert loaded.audit.meaning == []


def test_a_column_with_the_moment_comes_first() -> None:
    loaded = tickets("First reply time (min),first_reply_at", '30","2024-01-05 11:00')
    assert loaded.frame["first_reply_at"].to_list() == [datetime(2024, 1, 5, 11)]


def test_what_is_no_duration_is_a_reject() -> None:
    assert rejected(tickets("First reply time (min)", "soon")) == [
        (2, "first_reply_at", "soon", "not a duration")
    ]
