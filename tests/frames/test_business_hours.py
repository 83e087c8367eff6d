"""Business hours: worked cases, the config, and an independent count of open minutes."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from tests.support import ask, one

Row = dict[str, Any]


def minutes(
    tickets: list[tuple[str, str]], business_hours: str, *, timezone: str = "UTC"
) -> list[int]:
    """Business minutes from creation to first reply of each (created, replied)."""
    rows: list[Row] = [
        {"ticket_id": f"{n:04}", "created_at": created, "first_reply_at": replied}
        for n, (created, replied) in enumerate(tickets)
    ]
    report = ask(
        {"tickets": rows},
        ["first_response_time"],
        as_of="2030-12-31",
        every="all",
        by=("ticket_id",),
        timezone=timezone,
        definitions={
            "first_response_time": f"{{hours: business, business_hours: {business_hours}}}"
        },
    )
    found = (one(report, "first_response_time", "all", ticket_id=r["ticket_id"]) for r in rows)
    return [round(float(result.value or 0) * 60) for result in found]


EVERY_DAY = '{weekdays: {mon-sun: "07:00-17:00"}}'
SHOP = (
    '{weekdays: {mon-fri: "08:00-12:00, 13:00-17:30", sat: "08:00-12:00"}, '
    "holidays: [2024-04-30, 2024-05-01]}"
)


@pytest.mark.parametrize(
    ("hours", "created", "replied", "expected"),
    [
        # Arrives at 18:00, opens at 07:00, answered at 08:00: of 840 minutes, 60.
        (EVERY_DAY, "2024-03-04T18:00", "2024-03-05T08:00", 60),
        (EVERY_DAY, "2024-03-04T18:00", "2024-03-05T06:59", 0),
        (EVERY_DAY, "2024-03-04T16:00", "2024-03-06T08:00", 60 + 600 + 60),
        # Friday 17:00 to Monday 09:00: 30 on Friday, 240 on Saturday, 60 on Monday.
        (SHOP, "2024-03-08T17:00", "2024-03-11T09:00", 330),
        (SHOP, "2024-03-08T11:30", "2024-03-08T13:30", 60),  # lunch is closed
        (SHOP, "2024-03-10T10:00", "2024-03-10T12:00", 0),  # Sunday
        # Monday 29 April 17:00 to Thursday 2 May 08:30, the two days between are holidays.
        (SHOP, "2024-04-29T17:00", "2024-05-02T08:30", 60),
        ('{weekdays: {sun-thu: "00:00-24:00"}}', "2024-03-07T23:00", "2024-03-10T01:00", 120),
        ('{weekdays: {sat: "09:00-10:00"}}', "2024-01-01T00:00", "2025-01-01T00:00", 52 * 60),
    ],
)
def test_worked(hours: str, created: str, replied: str, expected: int) -> None:
    assert minutes([(created, replied)], hours) == [expected]


def test_calendar_time_of_the_same_wait() -> None:
    ticket = {"created_at": "2024-03-04T18:00", "first_reply_at": "2024-03-05T08:00"}
    report = ask(
        {"tickets": [{"ticket_id": "1", **ticket}]}, ["first_response_time"], as_of="2024-03-31"
    )
    result = one(report, "first_response_time", "2024-03")
    assert result.value == 14  # 840 minutes
    assert result.definition == {"hours": "calendar", "business_hours": None}


def test_seconds_count() -> None:
    """From 07:59:30 to 08:00:10.9, open from 08:00: 10 whole seconds."""
    hours = '{weekdays: {mon: "8:00-9:00"}}'
    report = ask(
        {
            "tickets": [
                {
                    "ticket_id": "1",
                    "created_at": "2024-03-04T07:59:30",
                    "first_reply_at": "2024-03-04T08:00:10.9",
                }
            ]
        },
        ["first_response_time"],
        as_of="2024-03-31",
        definitions={"first_response_time": f"{{hours: business, business_hours: {hours}}}"},
    )
    assert one(report, "first_response_time", "2024-03").value == 10 / 3600


def test_the_zone_of_the_hours_is_the_reporting_one_or_their_own() -> None:
    # 08:00 in Hanoi is 01:00 UTC.
    ticket = [("2024-03-04T00:00+00:00", "2024-03-04T02:00+00:00")]
    assert minutes(ticket, '{weekdays: {mon: "08:00-17:00"}}') == [0]
    assert minutes(ticket, '{weekdays: {mon: "08:00-17:00"}}', timezone="Asia/Ho_Chi_Minh") == [60]
    own = '{weekdays: {mon: "08:00-17:00"}, zone: Asia/Ho_Chi_Minh}'
    assert minutes(ticket, own, timezone="America/New_York") == [60]


@pytest.mark.parametrize(
    ("zone", "night", "expected"),
    [
        ("Europe/Berlin", "2024-03-31", 5),  # 02:00 becomes 03:00
        ("Europe/Berlin", "2024-10-27", 7),  # 03:00 becomes 02:00
        ("America/New_York", "2024-03-10", 5),
        ("America/New_York", "2024-11-03", 7),
        ("America/Sao_Paulo", "2018-11-04", 5),  # 00:00 becomes 01:00: the day begins then
        ("Asia/Ho_Chi_Minh", "2024-03-31", 6),
    ],
)
def test_a_night_in_which_the_clock_is_changed_has_its_true_length(
    zone: str, night: str, expected: int
) -> None:
    day = datetime.fromisoformat(night)
    ticket = [((day - timedelta(hours=2)).isoformat(), (day + timedelta(hours=12)).isoformat())]
    hours = '{weekdays: {mon-sun: "00:00-06:00"}}'
    assert minutes(ticket, hours, timezone=zone) == [expected * 60]
    always = '{weekdays: {mon-sun: "00:00-24:00"}}'
    assert minutes(ticket, always, timezone=zone) == [(14 - 6 + expected) * 60]


SCHEDULES: dict[str, dict[int, list[tuple[int, int]]]] = {
    SHOP: {n: [(480, 720), (780, 1050)] for n in range(5)} | {5: [(480, 720)]},
    '{weekdays: {mon-sun: "00:00-24:00"}}': {n: [(0, 1440)] for n in range(7)},
    '{weekdays: {mon-thu: "00:00-06:30, 22:00-24:00", fri: "00:00-06:30"}}': {
        n: [(0, 390), (1320, 1440)] for n in range(4)
    }
    | {4: [(0, 390)]},
}
HOLIDAYS = {"2024-04-30", "2024-05-01"}


ALL_DAY = '{weekdays: {mon-sun: "00:00-24:00"}, holidays: HOLIDAYS}'
TET = {
    # By the government's notices; the Saturdays and Sundays around are no holidays, but days on
    # which those who work from Monday to Friday are closed anyway.
    "2024": ("2024-02-08", "2024-02-14"),
    "2025": ("2025-01-27", "2025-02-01"),
}


@pytest.mark.parametrize("year", TET)
def test_tet(year: str) -> None:
    """Open up to its first day and from the day after its last, round the clock."""
    first, last = (datetime.fromisoformat(day) for day in TET[year])
    hour, day = timedelta(hours=1), timedelta(days=1)
    waits = [
        (first - hour, first),
        (first - hour, last + day + hour),
        (first, last + day),
        *[(first + day * n, first + day * (n + 1)) for n in range((last - first).days + 1)],
    ]
    found = minutes(
        [(one.isoformat(), other.isoformat()) for one, other in waits],
        ALL_DAY.replace("HOLIDAYS", "VN"),
        timezone="Asia/Ho_Chi_Minh",
    )
    assert found[:3] == [60, 120, 0]
    assert not any(found[3:])


def test_days_off_that_are_given_in_the_stead_of_others() -> None:
    # Monday 29 April 2024 was off for a Saturday that was worked; the 30th and 1 May are holidays.
    # In 2023 the kings' day and 30 April fell on a weekend, and 2 and 3 May were off for them.
    waits = [("2024-04-28T12:00", "2024-05-02T12:00"), ("2023-04-28T12:00", "2023-05-04T12:00")]
    office = '{weekdays: {mon-fri: "08:00-12:00, 13:00-17:00"}, holidays: VN}'
    assert minutes(waits, office, timezone="Asia/Ho_Chi_Minh") == [240, 480]


def test_countries_and_days_of_one_s_own_in_one_list() -> None:
    waits = [("2024-12-24T00:00", "2024-12-25T00:00"), ("2024-08-08T00:00", "2024-08-09T00:00")]
    for holidays, expected in (
        ("VN", [1440, 1440]),
        ("2024-12-24", [0, 1440]),
        ("[VN, 2024-12-24]", [0, 1440]),
        ("[DE, 2024-12-24]", [0, 1440]),
    ):
        assert minutes(waits, ALL_DAY.replace("HOLIDAYS", holidays)) == expected, holidays
    # Assumption is a holiday in Saarland, and not in Berlin.
    assumption = [("2024-08-15T00:00", "2024-08-16T00:00")]
    assert minutes(assumption, ALL_DAY.replace("HOLIDAYS", "DE-SL")) == [0]
    assert minutes(assumption, ALL_DAY.replace("HOLIDAYS", "DE-BE")) == [1440]


def test_countries_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    body = "{weekdays: {mon: '8:00-9:00'}, holidays: VN}"
    assert 'pip install "crm-kpi[holidays]"' in faults(f"hours: business, business_hours: {body}")


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(
    ("zone", "year"),
    [
        ("Asia/Ho_Chi_Minh", 2024),
        ("America/New_York", 2024),
        ("Europe/Berlin", 2024),
        ("Asia/Kolkata", 2024),  # half an hour beside the others
        ("Australia/Lord_Howe", 2024),  # set forward by half an hour
        ("America/Sao_Paulo", 2018),  # set forward at midnight
        ("Pacific/Apia", 2011),  # without 30 December
    ],
)
def test_every_open_minute_counted_one_by_one(zone: str, year: int, schedule: str) -> None:
    """Against pandas: each minute of the year is open or not by what the wall clock shows."""
    pd = pytest.importorskip("pandas")
    grid = pd.date_range(f"{year}-01-01", f"{year + 1}-01-05", freq="min", tz="UTC")
    wall = grid.tz_convert(zone)
    of_day = wall.hour * 60 + wall.minute
    is_open = pd.Series(False, index=grid)
    for weekday, ranges in SCHEDULES[schedule].items():
        for opens, closes in ranges:
            is_open |= (wall.day_of_week == weekday) & (of_day >= opens) & (of_day < closes)
    if "holidays" in schedule:
        is_open &= ~wall.strftime("%Y-%m-%d").isin(HOLIDAYS)
    before = is_open.cumsum().shift(1, fill_value=0)

    random = Random(f"{zone} {schedule}")
    start = datetime(year, 1, 1, tzinfo=UTC)
    spans = []
    for _ in range(200):
        created = start + timedelta(minutes=random.randrange(360 * 1440))
        spans.append((created, created + timedelta(minutes=random.choice((0, 300, 3000, 12000)))))
    spans += [(start, start + timedelta(days=365))]
    expected = [int(before[replied] - before[created]) for created, replied in spans]
    written = [(created.isoformat(), replied.isoformat()) for created, replied in spans]
    own = f"{schedule[:-1]}, zone: {zone}}}"
    assert minutes(written, own, timezone="America/New_York") == expected
    assert sum(expected) > 0


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("hours: business", "hours: business needs business_hours"),
        ("business_hours: {weekdays: {mon: '8:00-9:00'}}", "goes with hours: business"),
    ],
)
def test_business_hours_and_hours_go_together(words: str, fault: str) -> None:
    assert fault in faults(words)


@pytest.mark.parametrize(
    ("weekdays", "fault"),
    [
        ("{}", "should name at least one day"),
        ("{monday: '8:00-9:00'}", "holds 'monday', which should be a day or days such as sat or"),
        ("{mon-: '8:00-9:00'}", "holds 'mon-', which should be a day or days"),
        ("{mon-fri: '8:00-9:00', fri: '9:00-10:00'}", "holds fri twice"),
        ("{mon: '8-17'}", "holds '8-17', which should be hours such as 08:00-17:30"),
        ("{mon: '22:00-06:00'}", "hours past midnight belong to the next day"),
        ("{mon: '8:00-12:00, 11:00-17:00'}", "should run forward"),
        ("{mon: '8:00-24:01'}", "should run forward from 00:00 to 24:00"),
        ("{mon: '8:00-8:00'}", "should run forward"),
    ],
)
def test_faults_of_weekdays(weekdays: str, fault: str) -> None:
    assert fault in faults(f"hours: business, business_hours: {{weekdays: {weekdays}}}")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("zone: Hanoi", "should be an IANA time zone such as Asia/Ho_Chi_Minh"),
        ("holidays: [Tet]", "should be a date such as 2024-01-31 or a country such as VN"),
        ("holidays: XX", "should be a date such as 2024-01-31 or a country such as VN"),
        ("holidays: [VN, DE-XX]", "or a country such as VN, or DE-BY for a state of one"),
        ("holidays: vn", "a country such as VN"),
        ("holiday: [2024-01-01]", "did you mean 'holidays'?"),
    ],
)
def test_faults_of_the_rest(more: str, fault: str) -> None:
    body = f"{{weekdays: {{mon: '8:00-9:00'}}, {more}}}"
    assert fault in faults(f"hours: business, business_hours: {body}")


def faults(words: str) -> str:
    with pytest.raises(ConfigError) as found:
        ask({}, [], as_of="2024-01-01", definitions={"resolution_time": f"{{{words}}}"})
    return " ".join(str(problem) for problem in found.value.problems)
