"""Thresholds: how each value stands against its target, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from crm_kpi.kpi import Kpi, KpiRequest
from crm_kpi.results import Number, Rating, Result, exact

if TYPE_CHECKING:
    from crm_kpi.config.threshold import Threshold


def thresholds_of(
    request: KpiRequest[Kpi], configured: Mapping[str, tuple[Threshold, ...]]
) -> tuple[Threshold, ...]:
    """Those of the config; where it sets none, the KPI's own."""
    from crm_kpi.config.threshold import Threshold

    own = {name: Decimal(str(bound)) for name, bound in request.kpi.thresholds.items()}
    default = (Threshold.model_validate(own),) if own else ()
    return configured.get(request.name, default)


def named_by_goals(column: str, configured: Mapping[str, tuple[Threshold, ...]]) -> frozenset[str]:
    """The values of a column that a goal by this column names."""
    from crm_kpi.config.threshold import REST

    goals = (goal for several in configured.values() for goal in several if goal.by == column)
    return frozenset(key for goal in goals for key in goal.keys()) - {REST}  # noqa: SIM118


def rate(
    results: Sequence[Result], thresholds: Iterable[Threshold], *, higher_is_better: bool
) -> None:
    """Fill target, warning, rating and progress of one metric's results, in place."""
    for threshold in thresholds:
        for result in results:
            if list(result.segment) != ([threshold.by] if threshold.by else []):
                continue
            segment = next(iter(result.segment.values()), None) or ""
            key = segment if threshold.by else result.period
            target, warning = threshold.goals(key)
            if target is None:
                continue
            result.target, result.warning = target, warning
            if result.value is None:
                continue
            result.rating = rating(result.value, target, warning, higher_is_better)
            start = threshold.start
            if start is None and higher_is_better and target > 0:
                start = Decimal()  # below zero there is no way from there
            if start is not None:
                result.progress = progress(result.value, start, target)


def rating(value: Number, target: Number, warning: Number | None, higher_is_better: bool) -> Rating:
    """At the target is met; at the warning is a warning."""
    sign = 1 if higher_is_better else -1
    known = exact(value)
    if sign * known >= sign * target:
        return Rating.MET
    if warning is not None and sign * known >= sign * warning:
        return Rating.WARNING
    return Rating.MISSED


def progress(value: Number, start: Number, target: Number) -> float | None:
    """100 x (value - start) / (target - start); works downward too, and is not clamped."""
    way = float(target) - float(start)
    return 100 * (float(value) - float(start)) / way if way else None
