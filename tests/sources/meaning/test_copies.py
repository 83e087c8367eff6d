"""Rows of several files: copies, changes, lines, and what no id tells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable, ReadOptions, SourceSpec
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF

HEADER = "transaction_id,customer_id,date,amount"
JAN = ("1,a,2024-01-01,10", "2,b,2024-01-20,20")


def _read(*files: tuple[str, ...], header: str = HEADER, table: str = "transactions",
          note: bool = False, **how: Any) -> LoadedTable:  # fmt: skip
    paths = []
    for number, rows in enumerate(files):
        paths.append(f"{number}.csv")
        Path(paths[-1]).write_text("\n".join([header, *rows, ""]))
    options = ReadOptions(AS_OF, open_meaning="note" if note else "error")
    return sources.load(TABLES[table], [SourceSpec(table, tuple(paths), **how)], options)


def _sum(loaded: LoadedTable) -> Decimal:
    return Decimal(loaded.frame["amount"].sum())


def _how(loaded: LoadedTable) -> list[How]:
    return [reading.how for reading in loaded.audit.meaning]


def test_an_order_in_two_files_is_read_once() -> None:
    loaded = _read(JAN, ("2,b,2024-01-20,20", "3,a,2024-02-03,30"))
    assert (_sum(loaded), loaded.audit.duplicates, _how(loaded)) == (60, 1, [How.PROVED])
    assert loaded.audit.assumed == ["1 row that stands in several files read once"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_has_changed_is_that_of_the_newer_file(order: tuple[int, int]) -> None:
    files = (JAN, ("2,b,2024-01-20,25", "3,a,2024-02-03,30"))
    loaded = _read(files[order[0]], files[order[1]])
    assert (_sum(loaded), loaded.audit.duplicates, _how(loaded)) == (65, 1, [How.CONVENTIONAL])
    assert loaded.audit.assumed == ["1 row replaced by that of a newer file"]


@pytest.mark.parametrize("how", [{}, {"exclude": {"status": ("cancelled",)}}])
def test_an_order_that_was_cancelled_since_does_not_come_back(how: dict[str, Any]) -> None:
    header = HEADER + ",status"
    old = tuple(f"{row},completed" for row in JAN)
    new = ("2,b,2024-01-20,20,cancelled", "3,a,2024-02-03,30,completed")
    loaded = _read(old, new, header=header, **how)
    assert loaded.frame["transaction_id"].to_list() == ["1", "3"]


def test_an_order_that_was_paid_since_counts_once() -> None:
    header = HEADER + ",status"
    old = ("1,a,2024-12-30,10,completed", "2,b,2024-12-30,20,pending")
    new = ("2,b,2024-12-30,20,completed", "3,a,2024-12-31,30,completed")
    assert _sum(_read(old, new, header=header)) == 60


def test_all_lines_of_an_order_go_together() -> None:
    lines = ("2,b,2024-01-20,20", "2,b,2024-01-20,5")
    loaded = _read((JAN[0], *lines), (*lines, "3,a,2024-02-03,30"))
    assert (_sum(loaded), loaded.audit.duplicates) == (65, 2)
    loaded = _read((JAN[0], *lines), ("2,b,2024-01-20,20", "3,a,2024-02-03,30"))
    assert _sum(loaded) == 60


def test_lines_in_files_whose_days_do_not_overlap_are_lines() -> None:
    loaded = _read(JAN, ("2,b,2024-02-03,-5",))
    assert (_sum(loaded), loaded.audit.duplicates, _how(loaded)) == (25, 0, [])


def test_neither_file_is_newer() -> None:
    files = JAN, ("2,b,2024-01-20,25",)
    with pytest.raises(DataError) as refused:
        _read(*files)
    assert "read once (amounts add up to 35) or each is read (amounts add up to 55)" in str(
        refused.value
    )
    hint = str(refused.value.hint)
    assert "--set 'sources.transactions.duplicates=drop'" in hint
    assert "--set 'sources.transactions.duplicates=keep'" in hint
    assert _sum(_read(*files, duplicates="drop")) == 35
    assert _sum(_read(*files, duplicates="keep")) == 55
    assert _sum(_read(*files, note=True)) == 35


def test_two_shops_that_number_alike_are_asked_about() -> None:
    shops = ("1,a,2024-01-01,10", "2,b,2024-01-20,20"), ("1,c,2024-01-02,40", "3,d,2024-01-22,1")
    with pytest.raises(DataError, match="not one order: each is read"):
        _read(*shops)
    assert _sum(_read(*shops, duplicates="keep")) == 71


def test_rows_without_an_id_are_kept() -> None:
    header = "customer_id,date,amount"
    one = ("a,2024-01-01,10", "b,2024-01-20,20", "c,2024-01-20,20", "d,2024-01-20,7")
    loaded = _read(one, ("b,2024-01-20,20", "e,2024-01-20,9", "f,2024-01-20,8"), header=header)
    assert (_sum(loaded), _how(loaded)) == (94, [])


def test_files_without_ids_that_share_half_a_day_are_asked_about() -> None:
    header = "customer_id,date,amount"
    files = ("a,2024-01-01,10", "b,2024-01-20,20"), ("b,2024-01-20,20", "e,2024-01-20,9")
    with pytest.raises(DataError, match="no id says whether it is one"):
        _read(*files, header=header)
    assert _sum(_read(*files, header=header, duplicates="keep")) == 59
    assert _sum(_read(*files, header=header, duplicates="drop")) == 39


def test_equal_sales_of_one_file_are_not_those_of_another() -> None:
    header = "customer_id,date,amount"
    loaded = _read(("a,2024-01-01,10", "a,2024-01-01,10"), ("b,2024-01-02,5",), header=header)
    assert (_sum(loaded), _how(loaded)) == (25, [])


def test_a_ticket_that_was_solved_since() -> None:
    header = "ticket_id,created_at,solved_at"
    loaded = _read(
        ("1,2024-01-05,", "2,2024-01-06,"), ("1,2024-01-05,2024-02-01", "3,2024-01-06,"),
        header=header, table="tickets",
    )  # fmt: skip
    assert loaded.frame.sort("ticket_id")["solved_at"].null_count() == 2
    assert (loaded.audit.used, loaded.audit.rejected) == (3, 0)


def test_a_customer_who_left_since() -> None:
    loaded = _read(
        ("a,2023-01-05,", "b,2024-01-05,"), ("a,2023-01-05,2024-02-01", "c,2024-02-03,"),
        header="customer_id,signup_date,churn_date", table="customers",
    )  # fmt: skip
    assert loaded.frame["churn_date"].null_count() == 2
    assert loaded.audit.rejected == 0


def test_once_is_once_in_each_file() -> None:
    header = HEADER + ",product"
    old = ("1,a,2024-01-01,10,x", "1,a,2024-01-01,10,y", "2,b,2024-01-20,20,x")
    new = ("2,b,2024-01-20,25,x", "2,b,2024-01-20,25,y", "3,a,2024-02-03,30,x")
    loaded = _read(old, new, header=header, once="transaction_id")
    assert (_sum(loaded), loaded.audit.rejected) == (65, 0)


def test_one_file_twice_in_the_same_blocks_is_no_copy() -> None:
    Path("r.csv").write_text("transaction_id,customer_id,date,sold,back\n1,a,2024-01-02,10,4\n")
    specs = [
        SourceSpec("transactions", ("r.csv",), columns={"amount": "sold"}),
        SourceSpec("transactions", ("r.csv",), columns={"amount": "back"},
                   constants={"kind": "refund"}),
    ]  # fmt: skip
    assert sources.load(TABLES["transactions"], specs, ReadOptions(AS_OF)).audit.used == 2


def test_parquet_files_of_one_folder_are_pieces_of_one_table() -> None:
    rows = pl.DataFrame({"customer_id": ["a"], "date": [date(2024, 1, 2)], "amount": [5]})
    for name in ("1", "2"):
        rows.write_parquet(f"{name}.parquet")
    spec = SourceSpec("transactions", ("1.parquet", "2.parquet"))
    assert sources.load(TABLES["transactions"], [spec], ReadOptions(AS_OF)).audit.meaning == []
