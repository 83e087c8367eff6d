"""What was assumed to read a file: a line on stderr, all of it under -v and in the JSON."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from .conftest import ROOT, Run

ORDERS = """BÁO CÁO BÁN HÀNG;;;
Từ ngày: 01/01/2024;;;
;;;
Mã đơn hàng;Mã KH;Ngày mua;Tổng tiền (VND)
HD1;KH1;31/01/2024;1.250.000
HD2;KH2;01/02/2024;2.000.500,5
;;;
HD3;KH2;03/02/2024;1.000
;;Tổng cộng;3.251.500,5
Người lập biểu: An;;;
"""
QUESTION = ("--every", "all", "--as-of", "2024-12-31", "-f", "json")


def test_an_export_as_a_person_has_it(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-16")
    done = crm_kpi("revenue", "orders.csv", *QUESTION)
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "3 rows in 1 table; UTF-16, separated by ;, title lines skipped, footer lines skipped, "
        "dates day first (31/12/2024), numbers as 1.234,56, 4 headers by alias (-v says all)\n"
    )
    answer = json.loads(done.stdout)
    assert answer["results"][0]["value"] == 3251500.5
    source = answer["sources"]["transactions"]
    assert (source["rows"], source["used"], source["skipped"]) == (3, 3, 6)
    assert source["columns"]["amount"] == "Tổng tiền (VND)"
    assert source["notes"] == [
        "date: read as %d/%m/%Y, which its rows prove",
        "amount: read as 1.234,56, which its rows prove",
        "orders.csv: decoded from utf-16",
        "orders.csv: separated by ;",
        "orders.csv: lines 1-3 above the table skipped",
        "orders.csv: 1 empty lines skipped",
        "orders.csv:9: below the table, skipped: 'Tổng cộng'",
        "orders.csv:10: below the table, skipped: 'Người lập biểu: An'",
    ]
    full = crm_kpi("revenue", "orders.csv", *QUESTION, "-v")
    for text in (*source["notes"], "amount <- Tổng tiền (VND)", "3 of 3 rows used"):
        assert text in full.stderr
    assert full.stdout == done.stdout
    assert crm_kpi("revenue", "orders.csv", *QUESTION, "-q").stderr == ""
    told = crm_kpi("validate", "orders.csv")
    total = "1 line of a total is no row (proved: it is the sum of the rows that it stands by, "
    how_read = done.stderr.replace("3 rows in 1 table; ", "transactions: ")
    assert told.stderr == (
        "0 problems in 1 tables, 3 rows read\n"
        f"{how_read}  Tổng tiền (VND): {total}all 3 rows looked at)\n"
    )
    full = crm_kpi("validate", "orders.csv", "-v")
    for note in (*source["notes"], "transactions: 3 rows", "amount <- Tổng tiền (VND)"):
        assert note in full.stderr


def test_a_packed_file_and_a_packed_pipe(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "orders.csv.gz").write_bytes(gzip.compress(ORDERS.encode()))
    plain, packed = (
        json.loads(crm_kpi("revenue", name, *QUESTION).stdout)
        for name in ("orders.csv", "orders.csv.gz")
    )
    assert plain["results"] == packed["results"]
    (tmp_path / "orders.csv.gz").write_bytes(gzip.compress(ORDERS.encode())[:-9])
    cut = crm_kpi("revenue", "orders.csv.gz", *QUESTION)
    assert cut.returncode == 3
    assert "orders.csv.gz: ends in the middle of its gzip data" in cut.stderr


def test_nothing_is_said_where_nothing_was_assumed(crm_kpi: Run, customers: Path) -> None:
    customers.write_text(customers.read_text() + "\n\n")
    assert crm_kpi("customers", customers, "--as-of", "2024-03-31").stderr == ""


def test_the_answer_is_the_same_whatever_runs_it(crm_kpi: Run) -> None:
    words = ("report", "-c", ROOT / "config.example.yaml", "-f", "json")
    one, other = (crm_kpi(*words, env={"POLARS_MAX_THREADS": n}).stdout for n in ("1", "8"))
    assert one == other
    assert json.loads(one)["results"]


def test_segments_that_look_the_same(crm_kpi: Run, tmp_path: Path) -> None:
    rows = [
        "C1,2024-01-02,10,A",
        "C2,2024-01-02,10,A\u200b",
        "C3,2024-01-02,10,a",
        "C4,2024-01-02,1,B",
    ]
    (tmp_path / "o.csv").write_text(
        "\n".join(["customer_id,date,amount,region", *rows, ""]), encoding="utf-8"
    )
    done = crm_kpi("revenue", "o.csv", "--every", "all", "--by", "region")
    assert "A\\u200b" in done.stdout
    assert (
        "note: region: 2 segments are another one but for case, Unicode form or invisible "
        "characters"
    ) in done.stderr
