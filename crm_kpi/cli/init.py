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
from pathlib import Path

from crm_kpi import sources
from crm_kpi.cli import init_config, language, notices
from crm_kpi.cli.init_config import InferredSources
from crm_kpi.cli.options import InitOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.engine.as_of import today
from crm_kpi.errors import DataError, ExitCode, OutputError, Problem, UsageError
from crm_kpi.messages import joined, text
from crm_kpi.readings import How
from crm_kpi.render.text import visible
from crm_kpi.results import SourceAudit
from crm_kpi.sources.io.file_bytes import STDIN, expand
from crm_kpi.sources.mapping import detect_table
from crm_kpi.sources.meaning.open_readings import problems_of
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
    inferred = _read(blocks)
    open_ = _offer_readings(inferred)
    if not options.quiet:
        _evidence(inferred, left_out)
    with opened(options.output) as stream:
        output = Path(options.output) if options.output else None
        stream.write(init_config.config_text(inferred, left_out, output, language.say))
    for problem in open_:
        notices.info(text("init.open_meaning", what=problem.reason))
    if options.output and not options.quiet and not open_:
        notices.info(text("cli.try_report", config=options.output))
    return ExitCode(DataError.code) if open_ else ExitCode.OK


def _offer_readings(inferred: InferredSources) -> list[Problem]:
    """What the rows leave open, which a report would refuse: each way to read it becomes a line
    of the config that is not in force yet."""
    for table, blocks in inferred.tables.items():
        for reading in inferred.loaded[table].audit.meaning:
            for outcome in reading.outcomes if reading.how is How.OPEN else ():
                for block in blocks:
                    block.open.append((outcome.of_source, outcome.what))
    return problems_of(loaded.audit for loaded in inferred.loaded.values())


def _files(options: InitOptions) -> list[tuple[str, str | None]]:
    """Each file, and the table that it is said to be."""
    named = {str(path): table for table, paths in options.files.items() for path in paths}
    paths = [*expand(options.paths or ()), *named]
    if not paths:
        raise UsageError(text("init.no_files"), hint=text("init.example"))
    if STDIN in paths:
        raise UsageError(text("init.stdin"), hint=text("files.save_first"))
    for path in paths:
        if os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode):
            raise UsageError(text("init.pipe", path=path), hint=text("files.save_first"))
    return [(path, named.get(path)) for path in dict.fromkeys(paths)]


def _check_output(options: InitOptions, inputs: Sequence[str]) -> None:
    output = options.output
    refuse_inputs(output, inputs)
    if output is not None and os.path.isfile(output) and not options.yes:
        raise OutputError(text("init.exists", path=output), hint=text("init.replace"))


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
                first = question.answers[0]
                notices.info(text("init.taken", question=question.text, answer=first))
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
        notices.info(answer, indent=f"  {number}  ")
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
    hint = text("init.answer")
    if len(questions) == 1:
        (question,) = questions
        return DataError(question.text, hint=joined(filter(None, (hint, question.hint))))
    problems = [Problem(question.text, hint=question.hint) for question in questions]
    message = text("init.questions_open", number=len(questions))
    return DataError(message, hint=hint, problems=problems)


def _nothing(left_out: Sequence[Problem]) -> DataError:
    if len(left_out) == 1:
        return DataError(left_out[0].reason, hint=left_out[0].hint)
    return DataError(text("init.none_usable"), problems=left_out)


def _read(blocks: Sequence[Proposal]) -> InferredSources:
    """The tables as a report will read them: what is written must run."""
    tables = {table: [b for b in blocks if b.spec.table == table] for table in TABLES}
    currencies = sorted({code for block in blocks for code in block.currencies})
    inferred = InferredSources({name: own for name, own in tables.items() if own}, currencies)
    reading_options = ReadOptions(
        as_of=today("UTC"),
        currency=currencies[0] if currencies else None,
        exchange_rates=dict.fromkeys(currencies[1:], init_config.UNKNOWN_RATE),
        everything=True,
    )
    inferred.loaded = sources.load_all(inferred.specs(), reading_options)
    return inferred


def _evidence(inferred: InferredSources, left_out: Sequence[Problem]) -> None:
    """What was inferred and why, for people."""
    for table, blocks in inferred.tables.items():
        for block in blocks:
            _block_evidence(block)
        notices.readings(inferred.loaded[table].audit)
        _rejections(inferred.loaded[table].audit)
    if len(inferred.currencies) > 1:
        notices.info(text("init.write_rates", currencies=", ".join(inferred.currencies)))
    for problem in left_out:
        notices.info(text("init.left_out", problem=problem))


def _block_evidence(block: Proposal) -> None:
    spec = block.spec
    notices.info(text("init.file", path=spec.paths[0], table=spec.table, rows=block.rows))
    for column, source_header in block.headers.items():
        notices.info(f"  {column} <- {source_header}")
    for column, value in spec.constants.items():
        notices.info(f"  {column} = {value}")
    for note in (*block.notes, *init_config.assumptions(block)):
        notices.info(note, indent="  ")
    for line, why in block.open:
        notices.info(text("init.left_open", line=visible(line), why=why))


def _rejections(audit: SourceAudit) -> None:
    if not audit.rejected:
        return
    table, rejected, rows = audit.table, audit.rejected, audit.rows
    notices.info(text("init.rejected", table=table, rejected=rejected, rows=rows))
    notices.rejects(audit)
    notices.info(text("init.validate"))
    if rejected > TOLERATED * rows:
        notices.info(text("init.refused", share=TOLERATED))
