"""SQL Server as a source, on what stands for one: exact text, only reading, and a password that
only its owner hears."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources.query import Query, fault
from crm_kpi.sources.readers.databases import mssql
from crm_kpi.sources.readers.databases.database import read
from crm_kpi.sources.readers.databases.one_select import intruder
from tests.sources.conftest import rejected
from tests.sources.readers.databases import tds
from tests.sources.readers.databases.tds import Answer, SqlServer
from tests.sources.readers.databases.test_database import CUSTOMERS, ask

USER, PASSWORD = "kpi_reader", "s3cret:/@ phrase é"
ROWS = [("7", "2024-01-02"), ("8", "2024-02-13"), ("9", "bad")]


class Shop:
    """Servers of one test, which say what `answer` says."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self.authority = stack, folder / "ca.pem"
        self.answer: Answer = lambda _: tds.texts(["customer_id", "signup_date"], *ROWS)

    def open(
        self,
        login: bytes = b"",
        names: tuple[str, ...] = ("127.0.0.1",),
        plain: bool = False,
        pause: float = 0,
    ) -> SqlServer:
        authority = None if plain else self.authority
        answer: Answer = lambda query: self.answer(query)  # noqa: E731 - what it says by then
        return self._stack.enter_context(tds.server(authority, answer, login, names, pause))

    def url(self, server: SqlServer, host: str = "127.0.0.1") -> str:
        return f"mssql://{host}:{server.port}/shop"

    def verified(self, server: SqlServer, mode: str = "verify-full") -> str:
        file = str(self.authority).replace("/", "%2F")
        return f"{self.url(server)}?sslmode={mode}&sslrootcert={file}"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Shop]:
    pytest.importorskip("pytds")
    pytest.importorskip("trustme")
    monkeypatch.setenv("SQLCMDUSER", USER)
    monkeypatch.setenv("SQLCMDPASSWORD", PASSWORD)
    monkeypatch.setenv("SQLCMDSERVER", "127.0.0.1")
    with ExitStack() as stack:
        yield Shop(stack, tmp_path)


def test_rows_of_sql_server_are_read_and_accounted_for(shop: Shop) -> None:
    server = shop.open()
    url = shop.url(server)
    loaded = ask(url, CUSTOMERS)
    assert loaded.frame.rows() == [("7", date(2024, 1, 2)), ("8", date(2024, 2, 13))]
    audit = loaded.audit
    assert audit.paths == [f"{url}: {CUSTOMERS}"]
    assert (audit.rows, audit.used, audit.rejected) == (3, 2, 1)
    assert rejected(loaded) == [(3, "signup_date", "bad", "not a date")]
    text = "customer_id,signup_date\n7,2024-01-02\n8,2024-02-13\n9,bad\n"
    assert audit.sha256 == [sha256(text.encode()).hexdigest()]
    assert ask(url.replace("mssql:", "sqlserver:"), CUSTOMERS).audit.sha256 == audit.sha256


def test_a_query_is_asked_as_it_stands_in_a_transaction_that_is_rolled_back(shop: Shop) -> None:
    server = shop.open()
    read(Query(shop.url(server), f"{CUSTOMERS};\n-- all"))
    assert server.queries == [
        "set transaction isolation level read committed; set lock_timeout 60000; begin transaction",
        f"{CUSTOMERS};\n-- all",
        "if @@trancount > 0 rollback transaction",
    ]
    assert server.logins == [(USER, PASSWORD, "shop")]
    assert server.read_only


def nullable(size: int, kind: int, *more: int) -> bytes:
    return bytes((kind, size, *more))


def value(layout: str, *parts: object) -> bytes:
    data = struct.pack(layout, *parts)
    return bytes((len(data),)) + data


def number(of: str) -> bytes:
    """A decimal, with all its decimals."""
    digits = int(of.replace(".", ""))
    return bytes((17, digits >= 0)) + abs(digits).to_bytes(16, "little")


def moment(ticks: int, day: date | None = None, more: bytes = b"") -> bytes:
    """Ticks of 100 ns, and days since the first of the first year."""
    days = b"" if day is None else (day.toordinal() - 1).to_bytes(3, "little")
    data = ticks.to_bytes(5, "little") + days + more
    return bytes((len(data),)) + data


