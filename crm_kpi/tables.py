"""The ten canonical input tables: their columns, and what each column holds.

Pure data. `sources` proves and casts by it, `config` checks `columns:` against
it, `metrics` name their needs with it, the docs are generated from it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ROW = "\0row"
"""The column with a record's number: in its file, later among all records of its table. No
header is called so."""

PLACE = "row:place"
"""The same for answers, for engines to which no name with a zero byte can be told."""

MONEY = (38, 4)
"""Digits of an amount, and how many of them stand behind the point."""

EPOCH = date(1970, 1, 1)
"""Programs write it where they have no date; what lies before it is often a mistake."""


class Kind(StrEnum):
    """What a column holds, and so how it is proved and cast.

    | kind   | typed as                                                        |
    |--------|-----------------------------------------------------------------|
    | id     | String, never a number: 007 is not 7                            |
    | text   | String                                                          |
    | date   | Date, in the reporting time zone                                |
    | time   | Datetime[us] in UTC without zone, and its local day, a Date, in |
    |        | a second column named `day(column)`                             |
    | money  | Decimal(38, 4)                                                  |
    | number | Float64                                                         |
    | score  | Int64                                                           |
    | count  | Int64, zero or more                                             |
    | flag   | Boolean                                                         |
    | choice | String, one of `choices`                                        |
    """

    ID = "id"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    MONEY = "money"
    NUMBER = "number"
    SCORE = "score"
    COUNT = "count"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One canonical table.

    `id`: the column that names a row (rows equal in every column are dropped,
    the same id with other content is a reject); None where equal rows are
    kept. `at`: the column whose date must not lie after `as_of`.
    `ordered`: pairs of columns of which the second may not come before the first.
    `instead`: a required column, and those of which one is enough in its place; it is made from
    that one when the rows are read.
    """

    name: str
    columns: tuple[Column, ...]
    at: str
    id: str | None = None
    ordered: tuple[tuple[str, str], ...] = ()
    instead: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __getitem__(self, column: str) -> Column:
        return next(c for c in self.columns if c.name == column)

    def __contains__(self, column: object) -> bool:
        return any(c.name == column for c in self.columns)

    @property
    def dated(self) -> str:
        """The column of the day that must not lie after `as_of`: `at`, or the day beside it."""
        return day(self.at) if self[self.at].kind is Kind.TIME else self.at

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.required)

    def in_place_of(self, column: str) -> tuple[str, ...]:
        """The columns from which a required one is made where a file lacks it."""
        return dict(self.instead).get(column, ())

    def lacking(self, has: Collection[str]) -> tuple[str, ...]:
        """The required columns that neither are there nor can be made."""
        return tuple(
            name
            for name in self.required
            if name not in has and not any(other in has for other in self.in_place_of(name))
        )


def day(column: str) -> str:
    """The name of the local day that stands beside a `time` column.

    Names are made with colons: to some engines a dot means a field within a column.
    """
    return f"{column}:day"


_DURATIONS = {"tickets": {"first_reply": "first_reply_at", "resolution": "solved_at"}}
"""What may stand in place of a moment: how long after the row's own it was."""


def duration(table: str, name: str) -> tuple[str, str] | None:
    """The moment and the unit of a duration, such as `first_reply_minutes`; None for others."""
    stem, _, unit = name.rpartition("_")
    moment = _DURATIONS.get(table, {}).get(stem)
    known = unit in ("seconds", "minutes", "hours", "days")
    return (moment, unit) if moment is not None and known else None


def rejected(table: str) -> str:
    """The name under which the rejected rows of a table stand beside it."""
    return f"{table}.rejected"


JOINED = "stay:joined"
"""The name of what says, where it stands, that a row of customers was put together of several,
which stand among the rejected ones as they are."""


def invalid(column: str) -> str:
    """The name of what says, beside a column of rejected rows, that its text was refused."""
    return f"{column}:invalid"


def _columns(
    required: dict[str, Kind | tuple[str, ...]], optional: dict[str, Kind | tuple[str, ...]]
) -> tuple[Column, ...]:
    def column(name: str, kind: Kind | tuple[str, ...], needed: bool) -> Column:
        if isinstance(kind, tuple):
            return Column(name, Kind.CHOICE, needed, kind)
        return Column(name, kind, needed)

    return tuple(
        column(name, kind, needed)
        for columns, needed in ((required, True), (optional, False))
        for name, kind in columns.items()
    )


_ID, _TEXT, _DATE, _TIME, _MONEY = Kind.ID, Kind.TEXT, Kind.DATE, Kind.TIME, Kind.MONEY
_NUMBER, _SCORE, _COUNT, _FLAG = Kind.NUMBER, Kind.SCORE, Kind.COUNT, Kind.FLAG

