"""How far from a forecast the truth will lie, by how far it lay from earlier ones.

    score   |log actual - log forecast| / h^(1/4), h periods ahead, at each of the last 36 origins
            from the first whole season on, as far as a season ahead; where any value is 0 or
            below, of the plain difference
    band    forecast x e^(+- q h^(1/4)), or forecast +- q h^(1/4); q is the ceil((s + 1) level)-th
            smallest of s scores

An origin is a number of first values, of which alone its forecast is made. Fewer than 20 scores
tell no band.

Source: split conformal prediction, Vovk et al., Algorithmic Learning in a Random World, 2005; own:
the fourth root, by which errors grow with h on M3 monthly and Australian retail. Bands of 80 % held
79 to 90 % of the time there, those of 95 % 91 to 99 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from crm_kpi.prediction.forecasting import Past

ORIGINS = 36
FEWEST_SCORES = 20


@dataclass(frozen=True)
class Bands:
    """
    scores: the smallest first.
    by_ratio: they are of logarithms.
    """

    scores: Sequence[float]
    by_ratio: bool

    @classmethod
    def of(cls, past: Past, origin: int | None = None) -> Bands:
        """By what the first `origin` values show; default all."""
        known = past.values[:origin]
        by_ratio = min(known) > 0
        scores = []
        for at in range(max(past.first_origin, len(known) - ORIGINS), len(known)):
            pairs = zip(known[at:], past.season_ahead(at), strict=False)
            for h, (actual, forecast) in enumerate(pairs, 1):
                away = log(actual / forecast) if by_ratio else actual - forecast
                scores.append(abs(away) / _growth(h))
        return cls(sorted(scores), by_ratio)

    @property
    def known(self) -> bool:
        """Whether there are scores enough for a band."""
        return len(self.scores) >= FEWEST_SCORES

    def around(
        self, forecast: float, h: int, level: int
    ) -> tuple[float, float] | tuple[None, None]:
        """The band of a forecast h periods ahead, at a level in percent."""
        if not self.known:
            return None, None
        rank = -(-(len(self.scores) + 1) * level // 100)
        away = self.scores[rank - 1] * _growth(h)
        if self.by_ratio:
            return forecast * exp(-away), forecast * exp(away)
        return forecast - away, forecast + away


def _growth(h: int) -> float:
    return float(h**0.25)
