"""What happens in which month: the two years of the company, before chance.

The numbers are for 400 customers and scale with them. Chance decides who and
when, never how many, so that the answers in `answers.py` hold for every seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from crm_kpi.demo import clock

DEFAULT_CUSTOMERS = 400
MAX_CUSTOMERS = 100_000
MESSY_FROM = 200
"""Fewer customers than this get no broken rows: one in a short file would exceed 1 %."""

DEALERS = 5
"""Of the five-year dealer programme: joined 2018-08 to 2018-12, left five years later."""

AS_OF = date(2024, 12, 31).toordinal()
NIGHT = clock.at(AS_OF + 1, 0)
"""The end of the last day: what would come after it has not happened."""


class Month(NamedTuple):
    joined: int
    lost: int
    """Of those who were there at the month's start, dealers included."""
    brief: int
    """Of those who joined in the month: left before it ended."""
    buyers: int
    repeat: int
    """Percent of the buyers who order more than once."""
    tickets: int
    leads: int
    retention_cost: int
    """VND per retained customer."""


MONTHS = (
    Month(15, 0, 0, 12, 17, 5, 26, 12_000),  # 2023-01
    Month(5, 1, 0, 14, 15, 6, 18, 12_000),
    Month(26, 0, 0, 30, 20, 12, 52, 12_500),
    Month(26, 1, 0, 42, 22, 18, 48, 12_500),
    Month(26, 1, 1, 52, 24, 22, 50, 13_000),
    Month(26, 2, 0, 60, 22, 25, 46, 13_500),
    Month(26, 4, 0, 66, 25, 30, 45, 14_000),
    Month(14, 4, 0, 68, 24, 31, 30, 14_000),
    Month(14, 5, 0, 70, 26, 33, 31, 15_000),
    Month(14, 5, 1, 72, 23, 34, 28, 15_000),
    Month(15, 5, 0, 76, 24, 36, 33, 16_000),
    Month(16, 5, 0, 88, 28, 42, 34, 17_000),
    Month(15, 6, 0, 92, 30, 48, 30, 17_000),  # 2024-01, before Tet
    Month(12, 4, 0, 60, 13, 38, 22, 15_000),
    Month(16, 5, 0, 78, 22, 60, 32, 16_000),
    Month(15, 5, 1, 82, 24, 63, 30, 17_500),
    Month(15, 5, 0, 84, 25, 66, 31, 18_000),
    Month(14, 12, 0, 80, 21, 74, 28, 20_000),  # 2024-06, prices went up
    Month(13, 6, 0, 82, 22, 76, 27, 18_500),
    Month(13, 6, 0, 86, 24, 74, 29, 18_000),
    Month(14, 5, 1, 88, 23, 72, 31, 18_000),
    Month(15, 6, 0, 92, 25, 76, 100, 19_000),  # 2024-10, a trade fair
    Month(15, 5, 0, 100, 20, 80, 36, 19_500),
    Month(15, 5, 0, 108, 29, 86, 38, 21_000),  # 2024-12
)

CLUB_LAUNCH, CLUB_MEMBERS = 6, 100
"""2023-07: the first subscription of the company, and who took it at once."""
YEARLY_WAVE, YEARLY_MEMBERS, YEARLY_RENEWED = 8, 20, 85
"""2023-09: yearly subscriptions, due 2024-09; percent that renew."""
FAIR = 21
"""2024-10: from here on a lead that converts does so in the month it came."""

NPS_WAVES = {
    2: (20, (50, 25, 25)),
    5: (50, (54, 24, 22)),
    8: (55, (60, 22, 18)),
    11: (60, (62, 20, 18)),
    14: (80, (65, 21, 14)),
    17: (100, (70, 20, 10)),
    20: (90, (56, 24, 20)),
    23: (90, (64, 22, 14)),
}
"""Month: answers; percent promoters, passives, detractors."""

CES_WAVES = {
    10: (60, (10, 18, 16, 14, 16, 16, 10)),
    15: (80, (9, 16, 14, 12, 18, 19, 12)),
    20: (100, (8, 21, 14, 11, 16, 18, 12)),
}
"""Month: answers; percent that gave 1 to 7."""

CSAT_ANSWERS = {2023: (180, 75), 2024: (500, 80)}
"""Year: answers; percent satisfied (4 or 5)."""


_FIRST_DAYS = [date(2023 + m // 12, m % 12 + 1, 1).toordinal() for m in range(25)]


def first_day(month: int) -> int:
    """Of month 0 (2023-01) and on; month 24 gives the first day after the data."""
    return _FIRST_DAYS[month]


def spread(counts: Sequence[int], total: int, of: int) -> list[int]:
    """`counts`, made for `of`, scaled to `total` so that running sums stay in step."""
    scaled: list[int] = []
    before = running = 0
    for count in counts:
        running += count
        now = running * total // of
        scaled.append(now - before)
        before = now
    return scaled


def per_month(column: str, customers: int) -> list[int]:
    """A column of MONTHS for that many customers."""
    return spread([getattr(m, column) for m in MONTHS], customers, DEFAULT_CUSTOMERS)


def scaled(count: int, customers: int) -> int:
    return count * customers // DEFAULT_CUSTOMERS
