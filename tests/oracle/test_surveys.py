"""Scores: which count, whose, when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from .common import TOTAL, wilson
from .periods import calendar
from .surveys import ces, csat, nps

AS_OF = date(2024, 4, 30)
MARCH, APRIL = calendar("month", date(2024, 3, 1), AS_OF)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def answer(
    score: int | None,
    at: datetime | None,
    customer: str | None = None,
    response: str = "r",
    survey: str = "nps",
    agent: str | None = None,
) -> Any:
    return {
        "survey": survey,
        "score": score,
        "answered_at": at,
        "customer_id": customer,
        "response_id": response,
        "agent": agent,
    }


NOON = datetime(2024, 3, 9, 12, tzinfo=UTC)


def test_bands() -> None:
    rows = [answer(score, NOON) for score in (0, 6, 7, 8, 9, 10)]
    found = nps([MARCH], AS_OF, UTC, rows)[MARCH, TOTAL]
    assert found.components == {"promoters": 2, "passives": 2, "detractors": 2}
    assert found.value == 0


def test_blanks_and_other_surveys_are_no_answers() -> None:
    rows = [
        answer(10, NOON),
        answer(None, NOON),
        answer(None, None),
        answer(1, NOON, survey="csat"),
    ]
    found = nps([MARCH], AS_OF, UTC, rows)[MARCH, TOTAL]
    assert (found.value, found.n) == (100, 1)
    assert nps([APRIL], AS_OF, UTC, rows)[APRIL, TOTAL].value is None


def test_the_day_is_that_of_the_reporting_zone() -> None:
    # 17:00 UTC on 31 March is midnight of 1 April in Hanoi, also when written as 12:00 -05:00.
    rows = [
        answer(10, datetime(2024, 3, 31, 16, 59, 59, tzinfo=UTC)),
        answer(0, datetime(2024, 3, 31, 12, tzinfo=timezone(timedelta(hours=-5)))),
        answer(0, datetime(2024, 4, 30, 17, tzinfo=UTC)),  # after as_of
    ]
    found = nps([MARCH, APRIL], AS_OF, HANOI, rows)
    assert [a.value for a in found.values()] == [100, -100]
    assert [a.n for a in found.values()] == [1, 1]


def test_the_last_day_counts() -> None:
    rows = [answer(10, datetime(2024, 4, 30, 12, tzinfo=UTC))]
    assert nps([APRIL], AS_OF, UTC, rows)[APRIL, TOTAL].n == 1


def test_latest_answer_of_each_customer() -> None:
    later = NOON + timedelta(hours=1)
    rows = [
        answer(10, later, "a", agent="An"),
        answer(0, NOON, "a", agent="Bình"),
        answer(0, NOON, "b", "r10"),
        answer(10, NOON.astimezone(HANOI), "b", "r9"),  # the same instant: "r9" > "r10"
        answer(0, datetime(2024, 4, 1, tzinfo=UTC), "b", "r99"),
        answer(0, NOON, None),
    ]
    found = nps([MARCH, APRIL], AS_OF, UTC, rows, per="customer", by=("agent",))
    assert (found[MARCH, TOTAL].value, found[MARCH, TOTAL].n) == (100, 2)
    assert found[APRIL, TOTAL].value == -100
    # The customer lies where the latest answer is.
    assert found[MARCH, ("An",)].n == 1
    assert found[MARCH, ("Bình",)].n == 0
    assert found[MARCH, (None,)].n == 1
    assert nps([MARCH], AS_OF, UTC, rows)[MARCH, TOTAL].n == 5


def test_interval_is_of_no_width_when_all_agree() -> None:
    found = nps([MARCH], AS_OF, UTC, [answer(9, NOON)])[MARCH, TOTAL]
    assert (found.low, found.high) == (100, 100)  # 1 + 0 - 1^2 = 0


def test_csat_by_scale() -> None:
    rows = [answer(score, NOON, survey="csat") for score in (3, 4, 5)]
    assert csat([MARCH], AS_OF, UTC, rows)[MARCH, TOTAL].value == Fraction(200, 3)
    assert csat([MARCH], AS_OF, UTC, rows, satisfied=5)[MARCH, TOTAL].value == Fraction(100, 3)


def test_ces_edges() -> None:
    rows = [answer(score, NOON, survey="ces") for score in (4, 5)]
    share = ces([MARCH], AS_OF, UTC, rows, method="share")[MARCH, TOTAL]
    assert share.value == 50  # 5 is easy, 4 is not
    assert (share.low, share.high) == wilson(1, 2)
    turned = ces([MARCH], AS_OF, UTC, rows, high_is_easy=False)[MARCH, TOTAL]
    assert turned.value == Fraction(7, 2)  # (4 + 3) / 2
    assert ces([APRIL], AS_OF, UTC, rows)[APRIL, TOTAL].value is None


def test_wilson_ends() -> None:
    low, high = wilson(0, 1)
    # Centre and half width are both z^2 / 2 here: up to z^2 / (1 + z^2) = 3.8415 / 4.8415
    assert low is not None
    assert high is not None
    assert abs(low) < 1e-12
    assert abs(high - 79.3451) < 1e-4
    assert wilson(0, 0) == (None, None)
