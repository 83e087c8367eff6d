"""The results of one KPI in the order of time, of the whole and of each segment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm_kpi.render import overview_choice
from crm_kpi.render.charts import Track
from crm_kpi.results import Asked, Number, Rating, Result

MOST_DRAWN = 60
"""Periods of a chart: five years of months; JSON, CSV and workbooks have all."""


@dataclass(frozen=True)
class Series:
    """
    shown: the last whole period, which a card tells.
    drawn: the periods of the chart, the earliest first; one that is not over is the last.
    all: of custom periods too, the latest first.
    """

    metric: str
    shown: Result
    drawn: Sequence[Result]
    all: Sequence[Result]
    segments: Sequence[Series] = field(default_factory=tuple)

    @property
    def line(self) -> Track:
        """The values alone."""
        track = self.track
        return Track(values=track.values, partial=track.partial, told=track.told)

    @property
    def track(self) -> Track:
        shown, drawn = self.shown, self.drawn
        has_interval = any(result.low is not None for result in drawn)
        targets = {result.target for result in drawn if result.target is not None}
        usual = None
        if shown.usual_low is not None and shown.usual_high is not None:
            usual = float(shown.usual_low), float(shown.usual_high)
        return Track(
            values=[drawable(result.value) for result in drawn],
            lows=[drawable(result.low) for result in drawn] if has_interval else (),
            highs=[drawable(result.high) for result in drawn] if has_interval else (),
            target=drawable(shown.target) if len(targets) < 2 else None,
            usual=usual,
            missed={i for i, result in enumerate(drawn) if result.rating is Rating.MISSED},
            partial=drawn[-1].partial,
            told=next((i for i, result in enumerate(drawn) if result is shown), None),
        )


def drawable(number: Number | None) -> float | None:
    """A number as a place in a chart."""
    return None if number is None else float(number)


def series_of(results: Iterable[Result], asked: Asked) -> dict[str, Series]:
    """Each KPI, with its segments in the order of the results."""
    metrics: dict[str, dict[tuple[tuple[str, str | None], ...], list[Result]]] = {}
    for result in results:
        segments = metrics.setdefault(result.metric, {})
        segments.setdefault(tuple(result.segment.items()), []).append(result)
    found = {}
    for metric, segments in metrics.items():
        parts = [_of(metric, part, asked) for by, part in segments.items() if by]
        whole = segments.get(())
        if whole is None:  # a KPI that is told of segments alone
            first, *_ = segments.values()
            whole = first
        found[metric] = _of(metric, whole, asked, parts)
    return found


def _of(
    metric: str, results: Sequence[Result], asked: Asked, segments: Sequence[Series] = ()
) -> Series:
    ordered = sorted(results, key=lambda result: (result.end, result.start))
    regular = [result for result in ordered if result.period not in asked.custom] or ordered
    return Series(
        metric,
        overview_choice.period_shown(ordered, asked),
        regular[-MOST_DRAWN:],
        ordered[::-1],
        segments,
    )
