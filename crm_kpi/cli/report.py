"""`crm-kpi report` and `crm-kpi METRIC [FILE...]`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi import catalogue, views
from crm_kpi.cli import error_lines, for_people, language, notices, progress, talk, value_log, watch
from crm_kpi.cli.answer_format import folder_of
from crm_kpi.cli.options import (
    AnalysisOptions,
    DriversOptions,
    HistoryOptions,
    MetricOptions,
    OpenOptions,
    QueryOptions,
    ReportOptions,
    ValidateOptions,
)
from crm_kpi.cli.output import inputs, make_folder, opened, refuse_inputs
from crm_kpi.engine import metric_info
from crm_kpi.engine.run import KpiQuery, Specs, compute, everything, requests
from crm_kpi.errors import DataError, ExitCode, Problem, UsageError, did_you_mean
from crm_kpi.messages import text
from crm_kpi.render import About, render
from crm_kpi.render.formats import FORMATS
from crm_kpi.results import Report, Skipped
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import SURVEYS

if TYPE_CHECKING:
    from crm_kpi.cli.restated_options import RestatedOptions
    from crm_kpi.config.model import Config

RESULTS = "results"
"""What the file of the results is called in a folder; no KPI is."""

ReportWriter = Callable[..., None]
"""What writes a report to a stream, as `render` does."""


def run_report(options: ReportOptions) -> int:
    before = seen(options)
    _report(options)
    if options.watch:
        keep_watching(options, before)
    return ExitCode.OK


def seen(options: ReportOptions) -> watch.Looks:
    """The files that are read as they stand, where they are watched.

    Raises:
        UsageError: they cannot be.
    """
    if not options.watch:
        return {}
    paths = _inputs(options)
    watch.refuse_what_cannot(options, paths)
    return watch.seen(paths)


def keep_watching(options: ReportOptions, before: watch.Looks) -> None:
    """Writes the report anew whenever a file changes; only a signal ends it."""
    if not options.quiet:
        notices.info(text("watch.waits", output=options.output))
    watch.again(
        before, partial(_inputs, options), partial(_report, options), error_lines.report, options
    )


def _inputs(options: ReportOptions) -> list[str | Path]:
    config, specs = sources(options)
    return inputs(config, specs)


def _report(options: ReportOptions) -> None:
    report, config, specs = answered(options)
    write(report, config, options, specs, detail=options.detail)
    value_log.keep(report, config, specs, options)


def answered(options: ReportOptions) -> tuple[Report, Config, Specs]:
    """The report, and what it was made with.

    Raises:
        UsageError, ConfigError, DataError: as their docstrings say; the last too where there is
            nothing to report.
    """
    config, specs = sources(options)
    is_for_people = options.format in for_people.FORMATS
    if is_for_people:
        config = for_people.recent(config)
    named = [known(config, word) for word in options.metrics or ()]
    viewed = of_view(config, options.view) if options.view is not None else []
    if not specs:
        raise UsageError(text("cli.nothing_to_report"), hint=text("cli.give_files"))
    asked = list(dict.fromkeys([*viewed, *named]))
    tables = []
    if is_for_people and not asked:
        tables = for_people.analyses(config, options.format, options.output)
    if options.format in for_people.PICTURES or (tables and options.format in for_people.PAGES):
        config = for_people.without_lists(config)
    query = KpiQuery(
        asked or [*everything(config), *tables],
        tuple(options.by or ()),
        options.filters,
        must=named,
        or_whole=is_for_people,
        predict_last=not asked,
        backtest=options.format in for_people.PAGES or bool(asked and not options.quiet),
        drivers=for_people.drivers(config, options.format),
    )
    report = computed(config, query, options, specs)
    if not (report.results or report.tables):
        raise no_kpi(report)
    if not config.report.lists:
        hidden = for_people.hide_lists(report, tables)
        wanted = [name for name in hidden if name in (config.report.tables or ())]
        if wanted and not options.quiet:
            notices.info(text("cli.lists_left_out", names=", ".join(wanted)))
    if options.format in for_people.PAGES and not asked:
        for_people.add_own_goals(report, config)
    report.asked = replace(report.asked, names=tuple(asked), whole=options.all_)
    return report, config, specs


def of_view(config: Config, word: str) -> list[str]:
    """The KPIs and analyses of a view.

    Raises:
        UsageError: there is no view of this name.
    """
    known_views = {**views.SHIPPED, **config.report.views}
    name = views.name_of(word)
    if name not in known_views:
        raise UsageError(
            text("cli.no_view", word=word, views=", ".join(known_views)),
            hint=did_you_mean(name, known_views),
        )
    return [*known_views[name]]


def no_kpi(report: Report) -> DataError:
    """Why no KPI at all can be computed: what lacks in the tables that are there, if any are."""
    near = [skip for skip in report.skipped if skip.has_its_tables]
    return DataError(
        text("cli.no_kpi"),
        hint=text("cli.map_headers"),
        problems=[problem_of(skip) for skip in near or report.skipped],
    )


def problem_of(skip: Skipped) -> Problem:
    return Problem(text("cli.metric_fault", metric=skip.metric, reason=skip.reason))


def known(config: Config, word: str) -> str:
    """The KPI or variant that a word on the command line names.

    Raises:
        UsageError: there is none.
    """
    name = word.replace("-", "_")
    own = {*config.definitions, *config.metrics}
    if name in own:
        return name
    kpi = catalogue.find(word)
    if kpi is None:
        names = {*catalogue.ids(), *own}
        if Path(word).is_file():
            raise UsageError(
                text("cli.a_file_not_a_metric", word=word),
                hint=text("cli.name_its_table", word=word),
            )
        hint = did_you_mean(name, names) or text("cli.list_metrics")
        raise UsageError(text("cli.no_metric", word=word), hint=hint)
    return kpi


def run_kpi(options: MetricOptions, kpi_id: str) -> int:
    """The command of one KPI: `crm-kpi nps [FILE...]`, `crm-kpi cohorts [FILE...]`."""
    if isinstance(options, DriversOptions):
        metric = known(options.load_config(), options.metric)
        options = replace(options, metric=metric)
    if isinstance(options, AnalysisOptions):
        options = replace(options, set_=[*(options.set_ or []), *_definition(options, kpi_id)])
    config, specs = sources(options, kpi_id)
    if options.format in for_people.FORMATS:
        config = for_people.recent(config)
    if options.format in for_people.PICTURES:
        config = for_people.without_lists(config)
    query = KpiQuery(
        [kpi_id],
        tuple(options.by or ()),
        options.filters,
        must=[kpi_id],
        backtest=options.format in for_people.PAGES or not options.quiet,
        drivers=for_people.drivers(config, options.format),
    )
    report = computed(config, query, options, specs)
    report.asked = replace(report.asked, names=(kpi_id,))
    write(report, config, options, specs)
    value_log.keep(report, config, specs, options)
    return ExitCode.OK


def _definition(options: AnalysisOptions, kpi_id: str) -> list[str]:
    """--definition KEY=VALUE as --set would say it."""
    words = [*(options.definition or [])]
    if isinstance(options, HistoryOptions):
        words.append(f"customer={json.dumps(options.customer)}")
    if isinstance(options, DriversOptions):
        named = {"metric": options.metric, "after": options.period, "before": options.against}
        words += [f"{key}={json.dumps(word)}" for key, word in named.items() if word is not None]
    for word in words:
        if "=" not in word:
            key = next(iter(catalogue.load(kpi_id).definition.model_fields), "key")
            raise UsageError(
                text("cli.definition_not_key_value", word=word),
                hint=text("cli.definition_example", key=key),
            )
    return [f"definitions.{kpi_id}.{word}" for word in words]


def computed(config: Config, query: KpiQuery, options: QueryOptions, specs: Specs) -> Report:
    with progress.shown(quiet=options.quiet) as read_progress:
        report = compute(config, query, specs, progress=read_progress)
    report.asked = replace(for_people.asked_by(config, options.theme), where=query.where)
    return report


def sources(
    options: QueryOptions | ValidateOptions | RestatedOptions, metric_id: str | None = None
) -> tuple[Config, Specs]:
    """The config with the options over it, and which files feed which table.

    FILES feed the metric's main table, the first that it needs, or of several that could be it
    the one that each file is; the options named after tables feed theirs. All that feed one table
    add up. Where files are named, a config is used only when it is named too: they are read as
    it reads their tables. Without a config they say themselves until when is known.
    """
    config = options.load_config()
    if options.names_files and config.path is None and not options.quiet:
        notices.unused_config()
    specs = dict(config.specs())
    files = {table: options.files_of(table) for table in options.files}
    otherwise: dict[str, str] = {}
    if metric_id is not None:
        named = options.paths if isinstance(options, MetricOptions) else None
        if not named and not files and not specs and not sys.stdin.isatty():
            named = ["-"]
        for file in named or ():
            files.setdefault(_table_of(file, config, metric_id), []).append(file)
        (request,) = requests(config, [metric_id])
        (about,) = request.made_of or (request,)
        otherwise = survey_constant(about.name)
    if files and config.path is None and config.as_of is None:
        config = config.model_copy(update={"as_of": "data"})
    for table, paths in files.items():
        constants = otherwise if table == "surveys" else {}
        specs[table] = (replace(read_like(specs, table, paths), otherwise=constants),)
    return config, specs


def read_like(specs: Specs, table: str, paths: Sequence[str]) -> SourceSpec:
    """Files of the command line, read as the config reads their table, if it does."""
    block = next(iter(specs.get(table, ())), SourceSpec(table, ()))
    # What is secret goes to the host that the config names, not to one of the command line.
    return replace(block, paths=tuple(paths), query=None, request_headers=(), apart=True)


def _table_of(file: str, config: Config, name: str) -> str:
    """The table that FILE feeds; of a KPI that can do with several the one that the file is."""
    choice = catalogue.load(name).file_tables if name in catalogue.entries() else ()
    if not choice or file == "-":
        return main_table(config, name)
    from crm_kpi.sources.mapping.detect_table import fits

    there = [fit.table for fit in fits(file) if fit.table in choice and not fit.missing]
    return there[0] if there else main_table(config, name)


def main_table(config: Config, name: str) -> str:
    """The table that FILE feeds: the first that the KPI needs, as defined."""
    (request,) = requests(config, [name])
    return next(iter(request.needs))


def survey_constant(metric_id: str) -> dict[str, str]:
    """A file given to nps, csat or ces is that survey, where it does not say."""
    return {"survey": metric_id} if metric_id in SURVEYS else {}


def about(report: Report) -> dict[str, About]:
    """What the renderers say about each KPI, by the name it goes by in the report."""
    shown = {result.metric for result in report.results}
    return {
        name: About(
            title=info.title,
            formula=info.formula,
            domain=metric_info.heading(info.domain),
            higher_is_better=info.higher_is_better,
            backtest=report.backtests.get(name, ""),
        )
        for name, info in report.metrics.items()
        if name in shown
    }


def write(
    report: Report,
    config: Config,
    options: QueryOptions,
    specs: Specs,
    show: ReportWriter = render,
    *,
    detail: bool = False,
) -> None:
    """The answer to stdout or -o, as `show` writes it; the account of the rows to stderr."""
    language.take_configured(config.report.language)  # another config may have been read since
    read, told = inputs(config, specs), about(report)
    tables = needed(report, config, options, specs)
    report.asked = replace(report.asked, tables=frozenset(tables))
    folder = folder_of(options.output)
    outputs: list[tuple[str | Path | None, Report]] = [(options.output, report)]
    if folder is not None:
        ending = FORMATS[options.format].ending or ".txt"
        apart = parts(report)
        if options.format in for_people.PICTURES:
            apart = pictures(report, quiet=options.quiet)
        outputs = [(folder / f"{name}{ending}", part) for name, part in apart.items()]
    for output, _ in outputs:
        refuse_inputs(output, read)
    if folder is not None:
        make_folder(folder, "-o")
    for output, part in outputs:
        with opened(output, mark=options.excel) as stream:
            show(
                part,
                options.format,
                stream,
                about=told,
                verbose=detail or options.verbose,
                language=language.current(),
            )
    talk.after_answer(report, options, tables)
    shown = options.quiet or isinstance(options, OpenOptions) or _is_watching(options)
    if options.format == "html" and not shown and os.path.isfile(options.output or ""):
        notices.info(text("cli.page_written", path=options.output))


def _is_watching(options: QueryOptions) -> bool:
    return isinstance(options, ReportOptions) and options.watch


def needed(report: Report, config: Config, options: QueryOptions, specs: Specs) -> set[str]:
    """The tables that the answer needs: those of its KPIs, and customers where they split it."""
    names = {result.metric for result in report.results} | report.tables.keys()
    tables = {"customers"} if options.by or options.where else set()
    for request in requests(config, sorted(names - config.goals.keys()), specs):
        tables |= {*request.needs, *request.optional}
    return tables


def parts(report: Report) -> dict[str, Report]:
    """The results and each table as a report of its own, by the name of its file."""
    tables = {
        name: replace(report, results=[], tables={name: rows})
        for name, rows in report.tables.items()
    }
    if tables and not report.results:
        return tables
    return {RESULTS: replace(report, tables={}), **tables}


def pictures(report: Report, *, quiet: bool) -> dict[str, Report]:
    """As `parts`, and each KPI by itself; analyses of which there is no figure are told."""
    from crm_kpi.render import as_image

    without = [name for name in report.tables if not as_image.is_drawn(report, name)]
    if without and not quiet:
        notices.info(text("cli.not_drawn", names=", ".join(without)))
    drawn = {name: rows for name, rows in report.tables.items() if name not in without}
    found = parts(replace(report, tables=drawn))
    for name in dict.fromkeys(result.metric for result in report.results):
        mine = [result for result in report.results if result.metric == name]
        found[name] = replace(report, results=mine, tables={})
    return found
