"""Backtest: what predictions would have said earlier, against what came.

Of customers (`of: expected_churn`), at each cut, which is the last day less k horizons:

    model           model: expected_churn as it is defined, learnt from what was known at the cut;
                    recency: ranked by the last purchase alone; rate: purchases as often as before
    customers       those who had bought by then; by contract, those who were there
    observed        the share of them who bought within the horizon after it; by contract, who left
    mean_p          the mean of the chances that were predicted
    auc             how often one who did had a higher chance than one who did not
    brier, skill    the mean squared error of the chances; 1 - brier / (observed (1 - observed))
    rmse, bias      of purchases: of each customer's, and expected / actual - 1 of all

Of a metric (`of: forecast`):

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

A table has rows of one shape alone, that of what `of` names; they begin with its own column,
`model` or `metric`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from pydantic import Field

from crm_kpi.analyses import _backtest_of_churn, _backtest_of_forecast
from crm_kpi.analyses._backtest import BacktestHalf, Halves
from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.kpi import Definition, Needs

HALVES: Halves = {
    "expected_churn": _backtest_of_churn.HALF,
    "forecast": _backtest_of_forecast.HALF,
}
"""By what is predicted."""


class Backtest(Definition):
    of: Literal["expected_churn", "forecast"] | None = Field(
        None,
        description="what was predicted: expected_churn or forecast; default expected_churn where "
        "there are transactions",
    )
    cuts: int = Field(3, ge=1, le=60, description="how many times back customers are predicted")


def half(definition: Backtest, there: Collection[str]) -> BacktestHalf:
    """What is asked for."""
    return HALVES[definition.of or ("expected_churn" if "transactions" in there else "forecast")]


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
