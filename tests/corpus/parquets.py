"""A small Parquet file of the columns that are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

TYPES = {
    "decimal": pl.Decimal(18, 2),
    "decimal6": pl.Decimal(18, 6),
    "float32": pl.Float32(),
    "int32": pl.Int32(),
    "milliseconds": pl.Datetime("ms"),
    "utc": pl.Datetime("us", "UTC"),
    "hanoi": pl.Datetime("us", "Asia/Ho_Chi_Minh"),
    "category": pl.Categorical(),
    "list": pl.List(pl.String()),
}


def write(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    *,
    types: Mapping[str, str] | None = None,
    cut: int = 0,
) -> None:
    """`types` by name where Python's values do not say; `cut`: so many bytes lack at the end."""
    series = []
    for name, values in columns.items():
        kind = TYPES.get((types or {}).get(name, ""))
        found = pl.Series(name, values, strict=False)
        if isinstance(kind, pl.Datetime) and kind.time_zone:
            found = found.dt.replace_time_zone("UTC").dt.convert_time_zone(kind.time_zone)
        series.append(found if kind is None else found.cast(kind))
    pl.DataFrame(series).write_parquet(path)
    if cut:
        path.write_bytes(path.read_bytes()[:-cut])
