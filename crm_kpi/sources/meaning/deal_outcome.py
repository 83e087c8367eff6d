"""How a deal ended, where the file tells it among its states or stages.

A status of won, lost and open words is the outcome. Among stages it is where both a won and a
lost one occur: then a deal in any other stage is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping import headers as header_names
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning import status_columns
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_words import OUTCOME, meanings
from crm_kpi.sources.names import key, unmapped
from crm_kpi.sources.parsing.columns import choice_words
from crm_kpi.sources.parsing.text_ops import plain
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import TABLES

OPEN = "open"


class DealOutcome(Question):
    """Whether a status or the stages of deals tell their outcome."""

    name = "outcome"
    title = text("meaning.outcome_of_deals")
    tables = frozenset({"opportunities"})
    in_all_files = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.candidates = list(dict.fromkeys(h for p in block.parts for h in p.asked[self.name]))
        self.taken: Reading | None = None

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        outcome = view.spec.columns.get("outcome")
        if isinstance(outcome, str):
            declared = view.spec.values.get("outcome", {})
            return HeaderAnswer(reads=() if "*" in declared else (outcome,))
        table = view.table
        told = "outcome" in (*view.spec.columns, *view.spec.constants)
        if told or header_names.matches(table, "outcome", view.headers):
            return HeaderAnswer()
        states = status_columns.find(view)
        stage = view.spec.columns.get("stage")
        if not isinstance(stage, str):
            at = header_names.matches(table, "stage", view.headers)
            stage = view.headers[at[0]] if len(at) == 1 else None
        return HeaderAnswer(reads=tuple(filter(None, (states.main if states else None, stage))))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for header in cls.headers(view).reads:
            if _ends(words(header) or ()) and "outcome" not in view.spec.columns:
                return text("meaning.outcome_in_place", column=header)
        return None

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        for header in self.candidates:
            column = frame.get_column(unmapped(header), default=None)
            few = words(column) if column is not None else None
            found = _ends(few) if few else None
            if column is None or few is None or found is None:
                continue
            declared = {
                plain(word).casefold() for word in self.block.spec.values.get("outcome", {})
            }
            meant = {
                word: word if plain(word).casefold() in declared else found.get(word, OPEN)
                for word in few
            }
            others = [word for word, ours in meant.items() if ours == OPEN and word not in found]
            self._take(header, others, int(column.is_in(others).sum()))
            outcome = column.replace_strict(meant, default=None, return_dtype=pl.String)
            return frame.with_columns(outcome.alias("outcome"))
        return frame

    def _take(self, header: str, others: Sequence[str], rows: int) -> None:
        for part in self.block.parts:
            part.has.setdefault("outcome", header)
        self.taken = Reading(
            header,
            text("meaning.tells_outcome"),
            How.CONVENTIONAL if others else How.PROVED,
            text("meaning.won_and_lost", others=", ".join(others[:5]) or "-"),
            rows,
            short=text("meaning.outcome_from", column=header),
        )

    def readings(self) -> Iterable[Reading]:
        return () if self.taken is None else (self.taken,)


def _ends(few: Sequence[str]) -> Mapping[str, str] | None:
    """Word: outcome, where the words of a column tell it."""
    ours = choice_words(TABLES["opportunities"]["outcome"])
    found = {word: ours[key(word)] for word in few if key(word) in ours}
    found |= meanings([word for word in few if word not in found], OUTCOME)
    ends = {outcome for outcome in found.values() if outcome != OPEN}
    whole = len(ends) == 2 or (len(ends) == 1 and len(found) == len(few))
    return found if whole else None
