"""Intervals of 95 %: of a share, and of the change of a value.

A metric says with its value which of these it is: of counts, of its own variance, or of a mean.
Medians and sums are none.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import sqrt
from typing import Any

from crm_kpi.metrics._student import quantile

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution: 95 % intervals have 2.5 % on each side."""
Ends = tuple[float, float]


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The Wilson score interval of a proportion, in percent (Wilson 1927).

    Of none and of all it ends at 0 and at 100, which its arithmetic misses by a hair.
    """
    share, z2 = hits / n, Z * Z
    middle = share + z2 / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 100 / (1 + z2 / n)
    low = (middle - half) * scale if hits else 0.0
    high = (middle + half) * scale if hits < n else 100.0
    return low, high


class Spread(ABC):
    """What is known of the chance in a value."""

    @abstractmethod
    def change_from(self, before: Any) -> Ends | None:
        """The 95 % interval of the change from a value to this one; None where there is none."""


@dataclass(frozen=True, slots=True)
class OfShare(Spread):
    """100 x hits / n of n cases: Newcombe's hybrid score interval (1998, method 10).

    Where the same cases are on both sides it is wider than need be.
    """

    hits: int
    n: int

    def change_from(self, before: OfShare) -> Ends:
        now, then = 100 * self.hits / self.n, 100 * before.hits / before.n
        low, high = wilson(self.hits, self.n)
        low_then, high_then = wilson(before.hits, before.n)
        change = now - then
        return (
            max(-100.0, change - sqrt((now - low) ** 2 + (high_then - then) ** 2)),
            min(100.0, change + sqrt((high - now) ** 2 + (then - low_then) ** 2)),
        )


@dataclass(frozen=True, slots=True)
class OfValue(Spread):
    """A value that is normal around the true one, with a variance of its own."""

    value: float
    variance: float

    def change_from(self, before: OfValue) -> Ends:
        half = Z * sqrt(self.variance + before.variance)
        change = self.value - before.value
        return change - half, change + half


@dataclass(frozen=True, slots=True)
class OfMean(Spread):
    """A mean of n numbers of that variance: Welch's interval, with his degrees of freedom."""

    mean: float
    variance: float
    n: int

    def change_from(self, before: OfMean) -> Ends | None:
        if self.n < 2 or before.n < 2:
            return None
        mine, other = self.variance / self.n, before.variance / before.n
        change = self.mean - before.mean
        if not mine + other:
            return change, change
        degrees = (mine + other) ** 2 / (mine**2 / (self.n - 1) + other**2 / (before.n - 1))
        half = quantile(0.975, degrees) * sqrt(mine + other)
        return change - half, change + half
