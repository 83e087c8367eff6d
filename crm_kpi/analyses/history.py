"""History: everything that is known of one customer, in order of time.

    date     the day on which it happened
    what     signup, left; the kind of a transaction, or order; ticket, ticket solved;
             nps, csat or ces; subscription, subscription renewed, subscription ended;
             lead, lead converted; deal, deal won, deal lost (closed, where
             the file does not say which); interaction
    text     what the file says of it: ids, products, categories, people, a comment
    amount   of a transaction, a deal, or a subscription per interval

`crm-kpi history CUSTOMER` names the customer. All that happened up to as_of counts,
whatever the periods; what has a day and no time of day comes first on it. Without a
customer it is the history of all, each row with its customer_id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from itertools import repeat
from typing import Any

import narwhals.stable.v2 as nw
from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.errors import UsageError
from crm_kpi.frames.context import FrameContext
from crm_kpi.kpi import Definition, Needs
from crm_kpi.messages import text
from crm_kpi.tables import TABLES, Kind, day

ID = "customer_id"
ALIKE = 3
"""Characters at the beginning that ids have in common with one that was meant."""
SOME = 5000
"""So many of them are looked at."""


_Entry = tuple[date, datetime, int, str, str, str, Decimal, bool, Decimal | None]
"""A day, a moment, the event's place, a customer, text, what, and the amount: for the order,
whether there is none, and as it is."""


@dataclass(frozen=True)
class Event:
    """Something that a row of a table tells.

    what: how it is called; `kind` is a column that says it better, where it is filled.
    texts: the columns that tell more; those that the file has are shown.
    """

    table: str
    at: str
    what: str
    texts: tuple[str, ...] = ()
    amount: str | None = None
    kind: str | None = None


EVENTS = (
    Event("customers", "signup_date", "signup", ("segment", "channel", "owner")),
    Event("leads", "created_at", "lead", ("lead_id", "channel", "owner")),
    Event("leads", "converted_at", "lead converted", ("lead_id",)),
    Event("interactions", "occurred_at", "interaction", ("kind", "channel")),
    Event("opportunities", "created_at", "deal", ("opportunity_id", "product", "owner"), "amount"),
    Event("opportunities", "closed_at", "closed", ("opportunity_id", "stage"), "amount", "outcome"),
    Event(
        "transactions",
        "date",
        "order",
        ("transaction_id", "product", "category", "channel"),
        "amount",
        "kind",
    ),
    Event("subscriptions", "start_date", "subscription", ("subscription_id", "plan"), "amount"),
    Event("subscriptions", "renewed_at", "subscription renewed", ("subscription_id",)),
    Event("tickets", "created_at", "ticket", ("ticket_id", "category", "priority", "channel")),
    Event("tickets", "solved_at", "ticket solved", ("ticket_id", "agent")),
    Event("surveys", "answered_at", "answer", ("score", "comment", "agent"), None, "survey"),
    Event("subscriptions", "end_date", "subscription ended", ("subscription_id",)),
    Event("customers", "churn_date", "left"),
)
"""In the order in which they come at one moment."""
HELD = (
    *("transactions", "tickets", "surveys", "subscriptions"),
    *("customers", "opportunities", "leads", "interactions"),
)
"""The tables that tell of customers; a file without a name is the first of them."""


class History(Definition):
    customer: str | None = Field(None, description="whose history; default all customers")


def needs(definition: History, there: Collection[str]) -> Needs:
    """Whichever table there is; orders where there is none."""
    main = next((table for table in HELD if table in there), HELD[0])
    return {main: (ID, next(event.at for event in EVENTS if event.table == main))}


def optional(definition: History) -> Needs:
    return {
        table: [name for e in EVENTS if e.table == table for name in (*e.texts, e.kind) if name]
        for table in HELD
    }


def rows(scope: Scope, definition: History) -> list[Row]:
    context, customer = scope.context, definition.customer
    tables = [table for table in HELD if context.has(table, ID)]
    if customer is not None:
        _refuse_unknown(scope, tables, customer)
    told = [e for e in EVENTS if e.table in tables and context.has(e.table, e.at)]
    found: list[_Entry] = []
    for place, event in enumerate(told):
        columns = context.backend.fetch_columns(_told(context, event, customer))
        found += _entries(place, event, columns)
    found.sort()
    if customer is not None:
        return [
            {"date": on, "what": what, "text": words, "amount": amount}
            for on, _, _, _, words, what, _, _, amount in found
        ]
    return [
        {ID: whose, "date": on, "what": what, "text": words, "amount": amount}
        for on, _, _, whose, words, what, _, _, amount in found
    ]


def _told(context: FrameContext, event: Event, customer: str | None) -> nw.LazyFrame:
    """The rows of a table on which the event has happened."""
    timed = TABLES[event.table][event.at].kind is Kind.TIME
    on = nw.col(day(event.at) if timed else event.at)
    mine = ~nw.col(ID).is_null() & (on < context.timeline.first_unknown_day)
    if customer is not None:
        mine &= context.backend.as_text(ID) == customer
    shown = [name for name in (*event.texts, event.kind, event.amount) if name]
    lacking = [name for name in shown if not context.has(event.table, name)]
    moment = nw.col(event.at) if timed else nw.lit(None, nw.Datetime("us"))
    return (
        context.tables.filtered[event.table]
        .filter(mine)
        .with_columns(date=on, moment=moment, **{name: nw.lit(None, nw.String) for name in lacking})
        .select(ID, "date", "moment", *shown)
    )


def _entries(place: int, event: Event, columns: Mapping[str, Sequence[Any]]) -> Iterator[_Entry]:
    """What the rows of a table tell of the event that is the `place`th of one moment."""
    days = columns["date"]
    words = [columns[name] for name in event.texts]
    texts = (
        " · ".join([str(word) for word in some if word is not None])
        for some in (zip(*words, strict=True) if words else repeat((), len(days)))
    )
    kinds = columns[event.kind] if event.kind else repeat(None, len(days))
    amounts = columns[event.amount] if event.amount else repeat(None, len(days))
    each = zip(days, columns["moment"], columns[ID], texts, kinds, amounts, strict=True)
    for on, moment, whose, told, kind, amount in each:
        what = kind or event.what
        if event.kind == "outcome":
            what = f"deal {what}"
        by_amount = amount or Decimal(0), amount is None
        yield on, moment or datetime.min, place, whose, told, what, *by_amount, amount


def _refuse_unknown(scope: Scope, tables: Collection[str], customer: str) -> None:
    """
    Raises:
        UsageError: no table has a row of the customer.
    """
    context = scope.context
    name = context.backend.as_text(ID)
    ids = [
        context.tables.unfiltered[table].filter(~nw.col(ID).is_null()).select(id=name).unique()
        for table in tables
    ]
    mine = [frame.filter(nw.col("id") == customer) for frame in ids]
    if any(context.backend.fetch(mine)):
        return
    start = customer[:ALIKE].lower()
    alike = [f.filter(nw.col("id").str.to_lowercase().str.starts_with(start)) for f in ids]
    near = {
        row["id"] for some in context.backend.fetch([f.head(SOME) for f in alike]) for row in some
    }
    by_case = {one.lower(): one for one in sorted(near, reverse=True)}
    close = get_close_matches(customer.lower(), by_case, n=3)
    hint = text("analyses.customers_alike", ids=", ".join(by_case[one] for one in close))
    raise UsageError(
        text("analyses.no_such_customer", customer=customer, tables=", ".join(tables)),
        hint=hint if close else None,
    )


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=History,
    optional=optional,
    sources=("own definition: the rows of all tables that name the customer, by their dates",),
)
