"""What a question of meaning is, and what it is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

import polars as pl

from crm_kpi.messages import Message
from crm_kpi.readings import Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.names import unmapped
from crm_kpi.sources.rejects import Fault
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import ROW, Table


@dataclass(frozen=True)
class HeaderView:
    """One file before it is read."""

    table: Table
    spec: SourceSpec
    """With what its preset and earlier questions add to it."""
    headers: tuple[str, ...]
    options: ReadOptions


@dataclass(frozen=True)
class LeftOut:
    """Rows that are left out, and why; both messages have their number as the value `count`."""

    sentence: Message
    short: Message
    """In few words that a shop owner understands, such as `9 cancelled`."""

    @property
    def count(self) -> int:
        return int(self.sentence.values["count"])

    @staticmethod
    def added_up(parts: Iterable[LeftOut]) -> list[LeftOut]:
        """The same for all parts of a block: what is left out for one reason, once."""
        counts: dict[tuple[str, str], int] = {}
        reasons: dict[tuple[str, str], LeftOut] = {}
        for part in parts:
            of_any = _counted(part.sentence, 0), _counted(part.short, 0)
            reason = str(of_any[0]), str(of_any[1])
            counts[reason] = counts.get(reason, 0) + part.count
            reasons[reason] = part
        return [
            LeftOut(_counted(part.sentence, counts[reason]), _counted(part.short, counts[reason]))
            for reason, part in reasons.items()
        ]


def _counted(message: Message, count: int) -> Message:
    return Message(message.key, {**message.values, "count": count})


@dataclass
class BlockRows:
    """Typed rows of a block, which a question may change and leave out."""

    block: MappedBlock
    options: ReadOptions
    frame: pl.DataFrame
    """`ROW`, our columns, and as text what questions read: under our name or `unmapped(header)`."""
    faults: list[Fault]
    """Rows that could not be read, by column."""
    whole: bool = True
    """All rows of the block; else some, and others before or after them."""
    left_out: list[LeftOut] = field(default_factory=list)
    gone: list[pl.DataFrame] = field(default_factory=list)
    """Of the rows that were left out: `ROW`, and our columns of ids and days."""
    once: str | None = field(init=False)
    """Our column, of which rows that share a value are read once, when all questions are asked."""

    def __post_init__(self) -> None:
        self.once = self.block.spec.once

    def text(self, name: str) -> pl.Series | None:
        """The texts of a column that was asked for, by our name or the file's header."""
        for column in (name, unmapped(name)):
            if column in self.frame.columns:
                return self.frame[column]
        return None

    def _traced(self) -> list[str]:
        table = self.block.table
        names = (ROW, table.id or "transaction_id", table.dated)
        return [name for name in names if name in self.frame.columns]

    def keep(self, rows: pl.Series) -> None:
        """Take these rows alone, by a mask of the frame; whoever asks counts the others."""
        gone = self.frame[ROW].filter(~rows)
        self.frame = self.frame.filter(rows)
        self.faults[:] = filter(None, (_without(fault, gone) for fault in self.faults))

    def leave_out(self, rows: pl.Series, why: Callable[[int], LeftOut]) -> int:
        """Leave out rows: counted, never rejected.

        Args:
            rows: a mask of the frame; null is false.
            why: what is said of so many rows.
        """
        rows = rows.fill_null(value=False)
        count = int(rows.sum())
        if count:
            self.gone.append(self.frame.filter(rows).select(self._traced()))
            self.keep(~rows)
            self.left_out.append(why(count))
        return count


def _without(fault: Fault, gone: pl.Series) -> Fault | None:
    stay = ~fault.rows.is_in(gone.implode())
    if stay.all():
        return fault
    rows = fault.rows.filter(stay)
    values = None if fault.values is None else fault.values.filter(stay)
    return None if rows.is_empty() else replace(fault, rows=rows, values=values)


@dataclass
class JoinedRows:
    """The rows of all blocks of a table, which a question may change; none are left out here."""

    table: Table
    blocks: Sequence[MappedBlock]
    options: ReadOptions
    frame: pl.DataFrame
    """`ROW`, and our columns that the table has."""


class ColumnValues(Protocol):
    """What columns of typed Parquet hold, asked of the engine that reads them."""

    def __call__(self, header: str) -> Sequence[str] | None:
        """What a column holds, sorted; None where that are too many to be looked at."""

    def like(self, header: str, pattern: str) -> bool:
        """Whether a value of a column of text matches a regular expression."""


class Question:
    """A question about one block, which may keep what it learns between its calls.

    Every method has an answer that says nothing; a question overrides what it needs.
    """

    name: ClassVar[str]
    title: ClassVar[Message]
    """What it is about, as in `what the words of a status mean`."""
    tables: ClassVar[frozenset[str]]
    in_parts: ClassVar[bool] = False
    """Whether `rows` may be handed some of the rows at a time."""

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        self.block = block
        self.options = options
        self.whole = True
        """All rows of the block are handed over at once, to `before_cast` and to `rows`."""

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        """What the headers of a file decide, and which columns have to be read for it."""
        return HeaderAnswer()

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        """Whether there is something to ask: by default, whether `headers` found columns."""
        return any(part.asked.get(cls.name) for part in block.parts)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        """Why typed Parquet with these headers cannot be read where it lies; None where it can."""
        raise NotImplementedError

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The block's records as text, changed; no row may come or go."""
        return frame

    def rows(self, rows: BlockRows) -> None:
        """Change the typed rows."""

    def together(self, rows: JoinedRows) -> None:
        """Change the rows of the table; asked of the first block's question for all of them."""

    def readings(self) -> Iterable[Reading]:
        """What was taken, when all rows were seen."""
        return ()
