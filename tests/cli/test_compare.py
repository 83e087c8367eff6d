"""compare: two exports of one list, as people, scripts and churn-rate read what came of them."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path

import pytest

from .conftest import Run

OLD = """customer_id,name,signup_date,churned
A,An,2024-01-03,no
B,Bình,2024-02-13,yes
C,Chi,2024-11-30,no
D,"=Dung",2024-02-13,no
"""
NEW = """customer_id,name,signup_date,churned
A,An,2024-01-03,no
B,Bình,2024-02-13,yes
C,Chi,2024-11-30,yes
F,Phong,2024-12-31,no
G,Giang,2024-12-30,no
"""


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "old.csv").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.csv").write_text(NEW, encoding="utf-8")
    return tmp_path


def test_a_line_a_change_and_what_was_taken_for_granted(crm_kpi: Run, lists: Path) -> None:
    done = crm_kpi("compare", "old.csv", "new.csv", "--show", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "customers on 2024-11-30: 3; on 2024-12-31: 3\n"
        "change    customers  who\n"
        "came              2  F (Phong) and 1 more\n"
        "went              1  D (=Dung)\n"
        "turned            1  C (Chi)\n"
        "returned          0\n"
    )
    assert done.stderr.splitlines() == [
        "note: old.csv is taken to be of 2024-11-30, its newest signup_date; --old-date says "
        "otherwise",
        "note: new.csv is taken to be of 2024-12-31, its newest signup_date; --new-date says "
        "otherwise",
    ]


def test_the_table_gives_the_churn_rate(crm_kpi: Run, lists: Path) -> None:
    done = crm_kpi("compare", "old.csv", "new.csv", "-o", "found.csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO((lists / "found.csv").read_text(encoding="utf-8"))))
    assert [(r["customer_id"], r["signup_date"], r["churn_date"]) for r in rows] == [
        ("A", "2024-01-03", ""),
        ("C", "2024-11-30", "2024-12-31"),
        ("D", "2024-02-13", "2024-12-31"),
        ("F", "2024-12-31", ""),
        ("G", "2024-12-30", ""),
    ]
    assert rows[2]["name"] == "'=Dung"  # no formula
    assert "1 customer had left by 2024-11-30, nobody knows when, and is not in found.csv" in (
        done.stderr
    )
    *_, last = done.stderr.splitlines()
    words = shlex.split(last.removeprefix("try: crm-kpi "))
    asked = crm_kpi(*words, "-f", "json")
    (result,) = json.loads(asked.stdout)["results"]
    assert (result["period"], result["value"], result["n"]) == (
        "2024-12", pytest.approx(200 / 3), 3,
    )  # fmt: skip


def test_every_format_tells_the_same(crm_kpi: Run, lists: Path) -> None:
    def said(format: str) -> str:
        done = crm_kpi("compare", "old.csv", "new.csv", "-f", format, "-q")
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    whole = json.loads(said("json"))
    assert whole["old"] == {"path": "old.csv", "date": "2024-11-30", "rows": 4, "customers": 3}
    assert whole["new"]["customers"] == 3
    counts = {name: whole[name]["count"] for name in ("came", "went", "turned", "returned")}
    assert counts == {"came": 2, "went": 1, "turned": 1, "returned": 0}
    lines = [json.loads(line) for line in said("ndjson").splitlines()]
    assert [(one["change"], one["customer_id"]) for one in lines] == [
        ("came", "F"), ("came", "G"), ("went", "D"), ("turned", "C"),
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(said("csv"))))
    assert [{k: v or None for k, v in row.items()} for row in rows] == [
        one | ({"name": "'=Dung"} if one["customer_id"] == "D" else {}) for one in lines
    ]
    assert "| came | 2 | F (Phong), G (Giang) |" in said("markdown")


def test_the_table_alone_on_stdout(crm_kpi: Run, lists: Path) -> None:
    done = crm_kpi("compare", "old.csv", "new.csv", "-o", "-", "-q")
    assert done.stdout.splitlines()[0] == "customer_id,signup_date,churn_date,name"


def test_days_that_are_given(crm_kpi: Run, lists: Path) -> None:
    days = ("--old-date", "2024-11-15", "--new-date", "2025-01-02")
    done = crm_kpi("compare", "old.csv", "new.csv", *days)
    assert done.stdout.startswith("customers on 2024-11-15: 3; on 2025-01-02: 3\n")
    assert done.stderr == (
        "note: old.csv has a signup_date of 2024-11-30, after 2024-11-15, on which it was made\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "error", "hint"),
    [
        (["new.csv", "old.csv"], 3, "old.csv: is of 2024-11-30, which is not after 2024-12-31",
         "crm-kpi compare old.csv new.csv; or say when it was made: --old-date YYYY-MM-DD"),
        (["bare-2024-10-31.csv", "new.csv"], 3, "no date in it tells on which day the list was",
         "say when it was made: --old-date 2024-10-31\n"),
        (["old.csv", "new.csv", "--old-date", "31/12/2024"], 2, "should be a date such as", ""),
        (["old.csv", "new.csv", "--old-date", "2025-01-01", "--new-date", "2024-12-31"], 2,
         "--old-date 2025-01-01 is not before --new-date 2024-12-31", "the older list comes first"),
        (["old.csv", "new.csv", "-o", "found.xlsx"], 2, "-o found.xlsx", "FILE.csv"),
        (["old.csv", "new.csv", "-o", "new.csv"], 2, "is an input of the same run", ""),
        (["old.csv", "new.csv", "-o", "no/found.csv"], 5, "-o no/found.csv", "mkdir -p no"),
        (["old.csv", "nix.csv"], 3, "nix.csv: no such file", ""),
        (["old.csv"], 2, "NEW", ""),
        (["sales.csv", "new.csv"], 3, "sales.csv: no column for customer_id", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(
    crm_kpi: Run, lists: Path, words: list[str], code: int, error: str, hint: str
) -> None:
    (lists / "bare-2024-10-31.csv").write_text("customer_id,churned\nA,no\n")
    (lists / "sales.csv").write_text("day,total\n2024-01-02,5\n")
    done = crm_kpi("compare", *words)
    assert done.returncode == code
    assert done.stdout == "" or code == 5
    assert error in done.stderr
    assert hint in done.stderr
    assert (lists / "new.csv").read_text(encoding="utf-8") == NEW


def test_a_list_is_read_as_the_config_reads_customers(crm_kpi: Run, lists: Path) -> None:
    for name, content in (("old.csv", OLD), ("new.csv", NEW)):
        changed = content.replace("customer_id", "Nr").replace("churned", "Weg")
        (lists / name).write_text(changed, encoding="utf-8")
    block = "{path: x.csv, columns: {customer_id: Nr, churned: Weg}}"
    (lists / "c.yaml").write_text(f"sources: {{customers: {block}}}\n")
    done = crm_kpi("compare", "old.csv", "new.csv", "-c", "c.yaml", "-f", "json", "-q")
    assert json.loads(done.stdout)["turned"]["count"] == 1
    words = ("--set", "sources.customers.columns={customer_id: Nr, churned: Weg}")
    again = crm_kpi("compare", "old.csv", "new.csv", *words, "-f", "json", "-q")
    assert again.stdout == done.stdout


def test_a_config_that_nobody_names_is_not_used(crm_kpi: Run, lists: Path) -> None:
    (lists / "crm-kpi.yaml").write_text("sources: {customers: {path: x.csv, preset: absent}}\n")
    done = crm_kpi("compare", "old.csv", "new.csv")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("crm-kpi.yaml is not used, as files are named")
