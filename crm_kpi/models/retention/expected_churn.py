"""Expected churn: the share of customers who will be lost within 90 days.

    expected churn = 100 x mean of each customer's risk

With `basis: activity`, the default where there are purchases, lost is who buys nothing within
the horizon h, and everybody counts who has ever bought:

    risk = 1 - P(alive) x (1 - ((alpha + T) / (alpha + T + h))^(r + x))

with what a customer has bought (x, t, T) and how all come and go (r, alpha, a, b) as in
clv_predicted. It can be seen whether it came true, P(alive) never.

With `basis: contract` lost is who leaves, and everybody counts who is there: with the chance to
leave within 30 days (a hazard), by how long a customer has stayed and by `columns:`

    risk = 1 - product over the 30-day steps within the horizon of (1 - hazard)

    logit hazard = constant + band of the step (0, 1-2, 3-5, 6-11, 12-23, 24 on) + columns

fitted to all steps that customers have lived through or left in, with half of `ridge` x the
squares of all but the constant.

It is learnt from what was known at the period's end and nothing later, but for `columns:`, of
which today's value is all that a file has: one that changes when somebody leaves must not be
among them. Two are counted as of the start of each step instead, and change with it: tickets_90d
(tickets of the 90 days before) and last_score (the latest answer to the NPS survey). Each period
is learnt from anew; with --by all are learnt from together, and `expected_lost` adds up. No
interval is given; how the past was predicted is said in a line, and by the analysis backtest.

Fewer than 100 buyers or 30 who came back, or than 30 who left a contract, say too little, and so
do more than 2,000 patterns of columns, or 100 different values in them. Columns with which the
past is predicted no better than by its mean (a skill below .01) are dropped, and that is noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import fsum

from crm_kpi.frames.context import FrameContext
from crm_kpi.messages import Message, text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._spec import AggregateState, MetricValue
from crm_kpi.models import _leaving, _past
from crm_kpi.models._buyers import LearntBuying, buyers_of, learn_buying
from crm_kpi.models._leaving import LearntContracts, Leaving, learn_contracts
from crm_kpi.models._spec import Model
from crm_kpi.periods import DAY
from crm_kpi.prediction.buying import WEEK
from crm_kpi.results import Number, Status, Unit


class ExpectedChurn(Leaving):
    pass


def parts(definition: ExpectedChurn) -> Sequence[Aggregation]:
    return _leaving.parts(definition)


def fit(state: AggregateState, definition: ExpectedChurn) -> LearntBuying | LearntContracts:
    if definition.basis == "activity":
        return learn_buying(buyers_of(state.table("buyers")), definition)
    return learn_contracts(
        state.table("lives"), definition.days(state.period.until - DAY), definition
    )


def predict(
    learnt: LearntBuying | LearntContracts, state: AggregateState, definition: ExpectedChurn
) -> MetricValue:
    days = definition.days(state.period.until - DAY)
    components: dict[str, Number | None] = {}
    if isinstance(learnt, LearntBuying):
        n, nobody = state.n, text("metrics.no_customer_with_order")
        risks = _of_buyers(learnt, state, days)
        if state.is_whole:
            components |= learnt.components()
    else:
        n, risks = _of_contracts(learnt, state, days)
        nobody = text("models.no_customers")
        if state.is_whole:
            components |= {"events": learnt.events, "exposure": learnt.exposure}
    reason = learnt.reason
    if not n or learnt.refusal:
        return MetricValue(None, n, components, reason=reason if n else nobody)
    lost = fsum(risks)
    return MetricValue(
        100 * lost / n,
        n,
        {"expected_lost": lost, **components},
        reason=reason,
        status=Status.LOW_N if reason else None,
    )


def _of_buyers(learnt: LearntBuying, state: AggregateState, days: int) -> list[float]:
    if learnt.buying is None:
        return []
    buyers = buyers_of(state.table("buyers"))
    found = buyers.with_columns(*learnt.buying.chances(days / WEEK))
    return (found["n"] * (1 - found["active"])).to_list()


def _of_contracts(
    learnt: LearntContracts, state: AggregateState, days: int
) -> tuple[int, list[float]]:
    lives = state.table("lives")
    if lives is None:
        return 0, []
    there = [row for row in _leaving.rows_of(lives, learnt.columns) if row.is_there()]
    n = sum(row.count for row in there)
    if learnt.hazard is None:
        return n, []
    return n, [row.count * learnt.risk(row.tenure, days, row.levels) for row in there]


def backtest(context: FrameContext, until: date, definition: ExpectedChurn) -> Message:
    days = definition.days(until - DAY)
    if definition.basis == "activity":
        return _past.line_of_buying(context, until, definition, days)
    return _past.line_of_contracts(context, until, definition, days)


MODEL = Model(
    unit=Unit.PERCENT,
    higher_is_better=False,
    formula="100 x mean of each customer's chance to be lost within the horizon",
    definition=ExpectedChurn,
    settle=lambda definition, tables: definition.settled(tables),
    needs=_leaving.needs,
    reads=_leaving.reads,
    parts=parts,
    fit=fit,
    predict=predict,
    backtest=backtest,
    example="4 customers with risks of 0.1, 0.2, 0.3 and 0.8: 100 x 1.4 / 4 = 35",
    sources=(
        "Fader, Hardie and Lee, Counting Your Customers the Easy Way, Marketing Science 2005 "
        "(BG/NBD)",
        "Batislam, Denizel and Filiztekin, Empirical validation and comparison of models for "
        "customer base analysis, IJRM 2007 (MBG/NBD)",
        "Singer and Willett, It's About Time: Using Discrete-Time Survival Analysis, Journal of "
        "Educational Statistics 1993 (hazards of contracts)",
        "own definition: the chance to buy nothing, which can be seen to come true, and not that "
        "of having left for good",
    ),
)
