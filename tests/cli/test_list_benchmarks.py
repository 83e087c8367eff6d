"""`crm-kpi benchmarks`, in all its formats."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Run


def test_all_of_it_and_of_one_kpi(crm_kpi: Run) -> None:
    done = crm_kpi("benchmarks")
    assert done.returncode == 0
    assert "C, origin unknown" in done.stdout
    assert "These are no goals" in done.stdout
    assert "5.48 %" in done.stdout  # as it was published
    one = crm_kpi("benchmarks", "NPS", "--industry", "Retail", "-f", "json")
    (row,) = json.loads(one.stdout)
    assert (row["metric"], row["industry"], row["value"], row["grade"]) == (
        "nps",
        "retail",
        29,
        "A",
    )


def test_formats_say_the_same(crm_kpi: Run) -> None:
    words = ("benchmarks", "churn-rate")
    rows = json.loads(crm_kpi(*words, "-f", "json").stdout)
    lines = [json.loads(line) for line in crm_kpi(*words, "-f", "ndjson").stdout.splitlines()]
    csv = crm_kpi(*words, "-f", "csv").stdout.splitlines()
    markdown = crm_kpi(*words, "-f", "markdown").stdout.splitlines()
    assert lines == rows
    assert csv[0].split(",") == [*rows[0]]
    assert len(csv) - 1 == len(markdown) - 2 == len(rows) == 9


def test_nothing_of_a_kpi(crm_kpi: Run) -> None:
    done = crm_kpi("benchmarks", "revenue")
    assert (done.returncode, done.stdout.strip()) == (0, "no benchmark")


def test_vietnamese(crm_kpi: Run) -> None:
    done = crm_kpi("benchmarks", "repeat-purchase-rate", "--language", "vi")
    assert "C, không rõ nguồn gốc" in done.stdout
    assert "Đây không phải mục tiêu" in done.stdout


def test_bad_words(crm_kpi: Run) -> None:
    done = crm_kpi("benchmarks", "--industry", "nowhere")
    assert done.returncode == 2
    assert "grocery" in done.stderr
    assert crm_kpi("benchmarks", "npss").returncode == 2


def test_a_file_with_a_fault(crm_kpi: Run, tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("metric,industry,value,period,source,grade\nnps,cafés,x,survey,X,B\n")
    done = crm_kpi("benchmarks", "--set", f"benchmarks.path={path}")
    assert done.returncode == 3
    assert "ours.csv:2: column value: not a number ('x')" in done.stderr
    assert not done.stdout


def test_a_line_beside_a_kpi(crm_kpi: Run, tmp_path: Path) -> None:
    answers = tmp_path / "a.csv"
    answers.write_text("score,answered_at\n9,2024-03-01\n10,2024-03-02\n")
    words = ("nps", answers, "--set", "benchmarks.industry=retail")
    line = "benchmark, retail: 29.0 pts · US · 2023 · A · XM Institute, Economics of NPS 2024"
    assert line in crm_kpi(*words, "-f", "markdown").stdout
    csv = crm_kpi(*words, "-f", "csv").stdout.splitlines()
    assert csv[0].endswith("benchmark.value,benchmark.industry,benchmark.source,benchmark.year,"
                           "benchmark.region,benchmark.grade")  # fmt: skip
    assert "benchmark" not in crm_kpi("nps", answers, "-f", "csv").stdout
    page = tmp_path / "page.html"
    assert crm_kpi(*words, "-o", page).returncode == 0
    assert "benchmark, retail: 29.0" in page.read_text(encoding="utf-8")
