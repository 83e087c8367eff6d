"""Rows of a PostgreSQL database, through ADBC (extra `crm-kpi[databases]`).

The server turns every value into text itself, as it would for an export: exact, and without
the types that get lost between it and a data frame (money comes as bare cents, infinite dates
and intervals not at all). Who connects, and with which password, is told by the environment
alone, as PostgreSQL's own programs do: PGUSER, PGPASSWORD, PGPASSFILE, PGSERVICE. Its password
goes to no host but the one that the environment names, as the URL may be somebody else's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

import polars as pl

from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.messages import text
from crm_kpi.sources.query import Query
from crm_kpi.sources.readers import canonical_text
from crm_kpi.sources.readers.databases.own_server import PATIENCE, no_driver, stranger
from crm_kpi.sources.readers.databases.query_limits import (
    STATEMENT_SECONDS,
    too_long,
    too_much,
    within,
)
from crm_kpi.sources.server import Server

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection

_BATCH_BYTES = 16 << 20
_NUMBERS = ("float4", "float8", "numeric")
_SAME_AS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "channel_binding": "PGCHANNELBINDING",
}
"""Parameters that guard the connection: what the environment says of them is not weakened."""
_VERIFIED = ("verify-ca", "verify-full")
"""Modes in which only a server that proves itself sees what is sent."""
_CANCELED = "due to statement timeout"
_CLEAR_PASSWORD = "authentication method requirement"
_REFUSED = ("FATAL:", "no password supplied")
_REASONS = (
    "connection refused",
    "timeout expired",
    "could not translate host name",
    "no route to host",
    "network is unreachable",
    "no such file or directory",
    "connection reset by peer",
    "server closed the connection unexpectedly",
    "server does not support SSL",
    "certificate verify failed",
    "root certificate file",
    "server certificate",
    "definition of service",
    "channel binding",
)
"""What libpq may say of a connection that fails; whatever else it says may quote the URL."""
_PREPARED = (
    "set transaction read only",
    "set default_transaction_read_only to on",
    # A limit of the role or of PGOPTIONS stays as it is.
    "do $$ begin if current_setting('statement_timeout') = '0' then "
    f"set local statement_timeout to '{STATEMENT_SECONDS}s'; end if; end $$",
    "set local timezone to 'UTC'",
    "set local datestyle to 'ISO'",
    "set local extra_float_digits to 1",
    # Rows of one table then come in one order, from run to run.
    "set local synchronize_seqscans to off",
    "set local max_parallel_workers_per_gather to 0",
)


def fetch(query: Query, most: int) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The names of the columns, and their text by position.

    Raises DataError for a server that cannot be reached or refuses, UsageError for a query that
    it does not understand, for a driver that is not installed, for rows that take more than
    `most` bytes and for a password that this server is not to have.
    """
    uri = _uri(query, os.environ)
    try:
        import nanoarrow  # noqa: F401 - wanted before anything is asked
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi
    except ModuleNotFoundError as error:
        raise no_driver(error, query) from error
    try:
        with closing(dbapi.connect(uri)) as connection:
            for statement in _PREPARED:
                _execute(connection, statement)
            return _rows(connection, query, most)
    except MemoryError as error:
        raise too_much(query.name, most) from error
    except (Error, RuntimeError) as error:
        # nanoarrow's errors are RuntimeErrors; it passes on what goes wrong while rows come in.
        raise _failure(error, query) from error


def _rows(connection: Connection, query: Query, most: int) -> tuple[tuple[str, ...], pl.DataFrame]:
    # On lines of its own, as the query may end with a comment.
    inner = f'(\n{query.sql.rstrip().rstrip(";")}\n) as "asked"'
    columns = _columns(connection, f"select * from {inner} limit 0")
    if not columns:
        raise UsageError(text("files.no_columns", query=query.name), hint=text("files.one_select"))
    texts = [
        '"{}"::text as "{}"'.format(name.replace('"', '""'), i)
        for i, (name, _) in enumerate(columns)
    ]
    canonical = [_canonical(pl.col(str(i)), kind) for i, (_, kind) in enumerate(columns)]
    sql = f"select {', '.join(texts)} from {inner}"
    frame = within(most, _batches(connection, sql, most), len(columns))
    return tuple(name for name, _ in columns), frame.select(canonical)


