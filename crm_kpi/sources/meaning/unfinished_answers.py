"""Which rows of a survey are answers: those that were finished, and are no previews.

Qualtrics says so in columns of its own; LimeSurvey leaves the date of submission blank.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.vocabulary import NO
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import ROW

_FINISHED = ("finished",)
_CHANNEL = ("distributionchannel", "status", "responsetype")
_NO_ANSWER = ("surveypreview", "preview", "surveytest", "spam")
"""Of Qualtrics: answers that somebody gave who was trying the survey out."""
_SUBMITTED = ("submitdate", "datesubmitted")
_BESIDE_SUBMITTED = ("lastpage", "startlanguage")
"""Of LimeSurvey, which leaves the date of submission blank until then."""


class UnfinishedAnswers(Question):
    """Which rows of a survey are finished answers."""

    name = "unfinished"
    title = text("meaning.unfinished")
    tables = frozenset({"surveys"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.blank: pl.Series | None = None

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        taken = {key(name) for named in (view.spec.where, view.spec.exclude) for name in named}
        of = {key(header): header for header in view.headers}
        reads = [of[name] for name in (*_FINISHED, *_CHANNEL) if name in of and name not in taken]
        lime = any(name in of for name in _SUBMITTED) and any(n in of for n in _BESIDE_SUBMITTED)
        return HeaderAnswer(reads=tuple(reads), looks_at=("answered_at",) if lime else ())

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        answer = cls.headers(view)
        for header in (*answer.looks_at, *answer.reads):
            if header in answer.looks_at or _no_answers(header, words(header) or ()):
                return text("meaning.unfinished_in_place", column=header)
        return None

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        submitted = any(key(header) in _SUBMITTED for header in self.block.headers("answered_at"))
        if "answered_at" in self.asked and submitted and "answered_at" in frame.columns:
            blank = frame["answered_at"].is_null()
            if frame["answered_at"].dtype == pl.String:
                blank |= (frame["answered_at"].str.strip_chars() == "").fill_null(value=False)
            self.blank = frame[ROW].filter(blank)
        return frame

    def rows(self, rows: BlockRows) -> None:
        for header in self.asked:
            column = rows.text(header)
            if header == "answered_at":
                if self.blank is not None:
                    blank = rows.frame[ROW].is_in(self.blank.implode())
                    where = next(iter(self.block.headers("answered_at")), header)
                    empty = pl.repeat(where, len(blank), eager=True)
                    rows.leave_out(blank, self.name, _told, empty)
            elif column is not None and column.dtype == pl.String:
                few = _no_answers(header, words(column) or ())
                if few:
                    rows.leave_out(column.is_in(few), self.name, _told, f"{header}: " + column)


def _no_answers(header: str, there: Iterable[str]) -> list[str]:
    """The words of a column that say that its row is no finished answer."""
    no = {key(word) for word in NO} if key(header) in _FINISHED else set(_NO_ANSWER)
    return [word for word in there if key(word) in no]


def _told(count: int, words: Message) -> tuple[Message, Message]:
    return (
        text("meaning.left_unfinished", count=count, words=words),
        text("meaning.unfinished_short", count=count, words=words),
    )
