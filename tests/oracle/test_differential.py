"""Files on disk in any dialect, with rows that are none: the program against plain Python.

Per seed one company: every table in files of its own way, read by `reader` and judged by the
oracle on the one side, by the command line on the other. Which rows were used and rejected,
and every value, n and component, must agree to the last digit.

A few seeds run with the other tests. Many:
CRM_KPI_SEEDS=500 python -m pytest tests/oracle/test_differential.py --no-cov
"""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from tests.corpus.program import crm_kpi

from . import (
    data_money,
    data_sales,
    data_service,
    exports,
    reader,
    test_agree,
    test_money_agree,
    test_quality_agree,
    test_sales_agree,
    test_service_agree,
)
from .common import Answer
from .data import Dataset
from .periods import Period, calendar

SEEDS = int(os.environ.get("CRM_KPI_SEEDS", "12"))
SHARE = 4 if SEEDS > 12 else 12
"""Of the metrics and their variants, every so many-th is asked for one seed, in turn."""
SPLITS: tuple[tuple[str, ...], ...] = ((), (), ("segment",), ("segment", "region"))

Oracle = Callable[..., Mapping[tuple[Period, tuple[str | None, ...]], Answer]]
Variant = tuple[str, dict[str, Any], Oracle]


def _variants() -> dict[str, Variant]:
    """Every metric and variant that the oracle knows: its id, definition, and oracle."""
    found: dict[str, Variant] = {}
    sales = test_sales_agree.LEADS | test_sales_agree.DEALS | test_sales_agree.TOUCHES
    for name, (metric, text, oracle) in (test_agree.VARIANTS | sales).items():
        found[name] = metric, yaml.safe_load(text), oracle
    for name, (metric, text, oracle) in test_money_agree.VARIANTS.items():
        found[name] = metric, yaml.safe_load(f"{{{text}}}"), oracle
    for name, (metric, words, oracle) in test_service_agree.VARIANTS.items():
        definition = yaml.safe_load(test_service_agree.text(metric, words))
        definition.pop("metric")
        found[f"{name}_service"] = metric, definition, _service(metric, oracle)
    return found


def _service(metric: str, oracle: Oracle) -> Oracle:
    table = "surveys" if metric == "response_rate" else "tickets"
    return lambda p, d, **by: oracle(p, d.as_of, d.zone, d[table], d["customers"], **by)


VARIANTS = _variants()


