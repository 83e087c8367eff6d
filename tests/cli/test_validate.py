"""validate: a list of every problem, the tables as read, and what stderr says of old data."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

from .conftest import ROOT, Run, environment

SAMPLES = ROOT / "samples"


def test_every_problem_with_its_place(crm_kpi: Run, customers: Path) -> None:
    with customers.open("a") as file:
        file.write('X1,31/02/2024,\n"X\n2",soon,\nX3,2024-01-05,2024-01-04\n')
    done = crm_kpi("validate", customers, "-f", "json")
    assert done.returncode == 3  # more than 1 % of the rows
    found = [(p["line"], p["column"], p["value"]) for p in json.loads(done.stdout)]
    assert found == [
        (27, "signup_date", "31/02/2024"),
        (28, "signup_date", "soon"),
        (30, "churn_date", "2024-01-04"),
    ]


def test_rejects_within_the_limit_are_listed_and_pass(crm_kpi: Run) -> None:
    done = crm_kpi("validate", "-c", SAMPLES / "crm-kpi.yaml")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 5
    strict = crm_kpi("validate", "-c", SAMPLES / "crm-kpi.yaml", "--strict")
    assert strict.returncode == 3


def test_every_file_is_tried(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi("validate", "nope.csv", customers)
    assert done.returncode == 3
    assert "nope.csv" in done.stdout
    assert "25 rows read" in done.stderr


def test_config_problems_are_the_list(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("limitz: {}\nperiods: {every: moon}\n")
    done = crm_kpi("validate", "-c", "c.yaml")
    assert done.returncode == 2
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["c.yaml:1", "c.yaml:2"]


def test_clean_tables_give_the_same_answers(crm_kpi: Run, tmp_path: Path) -> None:
    files = sorted(SAMPLES.glob("*.csv"))
    words = ("--as-of", "2024-12-31", "--set", "timezone=Asia/Ho_Chi_Minh")
    done = crm_kpi("validate", *files, "--clean", tmp_path / "clean", *words)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "clean" / "rejects.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 5
    asked = ("-f", "json", *words, "--every", "quarter")
    for metric, table in (("revenue", "transactions"), ("first-response-time", "tickets")):
        ours = crm_kpi(metric, SAMPLES / f"{table}.csv", *asked)
        clean = crm_kpi(metric, tmp_path / "clean" / f"{table}.csv", *asked)
        assert json.loads(ours.stdout)["results"] == json.loads(clean.stdout)["results"]


def test_clean_never_replaces_its_source(crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
    before = customers.read_text()
    done = crm_kpi("validate", customers, "--clean", tmp_path)
    assert done.returncode == 2
    assert customers.read_text() == before
    nowhere = crm_kpi("validate", customers, "--clean", "/dev/null/x")
    assert nowhere.returncode == 5


def test_quality_lists_what_lowers_the_scores(crm_kpi: Run, tmp_path: Path) -> None:
    rows = (
        "A,2024-01-05,,an@example.com",
        "B,2024-01-05,,an at example",
        "C,2024-01-05,,an@example.com",
    )
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(["customer_id,signup_date,churn_date,email", *rows, ""]))
    assert crm_kpi("validate", path).stdout == ""
    done = crm_kpi("validate", path, "--quality")
    assert "customers.csv:3: column email" in done.stdout
    assert "customers.csv:4: column email" in done.stdout


def test_quality_needs_no_signup_date(crm_kpi: Run, tmp_path: Path) -> None:
    rows = "Mã khách hàng,Email,Nhóm khách hàng\nKH1,an@example.com,VIP\nKH2,an at example,\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    done = crm_kpi("validate", "list.csv", "--quality")
    assert "list.csv:3: column email: not an e-mail address" in done.stdout
    assert "no column for signup_date of customers" in done.stdout
    assert done.returncode == 3  # most KPIs would refuse it
    other = "Người bán,Email\nA,an at example\n"
    (tmp_path / "other.csv").write_text(other, encoding="utf-8")
    assert "not an e-mail" not in crm_kpi("validate", "other.csv", "--quality").stdout
    clean = crm_kpi("validate", "list.csv", "--quality", "--clean", "out")
    assert "fits none of the tables" in clean.stdout


def test_an_old_export_is_said_to_be_old(crm_kpi: Run, customers: Path) -> None:
    assert (
        "set --as-of 2024-01-20"
        not in crm_kpi("customers", customers, "--as-of", "2024-03-31").stderr
    )
    assert "as_of is 2024-01-20, the newest date" in crm_kpi("customers", customers).stderr
    config = customers.with_name("config.yaml")
    config.write_text("sources: {customers: {path: customers.csv}}")
    assert "the data end on 2024-01-10" in crm_kpi("customers", "-c", config).stderr


def test_a_value_that_is_nowhere_is_said(crm_kpi: Run) -> None:
    words = ("-c", SAMPLES / "crm-kpi.yaml", "--where", "region=HN")
    done = crm_kpi("customers", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no row has region=HN" in done.stderr
    assert "Hà Nội" in done.stderr


def test_ambiguous_dates_are_settled_as_the_hint_says(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,date,amount\nA,03/04/2024,12\n")
    refused = crm_kpi("revenue", "a.csv")
    word = refused.stderr.split("--set ")[1].split()[0]
    done = crm_kpi("revenue", "a.csv", "--set", word, "--as-of", "2024-04-30", "-f", "json")
    assert done.returncode == 0, done.stderr
    assert [r["period"] for r in json.loads(done.stdout)["results"]] == ["2024-04"]


def test_help_into_head() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m crm_kpi --help | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, cwd=ROOT, env=environment(),
    )  # fmt: skip
    assert done.stdout in ("141\n", "0\n")
    assert done.stderr == ""
