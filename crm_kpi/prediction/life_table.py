"""How many of those who wait will turn, by their age and by when others did.

    hazard(age)   those who turned at it / those who were seen at it
    S(age)        the product of (1 - hazard) over all ages up to it
    chance        1 - S(age + days) / S(age), of one who has reached an age without turning

Nobody is known to turn beyond the oldest age that was seen.

Source: Kaplan and Meier, JASA 1958; with late entry, Klein and Moeschberger, Survival Analysis,
2003, chapter 4.6.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """Some who were seen at every age from one to another, and whether they turned at the last.

    Entering older than one leaves says nothing of any age.
    """

    first: int
    last: int
    turned: bool
    count: int = 1


@dataclass(frozen=True)
class LifeTable:
    """ages: those at which somebody turned, the youngest first; stay: the share of those seen at
    each who did not."""

    ages: Sequence[int]
    stay: Sequence[float]

    @classmethod
    def of(cls, seen: Iterable[Seen]) -> LifeTable:
        changes: dict[int, int] = {}
        turned: dict[int, int] = {}
        for some in seen:
            if some.first > some.last:
                continue
            changes[some.first] = changes.get(some.first, 0) + some.count
            changes[some.last + 1] = changes.get(some.last + 1, 0) - some.count
            if some.turned:
                turned[some.last] = turned.get(some.last, 0) + some.count
        ages, stay, there = [], [], 0
        for age in sorted({*changes, *turned}):
            there += changes.get(age, 0)
            if age in turned:
                ages.append(age)
                stay.append((there - turned[age]) / there)
        return cls(ages, stay)

    def chance(self, age: int, days: int) -> float:
        """That one turns within so many days after an age."""
        left = 1.0
        for share in self.stay[bisect_right(self.ages, age) : bisect_right(self.ages, age + days)]:
            left *= share
        return 1 - left
