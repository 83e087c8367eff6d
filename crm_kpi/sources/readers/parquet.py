"""One Parquet file: its columns, whatever their types, as the text that a CSV would hold.

So the same rules, rejects and currencies hold for it. Only the columns that are wanted are
read. A folder named `month=2024-01` around the file is a column of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from functools import cached_property
from io import BytesIO
from pathlib import PurePath
from typing import ParamSpec, TypeVar
from urllib.parse import unquote

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers import canonical_text
from crm_kpi.sources.tabular_file import ColumnRequest
from crm_kpi.tables import ROW

NO_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""How a folder is named whose rows have no value."""
_CELL = 24
"""Bytes that a cell takes while it is read, as text and typed."""
HARMLESS, RATIO = 192 << 20, 50
"""Bytes, and how many times the size of the file the cells may take beyond them."""
_HELD = 1 << 16
"""Rows that are held to be asked for one by one."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class ParquetFile:
    """Offers what a `TabularFile` does. Raises DataError for a file that is damaged."""

    typed = True
    skipped = 0
    above = 0
    titles = ""

    def __init__(self, file_bytes: FileBytes, budget: MemoryBudget) -> None:
        self.file_bytes = file_bytes
        self._budget = budget
        self.notes: list[Message] = []
        self.assumed: list[Message] = []
        self.faults: dict[Message, pl.Series] = {}
        self._schema = self._sound(lambda: self._scan().collect_schema())
        self._partitions = {
            name: value for name, value in partitions(file_bytes.path) if name not in self._schema
        }
        self.headers = (*self._schema.names(), *self._partitions)
        self._wanted: set[int] = set()
        self._readers = 0
        self._frame: pl.DataFrame | None = None
        self._hashing: Future[str] | None = None
        self._held: tuple[int, list[tuple[str, ...]]] = (0, [])

    @property
    def path(self) -> str:
        return self.file_bytes.path

    @property
    def name(self) -> str:
        return self.path

    @property
    def held(self) -> int:
        return self.file_bytes.length

    @property
    def width(self) -> int:
        return len(self.headers)

    @property
    def size(self) -> int:
        return self.file_bytes.size

    @cached_property
    def sha256(self) -> str:
        return self._hashing.result() if self._hashing else self._hash()

    @cached_property
    def records(self) -> int:
        """The number of its rows."""
        count = self._sound(lambda: self._scan().select(pl.len()).collect())
        return int(count.item())

    def want(self, columns: ColumnRequest) -> None:
        self._wanted |= set(columns.positions)
        self._readers += 1

    def begin(self, pool: Executor) -> None:
        """Let `pool` hash the file while files are read."""
        if self._hashing is None or self._hashing.cancelled():
            self._hashing = pool.submit(self._hash)

    def frame(self) -> pl.DataFrame:
        """The wanted columns as text, named by position, and the row's number."""
        if self._frame is None:
            positions = sorted(self._wanted) or [0]
            for name in (self.headers[at] for at in positions):
                if name in self._schema and canonical_text.holds_many(self._schema[name]):
                    raise DataError(
                        text(
                            "files.nested_column",
                            path=self.path,
                            column=name,
                            type=str(self._schema[name]),
                        ),
                        hint=text("files.unnest_column"),
                    )
            self._check(positions)
            self._frame = self._text(positions).with_row_index(ROW)
            self.file_bytes.verify()
        frame, self._readers = self._frame, self._readers - 1
        if self._readers <= 0:
            self._frame = None
        return frame

    def _check(self, positions: Sequence[int]) -> None:
        """Equal values take next to nothing in the file, and as much as any others here.

        Raises UsageError where they are not within the budget, DataError where they are far more
        than the file could hold if they were those of a table.
        """
        size = _CELL * self.records * len(positions)
        if size > max(HARMLESS, RATIO * self.size):
            raise DataError(
                text("files.parquet_bomb", path=self.path, rows=self.records, size=self.size),
                hint=text("files.write_as_csv"),
            )
        self._budget.check(text("files.path_with_rows", path=self.path, rows=self.records), size)

    def lines(self, rows: Iterable[int]) -> list[int]:
        """Rows are counted from 1; there is no header line."""
        return [row + 1 for row in rows]

    def contents(self, rows: Iterable[int]) -> list[tuple[str, ...]]:
        """All fields of each row. Rows are asked for in order, so those around them are kept."""
        return [self._content(row) for row in rows]

    def _content(self, row: int) -> tuple[str, ...]:
        start, held = self._held
        if not start <= row < start + len(held):
            start = row - row % _HELD
            frame = self._text(range(self.width), start)
            held = [tuple(value or "" for value in fields) for fields in frame.iter_rows()]
            self._held = start, held
        return held[row - start]

    def _text(self, positions: Iterable[int], start: int | None = None) -> pl.DataFrame:
        """The columns at these positions, of all rows or of those held from `start` on."""
        names = [self.headers[at] for at in positions]
        stored = [name for name in names if name in self._schema]
        # A column that is nobody's wish says how many rows there are.
        scan = self._scan().select(stored or self._schema.names()[:1])
        if start is not None:
            scan = scan.slice(start, _HELD)
        read = self._sound(lambda: scan.collect(engine="streaming"))
        columns = []
        for at, name in zip(positions, names, strict=True):
            if name in self._partitions:
                value = pl.Series([self._partitions[name]], dtype=pl.String)
                column = value.new_from_index(0, read.height)
            else:
                column = self._sound(canonical_text.text, read[name])
            columns.append(column.alias(str(at)))
        return pl.DataFrame(columns)

    def _scan(self) -> pl.LazyFrame:
        source = self.file_bytes.source
        return pl.scan_parquet(
            BytesIO(source) if isinstance(source, bytes) else source,
            glob=False,
            hive_partitioning=False,
        )

    def _hash(self) -> str:
        if not self.file_bytes.sha256:
            for _ in self.file_bytes.blocks():
                pass
        return self.file_bytes.sha256

    def _sound(self, read: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            reason = str(error).partition("\n")[0]
            raise DataError(
                text("files.parquet_damaged", path=self.path, why=reason),
                hint=text("files.get_again"),
            ) from error


def partitions(path: str) -> list[tuple[str, str | None]]:
    """The columns that the folders around a file stand for, each with its value.

    >>> partitions("sales/month=2024-01/shop=H%C3%A0%20N%E1%BB%99i/part-0.parquet")
    [('month', '2024-01'), ('shop', 'Hà Nội')]
    """
    columns: dict[str, str | None] = {}
    path = path.encode(errors="backslashreplace").decode()
    for folder in PurePath(path).parts[:-1]:
        name, equals, value = folder.partition("=")
        if equals and name:
            columns[unquote(name)] = None if value == NO_PARTITION else unquote(value)
    return list(columns.items())