def long(*parts: bytes) -> bytes:
    """A value that comes in parts, of a length that is not told before."""
    told = b"".join(struct.pack("<I", len(part)) + part for part in parts)
    return struct.pack("<q", -2) + told + bytes(4)


UTF8 = struct.pack("<IB", 0x04D00409, 0)
MAX = b"\xe7\xff\xff" + tds.COLLATION
NOON = 12 * 36_000_000_000
GUID = UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")
DAY = date(2024, 1, 2)
DAYS_FROM_1900 = DAY.toordinal() - date(1900, 1, 1).toordinal()
TYPES = {
    "bigint": (nullable(8, 0x26), value("<q", 901234567890123456), "901234567890123456"),
    "tinyint": (nullable(1, 0x26), value("<B", 255), "255"),
    "int, not null": (b"\x38", struct.pack("<i", -7), "-7"),
    "bit": (nullable(1, 0x68), value("<B", 1), "true"),
    "decimal(38, 2)": (nullable(17, 0x6A, 38, 2), number("2.50"), "2.50"),
    "decimal(38, 3)": (nullable(17, 0x6C, 38, 3), number("-12.125"), "-12.1250"),
    "decimal(38, 0)": (nullable(17, 0x6A, 38, 0), number("9" * 38), "9" * 38),
    "decimal(38, 37)": (
        nullable(17, 0x6A, 38, 37),
        number("1.2345678901234567890123456789012345678"),
        "1.2345678901234567890123456789012345678",
    ),
    "money": (nullable(8, 0x6E), value("<iI", 2**31 - 1, 2**32 - 1), "922337203685477.5807"),
    "money of minus a cent": (nullable(8, 0x6E), value("<iI", -1, 2**32 - 100), "-0.0100"),
    "smallmoney": (nullable(4, 0x6E), value("<i", 125_000), "12.5000"),
    "float": (nullable(8, 0x6D), value("<d", 0.1), "0.1"),
    "float of a whole": (nullable(8, 0x6D), value("<d", 1e16), "10000000000000000"),
    "float of three": (nullable(8, 0x6D), value("<d", 12.125), "12.1250"),
    "float of little": (nullable(8, 0x6D), value("<d", 1e-7), "0.0000001"),
    "real": (nullable(4, 0x6D), value("<f", 0.1), "0.1"),
    "real of much": (nullable(4, 0x6D), value("<f", 1e10), "10000000000"),
    "date": (b"\x28", b"\x03" + moment(0, DAY)[6:9], "2024-01-02"),
    "time(7)": (b"\x29\x07", moment(NOON + 1), "12:00:00.0000001"),
    "datetime2(7)": (b"\x2a\x07", moment(NOON + 1_234_567, DAY), "2024-01-02 12:00:00.1234567"),
    "datetime2(0)": (b"\x2a\x00", b"\x06" + (43200).to_bytes(3, "little")
                     + moment(0, DAY)[6:9], "2024-01-02 12:00:00"),
    "datetimeoffset(7)": (b"\x2b\x07", moment(NOON, DAY, struct.pack("<h", 420)),
                          "2024-01-02 12:00:00Z"),
    "datetime": (nullable(8, 0x6F), value("<iI", DAYS_FROM_1900, 300 * 3600 + 1),
                 "2024-01-02 01:00:00.003"),
    "smalldatetime": (nullable(4, 0x6F), value("<HH", DAYS_FROM_1900, 61), "2024-01-02 01:01:00"),
    "uniqueidentifier": (nullable(16, 0x24), b"\x10" + GUID.bytes_le,
                         "6F9619FF-8B86-D011-B42D-00C04FC964FF"),
    "nvarchar": (tds.NVARCHAR, tds.nvarchar("Trần Thị Bích 🐘"), "Trần Thị Bích 🐘"),
    "nvarchar of digits": (tds.NVARCHAR, tds.nvarchar("007"), "007"),
    "varchar": (b"\xa7\x40\x1f" + tds.COLLATION, b"\x04\x00caf\xe9", "café"),
    "varchar in UTF-8": (b"\xa7\x40\x1f" + UTF8, b"\x05\x00caf\xc3\xa9", "café"),
    "varchar(max) in UTF-8": (b"\xa7\xff\xff" + UTF8, long(b"caf\xc3", b"\xa9"), "café"),
    "nvarchar(max)": (MAX, long("Bích ".encode("utf-16-le"), "🐘".encode("utf-16-le")), "Bích 🐘"),
    "null of nvarchar(max)": (MAX, b"\xff" * 8, ""),
    "null": (tds.NVARCHAR, tds.nvarchar(None), ""),
    "null of a number": (nullable(17, 0x6A, 38, 2), b"\x00", ""),
    "null of a time": (b"\x2a\x07", b"\x00", ""),
}  # fmt: skip


