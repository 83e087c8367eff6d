"""A model is found by its file, fitted once for each period, and asked like any KPI."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind, KpiPackage
from crm_kpi.cli import app
from crm_kpi.config import load_config
from crm_kpi.engine.plan import everything
from crm_kpi.metrics._spec import AggregateState
from crm_kpi.models._spec import Model
from crm_kpi.results import Result
from tests.support import ask

NAME = "expected_revenue"
TRANSACTIONS = [
    {"customer_id": "A", "date": "2024-01-05", "amount": "10", "channel": "web"},
    {"customer_id": "A", "date": "2024-02-05", "amount": "20", "channel": "web"},
    {"customer_id": "B", "date": "2024-02-07", "amount": "60", "channel": "web"},
    {"customer_id": "C", "date": "2024-03-07", "amount": "30", "channel": "shop"},
]
"""On average customers have brought 10 by January, 45 by February and 40 by March."""


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The model of this folder in the catalogue, and the periods that it is fitted to."""
    here = KpiPackage("tests.models.value", "value", KpiKind.MODEL)
    monkeypatch.setattr(catalogue, "PACKAGES", (*catalogue.PACKAGES, here))
    fitted: list[str] = []
    load = catalogue.load

    def watched(name: str) -> Any:
        kpi = load(name)
        if not isinstance(kpi, Model):
            return kpi

        def fit(state: AggregateState, definition: Any) -> Any:
            assert state.is_whole
            fitted.append(state.period.label)
            return kpi.fit(state, definition)

        return replace(kpi, fit=fit)

    monkeypatch.setattr(catalogue, "load", watched)
    return fitted


def values(results: list[Result], *segment: str) -> list[Any]:
    return [r.value for r in results if list(r.segment.values()) == list(segment)]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_is_fitted_once_for_each_period(engine: str, model: list[str]) -> None:
    tables = {"transactions": TRANSACTIONS}
    found = ask(tables, [NAME], as_of="2024-03-31", set_=[f"engine={engine}"])
    assert values(found.results) == [10, 90, 40]
    assert [r.previous for r in found.results] == [None, 10, 90]
    assert model == ["2024-01", "2024-02", "2024-03", "2023-12"]  # with which January is compared


def test_segments_are_predicted_by_what_all_together_say(model: list[str]) -> None:
    found = ask({"transactions": TRANSACTIONS}, [NAME], as_of="2024-03-31", by=["channel"])
    assert len(model) == 4
    assert values(found.results) == [10, 90, 40]
    assert values(found.results, "shop") == [0, 0, 40]
    assert values(found.results, "web") == [10, 90, 0]


def test_no_earlier_period_is_fitted_only_to_say_what_is_usual(model: list[str]) -> None:
    found = ask({"transactions": TRANSACTIONS}, [NAME], as_of="2024-03-31", set_=["periods.last=1"])
    assert model == ["2024-03", "2024-02"]
    assert [(r.value, r.previous, r.usual_low) for r in found.results] == [(40, 90, None)]


def test_nothing_to_learn_from(model: list[str]) -> None:
    found = ask({"transactions": []}, [NAME], as_of="2024-03-31")
    assert [r.reason for r in found.results] == ["no customer to learn from"]
    assert model


@pytest.mark.parametrize(("as_of", "fitted"), [
    ("2024-03-31", ["2024-02", "2024-03"]),
    ("2024-03-20", ["2024-01", "2024-02"]),  # March is not over
    ("2024-01-20", ["2024-01"]),  # nor is January, and nothing else is there
])  # fmt: skip
def test_a_report_of_everything_predicts_at_the_last_whole_period(
    as_of: str, fitted: list[str], model: list[str]
) -> None:
    assert NAME in everything(load_config(None, env={}))
    known = [row for row in TRANSACTIONS if row["date"] <= as_of]
    found = ask({"transactions": known}, [NAME], as_of=as_of, predict_last=True)
    assert sorted({*model} - {"2023-12"}) == fitted
    assert [r.period for r in found.results] == fitted


def test_is_asked_like_any_kpi(model: list[str], tmp_path: Path) -> None:
    assert NAME in catalogue.ids(KpiKind.MODEL)
    path = tmp_path / "orders.csv"
    rows = [",".join(TRANSACTIONS[0]), *(",".join(row.values()) for row in TRANSACTIONS)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    words = ["expected-revenue", str(path), "--as-of", "2024-03-31", "-f", "json"]
    answer = json.loads(_said(*words))
    assert [result["value"] for result in answer["results"]] == [10, 90, 40]
    assert len(model) == 4
    assert "expected_revenue" in _said("report", "--transactions", str(path), NAME, *words[2:4])
    assert "buyers x mean" in _said("metrics", NAME)
    assert "expected-revenue" in _said("--help")


def _said(*words: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        assert app.run([*words]) == 0
    return out.getvalue()
