"""`crm-kpi init FILE...`: a config for the files at hand, with the evidence for it.

What the loader finds out by itself is not written down. What nobody can find out is asked
on a terminal, with -y left open as lines to choose from, and otherwise told as an error. The
report is run on the config before it is written, and what it would refuse is said.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crm_kpi.cli import fetching, init_config, init_proof, log_lines, notices
from crm_kpi.cli.init_config import InferredSources, UnusedFile
from crm_kpi.cli.options import InitOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.errors import DataError, ExitCode, OutputError, Problem, UsageError
from crm_kpi.messages import joined, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.render.text import visible
from crm_kpi.results import SourceAudit
from crm_kpi.sources.io.file_bytes import STDIN, expand
from crm_kpi.sources.mapping import detect_table
from crm_kpi.sources.meaning.open_readings import outcome_sentence
from crm_kpi.sources.wizard.ambiguity import Choice
from crm_kpi.sources.wizard.config_line import ConfigLine
from crm_kpi.sources.wizard.likeliest_table import NoTable
from crm_kpi.sources.wizard.proposal import Proposal, propose
from crm_kpi.tables import TABLES

NAME = "crm-kpi.yaml"
"""What a config is called that goes to stdout."""


def run(options: InitOptions) -> int:
    fetching.allow(options.allow_net or ())
    files = _files(options)
    _check_output(options, [path for path, _ in files])
    asking = _Asking(options.yes, _terminal(options), options.quiet)
    inferred = _look_at(files, asking)
    if asking.unanswered:
        raise _open(asking.unanswered)
    if not inferred.tables and not any(each.fits for each in inferred.left_out):
        raise _nothing(inferred.left_out)
    output = Path(options.output or NAME)
    problems = _proved(inferred, output, asking)
    if not options.quiet:
        _evidence(inferred)
    with opened(options.output) as stream:
        stream.write(init_config.config_text(inferred, output, problems))
    for problem in problems:
        notices.info(text("init.not_yet", what=problem))
    if problems:
        notices.info(text("init.choose", config=output))
    elif options.output and not options.quiet:
        notices.info(text("cli.try_report", config=options.output))
    return ExitCode(DataError.code) if problems else ExitCode.OK


def _look_at(files: Sequence[tuple[str, str | None]], asking: _Asking) -> InferredSources:
    """What each file is, and which of them feed nothing."""
    blocks: list[Proposal] = []
    left_out: list[UnusedFile] = []
    for path, table in files:
        try:
            tables: list[str | None] = [table] if table else [*detect_table.sheets(path)] or [None]
            for name in tables:
                blocks += propose(path, asking, name)
        except DataError as error:
            fits = error.fits if isinstance(error, NoTable) else ()
            problem = Problem(error.message, hint=error.hint)
            left_out.append(UnusedFile(path, problem, fits))
    tables_of = {table: [b for b in blocks if b.spec.table == table] for table in TABLES}
    currencies = sorted({code for block in blocks for code in block.currencies})
    there = {table: own for table, own in tables_of.items() if own}
    if len(currencies) == 1:
        for table, own in there.items():
            _same_currency(table, own, currencies[0])
    return InferredSources(there, currencies, left_out)


def _same_currency(table: str, blocks: Sequence[Proposal], code: str) -> None:
    """The only currency of all files for those of a table that name none beside some that do."""
    silent = [block for block in blocks if not block.currencies]
    if "currency" not in TABLES[table] or len(silent) == len(blocks):
        return
    for block in silent:
        constants = block.spec.constants | {"currency": code}
        block.spec = replace(block.spec, constants=constants)
        block.assumed.append(text("init.same_currency", currency=code))


def _proved(inferred: InferredSources, output: Path, asking: _Asking) -> list[Problem]:
    """What a report would refuse, after all has been asked that can be: files that fit no table,
    tables that it would not take, and what is open."""
    problems = init_proof.prove(inferred, output) if inferred.tables else []
    if problems and asking.asks and _choose(inferred, asking):
        problems = init_proof.prove(inferred, output)
    _offer_readings(inferred)
    if not inferred.tables:
        problems = [each.problem for each in inferred.left_out]
    return problems


def _open_readings(inferred: InferredSources) -> list[tuple[str, Reading]]:
    """What a report would refuse, with its table."""
    return [
        (table, reading)
        for table, loaded in inferred.loaded.items()
        for reading in loaded.audit.meaning
        if reading.how is How.OPEN
    ]


def _choose(inferred: InferredSources, asking: _Asking) -> bool:
    """Ask somebody how what is open is to be read; whether anything was answered."""
    answered = False
    for table, reading in _open_readings(inferred):
        answers = (*map(outcome_sentence, reading.outcomes), text("wizard.leave_open"))
        what = text(
            "init.which_reading", table=table, column=reading.column, evidence=reading.evidence
        )
        answer = asking(Choice(what, answers, must=False, open=True))
        if answer is not None and answer < len(reading.outcomes):
            _settle(inferred, table, reading.column, reading.outcomes[answer], in_force=True)
            answered = True
    return answered


def _settle(
    inferred: InferredSources, table: str, column: str, outcome: Outcome, *, in_force: bool
) -> None:
    """An outcome as lines of the config, in force or not, where the files have the column."""
    keys = tuple(outcome.option.split("."))
    what = outcome_sentence(outcome)
    if keys[0] != "sources":
        inferred.settings.append((in_force, ConfigLine(keys, outcome.value, what)))
        return
    blocks = inferred.tables[table]
    theirs = [b for b in blocks if column in (*b.headers, *b.headers.values())]
    line = ConfigLine(keys[2:], outcome.value, what)
    for block in theirs or blocks:
        (block.chosen if in_force else block.open).append(line)


def _offer_readings(inferred: InferredSources) -> None:
    """Each way to read what is open becomes a line of the config that is not in force yet."""
    for table, reading in _open_readings(inferred):
        for outcome in reading.outcomes:
            _settle(inferred, table, reading.column, outcome, in_force=False)


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
    silent = options.no_input or log_lines.is_json()
    return not silent and sys.stdin.isatty() and sys.stderr.isatty()


@dataclass
class _Asking:
    """Answers what the files leave open: at a terminal, or with the first answer, or not at all."""

    first: bool
    terminal: bool
    quiet: bool
    unanswered: list[Choice] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Somebody is there to answer."""
        return self.terminal and not self.first

    def __call__(self, question: Choice) -> int | None:
        if self.first:
            if question.open:
                return None
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