def test_each_type_of_sql_server_is_exact(shop: Shop) -> None:
    columns = [(name, kind) for name, (kind, _, _) in TYPES.items()]
    shop.answer = lambda _: tds.table(columns, [value for _, value, _ in TYPES.values()])
    rows = read(Query(shop.url(shop.open()), "select * from t"))
    assert rows.headers == tuple(TYPES)
    expected = {name: text for name, (_, _, text) in TYPES.items()}
    assert dict(zip(TYPES, rows.contents([0])[0], strict=True)) == expected


def test_rows_that_come_without_their_nulls(shop: Shop) -> None:
    names = list("abcdefghi")
    row = b"\xd2" + bytes((0b11111101, 0b0)) + tds.nvarchar("1") + tds.nvarchar("2")
    shop.answer = lambda _: tds.texts(names).removesuffix(tds.done()) + row + tds.done()
    rows = read(Query(shop.url(shop.open()), "select * from t"))
    assert rows.contents([0]) == [("", "1", "", "", "", "", "", "", "2")]


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        (b"\xa5\x40\x1f", "varbinary"),
        (b"\xad\x08\x00", "varbinary"),
        (b"\xf0\xff\xff" + bytes(5), "clr"),
        (b"\x62" + struct.pack("<i", 8009), "sql_variant"),
    ],
)
def test_types_that_have_no_one_text_are_refused(shop: Shop, kind: bytes, named: str) -> None:
    shop.answer = lambda _: tds.table([("id", tds.NVARCHAR), ("photo", kind)])
    with pytest.raises(UsageError, match=f"column photo is of type {named}") as caught:
        read(Query(shop.url(shop.open()), "select * from t"))
    assert caught.value.hint == "cast it to a type that has one, or leave it out"


def test_columns_of_equal_names_and_of_none(shop: Shop) -> None:
    shop.answer = lambda _: tds.texts(["a", "a", ""], ["1", "2", "3"])
    rows = read(Query(shop.url(shop.open()), "select 1 as a, 2 as a, 3"))
    assert (rows.headers, rows.contents([0])) == (("a", "a", ""), [("1", "2", "3")])


def test_no_rows_and_no_table(shop: Shop) -> None:
    url = shop.url(shop.open())
    shop.answer = lambda _: tds.texts(["a", "b"])
    rows = read(Query(url, "select a, b from t where 1 = 0"))
    assert (rows.records, rows.headers) == (0, ("a", "b"))
    shop.answer = lambda _: tds.done()
    with pytest.raises(UsageError, match="gives no columns"):
        read(Query(url, "select a from t"))
    shop.answer = lambda _: tds.texts(["a"], ["1"], status=1) + tds.texts(["b"], ["2"])
    with pytest.raises(UsageError, match="gives several tables"):
        read(Query(url, "select 1 as a select 2 as b"))


def test_rows_of_sql_server_that_take_too_much_are_refused(shop: Shop) -> None:
    url = shop.url(shop.open())
    shop.answer = lambda _: tds.texts(["a"], *[["x" * 1000]] * 10_000)
    assert read(Query(url, "select a from t"), most=16 << 20).records == 10_000
    with pytest.raises(UsageError, match="its rows take more than the 1 MiB of memory"):
        read(Query(url, "select a from t"), most=1 << 20)


def test_a_query_of_sql_server_that_does_not_end_is_stopped(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mssql, "STATEMENT_SECONDS", 0.2)

    def sleeping(_: str) -> bytes:
        time.sleep(1)
        return tds.done()

    shop.answer = sleeping
    url = shop.url(shop.open())
    with pytest.raises(DataError, match="takes too long, and was stopped"):
        read(Query(url, "select 1 as a"))
    shop.answer = lambda _: tds.texts(["a"], *[["x" * 1000]] * 5000)
    slow = shop.open(pause=0.01)  # which says a little now and then
    with pytest.raises(DataError, match="takes too long, and was stopped"):
        read(Query(shop.url(slow), "select 1 as a"))
    shop.answer = lambda _: tds.error(1222, 16, "Lock request time out period exceeded.")
    with pytest.raises(DataError, match="takes too long, and was stopped"):
        read(Query(url, "select 1 as a"))


