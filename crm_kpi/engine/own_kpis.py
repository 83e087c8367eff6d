"""KPIs of one's own: what a formula of the config makes of the KPIs that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.formula import Formula, Operand
from crm_kpi.kpi import Definition, Filter, Kpi, KpiRequest
from crm_kpi.messages import joined, text
from crm_kpi.metrics._spec import MetricValue, ValueKpi
from crm_kpi.results import Number, Status, Unit, exact

if TYPE_CHECKING:
    from crm_kpi.config.own_metric import OwnMetric


LARGEST = 10**38
"""No column of money holds more."""


class WrittenFormula(Definition):
    """The definition of a KPI that is a formula: itself."""

    formula: str


@dataclass(frozen=True, kw_only=True)
class FormulaKpi(ValueKpi):
    """A KPI that is computed from the answers of those that it is made of, period by period and
    segment by segment."""

    written: Formula

    def combined(self, answers: Mapping[str, MetricValue]) -> MetricValue:
        """The value of a period and segment by those of the KPIs.

        Whatever makes one of them unsure makes this one unsure.
        """
        numbers = {each: _number_of(each, answers) for each in self.written.operands}
        components = {str(each): number for each, number in numbers.items()}
        asked = answers.values()
        counts = [answer.n for answer in asked if answer.n is not None]
        n = min(counts, default=None)
        unsure = [answer.status for answer in asked if answer.status is not None]
        reasons = [
            text("formula.no_value", name=name, reason=answer.reason)
            for name, answer in answers.items()
            if answer.reason
        ]
        reason = joined(reasons) if reasons else None
        known = {each: exact(number) for each, number in numbers.items() if number is not None}
        unknown = [str(each) for each in numbers if each not in known]
        if unknown:
            pending = Status.PENDING if Status.PENDING in unsure else None
            reason = reason or text("formula.unknown", names=", ".join(unknown))
            return MetricValue(None, n, components, reason=reason, status=pending)
        try:
            found = self.written.value(lambda operand: Fraction(known[operand]))
        except ZeroDivisionError:
            return MetricValue(None, n, components, reason=text("formula.by_zero"))
        if abs(found) >= LARGEST:
            return MetricValue(None, n, components, reason=text("formula.too_large"))
        return MetricValue(
            _as_number(found), n, components, reason=reason, status=next(iter(unsure), None)
        )

    def refuse_unknown(self, answers: Mapping[str, Sequence[MetricValue]]) -> None:
        """
        Raises:
            UsageError: no answer of a KPI has a component that the formula names.
        """
        for operand in self.written.operands:
            there = {name for each in answers[operand.metric] for name in each.components}
            if operand.component is None or operand.component in there or not there:
                continue
            hint = did_you_mean(operand.component, there)
            raise UsageError(
                text("formula.no_component", metric=operand.metric, component=operand.component),
                hint=hint or text("formula.components", components=", ".join(sorted(there))),
            )


def own_request(name: str, own: OwnMetric, parts: Sequence[KpiRequest[Kpi]]) -> KpiRequest[Kpi]:
    """A KPI of the config's own as what is asked.

    Args:
        parts: the KPIs that it is made of.
    """
    formula = own.parsed
    if formula is None:
        (request,) = parts
        words = [
            (column, tuple(word or None for word in own.where[column])) for column in own.where
        ]
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
        written=formula,
    )
    definition = WrittenFormula(formula=formula.written)
    return KpiRequest(name, kpi, definition, parts[0].tables, made_of=tuple(parts))


def filters(asked: Iterable[KpiRequest[Kpi]]) -> list[Filter]:
    """Every filter of these KPIs, and of those that they are made of, once."""
    every = (each for request in asked for each in (request, *request.parts()))
    return [where for where in dict.fromkeys(each.where for each in every) if where]


def merged(first: Filter, second: Filter) -> Filter:
    """What both filters keep."""
    found = dict(first)
    for column, words in second:
        there = found.get(column, words)
        found[column] = tuple(word for word in there if word in words)
    return tuple(found.items())


def _filtered(request: KpiRequest[Kpi], where: Filter) -> KpiRequest[Kpi]:
    """The same of the rows that a filter keeps, and what it is made of, too."""
    parts = tuple(_filtered(each, where) for each in request.made_of)
    return replace(request, where=merged(request.where, where), made_of=parts)


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
