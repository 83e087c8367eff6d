"""`crm-kpi validate [FILE...]`: every problem of config and data, and the tables as read.

Every source is tried, whatever is wrong with another. The list goes to stdout;
the exit code is the worst: 2 for the config, 3 for data that a report would
refuse, 0 where a report would run (rejected rows within the limit are listed too).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crm_kpi import sources
from crm_kpi.cli import notices, validate_clean, validate_output
from crm_kpi.cli.options import ValidateOptions
from crm_kpi.cli.output import inputs, opened, refuse_inputs
from crm_kpi.cli.report import read_like
from crm_kpi.cli.report import sources as configured
from crm_kpi.cli.validate_output import Finding, Level
from crm_kpi.engine import dimensions
from crm_kpi.engine.as_of import declared
from crm_kpi.engine.quality_rows import bad_rows
from crm_kpi.engine.run import Specs, read_options
from crm_kpi.errors import (
    ConfigError,
    CrmKpiError,
    DataError,
    ExitCode,
    Problem,
    UsageError,
)
from crm_kpi.messages import split_place, text
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.loading import dimension_files
from crm_kpi.sources.loading.dimension_files import Dimension
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.meaning.open_readings import ERROR, problems_of
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import EPOCH, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from crm_kpi.config.model import Config
    from crm_kpi.sources import LoadedTable

_CUSTOMERS = "customers"


@dataclass
class _Inspection:
    """What is known so far. The session reads each file once, a pipe too."""

    session: Session = field(default_factory=Session)
    code: ExitCode = ExitCode.OK
    findings: list[Finding] = field(default_factory=list)
    tables: dict[str, LoadedTable] = field(default_factory=dict)
    texts: dict[str, validate_clean.TextFile] = field(default_factory=dict)

    def refuse(self, error: CrmKpiError) -> None:
        self.code = max(self.code, error.code)
        self.findings += map(Finding, error.problems or [_problem(error)])


def _problem(error: CrmKpiError) -> Problem:
    """An error as a problem of the place that it names."""
    return Problem(*split_place(error.message), hint=error.hint)


def run(options: ValidateOptions) -> int:
    try:
        config, specs = configured(options)
    except ConfigError as error:
        inspection = _Inspection()
        inspection.refuse(error)
        _list(options, inspection.findings)
        return inspection.code
    files = options.paths or ()
    if not specs and not files:
        raise UsageError(text("cli.nothing_to_validate"), hint=text("cli.give_file"))
    inspection = _Inspection(Session(MemoryBudget.of(config.limits.memory)))
    if files:
        specs = _by_table(options, specs, inspection)
    places = _places(options, config, specs, inspection)
    try:
        reading_options = read_options(
            config,
            declared(config),
            {table: set(TABLES[table].names) for table in specs},
            everything=True,
        )
    except CrmKpiError as error:  # of the exchange rates, without which no money can be read
        inspection.refuse(error)
        _list(options, inspection.findings)
        return inspection.code
    _read(specs, reading_options, inspection)
    _look_up(config, inspection, alone=bool(files))
    rejected = [finding.problem for finding in inspection.findings]
    if options.quality:
        poor = bad_rows(config, inspection.tables, reading_options.as_of)
        inspection.findings += [Finding(problem, Level.WARNING) for problem in poor]
    _list(options, inspection.findings)
    if not options.quiet:
        audits = [loaded.audit for loaded in inspection.tables.values()]
        rows = sum(audit.rows for audit in audits)
        problems, tables = len(inspection.findings), len(specs)
        notices.info(text("cli.validated", problems=problems, tables=tables, rows=rows))
        notices.source_readings(audits, options)
    if places:
        validate_clean.write(inspection.tables, inspection.texts, rejected, places)
    return inspection.code


def _by_table(options: ValidateOptions, specs: Specs, inspection: _Inspection) -> Specs:
    """Each file as the table whose headers it has, beside those that are named with a table."""
    from crm_kpi.sources.mapping.detect_table import recognise

    tables = {table: options.files_of(table) for table in options.files}
    undated = []
    for file in options.paths or ():
        try:
            table = recognise(file, inspection.session)
        except DataError as error:
            lacking = _undated(file, options, inspection, error)
            inspection.refuse(lacking or error)
            if lacking is not None:
                undated.append(file)
            elif not isinstance(error.__cause__, OSError):
                _as_text(file, inspection)
            continue
        tables.setdefault(table, []).append(file)
    found = {table: (read_like(specs, table, paths),) for table, paths in tables.items()}
    if undated:
        block = read_like(specs, _CUSTOMERS, undated)
        block = replace(block, otherwise={TABLES[_CUSTOMERS].at: EPOCH.isoformat()})
        found[_CUSTOMERS] = (*found.get(_CUSTOMERS, ()), block)
    return found


def _undated(
    file: str, options: ValidateOptions, inspection: _Inspection, error: DataError
) -> DataError | None:
    """What a list of customers lacks that is one but for its dates: the quality of its other
    columns can be told all the same."""
    from crm_kpi.sources.mapping.detect_table import LEAST, fits

    if not options.quality or options.clean is not None or isinstance(error.__cause__, OSError):
        return None
    table = TABLES[_CUSTOMERS]
    every = (fit for fit in fits(file, inspection.session) if fit.table == table.name)
    fit = next((fit for fit in every if fit.missing == (table.at,)), None)
    if fit is None or fit.score < LEAST:
        return None
    return headers.missing(table, [table.at], fit.headers, file, taken=())


def _as_text(file: str, inspection: _Inspection) -> None:
    try:
        inspection.texts[file] = validate_clean.as_text(file, inspection.session)
    except DataError as error:
        if Finding(_problem(error)) not in inspection.findings:
            inspection.refuse(error)
        return
    inspection.findings += map(Finding, inspection.texts[file].problems)


def _places(
    options: ValidateOptions, config: Config, specs: Specs, inspection: _Inspection
) -> Mapping[str, Path]:
    """Where the clean files go, if they are asked for. No output may be an input."""
    read = [*inputs(config, specs), *inspection.texts]
    refuse_inputs(options.output, read)
    folder = options.clean
    if folder is None:
        return {}
    places = validate_clean.targets(folder, specs, inspection.texts)
    for place in places.values():
        refuse_inputs(place, read, validate_clean.OPTION)
    return places


def _read(specs: Specs, reading_options: ReadOptions, inspection: _Inspection) -> None:
    """All tables at once as a report reads them; where that is refused, each for itself."""
    try:
        inspection.tables = sources.load_all(specs, reading_options, inspection.session)
    except CrmKpiError as together:
        for table, blocks in specs.items():
            try:
                inspection.tables |= sources.load_all(
                    {table: blocks}, reading_options, inspection.session
                )
            except CrmKpiError as error:
                inspection.refuse(error)
        if len(inspection.tables) == len(specs):
            inspection.refuse(together)
    for table in TABLES:
        if table in inspection.tables:
            _judge(inspection.tables[table], reading_options, inspection)


def _look_up(config: Config, inspection: _Inspection, *, alone: bool) -> None:
    """The files of `dimensions:`, beside the tables that get their columns; `alone`: only some
    tables were read."""
    found: list[Dimension] = []
    there = [n for each in inspection.tables.values() for n in (*each.columns, *each.headers)]
    for name, file in config.dimension_files.items():
        try:
            found.append(dimension_files.read(name, file, inspection.session))
            dimensions.refuse_taken(found, inspection.tables)
            if not (alone or headers.positions(there, name)):
                raise dimensions.no_key(found[-1], there)
        except CrmKpiError as error:
            inspection.refuse(error)


def _judge(loaded: LoadedTable, reading_options: ReadOptions, inspection: _Inspection) -> None:
    audit = loaded.audit
    refused = audit.rejected > reading_options.rejected_rows * (audit.rows - audit.excluded)
    if refused:
        inspection.code = max(inspection.code, ExitCode(DataError.code))
    level = Level.ERROR if refused else Level.WARNING
    inspection.findings += [Finding(problem, level) for problem in audit.problems]
    strict = reading_options.open_meaning == ERROR
    for problem in problems_of([audit]):
        inspection.code = max(inspection.code, ExitCode(DataError.code) if strict else ExitCode.OK)
        inspection.findings.append(Finding(problem, Level.ERROR if strict else Level.WARNING))


def _list(options: ValidateOptions, findings: Sequence[Finding]) -> None:
    with opened(options.output, mark=options.excel) as stream:
        validate_output.write(findings, options.format, stream)
