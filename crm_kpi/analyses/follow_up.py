"""Follow-up: customers nobody has been in touch with since they bought.

    purchased          the day of the last order, or with `purchase: first` of the
                       first one
    days               from then to as_of
    last_interaction   the day of the latest interaction, which is not after the
                       purchase; null where there was none
    name, email        as the customers table has them, of its latest row of the
                       customer; null without one

Listed are those whose purchase is at least `after` old (7 days), and at most
`within` where that is set, and who have no interaction on a later day. All
purchases up to as_of count, whatever the periods; the latest come first.

Without a table of interactions nobody is known to have been in touch: then
`within` is required, as else every customer there ever was would be listed.

As a rule: `thresholds: {follow_up: {target: 0}}` tolerates no such customer,
and `crm-kpi check` fails when there is one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import narwhals.stable.v2 as nw
from pydantic import Field, field_validator, model_validator

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.durations import Duration
from crm_kpi.frames.orders import orders
from crm_kpi.frames.timeline import ordinal
from crm_kpi.kpi import Needs
from crm_kpi.messages import should_be, text
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.periods import DAY
from crm_kpi.tables import day

CONTACTS = "interactions"
KNOWN_AS = ("name", "email")
"""By what of the customers table somebody can be written to."""


class FollowUp(Ordering):
    purchase: Literal["first", "last"] = Field(
        "last", description="which purchase is to be followed up"
    )
    after: Duration = Field(
        Duration(days=7), description="how old the purchase is when somebody is due: 7d, 2 weeks"
    )
    within: Duration | None = Field(
        None,
        description="older purchases are given up: 30d; default never; required without "
        "interactions",
    )

    @field_validator("after", "within")
    @classmethod
    def _in_days(cls, length: Duration | None) -> Duration | None:
        if length is not None and length.days is None:
            raise ValueError(should_be(text("analyses.days_or_weeks")))
        return length

    @model_validator(mode="after")
    def _within_is_later(self) -> FollowUp:
        if self.within and (self.within.days or 0) < (self.after.days or 0):
            raise ValueError(text("analyses.within_shorter_than_after"))
        return self


def needs(definition: FollowUp, tables: Collection[str]) -> Needs:
    """Contacts may be unknown only where purchases are given up in time."""
    purchases: Needs = {"transactions": ("customer_id", "date", "amount")}
    if definition.within is not None and CONTACTS not in tables:
        return purchases
    return {**purchases, CONTACTS: ("occurred_at", "customer_id")}


def rows(scope: Scope, definition: FollowUp) -> list[Row]:
    context = scope.context
    as_of = context.timeline.first_unknown_day - DAY
    known = ~nw.col("customer_id").is_null()
    bought = context.frame(orders, order=definition.rule).filter(known)
    purchased = nw.col("day").min() if definition.purchase == "first" else nw.col("day").max()
    purchases = bought.group_by("customer_id").agg(purchased=purchased)
    days, last = nw.col("days"), nw.col("last_interaction")
    due = (
        _with_last_interaction(scope, purchases)
        .with_columns(days=as_of.toordinal() - ordinal(nw.col("purchased")))
        .filter(days >= definition.after.days, last.is_null() | (last <= nw.col("purchased")))
    )
    if definition.within is not None:
        due = due.filter(days <= definition.within.days)
    due = due.select("customer_id", "purchased", "days", "last_interaction")
    known_as = _known_as(scope, due.select("customer_id"))
    found = [
        row | known_as.get(row["customer_id"], dict.fromkeys(KNOWN_AS)) for row in scope.rows(due)
    ]
    return sorted(found, key=lambda row: (row["days"], row["customer_id"]))


def _with_last_interaction(scope: Scope, purchases: nw.LazyFrame) -> nw.LazyFrame:
    if not scope.context.has(CONTACTS, "customer_id"):
        scope.mind(text("analyses.no_interactions"))
        return purchases.with_columns(last_interaction=nw.lit(None, nw.Date))
    # Whoever was in touch counts, also where --where leaves the contact out.
    contacts = scope.context.tables.unfiltered[CONTACTS].filter(~nw.col("customer_id").is_null())
    last = nw.col(day("occurred_at")).max()
    latest = contacts.group_by("customer_id").agg(last_interaction=last)
    return purchases.join(latest, on="customer_id", how="left")


def _known_as(scope: Scope, due: nw.LazyFrame) -> dict[str, Row]:
    """Name and e-mail of these customers; of several rows of one the latest counts."""
    context = scope.context
    if not context.has("customers", "customer_id"):
        return {}
    of_due = context.tables.unfiltered["customers"].join(due, on="customer_id", how="inner")
    columns = {
        c: nw.col(c) if context.has("customers", c) else nw.lit(None, nw.String) for c in KNOWN_AS
    }
    rows = scope.rows(of_due.select("customer_id", "signup_date", **columns))
    rows.sort(key=lambda row: (str(row["signup_date"]), *(row[c] or "" for c in KNOWN_AS)))
    return {row["customer_id"]: {name: row[name] for name in KNOWN_AS} for row in rows}


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=FollowUp,
    optional=always(customers=("customer_id", "signup_date", *KNOWN_AS)),
    higher_is_better=False,
    sources=(
        "own definition: no source sets the days; a list that a seller can work through names "
        "the purchase, its age and the last contact",
    ),
)
