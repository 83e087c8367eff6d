"""The polars engine: lazy frames over tables in memory; each collect uses all cores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.engine.backends.base import CommonBackend, overflowed, spread, unreadable
from crm_kpi.engine.backends.id_codes import ID, Codes, coded
from crm_kpi.engine.kernels import frame_kernels

_PARTS = 4
"""In so many stretches of time the grain is grouped."""


class Polars(CommonBackend):
    """Polars, for one run; it holds ids as codes where it can."""

    def __init__(self) -> None:
        self._codes: Codes | None = None
        self._in_place = False  # files may be larger than memory

    def scan(self, frame: pl.DataFrame) -> nw.LazyFrame:
        return nw.from_native(frame.lazy())

    def prepare(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        tables, self._codes = coded(tables)
        return tables

    def as_text(self, column: str) -> nw.Expr:
        if column == ID and self._codes:
            return self._codes.text()
        return super().as_text(column)

    def scan_parquet(self, paths: Sequence[str]) -> nw.LazyFrame:
        self._in_place = True
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

    def materialize(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(_collected(native).lazy())

    def materialize_by_time(
        self, part: Callable[[date, date], nw.LazyFrame], bounds: Sequence[date]
    ) -> nw.LazyFrame:
        # A fraction of the time's groups take a fraction of the memory, and no more work.
        cuts = [bounds[len(bounds) * i // _PARTS] for i in range(_PARTS)] + [bounds[-1]]
        times = [(start, stop) for start, stop in pairwise(cuts) if start < stop]
        frames: list[pl.LazyFrame] = [part(*time).to_native() for time in times]
        return nw.from_native(pl.concat([*map(_collected, frames)]).lazy())

    def with_lag(
        self, frame: nw.LazyFrame, by: str, order: str, columns: Mapping[str, tuple[str, int]]
    ) -> nw.LazyFrame:
        # One sort, and a look at the row above: a quarter of the time that windows take.
        table = self.in_memory(frame)
        if table is not None:
            found = frame_kernels.with_lag(table, by, order, columns)
            if found is not None:
                return self.scan(found)
            frame = self.scan(table)
        native: pl.LazyFrame = frame.to_native()
        shifted = {
            name: pl.when(pl.col(by).eq_missing(pl.col(by).shift(rows))).then(
                pl.col(column).shift(rows)
            )
            for name, (column, rows) in columns.items()
        }
        return nw.from_native(native.sort(by, order).with_columns(**shifted))

    def builder(self, build: Callable[..., nw.LazyFrame]) -> Callable[..., nw.LazyFrame]:
        return build if self._in_place else frame_kernels.builder(build)

    def in_memory(self, frame: nw.LazyFrame) -> pl.DataFrame | None:
        if self._in_place:
            return None
        native: pl.LazyFrame = frame.to_native()
        return _collected(native)

    def fetch(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        # One after the other: each takes all cores, and they would hold their memory together.
        return [_collected(self._with_text_ids(frame)).to_dicts() for frame in frames]

    def fetch_columns(self, frame: nw.LazyFrame) -> dict[str, Sequence[Any]]:
        return {**_collected(self._with_text_ids(frame)).to_dict(as_series=False)}

    def fetch_table(self, frame: nw.LazyFrame) -> nw.DataFrame[Any]:
        return nw.from_native(_collected(self._with_text_ids(frame)), eager_only=True)

    def _with_text_ids(self, frame: nw.LazyFrame) -> pl.LazyFrame:
        """The frame with its ids as text."""
        if self._codes and ID in frame.columns:
            frame = frame.with_columns(self.as_text(ID).alias(ID))
        native: pl.LazyFrame = frame.to_native()
        return native

    def close(self) -> None:
        """Memory is given back by itself."""


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    """
    Raises:
        DataError: a value or a sum does not fit into its type.
    """
    try:
        return frame.collect()
    except pl.exceptions.PolarsError as error:
        if not re.search("overflow|conversion from", str(error)):
            raise
        raise overflowed(error) from error
