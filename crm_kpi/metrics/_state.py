"""Building blocks of answers: ratios, proportions, order statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from crm_kpi.messages import Message
from crm_kpi.metrics._intervals import OfMean, OfShare, wilson
from crm_kpi.metrics._spec import AggregateState, MetricValue
from crm_kpi.results import Number

_DIGITS = Context(prec=28)


def ratio(top: Number | Fraction, bottom: Number | Fraction) -> float:
    """top / bottom, exact until the last step."""
    return float(Fraction(top) / Fraction(bottom))


def exact(value: Fraction) -> Decimal:
    """The fraction as a decimal: every digit where it ends, else 28 digits."""
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def proportion(
    hits: int, n: int, components: Mapping[str, Number | None], *, nothing: Message
) -> MetricValue:
    """100 x hits / n with its Wilson interval; `nothing` is the reason when n is 0."""
    if not n:
        return MetricValue(None, 0, components, reason=nothing)
    low, high = wilson(hits, n)
    return MetricValue(ratio(100 * hits, n), n, components, low, high, spread=OfShare(hits, n))


def mean_of_money(total: Number, squares: Number, n: int) -> OfMean | None:
    """The spread of a mean of n amounts with this sum, and this sum of squares times 10,000."""
    if n < 2:
        return None
    mean = Fraction(total) / n
    variance = (Fraction(squares) / 10_000 - n * mean * mean) / (n - 1)
    return OfMean(float(mean), max(0.0, float(variance)), n)


@dataclass(frozen=True)
class OrderStatistics:
    """What an `Ordered` of a state says, exact.

    The interval of the median takes the values at ranks n/2 -+ z sqrt(n)/2
    (binomial, normal approximation), and is None below six values.
    """

    state: AggregateState
    name: str

    def _get(self, statistic: str) -> Any:
        return self.state.get(f"{self.name}:{statistic}")

    @property
    def n(self) -> int:
        return int(self._get("n") or 0)

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self._get("sum")) / self.n if self.n else None

    def quantile(self, tenths: int) -> Fraction | None:
        """By linear interpolation between the two nearest values."""
        if not self.n:
            return None
        below = Fraction(self._get(f"p{tenths}_below"))
        share = Fraction((self.n - 1) * tenths % 10, 10)
        if not share:
            return below
        return below + share * (Fraction(self._get(f"p{tenths}_above")) - below)

    @property
    def median(self) -> Fraction | None:
        return self.quantile(5)

    @property
    def interval(self) -> tuple[Fraction, Fraction] | tuple[None, None]:
        if self.n < 6:
            return None, None
        low, high = self._get("low"), self._get("high")
        return (
            Fraction(self._get("min") if low is None else low),
            Fraction(self._get("max") if high is None else high),
        )
