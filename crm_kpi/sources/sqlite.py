"""Rows of a SQLite database, by the standard library.

A column of SQLite may hold a number in one row and text in the next. Readers that want one
type for a column refuse that or bend it; here each value becomes text by itself.
"""

from __future__ import annotations

import os
import sqlite3
from urllib.parse import quote

import polars as pl

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources.celltext import shortest
from crm_kpi.sources.query import Query

_BATCH = 1 << 16
_READING = frozenset(
    (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    )
)
"""What a query may do: neither write nor open another file."""


def fetch(query: Query) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The names of the columns, and their text by position.

    Raises DataError for a file that cannot be read, UsageError for a query that is none.
    """
    path = str(query.file)
    if not os.path.isfile(path):
        raise DataError(f"{query.name}: there is no file {path}", hint="check the path")
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)
        try:
            # Whether it is a database at all shows at the first look into it.
            connection.execute("pragma schema_version").fetchone()
            connection.set_authorizer(_only_reading)
            return _rows(connection, query)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise DataError(f"{query.name}: cannot be read: {error}") from error


def _only_reading(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _rows(connection: sqlite3.Connection, query: Query) -> tuple[tuple[str, ...], pl.DataFrame]:
    try:
        cursor = connection.execute(query.sql)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise UsageError(
            f"{query.name}: {error}", hint="a query is one select, which only reads"
        ) from error
    if cursor.description is None:
        raise UsageError(f"{query.name}: gives no rows", hint="a query is one select")
    headers = tuple(str(column[0]) for column in cursor.description)
    schema = dict.fromkeys(map(str, range(len(headers))), pl.String)
    frames = [pl.DataFrame(schema=schema)]
    while rows := cursor.fetchmany(_BATCH):
        columns = zip(*rows, strict=True)
        text = {str(i): [_text(v, query) for v in column] for i, column in enumerate(columns)}
        frames.append(pl.DataFrame(text, schema=schema))
    return headers, pl.concat(frames)


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
                f"{query.name}: holds bytes that are no text", hint="leave that column out"
            ) from error
    return str(value)
