"""The half of `backtest` that is of the forecast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crm_kpi.analyses import _past
from crm_kpi.analyses._backtest import BacktestHalf
from crm_kpi.analyses._spec import Row, Scope
from crm_kpi.analyses.forecast import Forecast
from crm_kpi.messages import text
from crm_kpi.prediction import forecast_backtest
from crm_kpi.prediction.forecasting import NAIVE


def rows(scope: Scope, definition: Any) -> Iterator[Row]:
    forecast = scope.in_force("forecast")
    assert isinstance(forecast, Forecast)
    known = _past.known(scope, forecast.metric, forecast.method)
    if known is None:
        return
    season, count = known.past.season, len(known.past.values)
    for method in dict.fromkeys((forecast.method, NAIVE)):
        found = forecast_backtest.accuracy(replace(known.past, method=method))
        yield {
            "metric": forecast.metric,
            "method": method,
            "origins": found.origins if found else 0,
            "mae": known.number(found.mae) if found else None,
            "ratio": found and found.ratio,
            "coverage_80": found and _percent(found.coverage[80]),
            "coverage_95": found and _percent(found.coverage[95]),
        }
    if count < 3 * season and not scope.segment:
        scope.aside.notes.append(text("forecast.not_tried", needed=3 * season, count=count))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


HALF = BacktestHalf(rows=rows, of_kpis=("forecast",))
