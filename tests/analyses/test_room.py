"""What holds for every analysis: found by its file, cheap to list, the same on every run."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind
from crm_kpi.errors import UsageError
from tests.oracle.data import generate
from tests.oracle.data_sales import sales
from tests.oracle.data_service import tickets

from .support import Row, report, table

NAMES = catalogue.ids(KpiKind.TABLE)
DATA = generate(5)
TABLES: Mapping[str, Sequence[Row]] = (
    DATA.tables
    | {name: sales(5)[name] for name in ("leads", "opportunities", "stage_changes", "interactions")}
    | {"tickets": tickets(DATA)}
    | {"customers": [row | {"churn_reason": row["region"]} for row in DATA["customers"]]}
)


def ask(name: str, tables: Mapping[str, Sequence[Row]] = TABLES, **options: Any) -> list[Row]:
    return table(tables, name, as_of=DATA.as_of, timezone=DATA.timezone, **options)


def test_found_by_file() -> None:
    expected = "cohorts concentration follow_up funnel issues rfm spending survival team unresolved"
    assert {*expected.split(), "feedback", "history"} <= set(NAMES)
    for entry in (catalogue.entries()[name] for name in NAMES):
        assert entry.heading == "Analyses"
        assert entry.title[0].isupper(), entry
        assert entry.summary.endswith("."), entry
        assert catalogue.load(entry.id).documentation.startswith(f"{entry.title}: {entry.summary}")


def test_listing_imports_none() -> None:
    code = (
        "import sys; from crm_kpi import catalogue; catalogue.entries(); "
        "print([m for m in ('polars', 'narwhals', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", NAMES)
def test_every_definition_is_described_and_every_column_explained(name: str) -> None:
    fields = catalogue.load(name).definition.model_fields
    assert all(field.description for field in fields.values())
    text = catalogue.load(name).documentation
    for column in ask(name)[0]:
        assert column in text or column.endswith("_id") or column in ("agent", "priority"), column


@pytest.mark.parametrize("name", NAMES)
def test_row_order_does_not_matter(name: str) -> None:
    shuffled = {t: random.Random(3).sample(rows, len(rows)) for t, rows in TABLES.items()}
    rows = ask(name)
    assert rows
    assert ask(name, shuffled) == rows


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_what_an_output_can_hold(name: str) -> None:
    for row in ask(name):
        for value in row.values():
            assert value is None or value == value  # no NaN
            assert type(value).__name__ in (
                *("str", "Message", "int", "float", "Decimal", "date", "NoneType"),
            )


OF_THE_PAST = ("forecast",)
"""Analyses that refuse to say anything of the future where too little is past."""


@pytest.mark.parametrize("name", NAMES)
def test_empty_tables_give_empty_tables(name: str) -> None:
    if name in OF_THE_PAST:
        with pytest.raises(UsageError, match="has 0 whole periods to learn from"):
            ask(name, {name: [] for name in TABLES})
        return
    assert ask(name, {name: [] for name in TABLES}) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_range_before_everything_or_after_as_of(name: str) -> None:
    always = ("rfm", "survival", "follow_up", "history", "unresolved")
    for first, last in (("2019-01", "2019-03"), ("2031-01", "2031-03")):
        words = [f"periods.from={first}", f"periods.to={last}"]
        if name in OF_THE_PAST:
            with pytest.raises(UsageError, match="has 0 whole periods to learn from"):
                ask(name, set_=words)
            continue
        rows = ask(name, set_=words)
        assert rows == (ask(name) if name in always else [])


@pytest.mark.parametrize("name", NAMES)
def test_segments_are_what_where_gives(name: str) -> None:
    if name == "drivers":
        pytest.skip("columns are accounts of one change")
    column = {"funnel": "owner", "survival": "segment"}.get(name, "channel")
    # A filter lists the periods of the rows it keeps, so both begin at the same day.
    words = ["periods.from=2022-01"]
    split = ask(name, by=[column], set_=words)
    values = list(dict.fromkeys(row[f"segment.{column}"] for row in split))
    assert len(values) > 1
    assert values == sorted(values, key=lambda v: (v is None, v or ""))
    for value in values:
        own = [row for row in split if row[f"segment.{column}"] == value]
        only = ask(name, where={column: [value]}, set_=words)
        assert own == [{f"segment.{column}": value} | row for row in only]


def test_several_at_once_and_with_metrics() -> None:
    found = report(TABLES, *NAMES, as_of=DATA.as_of, timezone=DATA.timezone)
    assert list(found.tables) == list(NAMES)
    assert found.tables["rfm"] == ask("rfm")
    assert found.results == []


def test_a_source_that_is_missing_is_said() -> None:
    found = report({"customers": []}, "follow_up", as_of="2024-01-31", must=False)
    (skip,) = found.skipped
    assert (skip.metric, skip.reason) == (
        "follow_up",
        "no transactions and no interactions source",
    )


def test_rows_that_are_counted() -> None:
    options: dict[str, Any] = {"as_of": DATA.as_of, "timezone": DATA.timezone}
    words = ["thresholds.unresolved={target: 0, warning: 1000}", "thresholds.follow_up={target: 1}"]
    names = ("unresolved", "follow_up")
    found = report(TABLES, *names, count_rows=True, set_=words, **options)
    unresolved, follow_up = sorted(found.results, key=lambda r: r.metric, reverse=True)
    assert unresolved.value == unresolved.n == len(found.tables["unresolved"]) > 0
    assert (unresolved.rating, unresolved.unit, unresolved.segment) == ("warning", "count", {})
    assert (unresolved.period, unresolved.partial) == (DATA.as_of.isoformat(), False)
    assert follow_up.rating == "missed"
