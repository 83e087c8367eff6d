"""Rows of SQL Server, through python-tds (extra `crm-kpi[databases]`).

Values come typed, and each becomes the text that is exactly it: decimals and money with all their
decimals, times with all their digits. SQL Server knows no session that only reads: a query is one
select by its words, in a transaction that is rolled back, and tells the server that it only reads.
Who connects, and with which password, is told by the environment alone, as its own `sqlcmd` does:
SQLCMDUSER and SQLCMDPASSWORD, which goes to the host that SQLCMDSERVER names and no other. TDS has
no way to prove a password but to say it, so that nothing is said before the server has proved who
it is by its certificate; on this machine, where nobody stands between, its key is enough.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

import polars as pl

from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.messages import text
from crm_kpi.sources.query import Query
from crm_kpi.sources.readers.databases.mssql_values import (
    DescribedColumn,
    canonical,
    described,
    exact,
)
from crm_kpi.sources.readers.databases.one_select import intruder
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
from crm_kpi.sources.readers.databases.tds_channel import NoEncryptionError, TdsChannel
from crm_kpi.sources.server import MSSQL_URL, Server

_PORT = 1433
_SERVER, _SERVER_PORT = "SQLCMDSERVER", "SQLCMDSERVER,PORT"
_BATCH = 1 << 12
_LOCKED_SECONDS = 60
"""After so long a wait for what another transaction holds is given up."""
_PREPARED = (
    "set transaction isolation level read committed",
    f"set lock_timeout {_LOCKED_SECONDS}000",
    "begin transaction",
)
_AT_THE_END = "if @@trancount > 0 rollback transaction"
_NO_ACCESS = (916, 4060, 4064, 18401, 18452, 18456, 18470, 18486, 18487, 18488, 40615)
_NOT_UNDERSTOOD = (207, 208, 209, 2812, 4104, 4121, 8120, 8127)
_SYNTAX = 15
"""The severity of what cannot be understood."""
_GAVE_UP = (1222, 3617)
_WHO = re.compile(r"(user|login|principal) (?:'[^']*'|\"[^\"]*\")")


def fetch(query: Query, most: int) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The names of the columns, and their text by position.

    Raises DataError for a server that cannot be reached or refuses, UsageError for a query that
    is more than a select or not understood, for a driver that is not installed, for rows that take
    more than `most` bytes and for a password that this server is not to have.
    """
    if word := intruder(query.sql):
        raise UsageError(
            text("files.more_than_select", query=query.name, word=word),
            hint=text("files.one_select_reads"),
        )
    server = Server.of(query.database, MSSQL_URL)
    host, port = _where(server, query, os.environ)
    try:
        import pytds
    except ModuleNotFoundError as error:
        raise no_driver(error, query) from error
    try:
        with closing(_connected(server, query, host, port)) as connection:
            return _rows(connection, query, most)
    except MemoryError as error:
        raise too_much(query.name, most) from error
    except NoEncryptionError as error:
        raise DataError(
            text("files.clear_password", query=query.name), hint=text("files.encrypt_sql_server")
        ) from error
    except (pytds.Error, OSError, RuntimeError, ValueError) as error:
        raise _failure(error, query) from error


def _where(server: Server, query: Query, environment: Mapping[str, str]) -> tuple[str, int]:
    """Host and port.

    Raises UsageError where the password of the environment would go to somebody else.
    """
    host, _, port = environment.get(_SERVER, "").removeprefix("tcp:").partition(",")
    if environment.get("SQLCMDPASSWORD"):
        own = {_SERVER: host, _SERVER_PORT: port}
        reason, _ = stranger(server, query, own, [_SERVER], _SERVER_PORT)
        if reason is not None:
            raise UsageError(reason, hint=text("files.name_sql_server"))
    return server.hosts[0] or host or HERE[0], port_of(server.ports[0] or port, _PORT)


