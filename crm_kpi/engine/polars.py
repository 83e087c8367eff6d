"""The polars engine: lazy frames over tables in memory; each collect uses all cores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.engine.base import Engine, spread, unreadable


class Polars(Engine):
    def scan(self, frame: pl.DataFrame) -> nw.LazyFrame:
        return nw.from_native(frame.lazy())

    def parquet(self, paths: Sequence[str]) -> nw.LazyFrame:
        files = spread(paths)
        try:
            stored, every = (
                pl.scan_parquet(files, hive_partitioning=folders).collect_schema()
                for folders in (False, True)
            )
            folders = {name: pl.String() for name in every if name not in stored}
            found = pl.scan_parquet(files, hive_partitioning=True, hive_schema=folders)
            found.collect_schema()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise unreadable(paths, error) from error
        return nw.from_native(found)

    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.collect().lazy())

    def collect(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        lazy: list[pl.LazyFrame] = [frame.to_native() for frame in frames]
        return [frame.to_dicts() for frame in pl.collect_all(lazy)]

    def close(self) -> None:
        """Memory is given back by itself."""
