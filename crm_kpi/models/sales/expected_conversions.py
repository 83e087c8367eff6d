"""Expected conversions: how many of the open leads will become customers within 90 days.

    sum over the leads open at the period's end of 1 - S(age + horizon) / S(age)

    age     days since a lead was created
    S       the share of leads that is still open at an age: the product over all ages up to it
            of 1 - conversions at that age / leads seen at it

It is learnt from the last `history` days of a period, and from nothing later: a lead counts at the
ages that it had in these days. What converted earlier is left out, and so are leads of which the
file says that they converted and not when (`undated`). Nobody is taken to convert at an age at
which no lead was seen.

    conversions        those in the history, of which at least 30 are needed
    expected_revenue   x what customers by then bought on their first day, on average; null without
                       transactions

The interval takes leads as independent. Each period is learnt from anew; with --by all are learnt
from together, and segments add up. Where it has just changed how leads are worked on, the last
days know that late: what is expected lags behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, sqrt

from pydantic import Field, field_validator

from crm_kpi.durations import Duration
from crm_kpi.frames import leads
from crm_kpi.frames.leads import CONVERTED, OPEN, UNDATED
from crm_kpi.kpi import Definition
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._intervals import Z
from crm_kpi.metrics._spec import AggregateState, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.models._horizon import LONGEST_DAYS, near
from crm_kpi.models._spec import Model
from crm_kpi.periods import DAY
from crm_kpi.prediction.horizon import steps
from crm_kpi.prediction.life_table import LifeTable, Seen
from crm_kpi.results import Number, Unit

FEWEST = 30


class ExpectedConversions(Definition):
    horizon: Duration = Field(
        Duration(days=90), description="how far is looked ahead, in days, weeks or months"
    )
    history: Duration = Field(
        Duration(days=90), description="how far back is learnt from, in days or weeks such as 90d"
    )

    @field_validator("horizon")
    @classmethod
    def _is_near(cls, horizon: Duration) -> Duration:
        return near(horizon, "90d")

    @field_validator("history")
    @classmethod
    def _in_days(cls, history: Duration) -> Duration:
        if not 0 < (history.days or 0) <= LONGEST_DAYS:
            raise ValueError(should_be(text("metrics.number_of_days", example="90d")))
        return history


@dataclass(frozen=True)
class Course:
    """How leads of a period went, None where too few converted to tell; how many did; what a first
    purchase was worth."""

    table: LifeTable | None
    conversions: int
    first_purchase: float | None


def parts(definition: ExpectedConversions) -> Sequence[Aggregation]:
    ages = frame(leads.lead_ages, history=definition.history.days or 0)
    keys = ("outcome", "entered", "age", "first_value", "first_buyers")
    return [Aggregation(ages, {"leads": Sum("leads")}, detail_keys=keys, name="ages")]


def fit(state: AggregateState, definition: ExpectedConversions) -> Course:
    rows = state.rows("ages")
    dated = [row for row in rows if row["outcome"] != UNDATED]
    seen = [
        Seen(row["entered"], row["age"], row["outcome"] == CONVERTED, row["leads"]) for row in dated
    ]
    conversions = sum(some.count for some in seen if some.turned)
    buyers = rows[0]["first_buyers"] if rows else None
    first_purchase = ratio(rows[0]["first_value"], buyers) if buyers else None
    table = LifeTable.of(seen) if conversions >= FEWEST else None
    return Course(table, conversions, first_purchase)


def predict(course: Course, state: AggregateState, definition: ExpectedConversions) -> MetricValue:
    rows = state.rows("ages")
    waiting = [(row["leads"], row["age"]) for row in rows if row["outcome"] == OPEN]
    n = sum(count for count, _ in waiting)
    components: dict[str, Number | None] = {
        "conversions": sum(row["leads"] for row in rows if row["outcome"] == CONVERTED),
        "undated": sum(row["leads"] for row in rows if row["outcome"] == UNDATED),
    }
    if course.table is None:
        reason = text(
            "models.few_conversions",
            count=course.conversions,
            days=definition.history.days,
            needed=FEWEST,
        )
        components["expected_revenue"] = None
        return MetricValue(None, n, components, reason=reason)
    days = _days_ahead(state.period.until, definition.horizon)
    chances = [(count, course.table.chance(age, days)) for count, age in waiting]
    value = fsum(count * chance for count, chance in chances)
    half = Z * sqrt(fsum(count * chance * (1 - chance) for count, chance in chances))
    worth = course.first_purchase
    components["expected_revenue"] = None if worth is None else value * worth
    return MetricValue(
        value, n, components, low=max(0.0, value - half), high=min(float(n), value + half)
    )


def _days_ahead(until: date, horizon: Duration) -> int:
    return steps(until - DAY, horizon, 0)[-1].days


MODEL = Model(
    unit=Unit.COUNT,
    higher_is_better=True,
    formula="sum over open leads of the chance to convert within the horizon, by their age",
    definition=ExpectedConversions,
    needs=lambda definition: {"leads": ("created_at", "converted_at")},
    optional={"transactions": ("transaction_id",)},
    parts=parts,
    fit=fit,
    predict=predict,
    example="5 leads 2 days old; S(2) = 1 and S(7) = 0.7: 5 x (1 - 0.7 / 1) = 1.5",
    sources=(
        "Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 1958",
        "Klein and Moeschberger, Survival Analysis, 2003 (entry at an age)",
        "own definition: the last days alone, so that what has changed in the work on leads is "
        "learnt within them",
    ),
)
