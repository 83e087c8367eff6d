"""The half of `backtest` that is of expected_churn: what was predicted of customers, and what they
did."""

from __future__ import annotations

from typing import Any

from crm_kpi.analyses._backtest import BacktestHalf
from crm_kpi.analyses._spec import Row, Scope
from crm_kpi.messages import text
from crm_kpi.models import _past
from crm_kpi.models._leaving import Leaving
from crm_kpi.periods import DAY


def rows(scope: Scope, cuts: int) -> list[Row]:
    """For each cut, cut = last day - k x horizon, the latest first: {model, cut, customers,
    observed, mean_p, auc, brier, skill, rmse, bias}.

    model     as expected_churn is defined, learnt from what was known on the day of the cut
    recency   by activity: customers ranked by their last purchase, which gives an auc alone
    rate      by activity: purchases as often as before, of which rmse and bias tell

    observed is the share of those known at the cut who bought within the horizon after it, and
    mean_p the mean chance; by contract of those who were there, and of leaving. skill is
    1 - brier / (observed x (1 - observed)), rmse that of each customer's purchases, and bias
    expected / actual purchases - 1. A cut before which too little was known has no rows.
    """
    definition = scope.in_force("expected_churn")
    assert isinstance(definition, Leaving)
    if not scope.periods[-1].begun:
        return []
    definition = definition.settled(scope.context.tables.columns)
    until = scope.periods[-1].until
    days = definition.days(until - DAY)
    if definition.basis == "activity":
        found = _past.cuts_of_buying(scope.context, until, definition, days, cuts)
    else:
        found = _past.cuts_of_contracts(scope.context, until, definition, days, cuts)
    return [each.row(cut.day) for cut in found for each in cut.predictions]


def _rows(scope: Scope, definition: Any) -> list[Row]:
    found = rows(scope, definition.cuts)
    if not found:
        scope.aside.notes.append(text("models.no_backtest"))
    return found


HALF = BacktestHalf(rows=_rows, of_kpis=("expected_churn",))
