"""In which unit amounts are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import DerivedColumn, LoadedTable
from crm_kpi.sources.mapping.header_units import in_title, unit_of
from tests.sources.conftest import read, rejected


def costs(header: str, *amounts: str, titles: str = "", **how: object) -> LoadedTable:
    lines = (f'2024-01-{place:02},"{value}"' for place, value in enumerate(amounts, 1))
    return read("costs", titles + "\n".join([f"date,{header}", *lines, ""]), **how)


@pytest.mark.parametrize(
    ("header", "bare", "factor"),
    [("Thành tiền (nghìn đồng)", "Thành tiền", 1000), ("Doanh thu (ĐVT: triệu đồng)", "Doanh thu",
     1_000_000), ("Số tiền (1.000đ)", "Số tiền", 1000),
     ("Doanh thu (tr.đ)", "Doanh thu", 1_000_000),
     ("Umsatz T€", "Umsatz", 1000), ("Umsatz (TEUR)", "Umsatz", 1000), ("Umsatz in Mio. EUR",
     "Umsatz", 1_000_000), ("Revenue k€", "Revenue", 1000), ("Revenue ($'000)", "Revenue", 1000),
     ("Revenue (in thousands)", "Revenue", 1000), ("Revenue ($m)", "Revenue", 1_000_000),
     ("amount_in_cents", "amount", "0.01"), ("Amount (cents)", "Amount", "0.01"),
     ("CA (milliers d'euros)", "CA", 1000), ("Importe (miles de €)", "Importe", 1000)],
)  # fmt: skip
def test_units_of_headers(header: str, bare: str, factor: int | str) -> None:
    unit = unit_of(header)
    assert unit is not None
    assert (unit.bare, unit.factor) == (bare, Decimal(factor))


@pytest.mark.parametrize(
    "header", ["Total (VND)", "Amount", "Revenue (mil)", "Grand Total", "Revenue m", "Total (*)"]
)
def test_headers_without_a_unit(header: str) -> None:
    assert unit_of(header) is None


def test_units_of_titles() -> None:
    said = {
        "Đơn vị tính: 1.000 đồng": 1000,
        "(in thousands of USD)": 1000,
        "in Mio. EUR": 1_000_000,
    }
    for title, factor in said.items():
        unit = in_title(f"Report\n{title}")
        assert unit is not None
        assert unit.factor == factor
    assert in_title("ĐVT: đồng\nSales in 2024\nMade in March") is None


def test_a_unit_in_the_header_is_applied_and_said() -> None:
    loaded = costs("Số tiền (nghìn đồng)", "25", "1,5")
    assert loaded.frame["amount"].to_list() == [25_000, 1_500]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.reading) == (How.CONVENTIONAL, "multiplied by 1000")
    assert "'Số tiền (nghìn đồng)' × 1000" in loaded.audit.assumed


def test_a_unit_above_the_headers_is_applied_and_said() -> None:
    loaded = costs("amount", "25.5", titles="Chi phí,\nĐVT: 1.000 đồng,\n")
    assert loaded.frame["amount"].to_list() == [25_500]
    assert "ĐVT: 1.000 đồng" in loaded.audit.meaning[0].evidence


def test_the_unit_of_the_header_comes_before_that_of_the_title() -> None:
    loaded = costs("Số tiền (triệu đồng)", "25", titles="Chi phí,\nĐVT: 1.000 đồng,\n")
    assert loaded.frame["amount"].to_list() == [25_000_000]


def test_what_is_declared_comes_first() -> None:
    loaded = costs("amount", "1999", scale=Decimal("0.01"))
    assert loaded.frame["amount"].to_list() == [Decimal("19.99")]
    assert loaded.audit.meaning[0].how is How.DECLARED
    assert costs("amount_cents", "1999", scale=Decimal(1)).frame["amount"].to_list() == [1999]


def test_an_amount_with_too_many_decimals_then_is_a_reject() -> None:
    loaded = costs("amount_cents", "1999", "0.125")
    assert [reject[1:] for reject in rejected(loaded)] == [
        ("amount", "0.1250", "more than 4 decimals")
    ]
    assert loaded.frame["amount"].to_list() == [Decimal("19.99")]


def test_units_of_columns_that_are_made_from_several() -> None:
    text = "date,Đơn giá (nghìn đồng),Số lượng,Thuế (đồng)\n2024-01-01,25,2,1\n"
    product = {"amount": DerivedColumn(product=("Đơn giá (nghìn đồng)", "Số lượng"))}
    assert read("costs", text, columns=product).frame["amount"].to_list() == [50_000]
    minus = {"amount": DerivedColumn(minus=("Đơn giá (nghìn đồng)", "Thuế (đồng)"))}
    with pytest.raises(DataError, match="its headers are of several units"):
        read("costs", text, columns=minus)


def test_plain_amounts_say_nothing() -> None:
    assert costs("amount", "25").audit.meaning == []
    assert costs("Số tiền (VND)", "25", titles="Chi phí,\nĐVT: đồng,\n").audit.meaning == []


def test_a_declared_scale_of_cents_is_contradicted_by_parts_of_cents() -> None:
    sales = "date,amount\n2024-01-02,12.50\n2024-01-03,7.00\n"
    with pytest.raises(DataError, match="1 amount is not whole") as refused:
        read("transactions", sales, scale=Decimal("0.01"))
    assert "(amounts add up to 0.195)" in str(refused.value)
    assert "(amounts add up to 19.5)" in str(refused.value)
    assert "--set 'sources.transactions.scale=1'" in str(refused.value.hint)
    loaded = read("transactions", sales, scale=Decimal(1))
    assert list(loaded.frame["amount"]) == [Decimal("12.5"), Decimal(7)]
    whole = read("transactions", sales.replace("12.50", "12"), scale=Decimal("0.01"))
    assert list(whole.frame["amount"]) == [Decimal("0.12"), Decimal("0.07")]
