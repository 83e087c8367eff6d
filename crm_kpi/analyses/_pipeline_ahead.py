"""The open deals, weighted, by the period in which they are expected to close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from math import fsum, sqrt

from crm_kpi.analyses._past import rounded
from crm_kpi.analyses._spec import Row, Scope
from crm_kpi.frames import pipeline
from crm_kpi.messages import text
from crm_kpi.metrics._intervals import Z
from crm_kpi.metrics._state import exact
from crm_kpi.metrics.sales.weighted_pipeline import WeightedPipeline
from crm_kpi.periods import Rhythm

METRIC = "weighted_pipeline"
OVERDUE, LATER, UNDATED = "overdue", "later", "undated"
Z_80 = 1.2815515655446004
"""The same of 80 %."""

_Deal = tuple[Fraction, Fraction]
"""What a deal is worth, and that x its odds."""
_Place = tuple[str, date | None, date | None]
"""A period's label, its start and its end."""


def rows(scope: Scope, rhythm: Rhythm, horizon: date) -> Iterator[Row]:
    """A row per period with deals, then those that lie in none.

    horizon: the first day after the periods that are told of.
    """
    if scope.context.tables.lacking.get("opportunities"):
        note = text("forecast.deals_not_split")  # they would be told again in every segment
        if note not in scope.aside.notes:
            scope.aside.notes.append(note)
        return
    weighted = scope.in_force(METRIC)
    assert isinstance(weighted, WeightedPipeline)
    given = scope.context.has("opportunities", "probability") and weighted.probability != "learned"
    probability = "given" if given else "learned"
    frame = scope.context.frame(pipeline.open_deals, probability=probability)
    deals = scope.context.backend.fetch_columns(
        frame.select("expected", "amount", "weighted", "of")
    )
    until = scope.periods[-1].until
    found: dict[_Place, list[_Deal]] = defaultdict(list)
    left_out = 0
    for expected, amount, odds, of in zip(*deals.values(), strict=True):
        if odds is None or not of:
            left_out += 1
            continue
        deal = Fraction(amount), Fraction(odds) / of
        found[_place(expected, until, rhythm, horizon)].append(deal)
    if left_out and not scope.segment:
        scope.aside.notes.append(text("forecast.deals_left_out", count=left_out))
    for place in sorted(found, key=_order):
        yield _row(place, found[place], probability)


def _place(expected: date | None, until: date, rhythm: Rhythm, horizon: date) -> _Place:
    if expected is None:
        return UNDATED, None, None
    if expected < until:
        return OVERDUE, None, until
    if expected >= horizon:
        return LATER, horizon, None
    start = rhythm.floor(expected)
    return rhythm.label(start), start, rhythm.next(start)


def _order(place: _Place) -> tuple[int, date]:
    label, start, _ = place
    return [OVERDUE, LATER, UNDATED].index(label) if start is None or label == LATER else -1, (
        start or date.min
    )


def _row(place: _Place, deals: list[_Deal], method: str) -> Row:
    """The sum over deals that are won or lost each by itself; its band by the normal law."""
    label, start, end = place
    expected, most = sum(worth for _, worth in deals), sum(amount for amount, _ in deals)
    deviation = sqrt(max(0.0, fsum(float(worth * (amount - worth)) for amount, worth in deals)))

    def band(z: float) -> tuple[float, float]:
        middle = float(expected)
        low, high = max(0.0, middle - z * deviation), min(float(most), middle + z * deviation)
        return rounded(low), rounded(high)

    (low, high), (low_80, high_80) = band(Z), band(Z_80)
    return {
        "metric": METRIC,
        "period": label,
        "start": start,
        "end": end,
        "value": exact(Fraction(expected)),
        "low": low,
        "high": high,
        "low_80": low_80,
        "high_80": high_80,
        "method": method,
    }
