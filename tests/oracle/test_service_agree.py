"""Service metrics and response rate against the oracle: every value, n, component and bound."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support import ask

from . import service, surveys, tickets
from .business import Week
from .common import Answers
from .data import Dataset, generate
from .data_service import invitations
from .data_service import tickets as more_tickets
from .periods import Period, calendar
from .test_agree import differences

Oracle = Callable[..., Answers]

HOLIDAYS = [date(2023, 5, 1), date(2023, 12, 25), date(2024, 3, 11)]
SHOP = (
    'weekdays: {mon-fri: "08:00-12:00, 13:00-17:30", sat: "08:00-12:00"}, '
    f"holidays: [{', '.join(map(str, HOLIDAYS))}], zone: America/New_York"
)
SHOP_WEEK = Week(
    {n: [((8, 0), (12, 0)), ((13, 0), (17, 30))] for n in range(5)} | {5: [((8, 0), (12, 0))]},
    ZoneInfo("America/New_York"),
    frozenset(HOLIDAYS),
)
VIETNAM = [  # from the government's notices, of the years that the data has
    *(date(2023, 1, day) for day in (2, *range(20, 27))),
    *(date(2023, 5, day) for day in (1, 2, 3)),
    *(date(2023, 9, day) for day in (1, 4)),
    date(2024, 1, 1),
    *(date(2024, 2, day) for day in range(8, 15)),
    *(date(2024, 4, day) for day in (18, 29, 30)),
    date(2024, 5, 1),
    *(date(2024, 9, day) for day in (2, 3)),
]
TET = 'weekdays: {mon-fri: "08:00-17:00"}, holidays: VN, zone: Asia/Ho_Chi_Minh'
TET_WEEK = Week(
    {n: [((8, 0), (17, 0))] for n in range(5)}, ZoneInfo("Asia/Ho_Chi_Minh"), frozenset(VIETNAM)
)
NIGHT = 'weekdays: {sun-thu: "00:00-06:00, 22:00-24:00", fri: "00:00-06:00"}'
NIGHT_HOURS = {n: [((0, 0), (6, 0)), ((22, 0), (24, 0))] for n in (6, 0, 1, 2, 3)} | {
    4: [((0, 0), (6, 0))]
}


def in_shop(oracle: Oracle, **options: Any) -> Callable[..., Answers]:
    return lambda *data, **by: oracle(*data, week=SHOP_WEEK, **options, **by)


def in_vietnam(oracle: Oracle, **options: Any) -> Callable[..., Answers]:
    return lambda *data, **by: oracle(*data, week=TET_WEEK, **options, **by)


def at_night(oracle: Oracle, **options: Any) -> Callable[..., Answers]:
    """In the reporting time zone."""
    return lambda periods, as_of, zone, *rows, **by: oracle(
        periods, as_of, zone, *rows, week=Week(NIGHT_HOURS, zone), **options, **by
    )


def plain(oracle: Oracle, **options: Any) -> Callable[..., Answers]:
    return lambda *data, **by: oracle(*data, **options, **by)


TIERS = '{HIGH: 4h, normal: 24h, "*": 48h}'
HOURS = {"high": 4, "normal": 24, "*": 48}

VARIANTS: dict[str, tuple[str, str, Callable[..., Answers]]] = {
    "reply": ("first_response_time", "", plain(service.first_response_time)),
    "reply_shop": ("first_response_time", SHOP, in_shop(service.first_response_time)),
    "reply_night": ("first_response_time", NIGHT, at_night(service.first_response_time)),
    "reply_vietnam": ("first_response_time", TET, in_vietnam(service.first_response_time)),
    "solution": ("resolution_time", "", plain(service.resolution_time)),
    "solution_shop": ("resolution_time", SHOP, in_shop(service.resolution_time)),
    "solution_night": ("resolution_time", NIGHT, at_night(service.resolution_time)),
    "sla": ("sla_attainment", "", plain(service.sla_attainment, targets={"*": 48})),
    "sla_tiers": (
        "sla_attainment",
        f"target: {TIERS}",
        plain(service.sla_attainment, targets=HOURS),
    ),
    "sla_some": (
        "sla_attainment",
        "target: {high: 4h}, clock: first_response",
        plain(service.sla_attainment, targets={"high": 4}, clock="first_reply_at"),
    ),
    "sla_shop": (
        "sla_attainment",
        f"target: {TIERS}, {SHOP}",
        in_shop(service.sla_attainment, targets=HOURS),
    ),
    "sla_night": (
        "sla_attainment",
        f"target: 4h, clock: first_response, {NIGHT}",
        at_night(service.sla_attainment, targets={"*": 4}, clock="first_reply_at"),
    ),
    "first_contact": ("fcr", "", plain(tickets.fcr)),
    "first_contact_1": ("fcr", "window: 1d", plain(tickets.fcr, window=1)),
    "first_contact_7": ("fcr", "window: 7d", plain(tickets.fcr, window=7)),
    "reopened": ("reopen_rate", "", plain(tickets.reopen_rate)),
    "created": ("tickets", "", plain(tickets.tickets)),
    "backlog": ("ticket_backlog", "", plain(tickets.ticket_backlog)),
    "answered": ("response_rate", "", plain(surveys.response_rate)),
}


def text(metric: str, words: str) -> str:
    """The YAML of a variant; weekdays mean business hours."""
    before, weekdays, hours = words.partition("weekdays:")
    if weekdays:
        words = f"{before}hours: business, business_hours: {{weekdays:{hours}}}"
    return f"{{metric: {metric}{', ' if words else ''}{words}}}"


@pytest.mark.parametrize("by", [(), ("agent",), ("segment", "agent")], ids="+".join)
@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_program_and_oracle_agree(seed: int, every: str, by: tuple[str, ...]) -> None:
    if every == "week" and (by or seed > 1):
        pytest.skip("the same code path as months, and slow in the oracle")
    data: Dataset = generate(seed)
    rows = {
        "tickets": more_tickets(data),
        "surveys": invitations(data),
        "customers": data["customers"],
    }
    report = ask(
        rows,
        list(VARIANTS),
        as_of=data.as_of,
        every=every,
        by=by,
        timezone=data.timezone,
        definitions={name: text(metric, words) for name, (metric, words, _) in VARIANTS.items()},
    )
    assert not report.skipped
    found = {(r.metric, r.period, tuple(r.segment.values())): r for r in report.results}
    periods: list[Period] = calendar(every, min(r.start for r in report.results), data.as_of)
    wrong, compared = [], 0
    for name, (metric, _, oracle) in VARIANTS.items():
        mine = rows["surveys" if metric == "response_rate" else "tickets"]
        answers = oracle(periods, data.as_of, data.zone, mine, rows["customers"], by=by)
        for (period, segment), expected in answers.items():
            result = found.get((name, period.label, segment))
            if result is None:
                assert not any(expected.components.values()), (name, period, segment, expected)
                continue
            compared += 1
            wrong += [
                (name, period.label, segment, *w) for w in differences(name, result, expected)
            ]
    assert not wrong
    assert compared > len(VARIANTS)


def test_the_data_is_not_trivial() -> None:
    rows = [row for seed in range(1, 5) for row in more_tickets(generate(seed))]
    for column in ("first_reply_at", "first_solved_at", "solved_at", "reopens", "priority"):
        blank = sum(row[column] is None for row in rows)
        assert 20 < blank < len(rows) / 2, column
    assert sum(row["created_at"] == row["solved_at"] for row in rows) > 5
