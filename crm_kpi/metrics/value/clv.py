"""Customer lifetime value: what a customer brings over the whole relationship.

    CLV = APV x APF x ACL

    APV   average purchase value: order values / orders of the period, as in
          average_order_value
    APF   purchases per customer and year: orders / buyers / years of the period
    ACL   average customer lifetime in years

`lifetime:` says where ACL comes from:

    observed   the mean tenure from signup to churn, as known at the period's
               end; while customers are still open, the Kaplan-Meier restricted
               mean, the area under the survival curve up to the longest tenure
    churn      1 / the yearly churn rate, from the period's own churn
    a number   so many years

Tenures are counted in months of thirty days, so that five calendar years are
5. With `customers: active` APF is over all who were customers in the period,
which keeps it comparable where periods are shorter than a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from crm_kpi.frames import customer_base, orders_and_revenue
from crm_kpi.messages import Message, should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _buying, _presence
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit

DIGITS = 50


def _lifetime(value: Any) -> Any:
    if value in ("observed", "churn"):
        return value
    try:
        years = Decimal(str(value))
    except ArithmeticError:
        years = Decimal(0)
    if not (years.is_finite() and years > 0):
        raise ValueError(should_be(text("metrics.lifetime")))
    return years


class Clv(Ordering):
    lifetime: Annotated[Literal["observed", "churn"] | Decimal, BeforeValidator(_lifetime)] = Field(
        "observed", description="observed, churn, or a number of years"
    )
    customers: Literal["buyers", "active"] = Field(
        "buyers",
        description="whom the purchases are divided by: buyers (customers with an order in the "
        "period) or active (all who were customers in it)",
    )


def needs(definition: Clv) -> Mapping[str, Sequence[str]]:
    wanted = dict(_buying.needs(definition))
    if definition.lifetime in ("observed", "churn"):
        wanted["customers"] = ("customer_id", "signup_date", "churn_date")
    elif definition.customers == "active":
        wanted["customers"] = ("customer_id", "signup_date")
    return wanted


def parts(definition: Clv) -> Sequence[Aggregation]:
    found = [
        *_buying.money(definition),
        Aggregation(
            frame(orders_and_revenue.buyers, order=definition.rule),
            {"buyers": Count(), "purchases": Sum("orders")},
        ),
    ]
    if definition.lifetime == "churn" or definition.customers == "active":
        found += _presence.parts(_presence.Presence())
    if definition.lifetime == "observed":
        counts = {"ended": Sum("ended"), "all": Count()}
        found.append(
            Aggregation(
                frame(customer_base.tenures), counts, detail_keys=("tenure",), name="tenures"
            )
        )
    return found


def restricted_mean(curve: Sequence[Mapping[str, int]]) -> Decimal | None:
    """Area under the Kaplan-Meier curve up to the longest tenure, in the curve's days.

    `curve` has, per tenure, `ended` (left then) and `all` (left or censored then). To so many
    digits that a float made of it is the nearest one there is.
    """
    rows = sorted(curve, key=lambda row: row["tenure"])
    at_risk = sum(row["all"] for row in rows)
    if not at_risk:
        return None
    area, survival, before = Decimal(0), Decimal(1), 0
    with localcontext(prec=DIGITS):
        for row in rows:
            if row["ended"]:
                area += survival * (row["tenure"] - before)
                survival = survival * (at_risk - row["ended"]) / at_risk
                before = row["tenure"]
            at_risk -= row["all"]
        return area + survival * (rows[-1]["tenure"] - before)


def _lifetime_years(
    state: AggregateState, definition: Clv
) -> tuple[Fraction | None, Message | None]:
    """ACL, or the reason why there is none."""
    if isinstance(definition.lifetime, Decimal):
        return Fraction(definition.lifetime), None
    if definition.lifetime == "observed":
        days = restricted_mean(state.rows("tenures"))
        if days is None:
            return None, text("metrics.no_lifetime_observed")
        return Fraction(days) / 360, None
    if not state.customers_start:
        return None, text("metrics.no_churn_rate")
    if not state.lost:
        return None, text("metrics.no_end_of_churn")
    return state.period.years * state.customers_start / state.lost, None


@dataclass(frozen=True)
class Lifetime:
    """What the answer is made of, exact; None for what cannot be said."""

    apv: Fraction | None
    apf: Fraction | None
    acl: Fraction | None
    customers: int
    reason: Message | None

    @property
    def value(self) -> Fraction | None:
        if self.apv is None or self.apf is None or self.acl is None:
            return None
        return self.apv * self.apf * self.acl


def lifetime(state: AggregateState, definition: Clv) -> Lifetime:
    customers = state.buyers
    if definition.customers == "active":
        customers = state.customers_start + state.new + state.returned + state.joined_and_left
    apv = Fraction(state.value) / state.orders if state.orders else None
    apf = Fraction(state.purchases) / customers / state.period.years if customers else None
    acl, reason = _lifetime_years(state, definition)
    if apv is None or apf is None:
        reason = text("metrics.no_orders")
    elif acl is not None and definition.customers == "buyers" and state.period.years < 1:
        reason = text("metrics.frequency_too_high")
    return Lifetime(apv, apf, acl, customers, reason)


def answer(state: AggregateState, definition: Clv) -> MetricValue:
    found = lifetime(state, definition)
    components = {
        name: None if part is None else float(part)
        for name, part in (("apv", found.apv), ("apf", found.apf), ("acl", found.acl))
    }
    components |= {
        "revenue": state.gross + state.refunds,
        "orders": state.orders,
        "customers": found.customers,
    }
    value = None if found.value is None else float(found.value)
    return MetricValue(value, found.customers, components, reason=found.reason)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    formula="average purchase value x purchases per customer and year x lifetime in years",
    definition=Clv,
    needs=needs,
    parts=parts,
    answer=answer,
    example="50 a purchase, 4 purchases a year, 5 years: 50 x 4 x 5 = 1,000",
    sources=("Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 1958",),
)
