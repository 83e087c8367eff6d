"""`check --unusual`: a last whole period unlike those before it ends with 4."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

COUNTS = (60, 62, 58, 60, 63, 60, 58, 62, 60, 60)


def leads(path: Path, last: int) -> Path:
    """Ten months of about 60 leads, then one of so many, and the beginning of another."""
    rows = [
        f"L{month}-{n},{2023 + month // 12}-{month % 12 + 1:02}-05"
        for month, count in enumerate((*COUNTS, last, 2))
        for n in range(count)
    ]
    path.write_text("\n".join(["lead_id,created_at", *rows, ""]), encoding="utf-8")
    return path


WORDS = ("check", "--unusual", "--as-of", "2023-12-10")


@pytest.mark.parametrize(("last", "code"), [(120, 4), (35, 4), (61, 0)])
def test_exit_code(crm_kpi: Run, tmp_path: Path, last: int, code: int) -> None:
    words = (*WORDS, "--leads", leads(tmp_path / "leads.csv", last))
    done = crm_kpi(*words, "-f", "json")
    assert done.returncode == code, done.stderr
    report = json.loads(done.stdout)
    unusual = [(r["metric"], r["period"], r["value"]) for r in report["results"]]
    assert unusual == ([("leads", "2023-11", last)] if code else [])
    assert [f["metric"] for f in report["findings"]] == (["leads"] if code else [])
    assert f"check: {len(unusual)} unusual" in done.stderr
    assert crm_kpi(*words, "--exit-zero").returncode == 0


def test_a_line_for_people(crm_kpi: Run, tmp_path: Path) -> None:
    done = crm_kpi(*WORDS, "--leads", leads(tmp_path / "leads.csv", 120))
    (line,) = done.stdout.splitlines()
    assert line.startswith("! unusual  Leads  120  2023-11")
    assert "usual: 53.39 to 67.21" in line
    spoken = crm_kpi(*WORDS, "--leads", tmp_path / "leads.csv", "--language", "vi")
    assert "bất thường" in spoken.stdout


def test_beside_goals(crm_kpi: Run, tmp_path: Path) -> None:
    """A goal that is met has its line once, and what is unusual about it."""
    path = leads(tmp_path / "leads.csv", 120)
    words = ("--leads", path, "--set", "thresholds.leads={target: 10}", "-f", "json")
    done = crm_kpi(*WORDS, *words)
    assert done.returncode == 4
    (result,) = json.loads(done.stdout)["results"]
    assert (result["rating"], result["unusual"]) == ("met", True)
    assert crm_kpi("check", "--as-of", "2023-12-10", *words).returncode == 0


def test_without_goals_it_has_to_be_asked_for(crm_kpi: Run, tmp_path: Path) -> None:
    done = crm_kpi("check", "--leads", leads(tmp_path / "leads.csv", 120))
    assert done.returncode == 2
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("customer_id\nC1\n")
    assert crm_kpi(*WORDS, "--customers", nothing).returncode == 3
