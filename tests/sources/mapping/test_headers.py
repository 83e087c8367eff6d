"""Which header becomes which column."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.sources.mapping.aliases import ALIASES
from crm_kpi.sources.names import key
from crm_kpi.tables import TABLES
from tests.sources.conftest import read


def one(table: str, record: dict[str, str], **how: object) -> dict[str, object]:
    """A file of one row, read; its row."""
    text = io.StringIO()
    csv.writer(text).writerows([record.keys(), record.values()])
    return read(table, text.getvalue(), **how).frame.row(0, named=True)


@pytest.mark.parametrize(
    "header",
    ["customer_id", "Customer ID", "CUSTOMER-ID", " CustomerId ", "customer.id", "Customer_ID (*)",
     "Mã khách hàng", "ma khach hang", "MÃ KHÁCH HÀNG(*)", "Mã KH",
     unicodedata.normalize("NFD", "Mã khách hàng")],
)  # fmt: skip
def test_case_accents_blanks_and_marks_do_not_count(header: str) -> None:
    assert one("customers", {header: "007", "signup_date": "2024-01-02"})["customer_id"] == "007"


def test_every_alias_finds_its_column_alone() -> None:
    for table, columns in ALIASES.items():
        seen: dict[str, str] = {}
        assert set(columns) <= set(TABLES[table].names), table
        for column, names in columns.items():
            for name in names:
                assert key(name), (table, name)
                assert key(name) not in map(key, TABLES[table].names), (table, column, name)
                other = seen.setdefault(key(name), column)
                assert other == column, (table, name, other, column)


def test_every_column_has_an_alias_in_vietnamese_and_in_english() -> None:
    def foreign(name: str) -> bool:
        return not name.isascii()

    for table in TABLES.values():
        for column in table.names:
            names = ALIASES[table.name].get(column, ())
            assert any(map(foreign, names)), (table.name, column)


@pytest.mark.parametrize(
    ("table", "header", "expected"),
    [
        ("transactions",
         "Mã đơn hàng,Mã KH,Ngày mua,SĐT,Tổng tiền (VND),Trạng thái",
         {"transaction_id", "customer_id", "date", "amount", "status"}),
        ("transactions", "Số chứng từ (*),Ngày chứng từ (*),Mã khách hàng,Thành tiền,Loại tiền",
         {"transaction_id", "customer_id", "date", "amount", "currency"}),
        ("transactions", "id,Created (UTC),Amount,Amount Refunded,Currency,Mode,Status,Customer ID",
         {"transaction_id", "customer_id", "date", "amount", "currency", "status"}),
        ("subscriptions",
         "id,Customer ID,Status,Amount,Interval,Created (UTC),Start (UTC),Ended At (UTC)",
         {"subscription_id", "customer_id", "amount", "interval", "start_date", "end_date",
          "status"}),
        ("subscriptions", "subscriptions.id,customers.id,subscriptions.plan_unit_price,"
         "subscriptions.start_date,subscriptions.cancelled_at,subscriptions.current_term_end",
         {"subscription_id", "customer_id", "amount", "unit_amount", "start_date", "end_date",
              "due_date"}),
        ("customers", "Loại khách,Mã khách hàng,Tên khách hàng,Điện thoại,Nhóm khách hàng,Ngày tạo",
         {"customer_id", "name", "phone", "segment", "signup_date"}),
        ("tickets", "Id,Requester,Assignee,Status,Priority,Created at,Solved at,Reopens,Replies",
         {"ticket_id", "agent", "status", "priority", "created_at", "solved_at", "reopens",
          "agent_replies", "customer_id"}),
        ("tickets", "Ticket ID,Status,Agent,Created time,Resolved time,Agent interactions",
         {"ticket_id", "status", "agent", "created_at", "solved_at", "agent_replies"}),
        ("tickets", "Case Number,Case Origin,Case Owner,Date/Time Opened,Closed Date",
         {"ticket_id", "channel", "agent", "created_at", "solved_at"}),
        ("opportunities", "Record ID,Deal Stage,Close Date,Create Date,Deal owner,Amount,Pipeline",
         {"opportunity_id", "stage", "closed_at", "created_at", "owner", "amount"}),
        ("opportunities", "Opportunity ID,Stage,Amount,Close Date,Probability (%),"
         "Opportunity Owner,Lead Source,Created Date",
         {"opportunity_id", "stage", "amount", "closed_at", "probability", "owner", "channel",
          "created_at"}),
        ("surveys", "Dấu thời gian,Điểm đánh giá,Góp ý", {"answered_at", "score", "comment"}),
        ("costs", "Ngày chi,Số tiền,Loại chi phí", {"date", "amount", "kind"}),
    ],
)  # fmt: skip
def test_real_exports(table: str, header: str, expected: set[str]) -> None:
    assert read(table, header + "\n").columns == expected


def test_our_own_name_wins_over_an_alias() -> None:
    row = one("customers", {"id": "wrong", "customer_id": "A", "signup_date": "2024-01-02"})
    assert row["customer_id"] == "A"


def test_two_headers_for_one_column_are_an_error() -> None:
    with pytest.raises(
        DataError, match="'Order date' and 'Invoice date' can both be date"
    ) as caught:
        read("transactions", "customer_id,Order date,Invoice date,amount\n")
    assert caught.value.hint == 'say which: sources.transactions.columns: {date: "Order date"}'
    row = one(
        "transactions",
        {"customer_id": "A", "Order date": "2024-01-02", "Invoice date": "x", "amount": "1"},
        columns={"date": "Order date"},
    )
    assert str(row["date"]) == "2024-01-02"


def test_two_headers_for_a_text_that_nobody_reads_are_only_noted() -> None:
    text = "customer_id,signup_date,Full name,Company name\nA,2024-01-02,a,b\n"
    loaded = read("customers", text)
    assert loaded.audit.notes == ["name is not read: 'Full name' and 'Company name' can both be it"]
    assert "name" not in loaded.columns
    asked = {"customers": frozenset({"name"})}
    with pytest.raises(DataError, match="can both be name"):
        read("customers", text, texts=asked)
    assert read("customers", text, texts=asked, everything=True).audit.used == 1


def test_a_missing_required_column_says_what_there_is_and_how_to_map_it() -> None:
    with pytest.raises(DataError) as caught:
        read("customers", "Customer ID,Sign-up dat,x\n")
    assert str(caught.value) == (
        "t.csv: no column for signup_date of customers; it has 'Customer ID', 'Sign-up dat', 'x'"
    )
    assert caught.value.hint == (
        'close to it: Sign-up dat; map it: sources.customers.columns: {signup_date: "Sign-up dat"}'
    )


def test_a_mapped_header_that_the_file_lacks_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"no column 'Ngày mở', which sources.customers.columns"):
        read("customers", "customer_id,Ngày mua\n", columns={"signup_date": "Ngày mở"})


def test_a_mapped_header_may_feed_two_columns_and_is_found_by_key() -> None:
    row = one(
        "customers",
        {"E-Mail": "a@b.c", "Since": "2024-01-02"},
        columns={"customer_id": "e-mail", "signup_date": "Since"},
        texts={"customers": frozenset({"email"})},
    )
    assert row["customer_id"] == row["email"] == "a@b.c"


def test_a_mapped_header_that_stands_twice_is_an_error() -> None:
    with pytest.raises(DataError, match=r"two columns are called 'x' \(1 and 3"):
        read("customers", "x,signup_date,x\n", columns={"customer_id": "x"})


def test_columns_by_position_mean_a_file_without_header() -> None:
    text = "A;31/01/2024\nB;01/02/2024\n"
    for before in ("\ufeff", "\n\n", "\r\n"):
        loaded = read("customers", before + text, columns={"customer_id": 1, "signup_date": 2})
        assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    loaded = read("customers", text, columns={"customer_id": 1, "signup_date": 2})
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert loaded.headers == ()
    assert loaded.audit.columns == {"customer_id": "column 1", "signup_date": "column 2"}
    with pytest.raises(UsageError, match=r"signup_date: column 3 of 2"):
        read("customers", text, columns={"customer_id": 1, "signup_date": 3})
    mixed = read("customers", "who;when\n" + text, columns={"customer_id": "who", "signup_date": 2})
    assert mixed.audit.used == 2


def test_faults_of_a_file_without_header_have_true_lines() -> None:
    loaded = read("customers", "A,2024-01-02\nB,x\n", columns={"customer_id": 1, "signup_date": 2})
    assert loaded.audit.problems[0].line == 2


def test_names_that_the_table_does_not_know() -> None:
    with pytest.raises(UsageError, match="customers has no column 'sigup_date'") as caught:
        read("customers", "customer_id,signup_date\n", columns={"sigup_date": "x"})
    assert caught.value.hint == "did you mean 'signup_date'?"
    with pytest.raises(UsageError, match="customers has no column 'churned_at'"):
        read("customers", "customer_id,signup_date\n", dates={"churned_at": "excel"})
    with pytest.raises(UsageError, match="both in columns and in constants"):
        read("customers", "a,b\n", columns={"customer_id": "a"}, constants={"customer_id": "x"})


def test_constants_fill_columns_that_the_file_lacks() -> None:
    loaded = read("surveys", "score,date\n9,2024-01-02\n", constants={"survey": "NPS"})
    assert loaded.frame["survey"].to_list() == ["nps"]
    assert loaded.columns == {"score", "answered_at", "survey"}
    assert loaded.audit.columns["survey"] == "= NPS"
    with pytest.raises(UsageError, match=r"constants\.survey: 'npx' is unknown word"):
        read("surveys", "score,date\n9,2024-01-02\n", constants={"survey": "npx"})


def test_texts_come_under_the_name_they_were_asked_by() -> None:
    text = "customer_id,signup_date,Nhóm khách hàng,Hạng\nA,2024-01-02, vip ,\n"
    asked = frozenset({"segment", "Nhóm khách hàng", "hạng", "nobody"})
    frame = read("customers", text, texts={"customers": asked}).frame
    assert frame.columns == ["customer_id", "signup_date", "segment", "Nhóm khách hàng", "hạng"]
    assert frame.row(0, named=True)["segment"] == "vip"
    assert frame.row(0, named=True)["Nhóm khách hàng"] == "vip"
    assert frame.row(0, named=True)["hạng"] is None


def test_a_text_that_stands_twice_is_an_error() -> None:
    text = "customer_id,signup_date,Hạng,Hạng\nA,2024-01-02,x,y\n"
    assert read("customers", text).audit.used == 1
    with pytest.raises(DataError, match="two columns are called 'Hạng'"):
        read("customers", text, texts={"customers": frozenset({"Hạng"})})


def test_text_that_nobody_asked_for_is_known_but_not_read() -> None:
    text = "customer_id,signup_date,segment\nA,2024-01-02,x\n"
    loaded = read("customers", text)
    assert loaded.columns == {"customer_id", "signup_date", "segment"}
    assert loaded.frame.columns == ["customer_id", "signup_date"]
    assert read("customers", text, everything=True).frame.columns[-1] == "segment"


def test_of_an_order_and_its_invoice_the_order_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "lazada.csv"
    path.write_text(
        "orderItemId,createTime,orderNumber,invoiceNumber,customerName,paidPrice,status\n"
        "1,02 Mar 2026 10:00,44,,an,250.00,delivered\n2,03 Mar 2026 06:00,45,,chi,60.00,delivered\n"
    )
    specs = [SourceSpec("transactions", (str(path),))]
    loaded = sources.load(TABLES["transactions"], specs, ReadOptions(date(2026, 3, 31)))
    assert loaded.frame["amount"].to_list() == [250, 60]
    assert loaded.audit.columns["transaction_id"] == "orderNumber"
    assert (
        "transaction_id is read from 'orderNumber', as orders are counted, and not from "
        "invoiceNumber" in loaded.audit.notes
    )
    path.write_text("date,amount,invoice no,receipt no\n2026-03-02,5,1,2\n")
    with pytest.raises(DataError, match="can both be transaction_id"):
        sources.load(TABLES["transactions"], specs, ReadOptions(date(2026, 3, 31)))
