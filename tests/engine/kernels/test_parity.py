"""Kernels against the narwhals frames, to the last digit: a nasty company, asked both ways."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl
import pytest

from crm_kpi.engine.kernels import frame_kernels, order_statistics
from tests.engine import company as questions
from tests.engine.company import ANALYSES, Company, ask, company, text
from tests.support import Typed

TOUCHED = (
    *("revenue", "revenue_concentration", "clv_historic", "repeat_purchase_rate", "churn_rate"),
    *("time_between_purchases", "loyal_customers", "retention_rate", "customers", "ticket_backlog"),
    *("first_response_time", "resolution_time", "sla_attainment", "clv", "returning_customer_rate"),
    *("nrr", "grr", "mrr", "expansion_rate"),
)
"""KPIs that kernels answer in part, and their variants."""
NO_VECTORS = "X86_V3 X86_V4 AVX512_ICL"


AMOUNTS = {
    "plain": (Decimal("0"), Decimal("-12.5"), Decimal("99.99"), Decimal("250")),
    "huge": (Decimal(10) ** 14, Decimal(-(10**13)), Decimal("0.0001")),
}


@cache
def buyers(seed: int, kind: str) -> Company:
    """The company with more transactions, each of its own id: of nobody, of strangers, refunds,
    free ones; or with amounts of which a sum may not fit into 64 bits."""
    found, chance = company(seed), random.Random(seed)
    rows = []
    for number in range(600):
        row = chance.choice(found.tables["transactions"])
        days = timedelta(days=chance.randrange(90))
        changed = {
            "transaction_id": f"T{number}",
            "date": row["date"] - days,
            "amount": chance.choice(AMOUNTS[kind]),
            "customer_id": chance.choice([None, "stranger", *[row["customer_id"]] * 20]),
        }
        rows.append({**row, **changed})
    terms = [{**row, "interval_count": 1} for row in found.tables["subscriptions"]]
    return replace(found, tables={**found.tables, "transactions": rows, "subscriptions": terms})


def told(whom: Company, fewest: int, **asked: Any) -> str:
    """The answers, where kernels answer for so many rows; of ids that polars holds as codes."""
    ids = sorted({row.get("customer_id") or "" for rows in whom.tables.values() for row in rows})
    codes = {each: number for number, each in enumerate(ids) if each}
    unique = len({row.get("transaction_id") for row in whom.tables["transactions"]})
    load = questions._loaded
    touched = re.compile(rf"metric: ({'|'.join(TOUCHED)})\b")
    names = [name for name, said in questions.variants().items() if touched.search(said)]

    def loaded(table: str, whom: Company, rejects: bool) -> Typed:
        found = load(table, whom, rejects)
        for name in ("frame", "rejected"):
            frame = getattr(found, name)
            if "customer_id" in frame.columns:
                coded = pl.col("customer_id").replace_strict(codes, return_dtype=pl.UInt32)
                setattr(found, name, frame.with_columns(coded))
        if table == "transactions" and unique == found.frame.height:
            found.unique = frozenset({"transaction_id"})
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "_loaded", loaded)
        patch.setattr(order_statistics, "FEWEST_ROWS", fewest)
        return text(ask(whom, "polars", **{"metrics": names} | asked))


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each kernel has answered."""
    counts: Counter[str] = Counter()
    imported = frame_kernels._imported

    def count(name: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **options: Any) -> Any:
            found = kernel(*args, **options)
            counts[name] += found is not None
            return found

        return counting

    class Counting:
        def __init__(self, module: str) -> None:
            self._module = imported(module)

        def __getattr__(self, name: str) -> Any:
            return count(name, getattr(self._module, name))

    monkeypatch.setattr(frame_kernels, "_imported", Counting)
    return counts


def both(whom: Company, **asked: Any) -> None:
    assert told(whom, 0, **asked) == told(whom, sys.maxsize, **asked)


@pytest.mark.parametrize("by", [(), ("segment", "region"), ("channel",)])
def test_segments(by: tuple[str, ...], used: Counter[str]) -> None:
    both(buyers(3, "plain"), by=by)
    mine = {"buyers_vs_previous_period", "closed_gaps", "open_gaps", "revenue_by_customer_slot"}
    mine |= {"mrr_windows", "spending_to_date", "with_lag"}
    assert {*(+used)} == (mine if by != ("channel",) else {"mrr_windows", "with_lag"})


def test_sums_that_do_not_fit() -> None:
    both(buyers(3, "huge"), by=("segment",))


@pytest.mark.parametrize("seed", [1, 2])
def test_orders_of_several_rows(seed: int) -> None:
    both(company(seed), by=("segment",), every="month")


def test_periods_that_overlap() -> None:
    one = "{name: a, start: 2024-01-09, end: 2024-03-15}"
    other = "{name: b, start: 2024-02-10, end: 2024-05-31}"
    words = [f"periods.custom=[{one}, {other}]", "periods.last=3"]
    both(buyers(4, "plain"), by=("segment",), every="week", words=words)


def test_periods_before_and_after() -> None:
    words = ["periods.from=2015", "periods.to=2035"]
    both(buyers(4, "plain"), by=("segment",), every="year", words=words)


@pytest.mark.parametrize("where", [{"segment": ["smb", None]}, {"channel": ["web"]}])
def test_where(where: dict[str, list[str | None]]) -> None:
    both(buyers(5, "plain"), by=("segment",), where=where)


def test_analyses(used: Counter[str]) -> None:
    tables = {name: several[0] for name, several in ANALYSES.items()}
    both(buyers(6, "plain"), by=("segment",), metrics=[], tables=tables)
    assert used["first_purchase_slots"]


def test_nothing_in_the_files() -> None:
    empty = company(8)
    both(replace(empty, tables=dict.fromkeys(empty.tables, ())), rejects=False)


def test_on_any_processor() -> None:
    """numpy sorts by what the processor has; the numbers are the same without."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import {__name__} as t; t.tell()"],
        env=os.environ | {"NPY_DISABLE_CPU_FEATURES": NO_VECTORS},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    assert found.stdout == told(buyers(3, "plain"), sys.maxsize)


def tell() -> None:
    """What kernels find in this process."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(told(buyers(3, "plain"), 0))
