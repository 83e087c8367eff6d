"""Which tickets, leads and deals are none: tests of the program, spam, and what was deleted."""

from __future__ import annotations

from collections.abc import Iterable

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning import status_columns
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_told import COUNT
from crm_kpi.sources.meaning.status_words import TEST, meanings
from crm_kpi.sources.spec import ReadOptions


def _told(count: int, words: Message) -> tuple[Message, Message]:
    sentence = text("meaning.left_test", count=count, words=words)
    return sentence, text("meaning.test", count=count, words=words)


class CaseStatus(Question):
    """Whether the status of a ticket, a lead or a deal says that it is none."""

    name = "status"
    title = text("meaning.status")
    tables = frozenset({"tickets", "leads", "opportunities"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.mains, _ = status_columns.of_block(block, self.name)
        self.gone: dict[str, int] = {}

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        columns = status_columns.find(view)
        if columns is None or status_columns.declared_by(view, columns):
            return HeaderAnswer()
        return HeaderAnswer(reads=(columns.main,))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        columns = status_columns.find(view)
        if columns and meanings(words(columns.main) or (), (TEST,)):
            return text("meaning.status_in_place", column=columns.main)
        return None

    def rows(self, rows: BlockRows) -> None:
        column = status_columns.text_of(rows, self.mains)
        few = words(column) or ()
        spec = self.block.spec.status
        void = list(meanings(few, (TEST,)))
        if void and not (isinstance(spec, dict) and spec.get("void") == COUNT):
            for word in void:
                count = rows.leave_out(column == word, TEST, _told, column)
                column = column.filter((column != word).fill_null(value=True))
                self.gone[word] = self.gone.get(word, 0) + count

    def readings(self) -> Iterable[Reading]:
        if self.gone:
            column = " / ".join(self.mains)
            evidence = text("general.words_of_others", words=", ".join(self.gone))
            rows = sum(self.gone.values())
            yield Reading(column, text("meaning.left_out"), How.PROVED, evidence, rows)
