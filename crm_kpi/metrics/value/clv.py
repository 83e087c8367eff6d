"""Customer lifetime value: what a customer brings over the whole relationship.

    CLV = APV x APF x ACL

    APV   average purchase value: order values / orders of the period, as in
          average_order_value
    APF   purchases per customer-year: orders / the years that customers were there
    ACL   average customer lifetime in years

A customer's time inside the period runs from signup to churn or the period's
end. Where no signup is known it runs from the first order. That order began the
time and says nothing of its rhythm, so it is left out, and `first_orders` counts
those of the period: APF is then repeat orders / customer-years, and

    CLV = APV x (1 + APF x ACL)

Where some have a signup and others not, 1 is the share of those without. Where
customers were there for less than 365 days on average, that says little of a
year, and the value is pending. With `customers: buyers` the time of those alone
counts who ordered in the period.

`lifetime:` says where ACL comes from:

    observed   the mean tenure from signup to churn, as known at the period's
               end; while customers are still open, the Kaplan-Meier restricted
               mean, the area under the survival curve up to the longest tenure.
               While the curve ends above one half that is a floor, and pending
    churn      1 / the yearly churn rate, from the period's own churn
    a number   so many years

Who has left nobody knows when (`churned` without a date) has no lifetime: `undated`
counts them; above 1 % of the customers there is neither an observed lifetime nor churn.

Tenures are counted in months of thirty days, so that five calendar years are 5.

    300 customers without a signup bought once for 50, a fortnight ago: no repeat
    orders, so CLV is 50 x (1 + 0 x ACL) = 50, and pending
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from crm_kpi.frames import customer_base, customer_time, orders_and_revenue
from crm_kpi.messages import Message, as_number, joined, should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _buying, _presence
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.periods import YEAR, year_parts
from crm_kpi.results import Number, Status, Unit

DIGITS = 50
HALF = Decimal(1) / 2


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
    customers: Literal["active", "buyers"] = Field(
        "active",
        description="whose time counts: active (all who were customers in the period) or buyers "
        "(those with an order in it, which makes apf high where periods are short)",
    )


def needs(definition: Clv) -> Mapping[str, Sequence[str]]:
    wanted = dict(_buying.needs(definition))
    if definition.lifetime in ("observed", "churn"):
        wanted["customers"] = ("customer_id", "signup_date", "churn_date")
    return wanted


def parts(definition: Clv) -> Sequence[Aggregation]:
    rule = definition.rule
    found = [
        *_buying.money(definition),
        Aggregation(frame(orders_and_revenue.buyers, order=rule), {"purchases": Sum("orders")}),
    ]
    if definition.customers == "buyers":
        sums = {name: Sum(name) for name in ("time", "unsigned", "first_orders")}
        buyers = frame(customer_time.buyers_time, order=rule)
        found.append(Aggregation(buyers, {"buyers": Count(), **sums}))
    else:
        found += [
            Aggregation(
                frame(customer_time.customer_time, order=rule),
                {"present": Sum("present"), "time": Sum("time"), "unsigned": Sum("unsigned")},
                running_total=True,
            ),
            Aggregation(frame(customer_time.arrivals, order=rule), {"came": Sum("came")}),
        ]
    if isinstance(definition.lifetime, Decimal):
        return found
    found += _presence.parts(_presence.Presence())
    if definition.lifetime == "observed":
        counts = {"ended": Sum("ended"), "all": Count()}
        found.append(
            Aggregation(
                frame(customer_base.tenures), counts, detail_keys=("tenure",), name="tenures"
            )
        )
    return found


def restricted_mean(curve: Sequence[Mapping[str, int]]) -> tuple[Decimal, Decimal] | None:
    """Area under the Kaplan-Meier curve up to the longest tenure, in the curve's days, and the
    share at which the curve ends.

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
        return area + survival * (rows[-1]["tenure"] - before), survival


@dataclass(frozen=True)
class Exposure:
    """The customers of a period, and the time that they had to buy in.

    Attributes:
        years: of all of them together.
        unsigned: how many of them have no signup that is known.
        first_orders: how many of these placed their first order in the period.
    """

    customers: int
    years: Fraction
    unsigned: int
    first_orders: int

    @property
    def share_unsigned(self) -> Fraction:
        return Fraction(self.unsigned, self.customers) if self.customers else Fraction(0)


