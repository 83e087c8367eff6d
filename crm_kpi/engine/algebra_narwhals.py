"""The algebra of states in narwhals: the one place where an aggregate becomes an expression.

It says the same on every engine: counts are cast before they are summed, quantiles come from
ranks and never from an engine's own quantile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import narwhals.stable.v2 as nw

from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.metrics._algebra import (
    Aggregate,
    Count,
    Distinct,
    LargestCount,
    LargestSum,
    Ordered,
    RankSum,
    Sum,
    Survival,
)
from crm_kpi.metrics._intervals import Z

HALF = 0.5 + 1e-9
"""A product of fractions that is one half must count as it, whatever the last digits say."""


def prepared(
    rows: nw.LazyFrame, aggregates: Iterable[Aggregate], keys: Sequence[str]
) -> nw.LazyFrame:
    """The rows with what `expressions` looks at beside each row of its group.

    COLUMN:rank (1 for the smallest) and COLUMN:count, COLUMN:above (the sum of the larger
    values, of equal ones in any order) and COLUMN:total, COLUMN:survival (the Kaplan-Meier
    share that lasts longer).
    """
    wanted = list(aggregates)
    survivals = sorted({one for one in wanted if isinstance(one, Survival)}, key=_lasted)
    ranked = {one.column for one in wanted if isinstance(one, Ordered | LargestSum | RankSum)}
    cumulated = {one.column for one in wanted if isinstance(one, LargestCount)}
    if survivals:
        rows = rows.with_columns(
            # Of equal lengths the ended ones rank first.
            (nw.col(s.column) * 2 + (~nw.col(s.ended)).cast(nw.Int64)).alias(_lasted(s))
            for s in survivals
        )
        ranked |= {_lasted(survival) for survival in survivals}
    if ranked:
        rows = _with_ranks(rows, sorted(ranked), keys)
    if cumulated:
        rows = _with_sums_of_larger(rows, sorted(cumulated), keys)
    for survival in survivals:
        column = _lasted(survival)
        kept = _kept(column, survival.ended).cum_prod().over(*keys, order_by=f"{column}:rank")
        rows = rows.with_columns(kept.alias(f"{column}:survival"))
    return rows


def expressions(name: str, aggregate: Aggregate) -> dict[str, nw.Expr]:
    """The values of an aggregate by their names in the state, over `prepared` rows."""
    match aggregate:
        case Sum(column, None):
            return {name: nw.col(column).sum()}
        case Sum(column, where) if where is not None:
            return {name: nw.when(expression(where)).then(nw.col(column)).sum()}
        case Count(None):
            return {name: nw.len()}
        case Count(where) if where is not None:
            return {name: _count(expression(where))}
        case Distinct(column):
            value = nw.col(column)  # of which null is one
            return {name: value.n_unique().cast(nw.Int64) - value.is_null().cast(nw.Int64).max()}
        case Ordered(column):
            return _order_statistics(name, column)
        case Survival(column, ended):
            reached = nw.col(ended) & (nw.col(f"{_lasted(aggregate)}:survival") <= HALF)
            return {name: nw.when(reached).then(nw.col(column)).min()}
        case LargestSum(column, percent):
            count = nw.col(f"{column}:count")
            among = nw.col(f"{column}:rank") > count - (count * percent + 99) // 100
            return {name: nw.when(among).then(nw.col(column)).sum()}
        case LargestCount(column, percent):
            share = Fraction(percent, 100)
            above, total = nw.col(f"{column}:above"), nw.col(f"{column}:total")
            return {name: _count(above * share.denominator < total * share.numerator)}
        case RankSum(column):
            return {name: (nw.col(column) * nw.col(f"{column}:rank")).sum()}
    raise NotImplementedError(aggregate)


def _with_ranks(rows: nw.LazyFrame, columns: Sequence[str], keys: Sequence[str]) -> nw.LazyFrame:
    return rows.with_columns(
        **{f"{c}:rank": nw.col(c).rank("ordinal").over(*keys) for c in columns},
        **{f"{c}:count": nw.col(c).count().over(*keys) for c in columns},
    ).with_columns(
        nw.col(f"{c}:{name}").cast(nw.Int64) for c in columns for name in ("rank", "count")
    )


def _with_sums_of_larger(
    rows: nw.LazyFrame, columns: Sequence[str], keys: Sequence[str]
) -> nw.LazyFrame:
    return rows.with_columns(
        **{
            f"{c}:above": nw.col(c).cum_sum(reverse=True).over(*keys, order_by=c) - nw.col(c)
            for c in columns
        },
        **{f"{c}:total": nw.col(c).sum().over(*keys) for c in columns},
    )


def _lasted(survival: Survival) -> str:
    return f"{survival.column}:{survival.ended}"


def _kept(column: str, ended: str) -> nw.Expr:
    """The factor by which one row lowers the Kaplan-Meier curve."""
    at_risk = nw.col(f"{column}:count") - nw.col(f"{column}:rank") + 1
    return nw.when(nw.col(ended)).then((at_risk - 1) / at_risk).otherwise(1.0)


def _count(condition: nw.Expr) -> nw.Expr:
    """How many rows meet the condition; a null does not."""
    return condition.cast(nw.Int64).sum()


def _order_statistics(name: str, column: str) -> dict[str, nw.Expr]:
    """Each is one or two of the sorted values, so it is the same number on every engine."""
    value, rank, n = nw.col(column), nw.col(f"{column}:rank"), nw.col(f"{column}:count")

    def at(position: nw.Expr) -> nw.Expr:
        return nw.when(rank == position).then(value).max()

    half = (n.cast(nw.Float64) ** 0.5) * (Z / 2)
    state = {
        "n": _count(~value.is_null()),
        "sum": value.sum(),
        "min": value.min(),
        "max": value.max(),
        "low": at((n / 2 - half).floor().cast(nw.Int64)),
        "high": at((n / 2 + 1 + half).ceil().cast(nw.Int64)),
    }
    for tenths in (5, 9):
        below = (n - 1) * tenths // 10 + 1
        state[f"p{tenths}_below"] = at(below)
        state[f"p{tenths}_above"] = at(below + 1)
    return {f"{name}:{statistic}": each for statistic, each in state.items()}
