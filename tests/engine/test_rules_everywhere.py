"""Every rule of rows fires alike: through the loader, out of core, and in place on each engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from crm_kpi import sources, tempfiles
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.config import load_config
from crm_kpi.engine.backends.registry import open_backend
from crm_kpi.engine.scan_in_place import scan
from crm_kpi.results import SourceAudit
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.sources.checks import rules
from crm_kpi.sources.checks.rules import Rule
from crm_kpi.sources.loading import out_of_core
from crm_kpi.sources.reasons import Reason
from crm_kpi.tables import TABLES, Kind, Table, day
from tests.engine.cluster import NEEDED, Cluster
from tests.support import TYPES

Cells = Mapping[str, Any]
Judged = tuple[SourceAudit, Counter[tuple[Any, ...]]]
"""The account of a table, and its rows that are used."""
Way = Callable[["Rows"], Judged]

AS_OF, LATER = date(2024, 3, 1), date(2024, 4, 1)
EARLY, LATE = datetime(2024, 1, 9, 8), datetime(2024, 2, 9, 8)
IN_ZONES = pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
PROBABILITY = "probability"
"""Written as 0.5 or as 50: who reads rows may keep it as it is, and no file that has it is read
out of core."""

SOUND: dict[str, dict[str, Any]] = {
    "customers": {
        "customer_id": "C", "signup_date": date(2024, 1, 10), "churn_date": date(2024, 2, 10),
        "churned": True, "acquisition_cost": 5,
    },
    "transactions": {
        "customer_id": "C", "date": date(2024, 1, 10), "amount": 5, "transaction_id": "T",
        "currency": "USD", "kind": "sale",
    },
    "subscriptions": {
        "customer_id": "C", "start_date": date(2024, 1, 10), "amount": 5, "interval": "month",
        "subscription_id": "S", "end_date": date(2024, 2, 10), "interval_count": 1,
        "currency": "USD",
    },
    "surveys": {
        "score": 4, "answered_at": datetime(2024, 1, 10, 12), "survey": "csat", "customer_id": "C",
        "response_id": "R", "sent_at": datetime(2024, 1, 10, 9),
    },
    "tickets": {
        "ticket_id": "T", "created_at": datetime(2024, 1, 10, 9), "customer_id": "C",
        "first_reply_at": datetime(2024, 1, 10, 10), "first_solved_at": datetime(2024, 1, 10, 11),
        "solved_at": datetime(2024, 1, 10, 12), "agent_replies": 1, "reopens": 0,
    },
    "leads": {
        "lead_id": "L", "created_at": datetime(2024, 1, 10, 9), "converted": True,
        "converted_at": datetime(2024, 1, 10, 12), "customer_id": "C",
    },
    "opportunities": {
        "opportunity_id": "O", "created_at": datetime(2024, 1, 10, 9), "outcome": "won",
        "closed_at": datetime(2024, 1, 20, 9), "amount": 5, "currency": "USD", "customer_id": "C",
        PROBABILITY: 0.5, "expected_close": date(2024, 1, 20),
    },
    "stage_changes": {
        "opportunity_id": "O", "stage": "offer", "entered_at": datetime(2024, 1, 10, 9),
    },
    "interactions": {"occurred_at": datetime(2024, 1, 10, 9), "customer_id": "C", "lead_id": "L"},
    "costs": {"date": date(2024, 1, 10), "amount": 5, "kind": "service", "currency": "USD"},
}  # fmt: skip
"""A row of each table that breaks no rule."""

BEFORE_1900 = {Kind.DATE: date(1899, 12, 30), Kind.TIME: datetime(1899, 12, 30, 9)}

BROKEN: list[tuple[str, Reason, str, Cells]] = [
    *(
        (table.name, Reason.BLANK, name, {name: None})
        for table in TABLES.values()
        for name in table.required
        if (table.name, name) not in rules.MAY_BE_BLANK
    ),
    *(
        (table, Reason.BLANK_CURRENCY, "currency", {"currency": None})
        for table in ("transactions", "subscriptions", "opportunities", "costs")
    ),
    *(
        (table, Reason.UNKNOWN_WORD, name, {name: "other"})
        for table, name in (
            ("transactions", "kind"), ("subscriptions", "interval"), ("surveys", "survey"),
            ("opportunities", "outcome"), ("costs", "kind"),
        )
    ),
    *(
        (table, Reason.NEGATIVE, name, {name: -1})
        for table, name in (
            ("subscriptions", "interval_count"),
            ("tickets", "agent_replies"), ("tickets", "reopens"),
        )
    ),
    *(
        (table.name, Reason.OUTSIDE_CALENDAR, name, {name: BEFORE_1900[table[name].kind]})
        for table in TABLES.values()
        for name in SOUND[table.name]
        if table[name].kind in BEFORE_1900
    ),
    ("subscriptions", Reason.BLANK, "interval", {"interval": None}),
    ("opportunities", Reason.NOT_A_NUMBER, PROBABILITY, {PROBABILITY: float("nan")}),
    ("opportunities", Reason.NOT_A_NUMBER, PROBABILITY, {PROBABILITY: float("inf")}),
    ("opportunities", Reason.NOT_A_NUMBER, PROBABILITY, {PROBABILITY: float("-inf")}),
    ("opportunities", Reason.PROBABILITY_OUT_OF_RANGE, PROBABILITY, {PROBABILITY: -0.5}),
    ("customers", Reason.END_BEFORE_START, "churn_date", {"churn_date": EARLY.date()}),
    ("subscriptions", Reason.END_BEFORE_START, "end_date", {"end_date": EARLY.date()}),
    ("surveys", Reason.END_BEFORE_START, "answered_at", {"answered_at": EARLY}),
    ("tickets", Reason.END_BEFORE_START, "first_reply_at", {"first_reply_at": EARLY}),
    ("tickets", Reason.END_BEFORE_START, "first_solved_at", {"first_solved_at": EARLY}),
    ("tickets", Reason.END_BEFORE_START, "solved_at", {"solved_at": EARLY}),
    ("tickets", Reason.END_BEFORE_START, "solved_at", {"first_solved_at": LATE}),
    ("leads", Reason.END_BEFORE_START, "converted_at", {"converted_at": EARLY}),
    ("opportunities", Reason.END_BEFORE_START, "closed_at", {"closed_at": EARLY}),
    # Closed on the day, before it was created, and not at midnight.
    ("opportunities", Reason.END_BEFORE_START, "closed_at",
     {"closed_at": datetime(2024, 1, 10, 8, 59, 59)}),
    ("opportunities", Reason.NO_CLOSING_DATE, "closed_at", {"closed_at": None}),
    ("opportunities", Reason.NO_CLOSING_DATE, "closed_at", {"closed_at": None, "outcome": "lost"}),
    ("subscriptions", Reason.NEGATIVE_AMOUNT, "amount", {"amount": -5}),
    ("surveys", Reason.SCORE_OUT_OF_RANGE, "score", {"score": 0}),
    ("surveys", Reason.SCORE_OUT_OF_RANGE, "score", {"score": 6}),
    ("surveys", Reason.SCORE_OUT_OF_RANGE, "score", {"score": 8, "survey": "ces"}),
    ("surveys", Reason.SCORE_OUT_OF_RANGE, "score", {"score": 11, "survey": "nps"}),
]  # fmt: skip
"""Rows that are rejected: the table, why and for which column, and what they have of their own."""

LAWFUL: list[tuple[str, Cells]] = [
    *((table.name, {table.at: LATER if table.at == table.dated else datetime(2024, 4, 1, 9)})
      for table in TABLES.values()),
    ("customers", {"churn_date": None}),
    ("customers", {"churn_date": None, "churned": None}),
    ("customers", {"churn_date": None, "churned": False}),
    ("customers", {"churn_date": date(2024, 1, 10)}),
    ("transactions", {"customer_id": "'0049"}),
    ("transactions", {"customer_id": "'Neil"}),
    ("transactions", {"customer_id": "'"}),
    ("transactions", {"kind": "refund"}),
    ("transactions", {"kind": "refund", "amount": -5}),
    ("transactions", {"kind": "Trả hàng"}),
    ("subscriptions", {"interval": " Monthly"}),
    ("opportunities", {"outcome": "WON"}),
    ("transactions", {"kind": None, "customer_id": None}),
    ("subscriptions", {"amount": 0, "end_date": None}),
    ("surveys", {"answered_at": None, "score": None}),
    ("surveys", {"score": None}),
    ("surveys", {"score": 11, "survey": None}),
    ("surveys", {"score": 0, "survey": "nps", "sent_at": None}),
    ("tickets", {"first_reply_at": None, "first_solved_at": None, "solved_at": None}),
    ("leads", {"converted_at": None}),
    ("opportunities", {"closed_at": datetime(2024, 1, 10)}),
    ("opportunities", {"closed_at": None, "outcome": "open", PROBABILITY: None}),
    ("opportunities", {"closed_at": None, "outcome": None, "created_at": None}),
    ("costs", {"amount": -5, "kind": None}),
]  # fmt: skip
"""Rows that no rule says anything of: some are dated after `as_of`, some are corrected."""


class Rows:
    """All rows of a table on the clock of one zone, as files."""

    def __init__(self, table: Table, zone: str, folder: Path) -> None:
        self.table, self.zone = table, zone
        self.options = ReadOptions(
            AS_OF,
            timezone=zone,
            rejected_rows=Decimal(1),
            texts={"stage_changes": frozenset({"stage"})},
        )
        mine: list[Cells] = [cells for name, _, _, cells in BROKEN if name == table.name]
        mine += [{}, *(cells for name, cells in LAWFUL if name == table.name)]
        self.rows = [self._row(number, cells) for number, cells in enumerate(mine)]
        self.parquet, self.csv = (str(folder / f"{table.name}.{end}") for end in ("parquet", "csv"))
        frame = pl.DataFrame(self.rows, {name: TYPES[table[name].kind] for name in self.columns})
        times = [name for name in self.columns if table[name].kind is Kind.TIME]
        local = pl.col(times).dt.replace_time_zone(zone).dt.convert_time_zone("UTC")
        frame.with_columns(local).write_parquet(self.parquet)
        frame.drop(PROBABILITY, strict=False).write_csv(self.csv)

    def _row(self, number: int, cells: Cells) -> dict[str, Any]:
        own = {self.table.id: f"{number}"} if self.table.id else {}
        return SOUND[self.table.name] | own | dict(cells)

    @property
    def columns(self) -> list[str]:
        return list(SOUND[self.table.name])

    @property
    def compared(self) -> list[str]:
        """The columns by which rows are told from each other."""
        days = [day(name) for name in self.columns if self.table[name].kind is Kind.TIME]
        return [name for name in (*self.columns, *days) if name != PROBABILITY]

    def expected(self, *, but: str = "") -> Counter[str]:
        mine = [(r, column) for name, r, column, _ in BROKEN if name == self.table.name]
        return Counter(reason.value for reason, column in mine if column != but)


def of_frame(frame: pl.DataFrame, rows: Rows) -> Counter[tuple[Any, ...]]:
    return Counter(frame.select(rows.compared).iter_rows())


def by_the_loader(rows: Rows) -> Judged:
    spec = SourceSpec(rows.table.name, (rows.parquet,), end="exclusive")
    found = sources.load(rows.table, [spec], rows.options)
    return found.audit, of_frame(found.frame, rows)


def in_parts(rows: Rows) -> Judged:
    spec = SourceSpec(
        rows.table.name, (rows.csv,), dates="%Y-%m-%d", numbers="1234.56", end="exclusive"
    )
    with tempfiles.folder() as folder:
        loaded = out_of_core.load_all({rows.table.name: (spec,)}, rows.options, folder, 1 << 30)
        found = loaded[rows.table.name]
        frame = found.frame.scan().collect()  # type: ignore[attr-defined]
    return found.audit, of_frame(frame, rows)


def in_place_of(engine: str) -> Way:
    def judge(rows: Rows) -> Judged:
        name = rows.table.name
        configured = load_config(None, [f"engine={engine}"], env={}).engine
        with open_backend(configured) as backend:
            found = scan(backend, name, [SourceSpec(name, (rows.parquet,))], rows.options)
            (used,) = backend.fetch([found.rows.select(rows.compared)])
        return found.audit, Counter(tuple(row[name] for name in rows.compared) for row in used)

    return judge


@pytest.mark.parametrize("name", TABLES)
def test_each_rule_rejects_a_row(name: str, tmp_path: Path) -> None:
    """A rule without a row in `BROKEN` that breaks it first has no test, and fails here."""
    rows = Rows(TABLES[name], "UTC", tmp_path)
    table = rows.table
    declared = [rule for column in rows.columns for rule in rules.of_values(table[column])]
    declared += rules.of_table(table, rows.columns, rows.options.scales)
    types = {column: TYPES[table[column].kind] for column in rows.columns}
    frame = nw.from_native(pl.DataFrame(rows.rows, types))
    masks = frame.select(expression(rule.broken).alias(f"{n}") for n, rule in enumerate(declared))
    first: list[Rule | None] = [
        next((rule for rule, broken in zip(declared, row, strict=True) if broken), None)
        for row in masks.iter_rows()
    ]
    mine = [(reason, column) for table_, reason, column, _ in BROKEN if table_ == name]
    assert [(rule.reason, rule.column) for rule in first[: len(mine)] if rule] == mine
    assert set(declared) <= set(first)


@pytest.mark.parametrize("name", TABLES)
@IN_ZONES
def test_the_loader(name: str, zone: str, tmp_path: Path) -> None:
    rows = Rows(TABLES[name], zone, tmp_path)
    audit, used = by_the_loader(rows)
    assert audit.reasons == rows.expected()
    assert audit.future == 1
    assert audit.used == used.total() == len(rows.rows) - audit.rejected - 1


# Customers are always read as a whole.
@pytest.mark.parametrize("name", [name for name in TABLES if name != "customers"])
@IN_ZONES
def test_out_of_core(name: str, zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    monkeypatch.setattr(out_of_core, "ROWS", 3)
    rows = Rows(TABLES[name], zone, tmp_path)
    audit, used = in_parts(rows)
    assert audit.reasons == rows.expected(but=PROBABILITY)
    agrees(rows, (audit, used), unread=sum(rows.expected().values()) - audit.rejected)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("name", TABLES)
@IN_ZONES
def test_in_place(name: str, engine: str, zone: str, tmp_path: Path) -> None:
    rows = Rows(TABLES[name], zone, tmp_path)
    judged = in_place_of(engine)(rows)
    assert judged[0].reasons == rows.expected()
    agrees(rows, judged)


def agrees(rows: Rows, judged: Judged, *, unread: int = 0) -> None:
    """The same rows are used, with the same values, as the loader uses of Parquet. `unread` rows
    break nothing where the column is not read that is wrong in them."""
    audit, used = judged
    others, expected = by_the_loader(rows)
    assert audit.future == others.future
    assert audit.used == used.total() == others.used + unread
    assert not expected - used
    assert (used - expected).total() == unread


class TestSpark:
    pytestmark = NEEDED

    def test_in_place(self, spark: Cluster, tmp_path: Path) -> None:
        for name in TABLES:
            rows = Rows(TABLES[name], "America/New_York", tmp_path)
            judged = in_place_of(f"{{name: spark, remote: {spark.remote}}}")(rows)
            assert judged[0].reasons == rows.expected(), name
            agrees(rows, judged)