def _connected(server: Server, query: Query, host: str, port: int) -> Any:
    """A connection to the server, or to the one that it names for those who only read."""
    from pytds.connection import NonMarsConnection

    from crm_kpi.sources.readers.databases.exact_types import ExactTypes

    tds, route = _login(server, query, host, port)
    if route is not None:
        tds.close()
        tds, route = _login(server, query, route["server"], route["port"])
    if route is not None:
        tds.close()
        raise ConnectionAbortedError
    tds.type_factory = ExactTypes(tds.tds_version)
    tds.sock.end_in(STATEMENT_SECONDS)
    return NonMarsConnection(pooling=False, key=None, tds_socket=tds)


def _login(server: Server, query: Query, host: str, port: int) -> tuple[Any, Any]:
    # pytds.connect() would follow the server to another one without a certificate, and try again
    # where a password is wrong.
    from pytds.lcid import LANGID_ENGLISH_US
    from pytds.row_strategies import tuple_row_strategy
    from pytds.tds_base import TDS_ODBC_ON, PreLoginEnc, _TdsLogin
    from pytds.tds_socket import _TdsSocket

    login = _TdsLogin()
    login.server_name, login.database = host, server.database
    login.user_name = server.user or os.environ.get("SQLCMDUSER", "")
    login.password = os.environ.get("SQLCMDPASSWORD", "")
    login.app_name = login.library = "crm-kpi"
    login.readonly = True
    login.bytes_to_unicode = True
    login.client_lcid = LANGID_ENGLISH_US
    login.option_flag2 = TDS_ODBC_ON
    login.enc_flag = PreLoginEnc.ENCRYPT_NOT_SUP
    patience = int(server.parameters.get("connect_timeout", PATIENCE))
    context = _protection(server, query, host)
    connection = socket.create_connection((host, port), patience)
    try:
        channel = TdsChannel(connection, context, host, patience)
        tds = _TdsSocket(channel, login, row_strategy=tuple_row_strategy, autocommit=True)
        return tds, tds.login()
    except BaseException:
        connection.close()
        raise


def _protection(server: Server, query: Query, host: str) -> ssl.SSLContext:
    mode = server.parameters.get("sslmode")
    context = checking(server, query, mode or "verify-full")
    if mode is None and host in HERE:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _rows(connection: Any, query: Query, most: int) -> tuple[tuple[str, ...], pl.DataFrame]:
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("; ".join(_PREPARED))
            cursor.execute(query.sql)
            if cursor.description is None:
                raise UsageError(
                    text("files.no_columns", query=query.name), hint=text("files.one_select")
                )
            typed = described(cursor.description, query)
            frame = within(most, _batches(cursor, typed), len(typed))
            if cursor.nextset():
                raise UsageError(
                    text("files.several_tables", query=query.name), hint=text("files.one_select")
                )
            cursor.execute(_AT_THE_END)
    except TimeoutError as error:
        raise too_long(query.name) from error
    return tuple(column.name for column in typed), frame.select(canonical(typed))


def _batches(cursor: Any, typed: Sequence[DescribedColumn]) -> Generator[pl.DataFrame, None, None]:
    while rows := cursor.fetchmany(_BATCH):
        texts = [[exact(value, column) for value, column in zip(row, typed, strict=True)]
                 for row in rows]  # fmt: skip
        yield pl.DataFrame(texts, schema=columns(len(typed)), orient="row")


def _failure(error: Exception, query: Query) -> CrmKpiError:
    """What the server says, without who tried to connect."""
    name, code = query.name, int(getattr(error, "number", 0) or 0)
    if code in _NO_ACCESS:
        return DataError(
            text("files.connection_refused", query=name), hint=text("files.check_sql_server_user")
        )
    if code in _GAVE_UP:
        return too_long(name)
    if code:
        words = _WHO.sub(r"\1", str(getattr(error, "text", "")))
        reason = text("files.fault_of", path=name, why=words)
        if getattr(error, "severity", 0) == _SYNTAX or code in _NOT_UNDERSTOOD:
            return UsageError(reason, hint=text("files.one_select_reads"))
        return DataError(reason)
    if isinstance(error, UnicodeDecodeError):
        return DataError(
            text("files.bytes_in_column", query=name), hint=text("files.leave_column_out")
        )
    return unreachable(error, query)
