"""The DuckDB engine: tables are scanned where polars holds them, frames are temporary tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.engine.base import Engine, spread, unreadable
from crm_kpi.frames._cells import ROW

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation


class _Arrow:
    """A frame as nothing but its Arrow stream, which DuckDB reads without further libraries."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


class DuckDB(Engine):
    """A database in memory, for one run."""

    def __init__(self) -> None:
        self._spilled = TemporaryDirectory(prefix="crm-kpi-")
        self._connection = duckdb.connect(
            config={
                "TimeZone": "UTC",
                "temp_directory": self._spilled.name,
                "autoinstall_known_extensions": "false",  # nobody has asked for a download
            }
        )
        self._names = (f"frame_{number}" for number in count())

    def close(self) -> None:
        self._connection.close()
        self._spilled.cleanup()

    def scan(self, frame: pl.DataFrame) -> nw.LazyFrame:
        name = next(self._names)
        self._connection.register(name, _Arrow(frame.drop(ROW, strict=False)))
        return nw.from_native(self._connection.table(name))

    def parquet(self, paths: Sequence[str]) -> nw.LazyFrame:
        files = ", ".join("'" + file.replace("'", "''") + "'" for file in spread(paths))
        options = "hive_partitioning = true, hive_types_autocast = false"
        try:
            found = self._connection.sql(f"SELECT * FROM read_parquet([{files}], {options})")
        except duckdb.Error as error:
            raise unreadable(paths, error) from error
        return nw.from_native(found)

    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        relation: DuckDBPyRelation = frame.to_native()
        name = next(self._names)
        relation.to_table(name)
        return nw.from_native(self._connection.table(name))

    def collect(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        relations: list[DuckDBPyRelation] = [frame.to_native() for frame in frames]
        return [
            [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
            for relation in relations
        ]