def company(seed: int) -> Dataset:
    """Every table of one seed."""
    base = data_money.generate(seed, due_dates=seed % 3 > 0)
    tables = data_sales.sales(seed).tables | base.tables
    tables["tickets"] = data_service.tickets(base)
    # The invitations know no scale: 0 is no answer to a question from 1 to 5.
    invited = [
        row | {"score": 1} if (row["survey"], row["score"]) == ("csat", 0) else row
        for row in data_service.invitations(base)
    ]
    tables["surveys"] = [*base["surveys"], *invited]
    return replace(base, tables=tables)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_program_and_oracle_agree(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    random = Random(f"differential {seed}")
    whole = company(seed)
    written = exports.write(whole, tmp_path, random)
    found = {
        table: reader.read(table, paths, way, whole.zone, whole.as_of)
        for table, (paths, way) in written.items()
    }
    data = replace(whole, tables={table: read.rows for table, read in found.items()})
    names = [n for i, n in enumerate(VARIANTS) if i % SHARE == seed % SHARE]
    every, by = random.choice(("month", "quarter", "year")), random.choice(SPLITS)
    answer = ask(whole, written, names, every, by, random)
    for table, audit in answer["sources"].items():
        if audit["rows"]:  # no metric that is asked for reads the others
            assert_same_rows(audit, found[table])
    assert not answer["skipped"]
    assert not disagreements(answer, data, names, every, by)


@pytest.mark.parametrize("seed", range(SEEDS // 2))
def test_data_quality_agrees(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the scores that look at the faulty rows, too."""
    random = Random(f"quality {seed}")
    monkeypatch.setattr(
        test_quality_agree, "write", lambda files, to: exports.write_texts(files, to, random)
    )
    every, by = random.choice(("month", "quarter", "year")), random.choice(((), ("segment",)))
    test_quality_agree.test_program_and_oracle_agree(seed, every, by, tmp_path)


def ask(
    whole: Dataset,
    written: Mapping[str, Any],
    names: list[str],
    every: str,
    by: tuple[str, ...],
    random: Random,
) -> dict[str, Any]:
    """What the command line says, with all digits."""
    sources: dict[str, dict[str, Any]] = {}
    for table, (paths, way) in written.items():
        sources[table] = {"path": [path.name for path in paths]}
        if table == "subscriptions":
            sources[table]["end"] = "exclusive"  # chance tells nothing of ends
        elif len(paths) > 1 and table not in reader.IDS:
            sources[table]["duplicates"] = "keep"  # nor of what stands in two files
        if random.random() < 0.5 or not exports.tells(table, whole[table], way, whole.zone):
            kinds = reader.KINDS[table].items()
            clock = way.clock.replace("%z", " %z").replace("  ", " ")
            sources[table]["dates"] = {
                name: way.day + (clock if kind == "time" else "")
                for name, kind in kinds
                if kind in ("date", "time")
            }
            sources[table]["numbers"] = way.numbers
    config = {
        "as_of": whole.as_of,
        "timezone": whole.timezone,
        "limits": {"rejected_rows": "100%"},
        "sources": sources,
        "definitions": {
            name: {"metric": metric, **definition}
            for name, (metric, definition, _) in VARIANTS.items()
            if name in names
        },
    }
    text = yaml.safe_dump(config, allow_unicode=True)
    Path("crm-kpi.yaml").write_text(text, encoding="utf-8")
    splits = [word for column in by for word in ("--by", column)]
    found = crm_kpi("report", *names, "-f", "json", "--every", every, *splits)
    assert found.code == 0, found.err
    answer: dict[str, Any] = json.loads(found.out, parse_float=Decimal)
    return answer


def assert_same_rows(audit: Mapping[str, Any], found: reader.Found) -> None:
    """Every record went where plain Python says that it goes."""
    if len(audit["problems"]) < 100:
        places = {(p["path"], p["line"]): p["reason"] for p in audit["problems"]}
        assert places == found.rejected
    assert audit["reasons"] == dict(Counter(found.rejected.values()))
    counted = {name: audit[name] for name in ("rows", "used", "duplicates", "future", "skipped")}
    assert counted == {
        "rows": found.records,
        "used": len(found.rows),
        "duplicates": found.duplicates,
        "future": found.future,
        "skipped": found.skipped,
    }


def disagreements(
    answer: Mapping[str, Any], data: Dataset, names: list[str], every: str, by: tuple[str, ...]
) -> list[Any]:
    results = {
        (r["metric"], r["period"], tuple(r["segment"].values())): r for r in answer["results"]
    }
    first = min(date.fromisoformat(r["start"]) for r in answer["results"])
    periods: list[Period] = calendar(every, first, data.as_of)
    wrong: list[Any] = []
    for name in names:
        for (period, segment), expected in VARIANTS[name][2](periods, data, by=by).items():
            result = results.get((name, period.label, segment))
            if result is None:
                # Nothing is there to count; a lifetime that is declared stands there even so.
                counted = [v for part, v in expected.components.items() if part != "acl"]
                assert expected.value is None, (name, period, segment, expected)
                assert not any(counted), (name, period, segment, expected)
                continue
            wrong += [
                (name, period.label, segment, *w) for w in differences(name, result, expected)
            ]
    return wrong


def differences(name: str, result: Mapping[str, Any], expected: Answer) -> list[Any]:
    pairs = {"value": (result["value"], expected.value)}
    if expected.n is not None:
        pairs["n"] = (result["n"], expected.n)
    pairs |= {
        part: (value, expected.components[part])
        for part, value in result["components"].items()
        if part in expected.components
    }
    if name != "ces_all":  # whose interval of a mean the oracle does not have
        low, high = expected.low, expected.high
        if name.startswith("nps") and low is not None and high is not None:
            low, high = max(low, -100.0), min(high, 100.0)
        pairs |= {"low": (result["low"], low), "high": (result["high"], high)}
    return [(key, *pair) for key, pair in pairs.items() if not same(*pair)]


def same(ours: Any, theirs: Any) -> bool:
    """Equal to the last digit that is written, of floats the 15th; to 12 digits where the oracle
    itself is no fraction."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if isinstance(theirs, float):
        return math.isclose(float(ours), theirs, rel_tol=1e-12, abs_tol=1e-12)
    if Fraction(ours) == Fraction(theirs) or float(ours) == float(theirs):
        return True
    return Decimal(ours) == Decimal(f"{float(theirs):.15g}")


def test_the_reader_reads_what_was_written(tmp_path: Path) -> None:
    """Every row of the company comes back as it was, unless a faulty one took its id before."""
    for seed in range(3):
        whole = company(seed)
        faults = 0
        for table, (paths, way) in exports.write(whole, tmp_path, Random(seed)).items():
            found = reader.read(table, paths, way, whole.zone, whole.as_of)
            faults += len(found.rejected)
            assert found.records > len(whole[table])
            kept = [row for row in whole[table] if _possible(table, row, whole)]
            there = Counter(_words(row, whole[table][0]) for row in found.rows)
            lost = Counter(_words(row, whole[table][0]) for row in kept) - there
            reasons = Counter(found.rejected.values())
            assert lost.total() <= reasons["same id with other content"], table
        assert faults > 30


def _possible(table: str, row: reader.Row, whole: Dataset) -> bool:
    """Rows that are read: not after as_of, and no odds beyond all odds."""
    at = row.get(reader.AT.get(table, "created_at"))
    day = at.astimezone(whole.zone).date() if isinstance(at, datetime) else at
    return (day is None or day <= whole.as_of) and row.get("probability") is None


def _words(row: reader.Row, columns: reader.Row) -> str:
    moments = {
        name: value.timestamp() if isinstance(value, datetime) else value
        for name, value in row.items()
    }
    return str([moments.get(name) for name in columns])


def test_a_difference_in_the_last_digit_would_be_seen() -> None:
    third = Fraction(1, 3)
    assert same(Decimal(repr(1 / 3)), third)
    assert not same(Decimal("0.3333333333333334"), third)
    assert same(Decimal("0.10"), Fraction(1, 10))
    assert not same(Decimal("1250000.0001"), Fraction(1250000))
    assert not same(None, Fraction(0))
