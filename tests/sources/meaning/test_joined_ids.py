"""Ids of several programs that are one customer's."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable, SourceSpec, load
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.loading import identities_file, out_of_core
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.meaning import asking
from crm_kpi.sources.spec import Identities, IdentitiesFile, ReadOptions
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF

IDS = """Mã KH,Người Mua,Điện thoại
KH001,an.nguyen,0912345678
KH002,binh92,
,cuong_x,0987654321
"""
SALES = """transaction_id,customer_id,date,amount
1,KH001,2024-01-05,10
2,an.nguyen,2024-02-05,20
3,0987654321,2024-02-06,20
4,KH003,2024-02-05,20
5,,2024-02-05,20
"""


def ids(content: str, *columns: str) -> Identities:
    Path("ids.csv").write_text(content, encoding="utf-8")
    file = IdentitiesFile("ids.csv", columns)
    return identities_file.read(file, Session(MemoryBudget.of(None)))


def loaded(table: str, *contents: str, joined: Identities | None = None) -> LoadedTable:
    """Files of which each is a block of its own."""
    specs = []
    for number, content in enumerate(contents):
        Path(f"{number}.csv").write_text(content, encoding="utf-8")
        specs.append(SourceSpec(table, (f"{number}.csv",)))
    return load(TABLES[table], specs, ReadOptions(AS_OF, identities=joined))


def test_ids_of_a_row_are_the_customer_of_its_first_column() -> None:
    sales = loaded("transactions", SALES, joined=ids(IDS))
    assert sales.frame["customer_id"].to_list() == ["KH001", "KH001", "cuong_x", "KH003", None]
    (reading,) = sales.audit.meaning
    assert (reading.column, reading.how, reading.rows) == ("customer_id", How.DECLARED, 2)
    assert "2 ids in 'customer_id' joined with others by ids.csv" in sales.audit.assumed


def test_columns_are_named_where_others_stand_beside_them() -> None:
    with_names = "customer_id,shop,name\nKH1,s1,An\nKH2,s2,An\n"
    with pytest.raises(DataError) as refused:
        ids(with_names)
    (problem,) = refused.value.problems
    assert (problem.line, problem.column, problem.value) == (3, "name", "An")
    assert "'KH2'" in problem.reason
    assert "line 2 to 'KH1'" in problem.reason
    assert "columns: [HEADER" in str(problem.hint)
    assert ids(with_names, "customer_id", "shop").customers["s2"] == "KH2"
    with pytest.raises(UsageError) as unknown:
        ids(with_names, "customer_id", "shopp")
    assert "'shop'" in str(unknown.value.hint)


@pytest.mark.parametrize("rows", ["KH1,s1\nKH2,s1\n", "KH1,KH2\nKH2,s1\n", "KH1,s1\ns1,s2\n"])
def test_an_id_of_two_customers_is_refused(rows: str) -> None:
    with pytest.raises(DataError) as refused:
        ids("customer_id,shop_id\n" + rows)
    assert "is joined to" in refused.value.problems[0].reason


def test_one_column_joins_nothing() -> None:
    with pytest.raises(DataError, match="two columns of ids"):
        ids("customer_id\nKH1\n")


def test_ids_are_spelt_as_those_of_tables() -> None:
    found = ids("Mã KH,E-mail,Điện thoại\n1.0, An@X.vn ,912345678\n2,b@x.vn,\n")
    assert found.customers == {
        "1": "1", "an@x.vn": "1", "0912345678": "1", "2": "2", "b@x.vn": "2"}  # fmt: skip


def test_a_customer_of_two_lists_is_one() -> None:
    shop = "customer_id,signup_date\nKH001,2024-01-05\nKH002,2024-02-05\n"
    market = (
        "customer_id,signup_date\nan.nguyen,2024-06-05\nbinh92,2024-01-15\ncuong_x,2024-03-01\n"
    )
    both = loaded("customers", shop, market, joined=ids(IDS))
    stays = both.frame.select("customer_id", "signup_date").sort("customer_id")
    assert [(one, str(day)) for one, day in stays.iter_rows()] == [
        ("KH001", "2024-01-05"), ("KH002", "2024-01-15"), ("cuong_x", "2024-03-01")]  # fmt: skip


def test_a_file_that_names_none_of_the_ids_is_told() -> None:
    sales = loaded("transactions", SALES, joined=ids("a,b\nX,Y\n"))
    assert "no id in 'customer_id' stands in ids.csv" in sales.audit.assumed
    own = loaded("transactions", SALES.replace("an.nguyen", "KH001"), joined=ids("a,b\nKH001,Y\n"))
    assert own.audit.assumed == []


def test_in_parts_they_are_joined_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    monkeypatch.setattr(out_of_core, "ROWS", 2)
    Path("t.csv").write_text(SALES)
    spec = SourceSpec("transactions", ("t.csv",), numbers="1234.56", dates="%Y-%m-%d")
    options = ReadOptions(AS_OF, identities=ids(IDS))
    specs = {"transactions": [spec]}
    sales = out_of_core.load_all(specs, options, tmp_path, 1 << 30)["transactions"]
    assert [reading.rows for reading in sales.audit.meaning] == [2]


class _NoValues:
    def __call__(self, header: str) -> list[str]:
        return []

    def like(self, header: str, pattern: str) -> bool:
        return False


def test_in_place_they_are_refused() -> None:
    spec, names = SourceSpec("transactions", ("t.parquet",)), ("customer_id", "date", "amount")
    for joined in (None, Identities("ids.csv", {"b": "a"})):
        options = ReadOptions(AS_OF, identities=joined)
        why = asking.unfit_in_place(TABLES["transactions"], spec, names, options, _NoValues())
        assert (why is not None) == (joined is not None)
