"""Which subscriptions pay: what the words of their status mean.

One that ended pays until its end, and is none where nobody knows it. One that is tried, paused or
never began does not pay. One whose payment is late does, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning import status_columns
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_told import (
    COUNT,
    MUCH_UNKNOWN,
    WordTally,
    adds_up,
    as_values,
    words_on_rows,
)
from crm_kpi.sources.meaning.status_words import SUBSCRIPTION, TEST, meanings
from crm_kpi.sources.spec import ReadOptions

_OPTION = "sources.subscriptions.values.status"


class SubscriptionStatus(Question):
    """What the words in the status of a subscription mean."""

    name = "status"
    title = text("meaning.status")
    tables = frozenset({"subscriptions"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.mains, _ = status_columns.of_block(block, self.name)
        self.used = "status" in block.spec.columns
        self.by: dict[tuple[str, str | None], WordTally] = {}
        self.gone: dict[str, WordTally] = {}

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        return status_columns.answer(view)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        columns = status_columns.find(view)
        there = words(columns.main) if columns else None
        if columns and there:
            known = meanings(there, (*SUBSCRIPTION, TEST))
            if any(known.get(word) not in ("paying", "late") for word in there):
                return text("meaning.status_in_place", column=columns.main)
        return None

    def rows(self, rows: BlockRows) -> None:
        column = status_columns.text_of(rows, self.mains)
        few = words(column)
        if not few:
            return
        declared = self.block.spec.values.get("status", {})
        kinds = status_columns.declared_over(
            few, meanings(few, (*SUBSCRIPTION, TEST)), declared, SUBSCRIPTION
        )
        self.used = self.used or status_columns.fits(column, kinds)
        if not self.used:
            return
        meant = column.replace_strict(kinds, default=None, return_dtype=pl.String)
        self._count(rows, column, meant)
        spec = self.block.spec.status
        if isinstance(spec, dict) and spec.get("void") == COUNT:
            return
        idle = meant.is_in(["idle", TEST])
        ended = (meant == "ended") & self._endless(rows)
        mask = (idle | ended).fill_null(value=False)
        for word, count in _counts(column.filter(mask)).items():
            self.gone[word] = self.gone.get(word, WordTally()) + WordTally(count)
        rows.leave_out(mask, "idle", self._told, column)

    def _told(self, count: int, words: Message) -> tuple[Message, Message]:
        column = " / ".join(self.mains)
        return (
            text("meaning.left_not_paying", count=count, column=column, words=words),
            text("meaning.not_paying", count=count, column=column, words=words),
        )

    @staticmethod
    def _endless(rows: BlockRows) -> pl.Series:
        ends = [name for name in ("end_date", "canceled_at") if name in rows.frame.columns]
        none = [pl.col(name).is_null() for name in ends] or [pl.lit(value=True)]
        return rows.frame.select(pl.all_horizontal(*none).alias("endless")).to_series()

    def _count(self, rows: BlockRows, column: pl.Series, meant: pl.Series) -> None:
        amount = rows.frame["amount"].cast(pl.Decimal(38, 4))
        counted = pl.DataFrame({"word": column, "kind": meant, "amount": amount})
        found = counted.group_by("word", "kind").agg(
            rows=pl.len(), total=pl.col("amount").sum(), size=pl.col("amount").abs().sum()
        )
        for word, kind, *tally in found.iter_rows():
            if word is not None:
                before = self.by.get((word, kind), WordTally())
                self.by[word, kind] = before + WordTally(*tally)

    def readings(self) -> Iterable[Reading]:
        column = " / ".join(self.mains)
        late = {word: tally for (word, kind), tally in self.by.items() if kind == "late"}
        unknown = {word: tally for (word, kind), tally in self.by.items() if kind is None}
        how = How.CONVENTIONAL if unknown else How.PROVED
        if self.gone:
            rows = sum(tally.rows for tally in self.gone.values())
            yield Reading(column, text("meaning.left_out"), how, words_on_rows(self.gone), rows)
        if late:
            rows = sum(tally.rows for tally in late.values())
            yield Reading(
                column,
                text("meaning.counted"),
                How.CONVENTIONAL,
                words_on_rows(late),
                rows,
                short=text("meaning.late_counted", count=rows, words=words_on_rows(late)),
            )
        if unknown:
            yield self._unknown(column, unknown)

    def _unknown(self, column: str, unknown: dict[str, WordTally]) -> Reading:
        tally, everything = (sum(several.values(), WordTally()) for several in (unknown, self.by))
        evidence = text("meaning.unknown_words", words=words_on_rows(unknown))
        word = next(iter(unknown))
        short = text(
            "meaning.unknown_word_counted", word=word, count=unknown[word].rows, option=_OPTION
        )
        counted = text("meaning.counted")
        small = tally.rows <= MUCH_UNKNOWN * everything.rows
        if small and tally.size <= MUCH_UNKNOWN * everything.size:
            return Reading(column, counted, How.CONVENTIONAL, evidence, tally.rows, short=short)
        less = WordTally(0, everything.total - tally.total)
        pay, idle = as_values(unknown, "paying"), as_values(unknown, "idle")
        outcomes = (
            Outcome(counted, _OPTION, pay, adds_up(everything)),
            Outcome(text("meaning.left_out"), _OPTION, idle, adds_up(less)),
        )
        return Reading(column, counted, How.OPEN, evidence, tally.rows, outcomes)


def _counts(column: pl.Series) -> dict[str, int]:
    counts = column.value_counts()
    return dict(zip(counts[column.name], counts["count"], strict=True))
