"""Metrics in two periods, split by one column and another: what their changes are told by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from crm_kpi import periods
from crm_kpi.analyses._spec import Comparison, PeriodValue
from crm_kpi.engine.aggregate import Grouping, Segment, States, aggregate
from crm_kpi.engine.coverage import Coverage, coverages
from crm_kpi.engine.finish import in_order
from crm_kpi.engine.kpi_answers import checked_answer
from crm_kpi.engine.segments import segments_of_table
from crm_kpi.errors import UsageError
from crm_kpi.frames.context import FrameContext
from crm_kpi.kpi import Kpi, KpiRequest
from crm_kpi.messages import Message, text
from crm_kpi.metrics._drivers import FactorEffect
from crm_kpi.metrics._spec import AggregateState, Metric
from crm_kpi.periods import Calendar, Period, Rhythm

if TYPE_CHECKING:
    from crm_kpi.config.model import Periods

FACTORS = "factors"
"""What the states are called that factors are told from; no KPI has a slash in its name."""


@dataclass(frozen=True)
class Split:
    """A metric, and the columns by each of which it is split."""

    request: KpiRequest[Metric]
    columns: Sequence[str]

    @property
    def main_table(self) -> str:
        """The first table that the metric needs."""
        return next(iter(self.request.needs))

    @property
    def factors(self) -> str:
        """What the states of its factors are called."""
        return f"{self.request.name}/{FACTORS}"


def why_not(request: KpiRequest[Kpi]) -> Message | None:
    """Why the change of a KPI cannot be told by its parts; None where it can."""
    kpi = request.kpi
    if kpi.counts_rows:
        return text("engine.table_has_no_parts")
    if not isinstance(kpi, Metric):
        return text("engine.guess_has_no_parts")
    return kpi.quotient if isinstance(kpi.quotient, Message) else None


def refuse(asked: Sequence[KpiRequest[Kpi]]) -> None:
    """
    Raises:
        UsageError: the answer of one of these is about a KPI whose change has no parts.
    """
    for request in asked:
        for other in request.made_of:
            reason = why_not(other)
            if reason is not None and request.kpi.accounts(request.definition) is not None:
                raise UsageError(
                    text("engine.no_drivers", metric=other.name, reason=reason),
                    hint=text("engine.have_drivers"),
                )


def pair(
    config: Periods,
    context: FrameContext,
    before: str | None = None,
    after: str | None = None,
) -> tuple[Period, Period] | None:
    """The two periods of these labels.

    Without a label the second is the last whole one of those that are asked for, and the first
    the one before the second. None where none is whole.

    Raises:
        UsageError: there is no such period, it is not over, or both are the same.
    """
    calendar = context.timeline.calendar
    known = context.timeline.first_unfinished_day
    if after is not None:
        second = _named(config, after, known)
    else:
        regular = calendar.answer[: len(calendar.answer) - len(config.custom)]
        whole = [period for period in regular if not period.partial]
        if not whole or calendar.rhythm is None:
            return None
        second = whole[-1]
    first = _before(second, config) if before is None else _named(config, before, known)
    if (first.start, first.end) == (second.start, second.end):
        raise UsageError(
            text("engine.same_period", period=second.label), hint=text("engine.name_two_periods")
        )
    return first, second


def _rhythms(config: Periods) -> list[Rhythm]:
    sunday = config.week_start == "sunday"
    lengths = ("day", "week", "month", "quarter", "year")
    return [Rhythm(every, config.fiscal_year_start, sunday) for every in lengths]


def _named(config: Periods, label: str, known: date) -> Period:
    custom = {each.name: each for each in config.custom}
    if label in custom:
        start, end = custom[label].start, custom[label].end + periods.DAY
    else:
        try:
            start, end = periods.parse_moment(
                label, config.fiscal_year_start, sunday=config.week_start == "sunday"
            )
        except ValueError as error:
            raise UsageError(error.args[0], hint=text("engine.name_two_periods")) from error
    if end > known:
        raise UsageError(
            text("engine.period_not_over", period=label, last=known - periods.DAY),
            hint=text("engine.name_whole_period"),
        )
    rhythm = _rhythm_of(start, end, config)
    name = rhythm.label(start) if rhythm and label not in custom else label
    earlier = rhythm.previous(start) if rhythm else start - (end - start)
    return Period(name, start, end, end, earlier, partial=False)


def _rhythm_of(start: date, end: date, config: Periods) -> Rhythm | None:
    """The rhythm of which a range is a period."""
    fitting = (r for r in _rhythms(config) if r.floor(start) == start and r.next(start) == end)
    return next(fitting, None)


def _before(period: Period, config: Periods) -> Period:
    """The period right before one, as long as it is."""
    rhythm = _rhythm_of(period.start, period.end, config)
    start = period.start - (period.end - period.start)
    label, earlier = f"{start}/{period.start - periods.DAY}", start - (period.end - period.start)
    if rhythm is not None:
        start = rhythm.previous(period.start)
        label, earlier = rhythm.label(start), rhythm.previous(start)
    return Period(label, start, period.start, period.start, earlier, partial=False)


def compare(
    context: FrameContext,
    splits: Sequence[Split],
    both: tuple[Period, Period],
    whole: Sequence[Period],
    open_since: Mapping[str, date],
) -> list[Comparison]:
    """Each metric in both periods, whichever of them comes first.

    whole, open_since: as `coverages` takes them.
    """
    earlier, later = sorted(both, key=lambda period: (period.until, period.start))
    between = Period("", earlier.until, later.end, later.until, earlier.start, partial=False)
    # Where one follows the other, what lies between their ends is the later one.
    is_later = (between.start, between.until) == (later.start, later.until)
    others = () if is_later else (between,)
    calendar = Calendar((*both, *others), 2, {})
    timeline = replace(context.timeline, calendar=calendar, bounds=calendar.bounds)
    context = FrameContext(context.tables, timeline, context.backend)
    jobs = []
    for each in splits:
        kpi, definition = each.request.kpi, each.request.definition
        groupings: list[Grouping] = [(), *((column,) for column in each.columns)]
        jobs.append((each.request.name, kpi.parts(definition), groupings))
        if kpi.factors is not None:
            jobs.append((each.factors, kpi.factors.parts(definition), [()]))
    covered = coverages(context, (each.main_table for each in splits), whole, open_since)
    states = aggregate(context, jobs)
    places = both.index(earlier), both.index(later), both.index(later) if is_later else 2
    return [
        Comparison(
            metric=each.request.name,
            before=both[0],
            after=both[1],
            whole=_values(each.request, states[each.request.name, ()], (), context, covered),
            segments={
                column: {
                    segment[0]: _values(each.request, split, segment, context, covered)
                    for segment in _segments(each, split, column, context)
                }
                for column in each.columns
                for split in [states[each.request.name, (column,)]]
            },
            factors=_factors(each, states, places, calendar) if between.begun else (),
        )
        for each in splits
    ]


def _segments(each: Split, split: States, column: str, context: FrameContext) -> list[Segment]:
    total = each.request.kpi.is_total
    everybody = segments_of_table(context, (column,), each.main_table) if total else ()
    return in_order({*everybody, *(segment for _, segment in split)})


def _values(
    request: KpiRequest[Metric],
    states: States,
    segment: Segment,
    context: FrameContext,
    covered: Mapping[str, Coverage],
) -> tuple[PeriodValue, PeriodValue]:
    kpi, definition = request.kpi, request.definition
    names, coverage = kpi.names(definition), covered[next(iter(request.needs))]
    quotient = kpi.quotient
    assert not isinstance(quotient, Message), request.name
    found = []
    for i, period in enumerate(context.timeline.calendar.answer):
        state = AggregateState(period, states.get((i, segment), {}), names, is_whole=not segment)
        unit = kpi.unit_of(definition)
        value = coverage.settle(
            checked_answer(request, state, None), period, unit, is_total=kpi.is_total
        )
        found.append(PeriodValue(value, quotient(state, definition)))
    return found[0], found[1]


def _factors(
    each: Split,
    states: Mapping[tuple[str, Grouping], States],
    places: tuple[int, int, int],
    calendar: Calendar,
) -> Sequence[FactorEffect]:
    """The factors of a change from the first period to the second; `places` are those of the
    earlier one, the later one, and what lies between their ends."""
    factors, definition = each.request.kpi.factors, each.request.definition
    if factors is None:
        return ()
    names = frozenset(name for part in factors.parts(definition) for name in part.names)
    mine = states[each.factors, ()]
    before, after, between = (
        AggregateState(calendar.periods[i], mine.get((i, ()), {}), names) for i in places
    )
    effects = factors.effects(before, after, between, definition)
    if places[0] == 0:
        return effects
    return [FactorEffect(e.factor, -e.total, e.after, e.before) for e in effects]
