"""What a question of meaning is, and what it is handed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, first_of
from crm_kpi.readings import Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.names import unmapped
from crm_kpi.sources.parsing.column_context import ColumnContext
from crm_kpi.sources.parsing.numeric_columns import as_factors
from crm_kpi.sources.rejects import Fault
from crm_kpi.sources.spec import NEVER, ReadOptions, SourceSpec
from crm_kpi.tables import ROW, Table


@dataclass(frozen=True)
class HeaderView:
    """One file before it is read."""

    table: Table
    spec: SourceSpec
    """With what its preset and earlier questions add to it."""
    headers: tuple[str, ...]
    options: ReadOptions
    titles: str = ""
    """What stands above the headers."""


Told = Callable[[int, Message], tuple[Message, Message]]
"""Of a number of rows and their words: a sentence, and the same in few words that a shop owner
understands, such as `9 cancelled`."""

_SHOWN = 3


@dataclass(frozen=True)
class LeftOut:
    """Rows of a block that are left out."""

    reason: str
    """Why; rows that are left out for the same reason are told together."""
    count: int
    tell: Told
    words: Mapping[str, int] = field(default_factory=dict)
    """What a column says in these rows, and in how many."""

    @property
    def messages(self) -> tuple[Message, Message]:
        """A sentence, and the same in few words."""
        words = sorted(self.words, key=lambda word: (-self.words[word], word))
        return self.tell(self.count, first_of(words[:_SHOWN], len(words) - _SHOWN))

    @staticmethod
    def added_up(parts: Iterable[LeftOut]) -> list[LeftOut]:
        """The same for all parts of a block: what is left out for one reason, once; most first."""
        found: dict[str, LeftOut] = {}
        for part in parts:
            same = found.get(part.reason)
            if same is not None:
                words = Counter(same.words)
                words.update(part.words)
                part = replace(part, count=same.count + part.count, words=words)
            found[part.reason] = part
        return sorted(found.values(), key=lambda part: (-part.count, part.reason))


@dataclass
class BlockRows:
    """Typed rows of a block, which a question may change and leave out."""

    block: MappedBlock
    options: ReadOptions
    frame: pl.DataFrame
    """`ROW`, our columns, and as text what questions read, under `unmapped(header)`."""
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
        once = self.block.spec.once
        self.once = None if once == NEVER else once

    def text(self, header: str) -> pl.Series | None:
        """The texts of a column that a question reads; None where no file of the block has it."""
        name = unmapped(header)
        return self.frame[name] if name in self.frame.columns else None

    def column(self, name: str) -> pl.Series | None:
        """A column of ours; None where no file of the block has it."""
        return self.frame[name] if name in self.frame.columns else None

    def numbers(self, header: str, beside: str) -> pl.Series | None:
        """The numbers of a column that was asked for, as floats; None where it has others.

        Args:
            header: the file's.
            beside: that of a column that is written alike, and may prove how.
        """
        texts = [self.text(name) for name in dict.fromkeys((header, beside))]
        columns = [column.cast(pl.String) for column in texts if column is not None]
        if texts[0] is None:
            return None
        context = ColumnContext(
            self.block.table["amount"],
            self.block.spec,
            self.options.timezone,
            self.frame[ROW],
            lambda row: (self.block.parts[0].file.path, row),
            (header,),
        )
        try:
            read, (found, *_) = as_factors(columns, context)
        except DataError:
            return None  # its marks are open, and those of the other column, too
        lost = columns[0].is_not_null() & found.is_null()
        return None if read.faults and lost.any() else found.cast(pl.Float64)

    def make(self, name: str, header: str) -> None:
        """Say that a column of ours is there, which a question makes from another.

        Args:
            header: what it is made from, by our name or the file's header.
        """
        for part in self.block.parts:
            part.has.setdefault(name, part.has.get(header, header))

    def _traced(self) -> list[str]:
        table = self.block.table
        names = (ROW, table.id or "transaction_id", table.dated)
        return [name for name in names if name in self.frame.columns]

    def keep(self, rows: pl.Series) -> None:
        """Take these rows alone, by a mask of the frame; whoever asks counts the others."""
        gone = self.frame[ROW].filter(~rows)
        self.frame = self.frame.filter(rows)
        self.faults[:] = filter(None, (_without(fault, gone) for fault in self.faults))

    def leave_out(
        self, rows: pl.Series, reason: str, tell: Told, words: pl.Series | None = None
    ) -> int:
        """Leave out rows: counted, never rejected.

        Args:
            rows: a mask of the frame; null is false.
            reason: what is left out for the same one is told together.
            words: a column of the frame that says why.
        """
        rows = rows.fill_null(value=False)
        count = int(rows.sum())
        if count:
            counts = {} if words is None else _counts(words.filter(rows))
            self.gone.append(self.frame.filter(rows).select(self._traced()))
            self.keep(~rows)
            self.left_out.append(LeftOut(reason, count, tell, counts))
        return count


def _counts(words: pl.Series) -> dict[str, int]:
    counts = words.drop_nulls().value_counts()
    return dict(zip(counts[words.name], counts["count"], strict=True))


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
    in_all_files: ClassVar[bool] = False
    """Whether there is nothing to ask where a file of the block lacks the columns."""

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        self.block = block
        self.options = options
        self.whole = True
        """All rows of the block are handed over at once, to `before_cast` and to `rows`."""

    @property
    def asked(self) -> list[str]:
        """The columns of ours and the headers that it asked for, of whichever file."""
        names = (name for part in self.block.parts for name in part.asked.get(self.name, ()))
        return list(dict.fromkeys(names))

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        """What the headers of a file decide, and which columns have to be read for it."""
        return HeaderAnswer()

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        """Whether there is something to ask: by default, whether `headers` found columns."""
        needed = all if cls.in_all_files else any
        return needed(part.asked.get(cls.name) for part in block.parts)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        """Why typed Parquet with these headers cannot be read where it lies; None where it can."""
        raise NotImplementedError

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The block's records as text, changed; no row may come or go."""
        return frame

    def rows(self, rows: BlockRows) -> None:
        """Change the typed rows."""

    def left(self, rows: BlockRows) -> None:
        """Look at the rows that no question has left out, after `rows` of all of them."""

    def together(self, rows: JoinedRows) -> None:
        """Change the rows of the table; asked of the first block's question for all of them."""

    def readings(self) -> Iterable[Reading]:
        """What was taken, when all rows were seen."""
        return ()