@dataclass(frozen=True)
class Lifetime:
    """What the answer is made of, exact; None for what cannot be said.

    Attributes:
        exposure: the customers, and the time that they had.
        reason: why there is no value.
        doubts: why the value is one to wait with.
    """

    apv: Fraction | None
    apf: Fraction | None
    acl: Fraction | None
    exposure: Exposure
    reason: Message | None
    doubts: Sequence[Message]

    @property
    def value(self) -> Fraction | None:
        if self.apv is None or self.apf is None or self.acl is None:
            return None
        return self.apv * (self.exposure.share_unsigned + self.apf * self.acl)


def _by_churn(state: AggregateState) -> Fraction | None:
    """1 / the yearly churn rate, where somebody left."""
    return state.period.years * state.customers_start / state.lost if state.lost else None


def _lifetime_years(
    state: AggregateState, definition: Clv
) -> tuple[Fraction | None, Message | None]:
    """ACL, and why there is none, or why it is a floor."""
    if isinstance(definition.lifetime, Decimal):
        return Fraction(definition.lifetime), None
    if definition.lifetime == "churn":
        undated = _presence.undated(state, _presence.Presence())
        if undated:
            return None, undated
        if not state.customers_start:
            return None, text("metrics.no_churn_rate")
        return _by_churn(state), None if state.lost else text("metrics.no_end_of_churn")
    undated = _presence.undated_reason(state.undated_end, state.ever_end)
    if undated:
        return None, undated
    tenures = state.rows("tenures")
    curve = restricted_mean(tenures)
    if curve is None:
        return None, text("metrics.no_lifetime_observed")
    area, end = curve
    if end <= HALF:
        return Fraction(area) / 360, None
    everybody = sum(row["all"] for row in tenures)
    still = 100 * (everybody - sum(row["ended"] for row in tenures)) / everybody
    years = _by_churn(state)
    by_churn = (
        text("metrics.nobody_lost")
        if years is None
        else text("metrics.lifetime_by_churn", years=as_number(f"{float(years):.1f}"))
    )
    floor = text("metrics.lifetime_is_floor", share=f"{still:.0f}", by_churn=by_churn)
    return Fraction(area) / 360, floor


def _exposure(state: AggregateState, definition: Clv) -> Exposure:
    """Up to a day b all customers together have been there for b x present - time: each who came
    on day s adds b - s, each who left on day e takes b - e."""
    if definition.customers == "buyers":
        years = Fraction(state.time, YEAR)
        return Exposure(state.buyers, years, state.unsigned, state.first_orders)
    start, end = year_parts(state.period.start), year_parts(state.period.until)
    before = start * state.present_start - state.time_start
    return Exposure(
        state.present_start + state.came,
        Fraction(end * state.present_end - state.time_end - before, YEAR),
        state.unsigned_end,
        state.unsigned_end - state.unsigned_start,
    )


def lifetime(state: AggregateState, definition: Clv) -> Lifetime:
    exposure = _exposure(state, definition)
    customers, years = exposure.customers, exposure.years
    apv = Fraction(state.value) / state.orders if state.orders else None
    apf = (state.purchases - exposure.first_orders) / years if years else None
    acl, told = _lifetime_years(state, definition)
    doubts = [told] if told and acl is not None else []
    if years < customers:
        days = float(365 * years / customers)
        doubts.insert(0, text("metrics.short_exposure", days=f"{days:.0f}"))
    reason = None if acl is not None else told
    if apv is None:
        reason = text("metrics.no_orders")
    elif apf is None:
        reason = text("metrics.no_customers")
    return Lifetime(apv, apf, acl, exposure, reason, doubts)


def answer(state: AggregateState, definition: Clv) -> MetricValue:
    what = lifetime(state, definition)
    components: dict[str, Number | None] = {
        name: None if part is None else float(part)
        for name, part in (("apv", what.apv), ("apf", what.apf), ("acl", what.acl))
    }
    n = what.exposure.customers
    components |= {
        "revenue": state.gross + state.refunds,
        "orders": state.orders,
        "customers": n,
        "customer_years": float(what.exposure.years),
        "first_orders": what.exposure.first_orders,
    }
    if not isinstance(definition.lifetime, Decimal):
        components["undated"] = state.undated_end
    if what.value is None:
        return MetricValue(None, n, components, reason=what.reason)
    reason, status = (joined(what.doubts), Status.PENDING) if what.doubts else (None, None)
    return MetricValue(float(what.value), n, components, reason=reason, status=status)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    short_title="CLV",
    formula="average purchase value x purchases per customer-year x lifetime in years",
    definition=Clv,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=text("metrics.product_has_no_parts"),
    optional={"customers": ()},
    example="50 a purchase, 4 purchases a year, 5 years: 50 x 4 x 5 = 1,000",
    sources=("Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 1958",),
)
