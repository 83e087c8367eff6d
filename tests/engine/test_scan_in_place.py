"""Parquet that the engine reads where it lies gives what the loader gives, or a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from crm_kpi import catalogue
from crm_kpi.config import load_config
from crm_kpi.engine import scan_columns
from crm_kpi.engine.run import KpiQuery, compute, everything
from crm_kpi.engine.scan_columns import offsets
from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.results import Report
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import TABLES, Kind, day
from tests.engine.company import Company, company, text, variants
from tests.support import typed

ENGINES = ("polars", "duckdb")
SALES: dict[str, Any] = {
    "customer_id": ["a", "b", " a ", ""],
    "date": [date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 4)],
    "amount": [Decimal("1.5"), Decimal(2), Decimal(3), Decimal(4)],
    "kind": ["sale", "refund", None, "sale"],
}


def lake(company: Company, folder: Path) -> dict[str, tuple[SourceSpec]]:
    """The company's tables as folders of two files each."""
    specs = {}
    for table, rows in company.tables.items():
        frame = typed(table, rows, company.timezone, date.max).frame
        times = [c.name for c in TABLES[table].columns if c.kind is Kind.TIME]
        times = [name for name in times if name in frame.columns]
        frame = frame.drop(map(day, times)).with_columns(pl.col(times).dt.replace_time_zone("UTC"))
        (folder / table).mkdir()
        for part in range(2):
            frame.gather_every(2, part).write_parquet(folder / table / f"{part}.parquet")
        end = "exclusive" if table == "subscriptions" else None  # chance tells nothing of ends
        specs[table] = (SourceSpec(table, (str(folder / table),), end=end),)
    return specs


@pytest.mark.parametrize("engine", ENGINES)
def test_it_is_what_the_loader_reads(engine: str, tmp_path: Path) -> None:
    nasty = company(1)
    specs = lake(nasty, tmp_path)
    words = [f"as_of={nasty.as_of}", f"timezone={nasty.timezone}", "limits.rejected_rows=50%"]
    words += ["periods.every=quarter"]
    words += [f"definitions.{name}={text}" for name, text in variants().items()]
    places = ", ".join(table for table in specs if table != "customers")  # who may come back
    loader, in_place = (
        load_config(None, [*words, f"engine={how}"], env={})
        for how in ("polars", f"{{name: {engine}, in_place: [{places}]}}")
    )
    names = [
        name
        for name in everything(loader)
        if name not in catalogue.ids() or catalogue.entries()[name].domain != "quality"
    ]
    question = KpiQuery([*names, "funnel", "rfm"], ("segment",))
    before, after = (compute(config, question, specs) for config in (loader, in_place))
    assert len(before.results) > 3000
    assert text(before) == text(after)
    for table, audit in before.sources.items():
        other = after.sources[table]
        for count in ("rows", "used", "rejected", "future", "unknown_customers", "reasons"):
            assert getattr(audit, count) == getattr(other, count), (table, count)


