"""Results -> findings: what of the last whole period a reader should know, the worst first.

A goal that is missed or near, and a value that is unusual. Every renderer shows this list, and
none makes one of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING

from crm_kpi.engine.finish import normalize_decimal
from crm_kpi.kpi import Kpi, KpiRequest
from crm_kpi.messages import Message, text
from crm_kpi.results import FindingLevel, KpiFinding, Number, Rating, Result, UnusualSide, exact

if TYPE_CHECKING:
    from crm_kpi.config import Config

_LEVELS = tuple(FindingLevel)
_OF_RATING = {Rating.MISSED: FindingLevel.MISSED, Rating.WARNING: FindingLevel.WARNING}
_OF_SIDE = {
    UnusualSide.WORSE: FindingLevel.WORSE,
    UnusualSide.CHANGED: FindingLevel.CHANGED,
    UnusualSide.BETTER: FindingLevel.BETTER,
}
_GOALS = (FindingLevel.MISSED, FindingLevel.WARNING)
ResultRow = tuple[str, tuple[tuple[str, str | None], ...]]
"""A KPI and a segment."""


def find(
    results: Iterable[Result],
    speakers: Mapping[str, str] = MappingProxyType({}),
    custom: Collection[str] = (),
) -> list[KpiFinding]:
    """The findings of these results: missed goals by how far they are from the target in
    proportion to it, then what is worse than usual, near a goal, changed and better.

    Args:
        speakers: by the name of a KPI that of the one of its family which speaks where several
            have a finding of the same level; the worse level speaks in any case.
        custom: the labels of periods that lie outside the rhythm, of which no last one is told.
    """
    found = [each for result in _last_whole(results, custom) if (each := _finding(result))]
    families: dict[tuple[str, ResultRow], list[KpiFinding]] = {}
    for each in found:
        speaker = speakers.get(each.metric, each.metric)
        families.setdefault((speaker, _row("", each.segment)), []).append(each)
    spoken = [
        min(family, key=lambda f: (_LEVELS.index(f.level), f.metric != speaker, *_order(f)))
        for (speaker, _), family in families.items()
    ]
    return sorted(spoken, key=_order)


def of_run(
    config: Config, asked: Iterable[KpiRequest[Kpi]], results: Iterable[Result]
) -> list[KpiFinding]:
    """The findings of the results of a run."""
    speakers = {request.name: request.kpi.spoken_for_by or request.name for request in asked}
    return find(results, speakers, {period.name for period in config.periods.custom})


def of_judged(results: Iterable[Result]) -> list[KpiFinding]:
    """The findings of results each of which was judged, whatever its period."""
    return sorted(filter(None, map(_finding, results)), key=_order)


def _last_whole(results: Iterable[Result], custom: Collection[str]) -> Sequence[Result]:
    """Of each KPI and segment the result of the last whole period."""
    last: dict[ResultRow, Result] = {}
    for result in results:
        if not result.partial and result.period not in custom:
            row = _row(result.metric, result.segment)
            last[row] = max(last.get(row, result), result, key=lambda r: (r.end, r.start))
    return [*last.values()]


def _row(metric: str, segment: Mapping[str, str | None]) -> ResultRow:
    return metric, tuple(segment.items())


def _finding(result: Result) -> KpiFinding | None:
    """What a result has to say, where it has something."""
    levels = [
        *([_OF_RATING[result.rating]] if result.rating in _OF_RATING else []),
        *([_OF_SIDE[result.unusual_side]] if result.unusual_side else []),
    ]
    if not levels or result.value is None:
        return None
    level = min(levels, key=_LEVELS.index)
    gap = _gap(result)
    return KpiFinding(
        level=level,
        metric=result.metric,
        segment=result.segment,
        period=result.period,
        value=result.value,
        previous=result.previous,
        change=result.change,
        target=result.target,
        gap=gap,
        within_error=result.within_error,
        usual_low=result.usual_low,
        usual_high=result.usual_high,
        text=_of_goal(result, gap) if level in _GOALS else _of_usual(result),
    )


def _gap(result: Result) -> Number | None:
    """How far it is from its target; 0 where it is met, None where there is none."""
    if result.target is None or result.value is None:
        return None
    if result.rating is Rating.MET:
        return 0
    gap = abs(exact(result.value) - exact(result.target))
    return float(gap) if isinstance(result.value, float) else normalize_decimal(gap)


def _of_goal(result: Result, gap: Number | None) -> Message:
    """How far it is from its target, and on which side."""
    target = result.target
    assert target is not None
    if exact(result.value or 0) < exact(target):
        if result.within_error:
            return text("findings.below_goal_within_error", gap=gap, target=target)
        return text("findings.below_goal", gap=gap, target=target)
    if result.within_error:
        return text("findings.above_goal_within_error", gap=gap, target=target)
    return text("findings.above_goal", gap=gap, target=target)


def _of_usual(result: Result) -> Message:
    low, high = result.usual_low, result.usual_high
    assert low is not None
    assert high is not None
    if float(result.value or 0) < low:
        return text("findings.below_usual", low=low, high=high)
    return text("findings.above_usual", low=low, high=high)


def _order(finding: KpiFinding) -> tuple[int, float]:
    """By level; of goals the widest gap in proportion to the target first, of what is unusual the
    furthest from its range in proportion to that."""
    if finding.level in _GOALS:
        far, whole = float(finding.gap or 0), abs(float(finding.target or 0))
    else:
        value = float(finding.value)
        low, high = float(finding.usual_low or 0), float(finding.usual_high or 0)
        far, whole = max(low - value, value - high), high - low
    return _LEVELS.index(finding.level), -far / whole if whole else -inf