INTERVALS = ("day", "week", "month", "quarter", "year")
TRANSACTION_KINDS = ("sale", "refund", "upsell", "cross_sell", "renewal")
SURVEYS = ("nps", "csat", "ces")
OUTCOMES = ("won", "lost", "open")
COST_KINDS = ("acquisition", "retention", "service")

_ALL = (
    Table(
        "customers",
        _columns(
            {"customer_id": _ID, "signup_date": _DATE},
            {
                "churn_date": _DATE,
                "churned": _FLAG,
                "churn_reason": _TEXT,
                "name": _TEXT,
                "email": _TEXT,
                "phone": _TEXT,
                "segment": _TEXT,
                "channel": _TEXT,
                "region": _TEXT,
                "owner": _TEXT,
                "updated_at": _DATE,
                "acquisition_cost": _MONEY,
            },
        ),
        id="customer_id",
        at="signup_date",
        ordered=(("signup_date", "churn_date"),),
    ),
    Table(
        "transactions",
        _columns(
            {"date": _DATE, "amount": _MONEY},
            {
                "customer_id": _ID,
                "transaction_id": _ID,
                "status": _TEXT,
                "currency": _TEXT,
                "kind": TRANSACTION_KINDS,
                "category": _TEXT,
                "product": _TEXT,
                "channel": _TEXT,
                "owner": _TEXT,
            },
        ),
        at="date",
    ),
    Table(
        "subscriptions",
        _columns(
            {"customer_id": _ID, "start_date": _DATE, "amount": _MONEY},
            {
                "subscription_id": _ID,
                "status": _TEXT,
                "end_date": _DATE,
                "interval": INTERVALS,
                "interval_count": _COUNT,
                "quantity": _COUNT,
                "unit_amount": _MONEY,
                "mrr": _MONEY,
                "arr": _MONEY,
                "term_months": _COUNT,
                "canceled_at": _DATE,
                "currency": _TEXT,
                "plan": _TEXT,
                "trial_end": _DATE,
                "due_date": _DATE,
                "renewed_at": _DATE,
            },
        ),
        id="subscription_id",
        at="start_date",
        ordered=(("start_date", "end_date"),),
        instead=(("amount", ("unit_amount", "mrr", "arr")),),
    ),
    Table(
        "surveys",
        _columns(
            {"score": _SCORE, "answered_at": _TIME},
            {
                "survey": SURVEYS,
                "response_id": _ID,
                "customer_id": _ID,
                "sent_at": _TIME,
                "agent": _TEXT,
                "channel": _TEXT,
                "comment": _TEXT,
            },
        ),
        id="response_id",
        at="answered_at",
        ordered=(("sent_at", "answered_at"),),
    ),
    Table(
        "tickets",
        _columns(
            {"ticket_id": _ID, "created_at": _TIME},
            {
                "first_reply_at": _TIME,
                "first_solved_at": _TIME,
                "solved_at": _TIME,
                "agent_replies": _COUNT,
                "reopens": _COUNT,
                "status": _TEXT,
                "customer_id": _ID,
                "agent": _TEXT,
                "category": _TEXT,
                "priority": _TEXT,
                "channel": _TEXT,
            },
        ),
        id="ticket_id",
        at="created_at",
        ordered=(
            ("created_at", "first_reply_at"),
            ("created_at", "first_solved_at"),
            ("created_at", "solved_at"),
            ("first_solved_at", "solved_at"),
        ),
    ),
    Table(
        "leads",
        _columns(
            {"lead_id": _ID, "created_at": _TIME},
            {
                "converted_at": _TIME,
                "converted": _FLAG,
                "customer_id": _ID,
                "channel": _TEXT,
                "owner": _TEXT,
                "status": _TEXT,
            },
        ),
        id="lead_id",
        at="created_at",
        ordered=(("created_at", "converted_at"),),
    ),
    Table(
        "opportunities",
        _columns(
            {"opportunity_id": _ID, "created_at": _TIME},
            {
                "closed_at": _TIME,
                "stage": _TEXT,
                "outcome": OUTCOMES,
                "amount": _MONEY,
                "currency": _TEXT,
                "probability": _NUMBER,
                "expected_close": _DATE,
                "owner": _TEXT,
                "channel": _TEXT,
                "customer_id": _ID,
                "product": _TEXT,
                "status": _TEXT,
            },
        ),
        id="opportunity_id",
        at="created_at",
        ordered=(("created_at", "closed_at"),),
    ),
    Table(
        "stage_changes",
        _columns({"opportunity_id": _ID, "stage": _TEXT, "entered_at": _TIME}, {}),
        at="entered_at",
    ),
    Table(
        "interactions",
        _columns(
            {"occurred_at": _TIME},
            {"customer_id": _ID, "lead_id": _ID, "channel": _TEXT, "kind": _TEXT},
        ),
        at="occurred_at",
    ),
    Table(
        "costs",
        _columns({"date": _DATE, "amount": _MONEY}, {"kind": COST_KINDS, "currency": _TEXT}),
        at="date",
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
