"""The rows that a query gives, as text: they go the way of the records of a file.

Its `size` and `sha256` are those of all its rows as one CSV: canonical text in UTF-8, commas,
LF, the header first. They are the same from run to run where the query has an `order by`.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from functools import cached_property

import polars as pl

from crm_kpi.messages import Message
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.query import MSSQL, MYSQL, SQLITE, Query
from crm_kpi.sources.tabular_file import ColumnRequest
from crm_kpi.tables import ROW

_SLICE = 1 << 16


def read(query: Query, most: int | None = None) -> DatabaseRows:
    """Ask the database, in a transaction that cannot write. The rows take at most `most` bytes,
    or what a run may hold by default.

    Raises UsageError for a query that it does not understand, for a driver that is not installed
    and for rows that take more, DataError for a database that cannot be reached or read.
    """
    most = MemoryBudget.of(None).bytes if most is None else most
    if query.kind == SQLITE:
        from crm_kpi.sources.readers.databases import sqlite

        headers, frame = sqlite.fetch(query, most)
    elif query.kind == MYSQL:
        from crm_kpi.sources.readers.databases import mysql

        headers, frame = mysql.fetch(query, most)
    elif query.kind == MSSQL:
        from crm_kpi.sources.readers.databases import mssql

        headers, frame = mssql.fetch(query, most)
    else:
        from crm_kpi.sources.readers.databases import postgresql

        headers, frame = postgresql.fetch(query, most)
    return DatabaseRows(query.name, headers, frame)


class DatabaseRows:
    """Offers what a `TabularFile` does; `frame` has the text of each column by position."""

    typed = True
    skipped = 0
    above = 0
    titles = ""

    def __init__(self, path: str, headers: tuple[str, ...], frame: pl.DataFrame) -> None:
        self.path = self.name = path
        self.headers = headers
        self.notes: list[Message] = []
        self.assumed: list[Message] = []
        self.faults: dict[Message, pl.Series] = {}
        self._rows = frame
        self._wanted: set[int] = set()
        self._hashing: Future[tuple[int, str]] | None = None

    @property
    def held(self) -> int:
        return int(self._rows.estimated_size())

    @property
    def width(self) -> int:
        return len(self.headers)

    @property
    def records(self) -> int:
        """The number of its rows."""
        return self._rows.height

    @property
    def size(self) -> int:
        return self._digest[0]

    @property
    def sha256(self) -> str:
        return self._digest[1]

    @cached_property
    def _digest(self) -> tuple[int, str]:
        return self._hashing.result() if self._hashing else self._hash()

    def want(self, columns: ColumnRequest) -> None:
        self._wanted |= set(columns.positions)

    def begin(self, pool: Executor) -> None:
        """Let `pool` hash the rows while files are read."""
        if self._hashing is None or self._hashing.cancelled():
            self._hashing = pool.submit(self._hash)

    def frame(self) -> pl.DataFrame:
        """The wanted columns, and the row's number."""
        return self._rows.select(map(str, sorted(self._wanted or {0}))).with_row_index(ROW)

    def lines(self, rows: Iterable[int]) -> list[int]:
        """Rows are counted from 1."""
        return [row + 1 for row in rows]

    def contents(self, rows: Iterable[int]) -> list[tuple[str, ...]]:
        return [tuple(value or "" for value in self._rows.row(row)) for row in rows]

    def _hash(self) -> tuple[int, str]:
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(self.headers)
        text = header.getvalue().encode()
        size, digest = len(text), hashlib.sha256(text)
        for rows in self._rows.iter_slices(_SLICE):
            text = rows.write_csv(include_header=False).encode()
            size += len(text)
            digest.update(text)
        return size, digest.hexdigest()
