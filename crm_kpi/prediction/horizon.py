"""The time that is predicted, cut at calendar months, and what money in each part is worth now."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from crm_kpi.durations import Duration

YEAR = 365


@dataclass(frozen=True)
class Step:
    """A part of the horizon: the days from `as_of` to its end, and what money in it counts."""

    days: int
    factor: float


def steps(as_of: date, horizon: Duration, discount: float) -> list[Step]:
    """The horizon month by month, or in one step where it is in days; money comes halfway.

    discount: by how much money of a year later counts less, as a share; 0 for not at all.
    """
    if horizon.months is None:
        ends = [as_of + timedelta(days=horizon.days or 0)]
    else:
        ends = [_months_later(as_of, k) for k in range(1, horizon.months + 1)]
    found, before = [], 0
    for end in ends:
        days = (end - as_of).days
        found.append(Step(days, (1 + discount) ** (-(before + days) / 2 / YEAR)))
        before = days
    return found


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
