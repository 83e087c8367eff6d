"""Files that feed no table, exchange rates and dimensions: told of, and never written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

CONFIG = """currency: VND
as_of: 2024-12-31
exchange_rates: {path: rates.csv}
sources: {opportunities: {path: deals.csv}}
dimensions: {owner: teams.csv}
"""
DEALS = """opportunity_id,created_at,closed_at,outcome,amount,currency,owner
1,2024-01-02,2024-01-31,won,2,USD,An
2,2024-01-02,2024-01-31,won,5,VND,Chi
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    for name, content in (("crm-kpi.yaml", CONFIG), ("deals.csv", DEALS),
                          ("rates.csv", "date,currency,rate\n2024-01-30,USD,25000\n"),
                          ("teams.csv", "owner,team\nAn,North\n")):  # fmt: skip
        (tmp_path / "sub" / name).write_text(content, encoding="utf-8")
    return tmp_path / "sub"


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_paths_go_from_the_config(crm_kpi: Run, folder: Path, engine: str) -> None:
    done = crm_kpi("win-rate", "-c", "sub/crm-kpi.yaml", "--by", "team", "--every", "all", "-f",
                   "json", "--engine", engine)  # fmt: skip
    assert done.returncode == 0, done.stderr
    won = {r["segment"].get("team"): r["components"]["won_amount"]
           for r in json.loads(done.stdout)["results"] if r["segment"]}  # fmt: skip
    assert won == {"North": 50000, None: 5}
    assert "1 row has a value of owner that sub/teams.csv lacks" in done.stderr


@pytest.mark.parametrize("name", ["rates.csv", "teams.csv"])
def test_no_output_takes_their_place(crm_kpi: Run, folder: Path, name: str) -> None:
    before = (folder / name).read_text()
    done = crm_kpi("win-rate", "-c", "crm-kpi.yaml", "-o", name, "-f", "csv", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is an input of the same run" in done.stderr
    assert (folder / name).read_text() == before


def test_validate_looks_at_them(crm_kpi: Run, folder: Path) -> None:
    assert crm_kpi("validate", cwd=folder).returncode == 0
    (folder / "teams.csv").write_text("owner,amount\nAn,1\n")
    done = crm_kpi("validate", cwd=folder)
    assert done.returncode == 2
    assert "opportunities has a column amount already" in done.stdout
    config = CONFIG.replace("owner:", "ownr:")
    (folder / "crm-kpi.yaml").write_text(config)
    done = crm_kpi("validate", cwd=folder)
    assert "dimensions.ownr: no table that is read has such a column - did you mean 'owner'?" in (
        done.stdout
    )
    (folder / "rates.csv").write_text("date,currency,rate\n2024-01-30,USD,x\n")
    done = crm_kpi("validate", cwd=folder)
    assert done.returncode == 3
    assert done.stdout == "rates.csv:2: column rate: not a number ('x')\n"


def test_a_date_without_a_rate_ends_with_2(crm_kpi: Run, folder: Path) -> None:
    (folder / "rates.csv").write_text("date,currency,rate\n2024-02-01,USD,25000\n")
    done = crm_kpi("win-rate", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "error: rates.csv: no exchange rate for USD to VND on 2024-01-31, nor in the 10 days "
        "before it (opportunities)",
        "hint: add a line to rates.csv: 2024-01-31,USD,...",
    ]


def test_tables_that_are_kept_follow_the_rates(crm_kpi: Run, folder: Path) -> None:
    words = ("win-rate", "--every", "all", "-f", "json", "-q", "--set", "cache=kept")
    for rate in ("25000", "25000", "26000"):
        (folder / "rates.csv").write_text(f"date,currency,rate\n2024-01-30,USD,{rate}\n")
        done = crm_kpi(*words, cwd=folder)
        assert done.returncode == 0, done.stderr
        (result,) = json.loads(done.stdout)["results"]
        assert result["components"]["won_amount"] == 2 * int(rate) + 5
