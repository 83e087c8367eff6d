"""Which of several totals is what the customer pays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from tests.sources.conftest import read


def amounts(headers: str, *rows: str, **how: Any) -> tuple[list[Decimal], list[How]]:
    content = f"date,{headers}\n" + "".join(
        f"2024-01-0{n},{row}\n" for n, row in enumerate(rows, 1)
    )
    loaded = read("transactions", content, **how)
    return loaded.frame["amount"].to_list(), [r.how for r in loaded.audit.meaning]


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Tổng tiền,Giảm giá,Thanh toán", How.PROVED),
        ("Amount,Discount,Amount paid", How.PROVED),
        ("Betrag,Rabatt,Zahlbetrag", How.CONVENTIONAL),
        ("Subtotal,Discount,Total", How.PROVED),
        ("Tổng tiền hàng,Giảm giá,Khách cần trả", How.PROVED),
        ("Importe,Descuento,Total a pagar", How.CONVENTIONAL),
    ],
)
def test_the_rows_prove_what_is_after_the_discount(headers: str, kind: How) -> None:
    found = amounts(headers, "100,10,90", "50,0,50", "80,8,72")
    assert found[0] == [90, 50, 72]
    assert kind in found[1]


def test_discounts_may_be_negative_and_tax_be_added() -> None:
    found = amounts("Subtotal,Discount,Tax,Revenue", "100,-10,9,99", "50,0,5,55")
    assert found == ([99, 55], [How.PROVED, How.PROVED])


@pytest.mark.parametrize(
    ("total", "with_tax"), [(("110", "55"), "with"), (("100", "50"), "without")]
)
def test_tax_that_stands_beside_it_is_told(total: tuple[str, str], with_tax: str) -> None:
    content = f"date,Subtotal,Tax,Total\n2024-01-01,100,10,{total[0]}\n2024-01-02,50,5,{total[1]}\n"
    readings = read("transactions", content).audit.meaning
    assert [reading.reading for reading in readings] == [f"{with_tax} 'Tax'"]


def test_a_price_times_a_quantity_less_the_discount() -> None:
    found = amounts("Unit price,Qty,Discount,Revenue", "10,3,5,25", "20,1,0,20")
    assert found == ([25, 20], [How.PROVED])


@pytest.mark.parametrize("header", ["Grand total", "Total", "Khách cần trả", "Net sales"])
def test_a_header_that_says_what_is_paid(header: str) -> None:
    assert amounts(f"{header},Discount", "90,10", "50,0") == ([90, 50], [How.CONVENTIONAL])


def test_of_two_totals_the_one_to_pay() -> None:
    assert amounts("Tổng tiền,Khách cần trả", "100,90") == ([90], [How.CONVENTIONAL])


def test_else_it_is_open_and_all_lines_close_it() -> None:
    rows = ("100,10,0", "50,5,45")
    with pytest.raises(DataError, match=r"135\).*150\).*'Khách đã trả'.*45\)") as refused:
        amounts("Tổng tiền,Giảm giá,Khách đã trả", *rows)
    hint = str(refused.value.hint)
    assert (
        '--set \'sources.transactions.columns.amount={"minus": ["Tổng tiền", "Giảm giá"]}' in hint
    )
    assert "--set 'sources.transactions.columns.amount=\"Khách đã trả\"'" in hint
    declared = {"columns": {"amount": "Tổng tiền"}}
    assert amounts("Tổng tiền,Giảm giá,Khách đã trả", *rows, **declared) == ([100, 50], [])


@pytest.mark.parametrize(
    ("headers", "rows"),
    [
        ("amount,discount", ("100,0", "50,")),
        ("amount,discount", ("100,0.1", "50,0.2")),
        ("amount,Discount %", ("100,10", "50,5")),
        ("amount,note", ("100,x", "50,y")),
        ("Total,discount code", ("100,10", "50,5")),
    ],
)
def test_plain_files(headers: str, rows: tuple[str, ...]) -> None:
    assert amounts(headers, *rows) == ([100, 50], [])
