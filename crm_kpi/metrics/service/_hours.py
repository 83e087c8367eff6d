"""Hours of waiting, by the calendar or in business hours: shared by the service metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from crm_kpi import public_holidays
from crm_kpi.frames.business_hours import Schedule
from crm_kpi.kpi import Definition
from crm_kpi.messages import Message, should_be, text
from crm_kpi.metrics._spec import MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.results import Number

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(r"([0-9]{1,2}):([0-5][0-9]) *- *([0-9]{1,2}):([0-5][0-9])")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | date) else value


Closed = date | Annotated[str, AfterValidator(public_holidays.known)]
Holidays = Annotated[
    tuple[Closed, ...], BeforeValidator(_listed, json_schema_input_type=Closed | list[Closed])
]


class BusinessHours(Definition):
    """When the business is open, by the clock on the wall."""

    weekdays: dict[str, str] = Field(
        description='day or days: opening hours, such as {mon-fri: "08:00-17:30", sat: '
        '"08:00-12:00"}; several a day as "08:00-12:00, 13:00-17:30"; a day not named is closed',
    )
    holidays: Holidays = Field(
        (),
        description="days on which it is closed: dates, and countries whose public holidays they "
        "are, such as VN or [VN, 2024-12-24]; a state of one as DE-BY",
    )
    zone: str | None = Field(
        None, description="time zone of these hours, an IANA name; default the reporting time zone"
    )

    @field_validator("weekdays")
    @classmethod
    def _can_be_read(cls, weekdays: dict[str, str]) -> dict[str, str]:
        if not any(_week(weekdays)):
            raise ValueError(text("metrics.should_name_day"))
        return weekdays

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str | None) -> str | None:
        try:
            return zone and ZoneInfo(zone).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(should_be(text("general.time_zone"))) from error

    @property
    def schedule(self) -> Schedule:
        days = frozenset(one for one in self.holidays if isinstance(one, date))
        countries = frozenset(one for one in self.holidays if isinstance(one, str))
        return Schedule(_week(self.weekdays), days, countries, self.zone)


class Hours(Definition):
    """Which hours are counted; a metric of waiting times derives its definition from it."""

    hours: Literal["calendar", "business"] = Field(
        "calendar", description="all hours, or only those in which the business is open"
    )
    business_hours: BusinessHours | None = Field(
        None, description="with hours business: weekdays, holidays and zone"
    )

    @model_validator(mode="after")
    def _business_hours_go_with_business(self) -> Hours:
        if self.hours == "business" and self.business_hours is None:
            raise ValueError(text("metrics.business_hours_missing"))
        if self.hours == "calendar" and self.business_hours is not None:
            raise ValueError(text("metrics.business_hours_unused"))
        return self

    @property
    def schedule(self) -> Schedule | None:
        return self.business_hours.schedule if self.business_hours else None


def _week(weekdays: Mapping[str, str]) -> tuple[tuple[tuple[int, int], ...], ...]:
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    for name, hours in weekdays.items():
        for number in _numbers(name):
            if week[number]:
                raise ValueError(text("metrics.day_twice", day=DAYS[number]))
            week[number] = _ranges(hours)
    return tuple(week)


def _numbers(name: str) -> list[int]:
    """The days of `sat` or `mon-fri`, counted from Monday; `sun-thu` goes over the week's end."""
    first, dash, last = (part.strip() for part in name.lower().partition("-"))
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(text("metrics.not_days", days=name))
    start, stop = DAYS.index(first), DAYS.index(last if dash else first)
    return [(start + n) % 7 for n in range((stop - start) % 7 + 1)]


def _ranges(hours: str) -> tuple[tuple[int, int], ...]:
    """Minutes of the day."""
    found: list[tuple[int, int]] = []
    for part in hours.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise ValueError(text("metrics.not_hours", hours=hours))
        hour, minute, last_hour, last_minute = map(int, match.groups())
        opens, closes = 60 * hour + minute, 60 * last_hour + last_minute
        if not (found[-1][1] if found else 0) <= opens < closes <= 24 * 60:
            raise ValueError(text("metrics.hours_not_forward", hours=hours))
        found.append((opens, closes))
    return tuple(found)


def in_hours(seconds: Fraction | int | None) -> float | None:
    return None if seconds is None else float(Fraction(seconds) / 3600)


def median_answer(
    times: OrderStatistics, components: Mapping[str, Number | None], *, nothing: Message
) -> MetricValue:
    """The median in hours with its interval; components: the mean, the p90 and the given ones.

    `nothing` is the reason when there is no time to take a median of.
    """
    low, high = times.interval
    spread = {"mean": in_hours(times.mean), "p90": in_hours(times.quantile(9))}
    return MetricValue(
        in_hours(times.median),
        times.n,
        spread | dict(components),
        in_hours(low),
        in_hours(high),
        None if times.n else nothing,
    )
