"""`init`: files in, a config out that runs at once and gives what the files alone give."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ROOT, Run, environment

AS_OF = ("--as-of", "2024-12-31")


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def answers(crm_kpi: Run, *words: str | Path, cwd: Path | None = None) -> list[dict[str, Any]]:
    done = crm_kpi(*words, *AS_OF, "-f", "json", **({"cwd": cwd} if cwd else {}))
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def in_force(path: Path, line: str) -> None:
    """Take the # away from a line of a config, as somebody would who chooses it."""
    text = path.read_text("utf-8")
    assert f"#{line}" in text
    path.write_text(text.replace(f"#{line}", line), "utf-8")


def config(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


ORDERS = (
    "Mã đơn hàng;Mã KH;Ngày mua;Tổng tiền (VND);Trạng thái\n"
    "D1;K1;13/01/2024 08:30;1.250.000;Hoàn thành\n"
    "D2;K2;02/02/2024 09:00;750.000;Hoàn thành\n"
    "D3;K1;03/03/2024 10:00;90.000;Hoàn thành\n"
)
OPEN = "customer_id,date,amount\nA,03/04/2024,10.5\nB,05/06/2024,20\n"


def test_the_samples(crm_kpi: Run, tmp_path: Path) -> None:
    files = sorted((ROOT / "samples").glob("*.csv"))
    done = crm_kpi("init", *files, "-o", "c.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    words = ("--every", "quarter", "--from", "2024-01-01", "--to", "2024-12-31")
    here = ("--set", "timezone=Asia/Ho_Chi_Minh", "--set", "currency=VND", *words)
    mine = answers(crm_kpi, "report", "-c", "c.yaml", *here)
    theirs = answers(crm_kpi, "report", "-c", ROOT / "samples" / "crm-kpi.yaml", *words)
    values = ("metric", "period", "segment", "value", "n", "components", "status", "unit")
    assert [[r[v] for v in values] for r in mine] == [[r[v] for v in values] for r in theirs]


def test_canonical_customers(crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
    done = crm_kpi("init", customers)
    assert done.returncode == 0, done.stderr
    assert "customer_id <- customer_id" in done.stderr
    assert "customers, 25 rows" in done.stderr
    written(tmp_path / "crm-kpi.yaml", done.stdout)
    found = config(tmp_path / "crm-kpi.yaml")
    assert found == {"as_of": "today", "sources": {"customers": {"path": customers.name}}}
    assert "the files go to 2024-01-10" in done.stdout
    assert "#checks: {freshness: {customers: 7d}}" in done.stdout
    there = answers(crm_kpi, "retention-rate")
    assert there == answers(crm_kpi, "retention-rate", customers.name, "-c", os.devnull)


def test_a_home_made_vietnamese_file(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "xuất").mkdir()
    file = written(tmp_path / "xuất" / "Đơn hàng [1].csv", ORDERS, "utf-8-sig")
    (tmp_path / "conf").mkdir()
    done = crm_kpi("init", file, "-o", tmp_path / "conf" / "k.yaml")
    assert done.returncode == 0, done.stderr
    assert "date: read as %d/%m/%Y" in done.stderr
    assert "amount: read as 1.234,56" in done.stderr
    found = config(tmp_path / "conf" / "k.yaml")
    assert found["currency"] == "VND"
    assert list(found["sources"]["transactions"]) == ["path"]
    mine = answers(crm_kpi, "revenue", "-c", tmp_path / "conf" / "k.yaml")
    assert mine == answers(crm_kpi, "revenue", file)
    assert sum(r["value"] or 0 for r in mine) == 2_090_000


def test_ambiguous_dates_are_an_error_without_a_terminal(crm_kpi: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", OPEN)
    done = crm_kpi("init", file, "-o", "c.yaml")
    assert done.returncode == 3
    assert "may be day first or month first" in done.stderr
    assert "-y" in done.stderr
    assert not (tmp_path / "c.yaml").exists()
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("typed", "declared", "month"),
    [("\n", "%d/%m/%Y", "2024-04"), ("9\n2\n", "%m/%d/%Y", "2024-03")],
)
def test_ambiguous_dates_are_asked_at_a_terminal(
    crm_kpi: Run, tmp_path: Path, typed: str, declared: str, month: str
) -> None:
    written(tmp_path / "orders.csv", OPEN)
    code, shown = at_terminal(["init", "orders.csv", "-o", "c.yaml"], typed, tmp_path)
    assert code == 0, shown
    assert "03/04/2024 is 2024-04-03; 05/06/2024 is 2024-06-05" in shown
    assert "03/04/2024 is 2024-03-04" in shown
    found = config(tmp_path / "c.yaml")["sources"]["transactions"]
    assert found["dates"] == {"date": declared}
    assert answers(crm_kpi, "revenue", "-c", "c.yaml")[0]["period"] == month


def test_no_input_and_yes(crm_kpi: Run, tmp_path: Path) -> None:
    written(tmp_path / "orders.csv", OPEN)
    code, shown = at_terminal(["init", "orders.csv", "--no-input"], "1\n", tmp_path)
    assert code == 3, shown
    done = crm_kpi("init", "orders.csv", "-y", "-o", "c.yaml")
    assert done.returncode == 3
    assert "may be day first or month first" in done.stderr
    assert crm_kpi("report", "-c", "c.yaml").returncode == 3
    in_force(tmp_path / "c.yaml", 'dates: {date: "%m/%d/%Y"}')
    assert answers(crm_kpi, "revenue", "-c", "c.yaml")[0]["period"] == "2024-03"


def test_ambiguous_numbers_offer_thousands_first(crm_kpi: Run, tmp_path: Path) -> None:
    written(tmp_path / "o.csv", "customer_id,date,amount\nA,2024-01-01,1.250\n")
    assert crm_kpi("init", "o.csv").returncode == 3
    done = crm_kpi("init", "o.csv", "-y", "-q", "-o", "c.yaml")
    assert done.returncode == 3
    thousands, decimals = 'numbers: {amount: "1.234,56"}', 'numbers: {amount: "1,234.56"}'
    text = (tmp_path / "c.yaml").read_text("utf-8")
    assert text.index(f"#{thousands}") < text.index(f"#{decimals}")
    in_force(tmp_path / "c.yaml", thousands)
    assert answers(crm_kpi, "revenue", "-c", "c.yaml")[0]["value"] == 1250


def test_the_order_proved_in_one_column_proves_another(crm_kpi: Run, tmp_path: Path) -> None:
    rows = "A,01/25/2023,02/03/2024\nB,12/31/2023,\n"
    written(tmp_path / "c.csv", f"customer_id,signup_date,churn_date\n{rows}")
    done = crm_kpi("init", "c.csv", "-y", "-o", "c.yaml")
    assert done.returncode == 0, done.stderr
    assert "dates" not in config(tmp_path / "c.yaml")["sources"]["customers"]
    churned = answers(crm_kpi, "customers", "-c", "c.yaml", "--every", "month", "--from", "2024-02")
    assert churned[0]["components"]["customers_lost"] == 1


def test_serial_days_are_declared(crm_kpi: Run, tmp_path: Path) -> None:
    written(tmp_path / "o.csv", "customer_id,date,amount\nA,45292,10\nB,45323,20\n")
    done = crm_kpi("init", "o.csv", "-o", "c.yaml")
    assert done.returncode == 0, done.stderr
    assert config(tmp_path / "c.yaml")["sources"]["transactions"]["dates"] == {"date": "excel"}
    assert [r["value"] for r in answers(crm_kpi, "revenue", "-c", "c.yaml")[:2]] == [10, 20]


def test_files_that_fit_no_table(crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
    written(tmp_path / "x.csv", "date,temperature\n2024-01-01,30\n")
    alone = crm_kpi("init", "x.csv")
    assert alone.returncode == 3
    assert "x.csv: fits none of the tables" in alone.stderr
    assert '#  columns:   # of "date", "temperature"' in alone.stdout
    assert yaml.safe_load(alone.stdout) == {"as_of": "today"}
    both = crm_kpi("init", "x.csv", customers)
    assert both.returncode == 0
    assert "left out: x.csv: fits none" in both.stderr
    assert list(yaml.safe_load(both.stdout)["sources"]) == ["customers"]
    missing = crm_kpi("init", "nowhere.csv")
    assert missing.returncode == 3
    assert "no such file" in missing.stderr


def test_a_required_column_is_offered(crm_kpi: Run, tmp_path: Path) -> None:
    text = "Mã đơn hàng,Ma khach hangg,Ngày mua,Tổng tiền\nD1,K1,2024-01-13,100\n"
    written(tmp_path / "o.csv", text)
    done = crm_kpi("init", "o.csv")
    assert done.returncode == 3
    assert "close to it: Ma khach hangg" in done.stderr
    code, shown = at_terminal(["init", "o.csv", "-o", "c.yaml"], "\n", tmp_path)
    assert code == 0, shown
    found = config(tmp_path / "c.yaml")["sources"]["transactions"]
    assert found["columns"] == {"customer_id": "Ma khach hangg"}
    assert answers(crm_kpi, "revenue", "-c", "c.yaml")[0]["value"] == 100


def test_a_file_that_fits_two_tables(crm_kpi: Run, tmp_path: Path) -> None:
    text = "id,created date,owner,status\n1,2024-01-13,An,open\n"
    written(tmp_path / "x.csv", text)
    done = crm_kpi("init", "x.csv")
    assert done.returncode == 3
    assert "fit several tables" in done.stderr
    told = crm_kpi("init", "--leads", "x.csv")
    assert told.returncode == 0, told.stderr
    assert list(yaml.safe_load(told.stdout)["sources"]) == ["leads"]
    written(tmp_path / "tickets-2024.csv", text)
    named = crm_kpi("init", "tickets-2024.csv")
    assert list(yaml.safe_load(named.stdout)["sources"]) == ["tickets"]


@pytest.mark.parametrize(
    ("header", "scores", "survey"),
    [
        ("Bạn có sẵn lòng giới thiệu chúng tôi cho bạn bè?", "10 9 0", "nps"),
        ("How likely are you to recommend us?", "10 9 3", "nps"),
        ("Bạn hài lòng thế nào với dịch vụ?", "5 4 1", "csat"),
        ("It was easy to get help", "7 6 1", "ces"),
        ("Điểm", "0 9 10", "nps"),
    ],
)
def test_a_survey_is_known_by_its_question(
    crm_kpi: Run, tmp_path: Path, header: str, scores: str, survey: str
) -> None:
    rows = "".join(f"2024-01-0{i},{s}\n" for i, s in enumerate(scores.split(), 1))
    written(tmp_path / "f.csv", f'Dấu thời gian,"{header}"\n{rows}')
    done = crm_kpi("init", "f.csv", "-o", "c.yaml")
    assert done.returncode == 0, done.stderr
    found = config(tmp_path / "c.yaml")["sources"]["surveys"]
    assert found["constants"] == {"survey": survey}
    assert answers(crm_kpi, survey, "-c", "c.yaml")[0]["n"] == 3


def test_two_questions_of_one_file_are_two_blocks(crm_kpi: Run, tmp_path: Path) -> None:
    text = "Timestamp,Would you recommend us?,How satisfied are you?\n2024-01-01,10,4\n"
    written(tmp_path / "f.csv", text)
    assert crm_kpi("init", "f.csv", "-o", "c.yaml").returncode == 0
    found = config(tmp_path / "c.yaml")["sources"]["surveys"]
    assert [block["constants"]["survey"] for block in found] == ["nps", "csat"]
    assert answers(crm_kpi, "nps", "-c", "c.yaml")[0]["value"] == 100
    assert answers(crm_kpi, "csat", "-c", "c.yaml")[0]["value"] == 100


def test_an_unknown_survey_is_left_open(crm_kpi: Run, tmp_path: Path) -> None:
    written(tmp_path / "f.csv", "answered_at,score\n2024-01-01,4\n2024-01-02,5\n")
    done = crm_kpi("init", "f.csv", "-o", "c.yaml")
    assert done.returncode == 3
    assert "csat: surveys has no column survey" in done.stderr
    assert crm_kpi("report", "-c", "c.yaml").returncode == 3
    in_force(tmp_path / "c.yaml", "constants: {survey: csat}")
    assert answers(crm_kpi, "csat", "-c", "c.yaml")[0]["value"] == 100


def test_several_files_of_one_table(crm_kpi: Run, tmp_path: Path) -> None:
    head = "customer_id,date,amount\n"
    written(tmp_path / "a.csv", head + "A,2024-01-01,10\n")
    written(tmp_path / "b.csv", head + "B,2024-01-02,20\n")
    written(tmp_path / "c.csv", head + "C,12/31/2024,1.5\n")
    written(tmp_path / "d.csv", head + "D,31/12/2024,2\n")
    assert crm_kpi("init", "a.csv", "b.csv", "-o", "two.yaml").returncode == 0
    found = config(tmp_path / "two.yaml")["sources"]["transactions"]
    assert found == {"path": ["a.csv", "b.csv"]}
    done = crm_kpi("init", "a.csv", "b.csv", "c.csv", "d.csv", "-o", "four.yaml")
    assert done.returncode == 0, done.stderr
    blocks = config(tmp_path / "four.yaml")["sources"]["transactions"]
    assert [b["path"] for b in blocks] == [["a.csv", "b.csv"], "c.csv", "d.csv"]
    assert sum(r["value"] or 0 for r in answers(crm_kpi, "revenue", "-c", "four.yaml")) == 33.5


HOSTILE = (
    'a "quoted" header', "x: y # z", "two\nlines", "- item", "🙂 mood", "{a: 1}", "*alias",
    "&anchor", "!tag", "null", "42", "back\\slash", "tab\there", "line\u2028sep", "nel\u0085x",
    "%d", "'single'",
)  # fmt: skip


@pytest.mark.parametrize("header", HOSTILE)
def test_hostile_headers(crm_kpi: Run, tmp_path: Path, header: str) -> None:
    told = header.replace('"', '""')
    text = f'customer_id,"{told}","{told} 2"\nA,2024-01-01,5\n'
    written(tmp_path / "o.csv", text)
    code, shown = at_terminal(
        ["init", "--transactions", "o.csv", "-o", "c.yaml"], "2\n2\n", tmp_path
    )
    assert code == 0, shown
    columns = config(tmp_path / "c.yaml")["sources"]["transactions"]["columns"]
    assert columns == {"date": header, "amount": f"{header} 2"}
    assert answers(crm_kpi, "revenue", "-c", "c.yaml")[0]["value"] == 5


def test_hostile_values_and_paths(crm_kpi: Run, tmp_path: Path) -> None:
    word = 'x", evil: [#\u2028'
    told = word.replace('"', '""')
    file = tmp_path / "- a #b: \"c\" 'd'*.csv"
    written(file, f'date,amount,kind\n2024-01-01,5,"{told}"\n2024-01-02,5,acquisition\n')
    done = crm_kpi("init", "--costs", f"./{file.name}", "-y", "-o", "c.yaml")
    assert done.returncode == 3
    assert "no KPI can be computed from costs alone" in done.stderr
    found = config(tmp_path / "c.yaml")["sources"]["costs"]
    assert found["values"] == {"kind": {word.strip(): ""}}
    assert crm_kpi("validate", "-c", "c.yaml").returncode == 0


def test_a_file_that_is_left_out_can_be_put_beside_those_in_force(
    crm_kpi: Run, tmp_path: Path
) -> None:
    written(tmp_path / "a.csv", "customer_id,date,amount\nA,2024-01-05,10\n")
    for name in ("b", "c"):
        text = f"order_id,customer_id,when,price in\n{name},A,2024-02-05,20\n"
        written(tmp_path / f"{name}.csv", text)
    assert crm_kpi("init", "a.csv", "b.csv", "c.csv", "-y", "-o", "c.yaml").returncode == 0
    assert answers(crm_kpi, "revenue", "-c", "c.yaml", "--every", "all")[0]["value"] == 10
    above, stubs = (tmp_path / "c.yaml").read_text("utf-8").split("  # left out", 1)
    stubs = stubs.partition("\n")[2].replace("  # left out", "   # left out")
    in_force = above + stubs.replace("\n  #", "\n  ").replace("  #", "  ", 1)
    in_force = in_force.replace('date: ""', 'date: "when"').replace(
        'amount: ""', 'amount: "price in"'
    )
    written(tmp_path / "c.yaml", in_force)
    assert answers(crm_kpi, "revenue", "-c", "c.yaml", "--every", "all")[0]["value"] == 50


def test_headers_that_stand_twice_are_named_by_position(crm_kpi: Run, tmp_path: Path) -> None:
    written(tmp_path / "o.csv", "customer_id,date,amount,amount\nA,2024-01-01,5,7\n")
    assert crm_kpi("init", "o.csv").returncode == 3
    assert crm_kpi("init", "o.csv", "-y", "-o", "c.yaml").returncode == 3
    in_force(tmp_path / "c.yaml", "  amount: 3")
    found = config(tmp_path / "c.yaml")["sources"]["transactions"]["columns"]
    assert found == {"customer_id": "customer_id", "date": "date", "amount": 3}
    assert answers(crm_kpi, "revenue", "-c", "c.yaml")[0]["value"] == 5


def test_an_output_that_is_there(crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
    old = written(tmp_path / "c.yaml", "old")
    refused = crm_kpi("init", customers, "-o", "c.yaml")
    assert refused.returncode == 5
    assert old.read_text("utf-8") == "old"
    assert crm_kpi("init", customers, "-o", "c.yaml", "-y", "-q").stderr == ""
    assert "customers" in old.read_text("utf-8")
    assert crm_kpi("init", customers, "-o", customers, "-y").returncode == 2


def test_what_no_report_would_take_is_not_in_force(
    crm_kpi: Run, customers: Path, tmp_path: Path
) -> None:
    text = "customer_id,date,amount\n1,2024-01-01,5\n8.49123E+11,2024-01-02,5\n"
    written(tmp_path / "o.csv", text)
    done = crm_kpi("init", "o.csv", customers, "-y", "-o", "c.yaml")
    assert done.returncode == 3
    assert "open: transactions: 1 of 2 rows are rejected" in done.stderr
    assert list(config(tmp_path / "c.yaml")["sources"]) == ["customers"]
    assert '  #  path: "o.csv"' in (tmp_path / "c.yaml").read_text("utf-8")
    assert answers(crm_kpi, "report", "-c", "c.yaml")


def test_what_is_open_is_asked_at_a_terminal_with_what_it_gives(
    crm_kpi: Run, tmp_path: Path
) -> None:
    text = "transaction_id,date,amount,status\n1,2024-12-01,5,paid\n2,2024-12-01,9,pending\n"
    written(tmp_path / "o.csv", text)
    code, shown = at_terminal(["init", "o.csv", "-o", "c.yaml"], "2\n", tmp_path)
    assert code == 0, shown
    assert "counted (amounts add up to 14)" in shown
    assert config(tmp_path / "c.yaml")["sources"]["transactions"]["status"] == {"open": "count"}
    assert answers(crm_kpi, "revenue", "-c", "c.yaml", "--every", "all")[0]["value"] == 14
    code, shown = at_terminal(["init", "o.csv", "-o", "d.yaml"], "3\n", tmp_path)
    assert code == 3, shown
    assert "status" not in config(tmp_path / "d.yaml")["sources"]["transactions"]


def test_what_was_answered_is_not_open_beside_what_is(crm_kpi: Run, tmp_path: Path) -> None:
    orders = "transaction_id,date,amount,status\n1,2024-12-01,5,paid\n2,2024-12-01,9,pending\n"
    written(tmp_path / "o.csv", orders)
    terms = "customer_id,start_date,amount,seats\na,2024-01-01,100,3\nb,2024-02-01,50,10\n"
    written(tmp_path / "s.csv", terms)
    code, shown = at_terminal(["init", "o.csv", "s.csv", "-o", "c.yaml"], "2\n3\n", tmp_path)
    assert code == 3, shown
    assert "open: transactions" not in shown
    assert "open: subscriptions" in shown
    text = (tmp_path / "c.yaml").read_text("utf-8")
    assert [line.strip() for line in text.splitlines() if "status:" in line] == [
        "status: {open: count}"
    ]


def test_what_no_report_would_take_is_told_in_the_language(crm_kpi: Run, tmp_path: Path) -> None:
    written(tmp_path / "o.csv", "opportunity_id,created_at\n1,2024-01-01\n")
    done = crm_kpi("init", "o.csv", "-y", "--language", "vi")
    assert done.returncode == 3
    assert "pipeline_value: opportunities không có cột outcome; " in done.stderr


def test_a_price_beside_seats_is_asked_for_with_the_mrr_that_follows(
    crm_kpi: Run, tmp_path: Path
) -> None:
    text = "customer_id,start_date,amount,seats\na,2024-01-01,100,3\nb,2024-02-01,50,10\n"
    written(tmp_path / "s.csv", text)
    code, shown = at_terminal(["init", "s.csv", "-o", "c.yaml"], "2\n", tmp_path)
    assert code == 0, shown
    assert "(MRR 150)" in shown
    assert "(MRR 800)" in shown
    assert config(tmp_path / "c.yaml")["sources"]["subscriptions"]["columns"] == {
        "unit_amount": "amount"
    }
    assert answers(crm_kpi, "mrr", "-c", "c.yaml", "--last", "1")[0]["value"] == 800


def test_a_scale_that_is_open_is_a_line_of_the_definitions(crm_kpi: Run, tmp_path: Path) -> None:
    rows = "".join(f"2024-01-0{day},{score}\n" for day, score in enumerate((1, 4, 7), 1))
    written(tmp_path / "f.csv", f"answered_at,How satisfied are you?\n{rows}")
    done = crm_kpi("init", "f.csv", "-y", "-o", "c.yaml")
    assert done.returncode == 3
    text = (tmp_path / "c.yaml").read_text("utf-8")
    assert "#definitions:\n#  csat: {" in text
    code, shown = at_terminal(["init", "f.csv", "-o", "d.yaml"], "1\n1\n", tmp_path)
    assert code == 0, shown
    assert "csat" in config(tmp_path / "d.yaml")["definitions"]
    assert crm_kpi("csat", "-c", "d.yaml", *AS_OF).returncode == 0


def test_files_of_several_programs(crm_kpi: Run, tmp_path: Path) -> None:
    presets = ROOT / "tests" / "sources" / "mapping" / "presets" / "files"
    for name in ("kiotviet_returns", "shopee_orders", "tiktok_orders"):
        (tmp_path / f"{name}.csv").write_bytes((presets / f"{name}.csv").read_bytes())
    done = crm_kpi("init", "kiotviet_returns.csv", "shopee_orders.csv", "tiktok_orders.csv", "-y")
    assert "the rows of kiotviet, shopee, tiktok add up" in done.stderr
    assert "assumed: amounts are in VND, the only currency in the files" in done.stdout
    blocks = yaml.safe_load(done.stdout)["sources"]["transactions"]
    assert [block.get("constants") for block in blocks] == [
        {"currency": "VND"}, None, {"currency": "VND"}
    ]  # fmt: skip


def test_words_on_the_command_line(crm_kpi: Run) -> None:
    assert crm_kpi("init").returncode == 2
    assert crm_kpi("init", "-").returncode == 2


def at_terminal(words: Sequence[str], typed: str, cwd: Path) -> tuple[int, str]:
    """Run with a terminal for stdin and stderr; the exit code, and what stood on it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "crm_kpi", *words],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        cwd=cwd,
        env=environment(NO_COLOR="1"),
    )
    os.close(theirs)
    os.write(ours, typed.encode() + b"\x04")  # the end of what is typed
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return process.wait(60), shown.decode()


def test_no_header_commands_the_build_that_prints_the_config(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(
        "customer_id,date,amount,##vso[x]\nC1,2024-01-02,5,a\n", encoding="utf-8"
    )
    (tmp_path / "o.csv").rename(tmp_path / "##vso[task] o.csv")
    done = crm_kpi("init", "##vso[task] o.csv", "-y")
    assert done.returncode == 0, done.stderr
    assert "##vso" not in done.stdout + done.stderr
    path = yaml.safe_load(done.stdout)["sources"]["transactions"]["path"]
    assert path == "##vso[[]task] o.csv"


def test_what_is_open_is_a_line_that_is_not_in_force(crm_kpi: Run, tmp_path: Path) -> None:
    text = "transaction_id,date,amount,status\n1,2024-12-01,5,paid\n2,2024-12-01,9,pending\n"
    file = written(tmp_path / "o.csv", text)
    done = crm_kpi("init", file, "-y", "-o", "k.yaml")
    assert done.returncode == 3
    assert "amounts add up to 14" in done.stderr
    assert crm_kpi("revenue", "-c", "k.yaml", *AS_OF).returncode == 3
    path = next(tmp_path.rglob("k.yaml"))
    in_force(path, "status: {open: count}")
    assert answers(crm_kpi, "revenue", "-c", path, "--every", "all")[0]["value"] == 14
