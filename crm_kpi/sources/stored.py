"""Tables in temporary files, where memory is short."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from crm_kpi.errors import UsageError
from crm_kpi.sources import marked

folders: set[Path] = set()
"""Those that must not survive an interrupt."""

SPILL, DRAFT = "crm-kpi-", ".draft-"
"""How the names of temporary folders begin: of tables in files, and of what is to be kept."""
_SPILLED = re.compile(r"[\w.-]+\.(parquet|ipc)|duckdb_temp_[\w.-]+")
"""All that is written into such a folder. What has another name is not removed after a kill."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for temporary files, which goes with all that is in it; those go first that
    killed runs left behind.

    Raises UsageError where there can be none.
    """
    with ExitStack() as stack:
        try:
            parent = Path(tempfile.gettempdir())
            str(parent).encode()
            sweep(parent, SPILL, _SPILLED)
            path = stack.enter_context(temporary(parent, SPILL))
        except (OSError, UnicodeEncodeError) as error:
            raise UsageError(
                f"no folder for temporary files can be had: {error}",
                hint="set TMPDIR to another one",
            ) from error
        yield path


@contextmanager
def temporary(parent: Path, prefix: str) -> Iterator[Path]:
    """A new marked folder, which goes with all that is in it unless it was renamed."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    folders.add(path)
    try:
        with marked.held(path):
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        folders.discard(path)


def sweep(parent: Path, prefix: str, files: re.Pattern[str]) -> None:
    """Remove the temporary folders that killed runs left, if they hold nothing but `files`."""
    marked.sweep(parent, re.compile(re.escape(prefix) + "[a-z0-9_]{8}"), files)


@dataclass(frozen=True)
class Stored:
    """A table in Parquet files. It does what a frame does for those who only pass it on: says
    its columns, gives one of them, and takes other names for them."""

    paths: tuple[Path, ...]
    names: dict[str, str]
    """Column of the files: what it is called."""

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Stored:
        return cls(tuple(paths), {name: name for name in pl.read_parquet_schema(paths[0])})

    @property
    def columns(self) -> list[str]:
        return list(self.names.values())

    def scan(self) -> pl.LazyFrame:
        rows = pl.scan_parquet(list(self.paths), glob=False)
        return rows.select(pl.col(stored).alias(called) for stored, called in self.names.items())

    def __getitem__(self, name: str) -> pl.Series:
        return self.scan().select(name).collect(engine="streaming").to_series()

    def without(self, columns: Collection[str]) -> Stored:
        kept = {stored: called for stored, called in self.names.items() if called not in columns}
        return Stored(self.paths, kept)

    def rename(self, name: Callable[[str], str]) -> Stored:
        return Stored(self.paths, {stored: name(called) for stored, called in self.names.items()})


def write(frame: pl.DataFrame, path: Path) -> Path:
    """Row groups are small, as who reads them holds several at a time."""
    frame.write_parquet(path, compression="lz4", row_group_size=1 << 17)
    return path
