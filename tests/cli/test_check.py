"""Thresholds: ratings in every output, and what `check` says and ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

JANUARY = ("--from", "2024-01", "--to", "2024-01", "--as-of", "2024-03-31")


def rule(text: str) -> tuple[str, str]:
    return ("--set", f"thresholds.retention_rate={text}")


@pytest.mark.parametrize(
    ("text", "rating", "code"),
    [
        ("{target: 95}", "met", 0),  # 95.0: at the target is met
        ("{target: 96, warning: 95}", "warning", 0),  # at the warning is a warning
        ("{target: 96}", "missed", 4),
        ("{target: 97, warning: 96}", "missed", 4),
        ("{target: {2024-01: 96, 2024-02: 10}}", "missed", 4),
        ("{target: {2024-02: 99, '*': 90}}", "met", 0),
    ],
)
def test_rating_and_exit_code(
    crm_kpi: Run, customers: Path, text: str, rating: str, code: int
) -> None:
    words = ("--customers", customers, *JANUARY, *rule(text))
    report = json.loads(crm_kpi("report", *words, "-f", "json").stdout)
    (result,) = [r for r in report["results"] if r["metric"] == "retention_rate"]
    assert result["rating"] == rating
    done = crm_kpi("check", *words, "-f", "json")
    assert done.returncode == code, done.stderr
    shown = [r["rating"] for r in json.loads(done.stdout)["results"]]
    assert shown == ([] if rating == "met" else [rating])


def test_fail_on_warning_and_exit_zero(crm_kpi: Run, customers: Path) -> None:
    words = ("check", "--customers", customers, *JANUARY, *rule("{target: 96, warning: 90}"))
    assert crm_kpi(*words).returncode == 0
    assert crm_kpi(*words, "--fail-on", "warning").returncode == 4
    assert crm_kpi(*words, "--fail-on", "warning", "--exit-zero").returncode == 0


def test_per_segment(crm_kpi: Run, tmp_path: Path) -> None:
    rows = [f"A{n},2023-01-01,,HN" for n in range(10)]
    rows += [f"B{n},2023-01-01,{'2024-01-05' if n < 5 else ''},SG" for n in range(10)]
    path = tmp_path / "c.csv"
    path.write_text("\n".join(["customer_id,signup_date,churn_date,region", *rows]))
    words = ("check", "--customers", path, *JANUARY, *rule("{target: 70, by: region}"))
    done = crm_kpi(*words, "-f", "json")
    assert done.returncode == 4, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert (result["segment"], result["value"]) == ({"region": "SG"}, 50.0)
    both = crm_kpi(*words[:-1], "thresholds.retention_rate={target: {SG: 50, HN: 99}, by: region}")
    assert both.returncode == 0


def test_a_threshold_without_a_source_is_not_met(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi(
        "check", "--customers", customers, *JANUARY, "--set", "thresholds.nps={target: 5}"
    )
    assert done.returncode == 3
    assert "no surveys source" in done.stderr
    assert done.stdout == ""


def test_a_threshold_without_a_value_is_not_met(crm_kpi: Run, customers: Path) -> None:
    words = ("--from", "2022-01", "--to", "2022-01", "--as-of", "2024-03-31")
    done = crm_kpi("check", "--customers", customers, *words, *rule("{target: 5}"))
    assert done.returncode == 3
    assert "no customers at the start" in done.stderr


def test_without_thresholds(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi("check", "--customers", customers)
    assert done.returncode == 2
    assert "thresholds" in done.stderr


def test_goal_progress(crm_kpi: Run, customers: Path) -> None:
    words = ("--customers", customers, *JANUARY, "-f", "json")
    upward = crm_kpi("report", *words, "--set", "thresholds.customers={target: 30, start: 20}")
    (result,) = [r for r in json.loads(upward.stdout)["results"] if r["metric"] == "customers"]
    assert result["progress"] == 40.0  # (24 - 20) / (30 - 20)
    downward = crm_kpi("report", *words, "--set", "thresholds.churn_rate={target: 2, start: 8}")
    (result,) = [r for r in json.loads(downward.stdout)["results"] if r["metric"] == "churn_rate"]
    assert result["progress"] == 50.0  # (5 - 8) / (2 - 8)


def test_a_partial_period_is_not_judged_beside_a_whole_one(crm_kpi: Run, customers: Path) -> None:
    words = ("--customers", customers, "--from", "2024-01", "--as-of", "2024-02-10")
    done = crm_kpi("check", *words, "--set", "thresholds.customers={target: 24}")
    assert done.returncode == 0
    assert "not yet whole: 2024-02" in done.stderr
