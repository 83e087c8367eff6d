"""The naive calendar against dates read off a wall calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from .periods import Period, before, calendar, containing, days_360, years


@pytest.mark.parametrize(
    ("day", "every", "fiscal", "name", "start", "end"),
    [
        (date(2024, 2, 29), "day", 1, "2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        # 30 December 2024 is a Monday, 1 January 2021 a Friday.
        (date(2025, 1, 5), "week", 1, "2025-W01", date(2024, 12, 30), date(2025, 1, 6)),
        (date(2021, 1, 1), "week", 1, "2020-W53", date(2020, 12, 28), date(2021, 1, 4)),
        (date(2024, 2, 29), "month", 1, "2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        (date(2024, 12, 31), "month", 4, "2024-12", date(2024, 12, 1), date(2025, 1, 1)),
        (date(2024, 5, 9), "quarter", 1, "2024-Q2", date(2024, 4, 1), date(2024, 7, 1)),
        (date(2024, 2, 9), "quarter", 4, "2023-Q4", date(2024, 1, 1), date(2024, 4, 1)),
        # A fiscal year from February has a quarter from November to January.
        (date(2024, 1, 31), "quarter", 2, "2023-Q4", date(2023, 11, 1), date(2024, 2, 1)),
        (date(2024, 12, 31), "year", 1, "2024", date(2024, 1, 1), date(2025, 1, 1)),
        (date(2024, 3, 31), "year", 4, "2023", date(2023, 4, 1), date(2024, 4, 1)),
        (date(2024, 4, 1), "year", 4, "2024", date(2024, 4, 1), date(2025, 4, 1)),
    ],
)
def test_containing(day: date, every: str, fiscal: int, name: str, start: date, end: date) -> None:
    assert containing(day, every, fiscal) == Period(name, start, end, every, fiscal)


def test_calendar_is_of_whole_periods_without_gaps() -> None:
    months = calendar("month", date(2023, 11, 17), date(2024, 2, 1))
    assert [m.label for m in months] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert [m.start for m in months[1:]] == [m.end for m in months[:-1]]
    assert months[0].start == date(2023, 11, 1)


def test_all_is_one_period_of_exactly_these_days() -> None:
    first, last = date(2024, 1, 5), date(2024, 3, 4)
    assert calendar("all", first, last) == [Period("all", first, date(2024, 3, 5), "all")]


def test_the_boundary_is_the_day_after_as_of_in_a_partial_period() -> None:
    march = containing(date(2024, 3, 1), "month")
    assert march.boundary(date(2024, 3, 30)) == date(2024, 3, 31)
    assert march.boundary(date(2024, 3, 31)) == date(2024, 4, 1)
    assert march.boundary(date(2025, 1, 1)) == date(2024, 4, 1)
    assert not march.has(date(2024, 3, 31), as_of=date(2024, 3, 30))


def test_before() -> None:
    assert before(containing(date(2024, 1, 9), "quarter")).label == "2023-Q4"


def test_lengths() -> None:
    assert days_360(date(2023, 1, 15), date(2024, 3, 10)) == 415  # 360 + 2 x 30 - 5
    assert days_360(date(2024, 1, 31), date(2024, 2, 1)) == 0  # 30 - 30
    assert years(date(2024, 2, 1), date(2024, 3, 1)) == Fraction(1, 12)
    assert years(date(2024, 4, 1), date(2024, 7, 1)) == Fraction(1, 4)
    assert years(date(2023, 4, 1), date(2024, 4, 1)) == 1
    assert years(date(2024, 1, 1), date(2024, 1, 8)) == Fraction(700, 36525)
