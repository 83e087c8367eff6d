"""An order's amount that stands on each of its lines."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from tests.sources.conftest import read


def total(headers: str, *rows: str, **how: Any) -> tuple[float, list[How]]:
    content = f"order id,date,{headers}\n" + "".join(
        f"{row[0]},2024-01-0{row[0]},{row[2:]}\n" for row in rows
    )
    loaded = read("transactions", content, **how)
    return float(loaded.frame["amount"].sum()), [r.how for r in loaded.audit.meaning]


LINES = ("1,10,1,25", "1,5,3,25", "2,7,2,20", "2,6,1,20", "3,9,1,9")


@pytest.mark.parametrize(
    "headers", ["Price,Qty,Total", "Đơn giá,Số lượng,Tổng tiền", "Einzelpreis,Menge,amount"]
)
def test_lines_that_add_up_prove_it(headers: str) -> None:
    assert total(headers, *LINES) == (54, [How.PROVED])


def test_less_a_discount_and_with_shipping() -> None:
    rows = ("1,10,1,2,4,27", "1,5,3,2,4,27", "2,7,2,0,0,20", "2,6,1,0,0,20")
    assert total("Price,Qty,Discount,Shipping,Grand total", *rows)[0] == 47


@pytest.mark.parametrize("header", ["Order total", "Khách cần trả", "Grand total"])
def test_a_header_that_names_the_order(header: str) -> None:
    found = total(f"Item,{header}", "1,a,25", "1,b,25", "2,c,20")
    assert found == (45, [How.CONVENTIONAL])


def test_else_it_is_open_and_both_lines_close_it() -> None:
    rows = ("1,a,30", "1,b,30", "2,c,30", "2,d,30", "3,e,7")
    with pytest.raises(DataError, match=r"67\).*127\)") as refused:
        total("Item,Amount", *rows)
    hint = str(refused.value.hint)
    assert "--set 'sources.transactions.once=transaction_id'" in hint
    assert "--set 'sources.transactions.once=none'" in hint
    assert total("Item,Amount", *rows, once="transaction_id") == (67, [])
    assert total("Item,Amount", *rows, once="none") == (127, [])


def test_rows_that_are_equal_are_copies() -> None:
    assert total("amount", "1,30", "1,30", "2,30", "2,30")[1] == []


def test_columns_that_are_read_for_other_questions_tell_nothing() -> None:
    rows = ("1,x,28,2,3,29", "1,y,28,2,3,29", "2,z,7,0,1,8", "2,w,7,0,1,8")
    with pytest.raises(DataError, match=r"37\).*74\)"):
        total("Item,Subtotal,Discount,Tax,Total", *rows)


@pytest.mark.parametrize(
    ("headers", "rows"),
    [
        ("Item,Amount", ("1,a,30", "1,b,20", "2,c,30", "2,d,30")),
        ("Item,Amount", ("1,a,30", "2,c,30")),
        ("Price,Qty,Amount", ("1,30,1,30", "1,30,1,30", "2,15,2,30", "2,30,1,30")),
        ("Item,Order total", ("1,a,30", "1,b,20", "2,c,30", "2,d,10")),
    ],
)
def test_lines_are_lines(headers: str, rows: tuple[str, ...]) -> None:
    found, hows = total(headers, *rows)
    assert hows == []
    assert found == sum(float(row.rsplit(",", 1)[1]) for row in rows)
