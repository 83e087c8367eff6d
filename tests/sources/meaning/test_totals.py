"""Lines of totals are no rows where they are sums of rows; else it is open what they come to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from tests.sources.conftest import read

HEAD = "order_id,customer_id,date,amount\n"
FIRST = "D1,A,2024-01-05,100\nD2,B,2024-01-06,250\n"
SECOND = "D3,A,2024-02-05,50\n"


@pytest.mark.parametrize(
    ("one", "two", "all_"),
    [("Cộng tháng 1,,,350", "Cộng tháng 2,,,50", "Tổng cộng,,,400"),
     ("Subtotal,,,350", "Subtotal,,,50", "Grand Total,,,400"),
     (",Zwischensumme,,350", ",Zwischensumme,,50", ",Gesamtsumme,,400"),
     ("小計,,,350", "小計,,,50", "合計,,,400"),
     ("A Total,,,350", "B Total,,,50", "Total général,,,400")],
)  # fmt: skip
def test_sums_of_rows_are_no_rows(one: str, two: str, all_: str) -> None:
    loaded = read("transactions", f"{HEAD}{FIRST}{one}\n{SECOND}{two}\n{all_}\n")
    assert loaded.frame["amount"].sum() == Decimal(400)
    assert (loaded.audit.used, loaded.audit.rejected) == (3, 0)


def test_totals_may_stand_above_their_rows() -> None:
    loaded = read("transactions", f"{HEAD}Total,,,400\n{FIRST}{SECOND}")
    assert (loaded.audit.used, loaded.audit.rejected) == (3, 0)
    loaded = read("transactions", f"{HEAD},,,400\n{FIRST}{SECOND}")
    assert (loaded.audit.used, loaded.audit.rejected) == (3, 0)


def test_a_total_of_other_rows_is_open_until_it_is_declared() -> None:
    content = f"{HEAD}{FIRST}{SECOND}Tổng cộng,,,999\n"
    with pytest.raises(DataError, match=r"says 999.*all of them are 400") as caught:
        read("transactions", content)
    assert "--set 'sources.transactions.totals=skip'" in str(caught.value.hint)
    loaded = read("transactions", content, totals="skip")
    assert loaded.frame["amount"].sum() == Decimal(400)


CANCELLED = (
    "order_id,customer_id,date,status,amount\n"
    "D1,A,2024-01-05,completed,100\nD2,B,2024-01-06,cancelled,30\nD3,A,2024-02-05,completed,50\n"
)


def test_a_total_may_count_the_rows_that_count() -> None:
    loaded = read("transactions", f"{CANCELLED}Tổng cộng,,,,150\n")
    assert loaded.frame["amount"].sum() == Decimal(150)
    assert (loaded.audit.used, loaded.audit.rejected) == (2, 0)
    reading = next(one for one in loaded.audit.meaning if one.column == "amount")
    assert (reading.how, reading.evidence) == (
        How.PROVED,
        "it is the sum of the rows that count, 2 in all",
    )


@pytest.mark.parametrize("total", [130, 30, 100])
def test_a_total_of_some_other_rows_is_open(total: int) -> None:
    with pytest.raises(DataError, match="all of them are 180"):
        read("transactions", f"{CANCELLED}Tổng cộng,,,,{total}\n")


def test_a_total_counts_amounts_as_the_file_has_them() -> None:
    content = CANCELLED.replace("amount", "amount (k VND)")
    loaded = read("transactions", f"{content}Tổng cộng,,,,150\n")
    assert loaded.frame["amount"].sum() == Decimal(150_000)


def test_what_may_be_left_of_a_row_is_one_unless_it_is_the_sum() -> None:
    loaded = read("transactions", f"{HEAD}{FIRST}{SECOND}Total Gas,,,7\n")
    assert (loaded.audit.used, loaded.audit.rejected) == (3, 1)


def test_headings_and_signatures_are_no_rows() -> None:
    content = (
        f"{HEAD}Tháng 1,,,\n{FIRST}Tháng 2,,,\n{SECOND},,,\n"
        ',,,"Hà Nội, ngày 31 tháng 01 năm 2024"\nNgười lập biểu,,Kế toán trưởng,Giám đốc\n'
        '"(Ký, họ tên)",,"(Ký, họ tên)","(Ký, họ tên)"\n,,,\nNguyễn Thị A,,Trần Văn B,Lê C\n'
    )
    loaded = read("transactions", content)
    assert (loaded.audit.used, loaded.audit.rejected) == (3, 0)


def test_plain_rows_are_rows() -> None:
    loaded = read("transactions", f"{HEAD}{FIRST}Total,A,2024-02-05,350\n")
    assert loaded.audit.used == 3
    assert loaded.audit.meaning == []


def test_a_total_counts_the_rows_that_a_condition_leaves_out() -> None:
    head = "order_id,customer_id,date,amount,branch\n"
    rows = "D1,A,2024-01-05,5,Hanoi\nD2,B,2024-01-06,6,Hue\nD3,A,2024-01-07,7,Hanoi\n"
    loaded = read("transactions", f"{head}{rows}Cộng 3 đơn,,,18,\n", where={"branch": ("Hanoi",)})
    assert loaded.frame["amount"].sum() == Decimal(12)


@pytest.mark.parametrize("amount", ["50", "100"])
def test_a_product_that_is_called_total_is_a_line_of_its_order(amount: str) -> None:
    head = "order_id,customer_id,date,product,amount\n"
    rows = f"O1,C1,2024-01-02,Tea,50\n,,,Total Repair 5 shampoo,{amount}\n"
    more = "O2,C2,2024-01-03,Tea,20\n,,,Cup,7\nO3,C3,2024-01-04,Tea,80\n,,,Cup,8\n"
    last = ",,,Total Repair 5 oil,9\n"
    frame = read("transactions", f"{head}{more}{rows}{last}").frame
    assert frame["amount"].sum() == Decimal(115 + 50 + int(amount) + 9)


@pytest.mark.parametrize(
    ("one", "two"),
    [(",Cộng,2024-01-31,350", ",Tổng cộng,2024-02-29,400"),
     ("TOTAL:,,2024-01-31,350", "Grand total,,2024-02-29,400")],
)  # fmt: skip
def test_a_line_of_a_total_may_have_a_date(one: str, two: str) -> None:
    loaded = read("transactions", f"{HEAD}{FIRST}{one}\n{SECOND}{two}\n")
    assert loaded.frame["amount"].sum() == Decimal(400)
    assert loaded.audit.left_out == ["2 totals"]


def test_one_with_a_date_that_is_no_sum_is_a_row() -> None:
    assert read("transactions", f"{HEAD}{FIRST},Tổng cộng,2024-01-31,360\n").audit.used == 3


def test_who_is_called_like_a_word_is_a_customer() -> None:
    assert read("transactions", f"{HEAD}{FIRST}D4,Som,2024-01-07,350\n").audit.used == 3


def test_a_last_line_of_nothing_but_the_sum_is_no_further_line() -> None:
    loaded = read("transactions", f"{HEAD}{FIRST}{SECOND},,,400\n")
    assert (loaded.audit.used, loaded.audit.rejected) == (3, 0)
    # Of an order of several lines it is one.
    loaded = read("transactions", f"{HEAD}{FIRST}{SECOND},,,40\n")
    assert loaded.frame["amount"].sum() == Decimal(440)
