"""Customers who are nobody in particular."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from crm_kpi.errors import UsageError
from crm_kpi.readings import How
from crm_kpi.sources import SourceSpec
from crm_kpi.sources.loading import out_of_core
from crm_kpi.sources.meaning import asking
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read

HEADER = "transaction_id,customer_id,date,amount"


def _sales(*ids: str, header: str = HEADER) -> str:
    rows = (f"{n},{one},2024-01-02,5" for n, one in enumerate(ids))
    return "\n".join([header, *rows, ""])


def test_walk_ins_count_and_are_no_customer() -> None:
    loaded = read("transactions", _sales("A", "Khách lẻ", "A", "KHACHLE"))
    assert loaded.frame["customer_id"].to_list() == ["A", None, "A", None]
    assert (loaded.audit.used, loaded.audit.excluded) == (4, 0)
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.CONVENTIONAL, 2)
    assert loaded.audit.assumed[-1] == "2 of walk-ins, no customer (KHACHLE, Khách lẻ)"


@pytest.mark.parametrize(
    "ids", [("A", "B"), ("0", "1", "2", "0"), ("An", "Bình"), ("Guestrow", "K")]
)
def test_plain_ids_are_customers(ids: tuple[str, ...]) -> None:
    loaded = read("transactions", _sales(*ids))
    assert loaded.frame["customer_id"].to_list() == [*ids]
    assert (loaded.audit.meaning, loaded.audit.assumed) == ([], [])


def test_a_list_of_customers_is_without_them() -> None:
    text = "customer_id,signup_date\nKL,2020-01-01\nA,2024-01-02\n"
    loaded = read("customers", text)
    assert loaded.frame["customer_id"].to_list() == ["A"]
    assert (loaded.audit.excluded, loaded.audit.left_out) == (1, ["1 walk-in (KL)"])


def test_declared_words_are_the_only_ones() -> None:
    loaded = read("transactions", _sales("KH000", "KL", "A"), walk_in=("kh000",))
    assert loaded.frame["customer_id"].to_list() == [None, "KL", "A"]
    assert loaded.audit.meaning[0].how is How.DECLARED


def test_an_empty_list_takes_every_id_for_a_customer() -> None:
    loaded = read("transactions", _sales("KL", "A"), walk_in=())
    assert loaded.frame["customer_id"].to_list() == ["KL", "A"]
    assert loaded.audit.meaning == []


def test_a_declared_word_that_is_misspelt_is_told() -> None:
    with pytest.raises(UsageError) as refused:
        read("transactions", _sales("KH-WALK", "A"), walk_in=("KH-WALC",))
    assert "sources.transactions.walk_in" in str(refused.value)
    assert "KH-WALK" in str(refused.value.hint)
    read("transactions", _sales("A", "B"), walk_in=("KH-WALK",))  # a month without any


def test_zero_is_nobody_where_more_is_sold_to_it_than_to_anyone() -> None:
    loaded = read("transactions", _sales(*["0"] * 10, "1", "1", "2"))
    assert loaded.frame["customer_id"].null_count() == 10
    assert loaded.audit.meaning[0].how is How.PROVED
    assert read("transactions", _sales(*["0"] * 9, "1", "1")).audit.meaning == []


@pytest.mark.parametrize("header", ["Email", "Số điện thoại", "Tên khách hàng"])
def test_zero_is_nobody_where_it_is_several_people(header: str) -> None:
    text = f"transaction_id,customer_id,date,amount,{header}\n" + (
        "1,0,2024-01-02,5,a@x.vn\n2,0,2024-01-02,5,b@x.vn\n3,1,2024-01-02,5,c@x.vn\n"
    )
    assert read("transactions", text).frame["customer_id"].to_list() == [None, None, "1"]
    same = text.replace("b@x.vn", "a@x.vn")
    assert read("transactions", same).frame["customer_id"].to_list() == ["0", "0", "1"]


def test_an_id_whose_name_is_nobodys() -> None:
    text = HEADER + ",Customer name\n" + (
        "1,KH000,2024-01-02,5,Walk-in customer\n2,KH001,2024-01-02,5,An\n"
        "3,KH002,2024-01-02,5,Guest\n"
        + "".join(f"{n},KH{n},2024-01-02,5,Bo\n" for n in range(4, 12))
    )  # fmt: skip
    loaded = read("transactions", text)
    assert loaded.frame["customer_id"].head(3).to_list() == [None, "KH001", "KH002"]


def test_a_name_that_may_be_a_surname_needs_many_orders() -> None:
    text = HEADER + ",Customer name\n" + (
        "1,KH002,2024-01-02,5,Guest\n2,KH002,2024-01-02,5,Guest\n3,KH003,2024-01-02,5,An\n"
    )  # fmt: skip
    assert read("transactions", text).frame["customer_id"].to_list() == [None, None, "KH003"]


def test_in_parts_words_are_known_and_zeros_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    monkeypatch.setattr(out_of_core, "ROWS", 2)
    specs = {"transactions": [SourceSpec("transactions", ("t.csv",), numbers="1234.56",
                                         dates="%Y-%m-%d")]}  # fmt: skip
    Path("t.csv").write_text(_sales("A", "Guest", "B"))
    loaded = out_of_core.load_all(specs, ReadOptions(AS_OF), tmp_path, 1 << 30)["transactions"]
    assert [r.rows for r in loaded.audit.meaning] == [1]
    Path("t.csv").write_text(_sales("A", "0", "B"))
    with pytest.raises(UsageError, match="nobody in particular has to see all rows"):
        out_of_core.load_all(specs, ReadOptions(AS_OF), tmp_path, 1 << 30)


class _Values:
    """What the engine would say of one column."""

    def __init__(self, *ids: str) -> None:
        self.ids = pl.Series(ids)

    def __call__(self, header: str) -> list[str]:
        return sorted(set(self.ids))

    def like(self, header: str, pattern: str) -> bool:
        return bool(self.ids.str.contains(pattern).any())


@pytest.mark.parametrize(("ids", "refused"), [
    (("A", "KH01"), False), (("A", "Khách lẻ"), True), (("A", "KHÁCH LẺ"), True),
    (("guest",), True),
    (("A@x.vn",), True), (("a@x.vn",), False), (("8.4E+11",), True), (("1.0", "2"), True),
])  # fmt: skip
def test_in_place(ids: tuple[str, ...], refused: bool) -> None:
    spec, names = SourceSpec("transactions", ("t.parquet",)), ("customer_id", "date", "amount")
    why = asking.unfit_in_place(
        TABLES["transactions"], spec, names, ReadOptions(AS_OF), _Values(*ids)
    )
    assert (why is not None) == refused
