"""What stderr says beside the answer: where the rows went, what was assumed."""

from __future__ import annotations

from collections.abc import Iterable

from crm_kpi import config
from crm_kpi.cli import log_lines
from crm_kpi.cli.options import QueryOptions, ValidateOptions
from crm_kpi.messages import Message, joined, text
from crm_kpi.results import Report, SourceAudit

SHOWN = 5
"""Kinds of rejected rows that `init` shows per source."""
REJECTED = "cli.rejected"


def info(words: object, *, indent: str = "") -> None:
    """A line in the language of the run: a message, or a problem."""
    log_lines.say(words, indent=indent)


def warning(words: object) -> None:
    """As `info`, of what may change what the answer is worth."""
    log_lines.say(words, log_lines.LogLevel.WARNING)


def unused_config() -> None:
    """One line where a config lies here that is not used, as files are named."""
    path = config.unnamed()
    if path is not None:
        info(text("cli.config_not_used", config=path))


def source_summary(report: Report, options: QueryOptions) -> None:
    """Everything: where the rows of each source went, and how it was read."""
    for note in report.notes:
        warning(text("cli.note", note=note))
    for audit in report.sources.values():
        parts = [text("cli.rows_used", used=audit.used, rows=audit.rows), *gone(audit)]
        if audit.unknown_customers:
            parts.append(text("cli.unknown_customers", number=audit.unknown_customers))
        info(text("cli.source", table=audit.table, what=joined(parts)))
        rejects(audit, verbose=True)
        _details(audit)
    if options.format not in ("table", "overview"):  # these show them themselves
        skips(report, options)


def rejects(audit: SourceAudit, *, verbose: bool = False) -> None:
    """The rejected rows by kind, or one by one as far as they are kept."""
    if verbose:
        for problem in audit.problems:
            info(problem, indent="  ")
        if len(audit.problems) < audit.rejected:
            info(text("cli.more_rejected", number=audit.rejected - len(audit.problems)))
        return
    for kind in audit.kinds[:SHOWN]:
        info(kind, indent="  ")
    more = sum(kind.count for kind in audit.kinds[SHOWN:])
    if more:
        info(text("cli.more_rejected", number=more))


def list_reading(path: str, audit: SourceAudit, *, verbose: bool) -> None:
    """How a list that feeds no source was read, and which of its rows are not used."""
    why = gone(audit)
    if why:
        used = text("cli.rows_used", used=audit.used, rows=audit.rows)
        info(text("cli.source", table=path, what=joined([used, *why])))
    _assumed(audit, path)
    for note in audit.notes if verbose else ():
        info(note, indent="  ")


def source_readings(audits: Iterable[SourceAudit], options: ValidateOptions) -> None:
    """How each source was read, in a few words or with -v in full."""
    for audit in audits:
        if options.verbose:
            info(text("cli.rows", table=audit.table, number=audit.rows))
            _details(audit)
        else:
            _assumed(audit)
            readings(audit)


def _assumed(audit: SourceAudit, name: str = "") -> None:
    if audit.assumed:
        assumed = joined(audit.assumed, ", ")
        info(text("cli.assumed", table=name or audit.table, assumed=assumed))


def _details(audit: SourceAudit) -> None:
    for column, source_header in audit.columns.items():
        info(f"  {column} <- {source_header}")
    readings(audit)
    for note in audit.notes:
        info(note, indent="  ")


def readings(audit: SourceAudit) -> None:
    """What columns were taken to mean, a sentence each."""
    from crm_kpi.sources.meaning.open_readings import sentence

    for reading in audit.meaning:
        info(sentence(reading), indent="  ")


def gone(audit: SourceAudit) -> list[Message]:
    """How many rows are not used, by why."""
    counted = [
        (audit.rejected, [text("cli.rejected", number=audit.rejected)]),
        (audit.duplicates, [text("cli.equal_rows", number=audit.duplicates)]),
        (audit.excluded, audit.left_out or [text("cli.excluded", number=audit.excluded)]),
        (audit.future, [text("cli.after_as_of", number=audit.future)]),
    ]
    return [message for number, messages in counted if number for message in messages]


def skips(report: Report, options: QueryOptions) -> None:
    if not options.quiet:
        for skip in report.skipped:
            info(text("cli.skipped", metric=skip.metric, reason=skip.reason))
