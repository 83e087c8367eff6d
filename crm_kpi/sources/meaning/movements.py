"""Which rows move money and are no sales: transfers, payouts, fees, and payments of invoices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping import headers as header_names
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_told import (
    MUCH_UNKNOWN,
    WordTally,
    adds_up,
    as_values,
    words_on_rows,
)
from crm_kpi.sources.names import key, unmapped
from crm_kpi.sources.parsing.columns import choice_words
from crm_kpi.sources.parsing.text_ops import plain
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import ROW, TABLES

KIND, MOVEMENT = "kind", "movement"
_WORDS = Path(__file__).parent / "words" / "movements.json"


@cache
def _known() -> Mapping[str, Sequence[str]]:
    known: Mapping[str, Sequence[str]] = json.loads(_WORDS.read_text("utf-8"))
    return known


@cache
def _meanings() -> Mapping[str, str]:
    """Key of a word: `movement`, `payment`, `invoice`, or a kind of ours."""
    ours = choice_words(TABLES["transactions"][KIND])
    theirs = {
        key(word): name
        for name in ("payment", "invoice", "sale", "refund", MOVEMENT)
        for word in _known()[name]
    }
    return theirs | ours


class Movements(Question):
    """Which rows of a list of payments are neither sales nor refunds."""

    name = "movements"
    title = text("meaning.movements")
    tables = frozenset({"transactions"})
    in_parts = True
    in_all_files = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.headers_read = dict.fromkeys(h for part in block.parts for h in part.asked[self.name])
        self.moves = pl.Series(ROW, [], dtype=pl.UInt32)
        self.word_of = pl.DataFrame()
        self.column = ""
        self.gone: dict[str, WordTally] = {}
        self.unknown: dict[str, WordTally] = {}
        self.size = Decimal()

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        spec = view.spec
        if KIND in spec.constants or spec.status == "ignore":
            return HeaderAnswer()
        if KIND in spec.columns or header_names.matches(view.table, KIND, view.headers):
            return HeaderAnswer(looks_at=(KIND,))
        taken = {key(h) for h in spec.columns.values() if isinstance(h, str)}
        wanted = {key(header) for header in _known()["headers"]} - taken
        likely = [h for h in view.headers if key(h) in wanted]
        return HeaderAnswer(reads=tuple(likely) if len(likely) == 1 else ())

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        answer = cls.headers(view)
        mapped = str(view.spec.columns.get(KIND, KIND))
        for header in (*answer.reads, *([mapped] if answer.looks_at else ())):
            if header in view.headers and _moving(words(header) or ()):
                return text("meaning.movements_in_place", column=header)
        return None

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        for name in self.headers_read:
            at = name if name == KIND else unmapped(name)
            column = frame.get_column(at, default=None)
            if column is None or column.dtype != pl.String:
                continue  # plain choices of ours
            few = words(column) or []
            moving = _moving(few)
            if not moving:
                continue
            self.column = (self.block.headers(KIND) or (KIND,))[0] if name == KIND else name
            self.moves = self.moves.append(frame[ROW].filter(column.is_in(moving)))
            self.word_of = frame.select(ROW, word=column)
            return self._kinds(frame, column, few, moving, mapped=name == KIND)
        self.word_of = pl.DataFrame()
        return frame

    def _kinds(
        self,
        frame: pl.DataFrame,
        column: pl.Series,
        few: Sequence[str],
        moving: Sequence[str],
        *,
        mapped: bool,
    ) -> pl.DataFrame:
        """The kind of each row in our words; movements and, where the column was not mapped, words
        that nobody knows have none."""
        declared = {plain(word).casefold() for word in self.block.spec.values.get(KIND, {})}
        kinds: dict[str, str | None] = {}
        for word in few:
            meaning = _meanings().get(key(word))
            if plain(word).casefold() in declared:
                kinds[word] = word
            elif word in moving:
                kinds[word] = None
            elif meaning in ("payment", "invoice"):
                kinds[word] = "sale"
            else:
                kinds[word] = meaning or (word if mapped else None)
                if meaning is None and not mapped:
                    self.unknown.setdefault(word, WordTally())
        for part in self.block.parts:
            part.has.setdefault(KIND, self.column)
        kind = column.replace_strict(kinds, default=None, return_dtype=pl.String)
        return frame.with_columns(kind.alias(KIND))

    def rows(self, rows: BlockRows) -> None:
        if self.word_of.is_empty():
            return
        frame = rows.frame.join(self.word_of, on=ROW, how="left", maintain_order="left")
        counts = frame.group_by("word").agg(
            rows=pl.len(), total=pl.col("amount").sum(), size=pl.col("amount").abs().sum()
        )
        moving = frame["word"].filter(frame[ROW].is_in(self.moves.implode())).unique().to_list()
        for word, *tally in counts.iter_rows():
            self.size += tally[-1]
            for kept in (self.unknown, self.gone):
                if word in (moving if kept is self.gone else self.unknown):
                    kept[word] = kept.get(word, WordTally()) + WordTally(*tally)
        rows.leave_out(frame[ROW].is_in(self.moves.implode()), MOVEMENT, _told, frame["word"])

    def readings(self) -> Iterable[Reading]:
        if not self.gone:
            return
        unknown = {word: tally for word, tally in self.unknown.items() if tally.rows}
        tally = sum(self.gone.values(), WordTally())
        yield Reading(
            self.column,
            text("meaning.left_out"),
            How.CONVENTIONAL if unknown else How.PROVED,
            text("meaning.moving_words", words=words_on_rows(self.gone), total=adds_up(tally)),
            tally.rows,
        )
        if unknown:
            yield self._unknown(unknown)

    def _unknown(self, unknown: Mapping[str, WordTally]) -> Reading:
        tally = sum(unknown.values(), WordTally())
        evidence = text("meaning.unknown_words", words=words_on_rows(unknown))
        counted = text("meaning.counted")
        if tally.size <= MUCH_UNKNOWN * self.size:
            return Reading(self.column, counted, How.CONVENTIONAL, evidence, tally.rows)
        name = json.dumps(self.column, ensure_ascii=False)
        excluded = f"{{{name}: {json.dumps([*unknown], ensure_ascii=False)}}}"
        outcomes = (
            Outcome(
                counted,
                "sources.transactions.values.kind",
                as_values(unknown, "sale"),
                text("meaning.rows_come_to", total=adds_up(tally)),
            ),
            Outcome(text("meaning.left_out"), "sources.transactions.exclude", excluded),
        )
        return Reading(self.column, counted, How.OPEN, evidence, tally.rows, outcomes)


def _told(count: int, words: Message) -> tuple[Message, Message]:
    sentence = text("meaning.left_moving", count=count, words=words)
    return sentence, text("meaning.moving", count=count, words=words)


def _moving(few: Sequence[str]) -> list[str]:
    """The words of a column that are neither sales nor refunds."""
    meant = {word: _meanings().get(key(word)) for word in few}
    moving = {MOVEMENT, "payment"} if "invoice" in meant.values() else {MOVEMENT}
    return [word for word, meaning in meant.items() if meaning in moving]
