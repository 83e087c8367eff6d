"""Backtest: what predictions would have said earlier, against what came.

    metric          the metric of `crm-kpi forecast`, as definitions.forecast names it
    method          its method, auto unless another is set; and seasonal_naive, the value of the
                    same place one season ago, against which it has to be worth its while
    origins         how many earlier forecasts were made, each of the periods before it alone: the
                    last twelve of those with a season of known values after them and two before
    mae             how far they were off a period, on average over the season after each
    ratio           mae / mae of seasonal_naive; above 1 the forecast falls back on that
    coverage_80     how often what came lay in the band of 80 %, in percent
    coverage_95     in that of 95 %; both null where no band could be told at the time

Fewer than three seasons of whole periods can be compared with nothing: origins is 0, and the rest
null.

A table has rows of one shape alone, that of what `of` names; they begin with its own column, here
`metric`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from pydantic import Field

from crm_kpi.analyses import _backtest_of_forecast
from crm_kpi.analyses._backtest import BacktestHalf, Halves
from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.kpi import Definition, Needs

HALVES: Halves = {"forecast": _backtest_of_forecast.HALF}
"""By what is predicted, that of the tables it is learnt from first."""


class Backtest(Definition):
    of: Literal["forecast"] | None = Field(
        None, description="what was predicted: forecast; default the first of them that can be"
    )
    cuts: int = Field(3, ge=1, le=60, description="how many times back customers are predicted")


def half(definition: Backtest, there: Collection[str]) -> BacktestHalf:
    """What is asked for; where nothing is, the first that the tables there can feed."""
    if definition.of is not None:
        return HALVES[definition.of]
    fed = (each for each in HALVES.values() if each.needs and set(each.needs) <= set(there))
    return next(fed, HALVES["forecast"])


def needs(definition: Backtest, there: Collection[str]) -> Needs:
    return half(definition, there).needs


def optional(definition: Backtest) -> Needs:
    halves = HALVES.values() if definition.of is None else [HALVES[definition.of]]
    return {table: columns for each in halves for table, columns in each.optional.items()}


def of_kpis(definition: Backtest, there: Collection[str]) -> Sequence[str]:
    return half(definition, there).of_kpis


def rows(scope: Scope, definition: Backtest) -> list[Row]:
    return [*half(definition, scope.context.tables.columns).rows(scope, definition)]


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=Backtest,
    optional=optional,
    of_kpis=of_kpis,
    sources=(
        "Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 2021 (a rolling origin)",
    ),
)