def _nothing(left_out: Sequence[UnusedFile]) -> DataError:
    problems = [each.problem for each in left_out]
    if len(problems) == 1:
        return DataError(problems[0].reason, hint=problems[0].hint)
    return DataError(text("init.none_usable"), problems=problems)


def _evidence(inferred: InferredSources) -> None:
    """What was inferred and why, for people."""
    for table, blocks in inferred.tables.items():
        for block in blocks:
            _block_evidence(block)
        programs = init_config.programs(blocks)
        if len(programs) > 1:
            notices.info(text("init.add_up", table=table, programs=", ".join(programs)))
        if table in inferred.loaded:
            notices.readings(inferred.loaded[table].audit)
            _rejections(inferred.loaded[table].audit)
    for each in inferred.left_out:
        notices.info(text("init.left_out", problem=each.problem))
    days = inferred.days()
    if days is not None:
        notices.info(text("init.days", first=days[0], last=days[1]))


def _block_evidence(block: Proposal) -> None:
    spec = block.spec
    notices.info(text("init.file", path=spec.paths[0], table=spec.table, rows=block.rows))
    for column, source_header in block.headers.items():
        notices.info(f"  {column} <- {source_header}")
    for column, value in spec.constants.items():
        notices.info(f"  {column} = {value}")
    for note in (*block.notes, *init_config.assumptions(block)):
        notices.info(note, indent="  ")
    for line in block.open:
        shown = visible(line.below(0, init_config.quoted))
        notices.info(text("init.left_open", line=shown, why=line.what))


def _rejections(audit: SourceAudit) -> None:
    if not audit.rejected:
        return
    table, rejected, rows = audit.table, audit.rejected, audit.rows
    notices.info(text("init.rejected", table=table, rejected=rejected, rows=rows))
    notices.rejects(audit)
    notices.info(text("init.validate"))
