"""Which orders are sales: what the words of their status mean.

Done ones count, void ones do not, returned ones net to zero. Orders that are still open are left
out, and that is open itself where they are old or much. A word that nobody knows counts, and is
open where that is much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning import status_columns, status_told
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.refunded_amounts import RefundedAmounts, refunded_by_rows
from crm_kpi.sources.meaning.status_columns import ORDERED, REFUNDED, RETURNED
from crm_kpi.sources.meaning.status_told import COUNT, EXCLUDE, LEFT_OUT, WordTallies
from crm_kpi.sources.meaning.status_words import ORDER, TEST, meanings
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.column_context import ColumnContext
from crm_kpi.sources.parsing.columns import typed
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import MONEY, ROW

DEFAULTS = {"void": EXCLUDE, "returned": EXCLUDE, "open": EXCLUDE, "partly": COUNT}
"""What is done with rows of each class, where it is not declared."""
GRANTED = "granted"

_WORD, _CLASS = "\0status word", "\0status class"


class OrderStatus(Question):
    """What the words in the status of an order mean."""

    name = "status"
    title = text("meaning.status")
    tables = frozenset({"transactions"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.mains, self.others = status_columns.of_block(block, self.name)
        declared = block.spec.status if isinstance(block.spec.status, dict) else {}
        self.done_with = DEFAULTS | declared
        self.declared = frozenset(declared)
        self.used = "status" in block.spec.columns
        self.classes: dict[str, str] = {}
        self.tallies = WordTallies()
        self.netted = False

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        return status_columns.answer(view)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        columns = status_columns.find(view)
        for header in columns.headers if columns else ():
            there = words(header) or ()
            known = meanings(there, (*ORDER, TEST))
            beside = columns is not None and header != columns.main
            if any(known.get(word) != "done" for word in there if word in known or not beside):
                return text("meaning.status_in_place", column=header)
        return None

    def rows(self, rows: BlockRows) -> None:
        column = _of_each_line(status_columns.text_of(rows, self.mains), rows)
        few = words(column)
        if not few:
            return
        classes = self._classes(few)
        self.used = self.used or status_columns.fits(column, classes)
        if not self.used:
            self.classes |= dict.fromkeys(few, "")
            return
        self.classes |= {word: classes.get(word, "") for word in few}
        meant = column.replace_strict(classes, default=None, return_dtype=pl.String)
        rows.frame = rows.frame.with_columns(column.alias(_WORD), meant.alias(_CLASS))
        self._refine(rows)
        rows.frame = rows.frame.with_columns(_settled(rows.frame).alias(_CLASS))
        if self.block.spec.once == "transaction_id" in rows.frame.columns:
            rows.frame = rows.frame.with_columns(_of_whole_orders().alias(_CLASS))
        self._net(rows)
        self.tallies.count(rows, _WORD, _CLASS)
        for kind, what in self.done_with.items():
            if what == EXCLUDE:
                mask = rows.frame[_CLASS] == kind
                rows.leave_out(mask, kind, LEFT_OUT[kind], rows.frame[_WORD])
        rows.frame = rows.frame.drop(_WORD, _CLASS)

    def _classes(self, few: Sequence[str]) -> dict[str, str]:
        """Word: its class, as `values: {status: …}` says or as it is known."""
        known = meanings(few, (*ORDER, TEST))
        known = {word: "void" if kind == TEST else kind for word, kind in known.items()}
        declared = self.block.spec.values.get("status", {})
        return status_columns.declared_over(few, known, declared, ORDER)

    def _refine(self, rows: BlockRows) -> None:
        """What a column for returns says, and returns that other columns know of."""
        for header, role in self.others.items():
            if role in (REFUNDED, RETURNED, ORDERED):
                continue
            texts = rows.text(header)
            few = words(texts) if texts is not None else None
            if texts is None or not few:
                continue
            if role == "returns":
                known = meanings(few, (GRANTED, "returned", "partly"))
                known |= meanings(few, ("partly",))
            else:
                known = meanings(few, ORDER)
            back = [word for word, kind in known.items() if kind in (GRANTED, "returned")]
            partly = [word for word, kind in known.items() if kind == "partly"]
            stands = pl.col(_CLASS).is_null() | pl.col(_CLASS).is_in(["done", "open"])
            of_class = (
                pl.when(stands & texts.is_in(back))
                .then(pl.lit("returned"))
                .when(stands & texts.is_in(partly))
                .then(pl.lit("partly"))
                .otherwise(pl.col(_CLASS))
            )
            changed = rows.frame.select(of_class).to_series() != rows.frame[_CLASS]
            word = pl.when(changed.fill_null(value=False)).then(texts).otherwise(pl.col(_WORD))
            rows.frame = rows.frame.with_columns(of_class.alias(_CLASS), word.alias(_WORD))
        self._in_part(rows)

    def _in_part(self, rows: BlockRows) -> None:
        """Of returned rows those of which fewer came back than were sold are partly returned."""
        named = [[h for h, role in self.others.items() if role == of] for of in (RETURNED, ORDERED)]
        if not all(named):
            return
        (returned, *_), (ordered, *_) = named
        back, sold = rows.numbers(returned, ordered), rows.numbers(ordered, returned)
        if back is not None and sold is not None:
            part = ((back > 0) & (back < sold)).fill_null(value=False)
            kept = rows.frame[_CLASS]
            partly = part & (kept == "returned").fill_null(value=False)
            rows.frame = rows.frame.with_columns(kept.set(partly, "partly"))

    def _net(self, rows: BlockRows) -> None:
        """What was paid back of an order in part is taken off its amount, where a column has it
        and the amount does not follow from it already."""
        paid_back = [header for header, role in self.others.items() if role == REFUNDED]
        if not paid_back or "amount" in self.block.derived:
            return
        if any(part.asked.get(RefundedAmounts.name) for part in self.block.parts):
            self.netted = True  # it takes off what any row says
            return
        frame, spec = rows.frame, SourceSpec(self.block.table.name, ())
        column = self.block.table["amount"]
        place = (self.block.parts[0].file.path, 0)
        context = ColumnContext(
            column, spec, self.options.timezone, frame[ROW], lambda _: place, tuple(paid_back)
        )
        try:
            found = typed(status_columns.text_of(rows, paid_back), context)
        except DataError:
            return  # how its numbers are written is open; the row counts, and that is said
        back = found.series[0].cast(pl.Decimal(*MONEY))
        part = (pl.col(_CLASS) == "partly") & (back > 0) & (back <= pl.col("amount"))
        net = pl.when(part.fill_null(value=False)).then(pl.col("amount") - back)
        amount = net.otherwise(pl.col("amount")).cast(pl.Decimal(*MONEY))
        rows.frame = frame.with_columns(amount.alias("amount"))
        self.netted = True

    def readings(self) -> Iterable[Reading]:
        column = " / ".join(self.mains)
        if not self.used:
            if self.classes and key(column) not in status_columns.PLACES:
                yield Reading(
                    column,
                    text("meaning.status_not_used"),
                    How.CONVENTIONAL,
                    text("meaning.few_words_known"),
                    short=text("meaning.status_not_used_short", column=column),
                )
            return
        yield from status_told.readings(
            column, self.tallies, self.done_with, self.declared, self.options, net=self.netted
        )


def _of_each_line(column: pl.Series, rows: BlockRows) -> pl.Series:
    """The status of an order stands on its first line alone in some exports."""
    if "transaction_id" not in rows.frame.columns or not column.null_count():
        return column
    orders = rows.frame.select("transaction_id", status=column)
    first = pl.col("status").drop_nulls().first().over("transaction_id")
    lacks = pl.col("status").is_null() & pl.col("transaction_id").is_not_null()
    return orders.select(pl.when(lacks).then(first).otherwise(pl.col("status"))).to_series()


def _settled(frame: pl.DataFrame) -> pl.Expr:
    """The class of each row, where returns are no rows to be taken out a second time: a refund is
    done when it is returned, and a sale whose refund is a row of its own stays."""
    back = (pl.col(_CLASS) == "returned") & refunded_by_rows(frame)
    return pl.when(back).then(pl.lit("done")).otherwise(pl.col(_CLASS))


def _of_whole_orders() -> pl.Expr:
    """The class of each row where an order's amount stands on every line: what is returned on some
    of its lines is a part of it, which no line tells in money."""
    back = pl.col(_CLASS) == "returned"
    known = pl.col("transaction_id").is_not_null()
    kept = pl.col(_CLASS).is_null() | pl.col(_CLASS).is_in(["done", "partly"])
    part = back & known & kept.any().over("transaction_id")
    return pl.when(part).then(pl.lit("partly")).otherwise(pl.col(_CLASS))