def test_what_the_server_says_of_a_query(shop: Shop) -> None:
    url = shop.url(shop.open())
    for number_, severity, words, kind in (
        (102, 15, "Incorrect syntax near 'x'.", UsageError),
        (208, 16, "Invalid object name 'nothing'.", UsageError),
        (229, 14, "The SELECT permission was denied on the object 't'.", DataError),
    ):
        shop.answer = lambda _, one=(number_, severity, words): tds.error(*one)  # type: ignore[misc]
        with pytest.raises(kind, match=words):
            read(Query(url, "select * from t"))
    shop.answer = lambda _: tds.error(300, 14, f"denied to login \"{USER}\" and user '{USER}'.")
    with pytest.raises(DataError, match="denied to login and user") as caught:
        read(Query(url, "select * from t"))
    assert USER not in str(caught.value)


# What is no select


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "select * from t order by a offset 0 rows fetch next 5 rows only;",
        "with few as (select top 5 a from t) select * from few order by a",
        "(select 1) union (select 2)",
        "select 'it''s; drop' as [a into], \"x;\" -- drop\n/* delete */ from t;",
        "select a/*x*/b, N'x', 1e5, 0xFF, 2*/* c */3 from dbo.t1 as t",
        "select 1 -- x\r\n, 2",
        "select case when a > 0 then 1 else 2 end from t group by a having count(*) > 1",
    ],
)
def test_a_select_of_sql_server(sql: str) -> None:
    assert intruder(sql) is None


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("delete from customers", "delete"),
        ("exec nothing", "exec"),
        ("nothing", "nothing"),
        ("", '""'),
        ("-- select 1", '""'),
        ("select 1 as a; drop table customers", ";"),
        ("select 1 as a drop table customers", "drop"),
        ("select 1 as a DROP table customers", "drop"),
        ("select * into copied from customers", "into"),
        ("with a as (select 1 as b) delete from a", "delete"),
        ("select * from openrowset(bulk 'C:/x', single_clob) as x", "openrowset"),
        ("select 1into x", "1into"),
        ("select 1einto x", "1einto"),
        ("select .5into x", "5into"),
        ("select 0xinto x", "0xinto"),
        ("select $into x", "$into"),
        ("select 'a", "'"),
        ("select [a", "["),
        ('select "a', '"'),
        ("select 1 /* drop", "/*"),
        ("select 1 /* a /* b */ drop table c -- */", "/*"),
        ("select 1 -- a\rdrop table c", r"'\r'"),
        ("select 1 as a commit", "commit"),
    ],
)
def test_what_is_more_than_a_select(shop: Shop, sql: str, word: str) -> None:
    server = shop.open()
    with pytest.raises(UsageError, match="is more than a select that reads") as caught:
        read(Query(shop.url(server), sql))
    assert caught.value.message.endswith(f"it holds {word}")
    assert server.heard == b""


# Who is asked, and with what


