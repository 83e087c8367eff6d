"""What happens in which month: the two years of the company, before chance.

The numbers are for 400 customers and scale with them. Chance decides who and
when, never how many, so that rates do not depend on the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import NamedTuple

from crm_kpi.demo import clock

DEFAULT_CUSTOMERS = 400
MAX_CUSTOMERS = 100_000
MESSY_FROM = 200
"""Fewer customers than this get no broken rows: one in a short file would exceed 1 %."""

AS_OF = date(2024, 12, 31).toordinal()
NIGHT = clock.at(AS_OF + 1, 0)
"""The end of the last day: what would come after it has not happened."""

DEALERS = 5
"""Of the five-year dealer programme: joined 2018-08 to 2018-12, left five years later."""

# Of each month from January 2023 to December 2024; in June 2024 prices went up.
JOINED = (
    15, 5, 26, 26, 26, 26, 26, 14, 14, 14, 15, 16, 15, 12, 16, 15, 15, 14, 13, 13, 14, 15, 15, 15,
)  # fmt: skip
LOST = (0, 1, 0, 1, 2, 2, 4, 4, 5, 6, 5, 5, 6, 4, 5, 6, 5, 12, 6, 6, 6, 6, 5, 5)
"""Of those who were there at the month's start, dealers included."""
BUYERS = (
    9, 14, 30, 42, 52, 60, 66, 68, 70, 72, 76, 88, 92, 60, 78, 82, 84, 80, 82, 86, 88, 92, 100, 99,
)  # fmt: skip
REPEATING = (
    17, 15, 20, 22, 24, 22, 25, 24, 26, 23, 24, 28, 30, 13, 22, 24, 25, 21, 22, 24, 23, 25, 20, 29,
)  # fmt: skip
"""Percent of the buyers who order more than once."""
FAIR = 21
"""2024-10: brings leads, and from here on one that converts does so in the month it came."""
LEADS = [2 * joined + (70 if month == FAIR else 0) for month, joined in enumerate(JOINED)]
TICKETS = [buyers * 7 // 10 for buyers in BUYERS]
RETENTION_COST = [11_500 + 500 * month for month in range(clock.MONTHS)]
"""VND per retained customer."""
CLUB_LAUNCH, CLUB_MEMBERS = 6, 100
"""2023-07: the first subscription of the company, and who took it at once."""
YEARLY_LAUNCH, YEARLY_MEMBERS, YEARLY_RENEWED = 8, 20, 85
"""2023-09: yearly subscriptions, due 2024-09; percent that renew."""


class Wave(NamedTuple):
    """Of a survey; `percents` are those that give 0, 1, 2 and so on."""

    month: int
    survey: str
    answers: int
    percents: tuple[int, ...]


WAVES = (
    Wave(5, "nps", 50, (2, 0, 2, 2, 2, 6, 8, 10, 14, 26, 28)),
    Wave(10, "ces", 60, (0, 10, 18, 16, 14, 16, 16, 10)),
    Wave(11, "nps", 60, (0, 1, 1, 2, 2, 6, 6, 8, 12, 28, 34)),
    Wave(14, "nps", 80, (0, 0, 1, 1, 2, 4, 6, 9, 12, 30, 35)),
    Wave(15, "ces", 80, (0, 9, 16, 14, 12, 18, 19, 12)),
    Wave(17, "nps", 100, (0, 0, 1, 1, 1, 3, 4, 8, 12, 32, 38)),
    Wave(20, "nps", 90, (1, 1, 1, 2, 3, 6, 6, 10, 14, 26, 30)),
    Wave(20, "ces", 100, (0, 8, 21, 14, 11, 16, 18, 12)),
    Wave(23, "nps", 90, (0, 0, 1, 1, 2, 4, 6, 9, 13, 29, 35)),
)
CSAT = {2023: (180, (0, 5, 8, 12, 30, 45)), 2024: (500, (0, 4, 6, 10, 32, 48))}
"""Year: answers, percent that gave 0, 1, 2 and so on."""


def spread(counts: Sequence[int], total: int, of: int = DEFAULT_CUSTOMERS) -> list[int]:
    """`counts`, made for `of`, scaled to `total` so that running sums stay in step."""
    sums = [0, *(running * total // of for running in accumulate(counts))]
    return [after - before for before, after in pairwise(sums)]


def scaled(count: int, customers: int) -> int:
    """`count`, made for DEFAULT_CUSTOMERS, for that many."""
    return count * customers // DEFAULT_CUSTOMERS
