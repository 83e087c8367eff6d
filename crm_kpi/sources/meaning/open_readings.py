"""Readings that are open: the run is refused, with what each outcome would give."""

from __future__ import annotations

from collections.abc import Iterable

from crm_kpi.errors import DataError, Problem
from crm_kpi.messages import Message, joined, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.results import SourceAudit
from crm_kpi.sources.spec import ReadOptions

ERROR = "error"
"""Of `limits.open_meaning`; the other is `note`."""

_HOW = {
    How.DECLARED: text("meaning.declared"),
    How.PROVED: text("meaning.proved"),
    How.CONVENTIONAL: text("meaning.conventional"),
    How.OPEN: text("meaning.open"),
}


def refuse(audits: Iterable[SourceAudit], options: ReadOptions) -> None:
    """
    Raises:
        DataError: what a column means is open, and nobody has allowed to take the first outcome.
    """
    problems = problems_of(audits) if _refused(options) else []
    if len(problems) == 1:
        raise DataError(problems[0].reason, hint=problems[0].hint)
    if problems:
        what = text("meaning.several_open", number=len(problems))
        raise DataError(what, problems=problems)


def will_be_refused(audit: SourceAudit, options: ReadOptions) -> bool:
    """Whether the table leaves open what will refuse the run, so that no fault of its rows that
    may follow from it has to be told before."""
    return _refused(options) and any(reading.how is How.OPEN for reading in audit.meaning)


def _refused(options: ReadOptions) -> bool:
    return options.open_meaning == ERROR and not options.everything


def problems_of(audits: Iterable[SourceAudit]) -> list[Problem]:
    """Each open reading, with the lines that would close it."""
    return [
        Problem(_open(audit.table, reading), hint=_ways_out(reading.outcomes))
        for audit in audits
        for reading in audit.meaning
        if reading.how is How.OPEN
    ]


def sentence(reading: Reading) -> Message:
    """A reading as it is told to people."""
    return text(
        "meaning.reading",
        column=reading.column,
        reading=reading.reading,
        how=_HOW[reading.how],
        evidence=reading.evidence,
    )


def _open(table: str, reading: Reading) -> Message:
    outcomes = joined(map(outcome_sentence, reading.outcomes), text("general.or"))
    return text(
        "meaning.open_reading",
        table=table,
        column=reading.column,
        outcomes=outcomes,
        evidence=reading.evidence,
    )


def outcome_sentence(outcome: Outcome) -> Message:
    """What is done, and what comes out then."""
    if outcome.gives is None:
        return outcome.what
    return text("meaning.outcome", what=outcome.what, gives=outcome.gives)


def _ways_out(outcomes: Iterable[Outcome]) -> Message:
    lines = (text("general.words_of_others", words=outcome.line) for outcome in outcomes)
    return text("meaning.say_which", lines=joined(lines, text("general.or")))
