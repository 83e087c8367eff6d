"""A model is found by its file, fitted once for a run and segment, and asked like any KPI."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind, KpiPackage
from crm_kpi.cli import app
from crm_kpi.models._spec import Columns, Model
from crm_kpi.results import Result
from tests.support import ask

NAME = "expected_revenue"
TRANSACTIONS = [
    {"customer_id": "A", "date": "2024-01-05", "amount": "10", "channel": "web"},
    {"customer_id": "A", "date": "2024-02-05", "amount": "20", "channel": "web"},
    {"customer_id": "B", "date": "2024-02-07", "amount": "60", "channel": "web"},
    {"customer_id": "C", "date": "2024-03-07", "amount": "30", "channel": "shop"},
]
"""A has brought 30, B 60, C 30: 40 on average."""


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Columns]]:
    """The model of this folder in the catalogue, and what it is fitted to."""
    here = KpiPackage("tests.models.value", "value", KpiKind.MODEL)
    monkeypatch.setattr(catalogue, "PACKAGES", (*catalogue.PACKAGES, here))
    catalogue.entries.cache_clear()
    fitted: list[Columns] = []
    load = catalogue.load

    def watched(name: str) -> Any:
        kpi = load(name)
        if not isinstance(kpi, Model):
            return kpi

        def fit(columns: Columns, definition: Any) -> Any:
            fitted.append(columns)
            return kpi.fit(columns, definition)

        return replace(kpi, fit=fit)

    monkeypatch.setattr(catalogue, "load", watched)
    yield fitted
    catalogue.entries.cache_clear()


def values(results: list[Result], *segment: str) -> list[Any]:
    return [r.value for r in results if list(r.segment.values()) == list(segment)]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_is_fitted_once_for_all_periods(engine: str, model: list[Columns]) -> None:
    tables = {"transactions": TRANSACTIONS}
    found = ask(tables, [NAME], as_of="2024-03-31", set_=[f"engine={engine}"])
    assert values(found.results) == [40, 80, 40]
    assert [r.previous for r in found.results] == [0, 40, 80]
    (columns,) = model
    assert sorted(zip(columns["customer_id"], columns["total"], strict=True)) == [
        ("A", Decimal(30)),
        ("B", Decimal(60)),
        ("C", Decimal(30)),
    ]


def test_is_fitted_once_for_each_segment(model: list[Columns]) -> None:
    found = ask({"transactions": TRANSACTIONS}, [NAME], as_of="2024-03-31", by=["channel"])
    assert len(model) == 3  # all, shop, web
    assert values(found.results) == [40, 80, 40]
    assert values(found.results, "shop") == [0, 0, 30]
    assert values(found.results, "web") == [45, 90, 0]


def test_nothing_to_learn_from(model: list[Columns]) -> None:
    found = ask({"transactions": []}, [NAME], as_of="2024-03-31")
    assert [r.reason for r in found.results] == ["no customer to learn from"]
    assert len(model) == 1


def test_is_asked_like_any_kpi(model: list[Columns], tmp_path: Path) -> None:
    assert NAME in catalogue.ids(KpiKind.MODEL)
    path = tmp_path / "orders.csv"
    rows = [",".join(TRANSACTIONS[0]), *(",".join(row.values()) for row in TRANSACTIONS)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    words = ["expected-revenue", str(path), "--as-of", "2024-03-31", "-f", "json"]
    answer = json.loads(_said(*words))
    assert [result["value"] for result in answer["results"]] == [40, 80, 40]
    assert len(model) == 1
    assert "expected_revenue" in _said("report", "--transactions", str(path), NAME, *words[2:4])
    assert "buyers x mean" in _said("metrics", NAME)
    assert "expected-revenue" in _said("--help")


def _said(*words: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        assert app.run([*words]) == 0
    return out.getvalue()
