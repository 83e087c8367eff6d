"""What all that are predicted from purchases share: the definition, and what buyers say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import fsum
from typing import Any, Literal

from pydantic import Field, field_validator

from crm_kpi.durations import Duration
from crm_kpi.frames import buying_history
from crm_kpi.kpi import Definition
from crm_kpi.messages import Message, joined, text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.models._horizon import near
from crm_kpi.prediction.buying import WEEK, Buying, BuyingModel, FittedBuying, fit_buying
from crm_kpi.prediction.horizon import Step, steps
from crm_kpi.prediction.spending import (
    EqualSpending,
    FittedSpending,
    GammaGamma,
    correlation,
    fit_spending,
)

FEWEST_CUSTOMERS, FEWEST_RETURNED = 100, 30
FURTHEST, LARGEST_ERROR = 6, 3
"""Without a prior, a logarithm that lies beyond is at no place that the customers have shown."""
UNSURE = 1.2
"""A chance to drop out whose logarithm has so large a standard error rests on the prior."""
RELATED = 0.3
"""The correlation of how often with how much from which on purchases are no matter of their own."""

Cell = tuple[int, int, int]
"""Repeat purchases, recency and age: what customers are alike in."""


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


def parts(definition: FromPurchases) -> Sequence[Aggregation]:
    """Details: `buyers` by what they are alike in, and `means` by their repeat purchases."""
    history = frame(buying_history.buying_history, free=definition.free)
    counted = {"n": Count()}
    return [
        Aggregation(
            history,
            {**counted, "paid": Sum("paid"), "historic": Sum("historic")},
            detail_keys=("repeats", "recency", "age"),
            name="buyers",
        ),
        Aggregation(history, counted, detail_keys=("repeats", "paid"), name="means"),
    ]


def cell(row: Mapping[str, Any]) -> Cell:
    return row["repeats"], row["recency"], row["age"]


@dataclass(frozen=True)
class LearntBuying:
    """How buyers of a period come and go, or why that cannot be told.

    notes: what makes a prediction less sure.
    """

    reason: Message | None = None
    buying: Buying | None = None
    log_likelihood: float = 0.0
    notes: Sequence[Message] = ()


def learn_buying(buyers: Sequence[Mapping[str, Any]], definition: FromPurchases) -> LearntBuying:
    """What the buyers of a period say of how they come and go."""
    counted: Counter[Cell] = Counter()
    for row in buyers:
        counted[cell(row)] += row["n"]
    customers, returned = counted.total(), sum(n for (x, _, _), n in counted.items() if x)
    if customers < FEWEST_CUSTOMERS:
        reason = text("models.few_customers", count=customers, needed=FEWEST_CUSTOMERS)
        return LearntBuying(reason)
    if returned < FEWEST_RETURNED:
        return LearntBuying(text("models.few_returned", count=returned, needed=FEWEST_RETURNED))
    fitted = fit_buying(counted, definition.model, float(definition.prior))
    refused = _refused(fitted, definition)
    if fitted is None or refused:
        return LearntBuying(refused)
    notes = [text("models.nobody_seen_leaving")] if max(fitted.errors[2:]) > UNSURE else []
    likelihood = fitted.buying.log_likelihood(counted)
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

    purchases, counted: of a customer of each kind, the purchases in the horizon, and the same
        discounted.
    """

    learnt: LearntBuying
    spending: GammaGamma | EqualSpending | None = None
    purchases: Mapping[Cell, float] = field(default_factory=dict)
    counted: Mapping[Cell, float] = field(default_factory=dict)

    @property
    def reason(self) -> Message | None:
        """Why there is no value, or what to mind about it."""
        return self.learnt.reason or (joined(self.learnt.notes) if self.learnt.notes else None)


def learn_value(
    buyers: Sequence[Mapping[str, Any]],
    means: Sequence[Mapping[str, Any]],
    as_of: date,
    definition: WithValue,
) -> Outlook:
    """What the buyers of a period say of what they will bring after its last day."""
    learnt = learn_buying(buyers, definition)
    buying = learnt.buying
    if buying is None:
        return Outlook(learnt)
    worth: Counter[tuple[int, float]] = Counter()
    for row in means:
        if row["repeats"]:
            worth[row["repeats"], float(row["paid"]) / row["repeats"]] += row["n"]
    fitted = fit_spending(worth, float(definition.prior))
    refused = _refused(fitted, definition)
    if fitted is None or refused:
        return Outlook(LearntBuying(refused))
    related = correlation(worth)
    if related is not None and related > RELATED:
        note = text("models.purchases_related", correlation=f"{related:.2f}")
        learnt = LearntBuying(None, buying, learnt.log_likelihood, [*learnt.notes, note])
    ahead = steps(as_of, definition.horizon, float(definition.discount))
    cells = sorted({cell(row) for row in buyers})
    expected = dict(_expected(buying, cells, ahead))
    purchases = {each: bought for each, (bought, _) in expected.items()}
    counted = {each: discounted for each, (_, discounted) in expected.items()}
    return Outlook(learnt, fitted.spending, purchases, counted)


def _expected(
    buying: Buying, cells: Sequence[Cell], ahead: Sequence[Step]
) -> Iterator[tuple[Cell, tuple[float, float]]]:
    """Purchases within the horizon, and discounted, of a customer of each kind."""
    weeks = [step.days / WEEK for step in ahead]
    by_age: dict[tuple[int, int], tuple[float, float]] = {}
    for x, recency, age in cells:
        if (x, age) not in by_age:
            bought = buying.purchases_while_alive(x, age / WEEK, weeks)
            gained = [later - sooner for sooner, later in pairwise([0.0, *bought])]
            counted = fsum(each * step.factor for each, step in zip(gained, ahead, strict=True))
            by_age[x, age] = bought[-1], counted
        alive = buying.alive(x, recency / WEEK, age / WEEK)
        bought_by_end, counted = by_age[x, age]
        yield (x, recency, age), (alive * bought_by_end, alive * counted)
