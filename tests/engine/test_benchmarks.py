"""What others have, beside results: of the same KPI and length of time, and of nothing else."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.config import load_config
from crm_kpi.engine import benchmarks
from crm_kpi.errors import UsageError
from crm_kpi.results import Report
from tests.metrics.rows import customers, scores, sold
from tests.support import ask


def industry(*names: str) -> list[str]:
    return [f"benchmarks.industry=[{', '.join(names)}]"]


def told(report: Report, metric: str) -> dict[str, Any]:
    return {r.period: r.benchmark for r in report.results if r.metric == metric and not r.segment}


def test_the_shipped_table_is_whole() -> None:
    table = benchmarks.table(load_config(None, env={}))
    assert len(table) == 39
    for each in table:
        assert each.metric in catalogue.ids(catalogue.KpiKind.SCALAR)
        assert each.source != "same"
        if each.unit == "percent":
            assert 0 < each.value < 110
    assert not [each.region for each in table if "Viet" in (each.region or "")]
    circulated = [each for each in table if each.grade == "C" and "list" in each.source]
    assert len(circulated) == 15  # the industry list that articles copy


def test_answers_are_the_same_in_a_month_and_in_a_year() -> None:
    answers = scores("nps", 10, 9, 3)
    for every in ("month", "year"):
        found = told(
            ask(
                {"surveys": answers},
                ["nps"],
                as_of="2024-03-31",
                every=every,
                set_=industry("Retail"),
            ),
            "nps",
        )
        assert found.popitem()[1] == {
            "value": Decimal(29),
            "industry": "retail",
            "source": "XM Institute, Economics of NPS 2024",
            "year": "2023",
            "region": "US",
            "grade": "A",
        }


def test_a_rate_is_of_a_length_of_time() -> None:
    rows = {"customers": customers((50, "2022-01-01", None), (3, "2022-01-01", "2023-05-02"))}
    names = ["churn_rate", "retention_rate"]

    def of(every: str) -> Report:
        words = industry("retail", "subscriptions B2B")
        return ask(rows, names, as_of="2024-01-10", every=every, set_=words)

    monthly, yearly = of("month"), of("year")
    by_month = told(monthly, "churn_rate")
    # Of two figures of one grade the later; of a month that is not over, none.
    assert by_month["2023-12"]["value"] == Decimal("4.91")
    assert by_month["2024-01"] is None
    assert set(told(monthly, "retention_rate").values()) == {None}
    assert told(yearly, "retention_rate")["2023"]["value"] == 63
    assert set(told(yearly, "churn_rate").values()) == {None}


def test_what_looks_back_a_year_is_yearly_in_every_month() -> None:
    rows = {"subscriptions": [sold("A", "2022-01-01", 10)]}
    words = industry("B2B SaaS private")
    usual = ask(rows, ["nrr"], as_of="2024-01-31", set_=words)
    assert told(usual, "nrr")["2024-01"]["value"] == 102
    own = ask(
        rows, ["nrr"], as_of="2024-01-31", definitions={"nrr": "{window: period}"}, set_=words
    )
    assert told(own, "nrr")["2024-01"] is None


def test_segments_and_ratings_are_left_alone() -> None:
    answers = [row | {"channel": "web"} for row in scores("nps", 10, 9, 3)]
    found = ask(
        {"surveys": answers}, ["nps"], as_of="2024-03-31", by=["channel"], set_=industry("retail")
    )
    assert {r.benchmark is None for r in found.results if r.segment} == {True}
    assert {r.rating for r in found.results} == {None}
    assert found.findings == []


def test_a_file_of_ones_own_replaces_the_table(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("metric,industry,value,period,source,grade\nnps,cafés,41.5,survey,X,B\n")
    words = [f"benchmarks.path={path}", "benchmarks.industry=cafés"]
    found = ask({"surveys": scores("nps", 10)}, ["nps"], as_of="2024-03-31", set_=words)
    assert [*told(found, "nps").values()][-1]["value"] == Decimal("41.5")


def test_an_unknown_industry() -> None:
    with pytest.raises(UsageError, match="no benchmark is of the industry 'retial'") as caught:
        ask({"surveys": scores("nps", 1)}, ["nps"], as_of="2024-03-31", set_=industry("retial"))
    assert caught.value.hint == "did you mean 'retail'?"
    assert "grocery" in str(caught.value)
