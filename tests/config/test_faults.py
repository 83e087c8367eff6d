"""Everything that can be wrong with a value or a key, in plain words and with its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_kpi.config.model import Config
from crm_kpi.errors import Problem

Read = Callable[..., Config]
Faults = Callable[..., list[Problem]]

CUSTOMERS = "sources: {customers: {path: a.csv, %s}}"
DEALS = "sources: {opportunities: {path: a.csv, columns: {%s}}}"
DAY = "should be a date such as 2024-01-31"
MOMENT = f"{DAY} or a period such as 2024-03, 2024-Q1, 2024-W05 or 2024"
NUMBER = "should be a number such as 95 or 0.5"
INTEGER = "should be a whole number"
SIZE = "should be a size such as 512MiB, 2GB or a number of bytes"
BLOCK = "should be a block of keys"
LENGTH = "should be a length of time such as 90d, 2 weeks, 12 months, 48h or 30m"


@pytest.mark.parametrize(
    ("text", "column", "reason", "hint"),
    [
        # the keys of the top level
        ("curency: VND", "curency", "unknown key", "did you mean 'currency'?"),
        ("frobnicate: true", "frobnicate", "unknown key", "known are timezone, currency"),
        ("path: x", "path", "unknown key", "known are"),
        ("timezone: Asia/Ho Chi Minh", "timezone", "should be an IANA", "'Asia/Ho_Chi_Minh'?"),
        ("timezone: ../etc/passwd", "timezone", "should be an IANA", ""),
        ("timezone: Asia", "timezone", "should be an IANA", ""),
        ("currency: vnd", "currency", "should be a three-letter", "write VND"),
        ("currency: [VND]", "currency", "should be a text", ""),
        ("exchange_rates: {USD: 1}", "exchange_rates", "needs `currency`", "add currency"),
        ("{currency: VND, exchange_rates: {USD: 0}}", "exchange_rates", "not above zero", ""),
        ("{currency: VND, exchange_rates: {VND: 2}}", "exchange_rates", "own currency", ""),
        ("{currency: VND, exchange_rates: {usd: 2}}", "exchange_rates.usd", "three-letter", "USD"),
        ("{currency: VND, exchange_rates: {USD: '25,400'}}", "exchange_rates.USD", NUMBER, "25400"),
        ("{currency: VND, exchange_rates: {USD: 25_400}}", "exchange_rates.USD", NUMBER, "digits"),
        ("{currency: VND, exchange_rates: {USD: .nan}}", "exchange_rates.USD", NUMBER, ""),
        ("{currency: VND, exchange_rates: {USD: 1e999999}}", "exchange_rates.USD", NUMBER, ""),
        ("{currency: VND, exchange_rates: {USD: }}", "exchange_rates.USD", "is empty", ""),
        ("dimensions: {owner: {pth: a.csv, path: a.csv}}", "dimensions.owner.pth", "unknown key",
         "'path'"),
        ("dimensions: {owner: {key: who}}", "dimensions.owner.path", "is missing", ""),
        ("dimensions: {owner: }", "dimensions.owner", "is empty", ""),
        ("identities: {path: a.csv, columns: [a]}", "identities.columns", "one column",
         "[customer_id, shop_id]"),
        ("identities: {pth: a.csv, path: a.csv}", "identities.pth", "unknown key", "'path'"),
        ("locale: vn", "locale", "should be", ""),
        ("identites: a.csv", "identites", "unknown key", "'identities'"),
        ("dimension: {owner: a.csv}", "dimension", "unknown key", "'dimensions'"),
        ("exchange_rates: {path: rates.csv}", "exchange_rates", "needs `currency`", "add currency"),
        ("{currency: VND, exchange_rates: {pth: a.csv, path: a.csv}}", "exchange_rates.pth",
         "unknown key", "'path'"),
        ("{currency: VND, exchange_rates: {path: a.csv, columns: {rat: b}}}",
         "exchange_rates.columns.rat", "date, currency or rate", "'rate'"),
        ("{currency: VND, exchange_rates: {path: a.csv, dates: dd/MM}}", "exchange_rates.dates",
         "format", ""),
        ("{currency: VND, exchange_rates: {USD: {2024-1: 2}}}", "exchange_rates.USD.2024-1",
         "a month such as 2024-01", ""),
        ("{currency: VND, exchange_rates: {USD: {2024-01: x}}}", "exchange_rates.USD.2024-01",
         NUMBER, ""),
        ("{currency: VND, exchange_rates: {USD: {2024-01: 0}}}", "exchange_rates", "not above zero",
         ""),
        ("{currency: VND, exchange_rates: {USD: {}}}", "exchange_rates.USD", "at least 1", ""),
        ("as_of: 31/12/2024", "as_of", DAY, ""),
        ("as_of: 20241231", "as_of", DAY, ""),
        ("as_of: 2024-02-30", "as_of", "is no day of the calendar", ""),
        ("as_of: {day: 1}", "as_of", DAY, ""),
        ("engine: sparc", "engine", "should be polars, duckdb or spark", "did you mean"),
        ("sources: [a.csv]", "sources", BLOCK, ""),
        # periods
        ("periods: month", "periods", BLOCK, ""),
        ("periods: {evry: month}", "periods.evry", "unknown key", "did you mean 'every'?"),
        ("periods: {from_: 2024}", "periods.from_", "unknown key", "did you mean 'from'?"),
        ("periods: {every: mont}", "periods.every", "should be day, week, month", "'month'?"),
        ("periods: {from: 2024-13}", "periods.from", MOMENT, ""),
        ("periods: {from: last year}", "periods.from", MOMENT, ""),
        ("periods: {from: 2024, to: 2023-Q4}", "periods.to", "lies before from", ""),
        ("periods: {last: 0}", "periods.last", "should be at least 1", ""),
        ("periods: {last: 1.5}", "periods.last", INTEGER, ""),
        ("periods: {last: yes}", "periods.last", INTEGER, ""),
        ("periods: {fiscal_year_start: 13}", "periods.fiscal_year_start", "at most 12", ""),
        ("periods: {custom: {name: a}}", "periods.custom", "should be a list such as", ""),
        (
            "periods: {custom: [{name: a, start: 2024-01-02, end: 2024-01-01}]}",
            "periods.custom.0.end", "lies before start", "",
        ),
        ("periods: {custom: [{name: a, start: 2024-01-02}]}",
         "periods.custom.0.end", "is missing", ""),
        (
            "periods: {custom: [{name: 2024-Q1, start: 2024-01-01, end: 2024-01-01}]}",
            "periods.custom", "which a regular period has", "",
        ),
        (
            "periods: {custom: [{name: a, start: 2024-01-01, end: 2024-01-01}, "
            "{name: a, start: 2024-02-01, end: 2024-02-01}]}",
            "periods.custom", "holds the name a twice", "",
        ),
        # sources
        ("sources: {custmers: {path: a.csv}}", "sources.custmers", "unknown table", "'customers'?"),
        ("sources: {people: {path: a.csv}}", "sources.people", "unknown table", "tables are"),
        ("sources: {customers: }", "sources.customers", "is empty", ""),
        ("sources: {customers: []}", "sources.customers", "is empty", ""),
        ("sources: {customers: a.csv}", "sources.customers", BLOCK, ""),
        ("sources: {customers: {path: }}", "sources.customers.path", "is missing", ""),
        ("sources: {customers: {path: []}}", "sources.customers.path", "at least 1 items", ""),
        ("sources: {customers: {path: [a, '']}}", "sources.customers.path.1", "is empty", ""),
        ("sources: {customers: [{path: a}, {pth: b, path: c}]}",
         "sources.customers.1.pth", "unknown key", "did you mean 'path'?"),
        (CUSTOMERS % "columns: {custmer_id: x}", "sources.customers.columns.custmer_id",
         "customers has no such column", "did you mean 'customer_id'?"),
        (CUSTOMERS % "columns: {zzz: x}", "sources.customers.columns.zzz",
         "customers has no such column", "columns are customer_id"),
        (CUSTOMERS % "columns: {name: 0}", "sources.customers.columns.name",
         "is counted from 1", "in quotes"),
        (CUSTOMERS % "columns: {name: [a, {b: c}]}", "sources.customers.columns.name.1",
         "should be a text", ""),
        (CUSTOMERS % "columns: {name: []}", "sources.customers.columns.name", "", ""),
        (CUSTOMERS % "once: custmer_id", "sources.customers.once", "has no such column",
         "customer_id"),
        (CUSTOMERS % "timezone: Hanoi", "sources.customers.timezone", "IANA", ""),
        (CUSTOMERS % "columns: {name: {minus: [a, b]}}", "sources.customers.columns.name.minus",
         "does not hold numbers", ""),
        (CUSTOMERS % "columns: {name: }", "sources.customers.columns.name", "is empty", ""),
        (CUSTOMERS % "columns: {name: x}, constants: {name: y}",
         "sources.customers.constants.name", "stands under columns too", "keep one"),
        (CUSTOMERS % "constants: {name: }", "sources.customers.constants.name", "is empty", '""'),
        ("sources: {surveys: {path: a, constants: {survey: npss}}}",
         "sources.surveys.constants.survey", "should be nps, csat or ces", "'nps'?"),
        ("sources: {opportunities: {path: a, values: {outcome: {Won: wom}}}}",
         "sources.opportunities.values.outcome.Won", "should be won, lost or open", "'won'?"),
        (CUSTOMERS % "values: {segmnt: {a: b}}", "sources.customers.values.segmnt",
         "customers has no such column", "'segment'?"),
        (CUSTOMERS % "values: {segment: a}", "sources.customers.values.segment", BLOCK, ""),
        (CUSTOMERS % "dates: dd/MM/yyyy", "sources.customers.dates",
         'should be a format such as "%d/%m/%Y"', 'did you mean "%d/%m/%Y"?'),
        (CUSTOMERS % "dates: yyyy-MM-dd HH:mm:ss", "sources.customers.dates",
         "should be a format", '"%Y-%m-%d %H:%M:%S"?'),
        (CUSTOMERS % "dates: exel", "sources.customers.dates", "should be a format", "'excel'?"),
        (CUSTOMERS % "scale: -1", "sources.customers.scale", "above 0", ""),
        (CUSTOMERS % "dates: '%d/%Y'", "sources.customers.dates", "lacks %m", "%d/%m/%Y"),
        (CUSTOMERS % "dates: '%d/%m/%Y %Q'", "sources.customers.dates", "holds %Q", "known are"),
        (CUSTOMERS % "dates: {signup: excel}", "sources.customers.dates.signup",
         "customers has no such column", "'signup_date'?"),
        (CUSTOMERS % "dates: {name: excel}", "sources.customers.dates.name",
         "name does not hold dates", ""),
        (CUSTOMERS % "dates: {signup_date: x}", "sources.customers.dates.signup_date",
         "should be a format", ""),
        (CUSTOMERS % "numbers: '1.234.56'", "sources.customers.numbers",
         "should be 1,234.56, 1.234,56", ""),
        (CUSTOMERS % "numbers: {name: '1234.56'}", "sources.customers.numbers.name",
         "name does not hold numbers", ""),
        (CUSTOMERS % "encoding: utf8x", "sources.customers.encoding", "is not an encoding", "utf"),
        (CUSTOMERS % "encoding: hex", "sources.customers.encoding", "is not an encoding", ""),
        (CUSTOMERS % "delimiter: ab", "sources.customers.delimiter", "one character", ""),
        (CUSTOMERS % "delimiter: ''", "sources.customers.delimiter", "one character", ""),
        (CUSTOMERS % "sheet: 0", "sources.customers.sheet", "is counted from 1", ""),
        (CUSTOMERS % "duplicates: keeep", "sources.customers.duplicates",
         "should be keep or drop", "'keep'?"),
        (CUSTOMERS % "where: {a: [b, [c]]}", "sources.customers.where.a.1", "should be a text", ""),
        (CUSTOMERS % "where: {a: [b, ]}, exclude: {c: }", "sources.customers.exclude.c",
         "is empty", ""),
        # columns made from several
        (DEALS % "amount: {prodct: [a, b]}", "sources.opportunities.columns.amount.prodct",
         "unknown key", "did you mean 'product'?"),
        (DEALS % "amount: {}", "sources.opportunities.columns.amount", "should hold one of", ""),
        (DEALS % "amount: {product: [a]}", "sources.opportunities.columns.amount",
         "needs two headers", "alone"),
        (DEALS % "amount: {product: [a, b], join: [a, b]}", "sources.opportunities.columns.amount",
         "should hold one of", ""),
        (DEALS % "stage: {product: [a, b]}", "sources.opportunities.columns.stage.product",
         "stage does not hold numbers", ""),
        (DEALS % "closed_at: {after: created_at}", "sources.opportunities.columns.closed_at",
         "after goes with one of", ""),
        (DEALS % "closed_at: {join: [a, b], days: x}", "sources.opportunities.columns.closed_at",
         "after goes with one of", ""),
        (DEALS % "closed_at: {after: creatd_at, days: x}",
         "sources.opportunities.columns.closed_at.after", "no such column", "'created_at'?"),
        (DEALS % "closed_at: {after: stage, days: x}",
         "sources.opportunities.columns.closed_at.after", "another column that holds a time", ""),
        (DEALS % "closed_at: {after: closed_at, days: x}",
         "sources.opportunities.columns.closed_at.after", "another column that holds a time", ""),
        (DEALS % "stage: {after: closed_at, days: x}",
         "sources.opportunities.columns.stage.after", "stage does not hold a time", ""),
        # definitions
        ("definitions: {npss: {}}", "definitions.npss", "unknown metric npss", "'nps'?"),
        ("definitions: {zzz: {}}", "definitions.zzz", "unknown metric zzz", "crm-kpi metrics"),
        ("definitions: {mine: {metric: nsp}}", "definitions.mine.metric", "unknown metric", "nps"),
        ("definitions: {ces: {metric: nps}}", "definitions.ces.metric", "ces is a metric", "name"),
        ("definitions: {My NPS: {metric: nps}}", "definitions.My NPS", "small letters", ""),
        ("definitions: {nps: }", "definitions.nps", "is empty", ""),
        ("definitions: {nps: customer}", "definitions.nps", BLOCK, ""),
        ("definitions: {nps: {pr: customer}}", "definitions.nps.pr", "unknown key", "'per'?"),
        ("definitions: {nps: {per: custmer}}", "definitions.nps.per",
         "should be response or customer", "'customer'?"),
        ("definitions: {csat: {scale: 5}}", "definitions.csat.scale", "should be a list", ""),
        ("definitions: {csat: {scale: [1]}}", "definitions.csat.scale", "has too few items", ""),
        ("definitions: {csat: {scale: [1, 5, 7]}}", "definitions.csat.scale", "at most 2", ""),
        ("definitions: {csat: {scale: [1, x]}}", "definitions.csat.scale.1", INTEGER, ""),
        ("definitions: {csat: {satisfied: 4.5}}", "definitions.csat.satisfied", INTEGER, ""),
        ("definitions: {csat: {scale: [5, 1]}}", "definitions.csat.scale", "should be the", ""),
        ("definitions: {ces: {high_is_easy: maybe}}", "definitions.ces.high_is_easy",
         "should be true or false", ""),
        ("definitions: {retention_rate: {basis: activity, window: 90}}",
         "definitions.retention_rate.window", LENGTH, ""),
        # report
        ("report: {headline: [revenu]}", "report.headline.0", "unknown metric", "'revenue'?"),
        ("report: {headline: [nps, csat, ces, mrr, arr, grr, nrr, arpa, clv]}", "report.headline",
         "at most 8", ""),
        ("report: {tables: [nps]}", "report.tables.0", "nps is no analysis", ""),
        ("report: {views: {Boss: [nps]}}", "report.views.Boss", "small letters", ""),
        ("report: {views: {boss: []}}", "report.views.boss", "a view should have a KPI", ""),
        ("report: {views: {boss: [npss]}}", "report.views.boss.0", "unknown metric", "'nps'?"),
        ("report: {view: {}}", "report.view", "unknown key", "'views'?"),
        # thresholds
        ("thresholds: {npss: {target: 1}}", "thresholds.npss", "unknown metric npss", "'nps'?"),
        ("thresholds: {nps: }", "thresholds.nps", "is empty", ""),
        ("thresholds: {nps: 50}", "thresholds.nps", BLOCK, ""),
        ("thresholds: {nps: {warning: 50}}", "thresholds.nps.target", "is missing", ""),
        ("thresholds: {nps: {target: 5, warn: 5}}", "thresholds.nps.warn", "unknown", "'warning'?"),
        ("thresholds: {nps: {target: 95%}}", "thresholds.nps.target", NUMBER, "digits"),
        ("thresholds: {nps: {target: {Tet: 5}}}", "thresholds.nps.target.Tet",
         "no period is called so", "add `by`"),
        ("thresholds: {nps: {target: {2024-Q1: x}}}", "thresholds.nps.target.2024-Q1", NUMBER, ""),
        ("thresholds: {nps: {target: 40, warning: 50}}", "thresholds.nps.warning",
         "the warning 50 lies beyond the target 40", "higher is better"),
        ("thresholds: {churn_rate: {target: 5, warning: 3}}", "thresholds.churn_rate.warning",
         "the warning 3 lies beyond the target 5", "lower is better"),
        ("thresholds: {nps: {target: {2024-Q1: 60, 2024-Q2: 40}, warning: 50}}",
         "thresholds.nps.warning", "lies beyond the target 40", ""),
        ("thresholds: {nps: {target: 40, by: agent, warning: {An: 30, Binh: 45}}}",
         "thresholds.nps.warning.Binh", "the warning 45 lies beyond", ""),
        ("thresholds: {nps: [{target: 1}, {target: 2}]}", "thresholds.nps.1",
         "a second threshold with by: none", ""),
        # limits
        ("limits: {rejected_rows: 5}", "limits.rejected_rows", "share such as 1%", "write 5%"),
        ("limits: {rejected_rows: 101%}", "limits.rejected_rows", "between 0% and 100%", ""),
        ("limits: {rejected_rows: -1%}", "limits.rejected_rows", "between 0% and 100%", ""),
        ("limits: {rejected_rows: few}", "limits.rejected_rows", NUMBER, ""),
        ("limits: {rows: 1}", "limits.rows", "unknown key", "rejected_rows"),
        ("limits: {memory: lots}", "limits.memory", SIZE, ""),
        ("limits: {memory: 512M}", "limits.memory", SIZE, ""),
        ("limits: {memory: -1GB}", "limits.memory", SIZE, ""),
        ("limits: {memory: 0}", "limits.memory", SIZE, ""),
        ("limits: {memory: 0.1B}", "limits.memory", SIZE, ""),
        ("limits: {memory: [1]}", "limits.memory", SIZE, ""),
        ("limits: {low_n: -1}", "limits.low_n", "should be at least 0", ""),
    ],
)  # fmt: skip
def test_one_fault(faults: Faults, text: str, column: str, reason: str, hint: str) -> None:
    (problem,) = faults("\n\n" + text)
    assert problem.line == 3
    assert problem.column == column
    assert reason in problem.reason
    assert hint in (problem.hint or "")


def test_all_faults_come_at_once_each_with_its_own_line(faults: Faults) -> None:
    problems = faults("""\
