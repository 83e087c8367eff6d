"""How well chances were told: who did, against who was likely to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True)
class ChanceOutcome:
    """So many who are alike: how likely each was to do something, and whether they did (0 or 1)."""

    chance: float
    happened: int
    n: int = 1


def observed(outcomes: Sequence[ChanceOutcome]) -> float | None:
    """The share of whom it happened to."""
    n = sum(each.n for each in outcomes)
    return sum(each.n * each.happened for each in outcomes) / n if n else None


def expected(outcomes: Sequence[ChanceOutcome]) -> float | None:
    """The mean chance."""
    n = sum(each.n for each in outcomes)
    return fsum(each.n * each.chance for each in outcomes) / n if n else None


def brier(outcomes: Sequence[ChanceOutcome]) -> float | None:
    """The mean square of chance - what happened."""
    n = sum(each.n for each in outcomes)
    return fsum(each.n * (each.chance - each.happened) ** 2 for each in outcomes) / n if n else None


def skill(outcomes: Sequence[ChanceOutcome]) -> float | None:
    """1 - brier / that of who says the same share, rightly, of everybody; None where it happened
    to all, or to none."""
    share, score = observed(outcomes), brier(outcomes)
    if share is None or score is None or share in (0, 1):
        return None
    return 1 - score / (share * (1 - share))


def auc(outcomes: Iterable[ChanceOutcome]) -> float | None:
    """The chance that one to whom it happened had a higher score (`chance`) than one to whom it
    did not; of equal scores half. None where it happened to all, or to none."""
    counts: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for each in outcomes:
        counts[each.chance][each.happened] += each.n
    lower, twice = 0, 0
    for score in sorted(counts):
        did_not, did = counts[score]
        twice += did * (2 * lower + did_not)
        lower += did_not
    all_did = sum(did for _, did in counts.values())
    return twice / (2 * all_did * lower) if all_did and lower else None
