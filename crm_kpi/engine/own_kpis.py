"""KPIs of one's own: what a formula of the config makes of the KPIs that it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.formula import Formula, Operand
from crm_kpi.kpi import Definition, Filter, Kpi, KpiRequest, Need, Needs, ThisKpi, of_type
from crm_kpi.messages import joined, text
from crm_kpi.metrics._spec import MetricValue, ValueKpi
from crm_kpi.results import Number, Status, Unit, exact

if TYPE_CHECKING:
    from crm_kpi.config.own_metric import OwnMetric


class WrittenFormula(Definition):
    """The definition of a KPI that is a formula: itself."""

    formula: str


@dataclass(frozen=True, kw_only=True)
class FormulaKpi(ValueKpi):
    """A KPI that is computed from the answers of others, period by period and segment by segment.

    requests: the KPIs that its formula names, by name.
    """

    made_of: Formula
    requests: Mapping[str, KpiRequest[ValueKpi]]

    @property
    def is_predicted(self) -> bool:
        """Whether one of these KPIs is."""
        return any(request.kpi.is_predicted for request in self.requests.values())

    def needed(self, definition: Any, tables: Collection[str]) -> Needs:
        """What all of them need."""
        return _together(request.needs for request in self.requests.values())

    def used_if_there(self, definition: Any) -> Needs:
        """What any of them can use."""
        return _together(request.optional for request in self.requests.values())

    def combined(self, answers: Mapping[str, MetricValue]) -> MetricValue:
        """The value of a period and segment by those of the KPIs.

        Whatever makes one of them unsure makes this one unsure.
        """
        numbers = {each: _number_of(each, answers) for each in self.made_of.operands}
        components = {str(each): number for each, number in numbers.items()}
        asked = [answers[name] for name in self.requests]
        counts = [answer.n for answer in asked if answer.n is not None]
        n = min(counts, default=None)
        unsure = [answer.status for answer in asked if answer.status is not None]
        reasons = [
            text("formula.no_value", name=name, reason=answers[name].reason)
            for name in self.requests
            if answers[name].reason
        ]
        reason = joined(reasons) if reasons else None
        known = {each: exact(number) for each, number in numbers.items() if number is not None}
        unknown = [str(each) for each in numbers if each not in known]
        if unknown:
            pending = Status.PENDING if Status.PENDING in unsure else None
            reason = reason or text("formula.unknown", names=", ".join(unknown))
            return MetricValue(None, n, components, reason=reason, status=pending)
        try:
            found = self.made_of.value(lambda operand: Fraction(known[operand]))
        except ZeroDivisionError:
            return MetricValue(None, n, components, reason=text("formula.by_zero"))
        return MetricValue(
            _as_number(found), n, components, reason=reason, status=next(iter(unsure), None)
        )

    def refuse_unknown(self, answers: Mapping[str, Sequence[MetricValue]]) -> None:
        """
        Raises:
            UsageError: no answer of a KPI has a component that the formula names.
        """
        for operand in self.made_of.operands:
            there = {name for each in answers[operand.metric] for name in each.components}
            if operand.component is None or operand.component in there or not there:
                continue
            hint = did_you_mean(operand.component, there)
            raise UsageError(
                text("formula.no_component", metric=operand.metric, component=operand.component),
                hint=hint or text("formula.components", components=", ".join(sorted(there))),
            )


def own_request(
    name: str, own: OwnMetric, requests: Mapping[str, KpiRequest[Kpi]]
) -> KpiRequest[Kpi]:
    """A KPI of the config's own as what is asked.

    Args:
        requests: the KPIs that it is made of, by name.
    """
    formula = own.parsed
    if formula is None:
        (request,) = requests.values()
        words = (
            (column, tuple(word or None for word in own.where[column])) for column in own.where
        )
        return replace(_filtered(request, tuple(words)), name=name)
    kpi = FormulaKpi(
        unit=own.unit or Unit.RATIO,
        formula=formula.written,
        needs=lambda definition: {},
        parts=lambda definition: (),
        higher_is_better=own.higher_is_better,
        can_exceed_100=True,
        definition=WrittenFormula,
        documentation=f"{own.title or name}: {text('cli.own_metric')}\n\n    {formula.written}",
        made_of=formula,
        requests={each.name: each for each in of_type(requests.values(), ValueKpi)},
    )
    (first, *_) = requests.values()
    return KpiRequest(name, kpi, WrittenFormula(formula=formula.written), first.tables)


def with_operands(request: KpiRequest[Kpi]) -> Iterator[KpiRequest[Kpi]]:
    """A KPI, and those that its formula is made of."""
    yield request
    if isinstance(request.kpi, FormulaKpi):
        for each in request.kpi.requests.values():
            yield from with_operands(each)


def filters(asked: Iterable[KpiRequest[Kpi]]) -> list[Filter]:
    """Every filter of these KPIs, and of those that their formulas are made of, once."""
    every = (each for request in asked for each in with_operands(request))
    return [where for where in dict.fromkeys(each.where for each in every) if where]


def merged(first: Filter, second: Filter) -> Filter:
    """What both filters keep."""
    found = dict(first)
    for column, words in second:
        there = found.get(column, words)
        found[column] = tuple(word for word in there if word in words)
    return tuple(found.items())


def _filtered(request: KpiRequest[ThisKpi], where: Filter) -> KpiRequest[ThisKpi]:
    """The same of the rows that a filter keeps; of a formula what it is made of, too."""
    kpi: Any = request.kpi
    if isinstance(kpi, FormulaKpi):
        theirs = {name: _filtered(each, where) for name, each in kpi.requests.items()}
        kpi = replace(kpi, requests=theirs)
    return replace(request, kpi=kpi, where=merged(request.where, where))


def _number_of(operand: Operand, answers: Mapping[str, MetricValue]) -> Number | None:
    answer = answers[operand.metric]
    return answer.components.get(operand.component) if operand.component else answer.value


def _as_number(value: Fraction) -> Number:
    """Exact where a Decimal is, as of amounts that were added up; else the nearest float."""
    if value.denominator == 1:
        return int(value)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return float(value) if rest > 1 else Decimal(value.numerator) / Decimal(value.denominator)


def _together(several: Iterable[Needs]) -> Needs:
    """What several KPIs need, each table once."""
    found: dict[str, dict[Need, None]] = {}
    for needs in several:
        for table, needed in needs.items():
            found.setdefault(table, {}).update(dict.fromkeys(needed))
    return {table: tuple(needed) for table, needed in found.items()}
