"""Columns that are typed while they are parsed come out as those that are looked at as text."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi.errors import CrmKpiError
from crm_kpi.sources import DerivedColumn, LoadedTable, ReadOptions, SourceSpec, load
from crm_kpi.sources.loading import loader
from crm_kpi.sources.mapping import column_mapping
from crm_kpi.sources.readers.csv import scan
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, OPTIONS, read

MANY = "".join(f"C{n},2024-01-{n % 28 + 1:02},{n}.5,sale\n" for n in range(30))
SALES = "customer_id,date,amount,kind\n"
TICKETS = "ticket_id,created_at,solved_at,agent_replies\n"

CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plain": ("transactions", SALES + MANY, {}),
    "empty cells": ("transactions", SALES + "A,2024-01-02,1.50,\nB,2024-01-03,2,refund\n", {}),
    "quoted": ("transactions", SALES + '"A","2024-01-02","1.50",""\n' * 3, {}),
    "no rows": ("transactions", SALES, {}),
    "one late date": ("transactions", SALES + MANY + "A,31/12/2023,1,sale\n", {}),
    "no such day": ("transactions", SALES + MANY + "A,2024-02-30,1,sale\n", {}),
    "late precision": ("transactions", SALES + MANY + "A,2024-02-28,1.23456,sale\n", {}),
    "late group": ("transactions", SALES + MANY + 'A,2024-02-28,"1,234.5",sale\n', {}),
    "late currency": ("transactions", SALES + MANY + "A,2024-02-28,5 USD,sale\n", {}),
    "late word": ("transactions", SALES + MANY + "A,2024-02-28,5,Trả hàng\n", {}),
    "unknown word": ("transactions", SALES + MANY + "A,2024-02-28,5,gift\n", {}),
    "late n/a": ("transactions", SALES + MANY + "A,n/a,5,sale\n", {}),
    "repeated header": ("transactions", SALES + MANY + SALES + MANY, {}),
    "footer": ("transactions", SALES + MANY + "Total,,30,\n", {}),
    "blank lines": ("transactions", SALES + MANY + "\n,,,\n" + MANY, {}),
    "ragged": ("transactions", SALES + MANY + "A,2024-01-01\nB,2024-01-01,1,sale,x\n", {}),
    "month first": ("transactions", SALES + "A,01/13/2024,5,\nB,01/02/2024,5,\n", {}),
    "declared days": ("transactions", SALES + "A,02/01/2024,5,\n", {"dates": "%d/%m/%Y"}),
    "declared numbers": ("transactions", SALES + MANY, {"numbers": "1.234,56"}),
    "values": ("transactions", SALES + MANY, {"values": {"kind": {"sale": "refund"}}}),
    "missing": ("transactions", SALES + "A,2024-01-01,0,sale\n" * 3, {"missing": ("0",)}),
    "where": ("transactions", SALES + MANY, {"where": {"kind": ("sale",)}}),
    "exclude a day": ("transactions", SALES + MANY, {"exclude": {"date": ("2024-01-03",)}}),
    "by their name": (
        "transactions",
        SALES.replace("date", "Ngày") + MANY,
        {"columns": {"date": "Ngày"}, "texts": {"transactions": frozenset({"Ngày"})}},
    ),
    "made": (
        "transactions",
        "customer_id,date,price,count\nA,2024-01-02,2.50,3\n",
        {"columns": {"amount": DerivedColumn(product=("price", "count"))}},
    ),
    "moments": ("tickets", TICKETS + "1,2024-01-02T03:04:05,2024-01-02T03:05:06,2\n" * 2, {}),
    "moments with a gap": ("tickets", TICKETS + "1,2024-01-02 03:04,2024-01-02 03:05,2\n", {}),
    "days as moments": (
        "tickets",
        TICKETS + "1,2018-11-03,2018-11-04,2\n2,2018-11-04,,\n",
        {"timezone": "America/Sao_Paulo"},  # where that midnight was skipped
    ),
    "skipped by clocks": (
        "tickets",
        TICKETS + "1,2024-03-31T01:30:00,2024-03-31T02:30:00,2\n2,2024-03-31T01:30:00,,1\n",
        {"timezone": "Europe/Berlin"},
    ),
    "of another zone": (
        "tickets",
        TICKETS + "1,2024-03-31T01:30:00,2024-03-31T22:30:00,2\n",
        {"timezone": "Asia/Ho_Chi_Minh", "spec_timezone": "UTC"},
    ),
    "offsets": ("tickets", TICKETS + "1,2024-01-02T03:04:05+07:00,2024-01-03T03:04:05Z,2\n", {}),
    "fraction of a count": ("tickets", TICKETS + "1,2024-01-02,2024-01-03,2.0\n", {}),
    "negative count": ("tickets", TICKETS + "1,2024-01-02,,3\n" * 2 + "2,2024-01-02,,-3\n", {}),
    "solved before created": ("tickets", TICKETS + "1,2024-01-02,2024-01-01,2\n", {}),
    "scores": (
        "surveys",
        "survey,score,answered_at\nnps,9,2024-01-02\nnps,11,2024-01-02\ncsat,,2024-01-02\n",
        {},
    ),
    "no header": (
        "customers",
        "A,2024-01-02\nB,2024-01-03\n",
        {"columns": {"customer_id": 1, "signup_date": 2}},
    ),
}


def told(table: str, content: str, how: dict[str, Any]) -> LoadedTable | str:
    """The table, or why there is none."""
    how = dict(how)
    zone = how.pop("spec_timezone", None)
    Path("t.csv").write_text(content, encoding="utf-8")
    own = {key: how.pop(key) for key in list(how) if key not in OPTIONS}
    spec = SourceSpec(table, ("t.csv",), timezone=zone, **own)
    try:
        return load(TABLES[table], [spec], ReadOptions(AS_OF, rejected_rows=Decimal(1), **how))
    except CrmKpiError as error:
        return str(error)


def same(one: LoadedTable, other: LoadedTable) -> None:
    for field in fields(LoadedTable):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, pl.DataFrame):
            assert mine.schema == theirs.schema
            assert mine.equals(theirs), field.name
        elif field.name != "place":
            assert mine == theirs, field.name


@pytest.mark.parametrize("name", CASES)
def test_plain_columns_are_read_as_ever(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table, content, how = CASES[name]
    one = told(table, content, how)
    monkeypatch.setattr(column_mapping, "_fast_paths", lambda part, block: {})
    other = told(table, content, how)
    if isinstance(one, LoadedTable) and isinstance(other, LoadedTable):
        same(one, other)
    else:
        assert one == other


def test_text_that_a_clock_skips_is_shown_as_it_stands() -> None:
    table, content, how = CASES["skipped by clocks"]
    loaded = told(table, content, how)
    assert isinstance(loaded, LoadedTable)
    (problem,) = loaded.audit.problems
    assert (problem.reason, problem.value) == ("no such local time", "2024-03-31T02:30:00")


def test_no_text_of_plain_columns_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    original = scan.scan

    def seen(source, dialect, positions, ways):  # type: ignore[no-untyped-def]
        frame = original(source, dialect, positions, ways)
        parsed.append(frame.dtypes)
        return frame

    monkeypatch.setattr(scan, "scan", seen)
    read("transactions", SALES + MANY)
    ((customer, *others),) = parsed
    assert customer == pl.String
    assert pl.String not in others


def test_what_only_judges_is_left_out() -> None:
    spent = {"transactions": frozenset({"transaction_id", "kind"})}
    text = (
        "transaction_id,customer_id,date,amount,kind\n1,A,2024-01-02,5,refund\n%s,B,2024-01-02,6,\n"
    )
    for second, left in (("2", set()), ("1", {"transaction_id"})):
        content = text % second
        Path("t.csv").write_text(content, encoding="utf-8")
        specs = {"transactions": [SourceSpec("transactions", ("t.csv",))]}
        found = loader.load_all(specs, ReadOptions(AS_OF, spent=spent))["transactions"]
        assert set(found.frame.columns) == {"customer_id", "date", "amount"} | left
        assert found.frame["amount"].to_list() == [-5, 6]
        assert {"transaction_id", "kind"} <= found.columns
