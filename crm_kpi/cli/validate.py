"""`crm-kpi validate [FILE...]`: every problem of config and data, and the tables as read.

Every source is tried, whatever is wrong with another. The list goes to stdout;
the exit code is the worst: 2 for the config, 3 for data that a report would
refuse, 0 where a report would run (rejected rows within the limit are listed too).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crm_kpi import sources
from crm_kpi.cli import notices, validate_clean, validate_output
from crm_kpi.cli.options import ValidateOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.cli.report import inputs
from crm_kpi.cli.report import sources as configured
from crm_kpi.cli.validate_output import Finding, Level
from crm_kpi.engine.quality_rows import bad_rows
from crm_kpi.engine.run import Specs, read_options, today
from crm_kpi.errors import (
    ConfigError,
    CrmKpiError,
    DataError,
    ExitCode,
    Problem,
    UsageError,
)
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.file_bytes import STDIN
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from crm_kpi.config.model import Config
    from crm_kpi.sources import LoadedTable

_PLACE = re.compile(r"(.+?)(?::([1-9]\d*))?: ", re.DOTALL)


@dataclass
class _Look:
    """What has been found so far. The session reads each file once, a pipe too."""

    session: Session = field(default_factory=Session)
    code: ExitCode = ExitCode.OK
    found: list[Finding] = field(default_factory=list)
    tables: dict[str, LoadedTable] = field(default_factory=dict)
    texts: dict[str, validate_clean.Text] = field(default_factory=dict)

    def refuse(self, error: CrmKpiError, file: str | None = None) -> None:
        self.code = max(self.code, error.code)
        self.found += map(Finding, error.problems or [_placed(error, file)])


def _placed(error: CrmKpiError, file: str | None = None) -> Problem:
    """A message that begins with FILE: or FILE:LINE: as a problem of that place."""
    found = _PLACE.match(error.message)
    if found is None or not (found[1] in (STDIN, file) or os.path.exists(found[1])):
        return Problem(error.message, hint=error.hint)
    line = int(found[2]) if found[2] else None
    return Problem(error.message[found.end() :], found[1], line, hint=error.hint)


def run(options: ValidateOptions) -> int:
    try:
        config, specs = configured(options)
    except ConfigError as error:
        look = _Look()
        look.refuse(error)
        _list(options, look.found)
        return look.code
    files = options.paths or ()
    if not specs and not files:
        raise UsageError(
            "nothing to validate: no config and no files", hint="give FILE, or -c CONFIG"
        )
    look = _Look(Session(MemoryBudget.of(config.limits.memory)))
    if files:
        specs = _by_table(files, specs, look)
    places = _places(options, config, specs, look)
    reading_options = read_options(
        config,
        config.as_of or today(config.timezone),
        {table: set(TABLES[table].names) for table in specs},
        everything=True,
    )
    _read(specs, reading_options, look)
    rejected = [found.problem for found in look.found]
    if options.quality:
        poor = bad_rows(config, look.tables, reading_options.as_of)
        look.found += [Finding(problem, Level.WARNING) for problem in poor]
    _list(options, look.found)
    if not options.quiet:
        rows = sum(found.audit.rows for found in look.tables.values())
        notices.info(f"{len(look.found):,} problems in {len(specs)} tables, {rows:,} rows read")
        notices.source_readings((found.audit for found in look.tables.values()), options)
    if places:
        validate_clean.write(look.tables, look.texts, rejected, places)
    return look.code


def _by_table(files: Sequence[str], specs: Specs, look: _Look) -> Specs:
    """Each file as the table whose headers it has, read as the config reads that table."""
    from crm_kpi.sources.mapping.detect_table import recognise

    found: dict[str, tuple[SourceSpec, ...]] = {}
    for file in files:
        try:
            table = recognise(file, look.session)
        except DataError as error:
            look.refuse(error, file)
            if not isinstance(error.__cause__, OSError):
                _as_text(file, look)
            continue
        block = next(iter(specs.get(table, ())), SourceSpec(table, ()))
        found[table] = (*found.get(table, ()), replace(block, paths=(file,), query=None))
    return found


def _as_text(file: str, look: _Look) -> None:
    try:
        look.texts[file] = text = validate_clean.as_text(file, look.session)
    except DataError as error:
        if Finding(_placed(error, file)) not in look.found:
            look.refuse(error, file)
        return
    look.found += map(Finding, text.problems)


def _places(
    options: ValidateOptions, config: Config, specs: Specs, look: _Look
) -> Mapping[str, Path]:
    """Where the clean files go, if they are asked for. No output may be an input."""
    read = [*inputs(config, specs), *look.texts]
    refuse_inputs(options.output, read)
    folder = options.clean
    if folder is None:
        return {}
    places = validate_clean.targets(folder, specs, look.texts)
    for place in places.values():
        refuse_inputs(place, read, validate_clean.OPTION)
    return places


def _read(specs: Specs, reading_options: ReadOptions, look: _Look) -> None:
    """All tables at once as a report reads them; where that is refused, each for itself."""
    try:
        look.tables = sources.load_all(specs, reading_options, look.session)
    except CrmKpiError as together:
        for table, blocks in specs.items():
            try:
                look.tables |= sources.load_all({table: blocks}, reading_options, look.session)
            except CrmKpiError as error:
                look.refuse(error)
        if len(look.tables) == len(specs):
            look.refuse(together)
    for table in TABLES:
        if table in look.tables:
            _judge(look.tables[table], reading_options, look)


def _judge(loaded: LoadedTable, reading_options: ReadOptions, look: _Look) -> None:
    audit = loaded.audit
    refused = audit.rejected > reading_options.rejected_rows * (audit.rows - audit.excluded)
    if refused:
        look.code = max(look.code, ExitCode(DataError.code))
    level = Level.ERROR if refused else Level.WARNING
    look.found += [Finding(problem, level) for problem in audit.problems]


def _list(options: ValidateOptions, found: Iterable[Finding]) -> None:
    with opened(options.output) as stream:
        validate_output.write(list(found), options.format, stream)
