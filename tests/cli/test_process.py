"""Bad input: one message, its exit code, an empty stdout, no traceback."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .conftest import Run

Done = subprocess.CompletedProcess[str]


def refused(done: Done, code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")
    for word in words:
        assert word in done.stderr, done.stderr


def test_missing_file(crm_kpi: Run) -> None:
    refused(crm_kpi("nps", "no.csv"), 3, "no.csv")


def test_folder(crm_kpi: Run, tmp_path: Path) -> None:
    refused(crm_kpi("nps", tmp_path), 3, str(tmp_path))


def test_empty_file(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    refused(crm_kpi("nps", "a.csv"), 3, "a.csv", "empty")


def test_missing_required_column(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,sign_up_dat\nA,2024-01-31\n")
    refused(crm_kpi("customers", "a.csv"), 3, "signup_date", "sign_up_dat", "columns:")


def test_column_that_the_metric_needs(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ticket_id,created_at\n1,2024-01-31 10:00\n")
    refused(crm_kpi("first-response-time", "a.csv"), 3, "first_reply_at", "ticket_id")


def test_ambiguous_dates(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,signup_date,churn_date\nA,03/04/2024,\n")
    refused(crm_kpi("customers", "a.csv"), 3, "signup_date", "dates")


def test_ambiguous_numbers(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,date,amount\nA,2024-04-03,1.250\n")
    refused(crm_kpi("revenue", "a.csv"), 3, "amount", "numbers")


def test_unknown_metric(crm_kpi: Run) -> None:
    refused(crm_kpi("retention-rat"), 2, "retention-rat", "did you mean 'retention-rate'?")


def test_unknown_option(crm_kpi: Run) -> None:
    refused(crm_kpi("nps", "--evry", "month"), 2, "--evry", "--every")


def test_unknown_config_key(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("timezone: UTC\nthresholdz:\n  nps: {target: 50}\n")
    refused(crm_kpi("report", "-c", "c.yaml"), 2, "c.yaml:2", "thresholdz", "'thresholds'")


def test_missing_config(crm_kpi: Run) -> None:
    refused(crm_kpi("report", "-c", "c.yaml"), 2, "c.yaml")


def test_nothing_to_report_on(crm_kpi: Run) -> None:
    refused(crm_kpi("report"), 2, "demo")


def test_from_after_to(crm_kpi: Run, customers: Path) -> None:
    refused(crm_kpi("customers", customers, "--from", "2024-02", "--to", "2024-01"), 2, "2024-01")


def test_unknown_by_column(crm_kpi: Run, customers: Path) -> None:
    refused(
        crm_kpi("customers", customers, "--by", "signup_dat"), 2, "--by signup_dat", "signup_date"
    )


def test_where_without_equals(crm_kpi: Run, customers: Path) -> None:
    refused(crm_kpi("customers", customers, "--where", "region"), 2, "COLUMN=VALUE")


def test_too_many_rejected_rows(crm_kpi: Run, customers: Path) -> None:
    with customers.open("a") as file:
        file.write("X1,31/02/2024,\nX2,soon,\n")
    done = crm_kpi("customers", customers)
    kind = f"2 × signup_date: not a date: {customers}:27 '31/02/2024', :28 'soon'"
    refused(done, 3, "2 of 27", kind, "or leave them out: --set limits.rejected_rows=8%")


def test_strict_tolerates_none(crm_kpi: Run, customers: Path) -> None:
    with customers.open("a") as file:
        file.write("X1,31/02/2024,\n")
    loose = ("customers", customers, "--set", "limits.rejected_rows=10%")
    assert crm_kpi(*loose).returncode == 0
    refused(crm_kpi("customers", customers, "--strict"), 3, "1 of 26")


def test_more_than_a_hundred_thousand_periods(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi(
        "customers", customers, "--every", "day", "--as-of", "2199-12-31", "--from", "1900"
    )
    refused(done, 2, "100,000")


class TestOutput:
    def test_missing_folder(self, crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
        refused(crm_kpi("customers", customers, "-o", tmp_path / "no" / "a.txt"), 5, "mkdir")

    def test_a_file_where_a_folder_should_be(self, crm_kpi: Run, customers: Path) -> None:
        refused(crm_kpi("customers", customers, "-o", "/dev/null/a.txt"), 5)

    def test_a_folder(self, crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
        refused(crm_kpi("customers", customers, "-o", tmp_path), 5, "folder")

    def test_the_old_file_stays_when_the_run_fails(
        self, crm_kpi: Run, customers: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "out.txt").write_text("old")
        refused(crm_kpi("nps", customers, "-o", tmp_path / "out.txt"), 3)
        assert (tmp_path / "out.txt").read_text() == "old"
        assert {p.name for p in tmp_path.iterdir()} == {"customers.csv", "out.txt"}

    def test_written_whole(self, crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
        done = crm_kpi("customers", customers, "-f", "json", "-o", tmp_path / "out.json")
        assert (done.returncode, done.stdout) == (0, "")
        assert json.loads((tmp_path / "out.json").read_text())["results"]
        assert {p.name for p in tmp_path.iterdir()} == {"customers.csv", "out.json"}

    def test_an_input(self, crm_kpi: Run, customers: Path) -> None:
        before = customers.read_text()
        refused(crm_kpi("customers", customers, "-o", customers), 2, "input")
        assert customers.read_text() == before


@pytest.mark.parametrize("format", ["table", "json", "ndjson", "csv", "markdown"])
def test_no_rows_is_an_answer(crm_kpi: Run, tmp_path: Path, format: str) -> None:
    (tmp_path / "a.csv").write_text("customer_id,signup_date,churn_date\n")
    done = crm_kpi("customers", "a.csv", "--as-of", "2024-01-31", "-f", format)
    assert done.returncode == 0, done.stderr
    assert "no rows of customers" in done.stdout


def test_an_option_of_zero_is_an_option(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,signup_date\nA,2024-01-31\n")
    refused(crm_kpi("customers", "a.csv", "--last", "0"), 2, "--last 0", "at least 1")
