"""Goals: which result each one judges, and those that are no KPI's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Protocol

from crm_kpi.config.goal import Milestone, OwnGoal, Plan
from crm_kpi.config.source import within
from crm_kpi.config.threshold import REST, Threshold
from crm_kpi.engine.thresholds import rating
from crm_kpi.errors import UsageError
from crm_kpi.messages import joined, text
from crm_kpi.periods import DAY, Rhythm, parse_moment
from crm_kpi.results import Number, Result, Status, Unit
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.names import key
from crm_kpi.sources.tabular_file import ColumnRequest

if TYPE_CHECKING:
    from crm_kpi.config.model import Config, Periods
    from crm_kpi.durations import Duration


def judged(
    threshold: Threshold, results: Iterable[Result], custom: Iterable[str], *, last: int
) -> list[Result]:
    """The results of a KPI that a goal is about: in each segment the last whole periods.

    Args:
        custom: names of custom periods, which are judged where the goal names them.
        last: how many periods.
    """
    mine = [r for r in results if list(r.segment) == ([threshold.by] if threshold.by else [])]
    named = {*custom}.intersection(() if threshold.by else threshold.keys())
    whole = [r for r in mine if not r.partial and r.period not in custom]
    ends = sorted({r.end for r in whole})[-last:]
    there = [r for r in mine if r.period in named or (r in whole and r.end in ends)]
    return [r for r in there if r.target is not None]


def refuse_labels(threshold: Threshold, name: str, periods: Periods) -> None:
    """Raises UsageError for a label that no period of the goal's own length has."""
    known = {REST, *(period.name for period in periods.custom)}
    rhythm = Rhythm(periods.every, periods.fiscal_year_start)
    for label in () if threshold.by else threshold.keys():
        if label not in known and not _is_of(label, rhythm):
            raise UsageError(
                text("check.no_such_period", name=name, label=label, every=periods.every),
                hint=text("check.set_every", name=name),
            )


def _is_of(label: str, rhythm: Rhythm) -> bool:
    if rhythm.every == "all":
        return label == "all"
    start, _ = parse_moment(label, rhythm.fiscal)
    return rhythm.label(rhythm.floor(start)) == label


def is_stale(newest: date | None, allowed: Duration, as_of: date) -> bool:
    """Whether a table's newest row is older than it may be."""
    if newest is None:
        return True
    if allowed.months is not None:
        year, month = divmod(as_of.year * 12 + as_of.month - 1 - allowed.months, 12)
        return (newest.year, newest.month, newest.day) < (year, month + 1, as_of.day)
    return newest < as_of - timedelta(days=allowed.days or 0, seconds=allowed.seconds or 0)


def own_goals(config: Config, results: Mapping[str, Sequence[Result]], as_of: date) -> list[Result]:
    """The goals that are no KPI's, each as a result in percent of the way.

    Args:
        results: what is judged of each KPI with a goal, of its total the last one last.
    """
    finished: dict[str, Result] = {}
    for name in config.goals:
        _finish(name, config, results, as_of, finished)
    return list(finished.values())


def _finish(
    name: str,
    config: Config,
    results: Mapping[str, Sequence[Result]],
    as_of: date,
    finished: dict[str, Result],
) -> Result | None:
    """A goal, after those that it is made of; None for a KPI whose total has no result."""
    goal = config.goals.get(name)
    if goal is None:
        return next((r for r in reversed(results.get(name, ())) if not r.segment), None)
    if name not in finished:
        make = partial(_result, name, goal, as_of)
        if isinstance(goal, Plan):
            children = {
                child: _finish(child, config, results, as_of, finished) for child in goal.children
            }
            finished[name] = _of_children(goal, children, make)
        else:
            finished[name] = _of_tasks(goal, name, config, make)
    return finished[name]


def _of_children(goal: Plan, children: Mapping[str, Result | None], make: _Make) -> Result:
    """The mean of the children's progress by their weights; null where one has none."""
    progress = {name: child.progress if child else None for name, child in children.items()}
    lacking = [name for name, each in progress.items() if each is None]
    if lacking:
        names = joined(lacking, text("general.and"))
        return make(None, components=progress, reason=text("check.child_lacks", names=names))
    weights = sum(goal.children.values())
    way = sum(Decimal(repr(float(progress[n] or 0))) * w for n, w in goal.children.items())
    return make(float(way / weights), components=progress)


def _of_tasks(goal: Milestone, name: str, config: Config, make: _Make) -> Result:
    if goal.of is None:
        return make(100 if goal.done else 0)
    folder = config.path.parent if config.path else None
    words = _words(within(folder, goal.of.path), goal.of.column, f"thresholds.{name}.of.column")
    wanted = {key(word) for word in goal.of.done}
    done = sum(word is not None and key(word) in wanted for word in words)
    components = {"done": done, "total": len(words)}
    if not words:
        return make(
            None, n=0, components=components, reason=text("check.no_tasks", path=goal.of.path)
        )
    return make(100 * done / len(words), n=len(words), components=components)


def _words(path: str, column: str, option: str) -> list[str | None]:
    """The cells of one column of a file that is no table of ours."""
    file = Session().open_any(path)
    place = headers.position(file.headers, column, path, option)
    file.want(ColumnRequest([place]))
    return file.frame()[str(place)].to_list()


class _Make(Protocol):
    """What makes a goal's value its result."""

    def __call__(
        self,
        value: Number | None,
        *,
        n: int | None = None,
        components: Mapping[str, Number | None] | None = None,
        reason: str | None = None,
    ) -> Result: ...


def _result(
    name: str,
    goal: OwnGoal,
    as_of: date,
    value: Number | None,
    *,
    n: int | None = None,
    components: Mapping[str, Number | None] | None = None,
    reason: str | None = None,
) -> Result:
    whole = Decimal(100)
    return Result(
        metric=name,
        period=as_of.isoformat(),
        start=as_of,
        end=as_of + DAY,
        partial=False,
        segment={},
        value=value,
        unit=Unit.PERCENT.value,
        n=n,
        low=None,
        high=None,
        components=dict(components or {}),
        definition=_definition(goal),
        target=whole,
        rating=None if value is None else rating(value, whole, None, higher_is_better=True),
        progress=value,
        status=Status.NO_DATA if value is None else Status.OK,
        reason=reason,
    )


def _definition(goal: OwnGoal) -> dict[str, object]:
    if isinstance(goal, Plan):
        return {"children": dict(goal.children)}
    return {"done": goal.done} if goal.of is None else {"of": goal.of.path, "done": goal.of.done}
