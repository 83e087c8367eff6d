"""Churn risk: who will not come back, or leave, the likeliest first, and why.

    risk                 the chance to be lost within the horizon, 0 to 1, as in expected_churn

With basis activity, of everybody who has ever bought:

    p_alive              the chance of not having left for good already
    p_active             the chance to buy within the horizon: 1 - risk
    frequency            purchases after the first; all of a day are one
    last_purchase_days   days since the last
    usual_gap            days between two of them, on average; null where there was one alone
    reason               the last two in words

With basis contract, of everybody who is there:

    tenure_days          days since the beginning
    reason               those, the columns that count, and the chance to leave within 30 days

Everything is as at the last day that is asked for. Where nothing can be learnt, risks are null and
the reason says why. With `per: band` a row is a fifth of the scale of risks: customers, their
share in percent, and how many of them are expected to be lost.

The definition is that of expected_churn, but for what is said here: `definitions: {churn_risk: …}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import fsum
from typing import Any, Literal

import narwhals.stable.v2 as nw
from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.frames.buying_history import buying_history
from crm_kpi.messages import Message, as_number, joined, text
from crm_kpi.metrics._state import ratio
from crm_kpi.models import _leaving
from crm_kpi.models._buyers import buyers_of, learn_buying
from crm_kpi.models._leaving import Leaving, learn_contracts
from crm_kpi.periods import DAY
from crm_kpi.prediction.buying import WEEK
from crm_kpi.prediction.hazard import STEP

BANDS = ("80-100 %", "60-80 %", "40-60 %", "20-40 %", "0-20 %")


class ChurnRisk(Leaving):
    per: Literal["customer", "band"] = Field(
        "customer", description="one row per customer, or per fifth of the scale of risks"
    )


def rows(scope: Scope, definition: ChurnRisk) -> list[Row]:
    definition = definition.settled(scope.context.tables.columns)
    (period,) = scope.periods
    days = definition.days(period.until - DAY)
    by_basis = _of_buyers if definition.basis == "activity" else _of_contracts
    found = [*by_basis(scope, definition, days)]
    if definition.per == "band":
        return _per_band(found)
    return sorted(found, key=lambda row: (-(row["risk"] or 0), row["customer_id"]))


def _of_buyers(scope: Scope, definition: ChurnRisk, days: int) -> Iterator[Row]:
    alike = ("repeats", "recency", "age")
    history = scope.context.frame(buying_history, free=definition.free)
    customers = scope.context.backend.fetch_table(history.select("customer_id", "idle", *alike))
    counted = customers.group_by(*alike).agg(count=nw.len())
    learnt = learn_buying(buyers_of(counted), definition)
    scope.mind(learnt.reason)
    each = buyers_of(customers.with_columns(count=nw.lit(1)))
    each = each.with_columns(
        *(
            learnt.buying.chances(days / WEEK)
            if learnt.buying
            else [nw.lit(None, nw.Float64).alias(name) for name in ("alive", "active")]
        )
    )
    names = ("customer_id", "x", "t", "idle", "alive", "active")
    for customer, repeats, recency, idle, alive, active in each.select(*names).rows():
        yield {
            "customer_id": customer,
            "risk": None if active is None else 1 - active,
            "p_alive": alive,
            "p_active": active,
            "frequency": repeats,
            "last_purchase_days": idle,
            "usual_gap": ratio(recency, repeats) if repeats else None,
            "reason": learnt.refusal or _bought(repeats, recency, idle),
        }


@cache
def _bought(repeats: int, recency: int, idle: int) -> Message:
    """When somebody last bought, and how often before."""
    ago = text("models.days_ago", count=idle)
    if not repeats:
        return text("models.bought_once", ago=ago)
    gap = text("models.days", count=round(recency / repeats))
    return text("models.bought_before", ago=ago, gap=gap, count=repeats)


def _of_contracts(scope: Scope, definition: ChurnRisk, days: int) -> Iterator[Row]:
    assert definition.contracts is not None
    alike = _leaving.alike(definition)
    lives = scope.context.frame(
        _leaving.frame_of(definition), contracts=definition.contracts, columns=definition.columns
    )
    customers = scope.context.backend.fetch_table(lives.select("customer_id", *alike))
    counted = customers.group_by(*alike).agg(count=nw.len())
    learnt = learn_contracts(counted, days, definition)
    scope.mind(learnt.reason)
    levels = [_leaving.level(name) for name in learnt.columns]
    there = customers.filter(nw.col("gone") == 0)
    if "step" in alike:
        there = there.filter(nw.col("step") == nw.col("tenure") // STEP)
    for customer, tenure, *mine in there.select("customer_id", "tenure", *levels).rows():
        risk = None
        reason = learnt.refusal
        if learnt.hazard is not None:
            risk = learnt.risk(tenure, days, mine)
            chance = learnt.hazard.of_step(tenure // STEP, tuple(mine))
            reason = _stays(tenure, learnt.columns, mine, chance)
        yield {"customer_id": customer, "risk": risk, "tenure_days": tenure, "reason": reason}


def _stays(
    tenure: int, columns: Sequence[str], levels: Sequence[str | None], chance: float
) -> Message:
    """How long somebody has stayed, what counts, and how many of those leave."""
    days = text("models.days", count=tenure)
    said = as_number(f"{100 * chance:.1f}")
    if not columns:
        return text("models.stays", days=days, chance=said)
    what = joined(
        (
            text("models.level_blank", column=name)
            if level is None
            else text("models.level", column=name, level=level)
            for name, level in zip(columns, levels, strict=True)
        ),
        ", ",
    )
    return text("models.stays_with", days=days, levels=what, chance=said)


def _per_band(customers: Sequence[Row]) -> list[Row]:
    known = [row["risk"] for row in customers if row["risk"] is not None]
    found: list[Row] = []
    for place, band in enumerate(BANDS):
        mine = [risk for risk in known if min(4, int(5 * risk)) == 4 - place]
        share: Any = ratio(100 * len(mine), len(known)) if known else None
        found.append(
            {"band": band, "customers": len(mine), "share": share, "expected_lost": fsum(mine)}
        )
    return found if known else []


ANALYSIS = Analysis(
    needs=lambda definition, there: _leaving.needs(definition.settled(there)),
    rows=rows,
    definition=ChurnRisk,
    follows="expected_churn",
    optional=_leaving.reads,
    sources=("as expected_churn, whose risks these are, customer by customer",),
)
