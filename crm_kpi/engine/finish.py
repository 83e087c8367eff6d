"""States -> results: the whole grid of periods and segments, compared and rated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from crm_kpi.durations import Duration
from crm_kpi.engine.aggregate import Grouping, Segment
from crm_kpi.engine.kpi_answers import KpiAnswers
from crm_kpi.engine.usual import Earlier, UsualRange
from crm_kpi.errors import IdentityError
from crm_kpi.kpi import Kpi, KpiRequest
from crm_kpi.messages import text
from crm_kpi.metrics._intervals import OfShare
from crm_kpi.metrics._spec import MetricValue, ValueKpi
from crm_kpi.periods import Calendar
from crm_kpi.results import Number, Result, Status, Unit
from crm_kpi.seasons import SEASONS


def results(
    request: KpiRequest[ValueKpi],
    answered: KpiAnswers,
    grouping: Grouping,
    segments: Iterable[Segment],
    calendar: Calendar,
    *,
    low_n: int,
    currency: str | None,
) -> Iterator[Result]:
    """One result per period and segment, also where no row was; compared with the period before,
    and with what is usual.

    segments: those that are answered; they come in their order.
    """
    unit = request.kpi.unit_of(request.definition)
    shown_unit = currency or unit.value if unit is Unit.MONEY else unit.value
    definition = _definition_of(request)
    for segment in in_order(segments):
        answers = answered.of(request, grouping, segment)
        usual: dict[int, UsualRange] = {}
        last = None
        if not request.is_predicted:
            usual, last = _usual(answers, calendar, request.kpi, unit, low_n)
        for i, period in enumerate(calendar.answer):
            if request.is_predicted and period.begun and i not in answers:
                continue  # at which nothing is predicted
            begun = i in answers
            answer = (
                answers[i]
                if begun
                else MetricValue(
                    None, reason=text("engine.begins_after_as_of"), status=Status.PENDING
                )
            )
            before = answers.get(calendar.compared[i]) if i in calendar.compared else None
            value, previous = (
                normalize_decimal(answer.value),
                normalize_decimal(before.value) if before else None,
            )
            change = _difference(value, previous)
            ends = answer.ends_of_change(before) if before and change is not None else None
            range_ = usual.get(i)
            side = None
            if range_ and i == last and answer.value is not None:
                side = range_.side(answer.value, higher_is_better=request.kpi.higher_is_better)
            yield Result(
                metric=request.name,
                period=period.label,
                start=period.start,
                end=period.end,
                partial=period.partial,
                segment=dict(zip(grouping, segment, strict=True)),
                value=value,
                unit=shown_unit,
                n=answer.n,
                low=normalize_decimal(answer.low),
                high=normalize_decimal(answer.high),
                components={
                    name: normalize_decimal(part) for name, part in answer.components.items()
                },
                definition=definition,
                previous=previous,
                change=change,
                status=_status(answer, low_n),
                reason=answer.reason,
                change_low=ends and ends[0],
                change_high=ends and ends[1],
                significant=ends and not ends[0] <= 0 <= ends[1],
                usual_low=range_.low if range_ else None,
                usual_high=range_.high if range_ else None,
                unusual=side is not None,
                unusual_side=side,
            )


def _definition_of(request: KpiRequest[Kpi]) -> dict[str, Any]:
    """The definition in force, the rows that it is told of, and the same of what it is made of."""
    found: dict[str, Any] = to_plain_values(request.definition.in_force(request.columns))
    if request.where:
        found |= {"where": to_plain_values(dict(request.where))}
    if request.made_of:
        found |= {"of": {each.name: _definition_of(each) for each in request.made_of}}
    return found


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """By their values, blanks last."""
    return sorted(segments, key=lambda segment: [(each is None, each or "") for each in segment])


def _status(answer: MetricValue, low_n: int) -> Status:
    if answer.status is not None:
        return answer.status
    if answer.value is None:
        return Status.NO_DATA
    if answer.n is not None and answer.n < low_n:
        return Status.LOW_N
    return Status.OK


def _usual(
    answers: Mapping[int, MetricValue], calendar: Calendar, kpi: ValueKpi, unit: Unit, low_n: int
) -> tuple[dict[int, UsualRange], int | None]:
    """What is usual for each whole period whose value is sound, by those before it; and which
    period is the last whole one."""
    found: dict[int, UsualRange] = {}
    earlier, last = Earlier(), None
    season = SEASONS.get(calendar.rhythm.every) if calendar.rhythm else None
    for place, i in enumerate(calendar.row):
        if i not in answers or calendar.periods[i].partial:
            continue
        last, answer = i, answers[i]
        if answer.value is None or _status(answer, low_n) is not Status.OK:
            continue
        is_share = unit is Unit.PERCENT and (
            not kpi.can_exceed_100 or isinstance(answer.spread, OfShare)
        )
        usual = earlier.usual(place, unit, is_share=is_share, season=season)
        if usual is not None:
            found[i] = usual
        earlier.add(place, answer.value)
    return found, last


def to_plain_values(value: Any) -> Any:
    """A definition in values that every format can write: a duration by its text."""
    if isinstance(value, Mapping | BaseModel):
        # Not model_dump, which takes a duration for a tuple.
        return {str(key): to_plain_values(each) for key, each in dict(value).items()}
    if isinstance(value, Duration | date | time):
        return str(value)
    if isinstance(value, list | tuple):
        return [to_plain_values(each) for each in value]
    return normalize_decimal(value) if isinstance(value, Decimal) else value


def normalize_decimal(value: Number | None) -> Number | None:
    """A Decimal without trailing zeros and without an exponent; other numbers as they are."""
    if not isinstance(value, Decimal):
        return value
    whole = value.to_integral_value()
    # Written out, as quantize knows no more digits than the context.
    return Decimal(f"{whole:f}") if value == whole else value.normalize()


def normalize_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a table with its decimals normalized."""
    return {
        name: normalize_decimal(value) if type(value) is Decimal else value
        for name, value in row.items()
    }


def _difference(value: Number | None, previous: Number | None) -> Number | None:
    if value is None or previous is None:
        return None
    if isinstance(value, Decimal) and isinstance(previous, Decimal):
        return normalize_decimal(value - previous)
    if isinstance(value, int) and isinstance(previous, int):
        return value - previous
    return float(value) - float(previous)


def assert_sums(results: Sequence[Result]) -> None:
    """Segments add up to the totals: counts, sums and n, wherever they are additive.

    Raises:
        IdentityError: some do not.
    """
    totals: dict[tuple[str, str], Mapping[str, Any]] = {}
    sums: dict[tuple[str, str, Grouping], dict[str, int]] = {}
    for result in results:
        key = (result.metric, result.period)
        whole = {k: v for k, v in result.components.items() if isinstance(v, int)}
        if result.n is not None:
            whole["n"] = result.n
        if not result.segment:
            totals[key] = whole
        else:
            mine = sums.setdefault((*key, tuple(result.segment)), {})
            for name, value in whole.items():
                mine[name] = mine.get(name, 0) + value
    for (metric, period, grouping), mine in sums.items():
        total = totals[metric, period]
        for name, value in mine.items():
            if total.get(name, value) != value:
                raise IdentityError(
                    f"{metric} {period} by {', '.join(grouping)}: {name} adds up to {value}, "
                    f"the total is {total[name]}"
                )