def ask(
    engine: str,
    path: Path,
    columns: Mapping[str, Any],
    *metrics: str,
    spec: Mapping[str, Any] | None = None,
    table: str = "transactions",
    words: tuple[str, ...] = (),
) -> Report:
    file = path / "it's" / "part.parquet"
    file.parent.mkdir(exist_ok=True)
    pl.DataFrame(dict(columns)).write_parquet(file)
    how = f"engine={{name: {engine}, in_place: [{table}]}}"
    set_ = ["as_of=2024-01-03", "limits.rejected_rows=50%", how, *words]
    config = load_config(None, set_, env={})
    block = replace(SourceSpec(table, (str(path),)), **(spec or {}))
    return compute(config, KpiQuery(metrics, must=metrics), {table: (block,)})


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_are_judged(engine: str, tmp_path: Path) -> None:
    words = {"kind": ["sale", "refund", "gift", "sale"]}
    audit = ask(engine, tmp_path, SALES | words, "revenue").sources["transactions"]
    assert (audit.rows, audit.used, audit.rejected, audit.future) == (4, 2, 1, 1)
    assert audit.reasons == {"unknown word": 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_are_bare_and_refunds_negative(engine: str, tmp_path: Path) -> None:
    found = ask(
        engine, tmp_path, SALES, "revenue", "purchase_frequency", words=("as_of=2024-12-31",)
    )
    january = {r.metric: r for r in found.results if r.period == "2024-01"}
    assert january["revenue"].value == Decimal("6.5")
    assert january["purchase_frequency"].n == 1
    assert january["purchase_frequency"].value == 2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
def test_a_deal_closed_on_the_day_it_was_created(zone: str, engine: str, tmp_path: Path) -> None:
    """A CRM that keeps the day of closing alone has it closed at midnight, before it came."""
    day_, local = datetime(2024, 1, 2), ZoneInfo(zone)
    closed = [day_ + timedelta(days=1), day_, day_ + timedelta(hours=1)]
    deals: dict[str, Any] = {
        "opportunity_id": ["next day", "same day", "an hour too early"],
        "created_at": [(day_ + timedelta(hours=9)).replace(tzinfo=local).astimezone(UTC)] * 3,
        "closed_at": [moment.replace(tzinfo=local).astimezone(UTC) for moment in closed],
        "outcome": ["lost", "won", "won"],
    }
    words = (f"timezone={zone}", "periods.every=all")
    found = ask(engine, tmp_path, deals, "win_rate", table="opportunities", words=words)
    assert [(r.value, r.n) for r in found.results] == [(50, 2)]
    assert found.sources["opportunities"].reasons == {"end before start": 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_refunds_with_a_positive_amount_are_told(engine: str, tmp_path: Path) -> None:
    audit = ask(engine, tmp_path, SALES, "revenue").sources["transactions"]
    assert "refunds with a positive amount, counted as negative: 1" in audit.notes


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("columns", "header"), [({"currency": ["usd", "USD", "usd", "usd"]}, "amount"), ({}, "a (USD)")]
)
def test_the_currency_is_what_the_loader_reads(
    columns: Mapping[str, Any], header: str, engine: str, tmp_path: Path
) -> None:
    theirs = {**SALES, **columns, header: SALES["amount"]}
    spec = {"columns": {"amount": header}}
    assert ask(engine, tmp_path, theirs, "revenue", spec=spec).currency == "USD"
    with pytest.raises(UsageError, match="amounts are in USD, and cannot be converted"):
        ask(engine, tmp_path, theirs, "revenue", spec=spec, words=("currency=VND",))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_is_a_column_of_text(engine: str, tmp_path: Path) -> None:
    for number, month in enumerate(("01", "02")):
        (tmp_path / "lake" / f"month={month}").mkdir(parents=True)
        frame = pl.DataFrame(SALES)[number * 2 : number * 2 + 2]
        frame.write_parquet(tmp_path / "lake" / f"month={month}" / "part.parquet")
    (tmp_path / "lake" / "_SUCCESS").touch()
    how = f"engine={{name: {engine}, in_place: [transactions]}}"
    config = load_config(None, ["as_of=2024-12-31", "periods.every=all", how], env={})
    specs = {"transactions": (SourceSpec("transactions", (str(tmp_path / "lake"),)),)}
    found = compute(config, KpiQuery(["revenue"], ("month",)), specs)
    values = {r.segment.get("month"): r.value for r in found.results}
    assert values == {None: Decimal("6.5"), "01": Decimal("-0.5"), "02": Decimal(7)}


@pytest.mark.parametrize("engine", ENGINES)
def test_their_headers(engine: str, tmp_path: Path) -> None:
    theirs = {"Buyer": SALES["customer_id"], "date": SALES["date"], "Net.Total": [1, 2, 3, 4]}
    spec = {"columns": {"customer_id": "Buyer", "amount": "Net.Total"}}
    found = ask(engine, tmp_path, theirs, "revenue", spec=spec)
    assert [r.value for r in found.results] == [6]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("columns", "spec", "error", "reason"),
    [
        ({"amount": [1.5, 2.0, 3.0, 4.0]}, {}, DataError, "column amount is Float64"),
        ({"date": ["2024-01-01"] * 4}, {}, DataError, "column date is String"),
        ({"currency": ["USD", "VND", "VND", "USD"]}, {}, UsageError, "USD, VND"),
        ({"kind": ["x"] * 4}, {}, DataError, "unknown word: 4"),
        ({"kind": list("wxyz")}, {}, DataError, "kind of transactions has more than 3 different"),
        ({}, {"dates": "%d/%m/%Y"}, UsageError, "sources.transactions.dates"),
        ({}, {"duplicates": "drop"}, UsageError, "sources.transactions.duplicates: cannot be done"),
        ({}, {"columns": {"amount": 1}}, UsageError, "has to be one header"),
        ({}, {"columns": {"amount": "total"}}, DataError, "no column amount"),
        ({}, {"columns": {"kind": "type"}}, DataError, "no column kind"),
        ({}, {"paths": ("nowhere/*.parquet",)}, DataError, "cannot be read as Parquet"),
    ],
)
def test_what_cannot_be_done_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    columns: Mapping[str, Any],
    spec: Mapping[str, Any],
    error: type[CrmKpiError],
    reason: str,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(scan_columns, "MOST_WORDS", 3)
    with pytest.raises(error, match=reason):
        ask(engine, tmp_path, SALES | dict(columns), "revenue", spec=spec)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_id_stands_once(engine: str, tmp_path: Path) -> None:
    rows = {"customer_id": ["a", "a"], "signup_date": [date(2023, 1, 1), date(2024, 1, 1)]}
    with pytest.raises(DataError, match="1 values of customer_id stand in several rows"):
        ask(engine, tmp_path, rows, "customers", table="customers")


