"""Rows that move money and are neither sales nor refunds."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read


def payments(*words: str, header: str = "Type", **how: Any) -> LoadedTable:
    rows = (f"t{i},2024-01-01,{100 * (i + 1)},{word}\n" for i, word in enumerate(words))
    return read("transactions", f"transaction_id,date,amount,{header}\n" + "".join(rows), **how)


def kept(loaded: LoadedTable) -> list[int]:
    return [int(amount) for amount in loaded.frame["amount"]]


@pytest.mark.parametrize("header", ["Type", "Transaction Type", "kind", "Loại giao dịch"])
def test_they_are_left_out_and_said(header: str) -> None:
    loaded = payments("Charge", "Payout", "Refund", "Stripe fee", header=header)
    assert kept(loaded) == [100, -300]
    assert loaded.audit.left_out == ["2 neither sale nor refund (Payout, Stripe fee)"]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.PROVED, 2)
    assert "amounts add up to 600" in reading.evidence


def test_payments_beside_invoices_are_no_sales() -> None:
    assert kept(payments("Invoice", "Payment")) == [100]
    assert kept(payments("Payment", "Transfer")) == [100]


@pytest.mark.parametrize("word", ["Quote", "Pro forma", "Báo giá", "Chi", "Vendor bill"])
def test_papers_that_are_no_sale(word: str) -> None:
    assert kept(payments("Invoice", word)) == [100]


def test_a_column_without_such_a_word_is_of_another_kind() -> None:
    assert kept(payments("Retail", "Wholesale")) == [100, 200]
    refunds = payments("shop_order", "shop_order_refund").audit.meaning
    assert [reading.reading for reading in refunds] == ["the kind of each row"]


def test_other_words_beside_them_are_asked_for() -> None:
    with pytest.raises(DataError, match="nobody knows 'Mystery'"):
        payments("Charge", "Payout", "Mystery")
    assert kept(payments("Charge", "Payout", "Mystery", values={"kind": {"Mystery": "sale"}})) == [
        100,
        300,
    ]
    assert kept(payments("Charge", "Payout", "Mystery", exclude={"Type": ("Mystery",)})) == [100]


def test_few_of_other_words_count() -> None:
    words = ["Charge"] * 200 + ["Payout", "Mystery"]
    loaded = payments("Mystery", *words)
    assert (loaded.audit.used, loaded.audit.excluded) == (202, 1)
