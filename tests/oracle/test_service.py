"""Hours to the first reply."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .business import Week, elapsed
from .common import TOTAL, median_interval, quantile
from .periods import calendar
from .service import first_response_time, survival_median

AS_OF = date(2024, 4, 30)
MARCH, APRIL = calendar("month", date(2024, 3, 1), AS_OF)
NOON = datetime(2024, 3, 9, 12, tzinfo=UTC)


def ticket(created: datetime, hours: float | None, agent: str | None = None) -> Any:
    reply = None if hours is None else created + timedelta(hours=hours)
    return {"created_at": created, "first_reply_at": reply, "agent": agent}


def test_median_mean_p90() -> None:
    rows = [ticket(NOON, hours) for hours in (4, 1, 3, 2, None)]
    found = first_response_time([MARCH, APRIL], AS_OF, UTC, rows)
    answer = found[MARCH, TOTAL]
    assert answer.value == Fraction(5, 2)  # between 2 and 3
    assert answer.n == 4
    # Rank 0.9 x 3 = 2.7 from 0: 3 + 0.7 x (4 - 3)
    assert answer.components == {"mean": Fraction(5, 2), "p90": Fraction(37, 10), "unanswered": 1}
    assert (answer.low, answer.high) == (None, None)
    assert found[APRIL, TOTAL].value is None


def test_only_unanswered() -> None:
    answer = first_response_time([MARCH], AS_OF, UTC, [ticket(NOON, None)])[MARCH, TOTAL]
    assert (answer.value, answer.n) == (None, 0)
    assert answer.components == {"mean": None, "p90": None, "unanswered": 1}


def test_the_day_of_creation_decides_in_the_reporting_zone() -> None:
    hanoi = ZoneInfo("Asia/Ho_Chi_Minh")
    rows = [ticket(datetime(2024, 3, 31, 17, tzinfo=UTC), 1)]
    assert first_response_time([APRIL], AS_OF, hanoi, rows)[APRIL, TOTAL].n == 1
    assert first_response_time([APRIL], AS_OF, UTC, rows)[APRIL, TOTAL].n == 0


def test_elapsed_time_over_a_change_of_the_clock() -> None:
    # At 02:00 on 31 March 2024 the clocks of Berlin went to 03:00.
    berlin = ZoneInfo("Europe/Berlin")
    row = {
        "created_at": datetime(2024, 3, 31, 1, 30, tzinfo=berlin),
        "first_reply_at": datetime(2024, 3, 31, 3, 30, tzinfo=berlin),
    }
    assert first_response_time([MARCH], AS_OF, berlin, [row])[MARCH, TOTAL].value == 1


def test_a_reply_after_as_of_has_not_happened() -> None:
    rows = [ticket(NOON, 1), ticket(NOON, 24)]
    answer = first_response_time([MARCH], date(2024, 3, 9), UTC, rows)[MARCH, TOTAL]
    assert (answer.value, answer.components["unanswered"]) == (1, 1)


def test_segments() -> None:
    rows = [ticket(NOON, 1, "An"), ticket(NOON, 3, None), ticket(NOON, None, "An")]
    found = first_response_time([MARCH], AS_OF, UTC, rows, by=("agent",))
    assert {s: (a.value, a.components["unanswered"]) for (_, s), a in found.items()} == {
        TOTAL: (2, 1),
        ("An",): (1, 1),
        (None,): (3, 0),
    }


@pytest.mark.parametrize(
    ("n", "ranks"),
    [
        (5, (None, None)),
        (6, (1, 6)),  # 3 - 2.40 = 0.60 -> 1; 4 + 2.40 -> 7, of 6
        (20, (5, 16)),  # 10 - 4.38 = 5.62 -> 5; 11 + 4.38 = 15.38 -> 16
        (100, (40, 61)),  # 50 - 9.80 = 40.20 -> 40; 51 + 9.80 = 60.80 -> 61
    ],
)
def test_median_interval(n: int, ranks: tuple[float | None, float | None]) -> None:
    assert median_interval([Fraction(rank) for rank in range(n, 0, -1)]) == ranks


def test_quantile() -> None:
    values = [Fraction(v) for v in range(11, 0, -1)]
    assert quantile(values, Fraction(9, 10)) == 10  # rank 9 from 0 of 1 to 11
    assert quantile(values[:1], Fraction(9, 10)) == 11
    assert quantile([], Fraction(1, 2)) is None


def test_kaplan_meier_median() -> None:
    # S = .8 .6 .6 .3 .3
    lives = [(1, True), (2, True), (3, False), (4, True), (5, False)]
    assert survival_median([(Fraction(time), ended) for time, ended in lives]) == 4
    assert survival_median([(Fraction(1), True), (Fraction(1), False)]) == 1
    assert survival_median([(Fraction(1), False)]) is None


def test_time_in_business_hours() -> None:
    week = Week({n: [((7, 0), (17, 0))] for n in range(7)}, UTC)
    evening, morning = datetime(2024, 3, 4, 18, tzinfo=UTC), datetime(2024, 3, 5, 8, tzinfo=UTC)
    assert elapsed(evening, morning, week) == 1  # 60 minutes
    assert elapsed(evening, morning, None) == 14  # 840 minutes
    # The night in which the clocks of Berlin were set forward.
    night = Week({n: [((0, 0), (24, 0))] for n in range(7)}, ZoneInfo("Europe/Berlin"))
    start = datetime(2024, 3, 30, 12, tzinfo=UTC)
    assert elapsed(start, start + timedelta(days=1), night) == 24