def _batches(connection: Connection, sql: str, most: int) -> Generator[pl.DataFrame, None, None]:
    from nanoarrow import c_array_stream

    with closing(connection.cursor()) as cursor:
        size = {"adbc.postgresql.batch_size_hint_bytes": str(min(most, _BATCH_BYTES))}
        cursor.adbc_statement.set_options(**size)
        cursor.execute(sql)
        with c_array_stream(cursor.fetch_arrow()) as stream:
            for batch in stream:
                yield pl.DataFrame(batch)


def _columns(connection: Connection, sql: str) -> list[tuple[str, str]]:
    """The name and PostgreSQL's type of each column that a query gives."""
    from nanoarrow import c_array_stream

    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        schema = c_array_stream(cursor.fetch_arrow()).get_schema()
        return [(str(column.name), _type(column.metadata)) for column in schema.children]


def _type(metadata: Any) -> str:
    return str(dict(metadata or {}).get(b"POSTGRESQL:type", b""), "utf-8")


def _canonical(column: pl.Expr, kind: str) -> pl.Expr:
    column = column.cast(pl.String)
    if kind in _NUMBERS:
        return column.map_batches(canonical_text.numbers, return_dtype=pl.String)
    return column.str.replace(r"\+00\z", "Z") if kind == "timestamptz" else column


def _execute(connection: Connection, statement: str) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement)


def _uri(query: Query, environment: Mapping[str, str]) -> str:
    """The URL for libpq: with an end to the waiting, and no password in clear text.

    Raises UsageError where the environment says something else than the URL.
    """
    server = Server.of(query.database)
    for name, variable in _SAME_AS.items():
        here, there = server.parameters.get(name), environment.get(variable)
        if here and there and here != there:
            raise UsageError(
                text("files.other_parameter", query=query.name, parameter=name, variable=variable),
                hint=text("files.drop_parameter", parameter=name, variable=variable),
            )
    _keep_password(server, query, environment)
    more: dict[str, str] = {}
    if not (server.parameters.get("connect_timeout") or environment.get("PGCONNECT_TIMEOUT")):
        more["connect_timeout"] = str(PATIENCE)
    mode = server.parameters.get("sslmode") or environment.get("PGSSLMODE")
    if mode not in _VERIFIED and not environment.get("PGREQUIREAUTH"):
        more["require_auth"] = "!password"
    return server.url(more)


def _keep_password(server: Server, query: Query, environment: Mapping[str, str]) -> None:
    """Raises UsageError if a password of the environment would go to a host, or a port, that the
    environment does not name. Lines of a password file name theirs."""
    if not (environment.get("PGPASSWORD") or environment.get("PGSERVICE")):
        return
    reason, variable = stranger(server, query, environment, ("PGHOST", "PGHOSTADDR"), "PGPORT")
    if reason is not None:
        raise UsageError(reason, hint=text("files.name_server", variable=variable))


def _failure(error: Exception, query: Query) -> CrmKpiError:
    """What the server says, without who tried to connect."""
    words, name = str(error), query.name
    state = str(getattr(error, "sqlstate", "") or "")
    if refusal := re.search(r"ERROR:\s+(.+)", words):
        reason = text("files.fault_of", path=name, why=refusal[1])
        if state.startswith("42") and state != "42501":
            return UsageError(reason, hint=text("files.one_select_reads"))
        return too_long(name) if _CANCELED in refusal[1] else DataError(reason)
    if _CLEAR_PASSWORD in words:
        return DataError(text("files.clear_password", query=name), hint=text("files.verify_server"))
    if any(sign in words for sign in _REFUSED):
        return DataError(
            text("files.connection_refused", query=name), hint=text("files.check_user")
        )
    reason = text("files.no_server", query=name)
    if why := next((why for why in _REASONS if why.lower() in words.lower()), None):
        reason = text("files.no_server_why", query=name, why=why)
    return DataError(reason, hint=text("files.check_server"))
