"""What the backends share; see `crm_kpi.frames.backend` for what a backend is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from os.path import isdir
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.frames.backend import Backend
from crm_kpi.messages import text
from crm_kpi.sources.io.folders import is_utf8, parquet_within


def spread(paths: Sequence[str]) -> list[str]:
    """The files of folders on this machine; what is a glob or lies elsewhere stays as it is.

    Raises:
        DataError: a name is not UTF-8, which no engine takes.
    """
    files = [file for path in paths for file in (parquet_within(path) if isdir(path) else [path])]
    for file in files:
        if not is_utf8(file):
            raise DataError(
                text("engine.name_not_utf8", path=file), hint=text("engine.rename_or_load")
            )
    return files


def overflowed(error: Exception) -> DataError:
    """What an engine could not compute, as it does not fit into its type."""
    reason = str(error).strip().partition("\n")[0]
    return DataError(
        text("engine.overflow", why=reason),
        hint=text("engine.most_digits"),
    )


def unreadable(paths: Sequence[str], error: Exception) -> DataError:
    """What is told of paths that hold nothing that an engine can read."""
    reason = str(error).strip().partition("\n")[0]
    return DataError(
        text("engine.not_parquet", paths=", ".join(paths), why=reason),
        hint=text("engine.find_path"),
    )


def columns_of_rows(
    names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> dict[str, Sequence[Any]]:
    """Rows as columns, also where there is no row."""
    columns = [*zip(*rows, strict=True)] or [()] * len(names)
    return dict(zip(names, columns, strict=True))


class CommonBackend(Backend):
    """What backends do alike, in narwhals, unless they know a faster way."""

    def prepare(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        return dict(tables)

    def materialize_by_time(
        self, part: Callable[[date, date], nw.LazyFrame], bounds: Sequence[date]
    ) -> nw.LazyFrame:
        return self.materialize(part(bounds[0], bounds[-1]))

    def builder(self, build: Callable[..., nw.LazyFrame]) -> Callable[..., nw.LazyFrame]:
        return build

    def in_memory(self, frame: nw.LazyFrame) -> pl.DataFrame | None:
        return None

    def from_columns(
        self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any]
    ) -> nw.LazyFrame:
        frame = nw.DataFrame.from_dict(dict(columns), dict(types), backend="polars")
        return self.scan(frame.to_native())

    def fetch_table(self, frame: nw.LazyFrame) -> nw.DataFrame[Any]:
        return nw.from_dict(dict(self.fetch_columns(frame)), backend="polars")

    def as_text(self, column: str) -> nw.Expr:
        return nw.col(column).cast(nw.String)

    def with_lag(
        self, frame: nw.LazyFrame, by: str, order: str, columns: Mapping[str, tuple[str, int]]
    ) -> nw.LazyFrame:
        shifted = {
            name: nw.col(column).shift(rows).over(by, order_by=order)
            for name, (column, rows) in columns.items()
        }
        return frame.with_columns(**shifted)

    def seconds_between(self, start: nw.Expr, end: nw.Expr) -> nw.Expr:
        return (end - start).dt.total_seconds().cast(nw.Int64)
