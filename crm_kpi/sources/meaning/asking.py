"""All questions of meaning in their order, asked for whoever reads tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import Reading
from crm_kpi.results import SourceAudit
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.billing_interval import IntervalColumn, IntervalWords
from crm_kpi.sources.meaning.canceled_end import CanceledEnd
from crm_kpi.sources.meaning.case_status import CaseStatus
from crm_kpi.sources.meaning.days_alone import DaysAlone
from crm_kpi.sources.meaning.deal_outcome import DealOutcome
from crm_kpi.sources.meaning.further_lines import FurtherLines
from crm_kpi.sources.meaning.id_spelling import IdSpelling
from crm_kpi.sources.meaning.joined_ids import JoinedIds
from crm_kpi.sources.meaning.last_days import LastDays, ProvedLastDays
from crm_kpi.sources.meaning.minor_units import MinorUnits
from crm_kpi.sources.meaning.movements import Movements
from crm_kpi.sources.meaning.order_amount import OrderAmount
from crm_kpi.sources.meaning.order_status import OrderStatus
from crm_kpi.sources.meaning.question import (
    BlockRows,
    ColumnValues,
    HeaderView,
    JoinedRows,
    Question,
)
from crm_kpi.sources.meaning.refunded_amounts import RefundedAmounts
from crm_kpi.sources.meaning.refunds import Refunds
from crm_kpi.sources.meaning.repeated_totals import RepeatedTotals
from crm_kpi.sources.meaning.reply_times import ReplyTimes
from crm_kpi.sources.meaning.sign_words import SignWords
from crm_kpi.sources.meaning.subscription_amount import SeatOrAll, SubscriptionAmount
from crm_kpi.sources.meaning.subscription_status import SubscriptionStatus
from crm_kpi.sources.meaning.survey_scores import SurveyScores
from crm_kpi.sources.meaning.totals import Totals
from crm_kpi.sources.meaning.two_amounts import TwoAmounts
from crm_kpi.sources.meaning.unfinished_answers import UnfinishedAnswers
from crm_kpi.sources.meaning.units import Units
from crm_kpi.sources.meaning.void_flags import VoidFlags
from crm_kpi.sources.meaning.walk_ins import WalkIns
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import Table

ORDER: tuple[type[Question], ...] = (
    Totals,
    FurtherLines,
    Units,
    MinorUnits,
    ReplyTimes,
    DaysAlone,
    IdSpelling,
    IntervalWords,
    IntervalColumn,
    SubscriptionAmount,
    SeatOrAll,
    LastDays,
    ProvedLastDays,
    Movements,
    TwoAmounts,
    SignWords,
    Refunds,
    RefundedAmounts,
    OrderAmount,
    RepeatedTotals,
    DealOutcome,
    VoidFlags,
    CanceledEnd,
    OrderStatus,
    SubscriptionStatus,
    CaseStatus,
    WalkIns,
    JoinedIds,
    UnfinishedAnswers,
    SurveyScores,
)
"""A question may rely on what those before it have done to the rows."""


def headers(
    table: Table,
    spec: SourceSpec,
    names: tuple[str, ...],
    options: ReadOptions,
    titles: str = "",
) -> tuple[SourceSpec, list[HeaderAnswer]]:
    """What the headers of a file decide: the source with it, and the answers of `of_table`."""
    answers = []
    for question in of_table(table):
        answer = question.headers(HeaderView(table, spec, names, options, titles))
        answers.append(replace(answer, question=question.name))
        if answer.columns:
            spec = replace(spec, columns=spec.columns | answer.columns)
    return spec, answers


def of_table(table: Table) -> Iterable[type[Question]]:
    return (question for question in ORDER if table.name in question.tables)


def of_block(block: MappedBlock, options: ReadOptions) -> list[Question]:
    """The questions that a block raises."""
    return [
        question(block, options)
        for question in of_table(block.table)
        if question.concerns(block, options)
    ]


def before_cast(questions: Iterable[Question], frame: pl.DataFrame) -> pl.DataFrame:
    """The records of a block as text, changed by its questions."""
    for question in questions:
        frame = question.before_cast(frame)
    return frame


def rows(questions: Sequence[Question], of_block: BlockRows) -> None:
    """Typed rows of a block, changed by its questions."""
    for question in questions:
        question.rows(of_block)
    for question in questions:
        question.left(of_block)


def together(questions: Sequence[Sequence[Question]], of_table: JoinedRows) -> None:
    """The rows of a table, changed by the questions of its blocks: by each kind once."""
    asked = {type(question): question for several in reversed(questions) for question in several}
    for kind in ORDER:
        if kind in asked:
            asked[kind].together(of_table)


def tell(audit: SourceAudit, readings: Iterable[Reading]) -> None:
    """Put readings into the account: each once, however many files have it."""
    audit.meaning += dict.fromkeys(readings)
    audit.assumed += [reading.short for reading in audit.meaning if reading.short is not None]


def unfit_in_parts(block: MappedBlock, options: ReadOptions) -> Message | None:
    """Why the rows of a block cannot be read some at a time; None where they can."""
    for question in of_block(block, options):
        if not question.in_parts:
            return text("meaning.sees_all_rows", question=question.title)
    return None


def unfit_in_place(
    table: Table,
    spec: SourceSpec,
    names: tuple[str, ...],
    options: ReadOptions,
    words: ColumnValues,
) -> Message | None:
    """Why typed Parquet with these headers cannot be read where it lies; None where it can."""
    view = HeaderView(table, spec, names, options)
    for question in of_table(table):
        answer = question.headers(view)
        if answer.reads or answer.looks_at:
            why = question.in_place(view, words)
            if why is not None:
                return why
    return None
