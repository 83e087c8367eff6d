"""`crm-kpi validate [FILE...]`: every problem of config and data, and the tables as read.

Every source is tried, whatever is wrong with another. The list goes to stdout;
the exit code is the worst: 2 for the config, 3 for data that a report would
refuse, 0 where a report would run (rejected rows within the limit are listed too).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from crm_kpi import sources
from crm_kpi.cli import said
from crm_kpi.cli.answer import sources as configured
from crm_kpi.cli.options import Options
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.engine.bad_rows import bad_rows
from crm_kpi.engine.run import Specs, read_options, today
from crm_kpi.errors import (
    ConfigError,
    CrmKpiError,
    DataError,
    ExitCode,
    OutputError,
    Problem,
    UsageError,
)
from crm_kpi.render.text import visible
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.config.model import Config
    from crm_kpi.sources import Loaded

COLUMNS = ("path", "line", "column", "value", "reason", "hint")


def run(given: Options) -> int:
    try:
        config, specs = configured(given)
    except ConfigError as error:
        _write(given, error.problems or [Problem(error.message, hint=error.hint)])
        return error.code
    files = given.extra["files"] or ()
    if not specs and not files:
        raise UsageError(
            "nothing to validate: no config and no files", hint="give FILE, or -c CONFIG"
        )
    specs, strange = _with_files(specs, files)
    _refuse_inputs(given.extra["clean"], specs)
    code, problems, tables = _read(config, specs)
    problems = [*strange, *problems]
    if strange:
        code = max(code, ExitCode(DataError.code))
    if given.extra["quality"]:
        problems += bad_rows(config, tables, config.as_of or today(config.timezone))
    _write(given, problems)
    if not given.quiet:
        rows = sum(found.account.rows for found in tables.values())
        said.line(f"{len(problems):,} problems in {len(specs)} tables, {rows:,} rows read")
    if given.extra["clean"] is not None:
        _clean(given.extra["clean"], tables, problems)
    return code


def _with_files(specs: Specs, files: Sequence[str]) -> tuple[Specs, list[Problem]]:
    """Each file as the table whose headers it has; without files, what the config names."""
    if not files:
        return specs, []
    from crm_kpi.sources.recognise import recognise

    found: dict[str, tuple[SourceSpec, ...]] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            table = recognise(file)
        except DataError as error:
            problems += error.problems or [Problem(error.message, hint=error.hint)]
            continue
        block = next(iter(specs.get(table, ())), SourceSpec(table, ()))
        found[table] = (*found.get(table, ()), replace(block, paths=(file,)))
    return found, problems


def _refuse_inputs(folder: Path | None, specs: Specs) -> None:
    """A clean table must not replace the file that it was read from."""
    inputs = [path for blocks in specs.values() for block in blocks for path in block.paths]
    if folder is None:
        return
    for name in (*specs, "rejects"):
        refuse_inputs(folder / f"{name}.csv", inputs)


def _read(config: Config, specs: Specs) -> tuple[ExitCode, list[Problem], dict[str, Loaded]]:
    options = read_options(
        config,
        config.as_of or today(config.timezone),
        {table: set(TABLES[table].names) for table in specs},
        everything=True,
    )
    code = ExitCode.OK
    problems: list[Problem] = []
    tables: dict[str, Loaded] = {}
    for table in TABLES:
        if table not in specs:
            continue
        try:
            tables[table] = sources.load(TABLES[table], specs[table], options)
        except CrmKpiError as error:
            code = max(code, error.code)
            problems += error.problems or [Problem(error.message, hint=error.hint)]
            continue
        account = tables[table].account
        problems += account.problems
        if account.rejected > options.rejected_rows * account.rows:
            code = max(code, ExitCode(DataError.code))
    return code, problems, tables


def _write(given: Options, problems: Iterable[Problem]) -> None:
    with opened(given.output) as stream:
        _WRITERS.get(given.format, _as_text)(stream, list(problems))


def _as_text(stream: TextIO, problems: Sequence[Problem]) -> None:
    stream.writelines(f"{visible(str(problem))}\n" for problem in problems)


def _as_json(stream: TextIO, problems: Sequence[Problem]) -> None:
    json.dump([problem.as_dict() for problem in problems], stream, ensure_ascii=False, indent=1)
    stream.write("\n")


def _as_ndjson(stream: TextIO, problems: Sequence[Problem]) -> None:
    for problem in problems:
        stream.write(json.dumps(problem.as_dict(), ensure_ascii=False) + "\n")


def _as_csv(stream: TextIO, problems: Sequence[Problem]) -> None:
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(problem.as_dict() for problem in problems)


_WRITERS = {"json": _as_json, "ndjson": _as_ndjson, "csv": _as_csv}


def _clean(folder: Path, tables: dict[str, Loaded], problems: Sequence[Problem]) -> None:
    """Each table as it was read, with our column names, and the rejected rows."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"--clean {folder} cannot be written: {error.strerror or error}",
            hint="give a folder, which is made when it is not there",
        ) from error
    for table, found in tables.items():
        names = [name for name in TABLES[table].names if name in found.frame.columns]
        with opened(folder / f"{table}.csv") as stream:
            stream.write(found.frame.select(names).write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ"))
    with opened(folder / "rejects.csv") as stream:
        _as_csv(stream, problems)
