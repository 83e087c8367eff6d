"""One run: a config and a list of KPIs in, a report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import localcontext
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from crm_kpi import __version__
from crm_kpi.addresses import shown_path
from crm_kpi.analyses._spec import Analysis
from crm_kpi.engine import (
    benchmarks,
    change_accounts,
    dimensions,
    findings,
    nothing_left,
    two_periods,
)
from crm_kpi.engine.as_of import as_known, declared, newest
from crm_kpi.engine.backends.registry import open_backend
from crm_kpi.engine.calendar import newest_days, old_data, past_calendar, timeline, whole_periods
from crm_kpi.engine.change_accounts import ChangeAccounts
from crm_kpi.engine.memory import out_of_core
from crm_kpi.engine.metric_info import metric_info
from crm_kpi.engine.own_kpis import filters, merged
from crm_kpi.engine.plan import (
    KpiQuery,
    Requests,
    Specs,
    everything,
    requests,
    tables_read,
    with_columns,
    with_segments,
    with_sources,
)
from crm_kpi.engine.segments import alike, segmented_tables
from crm_kpi.engine.table_inputs import (
    Read,
    load,
    prepare,
    read_options,
    reader,
    refuse_same_columns,
    refuse_unknown_words,
)
from crm_kpi.engine.table_kpis import row_count, table_rows
from crm_kpi.engine.thresholds import named_by_goals, thresholds_of
from crm_kpi.engine.value_kpis import Task, backtests, groupings, past_of, value_results
from crm_kpi.errors import DataError, Problem
from crm_kpi.frames.backend import Backend
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.kpi import Filter, KpiRequest, of_type
from crm_kpi.messages import Message, joined, text
from crm_kpi.metrics._spec import ValueKpi
from crm_kpi.periods import KnownUntil
from crm_kpi.results import Aside, Report, Result, Skipped, SourceAudit
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.read_progress import Progress
from crm_kpi.sources.io.web import web_answers
from crm_kpi.sources.loading.dimension_files import Dimension
from crm_kpi.sources.loading.loaded_table import TableInput
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from crm_kpi.config import Config
    from crm_kpi.config.threshold import Threshold

__all__ = [
    "KpiQuery",
    "Read",
    "Specs",
    "compute",
    "everything",
    "read_options",
    "requests",
]

DIGITS = 76
"""Decimals are computed with so many: what columns of 38 digits hold is never rounded."""

TableRows = dict[str, list[dict[str, Any]]]
Goals = Mapping[str, Sequence["Threshold"]]


def compute(
    config: Config,
    query: KpiQuery,
    specs: Specs | None = None,
    *,
    read: Read | None = None,
    progress: Progress | None = None,
) -> Report:
    """The report that answers the query.

    Args:
        specs: the sources, where they are not the config's own.
        read: what turns sources into typed tables; default `sources.load_all`.
        progress: is told how far the files have been read.

    Raises:
        UsageError, ConfigError, DataError: as their docstrings say.
        IdentityError: an identity is broken, which is a fault here.
    """
    specs = config.specs() if specs is None else specs
    as_of = read_until = declared(config)
    asked_for = requests(config, dict.fromkeys(query.kpis), specs)
    two_periods.refuse(asked_for)
    others = benchmarks.chosen(config)
    ready, skipped = with_sources(asked_for, specs)
    goals = _goals(config, ready)
    here = {*tables_read(ready, specs), *query.tables}.difference(config.engine.in_place)
    session = Session(MemoryBudget.of(config.limits.memory), progress)
    with (
        out_of_core(config.engine.name, specs, here, session) as space,
        open_backend(config.engine, space) as backend,
    ):
        notes: list[str] = []  # not of an account, as answers do not depend on the cache
        read = read or reader(config, session, space, notes.append)
        own = [column for where in filters(asked_for) for column, _ in where]
        told_by = change_accounts.columns_asked(query, ready)
        columns = [*query.by, *query.where, *told_by, *own]
        asked = [*columns, *_goal_columns(goals)]
        lookups = dimensions.read(config) if asked else []
        having = dimensions.that_have(lookups, asked)
        columns += [each.name for each in having]
        loaded = load(read, backend, config, specs, ready, as_of, columns, query.tables)
        notes += web_answers.current().notes
        dimensions.refuse_taken(having, loaded)
        refuse_same_columns(query.by, loaded)
        refuse_unknown_words(_words(config, query, goals), loaded, lookups)
        nothing = nothing_left.reasons(loaded)
        if query.must and len(query.kpis) == 1:
            nothing_left.refuse(ready, nothing)
        newest_rows = newest_days(loaded)
        if config.as_of == "data":
            last = newest(backend, loaded, as_of.day)
            as_of = KnownUntil(last or as_of.day)
            newest_said = text("engine.as_of_data", as_of=as_of.day)
            notes.append(newest_said if last else text("engine.as_of_no_data", as_of=as_of.day))
        elif config.as_of in (None, "today"):
            notes += old_data(newest_rows, as_of.day)
        if space is not None:
            notes.append(text("engine.little_memory"))
        loaded = prepare(backend, loaded)
        ready, lacking = with_columns(ready, loaded)
        with localcontext(prec=DIGITS):
            known = partial(as_known, as_of=as_of, read_until=read_until.day)
            values, tables, asides, refused, said, tested = _answers(
                backend, config, query, goals, ready, loaded, as_of, known, lookups
            )
        notes += said
    nothing_left.explain(values, ready, nothing)
    benchmarks.attach(values, others, config)
    skipped = [*skipped, *lacking, *refused]
    unmet = [skip for skip in skipped if skip.metric in query.must]
    if unmet:
        raise _cannot_be_computed(unmet, loaded)
    currencies = {table.currency for table in loaded.values()} - {None}
    return Report(
        version=__version__,
        as_of=as_of.written,
        timezone=config.timezone,
        currency=config.currency or (currencies.pop() if len(currencies) == 1 else None),
        sources=_accounts(specs, loaded),
        results=values,
        tables={name: tables[name] for name in _tables_asked(query) if name in tables},
        skipped=sorted(skipped, key=lambda skip: skip.metric),
        notes=[*notes, *alike(values)],
        newest=newest_rows,
        read_until=read_until.day,
        metrics=metric_info(config, asked_for, [*_past_results(asides), *values]),
        findings=findings.of_run(config, asked_for, values),
        asides=asides,
        backtests=tested,
    )


def _answers(
    backend: Backend,
    config: Config,
    query: KpiQuery,
    goals: Goals,
    ready: Requests,
    loaded: Mapping[str, TableInput],
    as_of: KnownUntil,
    known: Callable[[nw.LazyFrame, str], nw.LazyFrame],
    lookups: Sequence[Dimension],
) -> tuple[
    list[Result],
    TableRows,
    dict[str, Aside],
    list[Skipped],
    list[Message],
    dict[str, Message],
]:
    """The values and tables of what is ready, what stands beside the tables, what cannot be split
    or filtered so, what is to be said of the dimensions and the tables, and how models have
    predicted the past."""
    if not ready:
        return [], {}, {}, [], [], {}
    told_by = change_accounts.columns_asked(query, ready)
    by = list(dict.fromkeys([*query.by, *told_by, *_goal_columns(goals)]))
    asked_where = tuple((column, tuple(words)) for column, words in query.where.items())

    @cache
    def tables_of(where: Filter) -> SegmentedTables:
        rows = dict(merged(asked_where, where))
        places = {column: "metrics: where" for column, _ in where if column not in query.where}
        return segmented_tables(backend, loaded, by, rows, known, lookups, places)

    tables = tables_of(())
    having = dimensions.that_have(lookups, [*by, *query.where])
    said = [*dimensions.notes(backend, tables.unfiltered, having)]
    asked = ready
    ready, refused = with_segments(asked, tables_of, loaded, [*query.by, *query.where])
    unsplit: Requests = ()
    if query.or_whole and ready:
        without = {skip.metric for skip in refused}
        rest = of_type([request for request in asked if request.name in without], ValueKpi)
        unsplit, _ = with_segments(rest, tables_of, loaded, [*query.where])
        said += [text("engine.not_split", metric=request.name) for request in unsplit]
        refused = [skip for skip in refused if skip.metric not in {r.name for r in unsplit}]
    times = timeline(config.periods, config.timezone, loaded, as_of, backend)
    times = replace(times, calendar=replace(times.calendar, predicts_last=query.predict_last))
    contexts = cache(lambda where: FrameContext(tables_of(where), times, backend))
    context = contexts(())
    tasks = [
        Task(
            request,
            groupings(request, () if request in unsplit else query.by, goals[request.name], tables),
            goals[request.name],
            config.currency or _currency(request.needs, loaded),
        )
        for request in of_type([*ready, *unsplit], ValueKpi)
    ]
    whole = whole_periods(config.periods, times)
    open_since, low_n = _open_since(loaded), config.limits.low_n
    values = value_results(tasks, contexts, whole, open_since, low_n=low_n)

    def past(of: FrameContext, request: KpiRequest[ValueKpi]) -> list[Result]:
        return past_of(
            of,
            request,
            calendar_from=lambda first: past_calendar(config.periods, times, whole, first),
            whole=whole,
            open_since=open_since,
            low_n=low_n,
            currency=config.currency or _currency(request.needs, loaded),
        )

    analyses = of_type(ready, Analysis)
    changes = ChangeAccounts(config, query, context, whole, open_since, said)
    rows, asides, unmade = table_rows(
        analyses,
        context,
        () if query.count_rows else query.by,
        custom=len(config.periods.custom),
        requests=lambda names: requests(config, names, loaded),
        with_goals=lambda column: named_by_goals(column, config.kpi_thresholds),
        past=past,
        compare=changes.compare,
        must=query.must,
    )
    said += [note for aside in asides.values() for note in aside.notes]
    if query.drivers:
        others = changes.of_others([*ready, *unsplit])
        rows[change_accounts.TABLE] = [*rows.get(change_accounts.TABLE, ()), *others]
    counted = [each for each in analyses if query.count_rows and each.name in rows]
    for request in counted:
        values.append(row_count(request, rows[request.name], goals[request.name], as_of.day))
    tested = backtests(tasks, context) if query.backtest else {}
    return values, rows, asides, [*refused, *unmade], said, tested


def _past_results(asides: Mapping[str, Aside]) -> Iterator[Result]:
    for aside in asides.values():
        yield from aside.past


def _tables_asked(query: KpiQuery) -> list[str]:
    """The names of tables that the answer may have, in order."""
    return [*query.kpis, *([change_accounts.TABLE] if query.drivers else [])]


def _open_since(loaded: Mapping[str, TableInput]) -> dict[str, date]:
    """By table the first day of rows that are left out until it is known what becomes of them."""
    days = {
        name: [r.since for r in table.audit.meaning if r.since is not None]
        for name, table in loaded.items()
    }
    return {name: min(since) for name, since in days.items() if since}


def _goals(config: Config, ready: Requests) -> Goals:
    """The goals of each KPI that are judged in periods of this run's length."""
    every = config.periods.every
    return {
        request.name: [t for t in thresholds_of(request, config.kpi_thresholds) if t.fits(every)]
        for request in ready
    }


