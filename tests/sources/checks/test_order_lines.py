"""`once:` takes what repeats on the lines of an order one time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_kpi.errors import DataError, UsageError
from tests.sources.conftest import read, rejected

HEAD = "transaction_id,customer_id,date,amount,currency,product\n"
ONCE = {"once": "transaction_id"}


def test_the_first_line_stands_for_its_order() -> None:
    text = HEAD + (
        "1,A,2024-01-02,100,EUR,Mug\n1,A,2024-01-02,100.00,EUR,Tea\n2,B,2024-01-03,50,EUR,Mug\n"
        "1,A,2024-01-02,100,EUR,Pot\n,C,2024-01-03,7,EUR,Mug\n,C,2024-01-03,7,EUR,Mug\n"
    )
    loaded = read("transactions", text, **ONCE, texts={"transactions": frozenset({"product"})})
    assert loaded.frame["amount"].to_list() == [Decimal(100), Decimal(50), Decimal(7), Decimal(7)]
    assert loaded.frame["product"].to_list() == ["Mug"] * 4
    assert (loaded.audit.rows, loaded.audit.excluded, loaded.audit.rejected) == (6, 2, 0)
    assert "transaction_id" in loaded.unique or loaded.frame["transaction_id"].null_count()


def test_blank_cells_of_further_lines_say_nothing() -> None:
    text = HEAD + "1,A,2024-01-02,100,EUR,Mug\n1,,,,,Tea\n"
    assert read("transactions", text, **ONCE).audit.excluded == 1


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [('1,A,2024-01-02,"1,60",EUR,Tea', "amount", "1,60"),
     ('1,B,2024-01-02,"1,5",EUR,Tea', "customer_id", "B"),
     ('1,A,2024-01-03,"1,5",EUR,Tea', "date", "2024-01-03"),
     ('1,A,2024-01-02,"1,5",USD,Tea', "currency", "USD")],
)  # fmt: skip
def test_lines_that_disagree_are_rejected(line: str, column: str, value: str) -> None:
    loaded = read("transactions", f'{HEAD}1,A,2024-01-02,"1,5",EUR,Mug\n{line}\n', **ONCE)
    assert rejected(loaded) == [(3, column, value, "differs from the first line of its order")]
    assert (loaded.audit.used, loaded.audit.excluded) == (1, 0)


def test_a_line_that_is_rejected_already_is_not_counted_twice() -> None:
    text = HEAD + "1,A,x,100,EUR,Mug\n1,A,2024-01-02,100,EUR,Tea\n1,A,2024-01-02,100,EUR,Pot\n"
    loaded = read("transactions", text, **ONCE)
    assert rejected(loaded) == [(2, "date", "x", "not a date")]
    assert (loaded.audit.used, loaded.audit.excluded) == (1, 1)


def test_a_column_that_the_table_or_the_file_has_not() -> None:
    with pytest.raises(UsageError, match="transactions has no column 'order'"):
        read("transactions", HEAD, once="order")
    text = "customer_id,date,amount\nA,2024-01-02,5\nA,2024-01-02,5\n"
    with pytest.raises(DataError, match=r"t\.csv: no column for transaction_id"):
        read("transactions", text, **ONCE)
