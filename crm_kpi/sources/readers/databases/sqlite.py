"""Rows of a SQLite database, by the standard library.

A column of SQLite may hold a number in one row and text in the next. Readers that want one
type for a column refuse that or bend it; here each value becomes text by itself.
"""

from __future__ import annotations

import os
import sqlite3
import time
from itertools import chain
from sys import getsizeof
from urllib.parse import quote

import polars as pl

from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import text
from crm_kpi.sources.query import Query
from crm_kpi.sources.readers.canonical_text import shortest
from crm_kpi.sources.readers.databases.query_limits import (
    STATEMENT_SECONDS,
    size_of,
    too_long,
    too_much,
)

_BATCH = 1 << 16
_AT_ONCE = 64
"""Rows that are taken before their size is looked at."""
_BATCH_BYTES = 64 << 20
_SHORT, _LONGEST = 1 << 20, 1_000_000_000
"""Bytes of a value that SQLite may take in any case, and that it takes at most by itself."""
_BOUNDS = (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_TOOBIG)
_STEPS = 100_000
"""Of SQLite's machine, between two looks at the clock."""
_READING = frozenset(
    (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    )
)
"""What a query may do: neither write nor open another file."""


def fetch(
    query: Query, most: int, seconds: float = STATEMENT_SECONDS
) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The names of the columns, and their text by position.

    Raises DataError for a file that cannot be read and for a query that takes longer than so many
    seconds, UsageError for a query that is none and for rows that take more than `most` bytes.
    """
    end = time.monotonic() + seconds
    path = str(query.file)
    if not os.path.isfile(path):
        raise DataError(
            text("files.no_database", query=query.name, path=path), hint=text("files.check_path")
        )
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)
        try:
            # Whether it is a database at all shows at the first look into it.
            connection.execute("pragma schema_version").fetchone()
            connection.set_authorizer(_only_reading)
            connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            # A single value can be no larger than all of them may be.
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(max(most, _SHORT), _LONGEST))
            return _rows(connection, query, most)
        finally:
            connection.close()
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_INTERRUPT:
            raise too_long(query.name) from error
        if code == sqlite3.SQLITE_TOOBIG:
            raise too_much(query.name, most) from error
        raise DataError(text("files.unreadable", path=query.name, why=str(error))) from error


def _only_reading(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _rows(
    connection: sqlite3.Connection, query: Query, most: int
) -> tuple[tuple[str, ...], pl.DataFrame]:
    try:
        cursor = connection.execute(query.sql)
    except (sqlite3.Error, sqlite3.Warning) as error:
        if getattr(error, "sqlite_errorcode", None) in _BOUNDS:
            raise
        raise UsageError(
            text("files.fault_of", path=query.name, why=str(error)),
            hint=text("files.one_select_reads"),
        ) from error
    if cursor.description is None:
        raise UsageError(text("files.no_rows", query=query.name), hint=text("files.one_select"))
    headers = tuple(str(column[0]) for column in cursor.description)
    schema = dict.fromkeys(map(str, range(len(headers))), pl.String)
    frames: list[pl.DataFrame] = []
    rows: list[tuple[object, ...]] = []
    held = size = 0
    while some := cursor.fetchmany(_AT_ONCE):
        rows += some
        size += sum(map(getsizeof, chain.from_iterable(some)))
        if held + size > most:
            raise too_much(query.name, most)
        if size > _BATCH_BYTES or len(rows) >= _BATCH:
            frames.append(_frame(rows, schema, query))
            held += size_of(frames[-1])
            rows, size = [], 0
    return headers, pl.concat([*frames, _frame(rows, schema, query)])


def _frame(
    rows: list[tuple[object, ...]], schema: dict[str, type[pl.String]], query: Query
) -> pl.DataFrame:
    columns = zip(*rows, strict=True)
    texts = {str(i): [_text(value, query) for value in column] for i, column in enumerate(columns)}
    return pl.DataFrame(texts or None, schema=schema)


def _text(value: object, query: Query) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return shortest(value)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise DataError(
                text("files.bytes_in_column", query=query.name),
                hint=text("files.leave_column_out"),
            ) from error
    return str(value)