def _goal_columns(goals: Goals) -> Iterator[str]:
    """The columns that goals are judged by."""
    return (goal.by for several in goals.values() for goal in several if goal.by)


def _words(config: Config, query: KpiQuery, goals: Goals) -> Iterator[tuple[str, str, str | None]]:
    """Every value that rows are filtered and judged by, with its place."""
    for column, values in query.where.items():
        yield from (("--where", column, value) for value in values)
    for name in query.kpis:
        own = config.metrics.get(name)
        for column, words in own.where.items() if own else ():
            yield from ((f"metrics.{name}.where", column, word or None) for word in words)
    for name, thresholds in goals.items():
        for threshold in thresholds:
            if threshold.by:
                for word in threshold.segments():
                    yield f"thresholds.{name}", threshold.by, word


def _currency(tables: Iterable[str], loaded: Mapping[str, TableInput]) -> str | None:
    """The currency of the first of these tables that has money."""
    return next((loaded[t].currency for t in tables if t in loaded and loaded[t].currency), None)


def _accounts(specs: Specs, loaded: Mapping[str, TableInput]) -> dict[str, SourceAudit]:
    """Where the rows of every source went; of a table that nobody asked for, that."""
    return {
        table: loaded[table].audit if table in loaded else _unread(table, specs[table])
        for table in TABLES
        if table in specs
    }


def _unread(table: str, specs: Sequence[SourceSpec]) -> SourceAudit:
    names = ([s.query.name] if s.query else map(shown_path, s.paths) for s in specs)
    paths = [name for several in names for name in several]
    return SourceAudit(table, paths, notes=[text("engine.not_read")])


def _cannot_be_computed(skipped: Sequence[Skipped], loaded: Mapping[str, TableInput]) -> DataError:
    """A KPI that was asked for by name and cannot be computed."""
    headers = {header for table in loaded.values() for header in table.headers}
    hint = text("engine.give_file")
    if headers:
        hint = text("engine.columns_there", columns=", ".join(sorted(headers)))
    return DataError(
        joined(
            text("engine.cannot_be_computed", metric=skip.metric, reason=skip.reason)
            for skip in skipped
        ),
        hint=hint,
        problems=[Problem(skip.reason) for skip in skipped] if len(skipped) > 1 else (),
    )
