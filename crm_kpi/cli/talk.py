"""What stderr says after an answer: one line, and one more for everything that may be wrong.

The line says how many rows the answer rests on, of those sources alone that the question needs,
and where the others went. Whoever wants to know how they were read asks with -v.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection, Sequence

from crm_kpi.cli import language, log_lines, notices
from crm_kpi.cli.options import QueryOptions
from crm_kpi.messages import Message, joined, text
from crm_kpi.render.screen import Screen, emit
from crm_kpi.render.text import visible
from crm_kpi.results import Report, SourceAudit

_AS_OF = "engine.as_of_data"
"""The note that belongs into the line: nothing is wrong about it."""
_PLAIN = (_AS_OF, "web.fetched", "web.unchanged")
"""Notes of what is as it was asked for: the line, or -v, has them."""
_HOW_READ = frozenset(
    (
        "files.in_encoding",
        "files.separator_short",
        "files.titles_short",
        "files.indexed_short",
        "files.escaped_short",
        "files.repeated_header_short",
        "files.subheaders_short",
        "files.within_short",
        "files.footer_short",
        "files.web_page_short",
        "loading.by_alias",
        "loading.day_first",
        "loading.month_first",
        "loading.numbers_as",
        "loading.preset",
        "loading.question",
    )
)
"""Few words about how a file was read that leave no doubt: -v and `validate` have them."""
_FEW_FILES = 3


def after_answer(report: Report, options: QueryOptions, needed: Collection[str]) -> None:
    """
    Args:
        needed: the tables that the question needs; others are not told of.
    """
    if options.quiet:
        return
    apart = options.output is None and sys.stdout.isatty() and sys.stderr.isatty()
    for name, said in report.backtests.items():
        notices.info(text("cli.backtest", metric=name, said=said))
    apart = apart and not log_lines.is_json()
    if options.verbose:
        if apart:
            print(file=sys.stderr)
        notices.source_summary(report, options)
        return
    audits = [audit for audit in report.sources.values() if audit.rows and audit.table in needed]
    line = _line(report, audits, options)
    wrong = [text("cli.note", note=note) for note in report.notes if _key(note) not in _PLAIN]
    for audit in audits:
        doubts = [words for words in audit.assumed if _key(words) not in _HOW_READ]
        if doubts:
            what = joined(doubts, ", ")
            wrong.append(text("cli.assumed", table=audit.table, assumed=what))
    _say(line, wrong, apart=apart)


def _say(line: Message | None, wrong: Sequence[Message], *, apart: bool) -> None:
    """The line is dim and apart from the answer where both stand on one screen."""
    if (line or wrong) and apart:
        print(file=sys.stderr)
    if line is not None and log_lines.is_json():
        notices.info(line)
    elif line is not None:
        screen = Screen.of(sys.stderr)
        emit([[(visible(language.say(line)), "dim")]], sys.stderr, colour=screen.colour)
    for words in wrong:
        notices.warning(words)


def _line(report: Report, audits: Sequence[SourceAudit], options: QueryOptions) -> Message | None:
    """None where all rows were used as they stand, and nothing had to be found out."""
    parts: list[str] = [*_gone(audits)]
    parts += [note for note in report.notes if _key(note) == _AS_OF]
    how = [words for audit in audits for words in audit.assumed if _key(words) in _HOW_READ]
    if how and len(audits) == 1:
        parts.append(text("cli.how_read", how=joined(how, ", ")))
    elif how:
        parts.append(text("cli.verbose_says_how_read"))
    rejected = [audit for audit in audits if audit.rejected]
    if rejected:  # last, as a command to copy ends the line
        parts.append(_rejected(rejected, audits, options))
    if not parts:
        return None
    rows = sum(audit.rows for audit in audits)
    return joined([text("general.rows_in_tables", rows=rows, count=len(audits)), *parts])


def _gone(audits: Sequence[SourceAudit]) -> list[Message]:
    """How many rows are not used, by why; those that are rejected aside."""
    found = [why for audit in audits for why in notices.gone(audit) if why.key != notices.REJECTED]
    unknown = sum(audit.unknown_customers for audit in audits)
    if unknown:
        found.append(text("cli.unknown_customers", number=unknown))
    return _added_up(found)


def _rejected(
    rejected: Sequence[SourceAudit], audits: Sequence[SourceAudit], options: QueryOptions
) -> Message:
    """How many rows are, and where to see them."""
    number = sum(audit.rejected for audit in rejected)
    share = 100 * number / sum(audit.rows for audit in audits)
    command = _validate(rejected, options)
    return text("cli.rejected_rows", number=number, share=share, command=command)


def _added_up(parts: Sequence[Message]) -> list[Message]:
    """Equal causes of several tables once, with the sum of their numbers."""
    sums: dict[str, Message] = {}
    for part in parts:
        if part.key in sums and set(part.values) == {"number"}:
            number = sums[part.key].values["number"] + part.values["number"]
            sums[part.key] = Message(part.key, {"number": number})
        else:
            sums.setdefault(part.key if set(part.values) == {"number"} else str(part), part)
    return [*sums.values()]


def _validate(audits: Sequence[SourceAudit], options: QueryOptions) -> str:
    """The command that lists them."""
    words = ["crm-kpi", "validate"]
    if options.config is not None:
        words += ["-c", str(options.config)]
    if options.names_files:
        paths = [path for audit in audits for path in audit.paths]
        words += paths if len(paths) <= _FEW_FILES else ["FILE"]
    return shlex.join(words)


def _key(words: str) -> str:
    return words.key if isinstance(words, Message) else ""
