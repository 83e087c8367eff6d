"""Tables in temporary files, where memory is short."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class SpilledTable:
    """A table in Parquet files. It does what a frame does for those who only pass it on: says
    its columns, gives one of them, and takes other names for them."""

    paths: tuple[Path, ...]
    names: dict[str, str]
    """Column of the files: what it is called."""

    @classmethod
    def of(cls, paths: Sequence[Path]) -> SpilledTable:
        return cls(tuple(paths), {name: name for name in pl.read_parquet_schema(paths[0])})

    @property
    def columns(self) -> list[str]:
        return list(self.names.values())

    def scan(self) -> pl.LazyFrame:
        rows = pl.scan_parquet(list(self.paths), glob=False)
        return rows.select(pl.col(stored).alias(called) for stored, called in self.names.items())

    def __getitem__(self, name: str) -> pl.Series:
        return self.scan().select(name).collect(engine="streaming").to_series()

    def without(self, columns: Collection[str]) -> SpilledTable:
        kept = {stored: called for stored, called in self.names.items() if called not in columns}
        return SpilledTable(self.paths, kept)

    def rename(self, name: Callable[[str], str]) -> SpilledTable:
        return SpilledTable(
            self.paths, {stored: name(called) for stored, called in self.names.items()}
        )


def write_spill(frame: pl.DataFrame, path: Path) -> Path:
    """Row groups are small, as who reads them holds several at a time."""
    frame.write_parquet(path, compression="lz4", row_group_size=1 << 17)
    return path
