"""Requests -> answers: what each KPI says of every period and segment, formulas by the others'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from crm_kpi.engine.aggregate import Grouping, Segment, States, aggregate
from crm_kpi.engine.coverage import Coverage, coverages
from crm_kpi.engine.fit import Parameters, fit
from crm_kpi.engine.own_kpis import FormulaKpi
from crm_kpi.engine.segments import segments_of_table
from crm_kpi.errors import IdentityError
from crm_kpi.frames.context import FrameContext
from crm_kpi.kpi import Filter, KpiRequest, of_type
from crm_kpi.metrics._spec import AggregateState, MetricValue, ValueKpi
from crm_kpi.models._spec import Model
from crm_kpi.periods import Period

Request = KpiRequest[ValueKpi]
Key = tuple[str, Filter]
"""The name of a KPI, and the rows that it is told of."""
Contexts = Callable[[Filter], FrameContext]
"""The context of the rows that a filter keeps."""


class KpiAnswers:
    """The answers of KPIs, and of those that formulas are made of.

    Raises:
        IdentityError: an identity is broken, which is a fault here.
    """

    def __init__(
        self,
        asked: Iterable[tuple[Request, Sequence[Grouping]]],
        contexts: Contexts,
        whole: Sequence[Period],
        open_since: Mapping[str, date],
    ) -> None:
        every = _split_alike(asked)
        self._contexts = contexts
        self._calendar = contexts(()).timeline.calendar
        mains = dict.fromkeys(main_table(request) for request, _ in every)
        self._covered: Mapping[str, Coverage] = coverages(contexts(()), mains, whole, open_since)
        self._states: dict[tuple[Key, Grouping], States] = {}
        for where in dict.fromkeys(request.where for request, _ in every):
            mine = [(request, by) for request, by in every if request.where == where]
            wanted = [(r.name, r.kpi.parts(r.definition), by) for r, by in mine]
            for (name, grouping), states in aggregate(contexts(where), wanted).items():
                self._states[(name, where), grouping] = states
        self._learnt: dict[Key, Parameters] = {
            _key(model): fit(model, self._states[_key(model), ()], self._calendar)
            for model in of_type([request for request, _ in every], Model)
        }

    def segments(self, request: Request, grouping: Grouping) -> set[Segment]:
        """Those that there is something to say of; without a grouping all is one."""
        if not grouping:
            return {()}
        kpi = request.kpi
        if isinstance(kpi, FormulaKpi):
            return set().union(*(self.segments(each, grouping) for each in _operands(request)))
        found = {segment for _, segment in self._states[_key(request), grouping]}
        if kpi.is_total:
            context = self._contexts(request.where)
            found |= segments_of_table(context, grouping, main_table(request))
        return found

    def of(self, request: Request, grouping: Grouping, segment: Segment) -> dict[int, MetricValue]:
        """The answers of the periods that have begun, by their index in the calendar; of what is
        predicted those near the end."""
        if isinstance(request.kpi, FormulaKpi):
            theirs = {each.name: self.of(each, grouping, segment) for each in _operands(request)}
            return _combined(request.kpi, theirs)
        learnt, unit = self._learnt.get(_key(request)), request.kpi.unit_of(request.definition)
        states = self._states[_key(request), grouping]
        names = request.kpi.names(request.definition)
        coverage = self._covered[main_table(request)]
        found = {}
        for i, period in enumerate(self._calendar.periods):
            if not period.begun or (learnt is not None and i not in learnt):
                continue
            state = AggregateState(
                period, states.get((i, segment), {}), names, is_whole=not grouping
            )
            answer = checked_answer(request, state, learnt and learnt[i])
            found[i] = coverage.settle(answer, period, unit, is_total=request.kpi.is_total)
        return found


def _combined(
    kpi: FormulaKpi, answers: Mapping[str, Mapping[int, MetricValue]]
) -> dict[int, MetricValue]:
    """What a formula makes of the answers of its KPIs, in the periods that all have."""
    kpi.refuse_unknown({name: [*mine.values()] for name, mine in answers.items()})
    periods = set.intersection(*map(set, answers.values()))
    return {
        i: kpi.combined({name: mine[i] for name, mine in answers.items()}) for i in sorted(periods)
    }


def _operands(request: Request) -> list[Request]:
    return of_type(request.made_of, ValueKpi)


def main_table(request: Request) -> str:
    """The first table that a KPI needs."""
    return next(iter(request.needs))


def _key(request: Request) -> Key:
    return request.name, request.where


def _split_alike(
    asked: Iterable[tuple[Request, Sequence[Grouping]]],
) -> list[tuple[Request, list[Grouping]]]:
    """What is asked and what that is made of, each split as all of them together."""
    found: dict[Key, tuple[Request, dict[Grouping, None]]] = {}
    for request, by in asked:
        for each in of_type([request, *request.parts()], ValueKpi):
            _, mine = found.setdefault(_key(each), (each, {}))
            mine.update(dict.fromkeys(by))
    return [(request, [*by]) for request, by in found.values()]


def checked_answer(request: Request, state: AggregateState, parameters: object) -> MetricValue:
    """What a KPI says of a state.

    Raises:
        IdentityError: it has no value and no reason, or its identity is broken.
    """
    answer = request.kpi.value_of(state, request.definition, parameters)
    if answer.value is None and not answer.reason:
        raise IdentityError(f"{request.name} {state.period.label}: null without a reason")
    if request.kpi.identity is not None:
        broken = request.kpi.identity(state, request.definition)
        if broken:
            raise IdentityError(f"{request.name} {state.period.label}: {broken}")
    return answer
