"""What every file offers that a table is read from, however it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from crm_kpi.messages import Message


@dataclass(frozen=True)
class CastPlan:
    """How a column that is written in one way is cast: what fits the way, and to what."""

    fits: pl.Expr
    """Of a column of text named by its position; null where the text is."""
    cast: pl.Expr

    def takes(self, name: str, cells: Sequence[str]) -> bool:
        """Whether all these cells fit."""
        return bool(pl.select(pl.Series(name, cells)).select(self.fits.all()).item())


class FastPath(Protocol):
    """A column that may be typed at once."""

    def cast_plan(self, position: int, cells: Sequence[str]) -> CastPlan | None:
        """How to cast the column if it is written as its first cells are, and those plainly."""


@dataclass(frozen=True)
class ColumnRequest:
    """Columns of a file by position.

    keys: ids and dates: a record at the end of the file in which they are empty may be a total.
    fast_paths: those that may be typed at once, if they are plain to all who want them.
    """

    positions: Iterable[int]
    keys: Collection[int] = ()
    fast_paths: Mapping[int, FastPath] = field(default_factory=dict)


class TabularFile(Protocol):
    """Columns of text by position, records by number, and what is known of the file as a whole.

    Who reads says what is needed with `want`, all before the first `frame`; the records are
    held until the last who wanted has had them.
    """

    @property
    def path(self) -> str: ...
    @property
    def name(self) -> str:
        """The path as places are told: of one of several sheets, which it is."""
        ...

    @property
    def headers(self) -> tuple[str, ...]:
        """Empty for a file without a header line."""
        ...

    @property
    def width(self) -> int:
        """How many columns it has."""
        ...

    @property
    def typed(self) -> bool:
        """Whether cells have types of their own. Their text is then canonical (ISO days, plain
        numbers), whatever is declared for other text."""
        ...

    @property
    def size(self) -> int:
        """Bytes, as given."""
        ...

    @property
    def held(self) -> int:
        """Bytes of its text, unpacked and decoded."""
        ...

    @property
    def sha256(self) -> str: ...
    @property
    def records(self) -> int:
        """Numbers that rows can have, those of records that are skipped included."""
        ...

    @property
    def skipped(self) -> int:
        """Records that are no rows; known once `frame` was called."""
        ...

    @property
    def above(self) -> int:
        """Records above the header."""
        ...

    @property
    def titles(self) -> str:
        """The lines above the header, where they say something."""
        ...

    @property
    def assumed(self) -> list[Message]:
        """What was taken for granted, in few words each."""
        ...

    @property
    def notes(self) -> list[Message]:
        """What was assumed or noticed, one sentence each."""
        ...

    @property
    def faults(self) -> dict[Message, pl.Series]:
        """Rows that cannot be read, by reason; known once `frame` was called."""
        ...

    def want(self, columns: ColumnRequest) -> None:
        """Say which columns will be read."""

    def begin(self, pool: Executor) -> None:
        """Let `pool` prove the file while other files are parsed."""

    def frame(self) -> pl.DataFrame:
        """The wanted columns, named by position, and `ROW`; without skipped records. They are
        text, but for plain ones."""
        ...

    def lines(self, rows: Iterable[int]) -> list[int]:
        """Where each record stands, counted from 1 as a person would."""
        ...

    def contents(self, rows: Iterable[int]) -> list[tuple[str, ...]]:
        """All fields of each record."""
        ...
