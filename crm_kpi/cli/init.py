"""`crm-kpi init FILE...`: a config for the files at hand, with the evidence for it.

What the loader finds out by itself is not written down. What nobody can find out is asked
on a terminal, answered by -y with the most likely answer, and otherwise told as an error.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crm_kpi import sources
from crm_kpi.cli import init_config, notices
from crm_kpi.cli.init_config import InferredSources
from crm_kpi.cli.options import InitOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.engine.run import today
from crm_kpi.errors import DataError, ExitCode, OutputError, Problem, UsageError
from crm_kpi.render.text import visible
from crm_kpi.sources.io.file_bytes import STDIN, expand
from crm_kpi.sources.mapping import detect_table
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.sources.wizard.ambiguity import Choice
from crm_kpi.sources.wizard.proposal import Proposal, propose
from crm_kpi.tables import TABLES

TOLERATED = ReadOptions(date.min).rejected_rows


def run(options: InitOptions) -> int:
    files = _files(options)
    _check_output(options, [path for path, _ in files])
    asking = _Asking(options.yes, _terminal(options), options.quiet)
    blocks: list[Proposal] = []
    left_out: list[Problem] = []
    for path, table in files:
        try:
            tables: list[str | None] = [table] if table else [*detect_table.sheets(path)] or [None]
            for name in tables:
                blocks += propose(path, asking, name)
        except DataError as error:
            left_out.append(Problem(error.message, hint=error.hint))
    if asking.unanswered:
        raise _open(asking.unanswered)
    if not blocks:
        raise _nothing(left_out)
    found = _read(blocks)
    if not options.quiet:
        _evidence(found, left_out)
    with opened(options.output) as stream:
        stream.write(init_config.text(found, left_out, options.output))
    if options.output and not options.quiet:
        notices.info(f"try: crm-kpi report -c {options.output}")
    return ExitCode.OK


def _files(options: InitOptions) -> list[tuple[str, str | None]]:
    """Each file, and the table that it is said to be."""
    named = {str(path): table for table, path in options.files.items()}
    paths = [*expand(options.paths or ()), *named]
    if not paths:
        raise UsageError("no files to look at", hint="crm-kpi init customers.csv orders.csv")
    if STDIN in paths:
        raise UsageError(
            "init cannot look at stdin, as a config names files", hint="save it to a file first"
        )
    for path in paths:
        if os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode):
            raise UsageError(
                f"{path}: init cannot look at a pipe, as it is read more than once",
                hint="save it to a file first",
            )
    return [(path, named.get(path)) for path in dict.fromkeys(paths)]


def _check_output(options: InitOptions, inputs: Sequence[str]) -> None:
    output = options.output
    refuse_inputs(output, inputs)
    if output is not None and output.is_file() and not options.yes:
        raise OutputError(
            f"-o {output}: there is such a file", hint="choose another name, or -y to replace it"
        )


def _terminal(options: InitOptions) -> bool:
    return not options.no_input and sys.stdin.isatty() and sys.stderr.isatty()


@dataclass
class _Asking:
    """Answers what the files leave open: at a terminal, or with the first answer, or not at all."""

    first: bool
    terminal: bool
    quiet: bool
    unanswered: list[Choice] = field(default_factory=list)

    def __call__(self, question: Choice) -> int | None:
        if self.first:
            if not self.quiet:
                notices.info(f"{question.text} Taken: {question.answers[0]}")
            return 0
        if self.terminal:
            return _ask(question)
        if question.must:
            self.unanswered.append(question)
        return None


def _ask(question: Choice) -> int:
    """The number that somebody types; nothing but Enter is the first answer."""
    notices.info(question.text)
    for number, answer in enumerate(question.answers, 1):
        notices.info(f"  {number}  {answer}")
    while True:
        sys.stderr.write(f"1-{len(question.answers)} [1]: ")
        sys.stderr.flush()
        typed = sys.stdin.readline()
        if not typed:
            raise _open([question])
        choice = typed.strip() or "1"
        if choice.isdecimal() and 1 <= int(choice) <= len(question.answers):
            return int(choice) - 1


def _open(questions: Sequence[Choice]) -> DataError:
    hint = "answer on a terminal, or take the most likely answers with -y"
    if len(questions) == 1:
        (question,) = questions
        return DataError(question.text, hint="; ".join(filter(None, (hint, question.hint))))
    problems = [Problem(question.text, hint=question.hint) for question in questions]
    return DataError(f"{len(questions)} questions are left open", hint=hint, problems=problems)


def _nothing(left_out: Sequence[Problem]) -> DataError:
    if len(left_out) == 1:
        return DataError(left_out[0].reason, hint=left_out[0].hint)
    return DataError("none of the files can be used", problems=left_out)


def _read(blocks: Sequence[Proposal]) -> InferredSources:
    """The tables as a report will read them: what is written must run."""
    tables = {table: [b for b in blocks if b.spec.table == table] for table in TABLES}
    tables = {table: found for table, found in tables.items() if found}
    currencies = sorted({code for block in blocks for code in block.currencies})
    found = InferredSources(tables, currencies)
    reading_options = ReadOptions(
        as_of=today("UTC"),
        currency=currencies[0] if currencies else None,
        exchange_rates=dict.fromkeys(currencies[1:], init_config.UNKNOWN_RATE),
        everything=True,
    )
    found.loaded = sources.load_all(found.specs(), reading_options)
    return found


def _evidence(found: InferredSources, left_out: Sequence[Problem]) -> None:
    for table, blocks in found.tables.items():
        audit = found.loaded[table].audit
        for block in blocks:
            notices.info(f"{block.spec.paths[0]}: {table}, {block.rows:,} rows")
            for ours, theirs in block.headers.items():
                notices.info(f"  {ours} <- {theirs}")
            for ours, value in block.spec.constants.items():
                notices.info(f"  {ours} = {value}")
            for note in (*block.notes, *(f"assumed: {one}" for one in block.assumed)):
                notices.info(f"  {note}")
            for line, why in block.open:
                notices.info(f"  left open: {visible(line)} ({why})")
        if audit.rejected:
            notices.info(f"{table}: {audit.rejected:,} of {audit.rows:,} rows are rejected:")
            for problem in audit.problems[: notices.SHOWN]:
                notices.info(f"  {problem}")
            notices.info("  crm-kpi validate lists them all")
            if audit.rejected > TOLERATED * audit.rows:
                notices.info(f"  a report refuses more than {TOLERATED:%}: limits.rejected_rows")
    if len(found.currencies) > 1:
        notices.info(
            f"amounts are in {', '.join(found.currencies)}: write the exchange rates first"
        )
    for problem in left_out:
        notices.info(f"left out: {problem}")
