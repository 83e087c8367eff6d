"""Rows of a MySQL or MariaDB database, through PyMySQL (extra `crm-kpi[databases]`).

The server turns every value into text itself, and none of it is converted here: decimals stay
exact, days that are none (0000-00-00) stay what they are. Who connects, and with which password,
is told by the environment alone: MYSQL_USER and MYSQL_PWD, which goes to the host that MYSQL_HOST
names and no other. The server proves who it is by its certificate, unless the URL asks for
`sslmode=disable`: then a password goes only in ways from which it cannot be read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import polars as pl

from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.messages import text
from crm_kpi.sources.query import Query
from crm_kpi.sources.readers import canonical_text
from crm_kpi.sources.readers.databases.own_server import (
    HERE,
    PATIENCE,
    checking,
    no_driver,
    port_of,
    stranger,
    unreachable,
)
from crm_kpi.sources.readers.databases.query_limits import (
    STATEMENT_SECONDS,
    columns,
    too_long,
    too_much,
    within,
)
from crm_kpi.sources.server import MYSQL_URL, Server

if TYPE_CHECKING:
    from pymysql.connections import Connection

_PORT = 3306
_BATCH = 1 << 14
_NUMBERS = (0, 4, 5, 246)
"""The types DECIMAL, FLOAT, DOUBLE and NEWDECIMAL, as the protocol numbers them."""
_MOMENT, _BITS = 7, 16
"""TIMESTAMP, which is in the time zone of the session, and BIT."""
_LIMIT_OF_MARIADB = "set session max_statement_time = {seconds}"
_LIMIT_OF_MYSQL = "set session max_execution_time = {seconds}000"
_READ_ONLY = (
    "set session time_zone = '+00:00'",
    "set session transaction read only",
    "start transaction read only",
)
_ONE_SELECT = "select * from (\n{sql}\n) as asked limit 0"
_READABLE = ("mysql_clear_password", "dialog", "sha256_password", "caching_sha2_password")
"""Ways to prove who asks in which the password may be read by whoever stands for the server."""
_WHO = re.compile(r" (?:to|for) user \S+")
_SYNTAX = range(1044, 1065)
_NO_ACCESS = (1044, 1045, 1698, 1049)
_TIMED_OUT = (1969, 3024, 1317)
_UNREACHABLE = (2002, 2003, 2005, 2006, 2013, 2026)


def fetch(query: Query, most: int) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The names of the columns, and their text by position.

    Raises DataError for a server that cannot be reached or refuses, UsageError for a query that
    it does not understand, for a driver that is not installed, for rows that take more than
    `most` bytes and for a password that this server is not to have.
    """
    server = Server.of(query.database, MYSQL_URL)
    where = _where(server, query, os.environ)
    try:
        import pymysql
        from pymysql.converters import encoders
        from pymysql.cursors import SSCursor
    except ModuleNotFoundError as error:
        raise no_driver(error, query) from error
    try:
        with closing(
            pymysql.connect(
                **where,
                **_protection(server, query, where.get("host", "")),
                charset="utf8mb4",
                conv=encoders,  # none that decode
                cursorclass=SSCursor,
                local_infile=False,
                read_timeout=STATEMENT_SECONDS + PATIENCE,
            )
        ) as connection:
            for statement in _prepared(connection):
                _execute(connection, statement)
            return _rows(connection, query, most)
    except MemoryError as error:
        raise too_much(query.name, most) from error
    except _PasswordReadableError as error:
        raise _wants_password(query) from error
    except (pymysql.Error, OSError, RuntimeError, UnicodeDecodeError, ValueError) as error:
        raise _failure(error, query) from error


def _prepared(connection: Connection) -> list[str]:
    is_mariadb = "mariadb" in str(connection.get_server_info()).lower()
    limit = _LIMIT_OF_MARIADB if is_mariadb else _LIMIT_OF_MYSQL
    return [limit.format(seconds=STATEMENT_SECONDS), *_READ_ONLY]


