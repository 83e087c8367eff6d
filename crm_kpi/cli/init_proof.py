"""Whether a report answers on the config that `init` is about to write, and what refuses it if not.

The report is run on the text itself, as it would be read back from its file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi import sources
from crm_kpi.cli import init_config
from crm_kpi.cli.init_config import InferredSources
from crm_kpi.cli.report import problem_of
from crm_kpi.config import parsed_config
from crm_kpi.engine.as_of import declared
from crm_kpi.engine.run import KpiQuery, Specs, compute, everything, read_options
from crm_kpi.errors import ConfigError, CrmKpiError, DataError, Problem, UsageError
from crm_kpi.messages import joined, text
from crm_kpi.results import Report
from crm_kpi.sources.loading.loaded_table import LoadedTable
from crm_kpi.sources.meaning.open_readings import problems_of
from crm_kpi.sources.spec import ReadOptions

if TYPE_CHECKING:
    from crm_kpi.config import Config

TOLERATED = ReadOptions(date.min).rejected_rows

_SHOWN = 3
"""Rejected rows that stand beside a source that is not in force."""


def prove(inferred: InferredSources, output: Path) -> list[Problem]:
    """What a report would refuse, were the config written to `output`; nothing where it answers.

    The tables of the report are kept as `inferred.loaded`. Where it refuses, each is read by
    itself: what is open stays in force, what else cannot be used is named in `inferred.refused`.
    """
    inferred.loaded, inferred.refused = {}, {}
    try:
        config = parsed_config(init_config.config_text(inferred, output), output)
    except ConfigError as error:
        return [_problem(error)]
    specs = config.specs()
    refusal, loaded = _refusal(config, specs)
    if refusal is None:
        inferred.loaded = loaded
        return []
    found = {table: [*_faults(config, table, inferred)] for table in specs}
    problems = [problem for faults in found.values() for problem in faults]
    if not problems:
        return [refusal]
    sound = {table: blocks for table, blocks in specs.items() if not found[table]}
    another = _refusal(config, sound)[0] if sound else None
    return [*problems, *filter(None, [another])]


def _refusal(config: Config, specs: Specs) -> tuple[Problem | None, dict[str, LoadedTable]]:
    """Why the report would end without an answer, and the tables that it read."""
    loaded: dict[str, LoadedTable] = {}

    def read(specs: Specs, options: ReadOptions) -> dict[str, LoadedTable]:
        loaded.update(sources.load_all(specs, options))
        return loaded

    try:
        query = KpiQuery(everything(config), tables=tuple(specs), predict_last=True)
        report = compute(config, query, specs, read=read)
    except (UsageError, ConfigError, DataError) as error:
        return _problem(error), {}
    return None if report.results else _no_kpi(report, specs), loaded


def _problem(error: CrmKpiError) -> Problem:
    reason = joined((error.message, *error.problems[:_SHOWN]), "; ")
    return Problem(reason, hint=error.hint)


def _no_kpi(report: Report, tables: Mapping[str, object]) -> Problem:
    """What lacks in the tables that are there, of the KPIs that have all theirs."""
    near = [skip for skip in report.skipped if skip.has_its_tables]
    why = joined(map(problem_of, near[:_SHOWN]), "; ")
    what = text("init.no_kpi", tables=", ".join(tables))
    return Problem(joined(filter(None, (what, why)), ": "), hint=text("init.more_files"))


def _faults(config: Config, table: str, inferred: InferredSources) -> Iterator[Problem]:
    """What a report refuses of one table: what is open of it, or that it cannot be read."""
    specs = config.specs()
    options = read_options(config, declared(config), {}, everything=True)
    rates = dict.fromkeys(inferred.currencies[1:], init_config.UNKNOWN_RATE)
    options = replace(options, exchange_rates={**rates, **options.exchange_rates})
    try:
        loaded = sources.load_all({table: specs[table]}, options)[table]
    except (UsageError, DataError) as error:
        if not any(block.open for block in inferred.tables[table]):
            inferred.refused[table] = [_problem(error)]
        yield _problem(error)
        return
    inferred.loaded[table] = loaded
    audit = loaded.audit
    open_ = problems_of([audit])
    yield from open_
    if audit.rejected > TOLERATED * audit.rows and not open_:
        rejected, rows = audit.rejected, audit.rows
        what = text("init.refused", table=table, rejected=rejected, rows=rows, share=TOLERATED)
        refused = Problem(what)
        inferred.refused[table] = [refused, *audit.problems[:_SHOWN]]
        yield refused
