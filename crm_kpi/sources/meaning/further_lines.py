"""Orders of several lines of which only the first says whose order it is, and when.

Such exports leave the cells of the order blank on its further lines, or the order's number itself.
They are filled down from the first line: ids, dates and words, never numbers. Where the amount
stands on the first line alone, it is that of the order, and the further lines are none of their
own.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, first_of, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping import headers as known_headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.question import (
    BlockRows,
    ColumnValues,
    HeaderView,
    Question,
)
from crm_kpi.sources.meaning.totals import values as numbers_in
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import ROW, Kind

ORDER_ID = "transaction_id"
SEVERAL = 2
"""Orders of more than one line that show how an export writes them."""

_NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.COUNT, Kind.SCORE)


class FurtherLines(Question):
    """What belongs to the further lines of an order."""

    name = "lines"
    title = text("meaning.further_lines")
    tables = frozenset({"transactions"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.filled: dict[str, int] = {}

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        spec = view.spec
        if ORDER_ID in spec.constants:
            return HeaderAnswer()
        there = ORDER_ID in spec.columns
        there = there or bool(known_headers.matches(view.table, ORDER_ID, view.headers))
        return HeaderAnswer(looks_at=(ORDER_ID,) if there else ())

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return None  # typed Parquet is written by programs that repeat what belongs to a row

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        if ORDER_ID not in frame.columns or not frame.height:
            return frame
        ids = frame[ORDER_ID]
        if not any(_may_be_blank(frame[name]) for name in (ORDER_ID, *self._columns(frame))):
            return frame
        blank = _is_blank(ids)
        further = ~ids.is_first_distinct() & ~blank
        if further.any():
            return self._down_from_first_lines(frame, further)
        if blank.any() and not blank[0]:
            return self._down_with_the_id(frame, blank)
        return frame

    def _down_from_first_lines(self, frame: pl.DataFrame, further: pl.Series) -> pl.DataFrame:
        """Columns that are blank on all further lines of several orders: with the date, or filled
        on all first lines of such orders. Less may be chance."""
        blank = [n for n in self._columns(frame) if _is_blank(frame[n].filter(further)).all()]
        if not blank or frame[ORDER_ID].filter(further).n_unique() < SEVERAL:
            return frame
        for name in blank:
            column = frame[name]
            first = frame.select(pl.col(name).first().over(ORDER_ID)).to_series()
            gained = further & ~_is_blank(first)
            if gained.any() and ("date" in blank or gained.sum() == further.sum()):
                self._need_all()
                self.filled[name] = int(gained.sum())
                frame = frame.with_columns(first.zip_with(gained, column).alias(name))
        return frame

    def _down_with_the_id(self, frame: pl.DataFrame, blank: pl.Series) -> pl.DataFrame:
        """Columns that are blank wherever the id is, where the date is one of them: a sale without
        a number has a date of its own."""
        names = [n for n in self._columns(frame) if _is_blank(frame[n].filter(blank)).all()]
        if "date" not in names or _ends_in_a_total(frame, blank):
            return frame
        self._need_all()
        for name in (ORDER_ID, *names):
            there = frame[name].set(_is_blank(frame[name]), None)
            down = pl.Series(frame[ROW]).to_frame().with_columns(there.alias(name))
            heads = down.with_columns((~blank).cum_sum().alias("\0order"))
            first = heads.select(pl.col(name).first().over("\0order")).to_series()
            self.filled[name] = int((blank & first.is_not_null()).sum())
            frame = frame.with_columns(first.zip_with(blank, frame[name]).alias(name))
        return frame

    def _columns(self, frame: pl.DataFrame) -> Iterable[str]:
        """Columns that may be of the order: none of numbers."""
        table = self.block.table
        for name in frame.columns:
            number = name in table and table[name].kind in _NUMBERS
            made_of = any(name[1:] in made.headers for made in self.block.derived.values())
            if name not in (ROW, ORDER_ID) and not number and not made_of:
                yield name

    def rows(self, rows: BlockRows) -> None:
        """Further lines without an amount are left out where all of them are."""
        frame = rows.frame
        if not rows.whole or not {ORDER_ID, "amount"} <= set(frame.columns):
            return
        bad = {row for fault in rows.faults for row in fault.rows}
        lacks = frame["amount"].is_null()
        if not (lacks & ~frame[ROW].is_in(list(bad))).any():
            return
        ids = frame[ORDER_ID]
        further = ~ids.is_first_distinct() & ids.is_not_null()
        first = frame.select(pl.col("amount").first().over(ORDER_ID)).to_series()
        blank = further & lacks & first.is_not_null() & ~frame[ROW].is_in(list(bad))
        several = ids.filter(further).n_unique() >= SEVERAL
        if blank.any() and several and lacks.filter(further).all():
            rows.leave_out(blank, self.name, _left_out)

    def _need_all(self) -> None:
        if not self.whole:
            raise UsageError(
                text("meaning.sees_all_rows", question=self.title),
                hint=text("loading.raise_memory"),
            )

    def readings(self) -> Iterable[Reading]:
        if not self.filled:
            return
        names = [name.removeprefix("\0") for name in sorted(self.filled)]
        shown, count = first_of(names, 0), max(self.filled.values())
        yield Reading(
            next(iter(self.block.headers(ORDER_ID)), ORDER_ID),
            text("meaning.filled_down", columns=shown),
            How.PROVED,
            text("meaning.first_lines_alone"),
            count,
            short=text("meaning.filled_down_short", count=count, columns=shown),
        )


def _ends_in_a_total(frame: pl.DataFrame, blank: pl.Series) -> bool:
    """Whether the one line without an order is the last, and the sum of all others."""
    if blank.sum() != 1 or not blank[-1] or "amount" not in frame.columns:
        return False
    *others, total = map(str, frame["amount"].fill_null("0").to_list())
    numbers = [found for cell in others if (found := numbers_in(cell))]
    sums = {sum(found[at] for found in numbers) for at in (0, -1)}
    return any(number in sums for number in numbers_in(total))


def _is_blank(column: pl.Series) -> pl.Series:
    if column.dtype != pl.String:
        return column.is_null()
    if not _may_be_blank(column):
        return column.is_null()
    return column.is_null() | (column.str.strip_chars() == "").fill_null(value=True)


def _may_be_blank(column: pl.Series) -> bool:
    """Whether a cell is null, or begins with what is no letter, sign or digit."""
    return column.null_count() > 0 or (column.dtype == pl.String and bool((column < "!").any()))


def _left_out(count: int, words: Message) -> tuple[Message, Message]:
    return (
        text("meaning.left_further_lines", count=count),
        text("meaning.further_lines_short", count=count),
    )
