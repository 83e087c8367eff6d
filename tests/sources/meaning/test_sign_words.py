"""Signs of amounts that stand in a column of their own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable, SourceSpec
from crm_kpi.sources.loading import out_of_core
from crm_kpi.sources.spec import ReadOptions
from tests.sources.conftest import AS_OF, read


def _sales(header: str, *rows: tuple[int, str], **how: object) -> LoadedTable:
    lines = (f"{n},A,2024-01-0{n},{amount},{word}" for n, (amount, word) in enumerate(rows, 1))
    text = "\n".join([f"transaction_id,customer_id,date,amount,{header}", *lines, ""])
    return read("transactions", text, **how)


def _amounts(table: LoadedTable) -> list[int]:
    return [int(amount) for amount in table.frame["amount"]]


@pytest.mark.parametrize(("header", "plus", "minus"), [
    ("Dr/Cr", "CR", "DR"), ("D/C", "C", "D"), ("CR/DR", "Cr.", "Dr."), ("S/H", "H", "S"),
    ("Soll/Haben-Kennzeichen", "H", "S"), ("Soll/Haben", "Haben", "Soll"), ("Nợ/Có", "Có", "Nợ"),
    ("Debit/Credit", "Credit", "Debit"), ("Balance Impact", "Credit", "Debit"),
    ("CdtDbtInd", "CRDT", "DBIT"), ("Sens", "C", "D"), ("Debe/Haber", "H", "D"),
    ("Af Bij", "Bij", "Af"), ("Sign", "+", "-"), ("Type", "CR", "DR"),
    ("Transaction type", "CR", "DR"),
])  # fmt: skip
def test_debits_are_subtracted(header: str, plus: str, minus: str) -> None:
    sales = _sales(header, (100, plus), (30, minus), (50, plus))
    assert _amounts(sales) == [100, -30, 50]
    (reading,) = sales.audit.meaning
    assert (reading.column, reading.how, reading.rows) == (header, How.PROVED, 1)
    assert any(f"1 amount subtracted by {header!r}" in line for line in sales.audit.assumed)


@pytest.mark.parametrize(("header", "words"), [
    ("Type", ("Retail", "Wholesale")), ("Type", ("S", "R")), ("Type", ("a", "b")),
    ("Type", ("C", "N")), ("Type", ("D", "C")),
    ("Dr/Cr", ("CR", "CR")),
    ("SH", ("12", "15")), ("Sign", ("Anna", "Bo")), ("Typ", ("B2B", "D")),
])  # fmt: skip
def test_other_columns_say_nothing_of_signs(header: str, words: tuple[str, str]) -> None:
    sales = _sales(header, (100, words[0]), (30, words[1]))
    assert (_amounts(sales), sales.audit.meaning) == ([100, 30], [])


def test_amounts_that_have_their_signs_keep_them() -> None:
    sales = _sales("Dr/Cr", (100, "CR"), (-30, "DR"))
    assert _amounts(sales) == [100, -30]
    assert [str(reading.reading) for reading in sales.audit.meaning] == [
        "amounts have their signs already"]  # fmt: skip


def test_costs_are_debits() -> None:
    text = "date,amount,S/H\n2024-01-02,100,S\n2024-01-03,30,H\n"
    assert _amounts(read("costs", text)) == [100, -30]


def test_a_word_that_nobody_knows_is_asked_about_and_the_line_settles_it() -> None:
    rows = (100, "CR"), (30, "DR"), (50, "XX")
    with pytest.raises(DataError, match=r"120.*20") as refused:
        _sales("Dr/Cr", *rows)
    for word, kind, total in (("sale", "sale", 120), ("refund", "refund", 20)):
        assert f'sources.transactions.values.kind={{"XX": "{word}"}}' in str(refused.value.hint)
        sales = _sales("Dr/Cr", *rows, values={"kind": {"XX": kind}})
        assert sum(_amounts(sales)) == total
        assert sales.audit.meaning[0].how is How.DECLARED


def test_books_that_come_to_less_than_nothing_are_asked_about() -> None:
    rows = (100, "Nợ"), (30, "Nợ"), (50, "Có")
    with pytest.raises(DataError, match=r"-80.* 80") as refused:
        _sales("Nợ/Có", *rows)
    assert '{"Nợ": "sale", "Có": "refund"}' in str(refused.value.hint)
    sales = _sales("Nợ/Có", *rows, values={"kind": {"Nợ": "sale", "Có": "refund"}})
    assert _amounts(sales) == [100, 30, -50]


def test_in_parts_rows_are_signed_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    monkeypatch.setattr(out_of_core, "ROWS", 2)
    spec = SourceSpec("transactions", ("t.csv",), numbers="1234.56", dates="%Y-%m-%d")
    header = "date,amount,Dr/Cr\n2024-01-02,100,CR\n2024-01-03,30,DR\n2024-01-04,50,CR\n"
    Path("t.csv").write_text(header + "2024-01-05,20,DR\n")
    options, specs = ReadOptions(AS_OF), {"transactions": [spec]}
    sales = out_of_core.load_all(specs, options, tmp_path, 1 << 30)["transactions"]
    assert [(r.how, r.rows) for r in sales.audit.meaning] == [(How.PROVED, 2)]
    Path("t.csv").write_text(header + "2024-01-05,-20,DR\n")
    with pytest.raises(UsageError, match="has to see all rows"):
        out_of_core.load_all(specs, options, tmp_path, 1 << 30)


def test_in_a_difference_a_blank_beside_a_filled_cell_is_nothing() -> None:
    text = "date,in,out\n2024-01-02,100,\n2024-01-03,,30\n2024-01-04,,\n"
    sales = read("transactions", text, columns={"amount": _minus("in", "out")})
    assert list(sales.frame["amount"]) == [Decimal(100), Decimal(-30)]
    assert sales.audit.rejected == 1


def _minus(*headers: str) -> object:
    from crm_kpi.sources.spec import DerivedColumn

    return DerivedColumn(minus=headers)


@pytest.mark.parametrize(("header", "words"), [("DC", "ABCA"), ("D/A", "BHBH"), ("DC", "ABAB")])
def test_letters_of_several_languages_are_no_signs(header: str, words: str) -> None:
    amounts = (500, 60, 70, 70)
    sales = _sales(header, *zip(amounts, words, strict=True))
    assert (sum(_amounts(sales)), sales.audit.meaning) == (700, [])