timezone: Asia/Nowhere
as_of: 31/12/2024
periods:
  evry: month
  from: 2024-13
sources:
  customers:
    columns:
      customer_id: x
      sign_up: y
    missing:
      - ""
      - [a]
  surveys:
    - path: a.csv
    - path: b.csv
      constants:
        survey: npss
definitions:
  nps:
    per: person
thresholds:
  nps:
    target: 40
    warning: 50
  csat:
    target: high
limits:
  low_n: some
""")
    assert [(p.line, p.column) for p in problems] == [
        (1, "timezone"),
        (2, "as_of"),
        (4, "periods.evry"),
        (5, "periods.from"),
        (7, "sources.customers.path"),
        (10, "sources.customers.columns.sign_up"),
        (13, "sources.customers.missing.1"),
        (18, "sources.surveys.1.constants.survey"),
        (21, "definitions.nps.per"),
        (25, "thresholds.nps.warning"),
        (27, "thresholds.csat.target"),
        (29, "limits.low_n"),
    ]
    assert {p.path for p in problems} == {problems[0].path}
    assert problems[1].value == "31/12/2024"


def test_a_fault_in_a_variant_does_not_make_its_threshold_unknown(faults: Faults) -> None:
    (problem,) = faults("""
definitions: {by_customer: {metric: nps, per: person}}
thresholds: {by_customer: {target: 50}}
""")
    assert problem.column == "definitions.by_customer.per"


def test_faulty_periods_leave_labels_unchecked(faults: Faults) -> None:
    (problem,) = faults("{periods: {every: x}, thresholds: {nps: {target: {Tet: 5}}}}")
    assert problem.column == "periods.every"


@pytest.mark.parametrize(
    "text",
    [
        "thresholds: {nps: {target: 40, warning: 40}}",
        "thresholds: {churn_rate: {target: 5, warning: 8}}",
        "thresholds: {nps: {target: {all: 1, 2024: 2, FY2025-Q1: 3, 2024-W05: 4, '*': 5}}}",
        "thresholds: {nps: {target: {whatever: 1, '': 2}, by: agent}}",
        "thresholds: {nps: {target: {2024-Q1: 60, 2024-Q2: 70}, warning: {2024-Q1: 50}}}",
        "periods: {from: 2024-Q1, to: 2024-Q1}",
        "periods: {from: 2024-06-01, to: 2024}",
        "{currency: VND, exchange_rates: {VND: 1, USD: 25400}}",
        "definitions: {nps: {metric: nps}}",
        "definitions: {nps: {per: null}, csat: {}}",
        CUSTOMERS % "dates: '%F'",
        CUSTOMERS % "dates: '%d-%b-%Y %I:%M:%S%.f %p %z'",
        CUSTOMERS % "delimiter: ' '",
        CUSTOMERS % "encoding: cp1258",
        CUSTOMERS % "sheet: Khách hàng",
    ],
)
def test_these_are_right(read: Read, text: str) -> None:
    read(text)
