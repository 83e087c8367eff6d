"""Amounts in two columns, of debits and of credits."""

from __future__ import annotations

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from crm_kpi.sources.spec import DerivedColumn
from tests.sources.conftest import read


def _sales(debit: str, credit: str, *rows: tuple[str, str], **how: object) -> LoadedTable:
    lines = (f"{n},A,2024-01-0{n},{less},{more}" for n, (less, more) in enumerate(rows, 1))
    text = "\n".join([f"transaction_id,customer_id,date,{debit},{credit}", *lines, ""])
    return read("transactions", text, **how)


def _amounts(table: LoadedTable) -> list[int]:
    return [int(amount) for amount in table.frame["amount"]]


@pytest.mark.parametrize(("debit", "credit"), [
    ("Debit", "Credit"), ("Soll", "Haben"), ("Nợ", "Có"), ("Phát sinh Nợ", "Phát sinh Có"),
    ("Debit Amount", "Credit Amount"), ("Money out", "Money in"), ("Débit", "Crédit"),
    ("Debe", "Haber"),
])  # fmt: skip
def test_credits_less_debits(debit: str, credit: str) -> None:
    sales = _sales(debit, credit, ("", "100"), ("30", ""), ("0", "50"))
    assert _amounts(sales) == [100, -30, 50]
    (reading,) = sales.audit.meaning
    assert (reading.how, reading.rows) == (How.PROVED, 3)
    assert f"amount from {credit!r} less {debit!r}" in sales.audit.assumed


def test_debits_that_are_written_with_a_minus() -> None:
    assert _amounts(_sales("Debit", "Credit", ("", "100"), ("-30", ""))) == [100, -30]
    assert _amounts(_sales("Debit", "Credit", ("", "100"), ("(30)", ""))) == [100, -30]
    # One alone is a debit that was taken back.
    assert _amounts(_sales("Debit", "Credit", ("30", ""), ("-20", ""), ("", "50"))) == [-30, 20, 50]


def test_rows_with_both_are_netted() -> None:
    sales = _sales("Debit", "Credit", ("30", "100"))
    assert (_amounts(sales), sales.audit.meaning[0].how) == ([70], How.CONVENTIONAL)


def test_costs_are_debits() -> None:
    text = "date,Debit,Credit\n2024-01-02,100,\n2024-01-03,,30\n"
    assert _amounts(read("costs", text)) == [100, -30]


def test_an_amount_beside_them_is_the_amount() -> None:
    text = "date,amount,Debit,Credit\n2024-01-02,5,100,\n"
    sales = read("transactions", text)
    assert (_amounts(sales), sales.audit.meaning) == ([5], [])


def test_books_of_what_customers_owe_are_asked_about() -> None:
    rows = ("100", ""), ("", "30")
    with pytest.raises(DataError, match=r"-70.* 70") as refused:
        _sales("Nợ", "Có", *rows)
    assert 'columns.amount={"minus": ["Nợ", "Có"]}' in str(refused.value.hint)
    declared = {"amount": DerivedColumn(minus=("Nợ", "Có"))}
    assert _amounts(_sales("Nợ", "Có", *rows, columns=declared)) == [100, -30]
