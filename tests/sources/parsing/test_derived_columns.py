"""Columns that are made from several of theirs."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import DerivedColumn
from tests.sources.conftest import read, rejected


def test_a_product_is_exact_and_rounded_half_to_even() -> None:
    text = "CustomerID,InvoiceDate,Quantity,UnitPrice\n" + (
        "A,2010-12-01 08:26:00,6,2.55\nA,2010-12-01 08:26:00,-1,0.00005\nA,2010-12-01,3,0.00005\n"
        "A,2010-12-01,,5\nA,2010-12-01,x,5\n"
    )
    how = {"columns": {"amount": DerivedColumn(product=("Quantity", "UnitPrice"))}}
    loaded = read("transactions", text, **how)
    assert [str(v) for v in loaded.frame["amount"]] == ["15.3000", "0.0000", "0.0002"]
    assert rejected(loaded) == [
        (5, "amount", None, "blank required value"),
        (6, "amount", "x", "not a number"),
    ]
    assert loaded.audit.columns["amount"] == "Quantity × UnitPrice"


def test_a_difference_counts_a_blank_as_nothing() -> None:
    text = "customer_id,date,Total,Refund,Fee\n" + (
        "A,2024-01-02,100,30.5,1\nA,2024-01-02,50,,\nA,2024-01-02,,5,\nA,2024-01-02,,,\n"
        "A,2024-01-02,9,x,\n"
    )
    made = DerivedColumn(minus=("Total", "Refund", "Fee"))
    loaded = read("transactions", text, columns={"amount": made})
    assert [str(v) for v in loaded.frame["amount"]] == ["68.5000", "50.0000", "-5.0000"]
    assert rejected(loaded) == [
        (5, "amount", None, "blank required value"),
        (6, "amount", "x", "not a number"),
    ]
    assert loaded.audit.columns["amount"] == "Total − Refund − Fee"


def test_what_a_column_is_made_from_is_written_in_one_way() -> None:
    """`50.000` alone could be 50; beside `1.250.000` it is not."""
    text = "customer_id,date,Total,Refund\nA,2024-01-02,1.250.000 ₫,50.000\n"
    made = DerivedColumn(minus=("Total", "Refund"))
    loaded = read("transactions", text, columns={"amount": made})
    assert loaded.frame["amount"].to_list() == [1200000]
    assert loaded.currency == "VND"
    assert "amount: read as 1.234,56, which its rows prove" in loaded.audit.notes
    with pytest.raises(DataError, match=r"t\.csv:2: column amount: '1.250' may be 1250 or 1.250"):
        read("transactions", text.replace("1.250.000 ₫", "1.250"), columns={"amount": made})


def test_the_first_header_that_is_there() -> None:
    text = "ticket_id,created_at,Requester\n1,2024-03-15,An\n"
    for names in (("Requester id", "Requester"), ("Requester",)):
        loaded = read("tickets", text, columns={"customer_id": names})
        assert loaded.frame["customer_id"].to_list() == ["An"]
    with pytest.raises(UsageError, match="no column 'Requester id', which sources"):
        read("tickets", text, columns={"customer_id": ("Requester id", "Requester name")})


def test_a_join_is_read_like_one_column() -> None:
    text = "ticket_id,Day,Time\n1,14/03/2024,09:05\n2,15/03/2024,\n3,x,y\n"
    loaded = read("tickets", text, columns={"created_at": DerivedColumn(join=("Day", "Time"))})
    assert loaded.frame["created_at"].to_list() == [
        datetime(2024, 3, 14, 9, 5), datetime(2024, 3, 15),
    ]  # fmt: skip
    assert rejected(loaded) == [(4, "created_at", "x y", "not a date")]


@pytest.mark.parametrize(
    ("unit", "length", "expected"),
    [
        ("minutes", "90", datetime(2024, 3, 14, 23, 30)),
        ("hours", "1.5", datetime(2024, 3, 14, 23, 30)),
        ("days", "1", datetime(2024, 3, 15, 22)),
        ("minutes", "", None),
    ],
)
def test_a_time_after_another(unit: str, length: str, expected: datetime | None) -> None:
    text = f"ticket_id,created_at,Open\n1,2024-03-15 05:00,{length}\n"
    made = DerivedColumn(after="created_at", **{unit: "Open"})
    loaded = read("tickets", text, columns={"solved_at": made}, timezone="Asia/Ho_Chi_Minh")
    assert loaded.frame["solved_at"].to_list() == [expected]
    if expected:
        local = date(2024, 3, 16) if unit == "days" else date(2024, 3, 15)
        assert loaded.frame["solved_at:day"].to_list() == [local]


def test_a_day_after_another() -> None:
    text = "customer_id,start_date,amount,Term\nA,2024-01-30,5,2\nB,2024-01-30,5,-1\n"
    made = DerivedColumn(after="start_date", days="Term")
    loaded = read("subscriptions", text, columns={"end_date": made})
    assert loaded.frame["end_date"].to_list() == [date(2024, 2, 1)]
    assert rejected(loaded) == [(3, "end_date", "2024-01-29", "end before start")]


@pytest.mark.parametrize(
    ("column", "made", "message"),
    [
        (
            "solved_at",
            DerivedColumn(after="created_at", minutes="Opne"),
            "no column 'Opne', which sour",
        ),
        ("solved_at", DerivedColumn(join=("created_at", "Opne")), "no column 'Opne', which sour"),
        (
            "solved_at",
            DerivedColumn(after="solved_at", minutes="Open"),
            "needs two columns of dates",
        ),
        ("solved_at", DerivedColumn(after="status", minutes="Open"), "status is no date or time"),
        ("reopens", DerivedColumn(product=("Open", "Open")), "only money can be a product"),
        ("reopens", DerivedColumn(minus=("Open", "Open")), "only money can be a difference"),
        (
            "solved_at",
            DerivedColumn(after="first_reply_at", minutes="Open"),
            "is no column of the file",
        ),
    ],
)
def test_what_cannot_be_made(column: str, made: DerivedColumn, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read("tickets", "ticket_id,created_at,Open\n1,2024-03-15,5\n", columns={column: made})


def test_of_a_list_of_headers_each_row_has_the_first_that_is_filled() -> None:
    text = "id,made,Won time,Lost time,Status\n1,2024-01-01,2024-02-01,,Won\n"
    text += "2,2024-01-01, ,2024-03-01,Lost\n3,2024-01-01,2024-04-01,2024-05-01,Won\n"
    columns = {"created_at": "made", "closed_at": ("Gone", "Won time", "Lost time")}
    loaded = read("opportunities", text, columns=columns)
    assert [day.month for day in loaded.frame["closed_at:day"]] == [2, 3, 4]
    assert loaded.audit.rejected == 0
