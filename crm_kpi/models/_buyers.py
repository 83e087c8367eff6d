"""What all that are predicted from purchases share: the definition, and what buyers say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import fsum
from operator import mul, sub
from typing import Any, Literal

import narwhals.stable.v2 as nw
from pydantic import Field, field_validator

from crm_kpi.conditions import compare
from crm_kpi.durations import Duration
from crm_kpi.frames import buying_history
from crm_kpi.kpi import Definition
from crm_kpi.messages import Message, joined, text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.models._horizon import near
from crm_kpi.prediction.buying import WEEK, Buying, BuyingModel, FittedBuying, fit_buying
from crm_kpi.prediction.horizon import Step, steps
from crm_kpi.prediction.in_memory import table
from crm_kpi.prediction.special_functions import rounded
from crm_kpi.prediction.spending import (
    CELL,
    MANY,
    EqualSpending,
    FittedSpending,
    GammaGamma,
    correlation,
    fit_spending,
)
from crm_kpi.results import Number

FEWEST_CUSTOMERS, FEWEST_RETURNED = 100, 30
FURTHEST, LARGEST_ERROR = 6, 3
"""Without a prior, a logarithm that lies beyond is at no place that the customers have shown."""
UNSURE = 1.2
"""A chance to drop out whose logarithm has so large a standard error rests on the prior."""
RELATED = 0.3
"""The correlation of how often with how much from which on purchases are no matter of their own."""

Buyers = nw.DataFrame[Any]
"""How many customers there are (n) by x, their repeat purchases, and by recency (t) and age in
days; with what they paid for these purchases where that matters. Or each by themselves."""


class FromPurchases(Definition):
    model: BuyingModel = Field(
        "mbg",
        description="mbg (customers may leave after any purchase) or bg (not before the second)",
    )
    horizon: Duration = Field(
        Duration(months=12), description="how far is looked ahead, in days, weeks or months"
    )
    prior: Decimal = Field(
        Decimal("0.1"),
        ge=0,
        le=1000,
        description="how strongly parameters are held near 1 where few customers say little of "
        "them; 0 is plain maximum likelihood",
    )
    free_orders: Literal["drop", "count"] = Field(
        "drop", description="whether a day on which all purchases are worth nothing counts"
    )

    @field_validator("horizon")
    @classmethod
    def _is_near(cls, value: Duration) -> Duration:
        return near(value, "12 months")

    @property
    def free(self) -> bool:
        return self.free_orders == "count"


class WithValue(FromPurchases):
    discount: Decimal = Field(
        Decimal("0.10"),
        ge=0,
        le=10,
        description="by how much money of a year later counts less; 0 for not at all",
    )
    unit: Literal["week", "day", "month"] = Field(
        "week", description="of alpha, recency and T as they are shown; no other number changes"
    )

    def in_unit(self, weeks: float) -> float:
        """A length of time as it is shown."""
        return weeks * {"week": 1.0, "day": 7.0, "month": 7 * 12 / 365.25}[self.unit]


def buyers_parts(definition: FromPurchases, **sums: Sum) -> Sequence[Aggregation]:
    """State: n, returned; and `buyers`, by what they are alike in, with these sums of each kind."""
    history = frame(buying_history.buying_history, free=definition.free)
    counts = {"n": Count(), "returned": Count(compare("repeats", ">", 0))}
    alike = ("repeats", "recency", "age")
    each = {"count": Count(), **sums}
    return [
        Aggregation(history, counts),
        Aggregation(history, each, detail_keys=alike, name="buyers", by_column=True),
    ]


def parts(definition: FromPurchases) -> Sequence[Aggregation]:
    """State: as `buyers_parts`, and historic; `means` of those who came back."""
    history = frame(buying_history.buying_history, free=definition.free)
    spent = frame(buying_history.repeat_spending, free=definition.free, many=MANY, cell=CELL)
    return [
        *buyers_parts(definition, paid=Sum("paid")),
        Aggregation(history, {"historic": Sum("historic")}),
        Aggregation(
            spent,
            {"count": Count(), "paid": Sum("paid")},
            detail_keys=("repeats", "near", "exactly"),
            name="means",
            by_column=True,
        ),
    ]


def buyers_of(rows: nw.DataFrame[Any] | None) -> Buyers:
    """Counted customers of a state as models look at them, in an order of their own; also rows of
    `buying_history` with a `count` of 1."""
    if rows is None:
        return table(x=[], t=[], age=[], n=[], paid=[])
    names = {"x": "repeats", "t": "recency", "age": "age", "n": "count"}
    columns = {name: nw.col(theirs).cast(nw.Int64) for name, theirs in names.items()}
    if "paid" in rows.columns:
        columns["paid"] = nw.col("paid").cast(nw.Float64)
    return rows.with_columns(**columns).drop("repeats", "recency", "count").sort("x", "t", "age")


@dataclass(frozen=True)
class LearntBuying:
    """How buyers of a period come and go, or why that cannot be told.

    notes: what makes a prediction less sure.
    """

    refusal: Message | None = None
    buying: Buying | None = None
    log_likelihood: float = 0.0
    notes: Sequence[Message] = ()

    @property
    def reason(self) -> Message | None:
        """Why there is no value, or what to mind about it."""
        return self.refusal or (joined(self.notes) if self.notes else None)

    def components(self, alpha: float = 1) -> dict[str, Number | None]:
        """The parameters; `alpha` is what a week is shown as."""
        if self.buying is None:
            return {}
        r, weeks, a, b = self.buying.r, self.buying.alpha, self.buying.a, self.buying.b
        return {"r": r, "alpha": rounded(weeks * alpha), "a": a, "b": b}


def learn_buying(buyers: Buyers, definition: FromPurchases) -> LearntBuying:
    """What the buyers of a period say of how they come and go."""
    counts = zip(buyers["x"].to_list(), buyers["n"].to_list(), strict=True)
    returned = sum(n for x, n in counts if x)
    customers = sum(buyers["n"].to_list())
    if customers < FEWEST_CUSTOMERS:
        return LearntBuying(text("models.few_customers", count=customers, needed=FEWEST_CUSTOMERS))
    if returned < FEWEST_RETURNED:
        return LearntBuying(text("models.few_returned", count=returned, needed=FEWEST_RETURNED))
    fitted = fit_buying(buyers, definition.model, float(definition.prior))
    refused = _refused(fitted, definition)
    if fitted is None or refused:
        return LearntBuying(refused)
    notes = [text("models.nobody_seen_leaving")] if max(fitted.errors[2:]) > UNSURE else []
    likelihood = float(f"{fitted.buying.log_likelihood(buyers):.12g}")
    return LearntBuying(None, fitted.buying, likelihood, notes)


def _refused(
    fitted: FittedBuying | FittedSpending | None, definition: FromPurchases
) -> Message | None:
    """Why nothing can be said by what was fitted."""
    if fitted is None:
        return text("models.no_fit")
    wild = fitted.furthest > FURTHEST or max(fitted.errors, default=0) > LARGEST_ERROR
    return text("models.wild_fit") if wild and not definition.prior else None


@dataclass(frozen=True)
class Outlook:
    """What is expected of the buyers of a period.

    expected: by x and age, of a customer who is still there, the purchases in the horizon
        (bought), and the same discounted (counted).
    """

    learnt: LearntBuying
    spending: GammaGamma | EqualSpending | None = None
    expected: nw.DataFrame[Any] | None = None

    def of(self, buyers: Buyers) -> Buyers:
        """The buyers with what is expected of them: alive, purchases (of all alike), each (worth
        of one purchase) and future (money)."""
        assert self.learnt.buying is not None
        assert self.spending is not None
        assert self.expected is not None
        n, x, paid, alive = (nw.col(name) for name in ("n", "x", "paid", "alive"))
        found = buyers.join(self.expected, on=["x", "age"], how="left")
        found = found.with_columns(
            *self.learnt.buying.chances(), worth=self.spending.worth(n, x, paid)
        )
        return found.with_columns(
            purchases=alive * nw.col("bought") * n,
            future=alive * nw.col("counted") * nw.col("worth"),
        ).drop("bought", "counted")


def learn_value(
    buyers: Buyers, means: nw.DataFrame[Any] | None, as_of: date, definition: WithValue
) -> Outlook:
    """What the buyers of a period say of what they will bring after its last day."""
    learnt = learn_buying(buyers, definition)
    buying = learnt.buying
    if buying is None:
        return Outlook(learnt)
    worth = _worth(means)
    fitted = fit_spending(worth, float(definition.prior))
    refused = _refused(fitted, definition)
    if fitted is None or refused:
        return Outlook(LearntBuying(refused))
    related = correlation(worth)
    if related is not None and related > RELATED:
        note = text("models.purchases_related", correlation=f"{related:.2f}")
        learnt = replace(learnt, notes=[*learnt.notes, note])
    ahead = steps(as_of, definition.horizon, float(definition.discount))
    return Outlook(learnt, fitted.spending, _expected(buying, buyers, ahead))


def _worth(means: nw.DataFrame[Any] | None) -> nw.DataFrame[Any]:
    """How many came back by x and by what one repeat purchase was worth (z)."""
    if means is None:
        return table(x=[], z=[], n=[])
    x, n, paid = nw.col("repeats"), nw.col("count"), nw.col("paid").cast(nw.Float64)
    return means.select(x=x, z=paid / (x * n), n=n)


def _expected(buying: Buying, buyers: Buyers, ahead: Sequence[Step]) -> nw.DataFrame[Any]:
    weeks, factors = [step.days / WEEK for step in ahead], [step.factor for step in ahead]
    ages: dict[int, list[int]] = defaultdict(list)
    for x, age in buyers.select("x", "age").unique().sort("x", "age").rows():
        ages[x].append(age)
    found: list[tuple[float, ...]] = []
    for x, mine in ages.items():
        bought = buying.purchases_by_age(x, [age / WEEK for age in mine], weeks)
        for age, by_then in zip(mine, bought, strict=True):
            gained = map(sub, by_then, [0.0, *by_then])
            found.append((x, age, by_then[-1], fsum(map(mul, gained, factors))))
    names = ("x", "age", "bought", "counted")
    return table(**dict(zip(names, zip(*found, strict=True), strict=True)))
