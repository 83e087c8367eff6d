"""validate --clean: what was read, as files that read back to the same; and what was not."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
import yaml

from crm_kpi import catalogue

from .conftest import ROOT, Run

SAMPLES = ROOT / "samples"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_clean_company_has_the_same_numbers(crm_kpi: Run, tmp_path: Path) -> None:
    """Every KPI and the samples' own config; and what was written has no fault left."""
    done = crm_kpi("validate", "-c", SAMPLES / "crm-kpi.yaml", "--clean", "clean", "-q")
    assert done.returncode == 0, done.stderr
    config = yaml.safe_load((SAMPLES / "crm-kpi.yaml").read_text(encoding="utf-8"))
    config["sources"] = {table: {"path": f"clean/{table}.csv"} for table in config["sources"]}
    (tmp_path / "clean.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    again = crm_kpi("validate", "-c", "clean.yaml", "-f", "json")
    assert (again.returncode, again.stdout) == (0, "[]\n")
    theirs, ours = (
        json.loads(crm_kpi("report", "-q", "-c", config, "-f", "json").stdout)
        for config in (SAMPLES / "crm-kpi.yaml", "clean.yaml")
    )
    assert len(ours["results"]) > 100
    for one, other in zip(theirs["results"], ours["results"], strict=True):
        if catalogue.entries()[one["metric"]].domain != "quality":  # it counts rejected rows too
            assert one == other


def test_moments_keep_their_fraction(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "ticket_id,created_at,first_reply_at\n"
        "1,2024-01-05 10:00:00.25,2024-01-05 10:00:01.000001\n2,2024-01-05 10:00:00,\n"
    )
    assert crm_kpi("validate", "t.csv", "--clean", "d").returncode == 0
    found = rows(tmp_path / "d" / "tickets.csv")
    assert [row["first_reply_at"] for row in found] == ["2024-01-05T10:00:01.000001Z", ""]
    words = ("--as-of", "2024-01-31", "-f", "json")
    before, after = (
        json.loads(crm_kpi("first-response-time", path, *words).stdout)["results"]
        for path in ("t.csv", "d/tickets.csv")
    )
    assert before == after


def test_money_is_in_the_currency_that_it_was_converted_to(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "customer_id,date,amount,currency\nA,2024-01-05,2.50,USD\nB,2024-01-05,1000,VND\n"
    )
    rates = ("--set", "currency=VND", "--set", "exchange_rates.USD=25400")
    assert crm_kpi("validate", "t.csv", *rates, "--clean", "d").returncode == 0
    found = [(row["amount"], row["currency"]) for row in rows(tmp_path / "d" / "transactions.csv")]
    assert found == [("63500.0000", "VND"), ("1000.0000", "VND")]


def test_rejects_have_their_place_and_their_record(
    crm_kpi: Run, customers: Path, tmp_path: Path
) -> None:
    with customers.open("a") as file:
        file.write('"X ""1""",31/02/2024,\n"=X\n2",2024-01-05\n')
    assert crm_kpi("validate", customers, "--clean", "d").returncode == 3
    assert rows(tmp_path / "d" / "rejects.csv") == [
        {
            "path": str(customers), "line": "27", "column": "signup_date", "value": "31/02/2024",
            "reason": "not a date", "row": '"X ""1""",31/02/2024,',
        },
        {
            "path": str(customers), "line": "28", "column": "", "value": "",
            "reason": "too few fields", "row": '"=X\n2",2024-01-05',
        },
    ]  # fmt: skip
    assert len(rows(tmp_path / "d" / "customers.csv")) == 25


def test_no_value_begins_a_line_that_a_build_obeys(crm_kpi: Run, tmp_path: Path) -> None:
    texts = ["::error::x", "##vso[x]", " \ufeff::x", "", "a\n::b", "\u200b=1", "x"]
    with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a", "b"), *((text, "::1") for text in texts)])
    assert crm_kpi("validate", "t.csv", "--clean", "clean", "-q").returncode == 3
    written = (tmp_path / "clean" / "t.csv").read_text(encoding="utf-8")
    assert [
        line for line in written.splitlines() if line.strip("\ufeff ")[:2] in ("::", "##")
    ] == []
    texts[4:6] = ["a␊::b", "'\u200b=1"]
    assert rows(tmp_path / "clean" / "t.csv") == [{"a": text, "b": "::1"} for text in texts]


def test_poor_cells_are_not_rejected_rows(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("customer_id,signup_date,email\nA,2024-01-05,an at x\n")
    done = crm_kpi("validate", "c.csv", "--quality", "--clean", "d", "-f", "json")
    assert [found["level"] for found in json.loads(done.stdout)] == ["warning"]
    assert rows(tmp_path / "d" / "rejects.csv") == []


class TestFileThatIsNoTable:
    def test_is_written_as_text(self, crm_kpi: Run, tmp_path: Path) -> None:
        (tmp_path / "stock.tsv").write_bytes(
            '\ufeffHàng\tGiá\tGhi chú\r\nÁo\t1,5\t"a ""b""\r\nc"\r\n"Quần"\t\t=1+1\r\n\r\nx\ty\r\n'
            "007\t-5\t+84 901 234 567\r\n".encode()
        )
        done = crm_kpi("validate", "stock.tsv", "--clean", "d")
        assert done.returncode == 3
        assert done.stdout.splitlines()[1] == "stock.tsv:6: too few fields"
        with (tmp_path / "d" / "stock.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [
                ["Hàng", "Giá", "Ghi chú"],
                ["Áo", "1,5", 'a "b"\r\nc'],
                ["Quần", "", "'=1+1"],
                ["007", "-5", "+84 901 234 567"],
            ]

    def test_of_one_column_keeps_its_blanks(self, crm_kpi: Run, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("word\nx\n\ny\n")
        crm_kpi("validate", "a.csv", "--clean", "d")
        assert (tmp_path / "d" / "a.csv").read_text() == 'word\nx\n""\ny\n'

    def test_that_cannot_be_read_is_not_written(self, crm_kpi: Run, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text('a,b\n1,"x" y\n')
        done = crm_kpi("validate", "a.csv", "no.csv", "--clean", "d")
        assert done.returncode == 3
        assert {path.name for path in (tmp_path / "d").iterdir()} == {"rejects.csv"}

    def test_two_of_one_name(self, crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
        names = ("a/x.csv", "b/X.csv.gz", "b/customers.csv", "b/Rejects.txt")
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"what,why\n{name},1\n")
        crm_kpi("validate", customers, *names, "--clean", "d")
        written = {path.name: rows(path)[:1] for path in (tmp_path / "d").iterdir()}
        assert {name: found[0].get("what") for name, found in written.items()} == {
            "customers.csv": None, "rejects.csv": None, "x.csv": "a/x.csv",
            "X-2.csv": "b/X.csv.gz", "customers-2.csv": "b/customers.csv",
            "Rejects-2.csv": "b/Rejects.txt",
        }  # fmt: skip


class TestNoInputIsReplaced:
    @pytest.fixture
    def before(self, customers: Path) -> str:
        return customers.read_text()

    def test_by_its_own_folder(self, crm_kpi: Run, customers: Path, before: str) -> None:
        done = crm_kpi("validate", customers, "--clean", customers.parent)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--clean" in done.stderr
        assert customers.read_text() == before

    def test_by_a_folder_that_is_a_link(
        self, crm_kpi: Run, customers: Path, before: str, tmp_path: Path
    ) -> None:
        (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
        assert crm_kpi("validate", customers, "--clean", "link").returncode == 2
        assert customers.read_text() == before

    @pytest.mark.parametrize("link", [os.symlink, os.link])
    def test_by_a_file_that_is_a_link(
        self, crm_kpi: Run, customers: Path, before: str, tmp_path: Path, link: object
    ) -> None:
        (tmp_path / "d").mkdir()
        assert callable(link)
        link(customers, tmp_path / "d" / "rejects.csv")
        assert crm_kpi("validate", customers, "--clean", "d").returncode == 2
        assert crm_kpi("customers", customers, "-o", "d/rejects.csv").returncode == 2
        assert customers.read_text() == before

    def test_as_text(self, crm_kpi: Run, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("what,why\n1,2\n")
        assert crm_kpi("validate", "a.csv", "--clean", ".").returncode == 2
        assert not (tmp_path / "rejects.csv").exists()

    def test_by_the_list_itself(self, crm_kpi: Run, customers: Path, before: str) -> None:
        assert crm_kpi("validate", customers, "-o", customers).returncode == 2
        assert customers.read_text() == before

    def test_that_a_glob_matches(
        self, crm_kpi: Run, customers: Path, before: str, tmp_path: Path
    ) -> None:
        (tmp_path / "crm-kpi.yaml").write_text("sources: {customers: {path: cust*.csv}}\n")
        assert crm_kpi("report", "-o", customers).returncode == 2
        assert crm_kpi("validate", "--clean", ".").returncode == 2
        assert customers.read_text() == before

    def test_nor_the_config(self, crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
        text = "sources: {customers: {path: customers.csv}}\n"
        (tmp_path / "crm-kpi.yaml").write_text(text)
        for words in (("report",), ("validate",), ("metrics", "nps")):
            assert crm_kpi(*words, "-o", "crm-kpi.yaml").returncode == 2
        assert (tmp_path / "crm-kpi.yaml").read_text() == text


def test_where_nothing_can_be_written(crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
    done = crm_kpi("validate", customers, "--clean", "customers.csv")
    assert done.returncode == 5
    (tmp_path / "d" / "customers.csv").mkdir(parents=True)
    done = crm_kpi("validate", customers, "--clean", "d")
    assert done.returncode == 5
    assert "--clean d/customers.csv cannot be written" in done.stderr
    shutil.rmtree(tmp_path / "d")


def test_a_pipe_is_read_once(crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
    done = crm_kpi("validate", "-", "--clean", "d", input=customers.read_text())
    assert (done.returncode, done.stdout) == (0, "")
    assert len(rows(tmp_path / "d" / "customers.csv")) == 25
    done = crm_kpi("validate", "-", "--clean", "d", input="what,why\n1,2\n")
    assert done.returncode == 3
    assert rows(tmp_path / "d" / "stdin.csv") == [{"what": "1", "why": "2"}]


def test_what_only_shows_in_all_tables_together(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("customer_id,date,amount,currency\nA,2024-01-05,2,USD\n")
    (tmp_path / "c.csv").write_text("date,amount,currency,kind\n2024-01-05,2,VND,service\n")
    assert crm_kpi("validate", "t.csv").returncode == 0
    assert crm_kpi("validate", "c.csv").returncode == 0
    done = crm_kpi("validate", "t.csv", "c.csv", "-f", "json")
    assert done.returncode == 2
    assert "amounts are in USD, VND" in json.loads(done.stdout)[0]["reason"]


def test_the_limit_does_not_count_what_the_config_excludes(crm_kpi: Run, tmp_path: Path) -> None:
    lines = [f"A{n},2024-01-05,test" for n in range(150)] + ["B,2024-01-05,real", "C,soon,real"]
    text = "\n".join(["customer_id,signup_date,segment", *lines, ""])
    (tmp_path / "c.csv").write_text(text)
    (tmp_path / "crm-kpi.yaml").write_text(
        "sources: {customers: {path: c.csv, exclude: {segment: [test]}}}\n"
    )
    assert crm_kpi("customers").returncode == 3
    assert crm_kpi("validate").returncode == 3


def test_a_database_is_an_input_too(crm_kpi: Run, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "shop.db")) as shop:
        shop.execute("create table c (customer_id text, signup_date text)")
        shop.execute("insert into c values ('A', '2024-01-05')")
        shop.commit()
    before = (tmp_path / "shop.db").read_bytes()
    (tmp_path / "crm-kpi.yaml").write_text(
        'sources: {customers: {database: "sqlite:///shop.db", query: "select * from c"}}\n'
    )
    for words in (("report",), ("validate",)):
        done = crm_kpi(*words, "-o", "shop.db")
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert (tmp_path / "shop.db").read_bytes() == before
