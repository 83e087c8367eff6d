"""Forecast: what the coming periods bring, by the past of a metric.

    metric            the metric of money or count that is forecast, revenue unless another is
                      named; or weighted_pipeline
    period            at the rhythm of --every: months, weeks, quarters or days; start and end as
                      everywhere, the end being the first day after
    value             what is expected
    low, high         its band of 95 %: between them lies what comes, 95 times of 100
    low_80, high_80   that of 80 %; both null where too few earlier forecasts can be looked at
    method            how it was made

The past is every whole period from periods.from on, else from the first that begins with the
metric's first row or after it; of each the value that `crm-kpi METRIC` tells, whatever --last
says. After a period whose value is not known it begins anew. m periods are a season (12 months,
52 weeks, 4 quarters, 7 days):

    fewer than 6      no forecast
    fewer than m      mean: that of all
    m to 2m - 1       seasonal_naive: the value of the same place one season ago
    2m to 3m - 1      seasonal_growth: that x the root of the last season / the one before, which
                      is kept within .5 and 2
    3m and more       mix: the geometric mean of seasonal_growth and theta, which follows the
                      level and half of the slope; the arithmetic one where any value is below
                      or at 0

Where that would have erred by more than seasonal_naive, as `crm-kpi backtest` shows, it is
seasonal_naive, and a note says so. `definitions.forecast.method` names one for good.

Bands are made of errors: those of forecasts by the same method from earlier periods, whose
outcome is known. No model stands behind them, and what never happened is not in them.

Where there are opportunities, and the metric is of money, rows of weighted_pipeline say what the
open deals are worth by the period in which they are expected to close: amount x odds, as the
metric weighted_pipeline has them. Their band takes deals as independent. `overdue` are those whose
expected close has passed, `later` those beyond the horizon, `undated` those without one. They
are no part of the forecast, and never added to it: sales of the past came from deals, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Literal

from pydantic import Field

from crm_kpi.analyses import _past, _pipeline_ahead
from crm_kpi.analyses._past import LEVELS, KnownPast
from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.kpi import Definition, Kpi, Needs
from crm_kpi.messages import Message, joined, text
from crm_kpi.metrics._spec import Metric
from crm_kpi.prediction import forecast_backtest
from crm_kpi.prediction.bands import Bands
from crm_kpi.results import Unit

FORECAST_UNITS = (Unit.MONEY, Unit.COUNT)


class Forecast(Definition):
    metric: str = Field("revenue", description="metric of money or count, or a variant of one")
    horizon: int = Field(12, ge=1, le=366, description="how many periods ahead")
    method: Literal["auto", "mean", "seasonal_naive", "seasonal_growth", "theta", "mix"] = Field(
        "auto",
        description="auto: by the number of whole periods, and by what would have erred less",
    )


def needs(definition: Forecast, there: Collection[str]) -> Needs:
    return {}


def optional(definition: Forecast) -> Needs:
    return {"opportunities": ("stage",), "stage_changes": ("stage",)}


def refuses_kpi(kpi: Kpi, definition: Any) -> Message | None:
    able = isinstance(kpi, Metric) and kpi.unit_of(definition) in FORECAST_UNITS
    return None if able else text("forecast.no_rate")


def rows(scope: Scope, definition: Forecast) -> list[Row]:
    known = _past.known(scope, definition.metric, definition.method)
    if known is None:
        return []
    found = [*_ahead(scope, definition, known)]
    is_money = known.unit is Unit.MONEY and definition.metric != _pipeline_ahead.METRIC
    if is_money and scope.context.has("opportunities", "outcome", "created_at", "amount"):
        found += _pipeline_ahead.rows(scope, known.rhythm, found[-1]["end"])
    return found


def _ahead(scope: Scope, definition: Forecast, known: KnownPast) -> Iterator[Row]:
    past, accuracy = forecast_backtest.trusted(known.past)
    method = forecast_backtest.name_of(past)
    bands = Bands.of(past)
    said = _past.said_of(known, past, accuracy)
    if not bands.known:
        said.append(text("forecast.no_band"))
    if said and not scope.segment:
        scope.aside.notes.append(joined(said))
    if not scope.segment:
        scope.aside.past += known.results
    start, number = known.results[-1].end, known.number
    for h, value in enumerate(past.ahead(definition.horizon), 1):
        end = known.rhythm.next(start)
        ends = [each for level in LEVELS for each in bands.around(value, h, level)]
        low_80, high_80, low, high = (None if each is None else number(each) for each in ends)
        yield {
            "metric": definition.metric,
            "period": known.rhythm.label(start),
            "start": start,
            "end": end,
            "value": number(value),
            "low": low,
            "high": high,
            "low_80": low_80,
            "high_80": high_80,
            "method": method,
        }
        start = end


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=Forecast,
    optional=optional,
    of_kpis=lambda definition, there: [definition.metric],
    refuses_kpi=refuses_kpi,
    sources=(
        "Assimakopoulos and Nikolopoulos, The theta model, International Journal of Forecasting "
        "2000",
        "Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 2021 (seasonal naive)",
        "Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005 (bands of "
        "earlier errors)",
        "own definition: the method by the length of the past, and half of a growth, chosen on "
        "M3 and Australian retail",
    ),
)