def test_quality_looks_at_rejected_rows_too(tmp_path: Path) -> None:
    rows = {"customer_id": ["a"], "signup_date": [date(2024, 1, 1)]}
    with pytest.raises(DataError, match="customers is read in place, where no rejected rows"):
        ask("duckdb", tmp_path, rows, "completeness", table="customers")


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/New_York", "UTC", "Europe/Berlin"])
def test_offsets(zone: str) -> None:
    first, last = datetime(2019, 3, 1), datetime(2024, 11, 30, 12)
    found = offsets(first, last, ZoneInfo(zone))
    instant = first
    while instant <= last:
        expected = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
        assert [offset for since, offset in found.items() if since <= instant][-1] == expected
        instant += timedelta(hours=7, minutes=30)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"status": ["paid", "cancelled", "paid", "paid"]}, "'status' says"),
        ({"Type": ["Charge", "Payout", "Charge", "Charge"]}, "'Type' has rows"),
        ({"is_deleted": ["no", "yes", "no", "no"]}, "'is_deleted' says"),
    ],
)
def test_rows_that_their_own_words_leave_out_are_refused(
    columns: dict[str, list[str]], why: str, tmp_path: Path
) -> None:
    sales = {name: values for name, values in SALES.items() if name != "kind"} | columns
    with pytest.raises(UsageError, match=why):
        ask("polars", tmp_path, sales, "revenue")
    ignored = ask("polars", tmp_path, sales, "revenue", spec={"status": "ignore"})
    assert ignored.sources["transactions"].used == 3


def test_words_that_leave_nothing_out_are_read_in_place(tmp_path: Path) -> None:
    columns = {"status": ["paid", "done", "paid", "paid"], "Type": ["a", "b", "a", "a"]}
    assert ask("polars", tmp_path, SALES | columns, "revenue").sources["transactions"].used == 3
