"""`crm-kpi config show` and `config check`."""

from __future__ import annotations

from pathlib import Path

import yaml

from .conftest import Run


def write(folder: Path, text: str) -> None:
    (folder / "crm-kpi.yaml").write_text(text, encoding="utf-8")


def test_what_options_and_variables_say(crm_kpi: Run, tmp_path: Path) -> None:
    write(tmp_path, "periods: {every: month}\nlimits: {low_n: 5}\n")
    env = {"CRM_KPI_EVERY": "week", "CRM_KPI_SET": "limits.low_n=7 report.title=x"}
    done = crm_kpi("config", "show", "--origin", "--last", "3", "--strict", env=env)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "  every: week  # CRM_KPI_EVERY=week" in lines
    assert "  last: 3  # --last 3" in lines
    assert "  low_n: 7  # CRM_KPI_SET limits.low_n" in lines
    assert "  rejected_rows: 0  # --strict" in lines
    assert "  title: x  # CRM_KPI_SET report.title" in lines
    assert done.stderr == ""


def test_a_file_is_named_as_it_is_found(crm_kpi: Run, tmp_path: Path) -> None:
    write(tmp_path, "currency: VND\n")
    assert "currency: VND  # crm-kpi.yaml:1" in crm_kpi("config", "--origin").stdout
    (tmp_path / "b.yaml").write_text("currency: EUR\n")
    done = crm_kpi("config", "--origin", env={"CRM_KPI_CONFIG": "b.yaml"})
    assert "currency: EUR  # b.yaml:1" in done.stdout
    assert "mặc định" in crm_kpi("config", "--origin", "--language", "vi").stdout


def test_it_can_be_written_and_read(crm_kpi: Run, tmp_path: Path) -> None:
    write(tmp_path, "as_of: 2024-12-31\nthresholds: {nps: {target: {2024-Q1: 45, '*': 50}}}\n")
    assert crm_kpi("config", "--origin", "-o", "whole.yaml").returncode == 0
    text = (tmp_path / "whole.yaml").read_text()
    assert yaml.safe_load(text)["thresholds"]["nps"]["target"] == {"2024-Q1": 45, "*": 50}
    again = crm_kpi("config", "-c", "whole.yaml").stdout
    assert again == crm_kpi("config").stdout
    refused = crm_kpi("config", "-o", "crm-kpi.yaml")
    assert refused.returncode == 2


def test_check_tells_every_fault(crm_kpi: Run, tmp_path: Path) -> None:
    write(tmp_path, "limits: {low_n: few}\nperiods: {every: never}\n")
    done = crm_kpi("config", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "crm-kpi.yaml:1" in done.stderr
    assert "crm-kpi.yaml:2" in done.stderr
    assert crm_kpi("config", "show").returncode == 2


def test_check_reads_no_data(crm_kpi: Run, tmp_path: Path) -> None:
    write(tmp_path, "sources: {leads: {path: nothing.csv}}\n")
    done = crm_kpi("config", "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "crm-kpi.yaml is right\n")
    assert crm_kpi("config", "check", "-q").stderr == ""


def test_without_a_config_there_are_the_defaults(crm_kpi: Run) -> None:
    done = crm_kpi("config")
    assert yaml.safe_load(done.stdout)["periods"] == {
        "every": "month",
        "fiscal_year_start": 1,
        "week_start": "monday",
    }
