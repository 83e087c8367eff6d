"""Which rows are refunds: by the words of their kind, or by the header of the amounts."""

from __future__ import annotations

import pytest

from crm_kpi.readings import How
from tests.sources.conftest import read, rejected


def rows(header: str, sale: str, refund: str, sign: str = "") -> str:
    return (
        f"id,date,{header},amount\n"
        f"A,2024-01-01,{sale},100\nB,2024-01-02,{refund},{sign}40\nC,2024-01-03,{sale},50\n"
    )


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    ("header", "sale", "refund"),
    [
        ("Loại", "Bán hàng", "Trả hàng"),
        ("Loại phiếu", "Bán hàng", "Phiếu trả"),
        ("Loại chứng từ", "Hóa đơn", "Hoàn tiền"),
        ("Document type", "Invoice", "Credit note"),
        ("Type", "Sales Invoice", "Sales Credit Note"),
        ("Belegart", "Rechnung", "Gutschrift"),
        ("Type de document", "Facture", "Avoir"),
        ("Tipo", "Venda", "Devolução"),
        ("Transaction type", "Sale", "Rückerstattung"),
    ],
)
def test_words_of_kinds(header: str, sale: str, refund: str, sign: str) -> None:
    loaded = read("transactions", rows(header, sale, refund, sign))
    assert loaded.frame["amount"].to_list() == [100, -40, 50]
    assert rejected(loaded) == []


def test_it_is_said() -> None:
    loaded = read("transactions", rows("Loại", "Bán hàng", "Trả hàng"))
    assert [r.how for r in loaded.audit.meaning] == [How.PROVED]
    assert "refunds by 'Loại'" in loaded.audit.assumed


@pytest.mark.parametrize(
    ("header", "words"),
    [("Type", ("Retail", "Wholesale")), ("Loại", ("Sữa", "Tã")), ("Note", ("sale", "refund"))],
)
def test_other_columns_are_no_kinds(header: str, words: tuple[str, str]) -> None:
    loaded = read("transactions", rows(header, *words))
    assert loaded.frame["amount"].to_list() == [100, 40, 50]
    assert loaded.audit.meaning == []


@pytest.mark.parametrize("header", ["Cần trả khách", "Refund amount", "Erstattungsbetrag"])
def test_amounts_that_are_paid_back(header: str) -> None:
    content = f"id,date,{header}\nA,2024-01-01,100\n"
    loaded = read("transactions", content, columns={"amount": header})
    assert loaded.frame["amount"].to_list() == [-100]
    assert [r.how for r in loaded.audit.meaning] == [How.CONVENTIONAL]
