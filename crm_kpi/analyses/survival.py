"""Survival: the share of customers who stay longer than a given time.

    survival(t) = product over the times i <= t of (1 - events_i / at_risk_i)

    time       how long a customer has stayed, from signup to churn: days, or
               with `unit: months` completed months of a year of twelve months
               of 30 days, so that whole calendar months come out whole
    at_risk    customers who stayed at least so long
    events     those of them who left then
    survival   the share that stays longer, 0 to 1 (Kaplan-Meier)
    low, high  its 95 % band by Greenwood's formula, cut at 0 and 1; null where
               nobody is left
    median     the time at which the curve reaches one half, the same in every
               row; null while it has not
    undated    customers who have left, nobody knows when (`churned` without a
               date), the same in every row: they are left out, and above 1 % of
               all customers there is no curve: survival, its band and the
               median are null

Customers who are still there at as_of are censored: they count as long as they
have stayed. Of equal times those who left come before those who stay. Who came
back counts once per stay. All customers count, whatever the periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Any, Literal

import narwhals.stable.v2 as nw
from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.frames import customer_base
from crm_kpi.frames.timeline import ordinal
from crm_kpi.kpi import Definition
from crm_kpi.metrics._intervals import Z
from crm_kpi.metrics.retention._presence import undated_reason

DIGITS = 50
"""So many that a product of thousands of factors is right to the last digit of a float."""


class SurvivalDefinition(Definition):
    unit: Literal["days", "months"] = Field("days", description="what times are counted in")


def rows(scope: Scope, definition: SurvivalDefinition) -> list[Row]:
    known = scope.context.timeline.first_unknown_day
    signup, churn = nw.col("signup"), nw.col("churn")
    left = ~churn.is_null() & (churn < known)
    last = nw.when(left).then(churn).otherwise(nw.lit(known, nw.Date))
    spans = scope.context.frame(customer_base.active_spans, basis="contract", window=None)
    time = ordinal(last) - ordinal(signup)
    if definition.unit == "months":
        time = (_days360(last) - _days360(signup)) // 30
    times = (
        spans.select(time=time, left=left.cast(nw.Int64))
        .group_by("time")
        .agg(all=nw.len(), events=nw.col("left").sum())
    )
    undated, customers = _undated(scope)
    found = [row | {"undated": undated} for row in curve(scope.rows(times))]
    if undated_reason(undated, customers):
        unknown = dict.fromkeys(("survival", "low", "high", "median"))
        found = [row | unknown for row in found]
    return found


def _undated(scope: Scope) -> tuple[int, int]:
    """Customers who have left, nobody knows when, and all customers."""
    undated = customer_base.undated_customers(scope.context)
    if undated is None:
        return 0, 0
    everybody = scope.context.frame(customer_base.contracts).unique(["customer_id"])
    counts = [frame.select(n=nw.len()) for frame in (undated, everybody)]
    ((few,), (all_of_them,)) = scope.context.backend.fetch(counts)
    return int(few["n"]), int(all_of_them["n"])


def _days360(day: nw.Expr) -> nw.Expr:
    year, month = day.dt.year().cast(nw.Int64), day.dt.month().cast(nw.Int64)
    return year * 360 + month * 30 + day.dt.day().cast(nw.Int64)


def curve(times: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The curve of times with `all` (who left or was censored then) and `events` (who left)."""
    ordered = sorted(times, key=lambda row: row["time"])
    at_risk = sum(row["all"] for row in ordered)
    found: list[Row] = []
    with localcontext(prec=DIGITS):
        survival, hazards = Decimal(1), Decimal(0)
        for row in ordered:
            events, stay = row["events"], at_risk - row["events"]
            survival = survival * stay / at_risk
            low = high = None
            if stay:
                hazards += Decimal(events) / (at_risk * stay)
                half = Decimal(Z) * survival * hazards.sqrt()
                low, high = max(survival - half, Decimal(0)), min(survival + half, Decimal(1))
            found.append(
                {
                    "time": row["time"],
                    "at_risk": at_risk,
                    "events": events,
                    "survival": float(survival),
                    "low": None if low is None else float(low),
                    "high": None if high is None else float(high),
                }
            )
            at_risk -= row["all"]
    median = next((row["time"] for row in found if row["survival"] <= 0.5), None)
    return [row | {"median": median} for row in found]


ANALYSIS = Analysis(
    needs=always(customers=("customer_id", "signup_date", "churn_date")),
    rows=rows,
    definition=SurvivalDefinition,
    sources=(
        "Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 1958",
        "Greenwood, The Natural Duration of Cancer, Reports on Public Health and Medical Subjects "
        "1926 (the band)",
    ),
)
