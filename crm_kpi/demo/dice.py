"""Chance that falls the same way everywhere.

Only `Random.random` is used: its sequence for a seed is guaranteed to stay,
that of `choice`, `shuffle` and the others is not. Nothing here calls the C
library's `exp`, `log` or `pow`, whose last bits differ between platforms.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def mix(*shares: tuple[T, int]) -> tuple[T, ...]:
    """Every item as often as its weight says, to be picked from."""
    return tuple(item for item, weight in shares for _ in range(weight))


class Dice:
    """One stream of chance; the tables draw from it one after the other."""

    def __init__(self, seed: int) -> None:
        self.random = Random(str(seed)).random

    def below(self, n: int) -> int:
        """0 to n - 1."""
        return int(self.random() * n)

    def between(self, low: int, high: int) -> int:
        """low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def skewed(self, low: int, high: int) -> int:
        """low to high, mostly near low: delays look like this."""
        return low + int(self.random() * self.random() * self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        return self.random() < share

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items in random order; all of them when there are fewer."""
        pool = list(items)
        count = min(count, len(pool))
        for i in range(count):
            j = i + self.below(len(pool) - i)
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:count]
