"""One nasty company with every table, and every variant that the oracles know, as one question.

The oracles have judged polars on these rows; the other engines are held to polars here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind
from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, Specs, compute, everything
from crm_kpi.render import render
from crm_kpi.results import Report
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES, invalid
from tests.oracle import data_money, test_agree, test_money_agree, test_sales_agree
from tests.oracle import test_service_agree as service
from tests.oracle.data_sales import sales
from tests.oracle.data_service import invitations, tickets
from tests.support import Typed, typed

Rows = Sequence[Mapping[str, Any]]

ANALYSES = {
    "backtest": ["{of: forecast}"],
    "cohorts": ["", "{mode: on_or_after, order: day}", "{of: revenue}", "{basis: contract}"],
    "rfm": ["", "{per: segment, order: row}"],
    "survival": ["", "{unit: months}"],
    "funnel": ["", "{of: leads}"],
    "follow_up": ["", "{purchase: first, after: 30d, within: 200d}"],
}
"""Definitions beside which each analysis is asked for; the others have none."""
EMAILS = ("an@example.com", "AN@example.com ", "no address", "binh@shop.vn", "hòa@ví-dụ.vn", None)
REASONS = ("price", "moved", "Giá cao", None)
PHONES = ("0912 345 678", "+84 912345678", "912345678", "12", "024 3825 3536", None)


@dataclass(frozen=True)
class Company:
    as_of: date
    timezone: str
    tables: Mapping[str, Rows]


@cache
def company(seed: int) -> Company:
    base = data_money.generate(seed)
    tables: dict[str, Rows] = {**sales(seed).tables, **base.tables}
    tables["tickets"] = tickets(base)
    tables["surveys"] = [*base["surveys"], *invitations(base)]
    tables["customers"] = [
        row | {"email": EMAILS[n % 6], "phone": PHONES[n * 7 % 6], "churn_reason": REASONS[n % 4]}
        for n, row in enumerate(base["customers"])
    ]
    gone = next(row for row in base["customers"] if row["churn_date"] is None)["customer_id"]
    tables["customers"] = [
        row | {"churned": row["customer_id"] == gone or None} for row in tables["customers"]
    ]
    return Company(base.as_of, base.timezone, tables)


def variants() -> dict[str, str]:
    """Name: its definition as YAML."""
    found: dict[str, tuple[str, str, Any]] = {**service.VARIANTS}
    for module in (test_agree.VARIANTS, test_money_agree.VARIANTS):
        found |= module
    found |= test_sales_agree.LEADS | test_sales_agree.DEALS | test_sales_agree.TOUCHES
    return {
        f"v_{name}": service.text(metric, words[1:-1] if words.startswith("{") else words)
        for name, (metric, words, _) in found.items()
    } | {
        "clv_profit": "{margin: 0.35}",
        "validity": "{allowed: {segment: [SMB]}}",
        "timeliness": "{within: 200d, updated: signup_date}",
    }


def ask(
    company: Company,
    engine: str,
    *,
    every: str = "quarter",
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str | None]] | None = None,
    metrics: Sequence[str] | None = None,
    tables: Mapping[str, str] | None = None,
    rejects: bool = True,
    words: Sequence[str] = (),
) -> Report:
    """The answers of one engine, a config value, to everything that the catalogue knows.

    metrics: names of metrics or of `variants`; None is all of them.
    tables: analyses and their definitions.
    rejects: some rows stand among the rejected ones.
    words: further config, as KEY=VALUE.
    """
    words = [*words, f"as_of={company.as_of}", f"timezone={company.timezone}", f"engine={engine}"]
    words += [f"periods.every={every}"]
    words += [f"definitions.{name}={text}" for name, text in variants().items()]
    words += [f"definitions.{name}={text}" for name, text in (tables or {}).items() if text]
    config = load_config(None, words, env={})
    names = everything(config) if metrics is None else metrics

    def read(specs: Specs, options: ReadOptions) -> dict[str, Any]:
        return {t: _loaded(t, company, rejects) for t in specs}

    specs = {name: (SourceSpec(name, (f"{name}.csv",)),) for name in TABLES}
    query = KpiQuery([*names, *(tables or {})], tuple(by), where or {})
    return compute(config, query, specs, read=read)


def _loaded(table: str, company: Company, rejects: bool) -> Typed:
    found = typed(table, company.tables[table], company.timezone, company.as_of)
    if rejects:
        first = found.frame.head(7)
        flags = [pl.lit(n % 3 == 0).alias(invalid(c)) for n, c in enumerate(first.columns)]
        found.rejected = first.with_columns(flags)
    return found


def text(report: Report) -> str:
    """All that the engines must agree on, as it would be written."""
    stream = io.StringIO()
    render(report, "json", stream, about={})
    written = stream.getvalue()
    return written[written.index('"results":') :]


def asked_tables() -> list[tuple[str, str]]:
    return [
        (name, text) for name in catalogue.ids(KpiKind.TABLE) for text in ANALYSES.get(name, [""])
    ]
