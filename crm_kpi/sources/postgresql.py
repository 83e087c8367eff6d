"""Rows of a PostgreSQL database, through ADBC (extra `crm-kpi[databases]`).

The server turns every value into text itself, as it would for an export: exact, and without
the types that get lost between it and a data frame (money comes as bare cents, infinite dates
and intervals not at all). Who connects, and with which password, is told by the environment
alone, as PostgreSQL's own programs do: PGUSER, PGPASSWORD, PGPASSFILE, PGSERVICE.
"""

from __future__ import annotations

import os
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import polars as pl

from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.sources import celltext
from crm_kpi.sources.query import Query

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection

PATIENCE = 15
"""Seconds to wait for a server, where neither the URL nor PGCONNECT_TIMEOUT says."""
_NUMBERS = ("float4", "float8", "numeric")
_PREPARED = (
    "set transaction read only",
    "set local timezone to 'UTC'",
    "set local datestyle to 'ISO'",
    "set local extra_float_digits to 1",
    # Rows of one table then come in one order, from run to run.
    "set local synchronize_seqscans to off",
    "set local max_parallel_workers_per_gather to 0",
)


def fetch(query: Query) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The names of the columns, and their text by position.

    Raises DataError for a server that cannot be reached or refuses, UsageError for a query that
    it does not understand and for a driver that is not installed.
    """
    try:
        import nanoarrow  # noqa: F401 - wanted before anything is asked
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{query.name}: no driver for PostgreSQL is installed: there is no {error.name}",
            hint='pip install "crm-kpi[databases]"',
        ) from error
    try:
        with closing(dbapi.connect(_patient(query.database))) as connection:
            for statement in _PREPARED:
                _execute(connection, statement)
            return _rows(connection, query)
    except (Error, pl.exceptions.PolarsError) as error:
        # polars passes on what goes wrong while rows come in.
        raise _said(error, query) from error


def _rows(connection: Connection, query: Query) -> tuple[tuple[str, ...], pl.DataFrame]:
    # On lines of its own, as the query may end with a comment.
    inner = f"(\n{query.sql.rstrip().rstrip(';')}\n) as asked"
    columns = _columns(connection, f"select * from {inner} limit 0")
    if not columns:
        raise UsageError(f"{query.name}: gives no columns", hint="a query is one select")
    texts = [
        '"{}"::text as "{}"'.format(name.replace('"', '""'), i)
        for i, (name, _) in enumerate(columns)
    ]
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"select {', '.join(texts)} from {inner}")
        frame = pl.DataFrame(cursor.fetch_arrow())
    canonical = [_canonical(pl.col(str(i)), kind) for i, (_, kind) in enumerate(columns)]
    return tuple(name for name, _ in columns), frame.select(canonical)


def _columns(connection: Connection, sql: str) -> list[tuple[str, str]]:
    """The name and PostgreSQL's type of each column that a query gives."""
    from nanoarrow import c_array_stream

    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        schema = c_array_stream(cursor.fetch_arrow()).get_schema()
        return [(str(one.name), _type(one.metadata)) for one in schema.children]


def _type(metadata: Any) -> str:
    return str(dict(metadata or {}).get(b"POSTGRESQL:type", b""), "utf-8")


def _canonical(text: pl.Expr, kind: str) -> pl.Expr:
    text = text.cast(pl.String)
    if kind in _NUMBERS:
        return text.map_batches(celltext.numbers, return_dtype=pl.String)
    return text.str.replace(r"\+00\z", "Z") if kind == "timestamptz" else text


def _execute(connection: Connection, statement: str) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement)


def _patient(database: str) -> str:
    """The URL, with an end to the waiting."""
    url = urlsplit(database)
    if "connect_timeout" in url.query or "PGCONNECT_TIMEOUT" in os.environ:
        return database
    options = filter(None, (url.query, f"connect_timeout={PATIENCE}"))
    return urlunsplit(url._replace(query="&".join(options)))


def _said(error: Exception, query: Query) -> CrmKpiError:
    """What the server says, without who tried to connect."""
    text = str(error)
    state = str(getattr(error, "sqlstate", "") or "")
    found = re.search(r"ERROR:\s+(.+)", text)
    if found and state.startswith("42") and state != "42501":
        return UsageError(
            f"{query.name}: {found[1]}", hint="a query is one select, which only reads"
        )
    if found:
        return DataError(f"{query.name}: {found[1]}")
    if "FATAL:" in text or "no password supplied" in text:
        return DataError(
            f"{query.name}: the server refuses the connection",
            hint="PGUSER and PGPASSWORD in the environment say who connects; check them, and the "
            "name of the database",
        )
    reason = re.search(r"failed: (.+)|(could not .+)", text)
    why = f": {reason[1] or reason[2]}" if reason else ""
    return DataError(
        f"{query.name}: the server cannot be reached{why}", hint="check its host and port"
    )
