"""MySQL and MariaDB as sources, on a MariaDB of the tests' own: exact text, and only reading."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources.query import Query, fault
from crm_kpi.sources.readers.databases import mysql
from crm_kpi.sources.readers.databases.database import read
from tests.sources.conftest import rejected
from tests.sources.readers.databases import mariadb
from tests.sources.readers.databases.mariadb import MariaDb
from tests.sources.readers.databases.test_database import CUSTOMERS, ask


@pytest.fixture(scope="module")
def shop() -> Iterator[MariaDb]:
    pytest.importorskip("pymysql")
    why = mariadb.missing()
    if why:
        pytest.skip(why)
    with mariadb.server() as server:
        mariadb.run(
            server,
            "create table shop.customers (customer_id int, signup_date varchar(30))",
            "insert into shop.customers values (8, '2024-02-13'), (7, '2024-01-02'), (9, 'bad')",
            "create table shop.written (n int)",
            "create function shop.writes() returns int begin insert into shop.written values (1); "
            "return 1; end",
        )
        yield server


@pytest.fixture
def url(shop: MariaDb, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MYSQL_USER", mariadb.USER)
    monkeypatch.setenv("MYSQL_PWD", mariadb.PASSWORD)
    monkeypatch.setenv("MYSQL_HOST", "127.0.0.1")
    monkeypatch.delenv("MYSQL_TCP_PORT", raising=False)
    return f"mysql://127.0.0.1:{shop.port}/shop"


def test_rows_of_mariadb_are_read_and_accounted_for(url: str) -> None:
    loaded = ask(url, f"{CUSTOMERS} -- all")
    assert loaded.frame.rows() == [("7", date(2024, 1, 2)), ("8", date(2024, 2, 13))]
    audit = loaded.audit
    assert audit.paths == [f"{url}: {CUSTOMERS} -- all"]
    assert (audit.rows, audit.used, audit.rejected) == (3, 2, 1)
    assert rejected(loaded) == [(3, "signup_date", "bad", "not a date")]
    text = "customer_id,signup_date\n7,2024-01-02\n8,2024-02-13\n9,bad\n"
    assert audit.sha256 == [sha256(text.encode()).hexdigest()]
    assert ask(url.replace("mysql:", "mariadb:"), f"{CUSTOMERS};").audit.sha256 == audit.sha256


def test_an_order_is_kept(url: str) -> None:
    rows = read(Query(url, "select customer_id from customers order by customer_id desc"))
    assert rows.contents(range(3)) == [("9",), ("8",), ("7",)]


def test_each_type_of_mariadb_is_exact(url: str) -> None:
    types = {
        "cast(901234567890123456 as signed)": "901234567890123456",
        "cast(2.5 as decimal(9, 2))": "2.50",
        "cast(12.125 as decimal(9, 3))": "12.1250",
        "cast('123456789012345678901234.5678' as decimal(38, 4))": "123456789012345678901234.5678",
        "cast(0.1 as double)": "0.1",
        "cast(12.125 as double)": "12.1250",
        "cast(1e16 as double)": "10000000000000000",
        "1e-7": "0.0000001",
        "true": "1",
        "timestamp('2024-01-02 03:04:05.25')": "2024-01-02 03:04:05.25",
        "date('2024-01-02')": "2024-01-02",
        "cast('-25:00:01' as time)": "-25:00:01",
        "year(now()) * 0 + 2024": "2024",
        "'007'": "007",
        "null": "",
        "'Trần Thị Bích 🐘'": "Trần Thị Bích 🐘",
        "x'00ff'": r"\x00ff",
        "json_object('a', 1)": '{"a": 1}',
    }
    columns = ", ".join(f"{value} as `c``{i}`" for i, value in enumerate(types))
    rows = read(Query(url, f"select {columns}"))
    assert rows.headers[1] == "c`1"
    assert dict(zip(types, rows.contents([0])[0], strict=True)) == types


def test_moments_are_in_utc(url: str, shop: MariaDb) -> None:
    mariadb.run(
        shop,
        "create table shop.tickets (ticket_id int, created_at timestamp, solved_at text, b bit(9))",
        "set time_zone = '+07:00'",
    )
    import pymysql

    with pymysql.connect(unix_socket=str(shop.socket), user="root", autocommit=True) as root:
        root.cursor().execute(
            "set time_zone = '+07:00'",
        )
        root.cursor().execute(
            "insert into shop.tickets values (1, '2024-01-02 03:04:05', '05/02/2024 10:00', 258)"
        )
    loaded = ask(url, "select * from tickets", "tickets", dates="%d/%m/%Y")
    found = loaded.frame.select("created_at", "solved_at").row(0)
    assert found == (datetime(2024, 1, 1, 20, 4, 5), datetime(2024, 2, 5, 10))
    assert read(Query(url, "select b from tickets")).contents([0]) == [("258",)]


@pytest.mark.parametrize(
    "sql",
    [
        "delete from customers",
        "insert into written values (1)",
        "drop table customers",
        "select 1 as a; drop table customers",
        "select 1) as x; drop table customers; select * from (select 1",
        "select 1 as a into outfile '/tmp/crm-kpi-written'",
        "select 1 as a into @x",
        "select nothing from customers",
        "select 1 as a, 2 as a",
        "select writes() as a",
        "call nothing()",
        "set session transaction read write",
        "commit",
        "load data local infile '/etc/passwd' into table customers",
        "select * from customers for update",
        "",
    ],
)
def test_a_query_of_mariadb_can_only_read(url: str, sql: str) -> None:
    with pytest.raises((UsageError, DataError)) as caught:
        ask(url, sql)
    assert mariadb.USER not in f"{caught.value}"
    assert ask(url, CUSTOMERS).audit.rows == 3
    assert read(Query(url, "select count(*) as n from written")).contents([0]) == [("0",)]
    assert not Path("/tmp/crm-kpi-written").exists()


def test_a_session_of_mariadb_is_read_only_and_ends(url: str) -> None:
    sql = "select @@tx_read_only as a, @@max_statement_time as b, @@time_zone as c"
    assert read(Query(url, sql)).contents([0]) == [("1", "600.000000", "+00:00")]


def test_a_query_of_mariadb_that_does_not_end_is_stopped(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mysql, "STATEMENT_SECONDS", 1)
    endless = "select count(*) as n from " + ", ".join(
        f"information_schema.columns c{i}" for i in range(5)
    )
    with pytest.raises(DataError, match="takes too long, and was stopped"):
        read(Query(url, endless))


def test_rows_of_mariadb_that_take_too_much_are_refused(url: str) -> None:
    many = "select repeat('x', 1000) as a, seq as b from seq_1_to_{}"
    assert read(Query(url, many.format(1000)), most=8 << 20).records == 1000
    with pytest.raises(UsageError, match="its rows take more than the 8 MiB of memory"):
        read(Query(url, many.format(1_000_000)), most=8 << 20)


def test_no_rows(url: str) -> None:
    rows = read(Query(url, "select * from customers where false"))
    assert (rows.records, rows.headers) == (0, ("customer_id", "signup_date"))


# Who is asked, and with what


def test_the_password_goes_to_the_host_of_the_environment(
    url: str, shop: MariaDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value, said in (
        ("MYSQL_HOST", "db.example", "MYSQL_HOST does not name"),
        ("MYSQL_HOST", "", "MYSQL_HOST does not name"),
        ("MYSQL_TCP_PORT", "3306", "MYSQL_TCP_PORT does not name"),
    ):
        with monkeypatch.context() as there:
            there.setenv(name, value)
            with pytest.raises(UsageError, match=said) as caught:
                ask(url, CUSTOMERS)
            assert f"set {name} to it beside MYSQL_PWD" in str(caught.value.hint)
    monkeypatch.setenv("MYSQL_TCP_PORT", str(shop.port))
    assert ask("mysql:///shop", CUSTOMERS).audit.rows == 3


def test_who_connects_is_not_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = "wrong-password", "wrong-user"
    monkeypatch.setenv("MYSQL_PWD", secrets[0])
    with pytest.raises(DataError, match="the server refuses the connection") as caught:
        ask(url, CUSTOMERS)
    with pytest.raises(DataError, match="the server refuses the connection") as other:
        ask(url.replace("127.", f"{secrets[1]}@127."), CUSTOMERS)
    with pytest.raises(DataError) as third:
        ask(url.replace("/shop", "/mysql"), "select * from user")
    for error in (caught.value, other.value, third.value):
        said = f"{error.message} {error.hint}"
        assert not any(secret in said for secret in (*secrets, mariadb.USER))


def test_the_server_proves_itself(url: str, shop: MariaDb, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = f"{url}?sslmode=verify-full&sslrootcert={str(shop.authority).replace('/', '%2F')}"
    cipher = "select variable_value as v from information_schema.session_status " \
        "where variable_name = 'ssl_cipher'"  # fmt: skip
    assert read(Query(verified, cipher)).contents([0]) != [("",)]
    assert read(Query(url, cipher)).contents([0]) == [("",)]
    with pytest.raises(DataError, match=r"cannot be reached: .*certificate"):
        ask(f"{url}?sslmode=verify-full", CUSTOMERS)
    with pytest.raises(DataError, match="root certificate file"):
        ask(f"{url}?sslmode=verify-full&sslrootcert=%2Fnone.pem", CUSTOMERS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("me:pw@db.example/shop", "holds a password"),
        ("db.example,other.example/shop", "is no URL"),
        ("db.example/shop?sslmode=prefer", "unknown sslmode"),
        ("db.example/shop?password=pw", "holds a password"),
        ("db.example/shop?init_command=x", "not known"),
        ("db.example/shop?read_default_file=x", "not known"),
        ("db.example:x/shop", "is no URL"),
    ],
)
def test_urls_of_mysql_that_are_refused(words: str, said: str) -> None:
    found = fault(f"mysql://{words}")
    assert found is not None
    assert said in found[0]
    assert "pw" not in f"{found}"


def test_another_scheme_is_refused_where_mysql_stands() -> None:
    assert fault("mysql://db.example/shop") is None
    assert fault("mariadb://db.example:3307/shop?sslmode=verify-ca") is None
    assert "mysql://" in str(fault("oracle://db.example/shop"))


@pytest.fixture
def rogue() -> Iterator[tuple[int, list[bytes]]]:
    """What stands for a server, asks for the password in clear text, and keeps what it is sent."""
    sent: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def packet(number: int, body: bytes) -> bytes:
        return struct.pack("<I", len(body))[:3] + bytes([number]) + body

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            greeting = b"\x0a8.0.0\x00" + struct.pack("<I", 1) + b"12345678\x00"
            greeting += struct.pack("<HBHH", 0xF7FF & ~0x800, 45, 2, 0x008F) + bytes([21])
            greeting += bytes(10) + b"123456789012\x00" + b"mysql_native_password\x00"
            connection.sendall(packet(0, greeting))
            sent.append(connection.recv(4096))
            connection.sendall(packet(2, b"\xfemysql_clear_password\x00"))
            sent.append(connection.recv(4096))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], sent
    thread.join(5)
    listener.close()


def test_a_password_is_never_sent_in_clear_text(
    rogue: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pymysql")
    port, sent = rogue
    monkeypatch.setenv("MYSQL_USER", "me")
    monkeypatch.setenv("MYSQL_PWD", "ECRET")
    monkeypatch.setenv("MYSQL_HOST", "127.0.0.1")
    with pytest.raises(DataError, match="wants the password in clear text"):
        ask(f"mysql://127.0.0.1:{port}/shop", "select 1")
    assert not any(b"ECRET" in words for words in sent)


def test_a_server_without_tls_is_told_nothing(
    rogue: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pymysql")
    port, sent = rogue
    monkeypatch.setenv("MYSQL_USER", "me")
    monkeypatch.setenv("MYSQL_PWD", "ECRET")
    monkeypatch.setenv("MYSQL_HOST", "127.0.0.1")
    with pytest.raises(DataError, match="cannot be reached"):
        ask(f"mysql://127.0.0.1:{port}/shop?sslmode=verify-full", "select 1")
    assert not any(b"me" in words for words in sent)


def test_a_mysql_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pymysql")
    monkeypatch.delenv("MYSQL_PWD", raising=False)
    monkeypatch.setenv("MYSQL_USER", "me")
    with pytest.raises(DataError, match="the server cannot be reached"):
        ask("mysql://127.0.0.1:1/none", "select 1")