def test_the_password_goes_to_the_host_that_is_named(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = shop.open()
    for named, said in (
        ("db.example", "SQLCMDSERVER does not name"),
        ("", "SQLCMDSERVER does not name"),
        ("localhost", "SQLCMDSERVER does not name"),
        ("127.0.0.1,1433", "SQLCMDSERVER,PORT does not name"),
        ("tcp:127.0.0.1,1433", "SQLCMDSERVER,PORT does not name"),
    ):
        monkeypatch.setenv("SQLCMDSERVER", named)
        with pytest.raises(UsageError, match=said) as caught:
            ask(shop.url(server), CUSTOMERS)
        assert "set SQLCMDSERVER to it beside SQLCMDPASSWORD" in str(caught.value.hint)
    assert server.heard == b""
    monkeypatch.setenv("SQLCMDSERVER", f"tcp:127.0.0.1,{server.port}")
    assert ask("mssql:///shop", CUSTOMERS).audit.rows == 3


def test_who_connects_is_not_said(shop: Shop) -> None:
    login = tds.error(18456, 14, f"Login failed for user '{USER}'.")
    server = shop.open(login)
    with pytest.raises(DataError, match="the server refuses the connection") as caught:
        ask(shop.url(server), CUSTOMERS)
    said = f"{caught.value.message} {caught.value.hint}"
    assert not any(secret in said for secret in (USER, PASSWORD))
    assert len(server.logins) == 1  # so that no account is locked


def test_all_goes_encrypted(shop: Shop) -> None:
    server = shop.open()
    assert read(Query(shop.url(server), "select 'ECRET' as a")).records == 3
    veiled = bytes(((each << 4 | each >> 4) & 0xFF) ^ 0xA5 for each in PASSWORD.encode("utf-16-le"))
    for secret in (veiled, USER.encode("utf-16-le"), "ECRET".encode("utf-16-le")):
        assert secret not in server.heard


def test_the_server_proves_itself(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    server = shop.open()
    assert read(Query(shop.verified(server), "select 1 as a")).records == 3
    other = shop.open(names=("db.example",))
    assert read(Query(shop.verified(other, "verify-ca"), "select 1 as a")).records == 3
    with pytest.raises(DataError, match=r"cannot be reached: .*certificate is not valid for"):
        read(Query(shop.verified(other), "select 1 as a"))
    assert len(other.logins) == 1
    with pytest.raises(DataError, match=r"cannot be reached: .*certificate"):
        read(Query(f"{shop.url(server)}?sslmode=verify-full", "select 1 as a"))
    with pytest.raises(DataError, match="root certificate file"):
        read(Query(f"{shop.url(server)}?sslrootcert=%2Fnone.pem", "select 1 as a"))
    # Another machine has to prove itself, whatever the URL says.
    monkeypatch.setattr(mssql, "HERE", ())
    with pytest.raises(DataError, match=r"cannot be reached: .*certificate"):
        read(Query(shop.url(server), "select 1 as a"))
    assert len(server.logins) == 1


def test_a_server_that_does_not_encrypt_is_told_nothing(shop: Shop) -> None:
    server = shop.open(plain=True)
    with pytest.raises(DataError, match="wants the password in clear text") as caught:
        ask(shop.url(server), CUSTOMERS)
    assert caught.value.hint == "let the server encrypt connections"
    assert server.logins == []


def test_a_server_sends_on_who_only_reads(shop: Shop) -> None:
    replica = shop.open()
    sending = shop.open(login=tds.route("127.0.0.1", replica.port))
    assert read(Query(shop.url(sending), "select 1 as a")).records == 3
    assert (sending.queries, len(replica.queries)) == ([], 3)
    assert replica.logins == [(USER, PASSWORD, "shop")]
    plain = shop.open(plain=True)
    sending = shop.open(login=tds.route("127.0.0.1", plain.port))
    with pytest.raises(DataError, match="wants the password in clear text"):
        read(Query(shop.url(sending), "select 1 as a"))
    assert plain.logins == []
    circle = shop.open(login=tds.route("127.0.0.1", sending.port))
    with pytest.raises(DataError, match="the server cannot be reached"):
        read(Query(shop.url(circle), "select 1 as a"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("me:pw@db.example/shop", "holds a password"),
        ("db.example,1433/shop", "is no URL"),
        ("db.example\\pw/shop", "is no URL"),
        ("db.example:1433;databaseName=pw", "is no URL"),
        ("db.example/shop?sslmode=disable", "unknown sslmode"),
        ("db.example/shop?password=pw", "holds a password"),
        ("db.example/shop?TrustServerCertificate=pw", "not known"),
        ("db.example:x/shop", "is no URL"),
    ],
)
def test_urls_of_sql_server_that_are_refused(words: str, said: str) -> None:
    for scheme in ("mssql", "sqlserver"):
        found = fault(f"{scheme}://{words}")
        assert found is not None
        assert said in found[0]
        assert "pw" not in f"{found}"


def test_urls_of_sql_server() -> None:
    assert fault("mssql://db.example/shop") is None
    assert fault("sqlserver://me@db.example:1434/shop?sslmode=verify-ca&connect_timeout=5") is None


def test_a_sql_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pytds")
    monkeypatch.delenv("SQLCMDPASSWORD", raising=False)
    with pytest.raises(DataError, match="the server cannot be reached"):
        ask("mssql://127.0.0.1:1/none", "select 1")
