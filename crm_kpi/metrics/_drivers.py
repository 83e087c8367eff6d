"""What moved a value: its change, taken apart by segments or by factors, in exact fractions.

Of a value k N / D, where segments add up to N and to D, each segment s has a weight w = D_s / D
and a rate r = k N_s / D_s; R is the value of all, 0 stands for before and 1 for after:

    rate effect   (r1 - r0) (w0 + w1) / 2
    mix effect    (w1 - w0) ((r0 + r1) / 2 - (R0 + R1) / 2)

Bennet's indicator (1920). Both together, over all segments, are the change exactly, and turn
their signs where before and after are swapped. A segment that is missing on one side has the rate
of the other; what stands in N without anything in D has no weight, and is a rate effect.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial, prod
from typing import Any, TypeVar

Exact = int | Decimal | Fraction
_Segment = TypeVar("_Segment", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Quotient:
    """A value as top / bottom, to both of which segments add up; without a bottom the top is it."""

    top: Exact
    bottom: Exact | None = None

    @property
    def value(self) -> Fraction:
        """
        Raises:
            ZeroDivisionError: the bottom is 0.
        """
        return Fraction(self.top) / Fraction(1 if self.bottom is None else self.bottom)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a segment adds to a change; of a sum only how much."""

    total: Fraction
    rate: Fraction | None = None
    mix: Fraction | None = None


def effects(
    before: Mapping[_Segment, Quotient], after: Mapping[_Segment, Quotient]
) -> dict[_Segment, Effect]:
    """The effect of each segment on the value of all.

    Raises:
        ZeroDivisionError: the value of all is none, before or after.
    """
    segments = [*dict.fromkeys([*before, *after])]
    everything = [*before.values(), *after.values()]
    if any(each.bottom is None for each in everything):
        tops = [[Fraction(_top(side, s)) for s in segments] for side in (before, after)]
        changes = zip(segments, *tops, strict=True)
        return {segment: Effect(now - then) for segment, then, now in changes}
    then, now = _Side.of(before), _Side.of(after)
    middle = (then.value + now.value) / 2
    return {segment: _effect(then, now, segment, middle) for segment in segments}


def _top(side: Mapping[_Segment, Quotient], segment: _Segment) -> Exact:
    return side[segment].top if segment in side else 0


@dataclass(frozen=True, slots=True)
class _Side:
    """All segments of one of the two periods."""

    parts: Mapping[Any, tuple[Fraction, Fraction]]
    bottom: Fraction
    value: Fraction

    @classmethod
    def of(cls, quotients: Mapping[Any, Quotient]) -> _Side:
        parts = {s: (Fraction(q.top), Fraction(q.bottom or 0)) for s, q in quotients.items()}
        top, bottom = (sum((part[i] for part in parts.values()), Fraction(0)) for i in (0, 1))
        return cls(parts, bottom, top / bottom)

    def weight_rate_rest(self, segment: Any) -> tuple[Fraction, Fraction | None, Fraction]:
        """The weight; the rate, where there is one; what of the value has no weight."""
        top, bottom = self.parts.get(segment, (Fraction(0), Fraction(0)))
        if not bottom:
            return Fraction(0), None, top / self.bottom
        return bottom / self.bottom, top / bottom, Fraction(0)


def _effect(then: _Side, now: _Side, segment: Any, middle: Fraction) -> Effect:
    w0, own0, rest0 = then.weight_rate_rest(segment)
    w1, own1, rest1 = now.weight_rate_rest(segment)
    r0 = own0 if own0 is not None else own1 or Fraction(0)
    r1 = own1 if own1 is not None else r0
    rate = (r1 - r0) * (w0 + w1) / 2 + rest1 - rest0
    mix = (w1 - w0) * ((r0 + r1) / 2 - middle)
    return Effect(rate + mix, rate, mix)


def shapley(before: Sequence[Fraction], after: Sequence[Fraction]) -> list[Fraction]:
    """What each factor adds to the change of their product: the mean, over all orders in which
    they could have changed, of what its own change does (Shapley 1953). The sum is the change.
    """
    count = len(before)
    found = []
    for own in range(count):
        others = [i for i in range(count) if i != own]
        weighted = Fraction(0)
        for size in range(count):
            weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            for changed in combinations(others, size):
                rest = prod((after if i in changed else before)[i] for i in others)
                weighted += weight * rest
        found.append((after[own] - before[own]) * weighted)
    return found


@dataclass(frozen=True, slots=True)
class FactorEffect:
    """What a factor adds to a change, and what it was before and after, if it was anything."""

    factor: str
    total: Fraction
    before: Fraction | None = None
    after: Fraction | None = None
