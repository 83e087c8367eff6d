"""Drivers: why a KPI moved from one period to another, by segments, and by what it is made of.

The first row is the change of all: before, after, and their difference as `total`. Then comes an
account of it for each column of --by, one row per segment, the largest effect first:

    metric            the KPI
    period, against   the later period, and the one that it is set against
    column, segment   of which column the row is an account, and of which of its values
    before, after     the KPI of the segment itself, as --by gives it
    rate_effect       because the KPI of the segment moved
    mix_effect        because the segment's share of all moved: more of what is below the mean of
                      all takes it down
    total             both; the totals of a column add up to the change of all, exactly
    change_low, change_high   the 95 % interval of after - before, where the KPI has one

Of a share, with w for the segment's share of the denominator, r for its KPI and R for that of all:

    rate effect = (r1 - r0) (w0 + w1) / 2
    mix effect  = (w1 - w0) ((r0 + r1) / 2 - (R0 + R1) / 2)

A segment that is missing in one period counts there with the KPI of the other, so that all it
does is mix. Of sums and counts each segment's own difference is its total, and no mix is in it.

Revenue is told by `factor` as well: known customers x orders per customer x revenue per order,
refunds taken off, each with what it does on average over all orders in which the three could have
changed (Shapley); and MRR by new, reactivated, expansion, contraction and churned.

Several columns, and factors, are different accounts of one change: they are never added. The one
that tells segments apart the most, by the sum of the squared totals, stands first. An effect is
arithmetic, and no cause.

Periods are whole; by default the last two of --every. Medians, percentiles and products of
several numbers have no parts that add up, and are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Comparison, PeriodValue, Row, Scope
from crm_kpi.errors import IdentityError
from crm_kpi.kpi import Definition, Needs
from crm_kpi.metrics._drivers import Effect, FactorEffect, Quotient, effects
from crm_kpi.metrics._state import exact
from crm_kpi.metrics.retention import _buying
from crm_kpi.results import Number

USUAL = "revenue"
Pairs = Mapping[str | None, tuple[PeriodValue, PeriodValue]]
ExactRow = tuple[Fraction, Row]
"""A total, exact, and the row it stands in."""


class Drivers(Definition):
    metric: str = Field(USUAL, description="the KPI, or a definition of one, that has moved")
    by: tuple[str, ...] = Field(
        (), description="columns, each of which gives an account of its own, as --by does"
    )
    before: str | None = Field(
        None, description="label of the first period; default the one before the second"
    )
    after: str | None = Field(
        None, description="label of the second period; default the last whole one"
    )


def needs(definition: Drivers, there: Collection[str]) -> Needs:
    """Those of its metric, which it is about; said here of the usual one."""
    return _buying.needs_no_customers(definition) if definition.metric == USUAL else {}


def rows(scope: Scope, definition: Drivers) -> list[Row]:
    names = definition.metric, definition.by, definition.before, definition.after
    comparison = scope.compare(*names)
    return account(comparison) if comparison else []


def account(comparison: Comparison) -> list[Row]:
    """The change of all, then how each column accounts for it, and then the factors."""
    whole = comparison.whole
    then, now = (side.value.value is not None for side in whole)
    if not (then and now):
        return [_row(comparison, whole)] if then or now else []
    change = whole[1].quotient.value - whole[0].quotient.value
    columns = [_column(comparison, name, pairs) for name, pairs in comparison.segments.items()]
    columns.sort(key=lambda lines: -sum(total * total for total, _ in lines))
    factors = _largest_first([_factor(comparison, each) for each in comparison.factors])
    first = change, _row(comparison, whole, Effect(change))
    return [row for lines in ([first], *columns, factors) for _, row in lines]


def _column(comparison: Comparison, name: str, pairs: Pairs) -> list[ExactRow]:
    then, now = ({s: pair[i].quotient for s, pair in pairs.items()} for i in (0, 1))
    for side, whole in zip((then, now), comparison.whole, strict=True):
        _assert_whole(side.values(), whole.quotient, f"{comparison.metric} by {name}")
    lines = [
        (effect.total, _row(comparison, pairs[segment], effect, column=name, segment=segment))
        for segment, effect in effects(then, now).items()
        if not (_is_nothing(then[segment]) and _is_nothing(now[segment]))
    ]
    return _largest_first(lines)


def _factor(comparison: Comparison, each: FactorEffect) -> ExactRow:
    row = _row(comparison, comparison.whole, Effect(each.total), factor=each.factor)
    ends = {"before": each.before, "after": each.after}
    row |= {name: None if end is None else _plain(end) for name, end in ends.items()}
    return each.total, row | {"change_low": None, "change_high": None}


def _largest_first(lines: list[ExactRow]) -> list[ExactRow]:
    def order(line: ExactRow) -> tuple[Fraction, bool, str, str]:
        total, row = line
        return -abs(total), row["segment"] is None, row["segment"] or "", row["factor"] or ""

    return sorted(lines, key=order)


def _row(
    comparison: Comparison,
    values: tuple[PeriodValue, PeriodValue],
    effect: Effect | None = None,
    *,
    column: str | None = None,
    segment: str | None = None,
    factor: str | None = None,
) -> Row:
    then, now = values
    ends = None
    if effect and then.value.value is not None and now.value.value is not None:
        ends = now.value.ends_of_change(then.value)
    is_sum = comparison.whole[0].quotient.bottom is None
    number = _plain if is_sum else float
    return {
        "metric": comparison.metric,
        "period": comparison.after.label,
        "against": comparison.before.label,
        "column": column,
        "segment": segment,
        "factor": factor,
        "before": then.value.value,
        "after": now.value.value,
        "rate_effect": None if effect is None or effect.rate is None else number(effect.rate),
        "mix_effect": None if effect is None or effect.mix is None else number(effect.mix),
        "total": None if effect is None else number(effect.total),
        "change_low": ends and ends[0],
        "change_high": ends and ends[1],
    }


def _plain(number: Fraction) -> Number:
    """A whole number, or a decimal."""
    return number.numerator if number.denominator == 1 else exact(number)


def _is_nothing(quotient: Quotient) -> bool:
    return not quotient.top and not quotient.bottom


def _assert_whole(parts: Collection[Quotient], whole: Quotient, place: str) -> None:
    """
    Raises:
        IdentityError: segments do not add up to all.
    """
    for name in ("top", "bottom"):
        total = sum((Fraction(getattr(part, name) or 0) for part in parts), Fraction(0))
        if total != (getattr(whole, name) or 0):
            raise IdentityError(f"{place}: {name} adds up to {total}, not {getattr(whole, name)}")


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=Drivers,
    of_kpis=lambda definition, there: (definition.metric,),
    told_by=lambda definition: definition.by,
    sources=(
        "Bennet, The Theory of Measurement of Changes in Cost of Living, Journal of the Royal "
        "Statistical Society 1920 (rate and mix)",
        "Shapley, A Value for n-Person Games, 1953 (factors)",
        "own definition: whatever is added up is added up exactly, so that nothing is left over",
    ),
)
