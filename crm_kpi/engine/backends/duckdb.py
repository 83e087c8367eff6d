"""The DuckDB engine: tables are scanned where polars holds them, frames are temporary tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi import tempfiles
from crm_kpi.engine.backends.base import (
    CommonBackend,
    columns_of_rows,
    overflowed,
    spread,
    unreadable,
)
from crm_kpi.engine.memory import OutOfCore
from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.sources.io.budget import MIB
from crm_kpi.sources.loading.spill_files import SpilledTable
from crm_kpi.tables import ROW

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

_T = TypeVar("_T")

_THREAD = 128 * MIB
"""Memory that each thread of a small run should have."""


class _Arrow:
    """A frame as nothing but its Arrow stream, which DuckDB reads without further libraries."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


class DuckDB(CommonBackend):
    """A database in memory, for one run."""

    def __init__(self, space: OutOfCore | None = None) -> None:
        self._until_closed = ExitStack()
        folder = space.folder if space else self._until_closed.enter_context(tempfiles.folder())
        config: dict[str, Any] = {
            "TimeZone": "UTC",
            "temp_directory": str(folder),
            "autoinstall_known_extensions": "false",  # nobody has asked for a download
        }
        if space:
            threads = min(os.cpu_count() or 1, max(1, space.bytes // _THREAD))
            config |= {
                "memory_limit": f"{space.bytes // MIB}MiB",
                "threads": str(threads),
                "preserve_insertion_order": "false",
            }
        self._connection = duckdb.connect(config=config)
        self._until_closed.callback(self._connection.close)
        self._names = (f"frame_{number}" for number in count())

    def close(self) -> None:
        self._until_closed.close()

    def scan(self, frame: pl.DataFrame) -> nw.LazyFrame:
        if isinstance(frame, SpilledTable):
            return nw.from_native(self._connection.sql(_select(frame)))
        name = next(self._names)
        self._connection.register(name, _Arrow(frame.drop(ROW, strict=False)))
        return nw.from_native(self._connection.table(name))

    def scan_parquet(self, paths: Sequence[str]) -> nw.LazyFrame:
        options = "hive_partitioning = true, hive_types_autocast = false"
        try:
            found = self._connection.sql(
                f"SELECT * FROM read_parquet({_texts(spread(paths))}, {options})"
            )
        except duckdb.Error as error:
            raise unreadable(paths, error) from error
        return nw.from_native(found)

    def materialize(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        relation: DuckDBPyRelation = frame.to_native()
        name = next(self._names)
        _within(lambda: relation.to_table(name))
        return nw.from_native(self._connection.table(name))

    def fetch_columns(self, frame: nw.LazyFrame) -> dict[str, Sequence[Any]]:
        relation: DuckDBPyRelation = frame.to_native()
        return columns_of_rows(relation.columns, _within(relation.fetchall))

    def fetch_table(self, frame: nw.LazyFrame) -> nw.DataFrame[Any]:
        relation: DuckDBPyRelation = frame.to_native()
        return nw.from_native(_within(lambda: pl.DataFrame(relation)), eager_only=True)

    def fetch(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        relations: list[DuckDBPyRelation] = [frame.to_native() for frame in frames]
        return [
            [dict(zip(relation.columns, row, strict=True)) for row in _within(relation.fetchall)]
            for relation in relations
        ]


def _within(compute: Callable[[], _T]) -> _T:
    """
    Raises:
        UsageError: the memory that DuckDB may take does not suffice.
        DataError: a value or a sum does not fit into its type.
    """
    try:
        return compute()
    except duckdb.OutOfMemoryException as error:
        raise UsageError(
            text("engine.out_of_memory", why=str(error).partition(chr(10))[0]),
            hint=text("engine.raise_memory"),
        ) from error
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise overflowed(error) from error


def _select(frame: SpilledTable) -> str:
    columns = ", ".join(f"{_name(own)} AS {_name(called)}" for own, called in frame.names.items())
    return f"SELECT {columns} FROM read_parquet({_texts(map(str, frame.paths))})"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _texts(texts: Iterable[str]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
