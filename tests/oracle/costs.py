"""What customers cost: to keep, and over a lifetime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from .buying import clv
from .common import Answer, Answers, Rows, Segment, inside, known, mean
from .customers import active, spans_of, turnovers
from .periods import DAY, Period, years
from .spending import revenue_per_customer


def spent(
    costs: Rows, kind: str, period: Period, as_of: date, segment: Segment, by: Sequence[str]
) -> list[Fraction]:
    """The company's bills of one kind in the period; a cost has its own segment columns."""
    return [
        Fraction(row["amount"])
        for row in costs
        if row["kind"] == kind
        and period.has(row["date"], as_of)
        and inside(tuple(row[column] for column in by), segment)
    ]


def retention_cost(
    periods: Sequence[Period],
    as_of: date,
    costs: Rows,
    customers: Rows,
    transactions: Rows = (),
    *,
    by: Sequence[str] = (),
    **basis: str,
) -> Answers:
    """Retention costs per customer of the start who is there at the end."""
    turned = turnovers(periods, as_of, customers, transactions, by=by, **basis)
    revenue = revenue_per_customer(periods, as_of, transactions, customers, by=by)
    answers = {}
    for (period, segment), turnover in turned.items():
        bills = spent(costs, "retention", period, as_of, segment, by)
        kept = len(turnover.start & turnover.end)
        value = sum(bills, Fraction(0)) / kept if bills and kept else None
        per_customer = revenue.get((period, segment), Answer(None, 0)).value
        ratio = None
        if value is not None and per_customer is not None and per_customer > 0:
            ratio = value / Fraction(per_customer)
        answers[period, segment] = Answer(
            value,
            kept,
            {
                "costs": sum(bills, Fraction(0)),
                "customers_retained": kept,
                "revenue_per_customer": per_customer,
                "ratio": ratio,
            },
        )
    return answers


def clv_profit(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows,
    costs: Rows = (),
    *,
    margin: Fraction,
    given: Mapping[str, Fraction] | None = None,
    lifetime: str | Fraction = "observed",
    by: Sequence[str] = (),
) -> Answers:
    """CLV x margin, less what winning and (per year of the lifetime) keeping a customer costs."""
    given = given or {}
    turned = turnovers(periods, as_of, customers, transactions, by=by)
    spans = spans_of(customers, as_of)
    answers = {}
    for key, base in clv(periods, as_of, transactions, customers, lifetime=lifetime, by=by).items():
        period, segment = key
        place = {
            row["customer_id"]: tuple(row.get(column) for column in by)
            for row in known(customers, "signup_date", as_of)
        }
        days = []
        day = period.start
        while day < period.boundary(as_of):
            there = sum(
                1 for c in spans if inside(place[c], segment) and active(spans[c], day + DAY)
            )
            days.append(Fraction(there))
            day += DAY
        length = years(period.start, period.boundary(as_of))
        sharing = {
            "acquisition": Fraction(len(turned[key].joined)) if key in turned else Fraction(0),
            "retention": (mean(days) or Fraction(0)) * length,
            "service": (mean(days) or Fraction(0)) * length,
        }
        per: dict[str, Fraction | None] = {}
        for kind, by_whom in sharing.items():
            whole = sum(spent(costs, kind, period, as_of, segment, by), Fraction(0))
            if kind in given:
                per[kind] = given[kind]
            elif whole == 0:
                per[kind] = Fraction(0)
            else:
                per[kind] = whole / by_whom if by_whom else None
        value = None
        acl = base.components["acl"]
        if base.value is not None and acl is not None and None not in per.values():
            a, r, s = (Fraction(cost or 0) for cost in per.values())
            value = Fraction(base.value) * margin - a - (r + s) * Fraction(acl)
        answers[key] = Answer(
            value,
            base.n,
            {**base.components, "clv": base.value}
            | {f"{kind}_cost": cost for kind, cost in per.items()},
        )
    return answers