def _rows(connection: Connection, query: Query, most: int) -> tuple[tuple[str, ...], pl.DataFrame]:
    sql = query.sql.rstrip().rstrip(";")
    # What can stand in place of a table is one select that writes no file. It is then asked as it
    # stands, since a table in a query has no order.
    _execute(connection, _ONE_SELECT.format(sql=sql))
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        described = [(str(column[0]), int(column[1])) for column in cursor.description]
        try:
            frame = within(most, _batches(cursor, [kind for _, kind in described]), len(described))
        except MemoryError:
            cursor._result.unbuffered_active = False  # else it would wait for all others
            raise
    canonical = [_canonical(pl.col(str(i)), kind) for i, (_, kind) in enumerate(described)]
    return tuple(name for name, _ in described), frame.select(canonical)


def _batches(cursor: Any, kinds: Sequence[int]) -> Generator[pl.DataFrame, None, None]:
    while rows := cursor.fetchmany(_BATCH):
        texts = [[_text(value, kind) for value, kind in zip(row, kinds, strict=True)]
                 for row in rows]  # fmt: skip
        yield pl.DataFrame(texts, schema=columns(len(kinds)), orient="row")


def _text(value: str | bytes | None, kind: int) -> str | None:
    """Bytes that are no text as PostgreSQL writes them; those of BIT as a number."""
    if not isinstance(value, bytes):
        return value
    return str(int.from_bytes(value)) if kind == _BITS else rf"\x{value.hex()}"


def _canonical(column: pl.Expr, kind: int) -> pl.Expr:
    if kind in _NUMBERS:
        return column.map_batches(canonical_text.numbers, return_dtype=pl.String)
    return column + "Z" if kind == _MOMENT else column


def _execute(connection: Connection, statement: str) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement)
        cursor.fetchall()


def _where(server: Server, query: Query, environment: Mapping[str, str]) -> dict[str, Any]:
    """Host, port, database and who connects.

    Raises UsageError where the password of the environment would go to somebody else.
    """
    password = environment.get("MYSQL_PWD", "")
    if password:
        reason, variable = stranger(server, query, environment, ["MYSQL_HOST"], "MYSQL_TCP_PORT")
        if reason is not None:
            raise UsageError(reason, hint=text("files.name_mysql_server", variable=variable))
    host = server.hosts[0] or environment.get("MYSQL_HOST") or HERE[0]
    port = server.ports[0] or environment.get("MYSQL_TCP_PORT") or str(_PORT)
    place = {"unix_socket": host} if host.startswith("/") else {"host": host}
    return place | {
        "port": port_of(port, _PORT),
        "database": server.database or None,
        "user": server.user or environment.get("MYSQL_USER") or None,
        "password": password,
        "connect_timeout": int(server.parameters.get("connect_timeout", PATIENCE)),
    }


def _protection(server: Server, query: Query, host: str) -> dict[str, Any]:
    """How the connection is guarded: by a certificate, or else by what is not said on it."""
    here = host in ("", *HERE)
    mode = server.parameters.get("sslmode") or ("disable" if here else "verify-full")
    if mode == "disable":
        # On this machine nobody stands between, so that a password may go under the server's key.
        kept = _READABLE[:2] if here else _READABLE
        return {"ssl_disabled": True, "auth_plugin_map": dict.fromkeys(kept, _RefusedWay)}
    return {"ssl": checking(server, query, mode)}


class _PasswordReadableError(Exception):
    """The server wants the password in a way in which it could be read."""


class _RefusedWay:
    def __init__(self, connection: Connection) -> None:
        """As the driver calls it."""

    def authenticate(self, packet: object) -> object:
        raise _PasswordReadableError


def _wants_password(query: Query) -> DataError:
    return DataError(
        text("files.clear_password", query=query.name), hint=text("files.verify_mysql_server")
    )


def _failure(error: Exception, query: Query) -> CrmKpiError:
    """What the server says, without who tried to connect."""
    name = query.name
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if code in _NO_ACCESS:
        return DataError(
            text("files.connection_refused", query=name), hint=text("files.check_mysql_user")
        )
    if code in _TIMED_OUT:
        return too_long(name)
    if code >= 1000 and code not in _UNREACHABLE:
        words = _WHO.sub("", str(error.args[1]))
        reason = text("files.fault_of", path=name, why=words)
        if code in _SYNTAX or code in (1146, 1305, 1248, 1060, 1792):
            return UsageError(reason, hint=text("files.one_select_reads"))
        return DataError(reason)
    return unreachable(error, query)
