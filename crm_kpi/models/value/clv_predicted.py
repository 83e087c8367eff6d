"""Predicted customer lifetime value: what customers have paid, and will pay within a year.

    predicted CLV = mean over customers of (historic + future)

    historic   the sum of all amounts up to the period's last day, refunds too
    future     purchases expected in each month of the horizon x what a purchase is worth,
               discounted from the middle of the month

It is learnt from all known customers with a purchase by the period's last day, and from
nothing later; what they buy on one day is one purchase. Of each counts how often they came
back (x), how long after the first purchase they last did (t), how long ago the first was (T),
and what a repeat purchase was worth (z):

    purchases   P(alive) x what a customer who is still there buys: by MBG/NBD, where
                purchases come at a rate that is spread over customers as Gamma(r, alpha),
                and each may be the last with a chance that is spread as Beta(a, b)
    worth       p (v + x z) / (p x + q - 1), by Gamma-Gamma: the more often somebody has
                bought, the more their own mean tells, and the less that of all

Each period is learnt from anew. With --by all are learnt from together, and segments add up:
r, alpha, a, b, p, q, v and log_likelihood stand with the whole. `expected_purchases` are not
discounted. No interval is given: what chance leaves open is far more than what it says of
parameters.

Fewer than 100 customers, or 30 who came back, say too little. Where hardly anyone can be seen
to leave, or those who buy often also buy for more, that is noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import fsum

from crm_kpi.frames.context import FrameContext
from crm_kpi.messages import Message, text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._spec import AggregateState, MetricValue
from crm_kpi.metrics.retention._buying import needs
from crm_kpi.models import _buyers, _past
from crm_kpi.models._buyers import Outlook, WithValue, buyers_of
from crm_kpi.models._spec import Model
from crm_kpi.periods import DAY
from crm_kpi.prediction.spending import GammaGamma
from crm_kpi.results import Number, Status, Unit


class PredictedClv(WithValue):
    pass


def parts(definition: PredictedClv) -> Sequence[Aggregation]:
    return _buyers.parts(definition)


def fit(state: AggregateState, definition: PredictedClv) -> Outlook:
    as_of = state.period.until - DAY
    return _buyers.learn_value(
        buyers_of(state.table("buyers")), state.table("means"), as_of, definition
    )


def predict(outlook: Outlook, state: AggregateState, definition: PredictedClv) -> MetricValue:
    n, historic = state.n, state.historic
    components: dict[str, Number | None] = {"historic": historic}
    returned = {"repeat_customers": state.returned}
    if not n or outlook.spending is None:
        reason = outlook.learnt.reason if n else text("metrics.no_customer_with_order")
        return MetricValue(None, n, components | returned, reason=reason)
    found = outlook.of(buyers_of(state.table("buyers")))
    future, purchases = (fsum(found[name].to_list()) for name in ("future", "purchases"))
    components |= {"future": future, "expected_purchases": purchases, **returned}
    if state.is_whole:
        components |= _parameters(outlook, definition)
    value = float((Fraction(historic) + Fraction(future)) / n)
    reason = outlook.learnt.reason
    return MetricValue(value, n, components, reason=reason, status=Status.LOW_N if reason else None)


def _parameters(outlook: Outlook, definition: PredictedClv) -> dict[str, Number | None]:
    learnt, spending = outlook.learnt, outlook.spending
    found = learnt.components(definition.in_unit(1))
    if isinstance(spending, GammaGamma):
        found |= {"p": spending.p, "q": spending.q, "v": spending.v}
    return found | {"log_likelihood": learnt.log_likelihood}


def backtest(context: FrameContext, until: date, definition: PredictedClv) -> Message:
    return _past.line_of_buying(context, until, definition, _past.DAYS)


MODEL = Model(
    unit=Unit.MONEY,
    higher_is_better=True,
    short_title="Predicted CLV",
    formula="mean of what customers have paid and will pay within the horizon, discounted",
    definition=PredictedClv,
    needs=needs,
    parts=parts,
    fit=fit,
    predict=predict,
    backtest=backtest,
    example="40,000 paid by 1,000 customers, 12,000 to come: (40,000 + 12,000) / 1,000 = 52",
    sources=(
        "Fader, Hardie and Lee, Counting Your Customers the Easy Way, Marketing Science 2005 "
        "(BG/NBD)",
        "Batislam, Denizel and Filiztekin, Empirical validation and comparison of models for "
        "customer base analysis, IJRM 2007 (MBG/NBD)",
        "Fader, Hardie and Lee, RFM and CLV, JMR 2005 (Gamma-Gamma)",
        "own definition: a weak prior, so that few customers lead to no wild parameters",
    ),
)
