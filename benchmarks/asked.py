"""What crm-kpi is asked: the config, and the names of KPIs and analyses.

python asked.py CONFIG      all names that the sources of CONFIG can feed, one a line
"""

from __future__ import annotations

import sys
from pathlib import Path

CONFIG = """# Written by benchmarks/run.py.
as_of: 2024-12-31
currency: USD
periods: {every: month, from: 2022-01-01, to: 2024-12-31}
sources:
  customers: {path: customers.csv}
  transactions: {path: transactions.csv}
  subscriptions: {path: subscriptions.csv}
  surveys: {path: surveys.csv}
  tickets: {path: tickets.csv, constants: {reopens: 0}}
definitions:
  buyers: {metric: retention_rate, basis: activity, window: period}
  rfm: {per: segment}
  history: {customer: C00000001}
"""

COMPARABLE = (
    *("revenue", "repeat-purchase-rate", "buyers", "clv-historic", "customers", "mrr"),
    *("tickets", "first-response-time", "resolution-time", "fcr", "nps", "csat"),
)
TABLES = ("cohorts", "rfm", "concentration")
"""The KPIs and the analyses that hold what the peers' ten tables hold."""
TEN = (*COMPARABLE, *TABLES)
PROGRAM = (sys.executable, "-m", "crm_kpi")


def report(config: Path, *names: str) -> list[str]:
    words = ("report", *names, "-q", "-c", str(config), "--by", "segment", "-f", "json")
    return [*PROGRAM, *words]


def everything(config_path: Path) -> list[str]:
    from crm_kpi import catalogue
    from crm_kpi.config import load_config
    from crm_kpi.engine import plan

    config = load_config(config_path)
    there: dict[str, set[str]] = {}
    for table, specs in config.specs().items():
        for spec in specs:
            with Path(spec.paths[0]).open(encoding="utf-8") as file:
                header = file.readline().strip().split(",")
            there[table] = {*header, *spec.constants}
    tables = catalogue.ids(catalogue.KpiKind.TABLE)
    asked = plan.requests(config, [*plan.everything(config), *tables], there)
    return [request.name for request in asked if not request.lacking(there)]


if __name__ == "__main__":
    print(*everything(Path(sys.argv[1])), sep="\n")
