"""Why a KPI moved, once more: from the oracles of the KPIs, walking from period to period.

On the straight way from before to after, weights and rates move at once; what each does is added
up step by step (of a line, the middle stands for all steps). Factors change one after the other,
in every order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import prod, sqrt
from typing import Any

from tests.oracle.common import TOTAL, Answer, Answers, Segment
from tests.oracle.periods import Period

Table = list[dict[str, Any]]
Parts = Callable[[Answer], tuple[Any, Any]]
"""Numerator and denominator of an answer; None as a denominator for sums."""
NAMES = ("metric", "period", "against", "column", "segment", "factor", "before", "after")
EFFECTS = ("rate_effect", "mix_effect", "total", "change_low", "change_high")


def drivers(
    metric: str,
    both: tuple[Period, Period],
    accounts: Mapping[str, Answers],
    parts: Parts,
    factors: Iterable[tuple[str, Any, Any, Fraction]] = (),
) -> Table:
    """The rows; `accounts` are the answers by each column."""
    whole = next(iter(accounts.values()))
    then, now = (whole[period, TOTAL] for period in both)
    assert then.value is not None
    assert now.value is not None

    def row(*cells: Any) -> dict[str, Any]:
        own = (metric, both[1].label, both[0].label, *cells)
        return dict(zip((*NAMES, *EFFECTS), own, strict=True))

    change = Fraction(now.value) - Fraction(then.value)
    ends = _ends(then, now)
    blocks = [_block(name, both, answers, parts) for name, answers in accounts.items()]
    blocks = [block for block in blocks if block]
    blocks.sort(key=lambda block: sum(cells[-3] ** 2 for cells in block), reverse=True)
    told = sorted(factors, key=lambda each: (-abs(each[-1]), each[0]))
    return [
        row(None, None, None, then.value, now.value, None, None, change, *ends),
        *(row(*cells) for block in blocks for cells in block),
        *(row(None, None, *f[:3], None, None, f[3], None, None) for f in told),
    ]


def _ends(then: Answer, now: Answer) -> tuple[float | None, float | None]:
    """Newcombe's, where both are proportions."""
    if None in (then.low, now.low, then.value, now.value):
        return None, None
    v0, v1 = float(then.value or 0), float(now.value or 0)
    assert then.low is not None and then.high is not None  # noqa: PT018
    assert now.low is not None and now.high is not None  # noqa: PT018
    down, up = hypotenuse(v1 - now.low, then.high - v0), hypotenuse(now.high - v1, v0 - then.low)
    return max(-100.0, v1 - v0 - down), min(100.0, v1 - v0 + up)


def hypotenuse(a: float, b: float) -> float:
    return sqrt(a * a + b * b)


def _block(name: str, both: tuple[Period, Period], answers: Answers, parts: Parts) -> list[Any]:
    segments: list[Segment] = [key[1] for key in answers if key[0] == both[0] and key[1] != TOTAL]
    wholes = [parts(answers[period, TOTAL]) for period in both]
    rows = []
    for segment in segments:
        sides = [answers[period, segment] for period in both]
        tops, bottoms = zip(*map(parts, sides), strict=True)
        if not any(tops) and not any(bottoms):
            continue
        if bottoms[0] is None:
            effect: Any = (None, None, Fraction(tops[1]) - Fraction(tops[0]))
        else:
            effect = _walked(tops, bottoms, wholes)
        cells = (sides[0].value, sides[1].value, *effect, *_ends(*sides))
        rows.append((name, segment[0], None, *cells))
    return sorted(rows, key=lambda r: (-abs(r[7]), r[1] is None, r[1] or ""))


def _walked(
    tops: Sequence[Any], bottoms: Sequence[Any], wholes: Sequence[tuple[Any, Any]]
) -> tuple[Fraction, Fraction, Fraction]:
    weights = [Fraction(b) / Fraction(whole[1]) for b, whole in zip(bottoms, wholes, strict=True)]
    rates: list[Any] = [
        Fraction(t) / Fraction(b) if b else None for t, b in zip(tops, bottoms, strict=True)
    ]
    rates = [rates[i] if rates[i] is not None else rates[1 - i] for i in (0, 1)]
    everybody = [Fraction(t) / Fraction(b) for t, b in wholes]
    steps = 4
    rate = mix = Fraction(0)
    for step in range(steps):
        at = Fraction(2 * step + 1, 2 * steps)
        weight, own, all_ = (a + (b - a) * at for a, b in (weights, rates, everybody))
        rate += weight * (rates[1] - rates[0]) / steps
        mix += (own - all_) * (weights[1] - weights[0]) / steps
    return rate, mix, rate + mix


def in_every_order(before: Sequence[Fraction], after: Sequence[Fraction]) -> list[Fraction]:
    found = [Fraction(0)] * len(before)
    orders = [*permutations(range(len(before)))]
    for order in orders:
        now = [*before]
        for place in order:
            was = prod(now)
            now[place] = after[place]
            found[place] += (prod(now) - was) / len(orders)
    return found
