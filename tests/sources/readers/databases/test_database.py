"""Databases as sources: exact text, the same rejects, no credentials anywhere, no writing."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import LoadedTable, ReadOptions, SourceSpec
from crm_kpi.sources.query import Query, fault
from crm_kpi.sources.readers.databases import sqlite
from crm_kpi.sources.readers.databases.database import read
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, rejected
from tests.sources.readers.databases import postgres

CUSTOMERS = "select * from customers order by customer_id"


def ask(database: str, sql: str, table: str = "customers", **how: Any) -> LoadedTable:
    spec = SourceSpec(table, (), query=Query(database, sql), **how)
    return sources.load(TABLES[table], [spec], ReadOptions(AS_OF, rejected_rows=Decimal(1)))


# SQLite


def lite(*statements: str, rows: Sequence[Sequence[Any]] = ()) -> str:
    with closing(sqlite3.connect("shop.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.executemany("insert into customers values (?, ?, ?)", rows)
        connection.commit()
    return "sqlite:///shop.db"


@pytest.fixture
def shop() -> str:
    rows = [("A", "2024-01-02", "x"), (7, "2024-02-13", 12.125), ("C", "bad", None)]
    return lite("create table customers (customer_id, signup_date, segment)", rows=rows)


def test_rows_of_sqlite_are_read_and_accounted_for(shop: str) -> None:
    loaded = ask(shop, CUSTOMERS)
    assert loaded.frame.rows() == [("7", date(2024, 2, 13)), ("A", date(2024, 1, 2))]
    audit = loaded.audit
    assert audit.paths == ["sqlite:///shop.db: select * from customers order by customer_id"]
    assert (audit.rows, audit.used, audit.rejected) == (3, 2, 1)
    assert rejected(loaded) == [(3, "signup_date", "bad", "not a date")]


def test_size_and_hash_are_those_of_the_rows_as_csv(shop: str) -> None:
    csv = "customer_id,signup_date,segment\n7,2024-02-13,12.1250\nA,2024-01-02,x\nC,bad,\n"
    audit = ask(shop, CUSTOMERS).audit
    assert (audit.bytes, audit.sha256) == (len(csv), [sha256(csv.encode()).hexdigest()])


def test_each_value_of_sqlite_is_exact(shop: str) -> None:
    values = "7.0", "0.1", "1e16", "12.125", "901234567", "'007'", "x'4142'", "null"
    union = " union all ".join(f"select 'C', '2024-01-01', {value}, {i}"
                               for i, value in enumerate(values))  # fmt: skip
    sql = f"select 'c' customer_id, 'd' signup_date, 's' segment, -1 n union all {union}"
    rows = read(Query(shop, f"select * from ({sql}) order by n"))
    shown = [rows.contents([i])[0][2] for i in range(1, rows.records)]
    assert shown == ["7", "0.1", "10000000000000000", "12.1250", "901234567", "007", "AB", ""]


def test_a_query_can_only_read(shop: str) -> None:
    before = Path("shop.db").read_bytes()
    for sql in (
        "delete from customers",
        "drop table customers",
        "insert into customers values (1, 2, 3)",
        "attach 'other.db' as other",
        "vacuum into 'copy.db'",
        "pragma journal_mode = wal",
        "select 1; select 2",
        "selec 1",
        "",
    ):
        with pytest.raises(UsageError, match=r"sqlite:///shop\.db: ") as caught:
            ask(shop, sql)
        assert "a query is one select" in str(caught.value.hint)
    assert Path("shop.db").read_bytes() == before
    assert sorted(os.listdir()) == ["shop.db"]


def test_files_that_are_no_database() -> None:
    with pytest.raises(DataError, match=r"there is no file none\.db"):
        ask("sqlite:///none.db", "select 1")
    Path("text.db").write_text("customer_id,signup_date\n" * 100, encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read: file is not a database"):
        ask("sqlite:///text.db", "select 1")


def test_bytes_that_are_no_text_are_an_error(shop: str) -> None:
    with pytest.raises(DataError, match="holds bytes that are no text"):
        ask(shop, "select x'ff' as customer_id, '2024-01-01' as signup_date")


def test_equal_rows_and_no_rows(shop: str) -> None:
    one = "select 1 customer_id, '2024-01-01' signup_date"
    assert ask(shop, f"{one} union all {one}").audit.duplicates == 1
    assert ask(shop, f"{one} where 1 = 0").audit.rows == 0


def test_a_query_of_which_nothing_is_read_still_has_its_rows(shop: str) -> None:
    constants = {"date": "2024-01-01", "amount": "5"}
    loaded = ask(shop, "select segment from customers", "costs", constants=constants)
    assert (loaded.audit.used, loaded.frame["amount"].sum()) == (3, 15)


def test_a_query_and_a_file_are_one_table(shop: str) -> None:
    Path("more.csv").write_text("customer_id,signup_date\nD,2024-03-01\n", encoding="utf-8")
    specs = [
        SourceSpec("customers", (), query=Query(shop, CUSTOMERS)),
        SourceSpec("customers", ("more.csv",)),
    ]
    options = ReadOptions(AS_OF, rejected_rows=Decimal(1))
    audit = sources.load(TABLES["customers"], specs, options).audit
    assert (audit.rows, audit.used, len(audit.paths)) == (4, 3, 2)


def test_a_query_of_sqlite_that_does_not_end_is_stopped(shop: str) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n)"
    with pytest.raises(DataError, match="takes too long, and was stopped"):
        sqlite.fetch(Query(shop, f"{endless} select count(*) from n"), 1 << 30, seconds=0)
    with pytest.raises(DataError, match="takes too long, and was stopped"):
        sqlite.fetch(Query(shop, f"{endless} select * from n where i < 0"), 1 << 30, seconds=0)


@pytest.mark.parametrize(
    "rows",
    [
        "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select 'a' from n",
        "select hex(zeroblob(8000000)) as a",
    ],
)
def test_rows_of_sqlite_that_take_too_much_are_refused(shop: str, rows: str) -> None:
    with pytest.raises(UsageError, match="its rows take more than the 8 MiB of memory"):
        read(Query(shop, rows), most=8 << 20)


# URLs


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://me:pw@host/db", "holds a password"),
        ("postgresql://host/db?password=pw", "holds a password"),
        ("postgresql://host/db?sslmode=require&sslpassword=pw", "holds a password"),
        ("oracle://host/db", "should begin with postgresql://, mysql://, mssql:// or sqlite:///"),
        ("shop.db", "should begin with postgresql://, mysql://, mssql:// or sqlite:///"),
        ("sqlite://shop.db", "should name a file"),
        ("sqlite:///", "should name a file"),
        ("postgresql://host:many/db", "is no URL"),
        ("postgresql://[host/db", "is no URL"),
    ],
)
def test_urls_that_are_refused(url: str, said: str) -> None:
    found = fault(url)
    assert found is not None
    assert found[0] == said
    assert "pw" not in str(found)


def test_what_stands_for_a_path_has_no_credentials() -> None:
    query = Query("postgresql://me@host:5433/db?sslmode=require", "select *\n  from t -- \n")
    assert query.name == "postgresql://host:5433/db: select * from t --"
    long = Query("sqlite:////data/shop.db", "select 1 " * 100)
    assert (long.file, len(long.name)) == ("/data/shop.db", len("sqlite:////data/shop.db: ") + 200)
    assert Query("sqlite:///a.db", "").within(Path("in")) == Query("sqlite:///in/a.db", "")
    assert Query("sqlite:////a.db", "").within(Path("in")).file == "/a.db"


# PostgreSQL


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    reason = postgres.missing()
    if reason is not None:
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGUSER", postgres.USER)
        patch.setenv("PGPASSWORD", postgres.PASSWORD)
        patch.setenv("PGHOST", "127.0.0.1")
        with postgres.server() as port:
            postgres.run(
                port,
                "create table customers (customer_id int, signup_date date, segment text)",
                "insert into customers values (7, '2024-01-02', 'x'), (8, '2024-02-13', null), "
                "(9, 'infinity', '')",
            )
            yield port


@pytest.fixture
def url(port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PGUSER", postgres.USER)
    monkeypatch.setenv("PGPASSWORD", postgres.PASSWORD)
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    return f"postgresql://127.0.0.1:{port}/postgres"


def test_rows_of_postgresql_are_read_and_accounted_for(url: str) -> None:
    loaded = ask(url, f"{CUSTOMERS} -- all")
    assert loaded.frame.rows() == [("7", date(2024, 1, 2)), ("8", date(2024, 2, 13))]
    audit = loaded.audit
    assert audit.paths == [f"{url}: {CUSTOMERS} -- all"]
    assert (audit.rows, audit.used, audit.rejected) == (3, 2, 1)
    assert rejected(loaded) == [(3, "signup_date", "infinity", "not a date")]
    assert audit.sha256 == ask(url, f"{CUSTOMERS};").audit.sha256
    assert audit.notes == []


def test_each_type_of_postgresql_is_exact(url: str) -> None:
    types = {
        "901234567890123456::int8": "901234567890123456",
        "2.50::numeric": "2.50",
        "12.125::numeric": "12.1250",
        "123456789012345678901234.5678::numeric": "123456789012345678901234.5678",
        "'NaN'::numeric": "NaN",
        "0.1::float4": "0.1",
        "12.125::float8": "12.1250",
        "1e16::float8": "10000000000000000",
        "1e-7::float8": "0.0000001",
        "12.34::money": "$12.34",
        "true": "true",
        "timestamp '2024-01-02 03:04:05.25'": "2024-01-02 03:04:05.25",
        "timestamptz '2024-01-02 03:04:05+07'": "2024-01-01 20:04:05Z",
        "date '2024-01-02'": "2024-01-02",
        "'x'::char(3)": "x",
        "'007'::varchar": "007",
        "null": "",
        "'{\"a\": 1}'::jsonb": '{"a": 1}',
        "interval '1 day 02:00'": "1 day 02:00:00",
        "array[1, 2]": "{1,2}",
        "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    }
    columns = ", ".join(f'{value} as "c""{i}"' for i, value in enumerate(types))
    rows = read(Query(url, f"select {columns}"))
    assert rows.headers[1] == 'c"1'
    shown = dict(zip(types, (cell.strip() for cell in rows.contents([0])[0]), strict=True))
    assert shown == types


def test_typed_columns_of_postgresql_need_no_declaration(url: str) -> None:
    sql = (
        "select 1 as ticket_id, timestamptz '2024-01-02 03:04:05+07' as created_at, "
        "'05/02/2024 10:00' as solved_at"
    )
    loaded = ask(url, sql, "tickets", dates="%d/%m/%Y")
    found = loaded.frame.select("created_at", "solved_at").row(0)
    assert found == (datetime(2024, 1, 1, 20, 4, 5), datetime(2024, 2, 5, 10))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("delete from customers", "syntax error"),
        ("with gone as (delete from customers returning *) select * from gone", "data-modifying"),
        ("select 1) x; drop table customers; select * from (select 1", "multiple commands"),
        ("select nothing from customers", 'column "nothing" does not exist'),
        ("select 1 as a, 2 as a", 'column reference "a" is ambiguous'),
        ("select 1 / 0 as customer_id", "division by zero"),
        ("select nextval('counter')", "read-only transaction"),
        ("select from customers", "gives no columns"),
    ],
)
def test_a_query_of_postgresql_can_only_read(url: str, port: int, sql: str, said: str) -> None:
    if "nextval" in sql:
        postgres.run(port, "create sequence counter")
    with pytest.raises((UsageError, DataError), match=said):
        ask(url, sql)
    assert ask(url, CUSTOMERS).audit.rows == 3


def test_a_session_of_postgresql_is_read_only_and_ends(url: str) -> None:
    names = "transaction_read_only", "default_transaction_read_only", "statement_timeout"
    columns = ", ".join(f"current_setting('{name}') as {name}" for name in names)
    assert read(Query(url, f"select {columns}")).contents([0]) == [("on", "on", "10min")]


def test_a_query_of_postgresql_that_does_not_end_is_stopped(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=300")
    for sql in (
        "select pg_sleep(60)::text as a",
        "select pg_sleep(1)::text as a, generate_series(1, 60)",
    ):
        with pytest.raises(DataError, match="takes too long, and was stopped"):
            read(Query(url, sql))


def test_rows_of_postgresql_that_take_too_much_are_refused(url: str) -> None:
    many = "select repeat('x', 1000) as a, generate_series(1, 1000) as b"
    assert read(Query(url, many), most=8 << 20).records == 1000
    for sql in (
        many.replace("1, 1000)", "1, 100000)"),
        "select '' as a, generate_series(1, 800000)",
    ):
        with pytest.raises(UsageError, match="its rows take more than the 8 MiB of memory"):
            read(Query(url, sql), most=8 << 20)


def test_who_connects_is_never_said(url: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = "wrong-password", "wrong-user"
    monkeypatch.setenv("PGPASSWORD", secrets[0])
    with pytest.raises(DataError, match="the server refuses the connection") as caught:
        ask(url, CUSTOMERS)
    monkeypatch.setenv("PGUSER", secrets[1])
    with pytest.raises(DataError, match="the server refuses the connection") as other:
        ask(url.replace("127.", f"{secrets[1]}@127."), CUSTOMERS)
    monkeypatch.delenv("PGPASSWORD")
    with pytest.raises(DataError, match="the server refuses the connection") as third:
        ask(url, CUSTOMERS)
    for error in (caught.value, other.value, third.value):
        assert not any(secret in f"{error.message} {error.hint}" for secret in secrets)
        assert "PGPASSWORD" in str(error.hint)


def test_a_server_that_is_not_there(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match=r"the server cannot be reached: .*refused"):
        ask("postgresql://127.0.0.1:1/none", "select 1")
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "2")
    with pytest.raises(DataError, match="the server cannot be reached"):
        ask("postgresql://127.0.0.1:1/none", "select 1")


@pytest.mark.parametrize(
    ("scheme", "module"),
    [("postgresql", "adbc_driver_postgresql"), ("mysql", "pymysql"), ("mssql", "pytds")],
)
def test_without_the_driver_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, scheme: str, module: str
) -> None:
    for password in ("PGPASSWORD", "MYSQL_PWD", "SQLCMDPASSWORD"):
        monkeypatch.delenv(password, raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match="no driver for this database is installed") as caught:
        ask(f"{scheme}://127.0.0.1:1/none", "select 1")
    assert caught.value.hint == 'pip install "crm-kpi[databases]"'
