"""Weeks that begin on Sunday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_kpi.periods import KnownUntil, Rhythm, build, parse_moment

SUNDAYS = Rhythm("week", sunday=True)


def test_a_week_from_sunday_has_seven_days_and_the_number_of_the_iso_week_in_it() -> None:
    day = date(2019, 12, 1)
    while day < date(2021, 2, 1):
        start = SUNDAYS.floor(day)
        assert start.isoweekday() == 7
        assert start <= day < SUNDAYS.next(start) == start + timedelta(days=7)
        iso = (start + timedelta(days=1)).isocalendar()
        assert SUNDAYS.label(start) == f"{iso.year}-W{iso.week:02d}"
        assert parse_moment(SUNDAYS.label(start), sunday=True) == (start, SUNDAYS.next(start))
        day += timedelta(days=1)


@pytest.mark.parametrize(("sunday", "first"), [(False, date(2024, 3, 4)), (True, date(2024, 3, 3))])
def test_the_calendar_of_weeks(sunday: bool, first: date) -> None:
    calendar = build(
        "week", start=date(2024, 3, 6), end=date(2024, 3, 20), as_of=KnownUntil(date(2024, 3, 19)),
        sunday=sunday,
    )  # fmt: skip
    assert [period.label for period in calendar.answer] == ["2024-W10", "2024-W11", "2024-W12"]
    assert calendar.answer[0].start == first
    assert calendar.answer[-1].partial
